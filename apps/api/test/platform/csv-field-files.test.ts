import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { asciiHeader, japaneseHeader, readFile, readRefusal } from '../support/read-csv-file.ts';

const rows = [
  ['髙橋.花子@example.com', 'ソ①﨑@contoso.com'],
  ['taro@example.com', 'taro@contoso.com'],
];
const lines = (separator: string, header = japaneseHeader) =>
  [header.replace(',', separator), ...rows.map((row) => row.join(separator))].map((line) => `${line}\r\n`).join('');
const quoted = (text: string) => text.replaceAll(/[^,\r\n]+/g, '"$&"');
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
const firstLine = (line: string, rest: string) => `${line}\r\n${rest}`;

/** ISO-2022-JP (RFC 1468) by way of EUC-JP: every character of JIS X 0208 is shifted in and out by itself. */
function iso2022jp(text: string, shiftIn = '\x1b$B', shiftOut = '\x1b(B'): Buffer {
  const pieces = [...text].map((character) => {
    const bytes = iconv.encode(character, 'eucjp');
    if (bytes.length === 1) return bytes;
    const low = Buffer.from(bytes.map((byte) => byte & 0x7f));
    return Buffer.concat([Buffer.from(shiftIn), low, Buffer.from(shiftOut)]);
  });
  return Buffer.concat(pieces);
}

interface Expected {
  readonly encoding: string;
  readonly separator: string;
  /** The line of the first row. */
  readonly from?: number;
}

async function expectRows(bytes: Uint8Array, { encoding, separator, from = 2 }: Expected): Promise<void> {
  for (const chunkBytes of [1, 7, 65536]) {
    const file = await readFile(bytes, { chunkBytes });
    expect(file.rows).toEqual(rows.map((cells, index) => ({ line: from + index, cells, faults: [] })));
    expect(file).toMatchObject({ shape: { encoding, separator }, bytesRead: bytes.length });
  }
}

describe('a first line that names the separator', () => {
  it.each([
    ['sep=,', Buffer.from(firstLine('sep=,', lines(','))), { encoding: 'utf-8', separator: ',' }],
    ['sep=;', Buffer.from(firstLine('sep=;', lines(';'))), { encoding: 'utf-8', separator: ';' }],
    ['sep= and a tab', Buffer.from(firstLine('sep=\t', lines('\t'))), { encoding: 'utf-8', separator: '\t' }],
    ['sep=\\t as text', Buffer.from(firstLine('sep=\\t', lines('\t'))), { encoding: 'utf-8', separator: '\t' }],
    ['sep=|', Buffer.from(firstLine('sep=|', lines('|'))), { encoding: 'utf-8', separator: '|' }],
    ['SEP=; in capitals', Buffer.from(firstLine('SEP=;', lines(';'))), { encoding: 'utf-8', separator: ';' }],
    ['"sep=;" in quotes', Buffer.from(firstLine('"sep=;"', lines(';'))), { encoding: 'utf-8', separator: ';' }],
    [
      'sep=,, as a spreadsheet saves it again',
      Buffer.from(firstLine('sep=,,', lines(','))),
      { encoding: 'utf-8', separator: ',' },
    ],
    ['sep= with nothing behind it', Buffer.from(firstLine('sep=', lines(';'))), { encoding: 'utf-8', separator: ';' }],
    [
      'sep=; in a file that was later saved with commas',
      Buffer.from(firstLine('sep=;', lines(','))),
      { encoding: 'utf-8', separator: ',' },
    ],
    [
      'sep=, after a byte order mark',
      Buffer.from(`\ufeff${firstLine('sep=,', lines(','))}`),
      { encoding: 'utf-8', separator: ',' },
    ],
    ['sep=; in CP932', iconv.encode(firstLine('sep=;', lines(';')), 'cp932'), { encoding: 'cp932', separator: ';' }],
    ['sep= and a tab in UTF-16', utf16(firstLine('sep=\t', lines('\t'))), { encoding: 'utf-16le', separator: '\t' }],
    ['sep=; in UTF-16BE', utf16(firstLine('sep=;', lines(';'))).swap16(), { encoding: 'utf-16be', separator: ';' }],
  ])('field F1: %s', async (_, bytes, expected) => {
    await expectRows(bytes, { ...expected, from: 3 });
  });

  it('field F1: blank lines around it change nothing but the line numbers', async () => {
    await expectRows(Buffer.from(`\r\n${firstLine('sep=;\r\n', lines(';'))}`), {
      encoding: 'utf-8',
      separator: ';',
      from: 5,
    });
  });

  it('field F1: a fault below it is reported with the line of the file', async () => {
    expect(await readRefusal('sep=;\r\n')).toEqual({ reason: 'empty', values: {} });
    expect(await readRefusal(`sep=;\r\n${japaneseHeader.replace(',', ';')}`)).toEqual({
      reason: 'header_only',
      values: { line: 2 },
    });
    expect(await readRefusal('sep=;\r\n氏名;メール\r\na;b\r\n')).toMatchObject({
      reason: 'header_missing',
      values: { line: 2, found: '氏名, メール' },
    });
    expect(await readRefusal('sep=,\r\n<!DOCTYPE html>\r\n')).toMatchObject({ reason: 'html' });
  });

  it('field F1: below the first line sep= is a cell like any other', async () => {
    const { rows: read } = await readFile(`${asciiHeader}\nsep=,b\n`);
    expect(read.map(({ cells }) => cells)).toEqual([['sep=', 'b']]);
  });

  it('field F1: a header beyond the first 64 KiB', async () => {
    const header = japaneseHeader.replace(',', ` ${' '.repeat(70_000)};`);
    const { rows: read, shape } = await readFile(`sep=;\n${header}\na;b\n`);
    expect(read).toMatchObject([{ line: 3, cells: ['a', 'b'] }]);
    expect(shape?.separator).toBe(';');
  });
});

