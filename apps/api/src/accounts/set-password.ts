import type { Db } from '../platform/database/db.ts';
import { setPasswordHash } from './records/accounts.ts';
import { endFlowsOf } from './records/begun-flows.ts';
import { deleteInvitationOf } from './records/invitations.ts';
import { deleteSessionsOf } from './records/sessions.ts';
import { forgetPlacesAndFailures } from './sign-in-throttle.ts';

/**
 * Sets an account's password and applies the consequences: the invitation is void, sessions and flows end, and failed
 * sign-ins and known places are forgotten.
 * @param exceptSessionId the user's own session, which continues under a new id
 */
export async function setPassword(
  tx: Db,
  account: { readonly id: string; readonly username: string },
  passwordHash: string,
  exceptSessionId?: string,
): Promise<void> {
  await setPasswordHash(tx, account.id, passwordHash);
  await deleteInvitationOf(tx, account.id);
  await deleteSessionsOf(tx, account.id, exceptSessionId);
  await endFlowsOf(tx, account.id);
  await forgetPlacesAndFailures(tx, account);
}
