import type { CsvLayout } from '../platform/csv/csv-layout.ts';
import type { CsvRow } from '../platform/csv/read-row.ts';
import type { BulkSession } from '../platform/database/bulk-session.ts';
import type { ImportRow } from './records/csv-import-rows.ts';
import type { CsvImport } from './records/csv-imports.ts';

/** Work in pieces on an import. */
export interface ImportWork {
  readonly session: BulkSession;
  readonly import: CsvImport;
  readonly rowsPerStatement: number;
  /** Hears after each piece how many rows it did; throws where the work is to stop. */
  readonly onRows: (rows: number) => Promise<void>;
}

/** What is particular to the table that a file is about; how an import goes on is the same for each. */
export interface ImportTable {
  readonly layout: CsvLayout;
  /** The temporary table for the lines of a file. */
  readonly lineColumns: readonly string[];
  createLines(session: BulkSession, table: string): Promise<void>;
  /** One line for that table, in the order of its columns. */
  judge(row: CsvRow): readonly (string | number | boolean | null)[];
  /** Writes the plan: what the lines change. */
  plan(work: ImportWork, lines: string, providerId: string | null): Promise<void>;
  /** Executes the plan in a transaction, exactly or not at all. */
  apply(work: ImportWork): Promise<void>;
  /** Restores what was before the plan in a transaction, exactly or not at all. */
  undo(work: ImportWork): Promise<void>;
  /** What stands in each column before and after, in the order of the layout; null where there is nothing. */
  cells(row: ImportRow): readonly { readonly from: string | null; readonly to: string | null }[];
}
