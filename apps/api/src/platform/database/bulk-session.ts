/** What a statement of a bulk session may be given. */
export type SqlValue = string | number | boolean | null | Date | Uint8Array;

/**
 * One connection beside Prisma for work in bulk: COPY, temporary tables, transactions of many statements. Used by records
 * only. A statement that the database cannot serve fails with DatabaseUnavailable, as everywhere.
 */
export interface BulkSession {
  query<Row extends object>(sql: string, values?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** Gives how many rows the statement touched. */
  execute(sql: string, values?: readonly SqlValue[]): Promise<number>;
  /** Loads rows in COPY's text format: `copyLine` makes them. */
  copy(table: string, columns: readonly string[], lines: string): Promise<void>;
  /** All or nothing; a session has one transaction at a time. */
  transaction<T>(work: (tx: BulkSession) => Promise<T>): Promise<T>;
}

export interface BulkDatabase {
  /**
   * How many rows one statement should touch: on PGlite it blocks the process for as long as it runs; on PostgreSQL it
   * must end before its timeout.
   */
  readonly rowsPerStatement: number;
  /** The same for a statement that reads whole tables, whose cost hardly grows with the rows. */
  readonly rowsPerScan: number;
  /** Whether others wait while a transaction of the session is open, as on PGlite, which is one connection. */
  readonly exclusive: boolean;
  /** Lends a session for as long as the work takes; its temporary tables go with it. */
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
