import { type Overview, type Stop, setUpSteps } from '@argus/contract/endpoints/triage/overview';
import { readConnector } from '../connection/records/connector.ts';
import { listRemoteSites } from '../connection/records/remote-sites.ts';
import { coveredOrigins } from '../connection/setup/covered-origins.ts';
import type { Db } from '../platform/database/db.ts';
import type { Services } from '../platform/services.ts';
import { readConnection, readSilenceRule } from './read-connection.ts';
import { listErrorCauses } from './records/error-causes.ts';
import { countLinkedUsers } from './records/linked-users.ts';
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
  const stop = (): Stop | null => {
    if (settings.authProviderUrlSuffix === '') return null;
    if (provider === null) return 'provider_missing';
    if (provider.sealedConsumerSecret === null) return 'secret_missing';
    // On its last day it still works.
    if (expiresOn !== null && expiresOn.getTime() + dayMs <= now.getTime()) return 'secret_expired';
    if (!tokenSite) return 'token_site';
    return mailSite ? null : 'mail_site';
  };
  return { provider, expiresOn, hasSites: tokenSite && mailSite, hasProvider: provider !== null, stop: stop() };
}

/** Why nobody can get mail, or null. The notices of the admin menu say it on every page. */
export async function readStop({ db, config }: Pick<Services, 'db' | 'config'>, now: Date): Promise<Stop | null> {
  return (await readSetUp(db, config, now)).stop;
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
  const { provider, expiresOn, stop } = setUp;
  const { lastSuccessAt, authorizedUsers, silent } = connection;
  const open = causes.items.filter(
    (cause) => cause.ofPresentProvider && cause.recoveredUsers < Math.max(cause.users, 1),
  );
  const done: Readonly<Record<(typeof setUpSteps)[number], boolean>> = {
    provider: provider !== null && provider.sealedConsumerSecret !== null,
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
