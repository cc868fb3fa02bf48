import { csvRefusals } from '@argus/contract/csv-refusals';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import type { CsvLayout } from '../../src/platform/csv/csv-layout.ts';
import { asciiHeader, japaneseHeader, readCells, readFile, readRefusal } from '../support/read-csv-file.ts';

const table = `${japaneseHeader}\r\n髙橋.表示能@example.com,ソ①﨑@contoso.com\r\ntaro@example.com,taro@contoso.com\r\n`;
const rows = [
  ['髙橋.表示能@example.com', 'ソ①﨑@contoso.com'],
  ['taro@example.com', 'taro@contoso.com'],
];
const tabbed = table.replaceAll(',', '\t');

function bigEndian(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

describe('CSV01: every encoding that people save gives the same rows', () => {
  it.each([
    ['UTF-8', Buffer.from(table), 'utf-8', ','],
    ['UTF-8 with byte order mark, as Excel saves "CSV UTF-8"', Buffer.from(`\ufeff${table}`), 'utf-8', ','],
    ['CP932, as Japanese Excel saves "CSV"', iconv.encode(table, 'cp932'), 'cp932', ','],
    ['UTF-16LE with tabs, as Excel saves "Unicode text"', Buffer.from(`\ufeff${tabbed}`, 'utf16le'), 'utf-16le', '\t'],
    ['UTF-16BE with byte order mark', bigEndian(`\ufeff${table}`), 'utf-16be', ','],
    ['UTF-16LE without byte order mark', Buffer.from(table, 'utf16le'), 'utf-16le', ','],
    ['UTF-16BE without byte order mark', bigEndian(table), 'utf-16be', ','],
    ['UTF-8 with semicolons, as Excel in Europe', Buffer.from(table.replaceAll(',', ';')), 'utf-8', ';'],
    ['CP932 with tabs', iconv.encode(tabbed, 'cp932'), 'cp932', '\t'],
  ])('CSV01: %s', async (_, bytes, encoding, separator) => {
    for (const chunkBytes of [1, 3, 65536]) {
      const file = await readFile(bytes, { chunkBytes });
      expect(file.rows.map((row) => row.cells)).toEqual(rows);
      expect(file.rows.map((row) => row.line)).toEqual([2, 3]);
      expect(file.rows.flatMap((row) => row.faults)).toEqual([]);
      expect(file).toMatchObject({ shape: { encoding, separator }, bytesRead: bytes.length });
    }
  });

  it('CSV01: under an ASCII header the rest of the file decides, also where its first 64 KiB are ASCII', async () => {
    const filler = 'a@example.com,a@contoso.com\n'.repeat(5000);
    const text = `${asciiHeader}\n${filler}髙橋@example.com,表示能@contoso.com\n`;
    for (const [bytes, encoding] of [
      [Buffer.from(text), 'utf-8'],
      [iconv.encode(text, 'cp932'), 'cp932'],
    ] as const) {
      const file = await readFile(bytes);
      expect(file.shape?.encoding).toBe(encoding);
      expect(file.rows.at(-1)).toMatchObject({ line: 5002, cells: ['髙橋@example.com', '表示能@contoso.com'] });
    }
  });

  it('CSV01: a byte order mark decides where nothing else does', async () => {
    const layout: CsvLayout = { columns: [{ name: 'a', header: { ja: '利用者', en: 'User' }, required: true }] };
    const text = '\ufeff利用者\n山田太郎\n';
    expect(await readCells(Buffer.from(text, 'utf16le'), { layout })).toEqual([['山田太郎']]);
    expect(await readCells(bigEndian(text), { layout })).toEqual([['山田太郎']]);
    const broken = Buffer.concat([Buffer.from('\ufeffUser\n'), Buffer.from([0xb1, 0xb2])]);
    expect((await readFile(broken, { layout })).rows[0]).toMatchObject({ cells: ['\ufffd\ufffd'] });
    expect(await readCells(broken.subarray(3), { layout })).toEqual([['ｱｲ']]);
  });

  it('CSV01: a broken header behind a byte order mark is still read as UTF-8', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`\ufeff${japaneseHeader},`),
      Buffer.from([0xff]),
      Buffer.from('表\na,b,c\n'),
    ]);
    expect(await readRefusal(bytes)).toMatchObject({ reason: 'header_unknown', values: { found: '\ufffd表' } });
  });

  it('CSV01: a character that is split across two blocks does not make the file CP932', async () => {
    const start = `${asciiHeader}\n${'a,b\n'.repeat(16_000)}`;
    for (const back of [1, 2]) {
      const cells = `${'c'.repeat(65536 - start.length - back)}髙,d`;
      const { rows, shape } = await readFile(`${start}${cells}\n`);
      expect(shape?.encoding).toBe('utf-8');
      expect(rows.at(-1)?.cells).toEqual(cells.split(','));
    }
  });

  it('CSV01: blank lines before the header do not hide its encoding', async () => {
    for (const bytes of [Buffer.from(`\r\n\n${table}`), iconv.encode(`\r\n\n${table}`, 'cp932')]) {
      expect(await readCells(bytes)).toEqual(rows);
    }
  });

  it('CSV01: the rows are the same wherever a block of 64 KiB ends', async () => {
    const body = '"髙""\r\n表",𠮷\r\n\r\n"c","d"\r\n';
    const encode: Record<string, (text: string) => Buffer> = {
      'utf-8': (text) => Buffer.from(text),
      'utf-16le': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
      'utf-16be': (text) => bigEndian(`\ufeff${text}`),
      cp932: (text) => iconv.encode(text.replace('𠮷', '吉'), 'cp932'),
    };
    for (const [encoding, bytesOf] of Object.entries(encode)) {
      const unit = encoding.startsWith('utf-16') ? 2 : 1;
      const length = bytesOf(body).length / unit;
      const before = 65536 / unit - bytesOf(`${japaneseHeader}\n`).length / unit;
      for (let back = 0; back <= length; back++) {
        // As many whole rows as fit, and one that makes the block end `back` units into the body.
        const whole = Math.floor((before - back - 10) / 1020);
        const last = before - back - whole * 1020 - 3;
        const text = `${japaneseHeader}\n${`${'x'.repeat(1017)},y\n`.repeat(whole)}${'z'.repeat(last)},y\n${body}`;
        const file = await readFile(bytesOf(text));
        expect(file.shape?.encoding).toBe(encoding);
        expect(file.rows.slice(-2)).toEqual([
          {
            line: whole + 3,
            cells: ['髙"\n表', encoding === 'cp932' ? '吉' : '𠮷'],
            faults: [expect.objectContaining({ column: 'username' })],
          },
          { line: whole + 6, cells: ['c', 'd'], faults: [] },
        ]);
      }
    }
  });

  it('CSV01: a header of 100 KB does not hide its encoding', async () => {
    const header = `${'\u3000'.repeat(40_000)}${japaneseHeader}`;
    for (const bytes of [Buffer.from(`${header}\na,b\n`), iconv.encode(`${header}\na,b\n`, 'cp932')]) {
      expect(await readCells(bytes)).toEqual([['a', 'b']]);
    }
  });
});

