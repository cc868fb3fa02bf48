import type { Database, Db } from '../platform/database/db.ts';
import { joinAccountChanges } from './join-account-changes.ts';
import { type Access, changeAs } from './standing-access.ts';

/**
 * Runs a signed-in user's change of accounts or links in one transaction. Such changes run concurrently with each
 * other, but never with a CSV取込.
 * @param changedId the account that is changed, as for `changeAs`
 * @throws AppError csv_import_running; session_missing
 */
export function changeAccounts<T>(
  db: Database,
  access: Access,
  now: Date,
  work: (tx: Db) => Promise<T>,
  changedId?: string,
): Promise<T> {
  const change = async (tx: Db): Promise<T> => {
    await joinAccountChanges(tx, now);
    return work(tx);
  };
  return changeAs(db, access, change, changedId);
}
