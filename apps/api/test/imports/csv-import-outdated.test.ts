import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { beforeEach, describe, expect, test } from 'vitest';
import { company, linkFile, linkHeader, stageCompany, usernameOf } from '../support/csv-company.ts';
import { apply, readFile, undo, upload } from '../support/csv-upload.ts';

const taroUpn = demoUsers.taro.userPrincipalName;

stageCompany(['taro', 'hanako', 'jiro', 'saburo']);

/** Applies, and expects that nothing was written because the data had changed. */
async function expectOutdated(found: CsvImportView): Promise<void> {
  const before = await everything();
  expect(await apply(company.admin, found)).toMatchObject({
    state: 'ready',
    readable: true,
    problem: { code: 'csv_import_outdated', status: 409 },
  });
  expect(await everything()).toEqual(before);
}

async function everything() {
  const db = company.argus.database.prisma;
  return {
    accounts: await db.account.findMany({ orderBy: { id: 'asc' } }),
    links: await db.accountLink.findMany({ orderBy: { id: 'asc' } }),
    applied: await db.auditEvent.count({ where: { action: 'csv_import_applied' } }),
  };
}

async function userOf(name: string) {
  const { items } = await company.admin.call('GET /api/admin/users', { query: { q: name } });
  const [user] = items;
  if (!user) throw new Error(`${name} is not there`);
  return user;
}

const addUser = (username: string) =>
  company.admin.call('POST /api/admin/users', {
    body: { username, displayName: 'X', role: 'user', salesforceId: null, password: 'correct horse battery' },
  });

