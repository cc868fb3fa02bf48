import type { UserView } from '@argus/contract/endpoints/users/users';
import { beforeEach, describe, expect, test } from 'vitest';
import { testPassword } from '../support/build-app.ts';
import { fieldsOf } from '../support/fields-of.ts';
import { addInvitee } from '../support/invitee.ts';
import { admin, argus, stageAdmin } from '../support/stage-argus.ts';
import { startAnotherInstance } from '../support/start-another-instance.ts';

const newUser = {
  username: 'new.user@argus.example',
  displayName: '新規 利用者',
  role: 'user' as const,
  salesforceId: null,
  password: testPassword,
};

stageAdmin();
beforeEach(async () => {
  const { prisma } = argus.database;
  await prisma.account.deleteMany({ where: { usernameKey: { not: 'admin@argus.example' } } });
  await prisma.signInThrottle.deleteMany({});
});

/** What a user's form sends, with some fields changed. */
function formOf(user: UserView, change: Partial<UserView> = {}) {
  const { username, displayName, role, salesforceId, active, version } = { ...user, ...change };
  return { username, displayName, role, salesforceId, active, version };
}

describe('creating', () => {
  test('creates an account that can sign in, and reveals its password to nobody', async () => {
    const created = await admin.call('POST /api/admin/users', {
      body: { ...newUser, username: '  New.User@Argus.example ', salesforceId: '0050K00000ABCDE' },
    });
    expect(created).toMatchObject({
      username: 'New.User@Argus.example',
      salesforceId: '0050K00000ABCDEQA5',
      active: true,
      hasPassword: true,
      lastSignInAt: null,
    });
    expect(JSON.stringify(created)).not.toContain(testPassword);
    await argus.browser().signIn('ｎｅｗ．ｕｓｅｒ＠argus.example');
    const { items } = await admin.call('GET /api/admin/users', { query: { q: 'new' } });
    expect(items[0]?.lastSignInAt).toEqual(expect.any(String));
    const audit = await admin.call('GET /api/admin/audit-events', { query: { action: 'user_created' } });
    expect(audit.items[0]).toMatchObject({
      actorUsername: 'admin@argus.example',
      targetName: 'New.User@Argus.example',
    });
    expect(JSON.stringify(audit)).not.toContain(testPassword);
  });

  test('people 23: without a password it waits for an invitation, and a Microsoft 365 account links it in the same step', async () => {
    const { password: _, ...nameless } = newUser;
    const created = await admin.call('POST /api/admin/users', {
      body: { ...nameless, microsoftAccount: 'new@contoso.example' },
    });
    expect(created).toMatchObject({ hasPassword: false, invitedUntil: null });
    const { items } = await admin.call('GET /api/admin/account-links', { query: { q: 'new' } });
    expect(items).toMatchObject([{ microsoftAccount: 'new@contoso.example' }]);
    const { items: audited } = await admin.call('GET /api/admin/audit-events');
    expect(
      audited
        .slice(0, 2)
        .map(({ action }) => action)
        .sort(),
    ).toEqual(['account_link_created', 'user_created']);

    // Neither half is kept without the other.
    const taken = await admin.fails('POST /api/admin/users', {
      body: { ...nameless, username: 'second@argus.example', microsoftAccount: 'NEW@contoso.example' },
    });
    expect(taken).toMatchObject({ status: 409, fields: [{ field: 'microsoftAccount', code: 'upn_linked' }] });
    const malformed = await admin.fails('POST /api/admin/users', {
      body: { ...nameless, username: 'second@argus.example', microsoftAccount: 'second' },
    });
    expect(malformed).toMatchObject({ fields: [{ field: 'microsoftAccount', code: 'upn_malformed' }] });
    expect((await admin.call('GET /api/admin/users', { query: { q: 'second' } })).items).toEqual([]);
  });

  test.each([
    ['without the form of an e-mail address', { username: 'taro' }, 'username', 'username_malformed'],
    ['a blank inside', { username: 'ta ro@argus.example' }, 'username', 'username_malformed'],
    ['a domain without a dot', { username: 'taro@argus' }, 'username', 'username_malformed'],
    ['two @', { username: 'taro@x@argus.example' }, 'username', 'username_malformed'],
    ['what a tool puts before an address', { username: 'mailto:taro@argus.example' }, 'username', 'username_malformed'],
    ['what a tool puts around an address', { username: '<taro@argus.example>' }, 'username', 'username_malformed'],
    ['an invisible character', { username: 'ta\u200bro@argus.example' }, 'username', 'username_malformed'],
    ['no username', { username: ' ' }, 'username', 'required'],
    ['no name', { displayName: '　' }, 'displayName', 'required'],
    ['a control character in the name', { displayName: 'a\u0007b' }, 'displayName', 'control_characters'],
    [
      'a name that reverses its reading direction',
      { displayName: 'abc\u202edef' },
      'displayName',
      'control_characters',
    ],
    ['a malformed Salesforce ID', { salesforceId: '0050K00000' }, 'salesforceId', 'salesforce_id_malformed'],
    ['a short password', { password: 'eleven char' }, 'password', 'password_too_short'],
    ['the username as password', { password: newUser.username }, 'password', 'password_like_username'],
  ])('%s is refused at its field and creates nothing', async (_, change, field, code) => {
    const problem = await admin.fails('POST /api/admin/users', { body: { ...newUser, ...change } });
    expect(problem).toMatchObject({ status: 400, code: 'request_invalid' });
    expect(fieldsOf(problem)).toEqual([[field, code]]);
    expect(problem.fields?.[0]?.message).toMatch(/[ぁ-ん]/);
    expect(await argus.database.prisma.account.count()).toBe(1);
  });

  test('every invalid field is named at once', async () => {
    const body = { ...newUser, username: '', displayName: '', password: '' };
    const problem = await admin.fails('POST /api/admin/users', { body });
    expect(fieldsOf(problem)).toEqual([
      ['username', 'required'],
      ['displayName', 'required'],
      ['password', 'required'],
    ]);
  });

  test('a username is unique in whatever spelling, a Salesforce ID in both of its lengths', async () => {
    await admin.call('POST /api/admin/users', { body: { ...newUser, salesforceId: '0050K00000ABCDE' } });
    const sameName = await admin.fails('POST /api/admin/users', {
      body: { ...newUser, username: 'ＮＥＷ.user@ARGUS.example' },
    });
    expect(sameName).toMatchObject({ status: 409, code: 'value_taken' });
    expect(fieldsOf(sameName)).toEqual([['username', 'username_taken']]);
    const sameId = await admin.fails('POST /api/admin/users', {
      body: { ...newUser, username: 'other@argus.example', salesforceId: '0050K00000ABCDEQA5' },
    });
    expect(fieldsOf(sameId)).toEqual([['salesforceId', 'salesforce_id_taken']]);
    expect(await argus.database.prisma.account.count()).toBe(2);
  });
});

