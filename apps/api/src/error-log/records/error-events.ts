import { accountKey } from '@argus/contract/account-key';
import type { ErrorCode } from '@argus/contract/errors/error-catalogue';
import { Prisma } from '../../generated/prisma/client.ts';
import type { ExportRows } from '../../platform/csv/export-rows.ts';
import type { Db } from '../../platform/database/db.ts';
import { escapeLike } from '../../platform/database/escape-like.ts';
import { countOrEstimate, type RowCount } from '../../platform/database/estimate-rows.ts';
import {
  type KeysetPage,
  type KeysetReply,
  type KeyValues,
  type ReadSegment,
  readCursor,
  readKeysetPage,
} from '../../platform/database/keyset.ts';
import type { ErrorParams } from '../../platform/problems/app-error.ts';
import { type CauseKey, causeOf, storableText, withoutSignature } from './error-cause-key.ts';

/** What a user saw, as stored in the error log. */
export interface ErrorEvent {
  /** For example 7F3K-29QD. */
  readonly id: string;
  readonly code: string;
  readonly accountId: string | null;
  readonly username: string | null;
  /** Where it occurred: a call to Microsoft, a route, a job. The column and the API keep this name. */
  readonly stage: string;
  readonly params: ErrorParams;
  readonly requestId: string;
  readonly occurredAt: Date;
}

export type NewErrorEvent = ErrorEvent & { readonly code: ErrorCode };

/** Stores an event, and counts it for its incident. */
export async function saveErrorEvent(db: Db, event: NewErrorEvent): Promise<void> {
  await saveErrorEvents(db, causeOf(event.code, event.params), [event]);
}

/**
 * Stores events of one incident, and counts them for it, in one statement. Each statement locks the incident's row
 * first, and no other incident's: concurrent writers wait for each other, but never deadlock.
 *
 * The users of an incident are accounts, kept by their id. An instance of the former version keeps them by the username; such a
 * row joins that of its account here.
 */
export async function saveErrorEvents(db: Db, cause: CauseKey, events: readonly NewErrorEvent[]): Promise<void> {
  const [first, ...others] = events;
  if (!first) return;
  let last = first;
  let earliest = first;
  for (const event of others) {
    if (event.occurredAt >= last.occurredAt) last = event;
    if (event.occurredAt < earliest.occurredAt) earliest = event;
  }
  const { key, suffix, origin, signature, uncatalogued } = cause;
  const folded = withoutSignature(cause);
  const from = Prisma.sql`${earliest.occurredAt.toISOString()}::timestamptz`;
  const to = Prisma.sql`${last.occurredAt.toISOString()}::timestamptz`;
  // Servers with differing clocks may deliver events out of order.
  const met = Prisma.sql`"firstAt" = LEAST(c."firstAt", ${from}), "lastAt" = GREATEST(c."lastAt", ${to}),
    "sinceAt" = CASE WHEN ${from} > c."lastAt" + interval '1 day' THEN ${from}
      WHEN ${from} >= c."sinceAt" - interval '1 day' THEN LEAST(c."sinceAt", ${from}) ELSE c."sinceAt" END,
    "lastErrorId" = CASE WHEN ${to} >= c."lastAt" THEN ${last.id} ELSE c."lastErrorId" END`;
  // An INSERT alone would consume a sequence number each time.
  await db.$executeRaw`
    WITH e AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(${JSON.stringify(events.map(toRow), storable)}::jsonb) AS e(
      id text, code text, "accountId" uuid, username text, "usernameKey" text, stage text, params jsonb, upstream jsonb,
      "requestId" text, "occurredAt" timestamptz, hour timestamptz)),
    known AS (UPDATE "ErrorCause" AS c SET ${met} WHERE c.key = ${key} RETURNING c.id),
    fresh AS (
      SELECT ${signature}::text IS NOT NULL AND (
        SELECT count(*) >= ${mostSignatures} FROM "ErrorCause" WHERE code = ${first.code} AND signature IS NOT NULL) AS fold
      WHERE NOT EXISTS (SELECT FROM known)),
    added AS (
      INSERT INTO "ErrorCause" AS c (key, code, suffix, origin, signature, uncatalogued, "firstAt", "sinceAt", "lastAt", "lastErrorId")
      SELECT CASE WHEN fold THEN ${folded.key} ELSE ${key} END, ${first.code}, ${suffix}, ${origin},
        CASE WHEN fold THEN ${folded.signature} ELSE ${signature} END, ${uncatalogued}, ${from}, ${from}, ${to}, ${last.id}
      FROM fresh
      ON CONFLICT (key) DO UPDATE SET ${met} RETURNING c.id),
    cause AS (SELECT id FROM known UNION ALL SELECT id FROM added),
    in_hour AS (
      INSERT INTO "ErrorCauseHour" AS h ("causeId", hour, events)
      SELECT cause.id, e.hour, count(*) FROM cause CROSS JOIN e GROUP BY 1, 2
      ON CONFLICT ("causeId", hour) DO UPDATE SET events = h.events + EXCLUDED.events),
    by_name AS (
      DELETE FROM "ErrorCauseUser" u USING cause, (SELECT DISTINCT "usernameKey", "accountId" FROM e) AS s
      WHERE u."causeId" = cause.id AND u."usernameKey" = s."usernameKey" AND u."accountId" = s."accountId" RETURNING u.*),
    met AS (
      SELECT cause.id AS "causeId", COALESCE(e."accountId"::text, e."usernameKey") AS owner, e.username, e."accountId",
        e."occurredAt" AS "firstAt", e."occurredAt" AS "lastAt", 1 AS events FROM cause CROSS JOIN e WHERE e.username IS NOT NULL
      UNION ALL SELECT "causeId", "accountId"::text, username, "accountId", "firstAt", "lastAt", events FROM by_name),
    of_user AS (
      INSERT INTO "ErrorCauseUser" AS u ("causeId", "usernameKey", username, "accountId", "firstAt", "lastAt", events)
      SELECT "causeId", owner, (array_agg(username ORDER BY "lastAt" DESC))[1], min("accountId"::text)::uuid, min("firstAt"),
        max("lastAt"), sum(events) FROM met GROUP BY 1, 2
      ON CONFLICT ("causeId", "usernameKey") DO UPDATE SET username = EXCLUDED.username,
        "accountId" = EXCLUDED."accountId", "firstAt" = LEAST(u."firstAt", EXCLUDED."firstAt"),
        "lastAt" = GREATEST(u."lastAt", EXCLUDED."lastAt"), events = u.events + EXCLUDED.events)
    INSERT INTO "ErrorEvent" (id, code, "accountId", username, "usernameKey", stage, params, upstream, "requestId", "causeId", "occurredAt")
    SELECT e.id, e.code, e."accountId", e.username, e."usernameKey", e.stage, e.params, e.upstream, e."requestId", cause.id, e."occurredAt"
    FROM cause CROSS JOIN e`;
}

