import iconv from 'iconv-lite';

const beyondAscii = /\P{ASCII}/u;
/** Whether CP932 has a character, for those asked about so far: at most the 1.1 million of Unicode, a few hundred in practice. */
const known = new Map<string, boolean>();

/**
 * The first character (code point) that CP932 lacks, undefined where it has them all. A character that encodes to the byte of
 * another (`¥` to that of `\`) counts as lacking, as does every look-alike (`〜`, `—`, `−`): nothing is replaced.
 */
export function findUnencodable(text: string): string | undefined {
  if (!beyondAscii.test(text)) return undefined;
  for (const character of text) {
    let has = known.get(character);
    if (has === undefined) {
      has = survives(character);
      known.set(character, has);
    }
    if (!has) return character;
  }
  return undefined;
}

/**
 * @throws RangeError where CP932 lacks a character: `findUnencodable` is asked first
 */
export function encodeCp932(text: string): Uint8Array {
  const bytes = iconv.encode(text, 'cp932');
  // iconv-lite writes `?` for what it lacks.
  if (iconv.decode(bytes, 'cp932') !== text) throw new RangeError('The text holds a character that CP932 lacks.');
  return bytes;
}

function survives(character: string): boolean {
  return iconv.decode(iconv.encode(character, 'cp932'), 'cp932') === character;
}
