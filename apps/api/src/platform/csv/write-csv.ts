import { encodeCp932 } from './encode-cp932.ts';
import { neutraliseCell } from './neutralise-cell.ts';

/** Starts a UTF-8 file, so that Excel does not read it as CP932. */
export const byteOrderMark = '\ufeff';

/** Every separator that Excel uses in some locale, and blanks that it would strip. */
const needsQuotes = /[",;\t\r\n]|^\s|\s$/;

/** One record: neutralised, quoted where needed, ending in CRLF. */
export function formatCsvRow(cells: readonly string[]): string {
  return `${cells.map(formatCell).join(',')}\r\n`;
}

/**
 * The bytes of a piece of a file, without a byte order mark.
 * @throws RangeError where CP932 lacks a character
 */
export function encodeCsv(text: string, encoding: 'utf-8' | 'cp932'): Uint8Array {
  return encoding === 'cp932' ? encodeCp932(text) : Buffer.from(text);
}

function formatCell(cell: string): string {
  const inert = neutraliseCell(cell);
  return needsQuotes.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
