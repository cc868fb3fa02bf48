import { describe, expect, test } from 'vitest';
import { company, linkFile, linkHeader, stageCompany } from '../support/csv-company.ts';
import { apply, readFile, rowsOf, upload } from '../support/csv-upload.ts';

stageCompany(['taro', 'hanako', 'jiro', 'saburo', 'shiro', 'goro']);

const faultsOf = async (found: Parameters<typeof rowsOf>[1]) =>
  (await rowsOf(company.admin, found, 'error')).map(({ line, faults }) => [
    line,
    ...faults.map(({ column, code, message }) => `${column} ${code} ${message}`),
  ]);

describe('CSV取込: duplicates', () => {
  test('CSV09: the same account twice, whatever its case and width, is an error of both lines that names both', async () => {
    const found = await upload(
      company.admin,
      linkFile(
        ['taro', 'taro@contoso.example'],
        ['hanako', 'hanako@contoso.example'],
        ['ＴＡＲＯ@argus.example', 'taro2@contoso.example'],
      ),
    );
    expect(found.counts).toMatchObject({ error: 2, added: 1 });
    const said =
      'username csv_username_repeated このSalesforceアカウントは2, 4行目に重複しています。1行だけ残してください。';
    expect(await faultsOf(found)).toEqual([
      [2, said],
      [4, said],
    ]);
  });

  test('CSV09: the same Microsoft 365 account twice, whatever its case and width, is an error that names both lines', async () => {
    const found = await upload(
      company.admin,
      linkFile(['taro', 'team@contoso.example'], ['jiro', 'j@contoso.example'], ['hanako', 'ＴＥＡＭ@Contoso.example']),
    );
    expect(found.counts).toMatchObject({ error: 2, added: 1 });
    const said =
      'microsoftAccount csv_upn_repeated このMicrosoft365アカウントは2, 4行目に重複しています。1行だけ残してください。';
    expect(await faultsOf(found)).toEqual([
      [2, said],
      [4, said],
    ]);
  });

  test('CSV09: of more than five repetitions the first five lines are named; of exactly five, all are', async () => {
    const repeated = (times: number) =>
      linkFile(...Array.from({ length: times }, (_, i) => ['taro', `taro${i}@contoso.example`] as const));
    const five = await upload(company.admin, repeated(5));
    expect((await faultsOf(five))[0]?.[1]).toContain('は2, 3, 4, 5, 6行目に');
    const seven = await upload(company.admin, repeated(7));
    expect(seven.counts).toMatchObject({ error: 7 });
    expect((await faultsOf(seven))[6]?.[1]).toContain('は2, 3, 4, 5, 6 …行目に');
  });

  test('CSV09: a line that is wrong in both columns and repeated reports every fault at once', async () => {
    const found = await upload(
      company.admin,
      `${linkHeader}\nnobody,taro\nghost@argus.example,x@contoso.example\nghost@argus.example,x@contoso.example,more`,
    );
    const rows = await rowsOf(company.admin, found, 'error');
    expect(rows.map(({ faults }) => faults.map(({ code }) => code).sort())).toEqual([
      ['upn_malformed', 'username_malformed'],
      ['csv_account_unknown', 'csv_upn_repeated', 'csv_username_repeated'],
      ['csv_account_unknown', 'csv_cells_extra', 'csv_upn_repeated', 'csv_username_repeated'],
    ]);
  });

  test('CSV09: names that differ only in case do not change the account: they are respelled, and the pins stay', async () => {
    const ids = await company.link({ taro: 'taro@contoso.example' });
    const db = company.argus.database.prisma;
    const pins = { pinnedTenantId: 'tenant', pinnedObjectId: 'object' };
    await db.accountLink.update({ where: { id: ids.taro ?? '' }, data: pins });
    const found = await upload(company.admin, linkFile(['TARO', 'Taro@Contoso.example']));
    expect(found.counts).toMatchObject({ respelled: 1, changed: 0, disconnected: 0 });
    await apply(company.admin, found);
    expect(await company.links()).toEqual({ taro: 'Taro@Contoso.example' });
    expect(await db.accountLink.findFirst({})).toMatchObject({ id: ids.taro, ...pins });
  });
});