describe('changing', () => {
  test('a username that an earlier version allowed may stay, and no other may become like it', async () => {
    const user = await admin.call('POST /api/admin/users', { body: newUser });
    const username = 'a:b@argus.example';
    await argus.database.prisma.account.update({ where: { id: user.id }, data: { username, usernameKey: username } });
    const params = { id: user.id };
    const changed = await admin.call('PUT /api/admin/users/:id', {
      params,
      body: formOf(user, { username, active: false }),
    });
    expect(changed).toMatchObject({ username, active: false });
    const body = formOf(changed, { username: 'c:d@argus.example' });
    expect(fieldsOf(await admin.fails('PUT /api/admin/users/:id', { params, body }))).toEqual([
      ['username', 'username_malformed'],
    ]);
  });

  test('writes what changed to the audit log, and refuses a stale form', async () => {
    const user = await admin.call('POST /api/admin/users', { body: newUser });
    const params = { id: user.id };
    const changed = await admin.call('PUT /api/admin/users/:id', {
      params,
      body: formOf(user, { displayName: '改姓 利用者' }),
    });
    expect(changed).toMatchObject({ displayName: '改姓 利用者', version: user.version + 1 });
    const stale = await admin.fails('PUT /api/admin/users/:id', { params, body: formOf(user, { displayName: 'x' }) });
    expect(stale).toMatchObject({ status: 409, code: 'record_changed' });
    const { items } = await admin.call('GET /api/admin/audit-events', { query: { action: 'user_changed' } });
    expect(items[0]?.changes).toEqual([{ field: 'displayName', from: '新規 利用者', to: '改姓 利用者' }]);
    expect((await admin.call('GET /api/admin/users', { query: { q: '改姓' } })).total.count).toBe(1);
  });

  test('O16: deactivating and changing the role end the sessions of the account', async () => {
    for (const change of [{ active: false }, { role: 'admin' as const }]) {
      await argus.database.prisma.account.deleteMany({ where: { usernameKey: newUser.username } });
      const user = await admin.call('POST /api/admin/users', { body: newUser });
      const browser = await argus.signedIn(newUser.username);
      await admin.call('PUT /api/admin/users/:id', {
        params: { id: user.id },
        body: formOf(user, change),
      });
      expect(await browser.fails('GET /api/authorization')).toMatchObject({ status: 401 });
      expect(await argus.database.prisma.session.count({ where: { accountId: user.id } })).toBe(0);
    }
  });

  test('S04: deactivating a user leaves no token, session or stored mail', async () => {
    const { prisma } = argus.database;
    const connected = await argus.connect();
    const user = await admin.call('POST /api/admin/users', { body: newUser });
    const link = { username: newUser.username, microsoftAccount: 'taro.yamada@contoso.example' };
    await connected.call('POST /api/admin/account-links', { body: link });
    const browser = await argus.signedIn(newUser.username);
    await browser.authorize('taro.yamada@contoso.example');
    expect((await browser.call('GET /api/new-arrivals')).items.length).toBeGreaterThan(0);
    const where = { accountId: user.id };
    const left = async () => [
      await prisma.grant.count({ where }),
      await prisma.mailCache.count({ where }),
      await prisma.session.count({ where }),
    ];
    expect(await left()).toEqual([1, 1, 1]);
    await admin.call('PUT /api/admin/users/:id', { params: { id: user.id }, body: formOf(user, { active: false }) });
    expect(await left()).toEqual([0, 0, 0]);
    expect(
      await argus.browser().fails('POST /api/session', { body: { username: user.username, password: testPassword } }),
    ).toMatchObject({ code: 'sign_in_failed' });
  });

  test('S04: deleting an account from the database deletes everything that belongs to it', async () => {
    const { prisma } = argus.database;
    const browser = await argus.signedIn('leaving@argus.example');
    const { user } = await browser.call('GET /api/session');
    const where = { accountId: user?.id ?? '' };
    const at = { fetchedAt: new Date(), expiresAt: new Date(Date.now() + 60_000) };
    const { id: providerId } = await prisma.authProvider.create({
      data: {
        name: 'x',
        urlSuffix: 'x',
        urlSuffixKey: 'x',
        consumerKey: 'x',
        authorizeEndpointUrl: 'https://x.example',
        tokenEndpointUrl: 'https://x.example',
        defaultScopes: 'x',
      },
    });
    const grant = { status: 'authorized', microsoftAccount: 'x', authorizedAt: new Date() } as const;
    const { id: grantId } = await prisma.grant.create({ data: { ...where, ...grant, providerId } });
    await prisma.mailCache.create({
      data: { ...where, grantId, linkKey: 'x', fingerprint: 'x', sealed: 'x', ...at },
    });
    await prisma.account.delete({ where: { id: where.accountId } });
    expect(await prisma.mailCache.count({ where })).toBe(0);
    expect(await prisma.session.count({ where })).toBe(0);
    expect(await browser.fails('GET /api/authorization')).toMatchObject({ status: 401 });
  });

  test('a password that an administrator sets ends the sessions and lets the user in again', async () => {
    const user = await admin.call('POST /api/admin/users', { body: newUser });
    const browser = await argus.signedIn(newUser.username);
    const locked = argus.browser();
    const attempt = { username: newUser.username, password: 'not the password' };
    for (let i = 0; i < 5; i++) await locked.fails('POST /api/session', { body: attempt });
    expect(await locked.fails('POST /api/session', { body: attempt })).toMatchObject({ status: 429 });
    const params = { id: user.id };
    const short = await admin.fails('PUT /api/admin/users/:id/password', { params, body: { password: 'short' } });
    expect(fieldsOf(short)).toEqual([['password', 'password_too_short']]);
    await admin.call('PUT /api/admin/users/:id/password', { params, body: { password: 'set by the admin' } });
    expect(await browser.fails('GET /api/authorization')).toMatchObject({ status: 401 });
    await locked.signIn(newUser.username, 'set by the admin');
  });
});

