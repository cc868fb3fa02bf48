import { describe, expect, it } from 'vitest';
import { readCsv } from '../../src/platform/csv/read-csv.ts';
import { japaneseHeader, linkLayout, readFile, readRefusal } from '../support/read-csv-file.ts';

async function linesAndCells(file: string, chunkBytes = 65536): Promise<[number, ...string[]][]> {
  const { rows } = await readFile(file, { chunkBytes });
  return rows.map((row) => [row.line, ...row.cells]);
}

/** Bytes of a file generated while it is read. */
function endless(start: string, block: string, blocks: number): () => AsyncGenerator<Uint8Array> {
  return async function* () {
    yield Buffer.from(start);
    for (let i = 0; i < blocks; i++) yield Buffer.from(block);
  };
}

describe('CSV07: line numbers', () => {
  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['lone CR', '\r'],
  ])('CSV07: %s, quoted newlines, doubled quotes, blank lines', async (_, end) => {
    const file = [japaneseHeader, 'a,b', '"c', 'd","e""f"', '', '"","g"', '"h', '', '', '",i', '', 'j,k'].join(end);
    for (const chunkBytes of [1, 2, 5, 65536]) {
      expect(await linesAndCells(file, chunkBytes)).toEqual([
        [2, 'a', 'b'],
        [3, 'c\nd', 'e"f'],
        [6, '', 'g'],
        [7, 'h\n\n\n', 'i'],
        [12, 'j', 'k'],
      ]);
    }
  });

  it('CSV07: mixed line ends', async () => {
    expect(await linesAndCells(`${japaneseHeader}\ra,b\r\nc,d\n\re,f\n\n\r\n"g\r\n\rh",i\rj,k`)).toEqual([
      [2, 'a', 'b'],
      [3, 'c', 'd'],
      [5, 'e', 'f'],
      [8, 'g\n\nh', 'i'],
      [11, 'j', 'k'],
    ]);
  });

  it('CSV07: a header that begins later and has a quoted newline', async () => {
    expect(await linesAndCells('\n , \n"Salesforce\nアカウント",Microsoft365アカウント\na,b\n')).toEqual([
      [5, 'a', 'b'],
    ]);
  });

  it('CSV07: over many batches and blocks', async () => {
    const body = Array.from(
      { length: 5000 },
      (_, i) => `"user${i}\nx",${'y'.repeat(i % 50)}\n${i % 7 === 0 ? '\n' : ''}`,
    );
    const rows = await linesAndCells(`${japaneseHeader}\n${body.join('')}`, 1000);
    expect(rows).toHaveLength(5000);
    rows.forEach(([line, cell], i) => {
      expect([line, cell]).toEqual([2 + i * 2 + Math.ceil(i / 7), `user${i}\nx`]);
    });
  });

  it('CSV07: NUL and other controls are faults of their cell, and NUL becomes storable', async () => {
    const { rows } = await readFile(`${japaneseHeader}\na\0b,c\nd,"e\u0007"\n"f\ng",h\u202ei\n\tj , k\n`);
    const fault = (column: string) => ({ column, code: 'control_characters' });
    expect(rows).toEqual([
      { line: 2, cells: ['a␀b', 'c'], faults: [fault('username')] },
      { line: 3, cells: ['d', 'e\u0007'], faults: [fault('microsoftAccount')] },
      { line: 4, cells: ['f\ng', 'h\u202ei'], faults: [fault('username'), fault('microsoftAccount')] },
      { line: 6, cells: ['\tj ', ' k'], faults: [] },
    ]);
  });

  it('CSV07: a tab within a cell of a comma-separated file is a fault', async () => {
    const { rows } = await readFile(`${japaneseHeader}\na\tb,c\n`);
    expect(rows[0]?.faults).toEqual([{ column: 'username', code: 'control_characters' }]);
  });

  it('CSV07: a tab in a quoted cell of a tab-separated file is a fault, but its separators are not', async () => {
    const { rows } = await readFile(`${japaneseHeader.replace(',', '\t')}\na\tb\n"c\td"\te\n`);
    expect(rows.map((row) => row.cells)).toEqual([
      ['a', 'b'],
      ['c\td', 'e'],
    ]);
    expect(rows.map((row) => row.faults)).toEqual([[], [{ column: 'username', code: 'control_characters' }]]);
  });
});

describe('CSV08: quotes that are wrong', () => {
  it.each([
    ['unclosed', `${japaneseHeader}\na,b\n"c\nd",e\n"f,g\nh,i\n`, 'quote_unclosed', 5],
    ['unclosed in the header', `"${japaneseHeader}\na,b\n`, 'quote_unclosed', 1],
    ['unclosed before quoted cells', `${japaneseHeader}\n"a,b\n"c","d"\n`, 'quote_misplaced', 2],
    ['within an unquoted cell', `${japaneseHeader}\na,b\n\nc"d,e\nf,g\n`, 'quote_misplaced', 4],
    ['two within an unquoted cell', `${japaneseHeader}\nc"d"e,f\n`, 'quote_misplaced', 2],
    ['text behind a quoted cell', `${japaneseHeader}\n"a"x,b\n`, 'quote_misplaced', 2],
  ])('CSV08: %s', async (_, file, reason, line) => {
    for (const chunkBytes of [3, 65536])
      expect(await readRefusal(file, { chunkBytes })).toEqual({ reason, values: { line } });
  });

  it('CSV08: an unclosed quote in an endless file is refused early, with its line', async () => {
    let read = 0;
    const open = async function* () {
      for await (const block of endless(`${japaneseHeader}\na,b\n"c,d\n`, 'e,f\n'.repeat(10_000), 10_000)()) {
        read += block.length;
        yield block;
      }
    };
    const reading = async () => {
      for await (const _ of readCsv(open, linkLayout, { dropDisplayOnly: false }));
    };
    await expect(reading()).rejects.toMatchObject({ reason: 'quote_unclosed', values: { line: 3 } });
    expect(read).toBeLessThan(2_000_000);
  });
});

