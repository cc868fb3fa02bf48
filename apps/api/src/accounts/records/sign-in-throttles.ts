import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';
import { deleteUnlocked } from '../../platform/database/delete-unlocked.ts';

/** How many attempts may fail under one key, and for how long it is then blocked. */
export interface AttemptLimit {
  /** Failures within the window after which the key is blocked. */
  readonly failures: number;
  readonly windowSeconds: number;
  /** The first block; each further failure doubles it. */
  readonly firstBlockSeconds: number;
  readonly longestBlockSeconds: number;
}

/**
 * Counts one attempt as a failure before it is made, in one statement: however many callers and processes there are,
 * no more than the limit get through. The attempt that reaches the limit passes and blocks later ones.
 * @returns undefined where the attempt may be made, otherwise until when the key is blocked
 */
export async function takeAttempt(db: Db, key: string, now: Date, limit: AttemptLimit): Promise<Date | undefined> {
  const { failures, windowSeconds, firstBlockSeconds, longestBlockSeconds } = limit;
  const windowEndsAt = new Date(now.getTime() + windowSeconds * 1000);
  const taken = await db.$queryRaw<unknown[]>`
    INSERT INTO "SignInThrottle" AS t ("key", "failures", "windowEndsAt", "blockedUntil") VALUES (${key}, 1,
      ${windowEndsAt}, CASE WHEN ${failures}::int <= 1
        THEN ${now}::timestamptz + make_interval(secs => ${firstBlockSeconds}::int) END)
    ON CONFLICT ("key") DO UPDATE SET ("failures", "windowEndsAt", "blockedUntil") = (
      SELECT n,
        CASE WHEN n >= ${failures}::int THEN EXCLUDED."windowEndsAt" + block
             WHEN n = 1 THEN EXCLUDED."windowEndsAt"
             ELSE t."windowEndsAt" END,
        CASE WHEN n >= ${failures}::int THEN ${now}::timestamptz + block END
      FROM (SELECT CASE WHEN t."windowEndsAt" <= ${now} THEN 1 ELSE t."failures" + 1 END AS n) AS counted,
        LATERAL (SELECT LEAST(
          make_interval(secs => ${longestBlockSeconds}::int),
          make_interval(secs => ${firstBlockSeconds}::int * power(2, LEAST(GREATEST(n - ${failures}::int, 0), 20)))
        ) AS block) AS blocked)
    WHERE t."blockedUntil" IS NULL OR t."blockedUntil" <= ${now}
    RETURNING "key"`;
  if (taken.length > 0) return undefined;
  const row = await db.signInThrottle.findUnique({ where: { key } });
  // Cleared in between by a successful sign-in; waiting a second is harmless.
  return row?.blockedUntil ?? new Date(now.getTime() + 1000);
}

/**
 * Refunds a failure counted for an attempt that was withdrawn, and lifts the block that it may have started: past the
 * limit only one attempt at a time is counted, so the block is this attempt's own.
 */
export async function refundAttempt(db: Db, key: string): Promise<void> {
  await db.signInThrottle.updateMany({
    where: { key, failures: { gt: 0 } },
    data: { failures: { decrement: 1 }, blockedUntil: null },
  });
}

export async function clearThrottle(db: Db, key: string): Promise<void> {
  await db.signInThrottle.deleteMany({ where: { key } });
}

/** The keys of the counters of an account, which {@link forgetFailures} finds by their form. */
export const throttleKeys = {
  account: (accountId: string) => `account:${accountId}`,
  /** The guess that is left at a blocked address. */
  spare: (accountId: string) => `spare:${accountId}`,
  place: (accountId: string, kind: string, key: string) => `place:${accountId}:${kind}:${key}`,
} as const;

/** Forgets the failed sign-ins of the accounts that a query selects as `id`: their own, and those at each of their places. */
export function forgetFailures(accounts: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    DELETE FROM "SignInThrottle" WHERE split_part("key", ':', 1) IN ('account', 'spare', 'place')
      AND split_part("key", ':', 2) IN (SELECT id::text FROM (${accounts}) AS a)`;
}

export async function deleteExpiredThrottles(db: Db, now: Date): Promise<void> {
  await deleteUnlocked(db, 'SignInThrottle', Prisma.sql`"windowEndsAt" <= ${now}`);
}