describe('CSV02: an invalid byte is an error with its line and column', () => {
  const fault = { column: 'microsoftAccount', code: 'csv_undecodable' };

  it.each([
    ['UTF-8', Buffer.from(`${japaneseHeader}\n`), Buffer.from('表@example.com,'), [0xc3]],
    ['UTF-8 with an ASCII header', Buffer.from(`${asciiHeader}\n`), Buffer.from('表@example.com,'), [0xc3]],
    ['CP932', iconv.encode(`${japaneseHeader}\n`, 'cp932'), iconv.encode('表@example.com,', 'cp932'), [0x82]],
  ])('CSV02: %s', async (_, header, cell, bad) => {
    const bytes = Buffer.concat([
      header,
      Buffer.from('a,b\n'),
      cell,
      Buffer.from([...bad]),
      Buffer.from('@c.com\nd,e\n'),
    ]);
    const { rows } = await readFile(bytes);
    expect(rows.map((row) => row.faults)).toEqual([[], [fault], []]);
    expect(rows[1]).toMatchObject({ line: 3, cells: ['表@example.com', '\ufffd@c.com'] });
    expect(rows[2]).toMatchObject({ line: 4, cells: ['d', 'e'] });
  });

  it('CSV02: half a character at the end of the file', async () => {
    const utf8 = Buffer.concat([Buffer.from(`${japaneseHeader}\na,b`), Buffer.from([0xe8, 0xa1])]);
    const utf16 = Buffer.concat([Buffer.from(`\ufeff${japaneseHeader}\na,b`, 'utf16le'), Buffer.from([0x41])]);
    const cp932 = Buffer.concat([iconv.encode(`${japaneseHeader}\na,b`, 'cp932'), Buffer.from([0x95])]);
    for (const bytes of [utf8, utf16, cp932]) {
      expect((await readFile(bytes)).rows).toEqual([{ line: 2, cells: ['a', 'b\ufffd'], faults: [fault] }]);
    }
  });

  it('CSV02: half a surrogate pair in UTF-16', async () => {
    const bytes = Buffer.from(`\ufeff${japaneseHeader}\r\na,b\ud842\r\n`, 'utf16le');
    expect((await readFile(bytes)).rows[0]?.faults).toEqual([fault]);
  });
});