/** An event as the statement above reads it. */
function toRow({ params: { upstream, ...params }, ...event }: NewErrorEvent) {
  const hour = new Date(Math.floor(event.occurredAt.getTime() / hourMs) * hourMs);
  const usernameKey = event.username === null ? null : accountKey(event.username);
  return { ...event, usernameKey, params, upstream: upstream ?? null, hour };
}

/** A remote server may send characters that the database cannot store. */
function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? storableText(value) : value;
}

const hourMs = 3600_000;

/** Per code. Values from a browser can be forged, and a server can send anything: the rest share one incident. */
const mostSignatures = 20;

export async function findErrorEvent(db: Db, id: string): Promise<ErrorEvent | null> {
  const row = await db.errorEvent.findUnique({ where: { id } });
  return row && toErrorEvent(row);
}

/**
 * Which of these error IDs still lead to an event. Whoever stores an ID beside something else looks it up whenever it is shown: retention
 * deletes events first and takes its time.
 */
export async function standingErrorIds(
  db: Db,
  ids: readonly (string | null | undefined)[],
): Promise<ReadonlySet<string>> {
  const given = ids.filter((id) => typeof id === 'string');
  if (given.length === 0) return new Set();
  const rows = await db.errorEvent.findMany({ where: { id: { in: given } }, select: { id: true } });
  return new Set(rows.map(({ id }) => id));
}

