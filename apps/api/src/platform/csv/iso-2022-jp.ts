const escapeByte = 0x1b;
const newline = 0x0a;
const carriageReturn = 0x0d;

type CharacterSet = 'ascii' | 'kana' | 'kanji' | 'supplementary';

/** What follows the escape byte (RFC 1468, and the kana and JIS X 0212 that mail programs and mainframes added). */
const sequences: Readonly<Record<string, CharacterSet>> = {
  '(B': 'ascii',
  '(J': 'ascii',
  '(I': 'kana',
  $B: 'kanji',
  '$@': 'kanji',
  '$(D': 'supplementary',
};
const longestSequence = 3;

/** Whether these bytes, all of them ASCII, hold a shift to Japanese characters. */
export function shiftsToJapanese(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(escapeByte); at >= 0; at = bytes.indexOf(escapeByte, at + 1)) {
    const set = sequenceAt(bytes, at)?.set;
    if (set !== undefined && set !== 'ascii') return true;
  }
  return false;
}

/**
 * Turns ISO-2022-JP into EUC-JP, which has the same characters without a state. A shift that is still open ends with
 * its line. A byte that is no character becomes one that EUC-JP lacks.
 */
export function openIso2022Jp(): { readonly write: (bytes: Uint8Array) => Buffer; readonly end: () => Buffer } {
  let set: CharacterSet = 'ascii';
  let waiting = new Uint8Array();

  const turn = (bytes: Uint8Array, isEnd: boolean): Buffer => {
    const given = waiting.length > 0 ? Buffer.concat([waiting, bytes]) : bytes;
    const out: number[] = [];
    let at = 0;
    while (at < given.length) {
      const byte = given[at] ?? 0;
      const left = given.length - at;
      const sequence = byte === escapeByte ? sequenceAt(given, at) : undefined;
      const isCut = byte === escapeByte ? !sequence && left <= longestSequence : isDouble(set) && left < 2;
      if (isCut && !isEnd && byte !== newline && byte !== carriageReturn) break;
      if (sequence) {
        set = sequence.set;
        at += sequence.length;
      } else if (byte === newline || byte === carriageReturn) {
        set = 'ascii';
        out.push(byte);
        at += 1;
      } else {
        const width = push(out, set, byte, given[at + 1]);
        at += width;
      }
    }
    waiting = given.slice(at);
    return Buffer.from(out);
  };
  return { write: (bytes) => turn(bytes, false), end: () => turn(new Uint8Array(), true) };
}

function isDouble(set: CharacterSet): boolean {
  return set === 'kanji' || set === 'supplementary';
}

/** Writes the next character as EUC-JP; returns how many bytes it took. */
function push(out: number[], set: CharacterSet, byte: number, next: number | undefined): 1 | 2 {
  if (byte < 0x21 || byte > 0x7e || set === 'ascii') {
    out.push(byte);
    return 1;
  }
  if (set === 'kana') {
    out.push(0x8e, byte | 0x80);
    return 1;
  }
  if (next === undefined || next < 0x21 || next > 0x7e) {
    out.push(0xff);
    return 1;
  }
  if (set === 'supplementary') out.push(0x8f);
  out.push(byte | 0x80, next | 0x80);
  return 2;
}

function sequenceAt(
  bytes: Uint8Array,
  at: number,
): { readonly set: CharacterSet; readonly length: number } | undefined {
  const text = String.fromCharCode(...bytes.subarray(at + 1, at + 1 + longestSequence));
  const name = Object.keys(sequences).find((candidate) => text.startsWith(candidate));
  const set = name === undefined ? undefined : sequences[name];
  return name === undefined || set === undefined ? undefined : { set, length: 1 + name.length };
}
