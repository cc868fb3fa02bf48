import { createHash } from 'node:crypto';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';

/** The stored id: what the cookie carries is never in the database. */
function storedId(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('base64url');
}

export async function readSession(db: Db, sessionId: string, now: Date): Promise<Record<string, unknown> | null> {
  const row = await db.session.findUnique({ where: { id: storedId(sessionId) } });
  return row && row.expiresAt > now ? (row.data as Record<string, unknown>) : null;
}

export async function saveSession(
  db: Db,
  sessionId: string,
  session: { accountId: string | null; data: Record<string, unknown>; expiresAt: Date },
): Promise<void> {
  const row = {
    accountId: session.accountId,
    data: session.data as Prisma.InputJsonObject,
    expiresAt: session.expiresAt,
  };
  await db.session.upsert({
    where: { id: storedId(sessionId) },
    create: { id: storedId(sessionId), ...row },
    update: row,
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