describe('the older encodings of Japanese', () => {
  it.each([
    ['EUC-JP', iconv.encode(lines(','), 'eucjp'), { encoding: 'euc-jp', separator: ',' }],
    ['EUC-JP with tabs', iconv.encode(lines('\t'), 'eucjp'), { encoding: 'euc-jp', separator: '\t' }],
    [
      'EUC-JP under an ASCII header',
      iconv.encode(lines(',', asciiHeader), 'eucjp'),
      { encoding: 'euc-jp', separator: ',' },
    ],
    [
      'EUC-JP under sep=;',
      iconv.encode(firstLine('sep=;', lines(';')), 'eucjp'),
      { encoding: 'euc-jp', separator: ';', from: 3 },
    ],
    ['ISO-2022-JP', iso2022jp(lines(',')), { encoding: 'iso-2022-jp', separator: ',' }],
    [
      'ISO-2022-JP of 1978, with the Roman set of JIS',
      iso2022jp(lines(','), '\x1b$@', '\x1b(J'),
      { encoding: 'iso-2022-jp', separator: ',' },
    ],
    [
      'ISO-2022-JP under an ASCII header',
      iso2022jp(lines(',', asciiHeader)),
      { encoding: 'iso-2022-jp', separator: ',' },
    ],
    ['UTF-32', iconv.encode(lines(','), 'utf-32le', { addBOM: true }), { encoding: 'utf-32le', separator: ',' }],
    [
      'UTF-32, the other way round',
      iconv.encode(lines(','), 'utf-32be', { addBOM: true }),
      { encoding: 'utf-32be', separator: ',' },
    ],
  ])('field F2: %s', async (_, bytes, expected) => {
    await expectRows(bytes, expected);
  });

  it('field F2: half-width kana and the supplementary kanji, in each of them', async () => {
    const text = `${japaneseHeader}\nﾔﾏﾀﾞ丂,b\n`;
    expect((await readFile(iconv.encode(text, 'eucjp'))).rows[0]?.cells).toEqual(['ﾔﾏﾀﾞ丂', 'b']);
    const iso = Buffer.concat([
      iso2022jp(`${japaneseHeader}\n`),
      // ESC ( I: JIS X 0201 kana; ESC $ ( D: JIS X 0212.
      Buffer.from('\x1b(ITO@^\x1b$(D0!\x1b(B,b\n'),
    ]);
    expect((await readFile(iso)).rows[0]?.cells).toEqual(['ﾔﾏﾀﾞ丂', 'b']);
  });

  it('field F2: bytes of quotes, commas and line ends within double-byte characters are not syntax', async () => {
    // 〃 is 21 37, 、 is 21 22 and 。 is 21 23, あ is 24 22, and い is 24 24: 22 is a quote, 2C a comma in ASCII.
    const cell = '、あ〜ｱ'.slice(0, 2);
    const { rows: read } = await readFile(iso2022jp(`${japaneseHeader}\n${cell}弌,"い""、"\n`));
    expect(read).toMatchObject([{ line: 2, cells: [`${cell}弌`, 'い"、'], faults: [] }]);
  });

  it('field F2: a broken byte is an error of its cell, and the line end ends a shift that was left open', async () => {
    const euc = Buffer.concat([
      iconv.encode(`${japaneseHeader}\n表示,`, 'eucjp'),
      Buffer.from([0xa4]),
      iconv.encode('b\n花子,d\n', 'eucjp'),
    ]);
    const { rows: read, shape } = await readFile(euc);
    expect(shape?.encoding).toBe('euc-jp');
    expect(read[0]?.faults).toMatchObject([{ column: 'microsoftAccount', code: 'csv_undecodable' }]);
    expect(read[1]).toMatchObject({ cells: ['花子', 'd'], faults: [] });
    const open = Buffer.concat([iso2022jp(`${japaneseHeader}\na,`), Buffer.from('\x1b$B$"\nc,d\n')]);
    expect((await readFile(open)).rows.map(({ cells }) => cells)).toEqual([
      ['a', 'あ'],
      ['c', 'd'],
    ]);
  });

  it('field F2: CP932 stays CP932: half-width kana, kanji of the second level, and names alone', async () => {
    for (const cells of ['ｱｲ', 'ﾔﾏﾀﾞ ﾀﾛｳ', '髙', '橋本', '表示能', 'はなこ', 'ハナコ', '麒麟']) {
      const bytes = iconv.encode(`${asciiHeader}\n${cells},b\n`, 'cp932');
      const { rows: read, shape } = await readFile(bytes);
      expect([cells, shape?.encoding]).toEqual([cells, 'cp932']);
      expect(read[0]?.cells).toEqual([cells, 'b']);
    }
  });
});

