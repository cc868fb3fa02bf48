import { isOfPresentSuffix, providerOfSuffix } from '../../connection/records/connector.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';

/** An incident: the errors of many users with one cause, within a window of the board. */
export interface ErrorCause {
  readonly id: number;
  readonly code: string;
  readonly suffix: string | null;
  readonly origin: string | null;
  readonly signature: string | null;
  readonly uncatalogued: boolean;
  /** Start of the current episode. */
  readonly sinceAt: Date;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly lastErrorId: string;
  /** Within the window. */
  readonly events: number;
  readonly users: number;
  /** Those with a success at the provider that failed, after their last event. */
  readonly recoveredUsers: number;
  /** false: it was about a provider that is not in use any more, or is gone. */
  readonly ofPresentProvider: boolean;
  /** Events per bucket of the window, oldest first. */
  readonly trend: readonly number[];
}

/** A time span in buckets of equal length, on whole hours. */
export interface TrendWindow {
  readonly start: Date;
  readonly bucketHours: number;
  readonly buckets: number;
}

/** Which codes to list; `unknown` = also those that this version does not know. */
export interface CodeFilter {
  readonly codes: readonly string[];
  readonly unknown: { readonly known: readonly string[] } | undefined;
}

export interface CauseFilter {
  readonly codes?: CodeFilter | undefined;
  readonly uncatalogued?: boolean | undefined;
  readonly id?: number | undefined;
}

/**
 * The incidents of a window and their total number: first what is open at the provider in use, then what all users have
 * recovered from, then what was about another provider; among those, the most users first. A user has recovered by a
 * success at the provider that failed after the user's last event.
 */
export async function listErrorCauses(
  db: Db,
  window: TrendWindow,
  filter: CauseFilter,
  limit: number,
): Promise<{ items: readonly ErrorCause[]; total: number }> {
  const start = Prisma.sql`${window.start.toISOString()}::timestamptz`;
  // An incident requested by its id is listed even if the window is empty.
  const where = filter.id === undefined ? Prisma.sql`c."lastAt" >= ${start} AND ${whereOf(filter)}` : whereOf(filter);
  const [rows, [counted]] = await Promise.all([
    db.$queryRaw<Omit<ErrorCause, 'events' | 'trend'>[]>`
      WITH c AS MATERIALIZED (
        SELECT c.*, ${providerOfSuffix(Prisma.sql`c.suffix`)} AS "providerId",
          ${isOfPresentSuffix(Prisma.sql`c.suffix`)} AS present
        FROM "ErrorCause" c WHERE ${where}),
      u AS (
        SELECT u."causeId", count(*)::int AS users, (count(*) FILTER (WHERE g."lastSuccessAt" > u."lastAt"))::int AS recovered
        FROM c JOIN "ErrorCauseUser" u ON u."causeId" = c.id
        LEFT JOIN "Grant" g ON g."accountId" = u."accountId" AND g."providerId" = c."providerId"
        WHERE u."lastAt" >= ${start} GROUP BY u."causeId")
      SELECT c.id, c.code, c.suffix, c.origin, c.signature, c.uncatalogued, c."sinceAt", c."firstAt", c."lastAt",
        c."lastErrorId", COALESCE(u.users, 0) AS users, COALESCE(u.recovered, 0) AS "recoveredUsers",
        c.present AS "ofPresentProvider"
      FROM c LEFT JOIN u ON u."causeId" = c.id
      ORDER BY c.present DESC, COALESCE(u.recovered = u.users, FALSE), COALESCE(u.users, 0) DESC, c."lastAt" DESC, c.id
      LIMIT ${limit}`,
    db.$queryRaw<{ count: number }[]>`SELECT count(*)::int AS count FROM "ErrorCause" c WHERE ${where}`,
  ]);
  const trends = await readTrends(
    db,
    rows.map(({ id }) => id),
    window,
  );
  const items = rows.map((row) => {
    const trend = trends.get(row.id) ?? Array.from({ length: window.buckets }, () => 0);
    return { ...row, trend, events: trend.reduce((sum, events) => sum + events, 0) };
  });
  return { items, total: counted?.count ?? 0 };
}

/**
 * Of causes, how many users met each in its present episode, and how many of them have had a success at its provider after their last
 * event. Users whose records are deleted are not among them.
 */
