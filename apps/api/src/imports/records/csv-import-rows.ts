import type { CsvRowKind } from '@argus/contract/endpoints/imports/csv-imports';
import { present } from '@argus/fields/present';
import { Prisma } from '../../generated/prisma/client.ts';
import type { BulkSession } from '../../platform/database/bulk-session.ts';
import type { Db } from '../../platform/database/db.ts';
import type { CsvImport, ImportCounts } from './csv-imports.ts';

/** What is wrong with a row: the column, the field-error code, and the values for its text. */
export interface RowFault {
  readonly column: string | null;
  readonly code: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** One row of a plan. */
export interface ImportRow {
  readonly seq: number;
  readonly kind: CsvRowKind;
  readonly line: number | null;
  readonly username: string;
  readonly createsAccount: boolean;
  readonly microsoftAccount: string | null;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly faults: readonly RowFault[] | null;
  readonly disconnects: boolean;
}

/** One page of the rows of a kind, in file order, after `after`. */
export async function listImportRows(
  db: Db,
  importId: number,
  filter: { kind: CsvRowKind; disconnects?: boolean | undefined },
  page: { after: number; take: number },
): Promise<readonly ImportRow[]> {
  const rows = await db.csvImportRow.findMany({
    where: {
      importId,
      kind: filter.kind,
      seq: { gt: page.after },
      ...present({ disconnects: filter.disconnects }),
    },
    orderBy: { seq: 'asc' },
    take: page.take,
  });
  return rows.map(({ before, after, faults, ...row }) => ({
    ...row,
    before: before as ImportRow['before'],
    after: after as ImportRow['after'],
    faults: faults as ImportRow['faults'],
  }));
}

/** Whether a plan, or its undo, changes who is an active administrator. */
export async function changesAdmins(db: Db, { id, table }: Pick<CsvImport, 'id' | 'table'>): Promise<boolean> {
  if (table !== 'users') return false;
  const isAdmin = (state: string) =>
    `coalesce("${state}"->>'role' = 'admin' AND ("${state}"->>'active')::boolean, false)`;
  const rows = await db.$queryRaw<unknown[]>`
    SELECT seq FROM "CsvImportRow" WHERE "importId" = ${id} AND kind IN ('added', 'changed', 'respelled')
      AND ${Prisma.raw(`${isAdmin('before')} <> ${isAdmin('after')}`)} LIMIT 1`;
  return rows.length > 0;
}

/** Deletes the plan of an earlier reading. */
export async function deletePlan(session: BulkSession, importId: number): Promise<void> {
  await session.execute('DELETE FROM "CsvImportRow" WHERE "importId" = $1', [importId]);
}

/** Rows by kind. */
export async function countPlan(session: BulkSession, importId: number): Promise<ImportCounts> {
  // The planner needs the number of rows for the statements that follow.
  await session.execute('ANALYZE "CsvImportRow"');
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
 * Updates the planner's statistics in the transaction that changed many rows. PGlite never does so by itself,
 * PostgreSQL only a minute later; until then, counts and plans would rest on the tables' former state.
 */
export async function refreshStatistics(session: BulkSession): Promise<void> {
  for (const table of ['Account', 'AccountLink']) await session.execute(`ANALYZE "${table}"`);
}
