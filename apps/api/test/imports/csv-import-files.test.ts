import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { c1, company, linkFile, linkHeader, stageCompany, usernameOf } from '../support/csv-company.ts';
import { rowsOf, upload } from '../support/csv-upload.ts';

stageCompany(['taro', 'hanako', 'jiro']);

const bom = '\ufeff';

describe('CSV取込: the same file in every form', () => {
  const rows = [
    [usernameOf('taro'), '太郎@contoso.example'],
    [usernameOf('hanako'), 'hanako@contoso.example'],
    ['', ''],
    [usernameOf('jiro'), '"jiro"@contoso.example'],
  ] as const;
  const table = (separator: string, ending = '\r\n') =>
    [linkHeader.replace(',', separator), ...rows.map((row) => row.map(quoted).join(separator))].join(ending) + ending;
  const quoted = (cell: string) => (cell.includes('"') ? `"${cell.replaceAll('"', '""')}"` : cell);

  test('CSV01: every encoding, separator and line ending gives the same plan', async () => {
    await company.link({ hanako: 'hanako@contoso.example' });
    const utf16 = (text: string, encoding: 'utf-16le' | 'utf-16be') => iconv.encode(text, encoding);
    const files: Record<string, Uint8Array> = {
      'utf-8 ,': Buffer.from(table(',')),
      'utf-8 , with byte order mark': Buffer.from(bom + table(',')),
      'utf-8 ;': Buffer.from(table(';', '\n')),
      'utf-8 \t': Buffer.from(table('\t', '\r')),
      'utf-16le \t': utf16(bom + table('\t'), 'utf-16le'),
      'utf-16le , without byte order mark': utf16(table(','), 'utf-16le'),
      'utf-16be ;': utf16(bom + table(';'), 'utf-16be'),
      'cp932 ,': iconv.encode(table(','), 'cp932'),
      'cp932 \t': iconv.encode(table('\t'), 'cp932'),
    };
    for (const [name, bytes] of Object.entries(files)) {
      const found = await upload(company.admin, bytes);
      const [encoding, separator] = name.split(' ', 2);
      expect(found, name).toMatchObject({ state: 'ready', encoding, separator });
      expect(found.counts, name).toMatchObject({ added: 2, unchanged: 1, error: 0, changed: 0 });
      const added = await rowsOf(company.admin, found, 'added');
      expect(
        added.map(({ line, cells }) => [line, ...cells.map(({ to }) => to)]),
        name,
      ).toEqual([
        [2, ...rows[0]],
        [5, ...rows[3]],
      ]);
    }
  });

  test('CSV02: an invalid byte is an error of its line and column, with what to do', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${linkHeader}\r\ntaro@argus.example,太郎@contoso.example\r\nhanako@argus.example,han`),
      Buffer.from([0xff]),
      Buffer.from('ko@contoso.example\r\n'),
    ]);
    const found = await upload(company.admin, bytes);
    expect(found).toMatchObject({ state: 'ready', encoding: 'utf-8', counts: { added: 1, error: 1 } });
    const [row] = await rowsOf(company.admin, found, 'error');
    expect(row).toMatchObject({
      line: 3,
      username: 'hanako@argus.example',
      faults: [{ column: 'microsoftAccount', header: 'Microsoft365アカウント', code: 'csv_undecodable' }],
    });
    expect(row?.faults[0]?.message).toContain('CSV UTF-8');
  });

  test('CSV05: columns in another order, padded, full-width or in English are understood', async () => {
    for (const header of [
      'Microsoft365アカウント,Salesforceアカウント',
      ' Microsoft365アカウント , Salesforceアカウント ,,',
      'Ｍｉｃｒｏｓｏｆｔ３６５アカウント,ＳＡＬＥＳＦＯＲＣＥアカウント',
      'Microsoft 365 account,Salesforce account',
    ]) {
      const found = await upload(company.admin, `${header}\n taro@contoso.example , taro@argus.example \n`);
      expect(found, header).toMatchObject({ state: 'ready', counts: { added: 1, error: 0 } });
      const [row] = await rowsOf(company.admin, found, 'added');
      expect(row?.cells.map(({ to }) => to)).toEqual(['taro@argus.example', 'taro@contoso.example']);
    }
  });

  test('CSV07: quoted newlines, doubled quotes, lone CR and mixed endings keep the lines of the file', async () => {
    const content = `${linkHeader}\r\n"taro\n@argus.example",a@contoso.example\rhanako@argus.example,"ha""na"\n\njiro@argus.example,jiro@contoso.example`;
    const found = await upload(company.admin, content);
    expect(found).toMatchObject({ state: 'ready', counts: { error: 2, added: 1 } });
    const wrong = await rowsOf(company.admin, found, 'error');
    expect(wrong.map(({ line, faults }) => [line, faults.map(({ column }) => column)])).toEqual([
      [2, ['username']],
      [4, ['microsoftAccount']],
    ]);
    expect(wrong[1]?.cells[1]?.to).toBe('ha"na');
    const [right] = await rowsOf(company.admin, found, 'added');
    expect(right?.line).toBe(6);
  });

  test('CSV07: one NUL in a cell is an error of its line', async () => {
    const found = await upload(
      company.admin,
      linkFile(['taro', 'ta\0ro@contoso.example'], ['hanako', 'h@contoso.example']),
    );
    expect(found).toMatchObject({ state: 'ready', counts: { error: 1, added: 1 } });
    expect(await rowsOf(company.admin, found, 'error')).toMatchObject([
      { line: 2, faults: [{ column: 'microsoftAccount' }] },
    ]);
  });

  test('a cell too long for an account is an error of its line, shown short; one of 1 MB is C1 with its line', async () => {
    const found = await upload(company.admin, linkFile(['taro', `${'a'.repeat(10_000)}@contoso.example`]));
    expect(found).toMatchObject({ state: 'ready', counts: { error: 1 } });
    const [row] = await rowsOf(company.admin, found, 'error');
    expect(row).toMatchObject({ line: 2, faults: [{ column: 'microsoftAccount', code: 'too_long' }] });
    expect(row?.cells[1]?.to?.length).toBeLessThanOrEqual(200);
    const huge = await upload(company.admin, linkFile(['taro', `${'a'.repeat(1_000_000)}@contoso.example`]));
    expect(huge).toMatchObject({ state: 'refused', refusal: { reason: 'record_too_long' } });
    expect(huge.refusal?.message).toContain('2行目');
  });

  test('CSV17: __proto__ as a header or as a cell is a text like any other', async () => {
    const found = await upload(company.admin, `__proto__,${linkHeader}\nx,taro@argus.example,taro@contoso.example`);
    expect(found).toMatchObject({ state: 'refused', refusal: { reason: 'header_unknown' } });
    expect(found.refusal?.message).toContain('__proto__');
    const cells = await upload(company.admin, `${linkHeader}\n__proto__,constructor\n`);
    expect(cells).toMatchObject({ state: 'ready', counts: { error: 1 } });
    expect(await rowsOf(company.admin, cells, 'error')).toMatchObject([{ username: '__proto__' }]);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});

describe('CSV取込: files that are refused as a whole', () => {
  const link = 'taro@argus.example,taro@contoso.example';
  const zip = (entry: string) => Buffer.from(`PK\x03\x04\x14\0\0\0\0\0\0\0\0\0${'\0'.repeat(16)}${entry}`, 'latin1');
  const refused: readonly [string, string, string | Uint8Array, string | undefined][] = [
    ['CSV05: the same header twice', 'header_duplicate', `${linkHeader},Salesforceアカウント\n${link},x`, undefined],
    ['CSV05: an unknown header', 'header_unknown', `${linkHeader},部署\n${link},営業`, '部署'],
    ['CSV05: a header that lacks a column', 'header_missing', 'Salesforceアカウント\ntaro@argus.example', undefined],
    ['CSV05: data instead of a header', 'header_is_data', link, 'taro@argus.example'],
    ['CSV06: an empty file', 'empty', '', undefined],
    ['CSV06: blanks and line ends only', 'empty', `${bom}\r\n  \r\n,,\r\n`, undefined],
    ['CSV06: a header only', 'header_only', `${linkHeader}\r\n`, '1行目'],
    ['CSV08: a quote that is never closed', 'quote_unclosed', `${linkHeader}\n${link}\n"hanako`, '3行目'],
    ['CSV08: a quote out of place', 'quote_misplaced', `${linkHeader}\nta"ro"@argus.example,x`, '2行目'],
    ['10,000 columns', 'too_many_columns', `${linkHeader}\n${link}${',x'.repeat(9_998)}`, '10000列'],
    ['an XLSX that was renamed', 'workbook', zip('xl/workbook.xml'), 'Excelブック'],
    ['a ZIP that was renamed', 'zip', zip('links.csv'), 'ZIP'],
    ['an XLS that was renamed', 'old_workbook', Buffer.from('d0cf11e0a1b11ae1000000', 'hex'), 'Excelブック'],
    ['a web page', 'html', '<!DOCTYPE html><table><tr><td>x</td></tr></table>', 'HTML'],
    ['a file full of NULs', 'binary', Buffer.alloc(5_000), undefined],
  ];

  test.each(refused)(
    '%s is C1 with its reason, and with cause, place and remedy',
    async (_name, reason, content, said) => {
      const found = await upload(company.admin, content);
      expect(found).toMatchObject({ state: 'refused', counts: null, refusal: { reason, repair: null } });
      expect(found.refusal?.message).toMatch(/[ぁ-ん]/);
      expect(found.refusal?.message).not.toMatch(/[{}]/);
      if (said !== undefined) expect(found.refusal?.message).toContain(said);
      expect(found.problem).toMatchObject({
        code: 'csv_file_invalid',
        lines: [c1],
        admin: {
          row: 'C1',
          causes: [
            {
              condition: '取り込みを実行したCSVファイルに不正があった場合。',
              place: '取り込みを実行したCSVファイル',
              remedy:
                'CSVファイルは1行目にヘッダ情報、2行目以降にデータを入力し、1列目の「ユーザ名」列を削除して保存してください。',
            },
          ],
        },
      });
      expect((await company.leftovers()).rows).toBe(0);
    },
  );

  test('CSV08: an unclosed quote before 20 MB is refused without reading them as one cell', async () => {
    const content = `${linkHeader}\n"${'hanako@argus.example,hanako@contoso.example\n'.repeat(450_000)}`;
    const before = process.memoryUsage().rss;
    const found = await upload(company.admin, content);
    expect(found.state).toBe('refused');
    expect(['record_too_long', 'quote_unclosed']).toContain(found.refusal?.reason);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
  });

  test('C1 is in English for a reader of English', async () => {
    const { id } = await upload(company.admin, '');
    const reply = await company.admin.send('GET', `/api/admin/csv-imports/${id}`, {
      headers: { 'accept-language': 'en' },
    });
    expect(reply.body).toMatchObject({ refusal: { message: expect.stringContaining('The file is empty') } });
  });
});
