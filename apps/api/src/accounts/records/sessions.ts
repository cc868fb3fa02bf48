import { createHash } from 'node:crypto';
import { Prisma } from '../../generated/prisma/client.ts';
import { type Database, type Db, inTransaction } from '../../platform/database/db.ts';
import { deleteUnlocked } from '../../platform/database/delete-unlocked.ts';
import { type Account, holdAccount } from './accounts.ts';

/** The stored id: what the cookie carries is never in the database. */
function storedId(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('base64url');
}

export async function readSession(db: Db, sessionId: string, now: Date): Promise<Record<string, unknown> | null> {
  const row = await db.session.findUnique({ where: { id: storedId(sessionId) } });
  return row && row.expiresAt > now ? (row.data as Record<string, unknown>) : null;
}

/** Whose session this is now; null where it has ended. */
export async function findSessionAccount(
  db: Db,
  sessionId: string,
): Promise<Pick<Account, 'id' | 'role' | 'active'> | null> {
  const account = { select: { id: true, role: true, active: true } };
  const found = await db.session.findUnique({ where: { id: storedId(sessionId) }, select: { account } });
  return found?.account ?? null;
}

/** How many sessions are stored per account. A further one replaces the oldest. */
const mostPerAccount = 30;

/**
 * Stores a session, unless `mayBegin` says no of the account as it is at that moment: a deactivation or a new password that comes
 * later waits, and ends the session.
 * @param session.renews the session in whose place it comes; it is stored only where that one had not ended
 */
export async function saveSession(
  db: Database,
  sessionId: string,
  session: { accountId: string; data: Record<string, unknown>; expiresAt: Date; renews?: string | undefined },
  mayBegin: (account: Account) => boolean,
): Promise<void> {
  const { accountId, data, expiresAt, renews } = session;
  const id = storedId(sessionId);
  await inTransaction(db, async (tx) => {
    const account = await holdAccount(tx, accountId);
    if (!account || !mayBegin(account)) return;
    if (renews !== undefined && !(await deleteSession(tx, renews))) return;
    const row = { accountId, data: data as Prisma.InputJsonObject, expiresAt };
    await tx.session.upsert({ where: { id }, create: { id, ...row }, update: row });
    await tx.$executeRaw`
      DELETE FROM "Session" WHERE "accountId" = ${accountId}::uuid AND id NOT IN (
        SELECT id FROM "Session" WHERE "accountId" = ${accountId}::uuid
        ORDER BY "createdAt" DESC, id LIMIT ${mostPerAccount})`;
  });
}

/**
 * Ends a session, and whatever has come in its place at this very moment.
 * @returns whether there was any
 */
export async function endSession(
  tx: Db,
  { accountId, sessionId, family = '' }: { accountId: string; sessionId: string; family: string | undefined },
): Promise<boolean> {
  const renewed = { accountId, data: { path: ['family'], equals: family } };
  const { count } = await tx.session.deleteMany({ where: { OR: [{ id: storedId(sessionId) }, renewed] } });
  return count > 0;
}

/** @returns whether there was one */
export async function deleteSession(db: Db, sessionId: string): Promise<boolean> {
  const { count } = await db.session.deleteMany({ where: { id: storedId(sessionId) } });
  return count > 0;
}

/** Ends every session of an account, but for the one given. */
export async function deleteSessionsOf(db: Db, accountId: string, exceptSessionId?: string): Promise<void> {
  await db.session.deleteMany({
    where: { accountId, ...(exceptSessionId === undefined ? {} : { id: { not: storedId(exceptSessionId) } }) },
  });
}

export async function deleteExpiredSessions(db: Db, now: Date): Promise<void> {
  await deleteUnlocked(db, 'Session', Prisma.sql`"expiresAt" <= ${now}`);
}
