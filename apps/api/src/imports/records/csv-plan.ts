import type { CsvRowKind } from '@argus/contract/endpoints/imports/csv-imports';
import type { BulkSession, SqlValue } from '../../platform/database/bulk-session.ts';
import type { CsvImport, ImportCounts } from './csv-imports.ts';
import { ImportStopped } from './csv-plan-refusals.ts';

// The plan of an import as a whole: who may write it, and whether all of it is there.

/** Writes rows of a plan, and returns how many. @throws ImportStopped */
export type WritePlan = (sql: string, values: readonly SqlValue[]) => Promise<number>;

/**
 * Writes to the plan as the process that reads the file; writes nothing once the import was cancelled, taken over or read anew. A process
 * that stood still for longer than its lease would otherwise mix its rows with those of the next reading.
 *
 * Whoever takes the import changes its row, so they wait for the lock, and then find what was written. The lock comes after the statement:
 * a long one must not keep its own process from renewing the lease.
 */
export function planWriter(
  session: BulkSession,
  { id, planVersion }: Pick<CsvImport, 'id' | 'planVersion'>,
): WritePlan {
  return (sql, values) =>
    session.transaction(async (tx) => {
      const rows = await tx.execute(sql, values);
      const own = await tx.query(
        `SELECT id FROM "CsvImport" WHERE id = $1 AND state = 'reading' AND "planVersion" = $2 FOR SHARE`,
        [id, planVersion],
      );
      if (own.length === 0) throw new ImportStopped();
      return rows;
    });
}

/** Deletes the plan of an earlier reading. */
export async function deletePlan(write: WritePlan, importId: number): Promise<void> {
  await write('DELETE FROM "CsvImportRow" WHERE "importId" = $1', [importId]);
}

const kinds: readonly CsvRowKind[] = ['error', 'added', 'changed', 'respelled', 'unchanged', 'removed', 'unmatched'];

/** Rows by kind. */
async function countRows(session: BulkSession, importId: number): Promise<ImportCounts> {
  const rows = await session.query<{ kind: CsvRowKind; rows: number; created: number; disconnected: number }>(
    `SELECT kind::text AS kind, count(*)::int AS rows, (count(*) FILTER (WHERE "createsAccount"))::int AS created,
       (count(*) FILTER (WHERE disconnects))::int AS disconnected
     FROM "CsvImportRow" WHERE "importId" = $1 GROUP BY 1`,
    [importId],
  );
  const counts = {
    error: 0,
    added: 0,
    changed: 0,
    respelled: 0,
    unchanged: 0,
    removed: 0,
    unmatched: 0,
    accountsCreated: 0,
    disconnected: 0,
  };
  for (const row of rows) {
    counts[row.kind] = row.rows;
    counts.accountsCreated += row.created;
    counts.disconnected += row.disconnected;
  }
  return counts;
}

/**
 * Counts the plan of a reading. Each row of the file is planned once; what the file does not name is `removed`.
 * @throws ImportStopped where the plan is not that of the whole file
 */
export async function countPlan(session: BulkSession, importId: number, rowsRead: number): Promise<ImportCounts> {
  // The planner needs the number of rows for the statements that follow.
  await session.execute('ANALYZE "CsvImportRow"');
  const counts = await countRows(session, importId);
  const planned = kinds.reduce((rows, kind) => rows + counts[kind], 0);
  if (planned - counts.removed !== rowsRead) throw new ImportStopped();
  return counts;
}

/**
 * Requires the plan that was previewed, in the transaction that executes or undoes it: where rows are missing, the rest would be done
 * and reported as all.
 * @throws ImportStopped
 */
export async function requireWholePlan(
  tx: BulkSession,
  { id, counts }: Pick<CsvImport, 'id' | 'counts'>,
): Promise<void> {
  const found = await countRows(tx, id);
  if (counts === null || kinds.some((kind) => found[kind] !== counts[kind])) throw new ImportStopped();
}