describe('files of real tools', () => {
  it.each([
    [
      'Excel in Japanese: CSV（コンマ区切り）',
      iconv.encode(lines(','), 'cp932'),
      { encoding: 'cp932', separator: ',' },
    ],
    ['Excel in Japanese: CSV UTF-8', Buffer.from(`\ufeff${lines(',')}`), { encoding: 'utf-8', separator: ',' }],
    ['Excel in Japanese: Unicode テキスト', utf16(lines('\t')), { encoding: 'utf-16le', separator: '\t' }],
    [
      'LibreOffice: every cell of text in quotes',
      Buffer.from(quoted(lines(',')).replaceAll('\r\n', '\n')),
      { encoding: 'utf-8', separator: ',' },
    ],
    [
      'LibreOffice: EUC-JP',
      iconv.encode(quoted(lines(',')).replaceAll('\r\n', '\n'), 'eucjp'),
      { encoding: 'euc-jp', separator: ',' },
    ],
    [
      'Google Sheets: no line end at the end',
      Buffer.from(lines(',').slice(0, -2)),
      { encoding: 'utf-8', separator: ',' },
    ],
    ['Google Sheets: TSV', Buffer.from(lines('\t').slice(0, -2)), { encoding: 'utf-8', separator: '\t' }],
    ['PowerShell 7: Export-Csv', Buffer.from(quoted(lines(','))), { encoding: 'utf-8', separator: ',' }],
    [
      'PowerShell 5.1: Export-Csv -NoTypeInformation -Encoding Default',
      iconv.encode(quoted(lines(',')), 'cp932'),
      { encoding: 'cp932', separator: ',' },
    ],
    [
      'PowerShell 5.1: Export-Csv -NoTypeInformation -Encoding Unicode',
      utf16(quoted(lines(','))),
      { encoding: 'utf-16le', separator: ',' },
    ],
  ])('field F2: %s', async (_, bytes, expected) => {
    await expectRows(bytes, expected);
  });

  it.each([
    [
      '-Encoding UTF8',
      Buffer.from(`\ufeff${firstLine('#TYPE System.Management.Automation.PSCustomObject', quoted(lines(',')))}`),
      'utf-8',
      ',',
    ],
    [
      '-Encoding Default',
      iconv.encode(firstLine('#TYPE Selected.Microsoft.Online.Administration.User', quoted(lines(','))), 'cp932'),
      'cp932',
      ',',
    ],
    [
      '-UseCulture, in Europe',
      Buffer.from(firstLine('#TYPE System.Object', quoted(lines(',')).replaceAll('","', '";"'))),
      'utf-8',
      ';',
    ],
    ['saved again by Excel', Buffer.from(firstLine('#TYPE System.Object,', lines(','))), 'utf-8', ','],
  ])(
    'field F1: PowerShell 5.1 writes #TYPE into the first line: Export-Csv %s',
    async (_, bytes, encoding, separator) => {
      await expectRows(bytes, { encoding, separator, from: 3 });
    },
  );

  it('field F2: PowerShell 5.1 without -Encoding has lost the Japanese, and the refusal quotes what is left', async () => {
    const lost = quoted(lines(',')).replaceAll(/\P{ASCII}/gu, '?');
    expect(await readRefusal(lost)).toMatchObject({
      reason: 'header_missing',
      values: { found: 'Salesforce?????, Microsoft365?????' },
    });
  });
});
