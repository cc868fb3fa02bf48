import { createHash } from 'node:crypto';
import type { Prisma } from '../../generated/prisma/client.ts';
import { type Database, type Db, inTransaction } from '../../platform/database/db.ts';
import { type Account, holdAccount } from './accounts.ts';

/** The stored id: what the cookie carries is never in the database. */
function storedId(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('base64url');
}

export async function readSession(db: Db, sessionId: string, now: Date): Promise<Record<string, unknown> | null> {
  const row = await db.session.findUnique({ where: { id: storedId(sessionId) } });
  return row && row.expiresAt > now ? (row.data as Record<string, unknown>) : null;
}

export async function hasSession(db: Db, sessionId: string): Promise<boolean> {
  return (await db.session.findUnique({ where: { id: storedId(sessionId) }, select: { id: true } })) !== null;
}

/** How many sessions are stored per account. A further one replaces the oldest. */
const mostPerAccount = 30;

/**
 * Stores a session, unless `mayBegin` says no of the account as it is at that moment: a deactivation or a new password that comes
 * later waits, and ends the session.
 */
export async function saveSession(
  db: Database,
  sessionId: string,
  session: { accountId: string; data: Record<string, unknown>; expiresAt: Date },
  mayBegin: (account: Account) => boolean,
): Promise<void> {
  const { accountId, data, expiresAt } = session;
  const id = storedId(sessionId);
  await inTransaction(db, async (tx) => {
    const account = await holdAccount(tx, accountId);
    if (!account || !mayBegin(account)) return;
    const row = { accountId, data: data as Prisma.InputJsonObject, expiresAt };
    await tx.session.upsert({ where: { id }, create: { id, ...row }, update: row });
    await tx.$executeRaw`
      DELETE FROM "Session" WHERE "accountId" = ${accountId}::uuid AND id NOT IN (
        SELECT id FROM "Session" WHERE "accountId" = ${accountId}::uuid
        ORDER BY "createdAt" DESC, id LIMIT ${mostPerAccount})`;
  });
}

export async function deleteSession(db: Db, sessionId: string): Promise<void> {
  await db.session.deleteMany({ where: { id: storedId(sessionId) } });
}

/** Ends every session of an account, but for the one given. */
export async function deleteSessionsOf(db: Db, accountId: string, exceptSessionId?: string): Promise<void> {
  await db.session.deleteMany({
    where: { accountId, ...(exceptSessionId === undefined ? {} : { id: { not: storedId(exceptSessionId) } }) },
  });
}

export async function deleteExpiredSessions(db: Db, now: Date): Promise<void> {
  await db.session.deleteMany({ where: { expiresAt: { lte: now } } });
}
