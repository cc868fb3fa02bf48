import type { Db } from '../platform/database/db.ts';
import { AppError } from '../platform/problems/app-error.ts';
import { findRunningImport, joinChanges } from './records/account-changes-lock.ts';

/**
 * Joins the concurrent changes of accounts and links until the transaction ends, so that no CSV取込 runs meanwhile. Whoever writes
 * what an import judges (name, role, activity, link, the first password, an invitation) joins, before reading what it changes.
 * @throws AppError csv_import_running, which names who is importing
 */
export async function joinAccountChanges(tx: Db, now: Date): Promise<void> {
  if (await joinChanges(tx)) return;
  const running = await findRunningImport(tx, now);
  // The import may have ended since.
  if (running || !(await joinChanges(tx))) {
    throw new AppError('csv_import_running', { username: running?.actorUsername ?? '' });
  }
}
