/** A column of sealed values, and what is needed to seal them anew. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** The primary key, a uuid. */
  readonly key: string;
  /** The columns that the values are sealed to. */
  readonly boundTo: readonly string[];
  /** The place that a row's value is sealed to. */
  readonly placeOf: (row: Readonly<Record<string, string | null>>) => string;
  /** The time after which a value counts as gone, where values expire. */
  readonly expiresAt?: string;
}
