import iconv from 'iconv-lite';
import type { CsvEncoding } from './detect-encoding.ts';
import { openIso2022Jp } from './iso-2022-jp.ts';
import { readBlocks } from './read-blocks.ts';

export interface DecodedBlock {
  /** Every line end is `\n`. An undecodable byte has become U+FFFD. */
  readonly text: string;
  /** Bytes of the file read so far. */
  readonly bytesRead: number;
}

/** The text of a file, block by block, without its byte order mark. */
export async function* decodeCsv(
  source: AsyncIterable<Uint8Array>,
  encoding: CsvEncoding,
): AsyncGenerator<DecodedBlock> {
  const decoder = openDecoder(encoding);
  let bytesRead = 0;
  // CR and LF of one line end may come in two blocks.
  let carriageReturn = '';
  for await (const block of readBlocks(source)) {
    bytesRead += block.length;
    const text = carriageReturn + decoder.write(block);
    carriageReturn = text.endsWith('\r') ? '\r' : '';
    yield { text: unifyLineEnds(carriageReturn ? text.slice(0, -1) : text), bytesRead };
  }
  const rest = unifyLineEnds(carriageReturn + decoder.end());
  if (rest !== '') yield { text: rest, bytesRead };
}

interface Decoder {
  readonly write: (bytes: Uint8Array) => string;
  readonly end: () => string;
}

/** CP932 by iconv-lite: Node's decoder (ICU) swaps DEL, FS and SUB, and swallows an `@` after a broken byte. */
const ofIconv: Partial<Record<CsvEncoding, string>> = {
  cp932: 'cp932',
  'euc-jp': 'eucjp',
  'utf-32le': 'utf-32le',
  'utf-32be': 'utf-32be',
};

function openDecoder(encoding: CsvEncoding): Decoder {
  if (encoding === 'iso-2022-jp') {
    const shifts = openIso2022Jp();
    const decoder = openDecoder('euc-jp');
    return {
      write: (bytes) => decoder.write(shifts.write(bytes)),
      end: () => decoder.write(shifts.end()) + decoder.end(),
    };
  }
  const name = ofIconv[encoding];
  if (name !== undefined) {
    const decoder = iconv.getDecoder(name);
    return {
      write: (bytes) => decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)),
      end: () => decoder.end() ?? '',
    };
  }
  const decoder = new TextDecoder(encoding);
  return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}

function unifyLineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}
