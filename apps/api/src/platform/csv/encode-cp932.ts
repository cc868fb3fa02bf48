import iconv from 'iconv-lite';

const beyondAscii = /\P{ASCII}/u;
/** Caches whether CP932 has a character: at most the 1.1 million of Unicode, a few hundred in practice. */
const known = new Map<string, boolean>();

/**
 * The first character (code point) that CP932 lacks, undefined where it has them all. A character that encodes to
 * another's byte (`¥` to that of `\`) counts as lacking, as does every look-alike (`〜`, `—`, `−`): nothing is
 * replaced.
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

/** @throws RangeError where CP932 lacks a character: call `findUnencodable` first */
export function encodeCp932(text: string): Uint8Array {
  const bytes = iconv.encode(text, 'cp932');
  // iconv-lite writes `?` for a character that it lacks.
  if (iconv.decode(bytes, 'cp932') !== text) throw new RangeError('The text holds a character that CP932 lacks.');
  return bytes;
}

function survives(character: string): boolean {
  return iconv.decode(iconv.encode(character, 'cp932'), 'cp932') === character;
}
