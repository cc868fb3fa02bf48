import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { describe, expect, test } from 'vitest';
import { cookieHeader } from '../support/cookie-header.ts';
import { company, stageCompany, usernameOf } from '../support/csv-company.ts';
import { apply, rowsOf, undo, undoRest, upload } from '../support/csv-upload.ts';

const header = 'ユーザ名,Salesforceアカウント,役割,有効';
const taroUpn = demoUsers.taro.userPrincipalName;
const users = { table: 'users' } as const;

stageCompany([]);

const prisma = () => company.argus.database.prisma;
const userFile = (...rows: readonly string[]) => [header, ...rows].join('\r\n');
const accountOf = (name: string) =>
  prisma().account.findFirst({ where: { usernameKey: usernameOf(name).toLowerCase() } });
const accounts = async () =>
  (await prisma().account.findMany({ orderBy: { usernameKey: 'asc' } })).map(
    ({ version, updatedAt, lastSignInAt, ...row }) => row,
  );
const signsIn = async (name: string) => {
  const browser = company.argus.browser();
  return browser.signIn(usernameOf(name)).then(
    () => true,
    () => false,
  );
};

describe('利用者 by CSV', () => {
  test('roles and active flags are understood in every accepted spelling', async () => {
    const roles = {
      user: ['ユーザ', 'user', 'USER', '一般ユーザ', '一般', 'ユーザー', 'ﾕｰｻﾞ'],
      admin: ['管理者', 'admin', ' Administrator ', 'ＡＤＭＩＮ'],
    };
    const actives = {
      true: ['TRUE', 'true', '有効', 'はい', '1', '１', 'yes'],
      false: ['FALSE', '無効', 'いいえ', '0', 'No'],
    };
    const rows: string[] = [];
    const expected: unknown[] = [];
    for (const [role, spellings] of Object.entries(roles)) {
      for (const spelling of spellings) {
        expected.push([`利用者 ${rows.length}`, role, true]);
        rows.push(`利用者 ${rows.length},u${String(rows.length).padStart(2, '0')}@argus.example,${spelling},TRUE`);
      }
    }
    for (const [active, spellings] of Object.entries(actives)) {
      for (const spelling of spellings) {
        expected.push([`利用者 ${rows.length}`, 'user', active === 'true']);
        rows.push(`利用者 ${rows.length},u${String(rows.length).padStart(2, '0')}@argus.example,ユーザ,${spelling}`);
      }
    }
    const found = await upload(company.admin, userFile(...rows), users);
    expect(found).toMatchObject({ state: 'ready', counts: { error: 0, added: rows.length } });
    expect(await apply(company.admin, found)).toMatchObject({ state: 'applied' });
    const made = await prisma().account.findMany({
      where: { usernameKey: { startsWith: 'u' } },
      orderBy: { usernameKey: 'asc' },
    });
    expect(made.map(({ displayName, role, active }) => [displayName, role, active])).toEqual(expected);
    expect(made.every(({ passwordHash, salesforceId }) => passwordHash === null && salesforceId === null)).toBe(true);
    expect(await signsIn('u00')).toBe(false);
  });

  test('a wrong cell is an error of its line and column, with what to do', async () => {
    const found = await upload(
      company.admin,
      userFile(
        ',a@argus.example,ユーザ,TRUE',
        '乙,b,ユーザ,TRUE',
        '丙,c@argus.example,部長,TRUE',
        '丁,d@argus.example,,',
        '戊,e@argus.example,ユーザ,TRUE',
        '己,E@argus.example,ユーザ,TRUE',
        `${'長'.repeat(201)},f@argus.example,ユーザ,TRUE`,
      ),
      users,
    );
    const rows = await rowsOf(company.admin, found, 'error');
    expect(rows.map(({ line, faults }) => [line, ...faults.map(({ column, code }) => `${column} ${code}`)])).toEqual([
      [2, 'displayName required'],
      [3, 'username username_malformed'],
      [4, 'role csv_role_unknown'],
      [5, 'role csv_role_unknown', 'active csv_active_unknown'],
      [6, 'username csv_username_repeated'],
      [7, 'username csv_username_repeated'],
      [8, 'displayName too_long'],
    ]);
    expect(rows[4]?.faults[0]?.message).toContain('6, 7');
    expect(rows.every(({ faults }) => faults.every(({ message }) => /[ぁ-ん]/.test(message)))).toBe(true);
  });

  test('the preview is a diff of all columns, and the Salesforce ID, the password and the link stay', async () => {
    const id = await company.argus.addAccount('taro@argus.example');
    await prisma().account.update({ where: { id }, data: { salesforceId: '005000000000001AAA', displayName: '太郎' } });
    await company.link({ taro: taroUpn });
    const found = await upload(
      company.admin,
      userFile('山田 太郎,taro@argus.example,管理者,有効', 'admin,ADMIN@argus.example,管理者,TRUE'),
      users,
    );
    expect(found.counts).toMatchObject({ changed: 1, respelled: 1, error: 0, disconnected: 0 });
    const [row] = await rowsOf(company.admin, found, 'changed');
    expect(row?.cells.map(({ header: name, from, to }) => [name, from, to])).toEqual([
      ['ユーザ名', '太郎', '山田 太郎'],
      ['Salesforceアカウント', 'taro@argus.example', 'taro@argus.example'],
      ['役割', '一般ユーザ', '管理者'],
      ['有効', 'TRUE', 'TRUE'],
    ]);
    const before = await accountOf('taro');
    await apply(company.admin, found);
    expect(await accountOf('taro')).toMatchObject({
      id,
      displayName: '山田 太郎',
      role: 'admin',
      salesforceId: '005000000000001AAA',
      passwordHash: before?.passwordHash,
    });
    expect((await accountOf('admin'))?.username).toBe('ADMIN@argus.example');
    expect(await company.links()).toEqual({ taro: taroUpn });
    expect(await undo(company.admin, found)).toMatchObject({ state: 'undone' });
    expect((await accountOf('admin'))?.username).toBe('admin@argus.example');
  });

  test('a changed role ends the sessions; a deactivation also deletes the stored mail', async () => {
    const { argus, admin } = company;
    const taro = await argus.signedIn('taro@argus.example');
    const jiro = await argus.signedIn('jiro@argus.example');
    const hanako = await argus.signedIn('hanako@argus.example');
    await company.link({ taro: taroUpn });
    await taro.authorize(taroUpn);
    const found = await upload(
      admin,
      userFile(
        'taro,taro@argus.example,ユーザ,無効',
        'jiro,jiro@argus.example,管理者,有効',
        '花子,hanako@argus.example,ユーザ,有効',
      ),
      users,
    );
    expect(found.counts).toMatchObject({ changed: 3, disconnected: 1 });
    await apply(admin, found);
    const sessions = await prisma().session.findMany({ where: { accountId: { not: null } } });
    const names = new Map((await prisma().account.findMany({})).map(({ id, username }) => [id, username]));
    expect(
      sessions.map(({ accountId }) => names.get(accountId ?? '')).filter((name) => name !== 'admin@argus.example'),
    ).toEqual(['hanako@argus.example']);
    expect((await taro.send('GET', '/api/new-arrivals')).status).toBe(401);
    expect((await jiro.send('GET', '/api/new-arrivals')).status).toBe(401);
    expect((await hanako.call('GET /api/session')).user).toMatchObject({ username: 'hanako@argus.example' });
    expect(await prisma().grant.count()).toBe(0);
    // S-5: the places that the deactivated user signed in from are forgotten, too.
    const known = await prisma().knownPlace.findMany({ select: { accountId: true } });
    const knownNames = new Set(known.map(({ accountId }) => names.get(accountId)));
    expect([knownNames.has('taro@argus.example'), knownNames.has('hanako@argus.example')]).toEqual([false, true]);
    expect(await signsIn('taro')).toBe(false);
    expect(await signsIn('jiro')).toBe(true);
    expect(await undo(admin, found)).toMatchObject({ state: 'undone' });
    expect(await signsIn('taro')).toBe(true);
    expect(await accountOf('jiro')).toMatchObject({ role: 'user' });
  });

  test('the last administrator cannot be removed: the rows that would do so are errors', async () => {
    await company.argus.addAccount('second@argus.example', 'admin');
    const rows = ['admin,admin@argus.example,ユーザ,TRUE', 'second,second@argus.example,管理者,FALSE'];
    const found = await upload(company.admin, userFile(...rows), users);
    expect(found.counts).toMatchObject({ error: 2, changed: 0 });
    expect((await rowsOf(company.admin, found, 'error')).map(({ line, faults }) => [line, faults[0]?.code])).toEqual([
      [2, 'csv_last_admin'],
      [3, 'csv_last_admin'],
    ]);
    const heir = await upload(company.admin, userFile(...rows, 'heir,heir@argus.example,管理者,FALSE'), users);
    expect(heir.counts).toMatchObject({ error: 2, added: 1 });
    const one = await upload(company.admin, userFile(rows[1] ?? ''), users);
    expect(one.counts).toMatchObject({ error: 0, changed: 1 });
  });

  test('administrators cannot demote or deactivate themselves by a file, but can change their own name', async () => {
    const { argus, admin } = company;
    await argus.addAccount('second@argus.example', 'admin');
    for (const [row, column] of [
      ['admin,admin@argus.example,ユーザ,TRUE', 'role'],
      ['admin,admin@argus.example,管理者,FALSE', 'active'],
    ] as const) {
      const found = await upload(admin, userFile(row), users);
      expect((await rowsOf(admin, found, 'error'))[0]?.faults).toMatchObject([{ column, code: 'csv_own_account' }]);
    }
    const renamed = await upload(admin, userFile('管理 一郎,admin@argus.example,管理者,TRUE'), users);
    expect(renamed.counts).toMatchObject({ error: 0, changed: 1 });
  });

  test('they cannot do so by the file of another administrator, or by undoing one, either', async () => {
    const { argus, admin } = company;
    const second = await argus.signedIn('second@argus.example', 'admin');
    const ownAccount = { problem: { code: 'csv_own_account' } };
    const found = await upload(admin, userFile('second,second@argus.example,ユーザ,TRUE'), users);
    expect(await apply(second, found)).toMatchObject({ state: 'ready', ...ownAccount });
    expect(await accountOf('second')).toMatchObject({ role: 'admin', active: true });
    expect(await apply(admin, found)).toMatchObject({ state: 'applied' });
    const back = await upload(admin, userFile('second,second@argus.example,管理者,TRUE'), users);
    expect(await apply(admin, back)).toMatchObject({ state: 'applied' });
    const again = await argus.signedIn('second@argus.example');
    await again.proveSelf();
    expect(await undo(again, back)).toMatchObject({ state: 'applied', ...ownAccount });
    expect(await accountOf('second')).toMatchObject({ role: 'admin', active: true });
  });

  test('a file that would remove the last administrator left after the preview is not applied', async () => {
    const { argus, admin } = company;
    const second = await argus.signedIn('second@argus.example', 'admin');
    const found = await upload(second, userFile('admin,admin@argus.example,ユーザ,TRUE'), users);
    await prisma().account.updateMany({ where: { usernameKey: 'second@argus.example' }, data: { active: false } });
    expect(await apply(admin, found)).toMatchObject({ state: 'ready', problem: { code: 'csv_last_admin' } });
    expect(await accountOf('admin')).toMatchObject({ role: 'admin', active: true });
  });

  test('an undo that would leave no administrator changes nothing and says so', async () => {
    await company.argus.addAccount('heir@argus.example');
    const found = await upload(company.admin, userFile('heir,heir@argus.example,管理者,TRUE'), users);
    await apply(company.admin, found);
    const heir = await company.argus.signedIn('heir@argus.example');
    await heir.proveSelf();
    await prisma().account.updateMany({ where: { usernameKey: 'admin@argus.example' }, data: { active: false } });
    expect(await undo(heir, found)).toMatchObject({ state: 'applied', problem: { code: 'csv_last_admin' } });
    expect(await accountOf('heir')).toMatchObject({ role: 'admin', active: true });
    await prisma().account.updateMany({ where: { usernameKey: 'admin@argus.example' }, data: { active: true } });
    expect(await undo(company.admin, found)).toMatchObject({ state: 'undone', problem: null });
  });

  test('undo removes added users and restores changed ones, row for row, and is refused for one in use', async () => {
    const { argus, admin } = company;
    await argus.addAccount('taro@argus.example');
    const before = await accounts();
    const content = userFile(
      '太郎,Taro@argus.example,管理者,無効',
      'new,new@argus.example,ユーザ,有効',
      'free,free@argus.example,ユーザ,有効',
      'admin,admin@argus.example,管理者,有効',
    );
    const found = await upload(admin, content, users);
    expect(found.counts).toMatchObject({ changed: 1, added: 2, unchanged: 1 });
    await apply(admin, found);
    expect((await upload(admin, content, users)).counts).toMatchObject({ unchanged: 4, changed: 0, added: 0 });
    expect(await undo(admin, found)).toMatchObject({ state: 'undone' });
    expect(await accounts()).toEqual(before);
    const again = await upload(admin, content, users);
    await apply(admin, again);
    await company.link({ new: 'new@contoso.example' });
    const taro = await accountOf('taro');
    await prisma().account.update({ where: { id: taro?.id ?? '' }, data: { displayName: '次郎' } });
    const refused = await undo(admin, again);
    expect(refused).toMatchObject({ state: 'applied', problem: { code: 'csv_undo_refused' }, conflictsTotal: 2 });
    expect(refused.conflicts.map(({ line, username }) => [line, username])).toEqual([
      [2, 'taro@argus.example'],
      [3, 'new@argus.example'],
    ]);
    // people 22: what nobody has changed can still be undone.
    expect(await undoRest(admin, again)).toMatchObject({
      state: 'undone',
      conflictsTotal: 2,
      progress: { rowsDone: 1 },
    });
    expect(await accountOf('free')).toBeFalsy();
    expect(await accountOf('new')).toBeTruthy();
    expect(await accountOf('taro')).toMatchObject({ displayName: '次郎', role: 'admin', active: false });
  });

  test('a row that was changed after the preview is not overwritten', async () => {
    const { argus, admin } = company;
    const id = await argus.addAccount('taro@argus.example');
    const found = await upload(
      admin,
      userFile('太郎,taro@argus.example,ユーザ,有効', 'new,new@argus.example,ユーザ,有効'),
      users,
    );
    await prisma().account.update({ where: { id }, data: { displayName: '太郎さん', displayNameKey: '太郎さん' } });
    expect(await apply(admin, found)).toMatchObject({ state: 'ready', problem: { code: 'csv_import_outdated' } });
    await prisma().account.update({ where: { id }, data: { displayName: 'taro', displayNameKey: 'taro' } });
    await argus.addAccount('NEW@argus.example');
    expect(await apply(admin, found)).toMatchObject({ state: 'ready', problem: { code: 'csv_import_outdated' } });
    expect(await accountOf('taro')).toMatchObject({ displayName: 'taro' });
  });

  test('the export is imported as it is, in each encoding, with 0 changes; search and filters apply', async () => {
    const { admin } = company;
    const rows = [
      '"山田, ""太郎""",taro@argus.example,管理者,有効',
      '=1+1,f@argus.example,ユーザ,無効',
      '髙橋,t@argus.example,ユーザ,有効',
    ];
    await apply(admin, await upload(admin, userFile(...rows), users));
    for (const encoding of ['utf-8', 'cp932']) {
      const reply = await fetch(new URL(`/api/admin/users/csv?encoding=${encoding}`, company.argus.url), {
        headers: { cookie: cookieHeader(admin), 'accept-language': 'ja' },
      });
      const bytes = new Uint8Array(await reply.arrayBuffer());
      const again = await upload(admin, bytes, users);
      expect(again, encoding).toMatchObject({ state: 'ready', encoding });
      expect(again.counts, encoding).toMatchObject({ unchanged: 4, changed: 0, respelled: 0, added: 0, error: 0 });
    }
    const { text } = await admin.send('GET', '/api/admin/users/csv?encoding=utf-8&role=user&active=false');
    expect(text).toBe(`${header}\r\n'=1+1,f@argus.example,一般ユーザ,FALSE\r\n`);
    const found = await admin.send('GET', `/api/admin/users/csv?encoding=utf-8&q=${encodeURIComponent('髙')}`);
    expect(found.text).toBe(`${header}\r\n髙橋,t@argus.example,一般ユーザ,TRUE\r\n`);
  });
});

