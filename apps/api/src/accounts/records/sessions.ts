import { hash } from 'node:crypto';
import { Prisma } from '../../generated/prisma/client.ts';
import type { BulkSession } from '../../platform/database/bulk-session.ts';
import type { Db } from '../../platform/database/db.ts';
import { deleteUnlocked } from '../../platform/database/delete-unlocked.ts';
import {
  type Alongside,
  askedBy,
  type FoundAlong,
  type PreparedRead,
  type PreparedReads,
} from '../../platform/database/prepared-reads.ts';
import type { Account } from './accounts.ts';

/** The stored id is a hash: the cookie's value is never in the database. */
function storedId(sessionId: string): string {
  return hash('sha256', sessionId, 'base64url');
}

/** What decides about a session beside its own data, and what is shown of its account. */
export type SignedIn = Pick<
  Account,
  'id' | 'username' | 'displayName' | 'role' | 'active' | 'language' | 'passwordHash'
>;

interface SessionRow extends SignedIn {
  readonly data: Record<string, unknown>;
  readonly expiresAt: Date;
}

export interface FoundSession {
  readonly data: Record<string, unknown>;
  /** Its columns are null where there is no such account any more. */
  readonly account: SignedIn;
  readonly along: FoundAlong;
}

const statements = new Map<string, PreparedRead>();

/** The session and its account, in one statement with what a route reads alongside. */
function statementWith(along: Alongside | undefined): PreparedRead {
  const name = along?.name ?? 'session';
  const known = statements.get(name);
  if (known) return known;
  const [columns, table] = along ? [', along.*', `LEFT JOIN LATERAL (${along.sql}) AS along ON true`] : ['', ''];
  const text = `
    SELECT asked.nth::int AS nth, se.data, se."expiresAt", a.id, a.username, a."displayName", a.role::text AS role, a.active,
      a.language, a."passwordHash"${columns}
    FROM ${askedBy('id', 'known')}
      JOIN "Session" AS se ON se.id = asked.id
      LEFT JOIN "Account" AS a ON a.id = se."accountId" ${table}`;
  const statement = { name, text };
  statements.set(name, statement);
  return statement;
}

/** A session that has not expired, with its account; null where there is none. */
export async function findSession(
  reads: PreparedReads,
  sessionId: string,
  { now, along }: { readonly now: Date; readonly along: Alongside | undefined },
): Promise<FoundSession | null> {
  const id = storedId(sessionId);
  const [row] = await reads.ask<SessionRow>(statementWith(along), [id, along?.known(id) ?? '']);
  return row && row.expiresAt > now ? { data: row.data, account: row, along: { by: id, row } } : null;
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