describe('records of the wrong size', () => {
  it('too few and too many cells are faults of their row', async () => {
    const { rows } = await readFile(`${japaneseHeader}\na\nb,c,d\ne,f,\ng,h\n`);
    expect(rows.map((row) => row.faults)).toEqual([
      [{ column: null, code: 'csv_cells_missing', values: { expected: 2, given: 1 } }],
      [{ column: null, code: 'csv_cells_extra', values: { expected: 2, given: 3 } }],
      [],
      [],
    ]);
    expect(rows.map((row) => row.cells)).toEqual([
      ['a', ''],
      ['b', 'c'],
      ['e', 'f'],
      ['g', 'h'],
    ]);
  });

  it('a cell over 2,000 characters is a fault, and only its beginning is kept', async () => {
    const { rows } = await readFile(`${japaneseHeader}\n${'a'.repeat(2000)},b\nc,${'\u{20bb7}'.repeat(1500)}\n`);
    expect(rows[0]).toMatchObject({ cells: ['a'.repeat(2000), 'b'], faults: [] });
    expect(rows[1]).toEqual({
      line: 3,
      cells: ['c', '\u{20bb7}'.repeat(100)],
      faults: [{ column: 'microsoftAccount', code: 'too_long', values: { max: 2000 } }],
    });
  });

  it('a cell is never cut within a character', async () => {
    const { rows } = await readFile(`${japaneseHeader}\na,b${'\u{20bb7}'.repeat(1500)}\n`);
    expect(rows[0]?.cells[1]).toBe(`b${'\u{20bb7}'.repeat(99)}`);
  });

  it('a cell of 1 MB is refused with its line, whether it ends or not, quoted or not', async () => {
    const long = 'x'.repeat(1024 * 1024);
    for (const cell of [long, `"${long}"`, `"${long}`]) {
      for (const end of ['', '\nc,d\n']) {
        const file = `${japaneseHeader}\na,b\n${cell},y${end}`;
        expect(await readRefusal(file)).toEqual({ reason: 'record_too_long', values: { line: 3, max: 1_000_000 } });
      }
    }
  });

  it('a record may have 1,000,000 characters and not one more', async () => {
    const file = (characters: number) => `${japaneseHeader}\na,${'x'.repeat(characters - 2)}\nb,c\n`;
    expect((await readFile(file(1_000_000))).rows).toMatchObject([{ faults: [{ code: 'too_long' }] }, { line: 3 }]);
    expect(await readRefusal(file(1_000_001))).toMatchObject({ reason: 'record_too_long', values: { line: 2 } });
  });

  it('10,000 columns are refused, in the header and in a row', async () => {
    const values = { given: 10_000, max: 1000 };
    expect(await readRefusal(Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(','))).toEqual({
      reason: 'too_many_columns',
      values: { ...values, line: 1 },
    });
    expect(await readRefusal(`${japaneseHeader}\na,b\n${'z,'.repeat(9999)}z\n`)).toEqual({
      reason: 'too_many_columns',
      values: { ...values, line: 3 },
    });
  });

  it('10,000 blank columns behind the others are ignored', async () => {
    const file = `${japaneseHeader}${','.repeat(10_000)}\na,b${','.repeat(10_000)}\n`;
    expect((await readFile(file)).rows).toEqual([{ line: 2, cells: ['a', 'b'], faults: [] }]);
    const wider = `${japaneseHeader}\na,b${','.repeat(20_000)}\n`;
    expect(await readRefusal(wider)).toMatchObject({ reason: 'too_many_columns', values: { line: 2, given: 20_002 } });
  });

  it('rows come in batches of at most 500, and the event loop turns between them', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const { batches, rows } = await readFile(`${japaneseHeader}\n${'a,b\n'.repeat(50_000)}`, { chunkBytes: 1_000_000 });
    clearInterval(timer);
    expect(rows).toHaveLength(50_000);
    expect(batches).toBeGreaterThanOrEqual(100);
    expect(turns).toBeGreaterThan(5);
  });

  it('a reader that stops early closes the file', async () => {
    let closed = 0;
    const open = async function* () {
      try {
        yield Buffer.from(`${japaneseHeader}\n`);
        for (;;) yield Buffer.from('a,b\n'.repeat(1000));
      } finally {
        closed++;
      }
    };
    for await (const batch of readCsv(open, linkLayout, { dropDisplayOnly: false })) {
      expect(batch.rows.length).toBeGreaterThan(0);
      break;
    }
    expect(closed).toBe(2);
  });
});
