import { useMemo, useState } from 'react';

/** Rows of the shown page that are chosen for an action on several at once. */
export interface Selection<Row> {
  readonly rows: readonly Row[];
  readonly has: (key: string) => boolean;
  readonly toggle: (keys: readonly string[], chosen: boolean) => void;
  readonly clear: () => void;
}

/** What was chosen on another page or under another filter is not shown, and so not acted on either. */
export function useSelection<Row>(
  rows: readonly Row[] | undefined,
  keyOf: (row: Row) => string,
  isSelectable: (row: Row) => boolean,
): Selection<Row> {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  return useMemo(
    () => ({
      rows: (rows ?? []).filter((row) => keys.has(keyOf(row)) && isSelectable(row)),
      has: (key) => keys.has(key),
      toggle: (some, chosen) =>
        setKeys((before) => new Set(chosen ? [...before, ...some] : [...before].filter((key) => !some.includes(key)))),
      clear: () => setKeys(new Set()),
    }),
    [rows, keys, keyOf, isSelectable],
  );
}
