import type { CsvRowKind } from '@argus/contract/endpoints/imports/csv-imports';
import type { BulkSession } from '../../platform/database/bulk-session.ts';

/** Goes through a range of numbers in batches, by the first and the last of each. */
async function eachPiece(
  span: { readonly first: number; readonly last: number },
  size: number,
  work: (from: number, to: number) => Promise<void>,
): Promise<void> {
  for (let from = span.first; from <= span.last; from += size) await work(from, Math.min(span.last, from + size - 1));
}

/** Processes the lines of a file in batches; returns the number of the last line, 0 where there is none. */
export async function inLinePieces(
  session: BulkSession,
  lines: string,
  linesPerStatement: number,
  work: (from: number, to: number) => Promise<void>,
): Promise<number> {
  const [found] = await session.query<{ last: number | null }>(`SELECT max(line) AS last FROM ${lines}`);
  const last = found?.last ?? 0;
  await eachPiece({ first: 1, last }, linesPerStatement, work);
  return last;
}

/** Processes the rows of one kind in batches, by the first and the last row of each. */
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
  await eachPiece({ first: span.first, last: span.last }, rowsPerStatement, work);
}

/**
 * Condition on rows `r` of a kind that are to be written: `$1` is the import, `$2` and `$3` the first and the last row.
 */
export const rowsOf = (kind: CsvRowKind) =>
  `r."importId" = $1 AND r.kind = '${kind}'::"CsvRowKind" AND r.seq BETWEEN $2 AND $3 AND NOT r.kept`;
