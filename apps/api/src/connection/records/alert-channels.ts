import { accountKey } from '@argus/contract/account-key';
import type { AlertFormat, AlertKind } from '@argus/contract/endpoints/alerts';
import type { ErrorCode } from '@argus/contract/errors/error-catalogue';
import type { Language } from '@argus/contract/language';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';
import type { ErrorParams } from '../../platform/problems/app-error.ts';

/** Where alerts go. Its site is one that Argus calls, as those of mail and tokens are. */
export interface AlertChannel {
  readonly id: string;
  readonly name: string;
  readonly format: AlertFormat;
  readonly sealedUrl: string | null;
  /** scheme://host[:port] of the webhook; null for mail. */
  readonly origin: string | null;
  /** Mail addresses, one to a line. */
  readonly recipients: string;
  readonly kinds: readonly AlertKind[];
  readonly leastUsers: number;
  readonly language: Language;
  readonly active: boolean;
  readonly lastSentAt: Date | null;
  /** The failures since the last success. */
  readonly failures: number;
  readonly retryAt: Date | null;
  readonly lastErrorAt: Date | null;
  readonly lastErrorCode: string | null;
  readonly lastErrorId: string | null;
  readonly lastErrorParams: ErrorParams;
  readonly version: number;
}

/** What an administrator may change; the URL only where there is a new one. */
export type AlertChannelChange = Pick<
  AlertChannel,
  'name' | 'format' | 'recipients' | 'kinds' | 'leastUsers' | 'language' | 'active'
> &
  Partial<Pick<AlertChannel, 'sealedUrl' | 'origin'>>;

/** The place that the URL of a webhook is sealed to. */
export function webhookUrlPlace(channelId: string, origin: string): string {
  return `AlertChannel/${channelId}/url/${origin}`;
}

type Row = Prisma.AlertChannelGetPayload<Record<never, never>>;

function toChannel({ format, kinds, language, lastErrorParams, ...row }: Row): AlertChannel {
  return {
    ...row,
    format: format as AlertFormat,
    kinds: kinds.split('\n').filter((kind) => kind !== '') as AlertKind[],
    language: language as Language,
    lastErrorParams: (lastErrorParams ?? {}) as ErrorParams,
  };
}

function toData({ kinds, ...change }: AlertChannelChange) {
  return { ...change, nameKey: accountKey(change.name), kinds: kinds.join('\n') };
}

export async function listAlertChannels(db: Db): Promise<readonly AlertChannel[]> {
  return (await db.alertChannel.findMany({ orderBy: { nameKey: 'asc' } })).map(toChannel);
}

export async function findAlertChannel(db: Db, id: string): Promise<AlertChannel | null> {
  const row = await db.alertChannel.findUnique({ where: { id } });
  return row && toChannel(row);
}

/**
 * Creates a channel under an id generated beforehand, as the URL is sealed to it.
 * @throws a unique violation of nameKey
 */
export async function createAlertChannel(db: Db, id: string, change: AlertChannelChange): Promise<AlertChannel> {
  return toChannel(await db.alertChannel.create({ data: { id, ...toData(change) } }));
}

/**
 * Changes a channel that is still at `version`; null where somebody else changed it first. What failed so far says nothing of the
 * changed one.
 * @throws a unique violation of nameKey
 */
export async function updateAlertChannel(
  db: Db,
  id: string,
  version: number,
  change: AlertChannelChange,
): Promise<AlertChannel | null> {
  const { count } = await db.alertChannel.updateMany({
    where: { id, version },
    data: { ...toData(change), ...noFailure, version: { increment: 1 } },
  });
  return count === 0 ? null : findAlertChannel(db, id);
}

/** Locks a channel that is still at this version; false where it was changed or deleted. */
export async function lockAlertChannel(
  tx: Db,
  { id, version }: Pick<AlertChannel, 'id' | 'version'>,
): Promise<boolean> {
  const found = await tx.$queryRaw<unknown[]>`
    SELECT FROM "AlertChannel" WHERE id = ${id}::uuid AND version = ${version} FOR UPDATE`;
  return found.length > 0;
}

export async function deleteAlertChannel(db: Db, id: string): Promise<void> {
  await db.alertChannel.deleteMany({ where: { id } });
}

const noFailure = { failures: 0, retryAt: null, lastErrorAt: null, lastErrorCode: null, lastErrorId: null };

/** Returns whether the channel is still as it was when it was told. */
export async function recordAlertSent(db: Db, { id, version }: AlertChannel, now: Date): Promise<boolean> {
  const sent = { ...noFailure, lastSentAt: now };
  return (await db.alertChannel.updateMany({ where: { id, version }, data: sent })).count === 1;
}

interface AlertFailure {
  readonly at: Date;
  readonly code: ErrorCode;
  readonly params: ErrorParams;
  readonly errorId: string | null;
}

/** Stores why a delivery failed. `retryAt`: nothing is sent before. */
export async function recordAlertFailure(
  db: Db,
  { id, version }: AlertChannel,
  failure: AlertFailure & { readonly retryAt: Date },
): Promise<void> {
  await db.alertChannel.updateMany({ where: { id, version }, data: failureData(failure, failure.retryAt) });
}

/** What waits to be sent to a site is tried with the next run: somebody has just allowed it. */
export async function tryAlertsAgain(db: Db, origin: string): Promise<void> {
  await db.alertChannel.updateMany({ where: { origin }, data: { retryAt: null } });
}

/** Stores that a delivery did not reach all recipients. It is not repeated: the others have it. */
export async function recordAlertPartlySent(
  db: Db,
  { id, version }: AlertChannel,
  failure: AlertFailure,
): Promise<void> {
  const data = { ...failureData(failure, null), lastSentAt: failure.at };
  await db.alertChannel.updateMany({ where: { id, version }, data });
}

function failureData({ at, code, params, errorId }: AlertFailure, retryAt: Date | null) {
  return {
    failures: { increment: 1 },
    retryAt,
    lastErrorAt: at,
    lastErrorCode: code,
    lastErrorId: errorId,
    lastErrorParams: params as Prisma.InputJsonObject,
  };
}
