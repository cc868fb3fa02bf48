import type { CsvRowKind } from '@argus/contract/endpoints/csv-imports';
import type { BulkSession } from '../database/bulk-session.ts';

/** Works through the rows of one kind in pieces, by the first and the last row of each. */
export async function inPieces(
  tx: BulkSession,
  importId: number,
  kind: CsvRowKind,
  rowsPerStatement: number,
  work: (from: number, to: number) => Promise<void>,
): Promise<void> {
  const [span] = await tx.query<{ first: number | null; last: number | null }>(
    `SELECT min(seq) AS first, max(seq) AS last FROM "CsvImportRow" WHERE "importId" = $1 AND kind = $2::"CsvRowKind"`,
    [importId, kind],
  );
  if (!span || span.first === null || span.last === null) return;
  for (let from = span.first; from <= span.last; from += rowsPerStatement) {
    await work(from, Math.min(span.last, from + rowsPerStatement - 1));
  }
}

/** Condition on rows `r` of a kind: `$1` is the import, `$2` and `$3` the first and the last row. */
export const rowsOf = (kind: CsvRowKind) =>
  `r."importId" = $1 AND r.kind = '${kind}'::"CsvRowKind" AND r.seq BETWEEN $2 AND $3`;