export interface ErrorEventFilter {
  readonly errorId?: string | undefined;
  /** Prefix of the username. */
  readonly username?: string | undefined;
  readonly accountId?: string | undefined;
  readonly code?: string | undefined;
  readonly causeId?: number | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

export interface ErrorEventPage extends Omit<KeysetReply, 'ids'> {
  readonly items: readonly ErrorEvent[];
  readonly total: RowCount;
}

/**
 * One page of the error log, newest first.
 *
 * @throws request_invalid for an invalid cursor
 */
export async function listErrorEvents(db: Db, filter: ErrorEventFilter, page: KeysetPage): Promise<ErrorEventPage> {
  const where = whereOf(filter);
  const cursor = readCursor(page, { [newestFirst]: [['timestamp', 'text']] });
  const read: ReadSegment = async (_segment, from, backwards, limit) => {
    const rows = await readPlaces(db, where, from, backwards, limit);
    return rows.map(({ id, occurredAt }) => ({
      id,
      position: { order: newestFirst, segment: 0, values: [occurredAt.toISOString(), id] },
    }));
  };
  const reply = await readKeysetPage(read, 1, { pageSize: page.pageSize, ...cursor });
  if (!reply) throw new Error('A reading without limits gave up.');
  const { ids, ...cursors } = reply;
  const [items, total] = await Promise.all([
    readErrorEvents(db, ids),
    countOrEstimate(db, Prisma.sql`"ErrorEvent" e WHERE ${where}`),
  ]);
  return { items, total, ...cursors };
}

/** The filtered events, newest first, for a file. */
export function exportedErrorEvents(db: Db, filter: ErrorEventFilter): ExportRows<ErrorEvent> {
  const where = whereOf(filter);
  return {
    async page(after, take) {
      const places = await readPlaces(db, where, after === '' ? undefined : after.split(' '), false, take);
      return readErrorEvents(
        db,
        places.map(({ id }) => id),
      );
    },
    keyOf: ({ id, occurredAt }) => `${occurredAt.toISOString()} ${id}`,
    count: async () => (await countOrEstimate(db, Prisma.sql`"ErrorEvent" e WHERE ${where}`)).count,
  };
}

const newestFirst = 'newest';

/** The positions of the events after `from` in the log, or before it. */
function readPlaces(
  db: Db,
  where: Prisma.Sql,
  from: KeyValues | undefined,
  backwards: boolean,
  limit: number,
): Promise<{ id: string; occurredAt: Date }[]> {
  const [time, id] = from ?? [];
  const beyond = backwards
    ? Prisma.sql`e."occurredAt" >= ${time}::timestamptz AND (e."occurredAt" > ${time}::timestamptz OR e.id < ${id})`
    : Prisma.sql`e."occurredAt" <= ${time}::timestamptz AND (e."occurredAt" < ${time}::timestamptz OR e.id > ${id})`;
  const order = backwards ? Prisma.sql`e."occurredAt", e.id DESC` : Prisma.sql`e."occurredAt" DESC, e.id`;
  return db.$queryRaw<{ id: string; occurredAt: Date }[]>`
    SELECT e.id, e."occurredAt" FROM "ErrorEvent" e
    WHERE ${where} AND ${from ? beyond : Prisma.sql`TRUE`} ORDER BY ${order} LIMIT ${limit}`;
}

/** The events of these ids, in their order. */
export async function readErrorEvents(db: Db, ids: readonly string[]): Promise<ErrorEvent[]> {
  const rows = await db.errorEvent.findMany({ where: { id: { in: [...ids] } } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    return row ? [toErrorEvent(row)] : [];
  });
}

function whereOf({ errorId, username, accountId, code, causeId, from, to }: ErrorEventFilter): Prisma.Sql {
  const conditions = [
    ...(errorId === undefined ? [] : [Prisma.sql`e.id = ${errorId}`]),
    ...(username ? [Prisma.sql`e."usernameKey" LIKE ${`${escapeLike(accountKey(username))}%`}`] : []),
    ...(accountId === undefined ? [] : [Prisma.sql`e."accountId" = ${accountId}::uuid`]),
    ...(code ? [Prisma.sql`e.code = ${code}`] : []),
    ...(causeId === undefined ? [] : [Prisma.sql`e."causeId" = ${causeId}`]),
    ...(from ? [Prisma.sql`e."occurredAt" >= ${from.toISOString()}::timestamptz`] : []),
    ...(to ? [Prisma.sql`e."occurredAt" <= ${to.toISOString()}::timestamptz`] : []),
  ];
  return conditions.length === 0 ? Prisma.sql`TRUE` : Prisma.join(conditions, ' AND ');
}

function toErrorEvent(row: Prisma.ErrorEventGetPayload<object>): ErrorEvent {
  const { params, upstream } = row;
  return {
    id: row.id,
    code: row.code,
    accountId: row.accountId,
    username: row.username,
    stage: row.stage,
    params: {
      ...(params as ErrorParams),
      ...(upstream === null ? {} : { upstream: upstream as NonNullable<ErrorParams['upstream']> }),
    },
    requestId: row.requestId,
    occurredAt: row.occurredAt,
  };
}
