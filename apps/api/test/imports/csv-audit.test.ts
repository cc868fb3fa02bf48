import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Browser } from '../support/build-app.ts';
import { company, linkFile, stageCompany, usernameOf } from '../support/csv-company.ts';
import { apply, readFile, sendFile, undo, upload } from '../support/csv-upload.ts';

const header = 'ユーザ名,Salesforceアカウント,役割,有効';
const users = { table: 'users', fileName: '利用者.csv' } as const;
const by = 'admin@argus.example';
let admin: Browser;

stageCompany([]);
beforeAll(async () => {
  ({ admin } = company);
});
beforeEach(async () => {
  await prisma().auditEvent.deleteMany({});
});

const prisma = () => company.argus.database.prisma;
const userFile = (...rows: readonly string[]) => [header, ...rows].join('\r\n');
const importIdOf = ({ id }: { id: number }) => ({ params: { id: String(id) } });

/** What the audit log shows to administrators, for the given kinds of targets, in the order of the targets' names. */
async function told(...kinds: readonly string[]) {
  const { items } = await admin.call('GET /api/admin/audit-events', { query: { pageSize: 100 } });
  return items
    .filter(({ targetKind }) => kinds.includes(targetKind ?? ''))
    .map(({ action, actorUsername, targetName, changes }) => ({ action, actorUsername, targetName, changes }))
    .sort((a, b) => String(a.targetName).localeCompare(String(b.targetName)));
}

/** `role: user → admin` */
const spelled = ({ changes }: { changes: readonly { field: string; from: string | null; to: string | null }[] }) =>
  changes.map(({ field, from, to }) => `${field}: ${from} → ${to}`);

