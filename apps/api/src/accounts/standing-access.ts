import type { FastifyRequest } from 'fastify';
import type { BulkSession } from '../platform/database/bulk-session.ts';
import { type Database, type Db, inTransaction, rehearse } from '../platform/database/db.ts';
import { viewerOf } from '../platform/http/viewer.ts';
import { AppError } from '../platform/problems/app-error.ts';
import { type Account, holdAccount, lockAccount } from './records/accounts.ts';
import { findSessionAccount, findSessionAccountInBulk, type SessionAccount } from './records/sessions.ts';

/** The right by which somebody acts: an account, in a session that began with this role. */
export interface Access {
  readonly accountId: string;
  readonly role: 'user' | 'admin';
  readonly sessionId: string;
}

export function accessOf(request: FastifyRequest): Access {
  const { id, role } = viewerOf(request);
  return { accountId: id, role, sessionId: request.session.sessionId };
}

/** Whether the account of the session, as it is now, still gives this right. */
function stands(account: SessionAccount | null, { accountId, role }: Access): boolean {
  // A change of role, password or activity also deletes the session; this catches a database changed by hand.
  return account?.id === accountId && account.active && account.role === role;
}

/**
 * Checks again whether the right still stands. A request was authorized when its head arrived; its body, its waits
 * and the pages of its reply come later, and a slow client decides how much later.
 * @throws AppError session_missing
 */
export async function requireStanding(db: Db, access: Access): Promise<void> {
  if (!(await isStanding(db, access))) throw new AppError('session_missing');
}

/** Whether the right still stands. */
export async function isStanding(db: Db, access: Access): Promise<boolean> {
  return stands(await findSessionAccount(db, access.sessionId), access);
}

/** As `requireStanding`, inside a bulk transaction: returns whether the right still stands. */
export async function isStandingInBulk(tx: BulkSession, access: Access): Promise<boolean> {
  return stands(await findSessionAccountInBulk(tx, access.sessionId), access);
}

/**
 * Runs a signed-in user's change in one transaction, unless the right has ended since the request was authorized. The
 * right is checked at the start and again at the end, as the work may have waited for a transaction that ended it.
 * @param changedId the account that is changed; a change of one's own account may itself end the session
 * @throws AppError session_missing
 */
export function changeAs<T>(
  db: Database,
  access: Access,
  work: (tx: Db) => Promise<T>,
  changedId?: string,
): Promise<T> {
  return inTransaction(db, whileStanding(access, work, changedId));
}

/**
 * Runs a change with everything that `changeAs` checks, and keeps nothing of it.
 * @throws AppError session_missing
 */
export function rehearseAs<T>(db: Database, access: Access, work: (tx: Db) => Promise<T>): Promise<T> {
  return rehearse(db, whileStanding(access, work));
}

function whileStanding<T>(access: Access, work: (tx: Db) => Promise<T>, changedId?: string) {
  return async (tx: Db): Promise<T> => {
    await requireStanding(tx, access);
    const result = await work(tx);
    if (changedId !== access.accountId) await requireStanding(tx, access);
    return result;
  };
}

/**
 * Holds a signed-in user's right until the transaction ends, for work that starts something that outlives the
 * request: a flow, a ticket. A later sign-out, new password or deactivation waits, and then ends what was started; an
 * earlier one is seen.
 * @throws AppError session_missing
 */
export async function holdAccess(tx: Db, access: Access): Promise<void> {
  await holdAccount(tx, access.accountId);
  await requireStanding(tx, access);
}

/**
 * Locks an account whose password was verified outside the transaction, which is slow enough for the account to
 * change meanwhile.
 * @returns whether the account is unchanged: active, with the same role and password
 */
export async function lockJudged(tx: Db, judged: Account): Promise<boolean> {
  const account = await lockAccount(tx, judged.id);
  return account?.active === true && account.role === judged.role && account.passwordHash === judged.passwordHash;
}