describe('a file that is no CSV is refused by its name', () => {
  const zip = (...names: string[]) => Buffer.from(names.map((name) => `PK\x03\x04....${name}....`).join(''), 'latin1');

  it.each([
    ['an Excel workbook', zip('[Content_Types].xml', '_rels/.rels', 'xl/workbook.xml'), 'workbook'],
    ['an Excel workbook whose sheets come late', zip('[Content_Types].xml', '_rels/.rels'), 'workbook'],
    ['an Excel workbook as other programs write it', zip('xl/workbook.xml', 'docProps/app.xml'), 'workbook'],
    ['an OpenDocument sheet', zip('mimetypeapplication/vnd.oasis.opendocument.spreadsheet'), 'workbook'],
    ['a Word document', zip('[Content_Types].xml', 'word/document.xml'), 'zip'],
    ['a ZIP file', zip('accounts.csv'), 'zip'],
    ['an old or encrypted Excel workbook', Buffer.from('d0cf11e0a1b11ae10000000000000000', 'hex'), 'old_workbook'],
    ['a PDF', Buffer.from('%PDF-1.7\n%âãÏÓ\n'), 'pdf'],
    ['a web page', Buffer.from('\r\n <!DOCTYPE html><html><table><tr><td>a</table>'), 'html'],
    ['an HTML table under the name .csv', Buffer.from('<table border="1"><tr><td>a,b</td></tr></table>'), 'html'],
    ['a web page in UTF-16', Buffer.from('\ufeff<html>\n<body>', 'utf16le'), 'html'],
    ['XML', Buffer.from('<?xml version="1.0"?><Workbook/>'), 'html'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'binary'],
    ['a gzip file', Buffer.from('1f8b0800000000000003', 'hex'), 'binary'],
    ['bytes of no known kind', Buffer.from('0001020304050607'.repeat(40), 'hex'), 'binary'],
  ])('%s', async (_, bytes, reason) => {
    expect(await readRefusal(bytes)).toMatchObject({ reason });
  });

  it('the refusal of a workbook says what to do in both languages', () => {
    expect(csvRefusals.workbook.en).toContain('This is an Excel workbook, not CSV');
    expect(csvRefusals.workbook.ja).toContain('Excelブックです');
  });
});
