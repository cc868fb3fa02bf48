import type { Db } from '../../platform/database/db.ts';

/**
 * Ends what an account has begun: tickets, and flows wherever they are, also between callback and grant. Before anything else
 * is taken from the account: a flow that is just storing its grant is waited for.
 */
export async function endFlowsOf(tx: Db, accountId: string): Promise<void> {
  await tx.authorizationTransaction.deleteMany({ where: { accountId } });
  await tx.authorizationTicket.deleteMany({ where: { accountId } });
}
