import { accountKey } from '@argus/contract/account-key';
import type { FieldErrorCode } from '@argus/contract/errors/field-errors';
import { judgeAccountName } from '../accounts/parse-account.ts';
import { forbiddenInLine } from '../platform/http/read-form.ts';

/** What is wrong with one cell. */
export interface CellFault {
  readonly column: string | null;
  readonly code: FieldErrorCode;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** Printable ASCII: nothing to normalise, nothing forbidden. Most cells are. */
const plain = /^[\x20-\x7e]*$/;
const longestDisplayName = 200;

/**
 * Reads an account name as the forms do: half-width, trimmed.
 * @returns the name, and its key; null where the name is refused, so that it matches no other
 */
export function judgeAccountCell(
  cell: string,
  column: string,
  malformed: 'username_malformed' | 'upn_malformed',
  faults: CellFault[],
): { readonly name: string; readonly key: string | null } {
  const isPlain = plain.test(cell);
  const name = (isPlain ? cell : cell.normalize('NFKC')).trim();
  // A fault of the file itself was already reported, and takes precedence over the cell's own.
  if (isFaulty(column, faults)) return { name, key: null };
  const judged = judgeAccountName(name);
  if (judged) {
    const { fault, max } = judged;
    if (fault === 'required' && lacksCells(faults)) return { name, key: null };
    faults.push(
      fault === 'too_long'
        ? { column, code: fault, values: { max } }
        : { column, code: fault === 'malformed' ? malformed : fault },
    );
    return { name, key: null };
  }
  return { name, key: isPlain ? name.toLowerCase() : accountKey(name) };
}

/** Whether a column already has a fault: more would be noise. */
export function isFaulty(column: string, faults: readonly CellFault[]): boolean {
  return faults.some((fault) => fault.column === column);
}

/** Whether the row has too few cells: then an empty cell means nothing. */
export function lacksCells(faults: readonly CellFault[]): boolean {
  return faults.some((fault) => fault.code === 'csv_cells_missing');
}

/** Reads ユーザ名. */
export function judgeDisplayName(cell: string, faults: CellFault[]): string {
  const name = judgeName(cell, 'displayName', faults);
  if (name === '' && !isFaulty('displayName', faults) && !lacksCells(faults))
    faults.push({ column: 'displayName', code: 'required' });
  return name;
}

/** Reads フリガナ, which may be empty. */
export function judgeReading(cell: string, faults: CellFault[]): string {
  return judgeName(cell, 'reading', faults);
}

function judgeName(cell: string, column: string, faults: CellFault[]): string {
  const name = cell.trim();
  if (isFaulty(column, faults)) return name;
  if (name.length > longestDisplayName) faults.push({ column, code: 'too_long', values: { max: longestDisplayName } });
  else if (!plain.test(name) && forbiddenInLine.test(name)) faults.push({ column, code: 'control_characters' });
  return name;
}
