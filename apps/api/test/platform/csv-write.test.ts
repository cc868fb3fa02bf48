import { describe, expect, it } from 'vitest';
import { findUnencodable } from '../../src/platform/csv/encode-cp932.ts';
import { neutraliseCell, restoreCell } from '../../src/platform/csv/neutralise-cell.ts';
import { byteOrderMark, encodeCsv, formatCsvRow } from '../../src/platform/csv/write-csv.ts';
import { japaneseHeader, readCells } from '../support/read-csv-file.ts';

describe('CSV03: a character that CP932 lacks is reported, never replaced', () => {
  it.each([...'〜—−¢£¬‖𠮷😀é¥‾한'])('CSV03: %s', (character) => {
    expect(findUnencodable(`田中${character}太郎`)).toBe(character);
    expect(() => encodeCsv(`田中${character}太郎`, 'cp932')).toThrow(RangeError);
  });

  it('CSV03: what Japanese Windows can write is written', () => {
    const text = '～―－￠￡￢∥①Ⅳ㈱髙﨑ｱｲｳ表ソ能\\~\u3000?';
    expect(findUnencodable(text)).toBeUndefined();
    expect(new TextDecoder('shift_jis').decode(encodeCsv(text, 'cp932'))).toBe(text);
  });

  it('CSV03: writes exactly the Unicode characters that an independent decoder returns', () => {
    const decoder = new TextDecoder('shift_jis');
    let written = 0;
    for (let point = 0; point <= 0x2ffff; point++) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      const character = String.fromCodePoint(point);
      if (findUnencodable(character) !== undefined) continue;
      written++;
      // Node's decoder (ICU) swaps these controls.
      if ([0x1a, 0x1c, 0x7f, 0x80].includes(point)) continue;
      expect(decoder.decode(encodeCsv(character, 'cp932'))).toBe(character);
    }
    expect(written).toBe(7518);
  });

  it('CSV03: the first of several such characters is named, and a question mark is not one', () => {
    expect(findUnencodable('なに?—〜')).toBe('—');
    expect(findUnencodable('?')).toBeUndefined();
  });
});

describe('CSV14: cells that a spreadsheet would run', () => {
  const hostile = [
    '=1+1',
    '+81-3',
    '-2',
    '@SUM(A1)',
    '＝1',
    '＋1',
    '－1',
    '＠a',
    '\t=1',
    '\r=1',
    '\n=1',
    '\ta',
    '\ra',
    '\na',
    ' =1',
    '\u3000＝1',
    '−1',
  ];

  it.each(hostile)('CSV14: %j is written as text and read back', async (cell) => {
    expect(neutraliseCell(cell)).toBe(`'${cell}`);
    const row = formatCsvRow([cell, `'${cell}`]);
    expect(row.replace(/^"/, '')).toMatch(/^'/);
    const expected = cell.replace('\r', '\n');
    expect(await readCells(`${japaneseHeader}\r\n${row}`)).toEqual([[expected, `'${expected}`]]);
  });

  it.each(['taro@example.com', "O'Brien", "'tis", "''", 'a=1', '', ' ', '1-2'])('CSV14: %j is left alone', (cell) => {
    expect(neutraliseCell(cell)).toBe(cell);
    expect(restoreCell(cell)).toBe(cell);
  });

  it('CSV14: a formula that somebody typed by hand is read unchanged', async () => {
    expect(await readCells(`${japaneseHeader}\n=1,@b\n`)).toEqual([['=1', '@b']]);
  });

  it('CSV14: separators of any locale, quotes, line ends and outer blanks are quoted', () => {
    expect(formatCsvRow(['a,b', 'c;d', 'e\tf', 'g"h', 'i\nj', ' k', 'l ', 'm n'])).toBe(
      '"a,b","c;d","e\tf","g""h","i\nj"," k","l ",m n\r\n',
    );
  });

  it('UTF-8 is written as it is, with the byte order mark where the writer puts it', () => {
    expect(Buffer.from(encodeCsv(`${byteOrderMark}表`, 'utf-8')).toString('hex')).toBe('efbbbfe8a1a8');
  });
});
