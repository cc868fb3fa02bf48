import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';
import { countOrEstimate, type RowCount } from '../../platform/database/estimate-rows.ts';
import {
  type KeysetPage,
  type KeysetReply,
  type ReadSegment,
  readCursor,
  readKeysetPage,
} from '../../platform/database/keyset.ts';

/** An authorized user without a success since a given time. */
export interface SilentUser {
  readonly username: string;
  readonly microsoftAccount: string;
  readonly authorizedAt: Date;
  readonly lastSuccessAt: Date | null;
  /** null: no error since the last success. */
  readonly lastErrorAt: Date | null;
  readonly lastErrorCode: string | null;
}

export interface SilentUserPage extends Omit<KeysetReply, 'ids'> {
  readonly items: readonly SilentUser[];
  readonly total: RowCount;
}

/** Active, linked users who are authorized at a provider. */
const authorizedUsers = Prisma.sql`"Grant" g JOIN "Account" a ON a.id = g."accountId" AND a.active
  JOIN "AccountLink" l ON l."accountId" = g."accountId"`;
const authorizedAt = (providerId: string) =>
  Prisma.sql`g."providerId" = ${providerId}::uuid AND g.status = 'authorized'`;

/** Since when a user has had no success. */
const silentSince = Prisma.sql`COALESCE(g."lastSuccessAt", g."authorizedAt")`;

/** Silent users in two halves, each found by its own index. */
function halves(cutoff: Date): readonly { readonly since: Prisma.Sql; readonly where: Prisma.Sql }[] {
  const before = Prisma.sql`${cutoff.toISOString()}::timestamptz`;
  return [
    { since: Prisma.sql`g."lastSuccessAt"`, where: Prisma.sql`g."lastSuccessAt" < ${before}` },
    {
      since: Prisma.sql`g."authorizedAt"`,
      where: Prisma.sql`g."lastSuccessAt" IS NULL AND g."authorizedAt" < ${before}`,
    },
  ];
}

function triedOrNot(tried: boolean | undefined): Prisma.Sql {
  if (tried === undefined) return Prisma.sql`TRUE`;
  return tried ? Prisma.sql`g."lastErrorAt" IS NOT NULL` : Prisma.sql`g."lastErrorAt" IS NULL`;
}

const longestFirst = 'silent';

/**
 * One page of the users without a success since `cutoff`, longest silent first. `tried`: whether an error occurred
 * since their last success.
 *
 * @throws request_invalid for an invalid cursor
 */
export async function listSilentUsers(
  db: Db,
  providerId: string,
  filter: { readonly cutoff: Date; readonly tried?: boolean | undefined },
  page: KeysetPage,
): Promise<SilentUserPage> {
  const cursor = readCursor(page, { [longestFirst]: [['timestamp', 'uuid']] });
  const tried = triedOrNot(filter.tried);
  const read: ReadSegment = async (_segment, from, backwards, limit) => {
    const sign = Prisma.raw(backwards ? '<' : '>');
    const direction = Prisma.raw(backwards ? 'DESC' : 'ASC');
    const parts = halves(filter.cutoff).map(({ since, where }) => {
      const beyond = from
        ? Prisma.sql`(${since}, g."accountId") ${sign} (${from[0]}::timestamptz, ${from[1]}::uuid)`
        : Prisma.sql`TRUE`;
      return Prisma.sql`(SELECT g."accountId" AS id, ${since} AS since FROM ${authorizedUsers}
        WHERE ${authorizedAt(providerId)} AND ${where} AND ${tried} AND ${beyond}
        ORDER BY ${since} ${direction}, g."accountId" ${direction} LIMIT ${limit})`;
    });
    const rows = await db.$queryRaw<{ id: string; since: Date }[]>`
      SELECT id::text, since FROM (${Prisma.join(parts, ' UNION ALL ')}) AS s
      ORDER BY since ${direction}, s.id ${direction} LIMIT ${limit}`;
    return rows.map(({ id, since }) => ({
      id,
      position: { order: longestFirst, segment: 0, values: [since.toISOString(), id] },
    }));
  };
  const reply = await readKeysetPage(read, 1, { pageSize: page.pageSize, ...cursor });
  if (!reply) throw new Error('A reading without limits gave up.');
  const { ids, ...cursors } = reply;
  const before = Prisma.sql`${filter.cutoff.toISOString()}::timestamptz`;
  const [rows, total] = await Promise.all([
    db.$queryRaw<(SilentUser & { id: string })[]>`
      SELECT a.id::text, a.username, l."microsoftAccount", g."authorizedAt", g."lastSuccessAt", g."lastErrorAt", g."lastErrorCode"
      FROM ${authorizedUsers} WHERE ${authorizedAt(providerId)} AND g."accountId" = ANY(${[...ids]}::uuid[])`,
    countOrEstimate(
      db,
      Prisma.sql`${authorizedUsers} WHERE ${authorizedAt(providerId)} AND ${silentSince} < ${before} AND ${tried}`,
    ),
  ]);
  const byId = new Map(rows.map(({ id, ...user }) => [id, user]));
  return { items: ids.flatMap((id) => byId.get(id) ?? []), total, ...cursors };
}

