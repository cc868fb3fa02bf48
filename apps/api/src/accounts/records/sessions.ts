import { createHash } from 'node:crypto';
import { Prisma } from '../../generated/prisma/client.ts';
import type { BulkSession } from '../../platform/database/bulk-session.ts';
import type { Db } from '../../platform/database/db.ts';
import { deleteUnlocked } from '../../platform/database/delete-unlocked.ts';
import type { Account } from './accounts.ts';

/** The stored id is a hash: the cookie's value is never in the database. */
function storedId(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('base64url');
}

export async function readSession(db: Db, sessionId: string, now: Date): Promise<Record<string, unknown> | null> {
  const row = await db.session.findUnique({ where: { id: storedId(sessionId) } });
  return row && row.expiresAt > now ? (row.data as Record<string, unknown>) : null;
}

/** The account of a session, as far as it decides whether the session's right still stands. */
export type SessionAccount = Pick<Account, 'id' | 'role' | 'active'>;

/** The account that this session belongs to; null where the session has ended. */
export async function findSessionAccount(db: Db, sessionId: string): Promise<SessionAccount | null> {
  const account = { select: { id: true, role: true, active: true } };
  const found = await db.session.findUnique({ where: { id: storedId(sessionId) }, select: { account } });
  return found?.account ?? null;
}

/** As `findSessionAccount`, inside a bulk transaction. */
export async function findSessionAccountInBulk(tx: BulkSession, sessionId: string): Promise<SessionAccount | null> {
  const [account] = await tx.query<SessionAccount>(
    `SELECT a.id::text AS id, a.role::text AS role, a.active
     FROM "Session" s JOIN "Account" a ON a.id = s."accountId" WHERE s.id = $1`,
    [storedId(sessionId)],
  );
  return account ?? null;
}

/** How many sessions are stored per account. One more replaces the oldest. */
const mostPerAccount = 30;

/** Stores a session. The caller holds the lock of the account: whatever ends its sessions comes before or after. */
export async function saveSession(
  tx: Db,
  sessionId: string,
  { accountId, data, expiresAt }: { accountId: string; data: object; expiresAt: Date },
): Promise<void> {
  await tx.session.create({
    data: { id: storedId(sessionId), accountId, data: data as Prisma.InputJsonObject, expiresAt },
  });
  await tx.$executeRaw`
    DELETE FROM "Session" WHERE "accountId" = ${accountId}::uuid AND id NOT IN (
      SELECT id FROM "Session" WHERE "accountId" = ${accountId}::uuid
      ORDER BY "createdAt" DESC, id LIMIT ${mostPerAccount})`;
}

/**
 * Ends a session, and its replacement if it is being renewed right now.
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

/** Ends every session of an account. */
export async function deleteSessionsOf(db: Db, accountId: string): Promise<void> {
  await db.session.deleteMany({ where: { accountId } });
}

export async function deleteExpiredSessions(db: Db, now: Date): Promise<void> {
  await deleteUnlocked(db, 'Session', Prisma.sql`"expiresAt" <= ${now}`);
}
