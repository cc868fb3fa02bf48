/**
 * What a spreadsheet runs as a formula, or what hides one: OWASP's list ("CSV Injection") with the full-width and small signs,
 * also behind blanks. Apostrophes in front belong to it: without them a cell `'=1` of the data and a neutralised `=1` would be
 * the same text, and re-import could not tell them apart.
 */
const formula = /^'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠−﹦﹢﹣﹫])/;

/** The cell as text for a spreadsheet: a formula gets one `'` in front. */
export function neutraliseCell(cell: string): string {
  return formula.test(cell) ? `'${cell}` : cell;
}

/** The inverse of `neutraliseCell`, exact for every text. A formula that somebody typed without `'` stays as it is. */
export function restoreCell(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell;
}