export async function countRecovered(
  db: Db,
  ids: readonly number[],
): Promise<Map<number, { readonly users: number; readonly recovered: number }>> {
  const rows = await db.$queryRaw<{ id: number; users: number; recovered: number }[]>`
    SELECT c.id, count(*)::int AS users, (count(*) FILTER (WHERE g."lastSuccessAt" > u."lastAt"))::int AS recovered
    FROM "ErrorCause" c JOIN "ErrorCauseUser" u ON u."causeId" = c.id AND u."lastAt" >= c."sinceAt"
    LEFT JOIN "Grant" g ON g."accountId" = u."accountId" AND g."providerId" = ${providerOfSuffix(Prisma.sql`c.suffix`)}
    WHERE c.id = ANY(${[...ids]}) GROUP BY c.id`;
  return new Map(rows.map(({ id, ...counts }) => [id, counts]));
}

export async function isErrorCause(db: Db, id: number): Promise<boolean> {
  return (await db.errorCause.count({ where: { id } })) > 0;
}

function whereOf({ codes, uncatalogued, id }: CauseFilter): Prisma.Sql {
  const conditions = [
    ...(codes ? [Prisma.sql`(c.code = ANY(${[...codes.codes]}) OR ${unknownCode(codes)})`] : []),
    ...(uncatalogued === undefined ? [] : [Prisma.sql`c.uncatalogued = ${uncatalogued}`]),
    ...(id === undefined ? [] : [Prisma.sql`c.id = ${id}`]),
  ];
  return conditions.length === 0 ? Prisma.sql`TRUE` : Prisma.join(conditions, ' AND ');
}

function unknownCode({ unknown }: CodeFilter): Prisma.Sql {
  return unknown ? Prisma.sql`NOT c.code = ANY(${[...unknown.known]})` : Prisma.sql`FALSE`;
}

async function readTrends(
  db: Db,
  ids: readonly number[],
  { start, bucketHours, buckets }: TrendWindow,
): Promise<Map<number, number[]>> {
  const rows = await db.$queryRaw<{ causeId: number; bucket: number; events: number }[]>`
    SELECT "causeId", sum(events)::int AS events,
      floor(extract(epoch FROM hour - ${start.toISOString()}::timestamptz) / ${bucketHours * 3600}::int)::int AS bucket
    FROM "ErrorCauseHour" WHERE hour >= ${start.toISOString()}::timestamptz AND "causeId" = ANY(${[...ids]})
    GROUP BY "causeId", bucket`;
  const trends = new Map<number, number[]>();
  for (const { causeId, bucket, events } of rows) {
    const trend = trends.get(causeId) ?? Array.from({ length: buckets }, () => 0);
    // A server whose clock is ahead writes hours that have not started here.
    const at = Math.min(bucket, buckets - 1);
    trend[at] = (trend[at] ?? 0) + events;
    trends.set(causeId, trend);
  }
  return trends;
}

/**
 * How often each code occurred since a time, for how many users, and when last. Codes of other versions are included.
 */
export async function countByCode(
  db: Db,
  since: Date,
): Promise<Map<string, { readonly events: number; readonly users: number; readonly lastAt: Date }>> {
  const start = Prisma.sql`${since.toISOString()}::timestamptz`;
  // The hour that contains `since` counts as a whole, as events are only counted per hour.
  const rows = await db.$queryRaw<{ code: string; events: number; users: number; lastAt: Date }[]>`
    SELECT c.code, COALESCE(sum(h.events), 0)::int AS events, max(c."lastAt") AS "lastAt",
      COALESCE(max(u.users), 0)::int AS users
    FROM "ErrorCause" c
    LEFT JOIN (
      SELECT "causeId", sum(events) AS events FROM "ErrorCauseHour" WHERE hour >= date_trunc('hour', ${start}) GROUP BY "causeId"
    ) AS h ON h."causeId" = c.id
    LEFT JOIN (
      SELECT code, count(*) AS users FROM (
        SELECT DISTINCT c.code, u."usernameKey" FROM "ErrorCauseUser" u JOIN "ErrorCause" c ON c.id = u."causeId"
        WHERE u."lastAt" >= ${start}
      ) AS met GROUP BY code
    ) AS u ON u.code = c.code
    WHERE c."lastAt" >= ${start} GROUP BY c.code`;
  return new Map(rows.map(({ code, ...counts }) => [code, counts]));
}
