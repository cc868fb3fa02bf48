import type { Notice } from '@argus/contract/endpoints/triage';
import { listRecentEvents, sumSignInFailures } from '../audit/records/audit-events.ts';
import { listAuthProviders } from '../connection/records/auth-providers.ts';
import type { Db } from '../platform/database/db.ts';
import { type Connection, readConnection, readSilenceRule } from './read-connection.ts';

/** How many days ahead the end of a consumer secret is told. */
const secretNoticeDays = 60;
const dayMs = 86_400_000;
const signInNoticeHours = 24;
/** Failures of one account that block it; fewer are mistyped passwords. */
const tellingFailures = 5;

const blank: Omit<Notice, 'kind'> = {
  providerId: null,
  providerName: null,
  expiresOn: null,
  days: null,
  hours: null,
  users: null,
  failures: null,
  lastSuccessAt: null,
  moved: null,
};

/** What needs an administrator, the most urgent first. From the database alone. */
export async function readNotices(db: Db, now: Date): Promise<Notice[]> {
  const connection = await readConnection(db, await readSilenceRule(db, now));
  return [
    ...(await moveNotices(db, now)),
    ...(await secretNotices(db, connection.providerId, now)),
    ...silenceNotices(connection, now),
    ...(await signInNotices(db, now)),
  ];
}

/** Secrets about to expire, or expired, by the date in UTC: those of the present provider first, then the soonest. */
async function secretNotices(db: Db, presentId: string | null, now: Date): Promise<Notice[]> {
  const today = Math.floor(now.getTime() / dayMs);
  const ending = (await listAuthProviders(db)).flatMap(({ id, name, consumerSecretExpiresOn }) => {
    if (consumerSecretExpiresOn === null) return [];
    const left = Math.floor(consumerSecretExpiresOn.getTime() / dayMs) - today;
    if (left > secretNoticeDays) return [];
    const kind = left > 0 ? ('secret_expiring' as const) : ('secret_expired' as const);
    const expiresOn = consumerSecretExpiresOn.toISOString().slice(0, 10);
    return [{ ...blank, kind, providerId: id, providerName: name, expiresOn, days: Math.abs(left) }];
  });
  const rank = ({ providerId }: Notice) => (providerId === presentId ? 0 : 1);
  return ending.sort((a, b) => rank(a) - rank(b) || (a.expiresOn < b.expiresOn ? -1 : 1));
}

/** Where nobody has a success, users without one are no news beside it. */
function silenceNotices(connection: Connection, now: Date): Notice[] {
  const { silent, silentSince, lastSuccessAt, silentUsersWhoTried, authorizedUsers, noSuccessHours } = connection;
  if (silent) {
    const since = lastSuccessAt ?? silentSince ?? now;
    const hours = Math.floor((now.getTime() - since.getTime()) / 3600_000);
    const last = lastSuccessAt?.toISOString() ?? null;
    return [{ ...blank, kind: 'no_success', hours, users: authorizedUsers, lastSuccessAt: last }];
  }
  if (silentUsersWhoTried === 0) return [];
  return [{ ...blank, kind: 'users_without_success', hours: noSuccessHours, users: silentUsersWhoTried }];
}

/** Guesses at passwords: an account was blocked, or failed as often, or more was tried than the audit log tells apart. */
async function signInNotices(db: Db, now: Date): Promise<Notice[]> {
  const since = new Date(now.getTime() - signInNoticeHours * 3600_000);
  const { failures, accounts, mostOfOne, blocked, crowded } = await sumSignInFailures(db, since);
  if (mostOfOne < tellingFailures && blocked === 0 && crowded === 0) return [];
  return [{ ...blank, kind: 'sign_in_failures', hours: signInNoticeHours, users: accounts, failures }];
}

/** How long every administrator is told that an endpoint moved, and of how many moves: the audit log has them all. */
const moveNoticeDays = 7;
const mostMoveNotices = 5;

/** The changed field that names both origins, by the action in the audit log. */
const movedFields = { token_endpoint_moved: 'tokenEndpointUrl', mail_url_moved: 'mailUrl' } as const;

/** Endpoints moved to another site, newest first: a move made by a stolen session must not go unseen. */
async function moveNotices(db: Db, now: Date): Promise<Notice[]> {
  const since = new Date(now.getTime() - moveNoticeDays * dayMs);
  const actions = ['token_endpoint_moved', 'mail_url_moved'] as const;
  const events = await listRecentEvents(db, actions, since, mostMoveNotices);
  return events.flatMap(({ action: name, actorUsername, targetName, occurredAt, changes }) => {
    const action = actions.find((each) => each === name);
    const change = changes.find(({ field }) => action !== undefined && field === movedFields[action]);
    if (action === undefined || !change) return [];
    const providerName = action === 'token_endpoint_moved' ? targetName : null;
    const { from, to } = change;
    const moved = { action, by: actorUsername, at: occurredAt.toISOString(), from: from ?? '', to: to ?? '' };
    return [{ ...blank, kind: 'connection_moved' as const, providerName, moved }];
  });
}
