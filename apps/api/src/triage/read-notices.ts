import type { Notice } from '@argus/contract/endpoints/triage/board';
import {
  type AuditEvent,
  listRepeatedEvents,
  type RepeatedEvents,
  sumSignInFailures,
} from '../audit/records/audit-events.ts';
import { listAlertChannels } from '../connection/records/alert-channels.ts';
import { findAuthProvider, listFinishedProviders } from '../connection/records/auth-providers.ts';
import { readSettings } from '../connection/records/settings.ts';
import { providerInWords } from '../connection/setup/guard-connection.ts';
import { originOf, placeInWords } from '../connection/usable-grant.ts';
import type { Db } from '../platform/database/db.ts';
import type { Services } from '../platform/services.ts';
import { type Connection, readConnection, readSilenceRule } from './read-connection.ts';
import { readOperationNotices } from './read-operation-notices.ts';
import { readStop } from './read-overview.ts';

/** How many days before expiry a consumer secret appears in the notices. */
const secretNoticeDays = 60;
const dayMs = 86_400_000;
const signInNoticeHours = 24;
/** Failures of one account that block it; fewer are typing mistakes. */
const tellingFailures = 5;
/** From one address; fewer are the typing mistakes of an office. */
const tellingAccounts = 10;
const tellingSpread = 30;

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
  seconds: null,
  stop: null,
  channel: null,
};

/** What needs an administrator's attention, most urgent first. Only reads the database. */
export async function readNotices(
  services: Pick<Services, 'db' | 'config' | 'now' | 'surroundings'>,
): Promise<Notice[]> {
  const { db } = services;
  const now = services.now();
  const connection = await readConnection(db, await readSilenceRule(db, now));
  const { stop, secretWorkedAt } = await readStop(services, now);
  return [
    ...(stop === null
      ? []
      : [{ ...blank, kind: 'everybody_stopped' as const, stop, providerId: connection.providerId }]),
    ...(await moveNotices(db, connection.providerId, now)),
    ...(await secretNotices(db, connection.providerId, secretWorkedAt, now)),
    ...silenceNotices(connection, now),
    ...(await signInNotices(db, now)),
    ...(await alertNotices(db)),
    ...(await readOperationNotices(services)).map((notice) => ({ ...blank, ...notice })),
  ];
}

/**
 * The secret of the provider in use, where it expires soon, or its date has passed and mail comes all the same. One that has
 * expired stops everybody; others concern nobody until they come into use.
 */
async function secretNotices(db: Db, presentId: string | null, workedAt: Date | null, now: Date): Promise<Notice[]> {
  const present = presentId === null ? null : await findAuthProvider(db, presentId);
  if (!present?.consumerSecretExpiresOn) return [];
  const { id, name, consumerSecretExpiresOn } = present;
  const left = Math.floor(consumerSecretExpiresOn.getTime() / dayMs) - Math.floor(now.getTime() / dayMs);
  if (left > secretNoticeDays || (left < 0 && workedAt === null)) return [];
  const expiresOn = consumerSecretExpiresOn.toISOString().slice(0, 10);
  const notice = { ...blank, providerId: id, providerName: name, expiresOn, days: left };
  if (left < 0) return [{ ...notice, kind: 'secret_date_passed', lastSuccessAt: workedAt?.toISOString() ?? null }];
  return [{ ...notice, kind: left > 0 ? 'secret_expiring' : 'secret_expired' }];
}

/** One failure may pass by itself, and is tried again soon. */
const tellingAlertFailures = 2;

/** Destinations that alerts no longer reach: otherwise nobody would notice their silence. */
async function alertNotices(db: Db): Promise<Notice[]> {
  const failing = (await listAlertChannels(db)).filter(
    ({ active, failures }) => active && failures >= tellingAlertFailures,
  );
  return failing.map(({ id, name }) => ({ ...blank, kind: 'alerts_fail', channel: { id, name } }));
}

