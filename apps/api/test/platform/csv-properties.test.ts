import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { CsvRefused } from '../../src/platform/csv/csv-refused.ts';
import { findUnencodable } from '../../src/platform/csv/encode-cp932.ts';
import { neutraliseCell, restoreCell } from '../../src/platform/csv/neutralise-cell.ts';
import { byteOrderMark, encodeCsv, formatCsvRow } from '../../src/platform/csv/write-csv.ts';
import { asciiHeader, type FileRead, japaneseHeader, readFile } from '../support/read-csv-file.ts';

/** An above-chance share of what breaks CSV, formulas and encodings. */
const trouble = fc.constantFrom(...'"\',;\t\n =+-@＝＋－＠~\\表ソ能髙①ｱ〜𠮷😀é\u3000\ufeff\u2028\u0085');
const character = fc.oneof(
  { weight: 3, arbitrary: trouble },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
);
/**
 * Line ends within a cell come back as LF, NUL as its symbol, and a broken character as a fault: none of them occur
 * in Argus's data.
 */
const cell = fc.string({ unit: character, maxLength: 12 }).map((text) => text.replace(/\r\n?|[\0\ufffd]/g, ''));
/** A row of blanks does not count. */
const row = fc.tuple(cell, cell).filter((cells) => cells.some((text) => text.trim() !== ''));
const table = fc.array(row, { minLength: 1, maxLength: 8 });
const chunkBytes = fc.constantFrom(1, 2, 3, 7, 65536);

function format(header: string, rows: readonly (readonly string[])[]): string {
  return `${header}\r\n${rows.map((cells) => formatCsvRow(cells)).join('')}`;
}

async function expectTable(bytes: Uint8Array, chunk: number, rows: readonly (readonly string[])[]): Promise<FileRead> {
  const file = await readFile(bytes, { chunkBytes: chunk });
  expect(file.rows.map(({ cells }) => cells)).toEqual(rows);
  return file;
}

describe('any table → written → read → the same table', () => {
  const header = fc.constantFrom(japaneseHeader, asciiHeader);

  it('CSV01: UTF-8 with byte order mark, as Argus exports it', async () => {
    await fc.assert(
      fc.asyncProperty(table, header, chunkBytes, async (rows, head, chunk) => {
        await expectTable(encodeCsv(byteOrderMark + format(head, rows), 'utf-8'), chunk, rows);
      }),
      { numRuns: 200 },
    );
  });

  it('CSV01: UTF-8 without byte order mark', async () => {
    await fc.assert(
      fc.asyncProperty(table, header, chunkBytes, async (rows, head, chunk) => {
        await expectTable(encodeCsv(format(head, rows), 'utf-8'), chunk, rows);
      }),
      { numRuns: 200 },
    );
  });

  it('CSV01: CP932, of what it can write', async () => {
    const known = (text: string) => [...text].filter((one) => findUnencodable(one) === undefined).join('');
    await fc.assert(
      fc.asyncProperty(table, chunkBytes, async (drawn, chunk) => {
        const rows = drawn.map((cells) => cells.map(known)).filter((cells) => cells.some((text) => text.trim() !== ''));
        fc.pre(rows.length > 0);
        await expectTable(encodeCsv(format(japaneseHeader, rows), 'cp932'), chunk, rows);
      }),
      { numRuns: 200 },
    );
  });

  it('CSV01: UTF-16 with byte order mark, either way round', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.boolean(), chunkBytes, async (rows, swapped, chunk) => {
        const bytes = Buffer.from(byteOrderMark + format(japaneseHeader, rows), 'utf16le');
        await expectTable(swapped ? bytes.swap16() : bytes, chunk, rows);
      }),
      { numRuns: 200 },
    );
  });

  it('CSV14: neutralising is undone exactly, for every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: character }), (text) => {
        expect(restoreCell(neutraliseCell(text))).toBe(text);
      }),
    );
  });
});

describe('any bytes → rows or C1, nothing else', () => {
  async function readOrRefuse(bytes: Uint8Array, chunk: number): Promise<void> {
    const outcome = await readFile(bytes, { chunkBytes: chunk }).catch((error: unknown) => {
      if (!(error instanceof CsvRefused)) throw error;
      return undefined;
    });
    for (const { line, cells } of outcome?.rows ?? []) {
      expect(line).toBeGreaterThan(1);
      expect(cells).toHaveLength(2);
      expect(cells.join('')).not.toContain('\0');
    }
  }

  it('random bytes', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), chunkBytes, readOrRefuse), { numRuns: 200 });
  });

  it('behind a good header, in every encoding', async () => {
    const heads = [
      Buffer.from(`${japaneseHeader}\n`),
      Buffer.from(`${asciiHeader}\n`),
      iconv.encode(`${japaneseHeader}\r\n`, 'cp932'),
      Buffer.from(`\ufeff${japaneseHeader}\n`, 'utf16le'),
      Buffer.from(`\ufeff${japaneseHeader}\n`, 'utf16le').swap16(),
    ];
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 500 }),
      fc.string({ unit: character }).map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...heads), body, chunkBytes, (head, rest, chunk) =>
        readOrRefuse(Buffer.concat([head, rest]), chunk),
      ),
      { numRuns: 400 },
    );
  });

  it('a good file with some bytes changed', async () => {
    const good = Buffer.from(
      format(japaneseHeader, [
        ['a', 'b'],
        ['表"示', "'=c"],
        ['d\ne', 'f'],
      ]),
    );
    const changes = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(changes, chunkBytes, async (changed, chunk) => {
        const bytes = Buffer.from(good);
        for (const [at, byte] of changed) bytes[at] = byte;
        await readOrRefuse(bytes, chunk);
      }),
      { numRuns: 400 },
    );
  });
});
