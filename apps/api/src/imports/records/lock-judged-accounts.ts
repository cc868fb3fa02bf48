import type { CsvRowKind } from '@argus/contract/endpoints/imports/csv-imports';
import type { BulkSession } from '../../platform/database/bulk-session.ts';
import { inPieces, rowsOf } from './csv-row-pieces.ts';

/**
 * Locks the accounts that rows of these kinds write or delete, before they are judged: what was judged is then still true when it is
 * written. Of added rows those that the import created. Accounts that only are compared stay free, so that their users can sign in.
 */
export async function lockJudgedAccounts(
  tx: BulkSession,
  { importId, rowsPerStatement }: { readonly importId: number; readonly rowsPerStatement: number },
  kinds: readonly CsvRowKind[],
): Promise<void> {
  for (const kind of kinds) {
    await inPieces(tx, importId, kind, rowsPerStatement, async (from, to) => {
      await tx.query(
        `SELECT count(*)::int AS locked FROM (
           SELECT FROM "Account" a WHERE a.id IN (
             SELECT r."accountId" FROM "CsvImportRow" r WHERE ${rowsOf(kind)} AND (r.kind <> 'added' OR r."createsAccount"))
           ORDER BY a.id FOR NO KEY UPDATE) judged`,
        [importId, from, to],
      );
    });
  }
}
