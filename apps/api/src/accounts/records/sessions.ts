import { createHash } from 'node:crypto';
import { Prisma } from '../../generated/prisma/client.ts';
import type { BulkSession } from '../../platform/database/bulk-session.ts';
import { type Database, type Db, inTransaction } from '../../platform/database/db.ts';
import { deleteUnlocked } from '../../platform/database/delete-unlocked.ts';
import { type Account, holdAccount } from './accounts.ts';

/** The stored id is a hash: the cookie's value is never in the database. */
function storedId(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('base64url');
}

export async function readSession(db: Db, sessionId: string, now: Date): Promise<Record<string, unknown> | null> {
  const row = await db.session.findUnique({ where: { id: storedId(sessionId) } });
  return row && row.expiresAt > now ? (row.data as Record<string, unknown>) : null;
}

/** The account that this session belongs to; null where the session has ended. */
export async function findSessionAccount(
  db: Db,
  sessionId: string,
): Promise<Pick<Account, 'id' | 'role' | 'active'> | null> {
  const account = { select: { id: true, role: true, active: true } };
  const found = await db.session.findUnique({ where: { id: storedId(sessionId) }, select: { account } });
  return found?.account ?? null;
}

/** As `findSessionAccount`, inside a bulk transaction: whether a session still belongs to this account in this role. */
export async function hasStandingSession(
  tx: BulkSession,
  { sessionId, accountId, role }: { sessionId: string; accountId: string; role: string },
): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 FROM "Session" s JOIN "Account" a ON a.id = s."accountId"
     WHERE s.id = $1 AND a.id = $2::uuid AND a.active AND a.role::text = $3`,
    [storedId(sessionId), accountId, role],
  );
  return rows.length > 0;
}

/** How many sessions are stored per account. One more replaces the oldest. */
const mostPerAccount = 30;

/**
 * Stores a session, unless `mayBegin` rejects the account's current state: a later deactivation or password change
 * waits, and then ends the session.
 * @param session.renews the session being replaced; the new one is stored only if that one had not ended
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

/** How long the first to renew a session may take to store the new one. Milliseconds. */
const renewalMs = 10_000;

/** Claims the renewal of a session; false where another request holds the claim, or the session has ended. */
export async function claimRenewal(tx: Db, sessionId: string, now: Date): Promise<boolean> {
  const since = new Date(now.getTime() - renewalMs).toISOString();
  const claim = JSON.stringify({ renewalAt: now.toISOString() });
  const claimed = await tx.$executeRaw`
    UPDATE "Session" SET data = data || ${claim}::jsonb
    WHERE id = ${storedId(sessionId)} AND coalesce(data->>'renewalAt', '') < ${since}`;
  return claimed > 0;
}

/** @returns whether there was one */
export async function deleteSession(db: Db, sessionId: string): Promise<boolean> {
  const { count } = await db.session.deleteMany({ where: { id: storedId(sessionId) } });
  return count > 0;
}

/** Ends every session of an account except the given one. */
export async function deleteSessionsOf(db: Db, accountId: string, exceptSessionId?: string): Promise<void> {
  await db.session.deleteMany({
    where: { accountId, ...(exceptSessionId === undefined ? {} : { id: { not: storedId(exceptSessionId) } }) },
  });
}

export async function deleteExpiredSessions(db: Db, now: Date): Promise<void> {
  await deleteUnlocked(db, 'Session', Prisma.sql`"expiresAt" <= ${now}`);
}
