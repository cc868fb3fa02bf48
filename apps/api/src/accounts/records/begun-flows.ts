import type { Db } from '../../platform/database/db.ts';
import { lockAccount } from './accounts.ts';

/**
 * Ends what an account has started: tickets, flows at any stage (also between callback and grant), and the pages that
 * show their outcome. Call it before taking anything else from the account: a flow that is just starting, or storing
 * its grant, holds the account, and this waits for it.
 */
export async function endFlowsOf(tx: Db, accountId: string): Promise<void> {
  await lockAccount(tx, accountId);
  await tx.authorizationTransaction.deleteMany({ where: { accountId } });
  await tx.authorizationTicket.deleteMany({ where: { accountId } });
  await tx.authorizationOutcome.deleteMany({ where: { accountId } });
}