describe('CSV取込: Microsoft 365 accounts that are already linked', () => {
  test('an account of a user who is not in the file is an error that names that user', async () => {
    await company.link({ taro: 'team@contoso.example' });
    const found = await upload(company.admin, linkFile(['hanako', 'TEAM@contoso.example']));
    expect(found.counts).toMatchObject({ error: 1 });
    const [fault] = await faultsOf(found);
    expect(fault?.[0]).toBe(2);
    expect(fault?.[1]).toMatch(/^microsoftAccount upn_linked .*taro@argus\.example/);
  });

  test('an account of a user who is in the file and keeps it is an error of both lines', async () => {
    await company.link({ taro: 'team@contoso.example' });
    const found = await upload(
      company.admin,
      linkFile(['taro', 'team@contoso.example'], ['hanako', 'team@contoso.example']),
    );
    expect(found.counts).toMatchObject({ error: 2 });
  });

  test('within one file, two users may swap, three may rotate, and a chain may end at a new account', async () => {
    await company.link({
      taro: 'a@contoso.example',
      hanako: 'b@contoso.example',
      jiro: 'c@contoso.example',
      saburo: 'd@contoso.example',
      shiro: 'e@contoso.example',
    });
    const found = await upload(
      company.admin,
      linkFile(
        ['taro', 'b@contoso.example'],
        ['hanako', 'a@contoso.example'],
        ['jiro', 'd@contoso.example'],
        ['saburo', 'e@contoso.example'],
        ['shiro', 'new@contoso.example'],
        ['goro', 'c@contoso.example'],
      ),
    );
    expect(found.counts).toMatchObject({ error: 0, changed: 5, added: 1 });
    expect(await apply(company.admin, found)).toMatchObject({ state: 'applied' });
    expect(await company.links()).toEqual({
      goro: 'c@contoso.example',
      hanako: 'a@contoso.example',
      jiro: 'd@contoso.example',
      saburo: 'e@contoso.example',
      shiro: 'new@contoso.example',
      taro: 'b@contoso.example',
    });
    const ring = await upload(
      company.admin,
      linkFile(['taro', 'a@contoso.example'], ['hanako', 'd@contoso.example'], ['jiro', 'b@contoso.example']),
    );
    expect(await apply(company.admin, ring)).toMatchObject({ state: 'applied' });
    expect(await company.links()).toMatchObject({ taro: 'a@contoso.example', jiro: 'b@contoso.example' });
  });

  test('in replace mode the accounts of removed links are free', async () => {
    await company.link({ taro: 'team@contoso.example', hanako: 'hanako@contoso.example' });
    const content = linkFile(['hanako', 'team@contoso.example']);
    expect((await upload(company.admin, content)).counts).toMatchObject({ error: 1 });
    const found = await upload(company.admin, content, { mode: 'replace' });
    expect(found.counts).toMatchObject({ error: 0, changed: 1, removed: 1 });
    expect(await apply(company.admin, found)).toMatchObject({ state: 'applied' });
    expect(await company.links()).toEqual({ hanako: 'team@contoso.example' });
  });
});

describe('CSV取込: portal accounts that do not exist', () => {
  test('an unknown account is an error, or is created without a password if that option is ticked', async () => {
    const content = linkFile(['Ｎew.User', 'new@contoso.example'], ['taro', 'taro@contoso.example']);
    const refused = await upload(company.admin, content);
    expect(refused.counts).toMatchObject({ error: 1, added: 1, accountsCreated: 0 });
    expect((await faultsOf(refused))[0]?.[1]).toContain('csv_account_unknown');
    const found = await readFile(company.admin, refused.id, { createAccounts: true });
    expect(found.counts).toMatchObject({ error: 0, added: 2, accountsCreated: 1 });
    expect((await rowsOf(company.admin, found, 'added')).map(({ createsAccount }) => createsAccount)).toEqual([
      true,
      false,
    ]);
    await apply(company.admin, found);
    const { items } = await company.admin.call('GET /api/admin/users', { query: { q: 'new.user' } });
    expect(items).toMatchObject([
      { username: 'New.User@argus.example', displayName: 'New.User@argus.example', role: 'user', active: true },
    ]);
    expect(
      await company.argus.database.prisma.account.findFirst({ where: { usernameKey: 'new.user@argus.example' } }),
    ).toMatchObject({ passwordHash: null });
    expect(await company.links()).toMatchObject({ 'New.User': 'new@contoso.example' });
  });
});

