/**
 * What a spreadsheet runs as a formula, or what hides one: OWASP's list ("CSV Injection") with the full-width and
 * small signs, also after blanks. Leading apostrophes are included: otherwise a data cell `'=1` and a neutralised
 * `=1` would be the same text, and re-import could not tell them apart.
 */
const formula = /^'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠−﹦﹢﹣﹫])/;

/** The cell as text for a spreadsheet: a formula is prefixed with `'`. */
export function neutraliseCell(cell: string): string {
  return formula.test(cell) ? `'${cell}` : cell;
}

/** The inverse of `neutraliseCell`, exact for every text. A formula typed without `'` stays as it is. */
export function restoreCell(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell;
}