describe('CSV取込: exactly the plan that was previewed, or nothing', () => {
  beforeEach(async () => {
    await company.link({ taro: 'taro@contoso.example', hanako: 'hanako@contoso.example' });
  });
  const content = linkFile(
    ['taro', 'taro2@contoso.example'],
    ['hanako', 'hanako@contoso.example'],
    ['jiro', 'jiro@contoso.example'],
  );
  const changes: Readonly<Record<string, () => Promise<unknown>>> = {
    'a link of the file was edited': () => company.changeLink('taro', 'other@contoso.example'),
    'a link of the file was edited to what the file says': () => company.changeLink('taro', 'taro2@contoso.example'),
    'a link that the file leaves as it is was edited': () => company.changeLink('hanako', 'other@contoso.example'),
    'a link of the file was respelled': () => company.changeLink('hanako', 'Hanako@contoso.example'),
    'a link of the file was added': () => company.link({ jiro: 'other@contoso.example' }),
    'a link of the file was deleted': async () =>
      company.admin.call('DELETE /api/admin/account-links/:id', { params: { id: (await company.linkOf('taro')).id } }),
    'a link of the file was deleted and added again as it was': async () => {
      await company.admin.call('DELETE /api/admin/account-links/:id', {
        params: { id: (await company.linkOf('hanako')).id },
      });
      await company.link({ hanako: 'hanako@contoso.example' });
    },
    'somebody else took an account of the file': () => company.link({ saburo: 'JIRO@contoso.example' }),
  };

  test.each(Object.entries(changes))(
    'after the preview %s: nothing is written; read again, the file can be applied',
    async (_name, change) => {
      const found = await upload(company.admin, content);
      expect(found.counts).toMatchObject({ added: 1, changed: 1, unchanged: 1, error: 0 });
      await change();
      await expectOutdated(found);
      const again = await readFile(company.admin, found.id);
      expect(again).toMatchObject({ state: 'ready', problem: null, planVersion: 2 });
      if (again.counts?.error) return;
      expect(await apply(company.admin, again)).toMatchObject({ state: 'applied' });
      expect(await company.links()).toMatchObject({
        hanako: 'hanako@contoso.example',
        jiro: 'jiro@contoso.example',
        taro: 'taro2@contoso.example',
      });
    },
  );

  test('after the preview an account of the file was renamed: nothing is written', async () => {
    const found = await upload(company.admin, content);
    const { id, version, displayName, role, active } = await userOf('jiro');
    const rename = (username: string, seen: number) =>
      company.admin.call('PUT /api/admin/users/:id', {
        params: { id },
        body: { username, displayName, role, active, salesforceId: null, version: seen },
      });
    const renamed = await rename('jirou@argus.example', version);
    await expectOutdated(found);
    await rename(usernameOf('jiro'), renamed.version);
    expect(await apply(company.admin, found)).toMatchObject({ state: 'applied' });
  });

  test('after the preview somebody created the account that the file was to create: nothing is written', async () => {
    const found = await upload(
      company.admin,
      linkFile(['newcomer', 'n@contoso.example'], ['jiro', 'j@contoso.example']),
      {
        createAccounts: true,
      },
    );
    await addUser('Newcomer@argus.example');
    await expectOutdated(found);
    const again = await readFile(company.admin, found.id, { createAccounts: true });
    expect(again.counts).toMatchObject({ accountsCreated: 0, added: 2 });
    expect(await apply(company.admin, again)).toMatchObject({ state: 'applied' });
  });

  test('replace mode: a link that was added or exchanged after the preview is not removed', async () => {
    const replace = { mode: 'replace' } as const;
    const found = await upload(company.admin, linkFile(['taro', 'taro@contoso.example']), replace);
    expect(found.counts).toMatchObject({ removed: 1 });
    await company.link({ saburo: 'saburo@contoso.example' });
    await expectOutdated(found);
    const again = await readFile(company.admin, found.id, replace);
    expect(again.counts).toMatchObject({ removed: 2 });
    await company.admin.call('DELETE /api/admin/account-links/:id', {
      params: { id: (await company.linkOf('saburo')).id },
    });
    await company.link({ jiro: 'jiro@contoso.example' });
    await expectOutdated(again);
    expect(await company.links()).toHaveProperty('jiro');
  });

  test('a change that has nothing to do with the plan does not block it', async () => {
    const user = await company.argus.signedIn(usernameOf('taro'));
    await company.changeLink('taro', taroUpn);
    const found = await upload(company.admin, linkFile(['taro', taroUpn.toUpperCase()], ['jiro', 'j@contoso.example']));
    expect(found.counts).toMatchObject({ respelled: 1, added: 1 });
    await company.link({ saburo: 'saburo@contoso.example' });
    await company.changeLink('hanako', 'other@contoso.example');
    await addUser('somebody@argus.example');
    await user.authorize(taroUpn);
    await company.argus.signedIn(usernameOf('jiro'));
    const { id, version, displayName, username } = await userOf('jiro');
    await company.admin.call('PUT /api/admin/users/:id', {
      params: { id },
      body: { username, displayName: `${displayName} 2`, role: 'user', active: true, salesforceId: null, version },
    });
    expect(await apply(company.admin, found)).toMatchObject({ state: 'applied', problem: null });
    const [link] = await company.argus.database.prisma.accountLink.findMany({
      where: { account: { usernameKey: usernameOf('taro') } },
    });
    expect(link).toMatchObject({ microsoftAccount: taroUpn.toUpperCase(), pinnedObjectId: expect.any(String) });
  });

  test('CSV18: the undo restores a pin that was set between preview and apply', async () => {
    const user = await company.argus.signedIn(usernameOf('taro'));
    await company.changeLink('taro', taroUpn);
    await company.changeLink('hanako', demoUsers.hanako.userPrincipalName);
    const found = await upload(company.admin, linkFile(['taro', 'x@contoso.example']), { mode: 'replace' });
    await user.authorize(taroUpn);
    await (await company.argus.signedIn(usernameOf('hanako'))).authorize(demoUsers.hanako.userPrincipalName);
    const before = await company.argus.database.prisma.accountLink.findMany({ orderBy: { id: 'asc' } });
    expect(before.map(({ pinnedObjectId }) => pinnedObjectId)).not.toContain(null);
    await apply(company.admin, found);
    await undo(company.admin, found);
    const after = await company.argus.database.prisma.accountLink.findMany({ orderBy: { id: 'asc' } });
    const pins = (rows: typeof before) =>
      rows.map(({ id, pinnedTenantId, pinnedObjectId }) => [id, pinnedTenantId, pinnedObjectId]);
    expect(pins(after)).toEqual(pins(before));
  });

  test('two files about different links, previewed together, can both be applied in turn', async () => {
    const first = await upload(company.admin, `${linkHeader}\n${usernameOf('jiro')},j@contoso.example`);
    const second = await upload(company.admin, `${linkHeader}\n${usernameOf('saburo')},s@contoso.example`);
    expect(await apply(company.admin, second)).toMatchObject({ state: 'applied' });
    expect(await apply(company.admin, first)).toMatchObject({ state: 'applied' });
  });
});