describe('CSV取込: the preview', () => {
  test('each of many rows is on exactly one page, in the order of the file', async () => {
    const rows = Array.from({ length: 333 }, (_, i) => [`u${i}`, `u${i}@contoso.example`] as const);
    const found = await upload(company.admin, linkFile(...rows), { createAccounts: true });
    for (const pageSize of [7, 111, 200]) {
      const seen = await rowsOf(company.admin, found, 'added', pageSize);
      expect(seen.map(({ line }) => line)).toEqual(rows.map((_, i) => i + 2));
      expect(new Set(seen.map(({ seq }) => seq)).size).toBe(333);
    }
    expect(await rowsOf(company.admin, found, 'error')).toEqual([]);
    await company.admin.fails('GET /api/admin/csv-imports/:id/rows', {
      params: { id: String(found.id) },
      query: { kind: 'added', pageSize: 201 },
    });
  });

  test('the failed rows are a CSV file with lines and reasons, which can be corrected and imported as it is', async () => {
    const formula = '=1+1';
    const found = await upload(
      company.admin,
      linkFile(
        ['taro', 'taro@contoso.example'],
        ['nobody', 'nobody@contoso.example'],
        ['hanako', formula],
        ['jiro', '"ji""ro,@contoso.example x"'],
      ),
    );
    expect(found.counts).toMatchObject({ error: 3, added: 1 });
    const reply = await company.admin.send('GET', `/api/admin/csv-imports/${found.id}/failed-rows`);
    expect(reply.headers.get('content-type')).toContain('text/csv');
    const file = decodeURIComponent(reply.headers.get('content-disposition') ?? '');
    expect(file).toContain("filename*=UTF-8''links_エラー行.csv");
    const lines = reply.text.replace(/^\ufeff/, '').split('\r\n');
    expect(lines[0]).toBe(`行,${linkHeader},エラー内容`);
    expect(lines[1]).toMatch(/^3,nobody@argus\.example,nobody@contoso\.example,Salesforceアカウント: このSalesforce/);
    expect(lines[2]).toMatch(/^4,hanako@argus\.example,'=1\+1,Microsoft365アカウント: /);
    const path = `/api/admin/csv-imports/${found.id}/failed-rows`;
    const english = await company.admin.send('GET', path, { headers: { 'accept-language': 'en' } });
    expect(english.text.replace(/^\ufeff/, '').split('\r\n')[0]).toBe(
      'Row,Salesforce account,Microsoft 365 account,Error',
    );
    expect(await upload(company.admin, english.text)).toMatchObject({ state: 'ready', counts: { error: 3, added: 0 } });
    const mended = reply.text
      .replaceAll('nobody', 'goro')
      .replace("'=1+1", 'hanako@contoso.example')
      .replace('"ji""ro,@contoso.example x"', 'jiro@contoso.example');
    const again = await upload(company.admin, mended);
    expect(again).toMatchObject({ state: 'ready', counts: { error: 0, added: 3 } });
    await apply(company.admin, again);
    expect(await company.links()).toEqual({
      goro: 'goro@contoso.example',
      hanako: 'hanako@contoso.example',
      jiro: 'jiro@contoso.example',
    });
  });
});

describe('CSV取込: faults that rows have in common', () => {
  test('people 22: the same fault of many rows is told once, with how many and the first of their lines', async () => {
    const found = await upload(
      company.admin,
      linkFile(
        ...Array.from({ length: 7 }, (_, index): [string, string] => [
          `nobody${index}`,
          `nobody${index}@contoso.example`,
        ]),
        ['taro', 'contoso.example'],
        ['hanako', 'hanako@contoso.example'],
      ),
    );
    const { items } = await company.admin.call('GET /api/admin/csv-imports/:id/shared-faults', {
      params: { id: String(found.id) },
    });
    const [first] = await rowsOf(company.admin, found, 'error');
    const said = first?.faults[0];
    expect(items).toEqual([
      { header: said?.header, code: said?.code, message: said?.message, rows: 7, lines: [2, 3, 4, 5, 6] },
    ]);
  });
});
