import { type CsvRefusalReason, csvRefusals } from '@argus/contract/csv-refusals';
import { fillText } from '@argus/contract/language';
import { describe, expect, it } from 'vitest';
import type { CsvLayout } from '../../src/platform/csv/csv-layout.ts';
import { japaneseHeader, linkLayout, readCells, readFile, readRefusal } from '../support/read-csv-file.ts';

const names = {
  columns: 'Salesforceアカウント」「Microsoft365アカウント',
  columnsEn: 'Salesforce Account", "Microsoft 365 Account',
};

describe('CSV04: 「ユーザ名」 in an import', () => {
  const full = 'ユーザ名,Salesforceアカウント,Microsoft365アカウント\r\n山田 太郎,a@example.com,a@contoso.com\r\n';

  it('CSV04: is refused with its place, so that it can be deleted', async () => {
    expect(await readRefusal(full)).toEqual({
      reason: 'name_column',
      values: { line: 1, position: 1, column: 'ユーザ名' },
    });
  });

  it('CSV04: is left out if the administrator asked for that', async () => {
    expect(await readCells(full, { dropDisplayOnly: true })).toEqual([['a@example.com', 'a@contoso.com']]);
  });

  it('CSV04: is found wherever it stands, in either language', async () => {
    const file = `${japaneseHeader}, user name \na,b,c\n`;
    expect(await readRefusal(file)).toMatchObject({
      reason: 'name_column',
      values: { position: 3, column: 'user name' },
    });
    expect(await readCells(file, { dropDisplayOnly: true })).toEqual([['a', 'b']]);
  });

  it('CSV04: is reported after faults that leaving it out would not fix', async () => {
    expect((await readRefusal('ユーザ名,Salesforceアカウント\na,b\n')).reason).toBe('header_missing');
    expect((await readRefusal('ユーザ名,ユーザ名,Salesforceアカウント,Microsoft365アカウント\n')).reason).toBe(
      'header_duplicate',
    );
  });

  it('CSV04: is an unknown column in a table that has none', async () => {
    const { displayOnly: _, ...layout } = linkLayout;
    expect(await readRefusal(full, { layout })).toMatchObject({
      reason: 'header_unknown',
      values: { found: 'ユーザ名' },
    });
  });
});

