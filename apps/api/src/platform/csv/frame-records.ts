import { CsvRefused } from './csv-refused.ts';

/** Whole records, with the physical line (1-based) where each starts. Blank lines have no entry in `lines`. */
export interface Frame {
  readonly text: string;
  readonly lines: readonly number[];
}

/** csv-parse takes up to 15 µs for a record of an unexpected width, so this many stay within one short turn. */
const recordsPerFrame = 500;
const longestRecord = 1_000_000;

const newline = 10;
const quote = 34;

/**
 * Cuts a text that arrives in blocks at the ends of records. It only counts quotes: in a well-formed text an even
 * number of them means "outside", and csv-parse judges whether the text is well-formed.
 */
export class RecordFramer {
  /** The text after the last whole record. */
  #rest = '';
  #quoted = false;
  #recordLine = 1;
  #line = 1;

  /**
   * The whole records that end in this block. Iterate to the end before adding the next block.
   * @throws CsvRefused where a record is longer than a million characters
   */
  *add(text: string): Generator<Frame> {
    const whole = this.#rest + text;
    let frameStart = 0;
    let recordStart = 0;
    let lines: number[] = [];
    for (let i = this.#rest.length; i < whole.length; i++) {
      const code = whole.charCodeAt(i);
      if (code === quote) this.#quoted = !this.#quoted;
      if (code !== newline) continue;
      this.#line++;
      if (this.#quoted) continue;
      this.#refuseLong(i - recordStart);
      if (i > recordStart) lines.push(this.#recordLine);
      recordStart = i + 1;
      this.#recordLine = this.#line;
      if (lines.length < recordsPerFrame) continue;
      yield { text: whole.slice(frameStart, recordStart), lines };
      frameStart = recordStart;
      lines = [];
    }
    this.#rest = whole.slice(recordStart);
    this.#refuseLong(this.#rest.length);
    if (lines.length > 0) yield { text: whole.slice(frameStart, recordStart), lines };
  }

  /** The remaining text: an incomplete record, or one without a final newline. */
  rest(): Frame | undefined {
    return this.#rest === '' ? undefined : { text: this.#rest, lines: [this.#recordLine] };
  }

  #refuseLong(length: number): void {
    if (length <= longestRecord) return;
    const line = this.#recordLine;
    // A record of many lines is hardly intended: a quote was left open and swallowed what follows.
    if (this.#line > line + 1) throw new CsvRefused('quote_unclosed', { line });
    throw new CsvRefused('record_too_long', { line, max: longestRecord });
  }
}