describe('the last administrator', () => {
  async function adminView(): Promise<UserView> {
    const { items } = await admin.call('GET /api/admin/users', { query: { q: 'admin@' } });
    if (!items[0]) throw new Error('the administrator is missing');
    return items[0];
  }

  test('can be neither deactivated nor given another role', async () => {
    const view = await adminView();
    for (const change of [{ active: false }, { role: 'user' as const }]) {
      const body = formOf(view, change);
      const problem = await admin.fails('PUT /api/admin/users/:id', { params: { id: view.id }, body });
      expect(problem).toMatchObject({ status: 409, code: 'last_admin_protected' });
    }
    expect(await adminView()).toEqual(view);
  });

  test('an administrator without a password, as CSV取込 creates one, does not count: nobody could sign in', async () => {
    const id = await addInvitee(argus, 'invited-admin@argus.example', { role: 'admin' });
    const view = await adminView();
    const body = formOf(view, { role: 'user' });
    const problem = await admin.fails('PUT /api/admin/users/:id', { params: { id: view.id }, body });
    expect(problem.code).toBe('last_admin_protected');
    await argus.database.prisma.account.delete({ where: { id } });
  });

  test('a deactivated administrator does not count', async () => {
    const other = await admin.call('POST /api/admin/users', { body: { ...newUser, role: 'admin' } });
    await admin.call('PUT /api/admin/users/:id', { params: { id: other.id }, body: formOf(other, { active: false }) });
    const view = await adminView();
    const body = formOf(view, { role: 'user' });
    const problem = await admin.fails('PUT /api/admin/users/:id', { params: { id: view.id }, body });
    expect(problem.code).toBe('last_admin_protected');
  });

  test('remains when all administrators demote each other at once, in two processes', async () => {
    const others = await Promise.all(
      [1, 2, 3].map((n) =>
        admin.call('POST /api/admin/users', {
          body: { ...newUser, username: `admin${n}@argus.example`, role: 'admin' },
        }),
      ),
    );
    const all = [await adminView(), ...others];
    const browsers = await Promise.all(all.map(({ username }) => argus.signedIn(username)));
    const instance = await startAnotherInstance(argus);
    try {
      // Each demotes the next one, half of them through the other process.
      const replies = await Promise.all(
        browsers.map(async (browser, i) => {
          const next = all[(i + 1) % all.length];
          if (!next) throw new Error('nobody is next');
          const { csrfToken } = await browser.call('GET /api/session');
          const url = i % 2 === 0 ? argus.url : instance.url;
          return browser.send('PUT', `${url}/api/admin/users/${next.id}`, {
            body: formOf(next, { role: 'user' }),
            headers: { 'x-csrf-token': csrfToken },
          });
        }),
      );
      const left = await argus.database.prisma.account.count({ where: { role: 'admin', active: true } });
      expect(left).toBeGreaterThanOrEqual(1);
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(4 - left);
      expect(replies.every(({ status }) => [200, 401, 403, 409].includes(status))).toBe(true);
    } finally {
      await instance.close();
      await argus.database.prisma.account.updateMany({
        where: { usernameKey: 'admin@argus.example' },
        data: { role: 'admin' },
      });
      await admin.signIn('admin@argus.example');
    }
  });
});

