import type { Db } from '../platform/database/db.ts';
import { setPasswordHash } from './records/accounts.ts';
import { endFlowsOf } from './records/begun-flows.ts';
import { forgetPlacesAndFailures } from './records/forget-places-and-failures.ts';
import { deleteInvitationOf } from './records/invitations.ts';
import { deleteSessionsOf } from './records/sessions.ts';

/**
 * Sets the password of an account, with the same consequences whoever sets it: the invitation is void, sessions and
 * flows end, and failures and known places are forgotten.
 */
export async function setPassword(
  tx: Db,
  account: { readonly id: string; readonly username: string },
  passwordHash: string,
): Promise<void> {
  await setPasswordHash(tx, account.id, passwordHash);
  await deleteInvitationOf(tx, account.id);
  await deleteSessionsOf(tx, account.id);
  await endFlowsOf(tx, account.id);
  await forgetPlacesAndFailures(tx, account.id);
}