/** How many accounts are remembered of one silence. */
const mostSilentAccounts = 1_000;

/** The accounts without a success since `cutoff` although they tried; undefined where they are too many to be remembered. */
export async function silentAccounts(db: Db, providerId: string, cutoff: Date): Promise<readonly string[] | undefined> {
  const since = cutoff.toISOString();
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT g."accountId"::text AS id FROM ${authorizedUsers}
    WHERE ${authorizedAt(providerId)} AND ${silentSince} < ${since}::timestamptz AND ${triedOrNot(true)}
    ORDER BY id LIMIT ${mostSilentAccounts + 1}`;
  return rows.length > mostSilentAccounts ? undefined : rows.map(({ id }) => id);
}

/** When each of these accounts last had a success at a provider, where it ever had one. */
export async function lastSuccesses(
  db: Db,
  providerId: string,
  accounts: readonly string[],
): Promise<ReadonlyMap<string, Date | null>> {
  const where = { providerId, accountId: { in: [...accounts] } };
  const rows = await db.grant.findMany({ where, select: { accountId: true, lastSuccessAt: true } });
  return new Map(rows.map(({ accountId, lastSuccessAt }) => [accountId, lastSuccessAt]));
}

/** The whole connection. */
export interface ConnectionSummary {
  readonly authorizedUsers: number;
  /** Of any user. */
  readonly lastSuccessAt: Date | null;
  /** Users without a success since the cutoff, and how many of them tried. */
  readonly silentUsers: number;
  readonly silentUsersWhoTried: number;
  /** Since when the longest silent user has had no success. */
  readonly silentSince: Date | null;
}

/** The state of the connection at a provider; `cutoff` null: silence is not a fault. */
export async function summarizeConnection(db: Db, providerId: string, cutoff: Date | null): Promise<ConnectionSummary> {
  const silent = cutoff ? Prisma.sql`${silentSince} < ${cutoff.toISOString()}::timestamptz` : Prisma.sql`FALSE`;
  const [[counts], [success]] = await Promise.all([
    db.$queryRaw<Omit<ConnectionSummary, 'lastSuccessAt'>[]>`
      SELECT count(*)::int AS "authorizedUsers", (count(*) FILTER (WHERE ${silent}))::int AS "silentUsers",
        (count(*) FILTER (WHERE ${silent} AND g."lastErrorAt" IS NOT NULL))::int AS "silentUsersWhoTried",
        min(${silentSince}) FILTER (WHERE ${silent}) AS "silentSince"
      FROM ${authorizedUsers} WHERE ${authorizedAt(providerId)}`,
    db.$queryRaw<{ at: Date | null }[]>`
      SELECT max("lastSuccessAt") AS at FROM "Grant" WHERE "providerId" = ${providerId}::uuid`,
  ]);
  if (!counts) throw new Error('A count without a row.');
  return { ...counts, lastSuccessAt: success?.at ?? null };
}