describe('S-12: a CSV取込 of 利用者', () => {
  test('S-12: every account whose role or activity changes is named with old and new value, also by the undo', async () => {
    await company.argus.addAccount('promoted@argus.example');
    await company.argus.addAccount('demoted@argus.example', 'admin');
    await company.argus.addAccount('leaver@argus.example');
    await company.argus.addAccount('returner@argus.example');
    await company.argus.addAccount('renamed@argus.example');
    await prisma().account.updateMany({
      where: { usernameKey: usernameOf('returner') },
      data: { active: false },
    });
    const file = userFile(
      '昇進,Promoted@argus.example,管理者,TRUE',
      'demoted,demoted@argus.example,ユーザ,TRUE',
      'leaver,leaver@argus.example,ユーザ,FALSE',
      'returner,returner@argus.example,ユーザ,TRUE',
      '改名,renamed@argus.example,ユーザ,TRUE',
      '新任,added@argus.example,管理者,TRUE',
      '新人,plain@argus.example,ユーザ,TRUE',
    );
    const found = await upload(admin, file, users);
    const applied = await apply(admin, found);
    expect(applied).toMatchObject({ state: 'applied' });
    const events = await told('account');
    expect(events.map((event) => [event.action, event.targetName, ...spelled(event)])).toEqual([
      [
        'user_created',
        'added@argus.example',
        'username: null → added@argus.example',
        'displayName: null → 新任',
        'role: null → admin',
        'active: null → true',
      ],
      ['user_changed', 'demoted@argus.example', 'role: admin → user'],
      ['user_changed', 'leaver@argus.example', 'active: true → false'],
      [
        'user_changed',
        'Promoted@argus.example',
        'username: promoted@argus.example → Promoted@argus.example',
        'displayName: promoted → 昇進',
        'role: user → admin',
      ],
      ['user_changed', 'returner@argus.example', 'active: false → true'],
    ]);
    await prisma().auditEvent.deleteMany({});
    expect(await undo(admin, applied)).toMatchObject({ state: 'undone' });
    expect((await told('account')).map((event) => [event.action, event.targetName, ...spelled(event)])).toEqual([
      [
        'user_deleted',
        'added@argus.example',
        'username: added@argus.example → null',
        'displayName: 新任 → null',
        'role: admin → null',
        'active: true → null',
      ],
      ['user_changed', 'demoted@argus.example', 'role: user → admin'],
      ['user_changed', 'leaver@argus.example', 'active: false → true'],
      [
        'user_changed',
        'promoted@argus.example',
        'username: Promoted@argus.example → promoted@argus.example',
        'displayName: 昇進 → promoted',
        'role: admin → user',
      ],
      ['user_changed', 'returner@argus.example', 'active: true → false'],
    ]);
  });

  test('S-12: the event of the import itself says how many accounts gained or lost rights', async () => {
    await company.argus.addAccount('promoted@argus.example');
    await company.argus.addAccount('leaver@argus.example', 'admin');
    const file = userFile(
      'promoted,promoted@argus.example,管理者,TRUE',
      'leaver,leaver@argus.example,ユーザ,FALSE',
      '新任,added@argus.example,管理者,TRUE',
      '新人,plain@argus.example,ユーザ,FALSE',
    );
    const applied = await apply(admin, await upload(admin, file, users));
    await undo(admin, applied);
    const [done] = (await told('users')).filter(({ action }) => action === 'csv_import_applied');
    const [undone] = (await told('users')).filter(({ action }) => action === 'csv_import_undone');
    if (!done || !undone) throw new Error('the import is not in the audit log');
    expect(spelled(done)).toEqual(
      expect.arrayContaining(['madeAdmin: null → 2', 'noLongerAdmin: null → 1', 'deactivated: null → 1']),
    );
    expect(spelled(undone)).toEqual(
      expect.arrayContaining(['madeAdmin: null → 1', 'noLongerAdmin: null → 2', 'activated: null → 1']),
    );
  });

  test('S-12: such an event has the actor, account, address and request of the import, like a single change', async () => {
    const id = await company.argus.addAccount('taro@argus.example');
    const { items } = await admin.call('GET /api/admin/users', { query: { q: 'taro' } });
    const { version = 0 } = items[0] ?? {};
    const fields = { username: 'taro@argus.example', displayName: 'taro', salesforceId: null, active: true };
    const single = { params: { id }, body: { ...fields, role: 'admin' as const, version } };
    await admin.call('PUT /api/admin/users/:id', single);
    await apply(admin, await upload(admin, userFile('taro,taro@argus.example,ユーザ,TRUE'), users));
    const where = { action: 'user_changed', targetId: id };
    const events = await prisma().auditEvent.findMany({ where, orderBy: { occurredAt: 'asc' } });
    const shape = { actorUsername: by, targetKind: 'account', targetName: 'taro@argus.example', address: '127.0.0.1' };
    expect(events).toMatchObject([
      { ...shape, details: { changes: [{ field: 'role', from: 'user', to: 'admin' }] } },
      { ...shape, details: { changes: [{ field: 'role', from: 'admin', to: 'user' }] } },
    ]);
    const [form, file] = events;
    expect(file?.actorId).toBe(form?.actorId);
    const ofImport = await prisma().auditEvent.findFirst({ where: { action: 'csv_import_applied' } });
    expect(file?.requestId).toMatch(/^[\da-f-]{36}$/);
    expect(file?.requestId).toBe(ofImport?.requestId);
    expect(file?.requestId).not.toBe(form?.requestId);
  });

  test('S-12: one statement records thousands of accounts, each once', async () => {
    const rows = Array.from({ length: 3_000 }, (_, i) => `新任 ${i},many${i}@argus.example,管理者,TRUE`);
    const statements: string[] = [];
    const { bulk } = company.argus.services;
    const { session } = bulk;
    vi.spyOn(bulk, 'session').mockImplementation(
      (work) =>
        session.call(bulk, (given) =>
          work({
            ...given,
            transaction: (inner) =>
              given.transaction((tx) =>
                inner({
                  ...tx,
                  execute(sql, values) {
                    statements.push(sql);
                    return tx.execute(sql, values);
                  },
                }),
              ),
          }),
        ) as never,
    );
    try {
      await apply(admin, await upload(admin, userFile(...rows), users));
    } finally {
      vi.restoreAllMocks();
    }
    // The other one is the event of the import.
    expect(statements.filter((sql) => sql.includes('INSERT INTO "AuditEvent"'))).toHaveLength(2);
    const named = await prisma().auditEvent.findMany({ where: { action: 'user_created' } });
    expect(new Set(named.map(({ targetName }) => targetName)).size).toBe(rows.length);
    expect(named).toHaveLength(rows.length);
  });
});

