import type { CsvLayout } from '../platform/csv/csv-layout.ts';
import type { CsvRow } from '../platform/csv/read-row.ts';
import type { BulkSession } from '../platform/database/bulk-session.ts';
import type { ImportRow } from './records/csv-import-rows.ts';
import type { CsvImport } from './records/csv-imports.ts';
import type { WritePlan } from './records/csv-plan.ts';
import type { UndoConflicts } from './records/undo-conflicts.ts';

/** An import to work on in batches. */
export interface ImportWork {
  readonly session: BulkSession;
  readonly import: CsvImport;
  readonly rowsPerStatement: number;
  /** Receives the number of rows of each batch; throws to stop the work. */
  readonly onRows: (rows: number) => Promise<void>;
}

/** An import that is being read, and how its plan is written. */
export interface ImportReading extends ImportWork {
  readonly writePlan: WritePlan;
}

/** An import to be written, and by whose right. */
export interface ImportWrite extends ImportWork {
  readonly byAccountId: string;
}

/** What is specific to a table; the course of an import is the same for each. */
export interface ImportTable {
  readonly layout: CsvLayout;
  /** The columns of the temporary table for a file's lines. */
  readonly lineColumns: readonly string[];
  createLines(session: BulkSession, table: string): Promise<void>;
  /** One line for that table, in column order. */
  judge(row: CsvRow): readonly (string | number | boolean | null)[];
  /** Stores the plan: the changes that the lines make. */
  plan(work: ImportReading, lines: string, providerId: string | null): Promise<void>;
  /** Executes the plan in a transaction, exactly or not at all. */
  apply(work: ImportWrite): Promise<void>;
  /**
   * Restores the state before the plan in a transaction, exactly or not at all.
   * @param rest whether to leave the rows that were changed since, which are returned, and undo the rest
   */
  undo(work: ImportWrite, rest: boolean): Promise<UndoConflicts | null>;
  /** Each column's value before and after, in layout order; null where there is none. */
  cells(row: ImportRow): readonly { readonly from: string | null; readonly to: string | null }[];
}