describe('S-8: what a deactivation ends', () => {
  const lineOf = (active: boolean) => `eve,eve@argus.example,ユーザ,${active ? 'TRUE' : 'FALSE'}`;
  const ways = {
    async form(id: string) {
      const { version } = await prisma().account.findUniqueOrThrow({ where: { id } });
      const fields = { username: 'eve@argus.example', displayName: 'eve', role: 'user', salesforceId: null } as const;
      const body = { ...fields, active: false, version };
      await company.admin.call('PUT /api/admin/users/:id', { params: { id }, body });
    },
    async file() {
      await apply(company.admin, await upload(company.admin, userFile(lineOf(false)), users));
    },
    async undo(id: string) {
      await prisma().account.update({ where: { id }, data: { active: false } });
      const back = await apply(company.admin, await upload(company.admin, userFile(lineOf(true)), users));
      await begin(id);
      expect(await undo(company.admin, back)).toMatchObject({ state: 'undone' });
    },
  };
  const browser = { kind: 'browser', key: 'shared', usedAt: new Date() };
  const address = (key: string) => ({ kind: 'address', key, usedAt: new Date() });

  /** What Argus keeps of sign-ins: by eve and taro from one browser, each from an own address, and their failures. */
  async function begin(id: string): Promise<void> {
    const taro = await accountOf('taro');
    const taroId = taro?.id ?? '';
    await prisma().knownPlace.deleteMany({});
    await prisma().signInThrottle.deleteMany({});
    await prisma().knownPlace.createMany({
      data: [
        { accountId: id, ...browser },
        { accountId: id, ...address('of eve') },
        { accountId: taroId, ...browser },
        { accountId: taroId, ...address('of taro') },
      ],
    });
    const keys = [id, taroId].flatMap((owner) => [`account:${owner}`, `place:${owner}:browser:shared`]);
    const windowEndsAt = new Date(Date.now() + 60_000);
    await prisma().signInThrottle.createMany({
      data: [...keys, 'address:of eve'].map((key) => ({ key, failures: 3, windowEndsAt })),
    });
    await prisma().invitation.deleteMany({});
    await prisma().invitation.create({ data: { accountId: id, tokenHash: id, expiresAt: windowEndsAt } });
    await prisma().session.create({ data: { id: `of ${id}`, accountId: id, data: {}, expiresAt: windowEndsAt } });
  }

  for (const [way, deactivate] of Object.entries(ways)) {
    test(`S-8: by ${way}: sessions, invitation, places, failures, and the browsers also for every other account`, async () => {
      await company.argus.addAccount('eve@argus.example');
      await company.argus.addAccount('taro@argus.example');
      const id = (await accountOf('eve'))?.id ?? '';
      const taroId = (await accountOf('taro'))?.id ?? '';
      if (way !== 'undo') await begin(id);
      await deactivate(id);
      expect(await accountOf('eve')).toMatchObject({ active: false });
      const places = await prisma().knownPlace.findMany({ select: { accountId: true, key: true } });
      expect(places.filter(({ key }) => key === 'shared' || key.startsWith('of '))).toEqual([
        { accountId: taroId, key: 'of taro' },
      ]);
      const failures = await prisma().signInThrottle.findMany({ select: { key: true }, orderBy: { key: 'asc' } });
      expect(failures.map(({ key }) => key)).toEqual([
        `account:${taroId}`,
        'address:of eve',
        `place:${taroId}:browser:shared`,
      ]);
      expect([await prisma().session.count({ where: { accountId: id } }), await prisma().invitation.count()]).toEqual([
        0, 0,
      ]);
    });
  }
});
