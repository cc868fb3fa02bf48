import { isAscii, isUtf8 } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { CsvRefused } from './csv-refused.ts';
import { EucJpEvidence } from './euc-jp-evidence.ts';
import { shiftsToJapanese } from './iso-2022-jp.ts';
import { readBlocks } from './read-blocks.ts';
import { recogniseFile } from './recognise-file.ts';

export type CsvEncoding =
  | 'utf-8'
  | 'utf-16le'
  | 'utf-16be'
  | 'utf-32le'
  | 'utf-32be'
  | 'cp932'
  | 'euc-jp'
  | 'iso-2022-jp';

const nul = 0;
const newline = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;

/**
 * The encoding of a file: by its byte order mark, its NULs, its header line or, where that is ASCII, the whole file.
 * @throws CsvRefused where the file is not text
 */
export async function detectEncoding(source: AsyncIterable<Uint8Array>): Promise<CsvEncoding> {
  let characters = 0;
  let short = 0;
  let broken = 0;
  let first = true;
  let shifts = false;
  const evidence = new EucJpEvidence();
  const decoder = new TextDecoder();
  for await (const block of readBlocks(source)) {
    const encoding = first ? fromStart(block) : undefined;
    if (encoding) return encoding;
    first = false;
    if (isAscii(block)) {
      shifts ||= shiftsToJapanese(block);
    } else {
      evidence.add(block);
      const text = decoder.decode(block, { stream: true });
      characters += count(text, /\P{ASCII}/gu);
      short += count(text, /[\u0080-\u07ff]/g);
      broken += count(text, /\ufffd/g);
    }
    await setImmediate();
  }
  // One bad byte in a UTF-8 file must not turn all its other names into half-width kana. Two bytes of CP932 are often a
  // character of two bytes in UTF-8, so such a character counts for less.
  if (broken > characters - broken - short / 2) return evidence.isEucJp ? 'euc-jp' : 'cp932';
  return shifts && characters === 0 ? 'iso-2022-jp' : 'utf-8';
}

/** undefined: the header line is ASCII, so the rest decides. */
function fromStart(block: Uint8Array): CsvEncoding | undefined {
  if (block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf) return 'utf-8';
  if (startsWith(block, 0xff, 0xfe, 0, 0)) return 'utf-32le';
  if (startsWith(block, 0, 0, 0xfe, 0xff)) return 'utf-32be';
  if (block[0] === 0xff && block[1] === 0xfe) return 'utf-16le';
  if (block[0] === 0xfe && block[1] === 0xff) return 'utf-16be';
  const reason = recogniseFile(block);
  if (reason) throw new CsvRefused(reason);
  const wide = fromNuls(block.subarray(0, 4096));
  if (wide) return wide;
  // Before the controls are counted: each of its shifts begins with one.
  if (isAscii(block) && shiftsToJapanese(block)) return 'iso-2022-jp';
  if (isBinary(block.subarray(0, 4096))) throw new CsvRefused('binary');
  const header = headerLine(block);
  if (isAscii(header)) return undefined;
  if (isUtf8(header)) return 'utf-8';
  const evidence = new EucJpEvidence();
  evidence.add(header);
  return evidence.isEucJp ? 'euc-jp' : 'cp932';
}

function startsWith(block: Uint8Array, ...bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => block[index] === byte);
}

/**
 * UTF-16 without a byte order mark: every second byte of its ASCII is NUL, and much of a header line and of addresses
 * is ASCII.
 */
function fromNuls(start: Uint8Array): CsvEncoding | undefined {
  let even = 0;
  let odd = 0;
  for (let i = 0; i < start.length; i++) {
    if (start[i] !== nul) continue;
    if (i % 2 === 0) even++;
    else odd++;
  }
  const enough = start.length / 5;
  if (odd > 1 && odd >= enough && even * 8 < odd) return 'utf-16le';
  if (even > 1 && even >= enough && odd * 8 < even) return 'utf-16be';
  return undefined;
}

/** One NUL in a cell is a fault of its row; a file full of them is not a CSV file. */
function isBinary(start: Uint8Array): boolean {
  const controls = start.reduce((sum, byte) => sum + (byte < 0x20 && (byte < 0x09 || byte > 0x0d) ? 1 : 0), 0);
  return controls > 8 && controls > start.length / 12;
}

/**
 * The bytes of the first line, including quoted newlines. In all encodings still possible here, 0x22 is always a
 * quote.
 */
function headerLine(block: Uint8Array): Uint8Array {
  let quoted = false;
  for (let i = 0; i < block.length; i++) {
    if (block[i] === quote) quoted = !quoted;
    else if (!quoted && (block[i] === newline || block[i] === carriageReturn)) return block.subarray(0, i);
  }
  return withoutCutSequence(block);
}

/** A line longer than the block ends with the block, possibly inside a character. */
function withoutCutSequence(line: Uint8Array): Uint8Array {
  for (let back = 1; back <= 3 && back <= line.length; back++) {
    const byte = line[line.length - back] ?? 0;
    if (byte >= 0xc0) return line.subarray(0, line.length - back);
    if (byte < 0x80) return line;
  }
  return line;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
