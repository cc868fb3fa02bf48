import type { OriginMove } from '@argus/contract/endpoints/setup';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { reauthenticatedUntil, requireReauthentication } from '../../accounts/reauthentication.ts';
import { hasEver } from '../../audit/records/audit-events.ts';
import type { Db } from '../../platform/database/db.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { readForm } from '../../platform/http/read-form.ts';
import { AppError } from '../../platform/problems/app-error.ts';
import type { Services } from '../../platform/services.ts';
import { anySecretStored, findAuthProvider, listAuthProviders } from '../records/auth-providers.ts';
import { currentProviderId } from '../records/current-provider.ts';
import { countGrantsAt, type EndpointMove, previewMove, suspendMovedGrants } from '../records/grants.ts';
import { lockSettings, readSettings, type Settings } from '../records/settings.ts';
import { boundOrigins, originOf } from '../usable-grant.ts';

/** So many of those who must authorize again are named. */
const mostNames = 10;

/**
 * What is to be told and asked before an endpoint moves to another origin. The secret and everybody's tokens were given for
 * the origin of before: whoever has taken over a session, or mistypes a host, must not be able to send them elsewhere.
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

/**
 * Whether a change of the connection can lead anything astray: a stored secret, or users. Once anybody has authorized it always
 * can: who revoked everybody's authorization first would get the tokens of those who authorize again.
 */
async function isGuarded(db: Db): Promise<boolean> {
  return (await anySecretStored(db)) || (await hasEver(db, 'authorization_granted'));
}

/**
 * Runs a change of the set-up, and asks for the password where it changes the connection: where users are sent to sign in, which
 * app they authorize, where tokens are sent, or which mail is read. Whoever has taken over a session must not be able to lead
 * users or their data elsewhere. What is only switched back on, as a suffix that was mistyped, asks for nothing.
 * @throws AppError reauthentication_needed, which takes the change back
 */
export async function guardConnection<T>(
  tx: Db,
  request: FastifyRequest,
  now: Date,
  change: () => Promise<T>,
): Promise<T> {
  // Two changes at once would each see the other's half as it was.
  await lockSettings(tx);
  const guarded = await isGuarded(tx);
  const before = await readConnection(tx);
  const changed = await change();
  if (!guarded) return changed;
  const after = await readConnection(tx);
  const isChanged = [...after.providers].some(
    ([id, is]) => before.providers.has(id) && before.providers.get(id) !== is,
  );
  const { inUse } = after;
  const isSwitched = inUse !== null && inUse !== before.inUse;
  // Nobody can authorize at a provider before it is in use.
  const isNew = isSwitched && (before.inUse !== null || (await countGrantsAt(tx, inUse)) === 0);
  if (isChanged || isNew || after.mailUrl !== before.mailUrl) requireReauthentication(request, now);
  return changed;
}

async function readConnection(tx: Db) {
  const providers = await listAuthProviders(tx);
  return {
    mailUrl: (await readSettings(tx)).mailUrl,
    inUse: await currentProviderId(tx),
    providers: new Map(
      providers.map(({ id, authorizeEndpointUrl, tokenEndpointUrl, consumerKey, resource }) => [
        id,
        JSON.stringify([authorizeEndpointUrl, tokenEndpointUrl, consumerKey, resource]),
      ]),
    ),
  };
}

/** Suspends and restores the grants of every provider by the endpoints as they are now. Gives how many were suspended. */
export async function suspendByEndpoints(tx: Db, now: Date, settings: Settings): Promise<number> {
  let suspended = 0;
  for (const provider of await listAuthProviders(tx)) {
    const origins = boundOrigins({ provider, settings });
    suspended += await suspendMovedGrants(tx, now, { providerId: provider.id, ...origins });
  }
  return suspended;
}