describe('S-12: a CSV取込 of アカウント情報', () => {
  const taroUpn = demoUsers.taro.userPrincipalName;

  test('S-12: accounts that it creates are counted, and none of them is an administrator', async () => {
    const applied = await apply(
      admin,
      await upload(admin, linkFile(['new', taroUpn]), { createAccounts: true, mode: 'replace' }),
    );
    expect(applied).toMatchObject({ state: 'applied' });
    const [event] = (await told('account_links')).filter(({ action }) => action === 'csv_import_applied');
    expect(event?.changes).toContainEqual({ field: 'accountsCreated', from: null, to: '1' });
    const account = await prisma().account.findFirst({ where: { usernameKey: usernameOf('new') } });
    expect(account).toMatchObject({ role: 'user', active: true, passwordHash: null });
  });
});

describe('S-12: what else happens to a file is in the audit log', () => {
  const actionsOf = async () =>
    (await told('users', 'account_links')).map(({ action, targetName, actorUsername, ...event }) => [
      action,
      actorUsername,
      targetName,
      ...spelled(event),
    ]);

  test('S-12: that it was uploaded, and cancelled', async () => {
    const content = userFile('taro,taro@argus.example,管理者,TRUE');
    const begun = await sendFile(admin, content, users);
    expect(await actionsOf()).toEqual([
      ['csv_import_begun', by, '利用者.csv', `fileBytes: null → ${Buffer.byteLength(content)}`],
    ]);
    await prisma().auditEvent.deleteMany({});
    await admin.call('POST /api/admin/csv-imports/:id/cancel', importIdOf(begun));
    expect(await admin.fails('POST /api/admin/csv-imports/:id/cancel', importIdOf(begun))).toMatchObject({
      code: 'csv_import_not_possible',
    });
    expect(await actionsOf()).toEqual([['csv_import_cancelled', by, '利用者.csv']]);
    const [event] = await prisma().auditEvent.findMany({});
    expect(event).toMatchObject({ targetId: String(begun.id), address: '127.0.0.1' });
    expect(event?.requestId).toMatch(/^[\da-f-]{36}$/);
  });

  test('S-12: that more bytes arrived than were announced', async () => {
    const body = { table: 'users' as const, fileName: 'short.csv', fileBytes: 1 };
    const begun = await admin.call('POST /api/admin/csv-imports', { body });
    await prisma().auditEvent.deleteMany({});
    const part = await admin.send('PUT', `/api/admin/csv-imports/${begun.id}/parts/0`, { body: Buffer.from('ab') });
    expect(part.status).toBe(409);
    expect(await actionsOf()).toEqual([
      ['csv_import_cancelled', by, 'short.csv', 'errorCode: null → csv_part_unexpected'],
    ]);
  });

  test('S-12: that it could not be read', async () => {
    const { id } = await sendFile(admin, 'no,header,at,all', users);
    await prisma().auditEvent.deleteMany({});
    expect(await readFile(admin, id, users)).toMatchObject({ state: 'refused' });
    expect(await actionsOf()).toEqual([
      ['csv_import_failed', by, '利用者.csv', 'step: null → reading', 'errorCode: null → csv_file_invalid'],
    ]);
  });

  test('S-12: that it was not applied, and who tried', async () => {
    const id = await company.argus.addAccount('taro@argus.example');
    const second = await company.argus.signedIn('second@argus.example', 'admin');
    const found = await upload(admin, userFile('taro,taro@argus.example,管理者,TRUE'), users);
    await prisma().account.update({ where: { id }, data: { displayName: 'x', displayNameKey: 'x' } });
    await prisma().auditEvent.deleteMany({});
    expect(await apply(second, found)).toMatchObject({ state: 'ready', problem: { code: 'csv_import_outdated' } });
    expect(await actionsOf()).toEqual([
      [
        'csv_import_failed',
        'second@argus.example',
        '利用者.csv',
        'step: null → applying',
        'errorCode: null → csv_import_outdated',
      ],
    ]);
    // Nothing was changed, so nobody is named.
    expect(await told('account')).toEqual([]);
  });

  test('S-12: that it was not undone', async () => {
    const applied = await apply(admin, await upload(admin, userFile('new,new@argus.example,管理者,TRUE'), users));
    await prisma().account.updateMany({ where: { usernameKey: usernameOf('new') }, data: { role: 'user' } });
    await prisma().auditEvent.deleteMany({});
    expect(await undo(admin, applied)).toMatchObject({ state: 'applied', problem: { code: 'csv_undo_refused' } });
    expect(await actionsOf()).toEqual([
      ['csv_import_failed', by, '利用者.csv', 'step: null → undoing', 'errorCode: null → csv_undo_refused'],
    ]);
  });

  test('S-12: that its process died, once, whichever instance notices it', async () => {
    const applied = await apply(admin, await upload(admin, userFile('new,new@argus.example,管理者,TRUE'), users));
    const read = await sendFile(admin, userFile('a,a@argus.example,ユーザ,TRUE'), users);
    const leaseUntil = new Date(Date.now() - 1_000);
    await prisma().csvImport.update({ where: { id: applied.id }, data: { state: 'undoing', leaseUntil } });
    await prisma().csvImport.update({ where: { id: read.id }, data: { state: 'reading', leaseUntil } });
    await prisma().auditEvent.deleteMany({});
    const looks = Array.from({ length: 4 }, () =>
      admin.call('GET /api/admin/csv-imports', { query: { table: 'users' } }),
    );
    const [seen] = await Promise.all(looks);
    expect(seen?.items.map(({ state, problem }) => [state, problem?.code])).toEqual([
      ['failed', 'csv_import_interrupted'],
      ['applied', 'csv_import_interrupted'],
    ]);
    expect((await actionsOf()).toSorted((a, b) => String(a[3]).localeCompare(String(b[3])))).toEqual([
      ['csv_import_failed', null, '利用者.csv', 'step: null → reading', 'errorCode: null → csv_import_interrupted'],
      ['csv_import_failed', null, '利用者.csv', 'step: null → undoing', 'errorCode: null → csv_import_interrupted'],
    ]);
  });
});

