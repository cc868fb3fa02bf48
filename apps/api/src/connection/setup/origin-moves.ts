import type { OriginMove } from '@argus/contract/endpoints/connection/setup';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { reauthenticatedUntil } from '../../accounts/reauthentication.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { readForm } from '../../platform/http/read-form.ts';
import { AppError } from '../../platform/problems/app-error.ts';
import type { Services } from '../../platform/services.ts';
import { findAuthProvider } from '../records/auth-providers.ts';
import { type EndpointMove, previewMove } from '../records/grants.ts';
import { readSettings } from '../records/settings.ts';
import { originOf } from '../usable-grant.ts';
import { isGuarded } from './guard-connection.ts';

/** How many of those who must authorize again are named. */
const mostNames = 10;

/**
 * The warning and the password prompt before an endpoint moves to another origin. The secret and all tokens were
 * given for the former origin: neither a hijacked session nor a mistyped host may send them elsewhere.
 */
export async function originMoveRoutes(app: FastifyInstance, { db, now }: Services): Promise<void> {
  endpoint(app, 'POST /api/admin/settings/origin-move', async ({ body, request }) => {
    const { mailUrl } = await readSettings(db);
    const to = movedTo('mailUrl', body.mailUrl);
    return view(request, { field: 'mailUrl', to }, originOf(mailUrl), false);
  });

  endpoint(app, 'POST /api/admin/auth-providers/:id/origin-move', async ({ params, body, request }) => {
    const provider = await findAuthProvider(db, params.id);
    if (!provider) throw new AppError('not_found');
    const to = movedTo('tokenEndpointUrl', body.tokenEndpointUrl);
    const move = { field: 'tokenEndpointUrl', providerId: provider.id, to } as const;
    return view(request, move, originOf(provider.tokenEndpointUrl), provider.sealedConsumerSecret !== null);
  });

  async function view(
    request: FastifyRequest,
    move: EndpointMove,
    from: string,
    hasSecret: boolean,
  ): Promise<OriginMove> {
    const moves = move.to !== from;
    const preview = moves ? await previewMove(db, move, mostNames) : { suspends: 0, names: [], restores: 0 };
    const isAsked = moves && (await isGuarded(db));
    return {
      moves,
      from,
      to: move.to,
      ...preview,
      names: [...preview.names],
      needsSecret: moves && hasSecret,
      needsPassword: isAsked && reauthenticatedUntil(request, now()) === null,
    };
  }
}

/**
 * The origin that an endpoint would have.
 * @throws AppError request_invalid, as saving the URL would
 */
function movedTo(field: string, url: string): string {
  return readForm((form) => form.url(field, url)?.origin ?? '');
}
