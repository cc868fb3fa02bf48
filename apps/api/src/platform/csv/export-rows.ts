/** Rows of an export in a fixed order: a page after a key ('' = from the start), and their approximate number. */
export interface ExportRows<Row> {
  page(after: string, take: number): Promise<readonly Row[]>;
  /** The row's sort key. */
  keyOf(row: Row): string;
  count(): Promise<number>;
}
