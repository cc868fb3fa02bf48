import type { CsvRowKind } from '@argus/contract/endpoints/imports/csv-imports';
import { present } from '@argus/fields/present';
import { Prisma } from '../../generated/prisma/client.ts';
import type { BulkSession } from '../../platform/database/bulk-session.ts';
import type { Db } from '../../platform/database/db.ts';
import type { CsvImport } from './csv-imports.ts';

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

/** A fault, and the rows that have it. */
export interface SharedFault {
  readonly fault: RowFault;
  readonly rows: number;
  /** The first of their lines. */
  readonly lines: readonly number[];
}

/** Faults that several rows have in exactly the same words, the most frequent first. */
export async function listSharedFaults(db: Db, importId: number, take: number): Promise<readonly SharedFault[]> {
  return db.$queryRaw<SharedFault[]>`
    SELECT fault, count(*)::int AS rows, (array_agg(line ORDER BY line))[1:5] AS lines
    FROM "CsvImportRow", jsonb_array_elements(faults) AS fault
    WHERE "importId" = ${importId} AND kind IN ('error', 'unmatched') AND line IS NOT NULL
    GROUP BY fault HAVING count(*) > 1 ORDER BY count(*) DESC, min(line) LIMIT ${take}`;
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

/**
 * Updates the planner's statistics in the transaction that changed many rows. PGlite never does so by itself,
 * PostgreSQL only a minute later; until then, counts and plans would rest on the tables' former state.
 */
export async function refreshStatistics(session: BulkSession): Promise<void> {
  for (const table of ['Account', 'AccountLink']) await session.execute(`ANALYZE "${table}"`);
}
