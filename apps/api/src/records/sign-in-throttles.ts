import type { Db } from './db.ts';

/** Failures counted under one key within the running window. */
export interface SignInThrottle {
  readonly failures: number;
  readonly windowEndsAt: Date;
  readonly blockedUntil: Date | null;
}

export async function readThrottle(db: Db, key: string, now: Date): Promise<SignInThrottle | null> {
  const row = await db.signInThrottle.findUnique({ where: { key } });
  return row && row.windowEndsAt > now ? row : null;
}

/** Counts one failure, atomically across processes, and gives the sum of the window. */
export async function countFailure(db: Db, key: string, now: Date, windowEndsAt: Date): Promise<number> {
  const rows = await db.$queryRaw<{ failures: number }[]>`
    INSERT INTO "SignInThrottle" ("key", "failures", "windowEndsAt") VALUES (${key}, 1, ${windowEndsAt})
    ON CONFLICT ("key") DO UPDATE SET
      "failures" = CASE WHEN "SignInThrottle"."windowEndsAt" <= ${now} THEN 1 ELSE "SignInThrottle"."failures" + 1 END,
      "blockedUntil" = CASE WHEN "SignInThrottle"."windowEndsAt" <= ${now} THEN NULL ELSE "SignInThrottle"."blockedUntil" END,
      "windowEndsAt" = CASE WHEN "SignInThrottle"."windowEndsAt" <= ${now} THEN ${windowEndsAt} ELSE "SignInThrottle"."windowEndsAt" END
    RETURNING "failures"`;
  return rows[0]?.failures ?? 1;
}

export async function blockUntil(db: Db, key: string, until: Date): Promise<void> {
  await db.signInThrottle.updateMany({ where: { key }, data: { blockedUntil: until } });
}

export async function clearThrottle(db: Db, key: string): Promise<void> {
  await db.signInThrottle.deleteMany({ where: { key } });
}

export async function deleteExpiredThrottles(db: Db, now: Date): Promise<void> {
  await db.signInThrottle.deleteMany({ where: { windowEndsAt: { lte: now } } });
}
