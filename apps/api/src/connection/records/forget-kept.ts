import type { Db } from '../../platform/database/db.ts';
import { deleteKeptMail } from './mail-cache.ts';

/**
 * The tables of data from Microsoft that Argus stores for a user, each with the column "accountId". Deleting a grant cascades to
 * them; changing a link has to delete their rows, as it shows another mailbox under the same grant.
 */
export const keptTables = ['MailCache'] as const;

/** Deletes everything in {@link keptTables} of one account. */
export async function forgetKept(tx: Db, accountId: string): Promise<void> {
  await deleteKeptMail(tx, accountId);
}
