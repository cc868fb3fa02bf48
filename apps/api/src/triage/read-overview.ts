import { type Overview, type Stop, setUpSteps } from '@argus/contract/endpoints/triage/overview';
import { hasEver } from '../audit/records/audit-events.ts';
import type { AuthProvider } from '../connection/records/auth-providers.ts';
import { readConnector } from '../connection/records/connector.ts';
import { listRemoteSites } from '../connection/records/remote-sites.ts';
import { coveredOrigins } from '../connection/setup/covered-origins.ts';
import type { Db } from '../platform/database/db.ts';
import type { Services } from '../platform/services.ts';
import { readConnection, readSilenceRule } from './read-connection.ts';
import { listErrorCauses } from './records/error-causes.ts';
import { countLinkedUsers } from './records/linked-users.ts';
import { lastSuccessSince } from './records/secret-proof.ts';
import { trendWindow } from './trend-window.ts';

const dayMs = 86_400_000;

/** How many causes are looked at. */
const mostCauses = 100;

/** What is set up, and what of it stops everybody. */
async function readSetUp(db: Db, config: Services['config'], now: Date) {
  const { settings, provider } = await readConnector(db);
  const sites = await listRemoteSites(db);
  const isCovered = (url: string) =>
    coveredOrigins([{ field: 'url', url }], sites, config, 'en').every(({ status }) => status === 'covered');
  const tokenSite = provider !== null && isCovered(provider.tokenEndpointUrl);
  const mailSite = isCovered(settings.mailUrl);
  const expiresOn = provider?.consumerSecretExpiresOn ?? null;
  const doubt = provider && doubtOf(provider, now);
  const secretWorkedAt = provider && doubt ? await lastSuccessSince(db, provider.id, doubt.since) : null;
  const wasInUse = provider !== null || (await hasEver(db, 'authorization_granted'));
  const stop = (): Stop | null => {
    // Nothing is set up yet; once somebody had authorized, it was taken away.
    if (settings.authProviderUrlSuffix === '' && !wasInUse) return null;
    if (provider === null) return 'provider_missing';
    if (doubt !== null && secretWorkedAt === null) return doubt.stop;
    if (!tokenSite) return 'token_site';
    return mailSite ? null : 'mail_site';
  };
  const hasSecret = provider !== null && (provider.sealedConsumerSecret !== null || secretWorkedAt !== null);
  const hasSites = tokenSite && mailSite;
  return { provider, expiresOn, secretWorkedAt, hasSecret, hasSites, hasProvider: provider !== null, stop: stop() };
}

/**
 * Why the secret of a provider may stop everybody, and since when. Only a presumption: somebody typed the date, and a public client
 * has no secret.
 */
function doubtOf(
  { sealedConsumerSecret, consumerSecretExpiresOn, updatedAt }: AuthProvider,
  now: Date,
): { readonly stop: Stop; readonly since: Date } | null {
  if (sealedConsumerSecret === null) return { stop: 'secret_missing', since: updatedAt };
  if (consumerSecretExpiresOn === null) return null;
  // On its last day it still works.
  const since = new Date(consumerSecretExpiresOn.getTime() + dayMs);
  return since <= now ? { stop: 'secret_expired', since } : null;
}

/**
 * Why nobody can get mail, or null; and when mail came although the secret is missing or its date has passed. The notices of the
 * admin menu say it on every page.
 */
export async function readStop(
  { db, config }: Pick<Services, 'db' | 'config'>,
  now: Date,
): Promise<{ readonly stop: Stop | null; readonly secretWorkedAt: Date | null }> {
  return readSetUp(db, config, now);
}

export async function readOverview(
  services: Pick<Services, 'db' | 'config' | 'now' | 'surroundings'>,
): Promise<Overview> {
  const { db, config, surroundings } = services;
  const now = services.now();
  const [setUp, connection, causes, linkedUsers] = await Promise.all([
    readSetUp(db, config, now),
    readSilenceRule(db, now).then((rule) => readConnection(db, rule)),
    listErrorCauses(db, trendWindow('24h', now), {}, mostCauses),
    countLinkedUsers(db),
  ]);
  const { provider, expiresOn, secretWorkedAt, stop } = setUp;
  const { lastSuccessAt, authorizedUsers, silent } = connection;
  const open = causes.items.filter(
    (cause) => cause.ofPresentProvider && cause.recoveredUsers < Math.max(cause.users, 1),
  );
  const done: Readonly<Record<(typeof setUpSteps)[number], boolean>> = {
    provider: setUp.hasSecret,
    sites: setUp.hasSites,
    settings: setUp.hasProvider,
    links: linkedUsers.count > 0,
    first_success: lastSuccessAt !== null,
  };
  return {
    stop,
    provider: provider && {
      id: provider.id,
      name: provider.name,
      secretExpiresOn: expiresOn?.toISOString().slice(0, 10) ?? null,
      secretWorkedAt: secretWorkedAt?.toISOString() ?? null,
    },
    steps: setUpSteps.map((id) => ({ id, done: done[id] })),
    linkedUsers,
    authorizedUsers,
    lastSuccessAt: lastSuccessAt?.toISOString() ?? null,
    silent,
    openCauses: open.length,
    affectedUsers: open.reduce((sum, { users }) => sum + users, 0),
    jobs: surroundings.jobQueueIsUp ?? null,
  };
}
