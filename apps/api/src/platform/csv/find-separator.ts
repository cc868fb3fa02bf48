export type Separator = ',' | ';' | '\t';

const separators: readonly Separator[] = [',', ';', '\t'];

/**
 * The cell separator of the first non-blank line: the most frequent candidate outside quotes, a comma where there is
 * none.
 */
export function findSeparator(text: string): Separator {
  const counts = new Map<string, number>();
  let quoted = false;
  let filled = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (quoted) continue;
    if (character === '\n' && filled) break;
    filled ||= character !== '\n';
    counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  const countOf = (separator: Separator) => counts.get(separator) ?? 0;
  return separators.reduce((best, separator) => (countOf(separator) > countOf(best) ? separator : best));
}
