import type { OriginMove } from '@argus/contract/endpoints/connection/setup';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { reauthenticatedUntil } from '../../accounts/reauthentication.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { readForm } from '../../platform/http/read-form.ts';
import { AppError } from '../../platform/problems/app-error.ts';
import type { Services } from '../../platform/services.ts';
import { findAuthProvider } from '../records/auth-providers.ts';
import { type EndpointMove, previewMove } from '../records/moved-grants.ts';
import { readSettings } from '../records/settings.ts';
import { boundPlace, moveOf, originOf, placeInWords } from '../usable-grant.ts';
import { isGuarded } from './guard-connection.ts';

/** How many of those who must authorize again are named. */
const mostNames = 10;

/**
 * The warning and the password prompt before an endpoint moves to another origin, or to another tenant of the same. The secret and all tokens were
 * given for the former origin: neither a hijacked session nor a mistyped host may send them elsewhere.
 */
export async function originMoveRoutes(app: FastifyInstance, { db, now }: Services): Promise<void> {
  endpoint(app, 'POST /api/admin/settings/origin-move', async ({ body, request }) => {
    const { mailUrl } = await readSettings(db);
    const to = parsed('mailUrl', body.mailUrl);
    const move = { field: 'mailUrl', to: { mailOrigin: originOf(to) } } as const;
    // Another path at the same origin moves nothing.
    return view(request, move, { from: originOf(mailUrl), to: originOf(to) }, false);
  });

  endpoint(app, 'POST /api/admin/auth-providers/:id/origin-move', async ({ params, body, request }) => {
    const provider = await findAuthProvider(db, params.id);
    if (!provider) throw new AppError('not_found');
    const from = provider.tokenEndpointUrl;
    const to = parsed('tokenEndpointUrl', body.tokenEndpointUrl);
    const place = boundPlace({ provider: { tokenEndpointUrl: to }, settings: await readSettings(db) });
    const move = { field: 'tokenEndpointUrl', providerId: provider.id, to: place } as const;
    const needsSecret = provider.sealedConsumerSecret !== null && originOf(from) !== originOf(to);
    return view(request, move, { from, to }, needsSecret);
  });

  async function view(
    request: FastifyRequest,
    move: EndpointMove,
    urls: { readonly from: string; readonly to: string },
    needsSecret: boolean,
  ): Promise<OriginMove> {
    const moved = moveOf(urls.from, urls.to);
    const moves = moved !== null;
    const preview = moves ? await previewMove(db, move, mostNames) : { suspends: 0, names: [], restores: 0 };
    const isAsked = moves && (await isGuarded(db));
    return {
      moves,
      from: placeInWords(urls.from),
      to: placeInWords(urls.to),
      ...preview,
      names: [...preview.names],
      needsSecret,
      needsPassword: isAsked && reauthenticatedUntil(request, now()) === null,
    };
  }
}

/** @throws AppError request_invalid, as saving the URL would */
function parsed(field: string, url: string): string {
  return readForm((form) => {
    const read = form.url(field, url);
    return read === undefined ? '' : read.origin + read.path;
  });
}
