/** Rows of an export in a fixed order: a page after a key ('' = from the start), and about how many there are. */
export interface ExportRows<Row> {
  page(after: string, take: number): Promise<readonly Row[]>;
  /** Where a row stands. */
  keyOf(row: Row): string;
  count(): Promise<number>;
}
