/** One character: a comma, a semicolon, a tab, or another that the file itself declares. */
export type Separator = string;

const separators: readonly Separator[] = [',', ';', '\t'];

/**
 * A first line that is not the header: `sep=;`, which Excel reads and writes, or the `#TYPE …` of PowerShell. Programs that do
 * not know it save it again in quotes, and with as many separators as the file has.
 */
const declaration = /^\n*"?(?:sep=(\\t|[\t!#-/:-@[-^`{-~])?|#type [^\n"]*)"?[,;\t ]*(?:\n|$)/iu;

/** The declaration at the start of a file: its length, and the separator where it names one. */
export function readDeclaration(text: string): { readonly length: number; readonly separator?: Separator } {
  const match = declaration.exec(text);
  if (!match) return { length: 0 };
  const [{ length }, separator] = match;
  if (separator === undefined) return { length };
  return { length, separator: separator === '\\t' ? '\t' : separator };
}

/**
 * The cell separator of the first non-blank line: the declared one if it has it, else the most frequent candidate
 * outside quotes, a comma where there is none.
 */
export function findSeparator(text: string, declared?: Separator): Separator {
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
  if (declared !== undefined && countOf(declared) > 0) return declared;
  return separators.reduce((best, separator) => (countOf(separator) > countOf(best) ? separator : best));
}
