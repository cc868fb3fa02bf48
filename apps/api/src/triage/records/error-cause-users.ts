import { providerOfSuffix } from '../../connection/records/connector.ts';
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

/** A user affected by an incident. */
export interface ErrorCauseUser {
  /** Of the row: who it is. */
  readonly usernameKey: string;
  /** At the last event. */
  readonly username: string;
  readonly accountId: string | null;
  /** The account's username now; null where it is gone, or none is known. */
  readonly presentUsername: string | null;
  /** Whether the account still exists. */
  readonly exists: boolean;
  readonly events: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** At the provider that failed. */
  readonly lastSuccessAt: Date | null;
}

export interface ErrorCauseUserPage extends Omit<KeysetReply, 'ids'> {
  readonly items: readonly ErrorCauseUser[];
  readonly total: RowCount;
}

const latestFirst = 'latest';

/**
 * One page of the users affected by an incident, latest first.
 *
 * @throws request_invalid for an invalid cursor
 */
export async function listErrorCauseUsers(db: Db, causeId: number, page: KeysetPage): Promise<ErrorCauseUserPage> {
  const cursor = readCursor(page, { [latestFirst]: [['timestamp', 'text']] });
  const read: ReadSegment = async (_segment, from, backwards, limit) => {
    const [time, key] = from ?? [];
    const beyond = backwards
      ? Prisma.sql`u."lastAt" >= ${time}::timestamptz AND (u."lastAt" > ${time}::timestamptz OR u."usernameKey" < ${key})`
      : Prisma.sql`u."lastAt" <= ${time}::timestamptz AND (u."lastAt" < ${time}::timestamptz OR u."usernameKey" > ${key})`;
    const order = backwards
      ? Prisma.sql`u."lastAt", u."usernameKey" DESC`
      : Prisma.sql`u."lastAt" DESC, u."usernameKey"`;
    const rows = await db.$queryRaw<{ usernameKey: string; lastAt: Date }[]>`
      SELECT u."usernameKey", u."lastAt" FROM "ErrorCauseUser" u
      WHERE u."causeId" = ${causeId} AND ${from ? beyond : Prisma.sql`TRUE`} ORDER BY ${order} LIMIT ${limit}`;
    return rows.map(({ usernameKey, lastAt }) => ({
      id: usernameKey,
      position: { order: latestFirst, segment: 0, values: [lastAt.toISOString(), usernameKey] },
    }));
  };
  const reply = await readKeysetPage(read, 1, { pageSize: page.pageSize, ...cursor });
  if (!reply) throw new Error('A reading without limits gave up.');
  const { ids, ...cursors } = reply;
  const [found, total] = await Promise.all([
    db.$queryRaw<ErrorCauseUser[]>`
      SELECT u."usernameKey", u.username, u."accountId"::text,
        a.username AS "presentUsername", a.id IS NOT NULL AS exists, u.events, u."firstAt", u."lastAt", g."lastSuccessAt"
      FROM "ErrorCauseUser" u LEFT JOIN "Account" a ON a.id = u."accountId"
      LEFT JOIN "Grant" g ON g."accountId" = u."accountId" AND g."providerId" =
        (SELECT ${providerOfSuffix(Prisma.sql`c.suffix`)} FROM "ErrorCause" c WHERE c.id = ${causeId})
      WHERE u."causeId" = ${causeId} AND u."usernameKey" = ANY(${[...ids]})`,
    countOrEstimate(db, Prisma.sql`"ErrorCauseUser" u WHERE u."causeId" = ${causeId}`),
  ]);
  const byKey = new Map(found.map((user) => [user.usernameKey, user]));
  return { items: ids.flatMap((id) => byKey.get(id) ?? []), total, ...cursors };
}