describe('S-12: a file is that of the administrator who began the import', () => {
  const merge = { mode: 'merge', createAccounts: false, dropDisplayOnly: false } as const;
  const mine = linkFile(['taro', 'taro@contoso.example']);
  const theirs = linkFile(['eve', 'taro@contoso.example']).padEnd(mine.length, '\n');
  let second: Browser;
  beforeEach(async () => {
    await company.argus.addAccount(usernameOf('taro'));
    await company.argus.addAccount(usernameOf('eve'));
    await company.argus.addAccount(usernameOf('second'), 'admin');
    second = await company.argus.signedIn(usernameOf('second'));
  });
  const part = (browser: Browser, { id }: { id: number }, body: string) =>
    browser.send('PUT', `/api/admin/csv-imports/${id}/parts/0`, { body: Buffer.from(body) });

  test('S-12: S-2: another administrator replaces no part of it, neither with more bytes, and has it not read', async () => {
    const sent = await sendFile(admin, mine);
    const denied = { status: 403, body: { code: 'access_denied', lines: ['この操作を行う権限がありません。'] } };
    expect(await part(second, sent, theirs)).toMatchObject(denied);
    expect(await part(second, sent, `${theirs}more than announced`)).toMatchObject(denied);
    expect(
      await second.fails('POST /api/admin/csv-imports/:id/read', { ...importIdOf(sent), body: merge }),
    ).toMatchObject({
      ...denied.body,
    });
    const found = await readFile(admin, sent.id);
    expect(found).toMatchObject({ state: 'ready', readable: true });
    expect(
      await second.fails('POST /api/admin/csv-imports/:id/read', { ...importIdOf(sent), body: merge }),
    ).toMatchObject({
      ...denied.body,
    });
    const seen = await second.call('GET /api/admin/csv-imports/:id', importIdOf(sent));
    expect(seen).toMatchObject({ state: 'ready', readable: false, planVersion: found.planVersion });
    await apply(admin, found);
    expect(await company.links()).toEqual({ taro: 'taro@contoso.example' });
  });

  test('S-12: who applies, undoes or cancels the import of another is named for that', async () => {
    const found = await upload(admin, mine);
    expect(await apply(second, found)).toMatchObject({ state: 'applied' });
    expect(await undo(second, found)).toMatchObject({ state: 'undone' });
    const left = await sendFile(admin, mine);
    await second.call('POST /api/admin/csv-imports/:id/cancel', importIdOf(left));
    const { items } = await second.call('GET /api/admin/audit-events', { query: { pageSize: 100 } });
    const named = items.filter(({ action }) => action.startsWith('csv_import_'));
    expect(Object.fromEntries(named.map(({ action, actorUsername }) => [action, actorUsername]))).toEqual({
      csv_import_begun: by,
      csv_import_applied: usernameOf('second'),
      csv_import_undone: usernameOf('second'),
      csv_import_cancelled: usernameOf('second'),
    });
  });
});
