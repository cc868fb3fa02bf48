import type { Db } from '../../platform/database/db.ts';
import { lockAccount } from './accounts.ts';

/**
 * Ends what an account has begun: tickets, flows wherever they are, also between callback and grant, and the pages that say what
 * flows ended with. Before anything else
 * is taken from the account: one that is just beginning, or storing its grant, holds the account and is waited for.
 */
export async function endFlowsOf(tx: Db, accountId: string): Promise<void> {
  await lockAccount(tx, accountId);
  await tx.authorizationTransaction.deleteMany({ where: { accountId } });
  await tx.authorizationTicket.deleteMany({ where: { accountId } });
  await tx.authorizationOutcome.deleteMany({ where: { accountId } });
}
