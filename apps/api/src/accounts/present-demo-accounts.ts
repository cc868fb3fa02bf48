import type { Db } from '../platform/database/db.ts';
import { demoAccounts } from './demo-accounts.ts';
import { listAccountsNamed } from './records/accounts.ts';

/** The accounts of the demo that are in this database: their administrator may have deleted some, or it may be a company's. */
export async function presentDemoAccounts(db: Db): Promise<typeof demoAccounts> {
  const usernames = demoAccounts.map(({ username }) => username);
  const found = await listAccountsNamed(db, usernames);
  return demoAccounts.filter(({ username }) => found.some((account) => account.username === username));
}