describe('the list', () => {
  test('is found by parts of names, filtered and paged', async () => {
    await admin.proveSelf();
    for (const [username, displayName, role] of [
      ['tanaka.1@argus.example', '田中 一郎', 'user'],
      ['Tanaka.2@argus.example', 'ﾀﾅｶ 二郎', 'admin'],
      ['suzuki@argus.example', '鈴木 100%', 'user'],
    ] as const) {
      await admin.call('POST /api/admin/users', { body: { ...newUser, username, displayName, role } });
    }
    const names = async (query: Record<string, string | number | boolean>) =>
      (await admin.call('GET /api/admin/users', { query })).items.map(({ username }) => username).toSorted();
    expect(await names({ q: 'ＴＡＮＡＫＡ' })).toEqual(['Tanaka.2@argus.example', 'tanaka.1@argus.example']);
    expect(await names({ q: 'タナカ' })).toEqual(['Tanaka.2@argus.example']);
    expect(await names({ q: '田中' })).toEqual(['tanaka.1@argus.example']);
    expect(await names({ q: '一郎' })).toEqual(['tanaka.1@argus.example']);
    expect(await names({ q: '%' })).toEqual(['suzuki@argus.example']);
    expect(await names({ q: '_' })).toEqual([]);
    expect(await names({ role: 'admin' })).toEqual(['Tanaka.2@argus.example', 'admin@argus.example']);
    expect(await names({ active: false })).toEqual([]);
    const first = await admin.call('GET /api/admin/users', { query: { pageSize: 3 } });
    const second = await admin.call('GET /api/admin/users', { query: { pageSize: 3, after: first.next ?? '' } });
    const pages = [first, second];
    expect(pages.map(({ items, total }) => [items.length, total.count])).toEqual([
      [3, 4],
      [1, 4],
    ]);
    expect(new Set(pages.flatMap(({ items }) => items.map(({ id }) => id))).size).toBe(4);
  });
});
