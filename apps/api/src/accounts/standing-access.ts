import type { FastifyRequest } from 'fastify';
import type { Db } from '../platform/database/db.ts';
import { viewerOf } from '../platform/http/viewer.ts';
import { AppError } from '../platform/problems/app-error.ts';
import { type Account, holdAccount, lockAccount } from './records/accounts.ts';
import { hasSession } from './records/sessions.ts';

/** By what right somebody acts: an account, in a session that began with its role and its password. */
export interface Access {
  readonly accountId: string;
  readonly sessionId: string;
}

export function accessOf(request: FastifyRequest): Access {
  return { accountId: viewerOf(request).id, sessionId: request.session.sessionId };
}

/**
 * Holds the right of a signed-in user until the transaction ends, for whatever begins something that outlives the request: a flow, a
 * ticket. A sign-out, a new password or a deactivation that comes later waits, and ends what was begun; one that came first is seen.
 * @throws AppError session_missing
 */
export async function holdAccess(tx: Db, { accountId, sessionId }: Access): Promise<void> {
  const account = await holdAccount(tx, accountId);
  // Whatever changes role, password or activity deletes the session.
  if (!account?.active || !(await hasSession(tx, sessionId))) throw new AppError('session_missing');
}

/**
 * Locks an account whose password was judged outside the transaction, which takes long enough for much to change.
 * @returns whether it is still the one that was judged: active, with the same role and password
 */
export async function lockJudged(tx: Db, judged: Account): Promise<boolean> {
  const account = await lockAccount(tx, judged.id);
  return account?.active === true && account.role === judged.role && account.passwordHash === judged.passwordHash;
}
