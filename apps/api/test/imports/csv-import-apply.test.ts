import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { describe, expect, test } from 'vitest';
import { company, linkFile, stageCompany, usernameOf } from '../support/csv-company.ts';
import { apply, readFile, rowsOf, sendFile, undo, upload } from '../support/csv-upload.ts';

stageCompany(['taro', 'hanako', 'jiro', 'saburo']);

const fails = (
  found: CsvImportView,
  what: 'apply' | 'read' | 'undo' | 'cancel',
  { planVersion = found.planVersion, removals = null as number | null } = {},
) => {
  const params = { id: String(found.id) };
  if (what === 'apply') {
    return company.admin.fails('POST /api/admin/csv-imports/:id/apply', { params, body: { planVersion, removals } });
  }
  if (what === 'read') {
    const body = { mode: 'merge', createAccounts: false, dropDisplayOnly: false } as const;
    return company.admin.fails('POST /api/admin/csv-imports/:id/read', { params, body });
  }
  return company.admin.fails(`POST /api/admin/csv-imports/:id/${what}`, { params });
};
const see = ({ id }: CsvImportView) =>
  company.admin.call('GET /api/admin/csv-imports/:id', { params: { id: String(id) } });

describe('CSV取込: all or nothing', () => {
  test('CSV10: if the last of very many rows is bad, nothing can be applied and nothing changes', async () => {
    const rows = process.env.TEST_DATABASE_URL ? 100_000 : 20_000;
    const good = Array.from({ length: rows - 1 }, (_, i) => [`u${i}`, `u${i}@contoso.example`] as const);
    const found = await upload(company.admin, linkFile(...good, ['last', 'no account']), { createAccounts: true });
    expect(found).toMatchObject({ state: 'ready', counts: { added: rows - 1, error: 1 } });
    expect(await rowsOf(company.admin, found, 'error')).toMatchObject([
      { line: rows + 1, faults: [{ column: 'microsoftAccount', code: 'upn_malformed' }] },
    ]);
    expect(await fails(found, 'apply')).toMatchObject({ status: 409, code: 'csv_import_has_errors' });
    expect(await company.links()).toEqual({});
    expect(await company.argus.database.prisma.account.count()).toBe(5);
    await company.admin.call('POST /api/admin/csv-imports/:id/cancel', { params: { id: String(found.id) } });
    expect(await company.leftovers()).toEqual({ parts: 0, rows: 0 });
  }, 120_000);

  test('CSV15: the same file a second time changes nothing, and can be applied nevertheless', async () => {
    const content = linkFile(['taro', 'Taro@contoso.example'], ['hanako', '花子@contoso.example']);
    await apply(company.admin, await upload(company.admin, content));
    const before = await company.argus.database.prisma.accountLink.findMany({ orderBy: { id: 'asc' } });
    for (const mode of ['merge', 'replace'] as const) {
      const again = await upload(company.admin, content, { mode });
      expect(again.counts).toMatchObject({ unchanged: 2, added: 0, changed: 0, respelled: 0, removed: 0, error: 0 });
      expect(await apply(company.admin, again)).toMatchObject({ state: 'applied', progress: { rowsTotal: 0 } });
    }
    expect(await company.argus.database.prisma.accountLink.findMany({ orderBy: { id: 'asc' } })).toEqual(before);
  });

  test('CSV19: replace mode names the links that it removes, and asks for their number', async () => {
    await company.link({ taro: 't@contoso.example', hanako: 'h@contoso.example', jiro: 'j@contoso.example' });
    const found = await upload(company.admin, linkFile(['taro', 't@contoso.example']), { mode: 'replace' });
    expect(found.counts).toMatchObject({ removed: 2, unchanged: 1 });
    expect(await rowsOf(company.admin, found, 'removed')).toMatchObject([
      { line: null, username: usernameOf('hanako'), cells: [{ to: null }, { from: 'h@contoso.example', to: null }] },
      { line: null, username: usernameOf('jiro'), cells: [{ to: null }, { from: 'j@contoso.example', to: null }] },
    ]);
    for (const removals of [null, 0, 1, 3]) {
      expect(await fails(found, 'apply', { removals })).toMatchObject({
        status: 400,
        fields: [{ field: 'removals', code: 'csv_count_differs' }],
      });
    }
    expect(Object.keys(await company.links())).toHaveLength(3);
    expect(await apply(company.admin, found)).toMatchObject({ state: 'applied' });
    expect(await company.links()).toEqual({ taro: 't@contoso.example' });
  });

  test('CSV19: if nothing is removed, no number is required, and a wrong one is refused', async () => {
    const found = await upload(company.admin, linkFile(['taro', 't@contoso.example']), { mode: 'replace' });
    expect(await fails(found, 'apply', { removals: 1 })).toMatchObject({ status: 400 });
    expect(await apply(company.admin, found)).toMatchObject({ state: 'applied' });
  });

  test('an import of users has neither the replace mode nor the option to create accounts', async () => {
    const { id } = await upload(company.admin, 'x', { table: 'users' });
    for (const change of [{ mode: 'replace' as const }, { createAccounts: true }]) {
      const body = { mode: 'merge' as const, createAccounts: false, dropDisplayOnly: false, ...change };
      const problem = await company.admin.fails('POST /api/admin/csv-imports/:id/read', {
        params: { id: String(id) },
        body,
      });
      expect(problem.status).toBe(400);
    }
  });
});

