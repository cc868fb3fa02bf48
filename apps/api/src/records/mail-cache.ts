import type { Db } from './db.ts';

/** The last good list of a user's mail, sealed. */
export interface KeptMail {
  readonly fingerprint: string;
  readonly sealed: string;
  readonly fetchedAt: Date;
}

export async function readKeptMail(db: Db, accountId: string, now: Date): Promise<KeptMail | null> {
  const row = await db.mailCache.findUnique({ where: { accountId } });
  return row && row.expiresAt > now ? row : null;
}

export async function keepMail(db: Db, accountId: string, mail: KeptMail & { expiresAt: Date }): Promise<void> {
  await db.mailCache.upsert({ where: { accountId }, create: { accountId, ...mail }, update: mail });
}

export async function deleteKeptMail(db: Db, accountId: string): Promise<void> {
  await db.mailCache.deleteMany({ where: { accountId } });
}

export async function deleteExpiredMail(db: Db, now: Date): Promise<void> {
  await db.mailCache.deleteMany({ where: { expiresAt: { lte: now } } });
}
