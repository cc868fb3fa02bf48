import type { FastifyRequest } from 'fastify';
import { type Database, type Db, inTransaction } from '../platform/database/db.ts';
import { viewerOf } from '../platform/http/viewer.ts';
import { AppError } from '../platform/problems/app-error.ts';
import { type Account, holdAccount, lockAccount } from './records/accounts.ts';
import { findSessionAccount } from './records/sessions.ts';

/** By what right somebody acts: an account, in a session that began with this role. */
export interface Access {
  readonly accountId: string;
  readonly role: 'user' | 'admin';
  readonly sessionId: string;
}

export function accessOf(request: FastifyRequest): Access {
  const { id, role } = viewerOf(request);
  return { accountId: id, role, sessionId: request.session.sessionId };
}

/**
 * Looks again whether a right still stands. A request was judged when its head came; its body, what it waits for and the pages of its
 * reply come later, and whoever sends or reads slowly decides when.
 * @throws AppError session_missing
 */
export async function requireStanding(db: Db, { accountId, role, sessionId }: Access): Promise<void> {
  const account = await findSessionAccount(db, sessionId);
  // Whatever changes role, password or activity deletes the session as well; a database may have been changed by hand.
  if (account?.id !== accountId || !account.active || account.role !== role) throw new AppError('session_missing');
}

/**
 * Runs what a signed-in user changes in one transaction, unless the right to it has ended since the request was judged. It is judged at
 * the beginning, and once more at the end, as the work may have waited for whoever ended the right.
 * @param changedId the account that is changed; a change of the own one may itself end the session
 * @throws AppError session_missing
 */
export function changeAs<T>(
  db: Database,
  access: Access,
  work: (tx: Db) => Promise<T>,
  changedId?: string,
): Promise<T> {
  return inTransaction(db, async (tx) => {
    await requireStanding(tx, access);
    const result = await work(tx);
    if (changedId !== access.accountId) await requireStanding(tx, access);
    return result;
  });
}

/**
 * Holds the right of a signed-in user until the transaction ends, for whatever begins something that outlives the request: a flow, a
 * ticket. A sign-out, a new password or a deactivation that comes later waits, and ends what was begun; one that came first is seen.
 * @throws AppError session_missing
 */
export async function holdAccess(tx: Db, access: Access): Promise<void> {
  await holdAccount(tx, access.accountId);
  await requireStanding(tx, access);
}

/**
 * Locks an account whose password was judged outside the transaction, which takes long enough for much to change.
 * @returns whether it is still the one that was judged: active, with the same role and password
 */
export async function lockJudged(tx: Db, judged: Account): Promise<boolean> {
  const account = await lockAccount(tx, judged.id);
  return account?.active === true && account.role === judged.role && account.passwordHash === judged.passwordHash;
}
