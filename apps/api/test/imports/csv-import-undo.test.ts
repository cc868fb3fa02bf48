import { describe, expect, test } from 'vitest';
import { company, linkFile, stageCompany, usernameOf } from '../support/csv-company.ts';
import { apply, undo, undoRest, upload } from '../support/csv-upload.ts';

const people = ['taro', 'hanako', 'jiro', 'saburo', 'shiro', 'goro'];

stageCompany(people);

const prisma = () => company.argus.database.prisma;

/** Links as rows, without the columns that count changes. */
async function rows() {
  const found = await prisma().accountLink.findMany({ orderBy: { id: 'asc' } });
  return found.map(({ version, updatedAt, ...row }) => row);
}

const deleteLink = async (name: string) =>
  company.admin.call('DELETE /api/admin/account-links/:id', { params: { id: (await company.linkOf(name)).id } });

describe('CSV取込: 取り消し', () => {
  test('CSV18: ids, pins, spelling and accounts come back row for row; what the file did not touch stays', async () => {
    const ids = await company.link({
      taro: 'Taro@contoso.example',
      hanako: 'hanako@contoso.example',
      jiro: 'jiro@contoso.example',
      saburo: 'saburo@contoso.example',
    });
    for (const [index, id] of Object.values(ids).entries()) {
      const pins = { pinnedTenantId: 'tenant', pinnedObjectId: `object ${index}` };
      await prisma().accountLink.update({ where: { id }, data: pins });
    }
    const before = await rows();
    const accounts = await prisma().account.findMany({ orderBy: { id: 'asc' } });
    const found = await upload(
      company.admin,
      linkFile(
        ['taro', 'taro@contoso.example'],
        ['hanako', 'jiro@contoso.example'],
        ['jiro', 'hanako@contoso.example'],
        ['shiro', 'shiro@contoso.example'],
        ['created', 'created@contoso.example'],
      ),
      { mode: 'replace', createAccounts: true },
    );
    expect(found.counts).toMatchObject({ respelled: 1, changed: 2, added: 2, removed: 1, accountsCreated: 1 });
    expect(await apply(company.admin, found)).toMatchObject({
      state: 'applied',
      progress: { rowsDone: 6, rowsTotal: 6 },
    });
    const applied = await prisma().accountLink.findMany({ include: { account: true } });
    const pinned = Object.fromEntries(applied.map((link) => [link.account.displayName, link.pinnedObjectId]));
    // Another account clears the pins.
    expect(pinned).toMatchObject({ taro: 'object 0', hanako: null, jiro: null, shiro: null });
    expect(await undo(company.admin, found)).toMatchObject({ state: 'undone', problem: null, conflicts: [] });
    expect(await rows()).toEqual(before);
    expect(await prisma().account.findMany({ orderBy: { id: 'asc' } })).toEqual(accounts);
  });

  test('CSV18: an undo of a ring of swaps in replace mode, with freed accounts taken by others', async () => {
    await company.link({ taro: 'a@x.example', hanako: 'b@x.example', jiro: 'c@x.example', goro: 'd@x.example' });
    const before = await rows();
    const found = await upload(
      company.admin,
      linkFile(['taro', 'b@x.example'], ['hanako', 'c@x.example'], ['jiro', 'a@x.example'], ['shiro', 'D@x.example']),
      { mode: 'replace' },
    );
    expect(found.counts).toMatchObject({ changed: 3, added: 1, removed: 1 });
    await apply(company.admin, found);
    expect(await undo(company.admin, found)).toMatchObject({ state: 'undone' });
    expect(await rows()).toEqual(before);
  });

  test('CSV18: it is refused if rows were changed, deleted or added again, and names exactly these', async () => {
    await company.link({ taro: 't@x.example', hanako: 'h@x.example', saburo: 's@x.example', goro: 'g@x.example' });
    const found = await upload(
      company.admin,
      linkFile(
        ['taro', 't2@x.example'],
        ['hanako', 'h2@x.example'],
        ['jiro', 'j@x.example'],
        ['shiro', 'sh@x.example'],
      ),
      { mode: 'replace' },
    );
    expect(found.counts).toMatchObject({ changed: 2, added: 2, removed: 2 });
    await apply(company.admin, found);
    await company.changeLink('taro', 't3@x.example');
    await deleteLink('jiro');
    await company.link({ saburo: 'again@x.example' });
    await deleteLink('shiro');
    await company.link({ shiro: 'sh@x.example' });
    const before = await rows();
    const refused = await undo(company.admin, found);
    expect(refused).toMatchObject({ state: 'applied', problem: { code: 'csv_undo_refused' }, conflictsTotal: 4 });
    expect(refused.conflicts).toEqual([
      { line: 2, username: usernameOf('taro'), reason: 'changed', microsoftAccount: 't3@x.example' },
      { line: 4, username: usernameOf('jiro'), reason: 'gone', microsoftAccount: null },
      { line: 5, username: usernameOf('shiro'), reason: 'changed', microsoftAccount: 'sh@x.example' },
      { line: null, username: usernameOf('saburo'), reason: 'changed', microsoftAccount: 'again@x.example' },
    ]);
    expect(refused.conflictReasons).toEqual([
      { reason: 'changed', rows: 3, message: '取り込んだ後に変更されました。' },
      { reason: 'gone', rows: 1, message: '取り込んだ後に変更または削除されました。' },
    ]);
    expect(await rows()).toEqual(before);
    const undone = { action: 'csv_import_undone', targetId: String(found.id) };
    expect(await prisma().auditEvent.count({ where: undone })).toBe(0);
  });

  test('CSV18: a row corrected by hand no longer blocks the undo', async () => {
    await company.link({ taro: 't@x.example' });
    const found = await upload(company.admin, linkFile(['taro', 't2@x.example']));
    await apply(company.admin, found);
    await company.changeLink('taro', 'T2@x.example');
    expect(await undo(company.admin, found)).toMatchObject({ state: 'applied', conflictsTotal: 1 });
    await company.changeLink('taro', 't2@x.example');
    expect(await undo(company.admin, found)).toMatchObject({ state: 'undone', conflictsTotal: 0, problem: null });
    expect(await company.links()).toEqual({ taro: 't@x.example' });
  });

  test('CSV18: it is refused if somebody else now has the former account of a link, and names the row', async () => {
    await company.link({ taro: 't@x.example', hanako: 'h@x.example' });
    const found = await upload(company.admin, linkFile(['taro', 't2@x.example']), { mode: 'replace' });
    await apply(company.admin, found);
    await company.link({ goro: 'T@x.example', shiro: 'h@x.example' });
    const refused = await undo(company.admin, found);
    expect(refused).toMatchObject({ state: 'applied', problem: { code: 'csv_undo_refused' } });
    expect(refused.conflicts.map(({ username, reason }) => [username, reason])).toEqual([
      [usernameOf('taro'), 'taken'],
      [usernameOf('hanako'), 'taken'],
    ]);
  });

  test('CSV18: an account that the import created is removed, unless it is in use', async () => {
    const uses: Readonly<Record<string, (id: string, version: number) => Promise<unknown>>> = {
      invited: (id) => company.admin.call('POST /api/admin/users/:id/invitation', { params: { id } }),
      changed: (id, version) =>
        company.admin.call('PUT /api/admin/users/:id', {
          params: { id },
          body: {
            username: 'created@argus.example',
            displayName: '作成 太郎',
            role: 'user',
            active: true,
            salesforceId: null,
            version,
          },
        }),
    };
    for (const [name, use] of Object.entries(uses)) {
      await company.reset();
      const found = await upload(company.admin, linkFile(['created', 'c@x.example']), { createAccounts: true });
      await apply(company.admin, found);
      const { items } = await company.admin.call('GET /api/admin/users', { query: { q: 'created' } });
      await use(items[0]?.id ?? '', items[0]?.version ?? 0);
      const refused = await undo(company.admin, found);
      expect(refused, name).toMatchObject({
        state: 'applied',
        conflicts: [{ line: 2, username: usernameOf('created') }],
      });
      expect(refused.conflicts[0]?.reason, name).toBe(name === 'invited' ? 'in_use' : 'changed');
      expect(await company.links(), name).toEqual({ created: 'c@x.example' });
    }
  });

  test('CSV18: it is refused if an account whose link was removed no longer exists', async () => {
    const extra = await company.argus.addAccount('leaver@argus.example');
    await company.link({ leaver: 'l@x.example', taro: 't@x.example' });
    const found = await upload(company.admin, linkFile(['taro', 't@x.example']), { mode: 'replace' });
    await apply(company.admin, found);
    await prisma().account.delete({ where: { id: extra } });
    expect(await undo(company.admin, found)).toMatchObject({
      state: 'applied',
      conflicts: [{ line: null, username: 'leaver@argus.example' }],
    });
  });

  test('CSV18: of very many conflicts the first hundred are named, and all are counted', async () => {
    const many = Array.from({ length: 130 }, (_, i) => [`c${i}`, `c${i}@x.example`] as const);
    const found = await upload(company.admin, linkFile(...many), { createAccounts: true });
    await apply(company.admin, found);
    await prisma().accountLink.deleteMany({});
    const refused = await undo(company.admin, found);
    expect(refused.conflictsTotal).toBe(130);
    expect(refused.conflicts.map(({ line }) => line)).toEqual(Array.from({ length: 100 }, (_, i) => i + 2));
  });

  test('people 22: an undo of the rest leaves exactly the rows that were changed, and names them by reason', async () => {
    await company.link({ taro: 't@x.example', hanako: 'h@x.example', goro: 'g@x.example' });
    const found = await upload(
      company.admin,
      linkFile(
        ['taro', 't2@x.example'],
        ['hanako', 'h2@x.example'],
        ['jiro', 'j@x.example'],
        ['created', 'c@x.example'],
        ['invited', 'i@x.example'],
      ),
      { mode: 'replace', createAccounts: true },
    );
    await apply(company.admin, found);
    await company.changeLink('taro', 't3@x.example');
    const { items } = await company.admin.call('GET /api/admin/users', { query: { q: 'invited' } });
    await company.admin.call('POST /api/admin/users/:id/invitation', { params: { id: items[0]?.id ?? '' } });
    expect(await undo(company.admin, found)).toMatchObject({ state: 'applied', conflictsTotal: 2 });

    const undone = await undoRest(company.admin, found);
    expect(undone).toMatchObject({ state: 'undone', problem: null, conflictsTotal: 2, progress: { rowsDone: 4 } });
    expect(undone.conflictReasons.map(({ reason, rows }) => [reason, rows])).toEqual([
      ['changed', 1],
      ['in_use', 1],
    ]);
    expect(await company.links()).toEqual({
      taro: 't3@x.example',
      hanako: 'h@x.example',
      goro: 'g@x.example',
      invited: 'i@x.example',
    });
    expect(await prisma().account.count({ where: { usernameKey: usernameOf('created') } })).toBe(0);
    const event = await prisma().auditEvent.findFirstOrThrow({ where: { action: 'csv_import_undone' } });
    expect(event.details).toMatchObject({
      changes: expect.arrayContaining([{ field: 'kept', from: null, to: '2' }]),
    });
  });

  test('people 22: a row stays, too, whose former account a row that stays has by now', async () => {
    await company.link({ taro: 'a@x.example', hanako: 'b@x.example', jiro: 'j@x.example' });
    const found = await upload(
      company.admin,
      linkFile(['taro', 'b@x.example'], ['hanako', 'c@x.example'], ['jiro', 'j2@x.example']),
    );
    await apply(company.admin, found);
    // What taro had before.
    await company.changeLink('hanako', 'a@x.example');
    const undone = await undoRest(company.admin, found);
    expect(undone.conflicts.map(({ username, reason }) => [username, reason])).toEqual([
      [usernameOf('taro'), 'taken'],
      [usernameOf('hanako'), 'changed'],
    ]);
    expect(await company.links()).toEqual({ taro: 'b@x.example', hanako: 'a@x.example', jiro: 'j@x.example' });
  });

  test('people 22: where nothing else is left, the undo of the rest is refused and changes nothing', async () => {
    await company.link({ taro: 't@x.example' });
    const found = await upload(company.admin, linkFile(['taro', 't2@x.example']));
    await apply(company.admin, found);
    await company.changeLink('taro', 't3@x.example');
    expect(await undoRest(company.admin, found)).toMatchObject({
      state: 'applied',
      problem: { code: 'csv_undo_refused' },
      conflictsTotal: 1,
    });
    // Corrected by hand, the row is no longer marked.
    await company.changeLink('taro', 't2@x.example');
    expect(await undo(company.admin, found)).toMatchObject({ state: 'undone', conflictsTotal: 0 });
    expect(await company.links()).toEqual({ taro: 't@x.example' });
  });

  test('CSV18: two undos, even concurrent ones, undo it once; a new import can apply it again', async () => {
    const content = linkFile(['taro', 't@x.example']);
    const found = await upload(company.admin, content);
    await apply(company.admin, found);
    const path = `/api/admin/csv-imports/${found.id}/undo`;
    const replies = await Promise.all(Array.from({ length: 5 }, () => company.admin.send('POST', path)));
    expect(replies.filter(({ status }) => status === 202)).toHaveLength(1);
    await expect.poll(() => company.links()).toEqual({});
    expect((await company.admin.send('POST', path)).status).toBe(409);
    const again = await upload(company.admin, content);
    expect(await apply(company.admin, again)).toMatchObject({ state: 'applied' });
  });

  test('CSV18: imports are undone in the reverse order; the older one is refused before the newer one is undone', async () => {
    const first = await upload(company.admin, linkFile(['taro', 'a@x.example']));
    await apply(company.admin, first);
    const second = await upload(company.admin, linkFile(['taro', 'b@x.example']));
    await apply(company.admin, second);
    expect(await undo(company.admin, first)).toMatchObject({ state: 'applied', conflictsTotal: 1 });
    expect(await undo(company.admin, second)).toMatchObject({ state: 'undone' });
    expect(await undo(company.admin, first)).toMatchObject({ state: 'undone' });
    expect(await rows()).toEqual([]);
  });

  test('CSV18: the same applies to imports of links and of users about the same account', async () => {
    const users =
      'ユーザ名,Salesforceアカウント,役割,有効\n作成 太郎,created@argus.example,管理者,TRUE\n新人,new@argus.example,ユーザ,TRUE';
    const first = await upload(company.admin, linkFile(['created', 'c@x.example']), { createAccounts: true });
    await apply(company.admin, first);
    const second = await upload(company.admin, users, { table: 'users' });
    expect(second.counts).toMatchObject({ changed: 1, added: 1 });
    await apply(company.admin, second);
    const third = await upload(company.admin, linkFile(['new', 'n@x.example']));
    await apply(company.admin, third);
    expect(await undo(company.admin, first)).toMatchObject({ state: 'applied', conflictsTotal: 1 });
    expect(await undo(company.admin, second)).toMatchObject({ state: 'applied', conflictsTotal: 1 });
    for (const found of [third, second, first]) {
      expect(await undo(company.admin, found)).toMatchObject({ state: 'undone', conflictsTotal: 0 });
    }
    expect(await rows()).toEqual([]);
    expect(await prisma().account.count()).toBe(people.length + 1);
  });
});
