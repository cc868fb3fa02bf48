/** A parameter of a bulk session's statement. */
export type SqlValue = string | number | boolean | null | Date | Uint8Array;

/**
 * One connection besides Prisma's, for bulk work: COPY, temporary tables, transactions of many statements. Used by
 * records only. A statement that the database cannot serve fails with DatabaseUnavailable, as elsewhere.
 */
export interface BulkSession {
  query<Row extends object>(sql: string, values?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** Returns the number of affected rows. */
  execute(sql: string, values?: readonly SqlValue[]): Promise<number>;
  /** Loads rows in COPY's text format, which `copyLine` makes. */
  copy(table: string, columns: readonly string[], lines: string): Promise<void>;
  /** All or nothing; a session has one transaction at a time. */
  transaction<T>(work: (tx: BulkSession) => Promise<T>): Promise<T>;
}

export interface BulkDatabase {
  /**
   * How many rows one statement should affect: on PGlite it blocks the process while it runs; on PostgreSQL it must
   * end before its timeout.
   */
  readonly rowsPerStatement: number;
  /** The same for a statement that reads whole tables, whose cost hardly depends on the rows. */
  readonly rowsPerScan: number;
  /** Whether others wait while a transaction of the session is open, as on PGlite's single connection. */
  readonly exclusive: boolean;
  /** Lends a session for the duration of the work; its temporary tables are dropped afterwards. */
  session<T>(work: (session: BulkSession) => Promise<T>): Promise<T>;
}

const special = /[\\\n\r\t]/;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** One row in COPY's text format (PostgreSQL, COPY, "Text Format"); null is \N. */
export function copyLine(cells: readonly (string | number | boolean | null)[]): string {
  let line = '';
  for (let index = 0; index < cells.length; index += 1) {
    const cell = cells[index];
    if (index > 0) line += '\t';
    if (cell === null || cell === undefined) line += '\\N';
    else if (typeof cell === 'string') line += special.test(cell) ? escaped(cell) : cell;
    else line += String(cell);
  }
  return `${line}\n`;
}

function escaped(cell: string): string {
  return cell.replaceAll(/[\\\n\r\t]/g, (character) => escapes[character] ?? character);
}