describe('CSV取込: each step is possible only in its state', () => {
  test('a plan other than the previewed one is not applied', async () => {
    const first = await upload(company.admin, linkFile(['taro', 't@contoso.example']));
    const second = await readFile(company.admin, first.id, { mode: 'replace' });
    expect(second.planVersion).toBe(first.planVersion + 1);
    expect(await fails(first, 'apply')).toMatchObject({ status: 409, code: 'csv_import_outdated' });
    expect(await fails(first, 'apply', { planVersion: 99 })).toMatchObject({ code: 'csv_import_outdated' });
    expect(await see(first)).toMatchObject({ state: 'ready', planVersion: 2 });
    expect(await apply(company.admin, second)).toMatchObject({ state: 'applied' });
  });

  test('an import in a state that does not allow it is neither applied nor undone, and says so', async () => {
    const not = { status: 409, code: 'csv_import_not_possible' };
    const received = await company.admin.call('POST /api/admin/csv-imports', {
      body: { table: 'account_links', fileName: 'x.csv', fileBytes: 3 },
    });
    for (const what of ['apply', 'undo'] as const) {
      expect(await fails(received, what, { planVersion: 1 })).toMatchObject(not);
    }
    const refused = await upload(company.admin, 'x');
    for (const what of ['apply', 'undo'] as const) expect(await fails(refused, what)).toMatchObject(not);
    const ready = await upload(company.admin, linkFile(['taro', 't@contoso.example']));
    expect(await fails(ready, 'undo')).toMatchObject(not);
    await apply(company.admin, ready);
    for (const what of ['apply', 'cancel'] as const) expect(await fails(ready, what)).toMatchObject(not);
    expect(await fails(ready, 'read')).toMatchObject({ status: 409 });
    await undo(company.admin, ready);
    for (const what of ['apply', 'cancel', 'undo'] as const) expect(await fails(ready, what)).toMatchObject(not);
    for (const found of [received, refused]) {
      const params = { id: String(found.id) };
      expect(await company.admin.call('POST /api/admin/csv-imports/:id/cancel', { params })).toMatchObject({
        state: 'cancelled',
        readable: false,
      });
      for (const what of ['apply', 'undo', 'cancel'] as const) {
        expect(await fails(found, what, { planVersion: 1 })).toMatchObject(not);
      }
      expect(await fails(found, 'read')).toMatchObject({ status: 409 });
    }
    expect((await company.leftovers()).parts).toBe(0);
  });

  test('an import that is cancelled while its file is read leaves neither rows nor parts', async () => {
    const rows = Array.from({ length: 15_000 }, (_, i) => [`u${i}`, `u${i}@contoso.example`] as const);
    for (const waitMs of [0, 150, 400, 700, 1_000]) {
      const { id } = await sendFile(company.admin, linkFile(...rows));
      const params = { id: String(id) };
      await company.admin.call('POST /api/admin/csv-imports/:id/read', {
        params,
        body: { mode: 'merge', createAccounts: true, dropDisplayOnly: false },
      });
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      const found = await company.admin.call('POST /api/admin/csv-imports/:id/cancel', { params });
      expect(found.state).toBe('cancelled');
      // The reading ends before the process reports that it is closed.
      await expect.poll(() => company.leftovers(), { timeout: 15_000 }).toEqual({ parts: 0, rows: 0 });
    }
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await company.leftovers()).toEqual({ parts: 0, rows: 0 });
    const { items } = await company.admin.call('GET /api/admin/csv-imports', { query: { table: 'account_links' } });
    expect(items.map(({ state }) => state)).toEqual(Array(5).fill('cancelled'));
  }, 60_000);

  test('the audit log says who applied and undid what, and how many rows of each kind', async () => {
    await company.link({ hanako: 'h@contoso.example', jiro: demoUsers.hanako.userPrincipalName });
    const found = await upload(
      company.admin,
      linkFile(['taro', 't@contoso.example'], ['jiro', 'j@contoso.example'], ['new', 'n@contoso.example']),
      { mode: 'replace', createAccounts: true, fileName: '紐づけ.csv' },
    );
    await apply(company.admin, found);
    await undo(company.admin, found);
    const { items } = await company.admin.call('GET /api/admin/audit-events');
    const counts = [
      { field: 'added', to: '2' },
      { field: 'changed', to: '1' },
      { field: 'removed', to: '1' },
      { field: 'accountsCreated', to: '1' },
    ];
    for (const [index, action] of ['csv_import_undone', 'csv_import_applied'].entries()) {
      expect(items[index]).toMatchObject({
        action,
        actorUsername: 'admin@argus.example',
        targetName: '紐づけ.csv',
        changes: expect.arrayContaining(counts.map((count) => expect.objectContaining(count))),
      });
    }
  });
});