describe('CSV05: headers', () => {
  it.each([
    ['in another order', 'Microsoft365アカウント,Salesforceアカウント'],
    ['padded', ' Microsoft365アカウント ,\u3000Salesforceアカウント\u3000'],
    ['full-width, half-width kana, another case, blanks inside', 'ｍｉｃｒｏｓｏｆｔ３６５ｱｶｳﾝﾄ,SALESFORCE アカウント'],
    ['in English', 'Microsoft 365 Account,Salesforce Account'],
    ['mixed', 'microsoft365account,Salesforceアカウント'],
    ['quoted', '"Microsoft365アカウント","Salesforceアカウント"'],
  ])('CSV05: %s', async (_, header) => {
    expect(await readFile(`${header}\nm,s\n`)).toMatchObject({ rows: [{ line: 2, cells: ['s', 'm'], faults: [] }] });
  });

  it('CSV05: a duplicate is refused with both places, even in another spelling', async () => {
    expect(await readRefusal(`${japaneseHeader},Salesforce Account\n`)).toEqual({
      reason: 'header_duplicate',
      values: { line: 1, column: 'Salesforce Account', first: 1, second: 3 },
    });
    expect(await readRefusal(`x,${japaneseHeader},X\n`)).toMatchObject({
      reason: 'header_duplicate',
      values: { column: 'X' },
    });
  });

  it('CSV05: unknown columns are named', async () => {
    expect(await readRefusal(`${japaneseHeader},部署,備考\na,b,c,d\n`)).toEqual({
      reason: 'header_unknown',
      values: { line: 1, found: '部署, 備考', ...names },
    });
  });

  it('CSV05: missing columns are named, with what is there instead', async () => {
    expect(await readRefusal('Salesforceアカウント,Microsoft365 アドレス\na,b\n')).toEqual({
      reason: 'header_missing',
      values: {
        line: 1,
        found: 'Salesforceアカウント, Microsoft365 アドレス',
        columns: 'Microsoft365アカウント',
        columnsEn: 'Microsoft 365 Account',
      },
    });
  });

  it('CSV05: data instead of a header is reported as such', async () => {
    expect(await readRefusal('taro@example.com,taro@contoso.com\n')).toEqual({
      reason: 'header_is_data',
      values: { line: 1, value: 'taro@example.com', ...names },
    });
  });

  it('CSV05: a blank header before others is refused with its place', async () => {
    expect(await readRefusal('Salesforceアカウント,,Microsoft365アカウント\na,,b\n')).toEqual({
      reason: 'header_blank',
      values: { line: 1, position: 2 },
    });
  });

  it('CSV05: blank columns that Excel adds at the end do not count', async () => {
    const { rows } = await readFile(`${japaneseHeader},, \na,b,,\nc,d\ne,f,,g\n`);
    expect(rows.map((row) => row.cells)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ]);
    expect(rows.map((row) => row.faults)).toEqual([
      [],
      [],
      [{ column: null, code: 'csv_cells_extra', values: { expected: 2, given: 4 } }],
    ]);
  });

  it('CSV05: the separator is what separates the headers, not a character in them or below them', async () => {
    expect(await readCells(`${japaneseHeader}\na;b;c;d,e\tf\t\tg\n`)).toEqual([['a;b;c;d', 'e\tf\t\tg']]);
    const layout: CsvLayout = {
      columns: ['a;;b', 'c;;d'].map((name) => ({ name, header: { ja: name, en: name }, required: true })),
    };
    expect(await readCells('"a;;b","c;;d"\nx,y\n', { layout })).toEqual([['x', 'y']]);
  });

  it('CSV05: an optional column may be absent', async () => {
    const layout: CsvLayout = {
      columns: [...linkLayout.columns, { name: 'role', header: { ja: '役割', en: 'Role' }, required: false }],
    };
    expect(await readCells(`${japaneseHeader}\na,b\n`, { layout })).toEqual([['a', 'b', '']]);
    expect(await readCells(`役割,${japaneseHeader}\nr,a,b\n`, { layout })).toEqual([['a', 'b', 'r']]);
  });

  it('CSV05: columns to be ignored may be anywhere, and their cells are not checked', async () => {
    const layout: CsvLayout = { ...linkLayout, ignored: [{ ja: '行', en: 'Row' }] };
    expect(await readFile(`行,${japaneseHeader}\n"5\0",a,b\n`, { layout })).toMatchObject({
      rows: [{ line: 2, cells: ['a', 'b'], faults: [] }],
    });
    expect(await readCells(`${japaneseHeader},row\na,b,5\n`, { layout })).toEqual([['a', 'b']]);
    expect(await readRefusal(`row,行,${japaneseHeader}\n`, { layout })).toMatchObject({ reason: 'header_duplicate' });
  });

  it('CSV05: a text of the file is quoted shortened and in one line', async () => {
    const { values } = await readRefusal(`${japaneseHeader},"${'長'.repeat(500)}","a\nb\0\u202e"\n`);
    expect(values.found).toBe(`${'長'.repeat(60)}…, a␣b␣␣`);
    const many = await readRefusal(`${japaneseHeader},a,b,c,d,e,f,g\n`);
    expect(many.values.found).toBe('a, b, c, d, e, … (7)');
  });

  it('CSV05: every refusal has a text without gaps in both languages', async () => {
    const files: Record<string, string> = {
      name_column: 'ユーザ名,Salesforceアカウント,Microsoft365アカウント\n',
      empty: '',
      header_only: japaneseHeader,
      header_missing: 'a\n',
      header_is_data: 'a@b\n',
      header_duplicate: `a,A,${japaneseHeader}\n`,
      header_unknown: `a,${japaneseHeader}\n`,
      header_blank: `,${japaneseHeader}\n`,
      quote_unclosed: '"',
      quote_misplaced: 'a"b',
      record_too_long: 'a'.repeat(1_000_001),
      too_many_columns: 'a,'.repeat(2000),
    };
    for (const [expected, file] of Object.entries(files)) {
      const { reason, values } = await readRefusal(file);
      expect(reason).toBe(expected);
      const text = csvRefusals[reason as CsvRefusalReason];
      for (const template of [text.ja, text.en]) {
        const used = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
        expect(used.filter((name) => !(name in values))).toEqual([]);
        expect(fillText(template, values)).not.toMatch(/[{}]/);
      }
    }
  });
});

describe('CSV06: a file without rows', () => {
  it.each([
    ['no byte', ''],
    ['a byte order mark only', '\ufeff'],
    ['blank lines only', '\r\n\n\r\r\n'],
    ['blanks and separators only', ' \n,,\n\u3000\n'],
  ])('CSV06: %s is empty', async (_, file) => {
    expect(await readRefusal(file)).toEqual({ reason: 'empty', values: {} });
  });

  it.each([
    ['without line end', japaneseHeader, 1],
    ['with blank lines around it', `\n\n${japaneseHeader}\n\n\n`, 3],
    ['with rows of separators as Excel leaves them', `${japaneseHeader}\n,\n , \n`, 1],
    ['with a byte order mark', `\ufeff${japaneseHeader}\r\n`, 1],
  ])('CSV06: a header only, %s', async (_, file, line) => {
    expect(await readRefusal(file)).toEqual({ reason: 'header_only', values: { line } });
  });
});

describe('CSV17: names of JavaScript', () => {
  it.each(['__proto__', 'constructor', 'toString'])('CSV17: the header %s is an unknown column', async (name) => {
    expect(await readRefusal(`${name},${japaneseHeader}\nx,a,b\n`)).toMatchObject({
      reason: 'header_unknown',
      values: { found: name },
    });
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('CSV17: in a cell they are ordinary text', async () => {
    expect(await readCells(`${japaneseHeader}\n__proto__,constructor\n`)).toEqual([['__proto__', 'constructor']]);
  });
});
