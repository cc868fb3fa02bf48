import { findAuthProvider } from '../connection/records/auth-providers.ts';
import { currentProviderId } from '../connection/records/connector.ts';
import { readSettings } from '../connection/records/settings.ts';
import type { Services } from '../platform/services.ts';
import { readConnection, readSilenceRule } from '../triage/read-connection.ts';
import { readStop } from '../triage/read-overview.ts';
import { countRecovered, type ErrorCause, listErrorCauses } from '../triage/records/error-causes.ts';
import { lastTokenAt } from '../triage/records/secret-proof.ts';
import { lastSuccesses } from '../triage/records/silent-users.ts';
import { trendWindow } from '../triage/trend-window.ts';
import { listAwaitedAccounts, type ToldAlert } from './records/told-alerts.ts';

/**
 * What became of a condition that is no longer among the alerts. ended: something proves that it is mended. quiet: nobody has met it
 * for a day, and not all of those who met it have had success. open: nothing is proved yet. unknown: it can no longer be said.
 */
export type Ending = 'ended' | 'quiet' | 'open' | 'unknown';

export type ToldCondition = Pick<ToldAlert, 'key' | 'level' | 'beganAt' | 'alert'>;

const secretPrefix = 'secret:';
const causePrefix = 'cause:';
const silentUsersPrefix = 'users_without_success:';

export const keyOfSecret = (providerId: string, expiresOn: string) => `${secretPrefix}${providerId}:${expiresOn}`;
/** The users differ with the hours that the settings allow. */
export const keyOfSilentUsers = (hours: number) => `${silentUsersPrefix}${hours}`;
export const isOfSilentUsers = ({ key }: { readonly key: string }) => key.startsWith(silentUsersPrefix);
/** An episode of a cause: one that comes back after a day is another. */
export const keyOfCause = ({ id, sinceAt }: Pick<ErrorCause, 'id' | 'sinceAt'>) =>
  `${causePrefix}${id}:${sinceAt.toISOString()}`;

/** How many causes are looked at. */
const mostCauses = 200;
const dayMs = 86_400_000;

/**
 * What says that a condition is over. That it left the notices is no proof: somebody may have typed another date, raised a limit, or
 * switched off what was watched. A success is, and for a secret a token that was obtained since.
 */
export async function readEndings(services: Services): Promise<(told: ToldCondition) => Ending> {
  const { db } = services;
  const now = services.now();
  const providerId = await currentProviderId(db);
  const provider = providerId === null ? null : await findAuthProvider(db, providerId);
  const tokenAt = provider === null || provider === undefined ? null : await lastTokenAt(db, provider);
  const connection = await readConnection(db, await readSilenceRule(db, now));
  const servedAt = providerId === null ? new Map() : await lastSuccesses(db, providerId, await listAwaitedAccounts(db));
  const { stop } = await readStop(services, now);
  const { items } = await listErrorCauses(db, trendWindow('7d', now), {}, mostCauses);
  const causes = new Map(items.map((cause) => [keyOfCause(cause), cause]));
  const recovery = await countRecovered(
    db,
    items.map(({ id }) => id),
  );
  // Of those who met a cause before this, some may have been forgotten.
  const rememberedSince = now.getTime() - (await readSettings(db)).errorRetentionDays * dayMs;
  const isAfter = (at: Date | null, since: Date) => at !== null && at > since;

  function ofCause(key: string): Ending {
    const cause = causes.get(key);
    // A user who still has a token may get mail, and could not authorize all the same.
    if (!cause?.ofPresentProvider || cause.code.startsWith('authorization_')) return 'unknown';
    const { users, recovered } = recovery.get(cause.id) ?? { users: 0, recovered: 0 };
    const isWhole = users > 0 && cause.sinceAt.getTime() > rememberedSince;
    if (isWhole && recovered >= users) return 'ended';
    return now.getTime() - cause.lastAt.getTime() >= dayMs ? 'quiet' : 'open';
  }

  function ofSilentUsers({ alert: { accounts }, beganAt }: ToldCondition): Ending {
    if (accounts === undefined) return 'unknown';
    // Whose authorization, link or account has ended is not counted as silent any more, and has no mail either.
    return accounts.every((id) => isAfter(servedAt.get(id) ?? null, beganAt)) ? 'ended' : 'open';
  }

  return (told) => {
    const { key, level, beganAt } = told;
    const hasSuccess = isAfter(connection.lastSuccessAt, beganAt);
    if (key.startsWith(causePrefix)) return ofCause(key);
    if (key.startsWith(secretPrefix)) {
      if (!provider || !key.startsWith(`${secretPrefix}${provider.id}:`)) return 'unknown';
      const setAt = provider.consumerSecretSetAt;
      return setAt !== null && setAt > beganAt && isAfter(tokenAt, setAt) ? 'ended' : 'open';
    }
    if (isOfSilentUsers(told)) {
      if (key !== keyOfSilentUsers(connection.noSuccessHours)) return 'unknown';
      return ofSilentUsers(told);
    }
    switch (key) {
      case 'everybody_stopped':
        if (stop !== null || !hasSuccess) return 'open';
        return level.startsWith('secret_') && !isAfter(tokenAt, beganAt) ? 'open' : 'ended';
      case 'no_success':
        return hasSuccess ? 'ended' : 'open';
      default:
        return 'ended';
    }
  };
}