/** If nobody has a success, the users without one are not listed separately. */
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

/**
 * Password guessing: an account was blocked or failed that often; or there were more attempts than the audit log
 * lists separately; or one address failed a few times at each of many accounts, so that none was blocked.
 */
async function signInNotices(db: Db, now: Date): Promise<Notice[]> {
  const since = new Date(now.getTime() - signInNoticeHours * 3600_000);
  const { failures, accounts, mostOfOne, blocked, crowded, ...widest } = await sumSignInFailures(db, since);
  const isSpread = widest.spreadAccounts >= tellingAccounts && widest.spread >= tellingSpread;
  if (mostOfOne < tellingFailures && blocked === 0 && crowded === 0 && !isSpread) return [];
  return [{ ...blank, kind: 'sign_in_failures', hours: signInNoticeHours, users: accounts, failures }];
}

/** How long the notice of a moved connection stays. */
const moveNoticeDays = 7;
/** At most this many targets; the audit log has them all. */
const mostMoveNotices = 6;

/** The changed field that holds both ends, by audit action. */
const movedFields = {
  auth_provider_switched: 'authProvider',
  authorize_endpoint_moved: 'authorizeEndpointUrl',
  token_endpoint_moved: 'tokenEndpointUrl',
  mail_url_moved: 'mailUrl',
} as const;
type MoveAction = keyof typeof movedFields;
const moveActions = Object.keys(movedFields) as MoveAction[];

/** Returns where each target points now; a deleted one points where its last event says. */
async function readPlaces(
  db: Db,
  presentId: string | null,
): Promise<(action: MoveAction, last: AuditEvent) => string | null> {
  const { mailUrl } = await readSettings(db);
  const providers = new Map((await listFinishedProviders(db)).map((provider) => [provider.id, provider]));
  const inUse = providers.get(presentId ?? '');
  return (action, last) => {
    const provider = providers.get(last.targetId ?? '');
    const lastKnown = last.changes.find(({ field }) => field === movedFields[action])?.to ?? null;
    switch (action) {
      case 'auth_provider_switched':
        return providerInWords(inUse);
      case 'mail_url_moved':
        return originOf(mailUrl);
      case 'authorize_endpoint_moved':
        return provider ? placeInWords(provider.authorizeEndpointUrl) : lastKnown;
      case 'token_endpoint_moved':
        return provider ? placeInWords(provider.tokenEndpointUrl) : lastKnown;
    }
  };
}

/**
 * What points elsewhere than a week ago: a change by a hijacked session must not go unnoticed. Each moved target is
 * listed once, from its first place to its current one, however often it moved in between. So nothing can be pushed
 * out of the list by repeating moves, nor by moving providers that nobody uses.
 */
async function moveNotices(db: Db, presentId: string | null, now: Date): Promise<Notice[]> {
  const since = new Date(now.getTime() - moveNoticeDays * dayMs);
  const things = await listRepeatedEvents(db, moveActions, since);
  const isPresent = ({ last }: RepeatedEvents) => last.targetKind === 'settings' || last.targetId === presentId;
  const placeNow = await readPlaces(db, presentId);
  const told = [...things.filter(isPresent), ...things.filter((thing) => !isPresent(thing))].slice(0, mostMoveNotices);
  return told.flatMap(({ first, last, times }) => {
    const action = moveActions.find((each) => each === last.action);
    if (action === undefined) return [];
    const before = first.changes.find(({ field }) => field === movedFields[action])?.from;
    const moved = {
      action,
      by: last.actorUsername,
      at: last.occurredAt.toISOString(),
      times,
      from: before ?? '',
      to: placeNow(action, last) ?? '',
    };
    const isOfProvider = action !== 'mail_url_moved' && action !== 'auth_provider_switched';
    const of = isOfProvider ? { providerId: last.targetId, providerName: last.targetName } : {};
    return [{ ...blank, kind: 'connection_moved' as const, ...of, moved }];
  });
}
