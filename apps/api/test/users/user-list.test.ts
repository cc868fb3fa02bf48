import { accountKey } from '@argus/contract/account-key';
import type { UserSort } from '@argus/contract/endpoints/users/users';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AccountFilter } from '../../src/accounts/records/account-filter.ts';
import { listAccounts } from '../../src/accounts/records/account-list.ts';
import type { Account } from '../../src/accounts/records/accounts.ts';
import { admin, argus, stageAdmin } from '../support/stage-argus.ts';
import { byBytes, finds, folded, throughAndBack } from '../support/walk-pages.ts';

const beginnings = ['同姓 同名', 'ＡＢＣ 全角', 'ｶﾅ 半角', '%_\\ 記号', '🍣 寿司', 'ひらがな', 'user 7'];
const nameKey = ({ reading, displayName }: Account) => folded(reading === '' ? displayName : reading);

stageAdmin();
beforeAll(async () => {
  await argus.database.prisma.account.createMany({
    data: Array.from({ length: 150 }, (_each, n) => {
      const displayName = `${beginnings[n % beginnings.length]}${n % 20 === 0 ? '' : ` ${150 - n}`}`;
      const username = `user${String(n).padStart(3, '0')}@argus.example`;
      const names = { username, usernameKey: username, displayName, displayNameKey: accountKey(displayName) };
      const reading = n % 7 === 3 ? `よみ${n % 14 === 3 ? 'ガナ' : 'ｶﾞﾅ'}　${n % 5}` : '';
      return { ...names, reading, role: n % 50 === 9 ? 'admin' : 'user', active: n % 30 !== 4 };
    }),
  });
});

describe('the table of users, page by page', () => {
  const filters: readonly Omit<AccountFilter, 'todo'>[] = [
    {},
    { role: 'admin' },
    { role: 'user' },
    { active: false },
    { active: true, role: 'admin' },
    { q: '同姓' },
    { q: 'user', active: false },
    { q: 'ｕｓｅｒ1', role: 'user', active: true },
    { q: '%' },
  ];

  test.each(filters)('visits every row once, forwards and backwards: %j', async (filter) => {
    const { prisma } = argus.database;
    const accounts = await prisma.account.findMany();
    const expected = accounts
      .filter(({ role }) => filter.role === undefined || role === filter.role)
      .filter(({ active }) => filter.active === undefined || active === filter.active)
      .filter(({ displayName, reading, username }) => finds(filter.q ?? '', [displayName, reading, username]))
      .toSorted((a, b) => byBytes(nameKey(a), nameKey(b)) || byBytes(a.id, b.id))
      .map(({ id }) => id);
    const overHttp = await throughAndBack(async (cursor) => {
      const texts = Object.entries(filter).map(([name, value]) => [name, String(value)]);
      const query = { ...Object.fromEntries(texts), pageSize: 31, ...cursor };
      const { items, ...reply } = await admin.call('GET /api/admin/users', { query });
      return { ...reply, ids: items.map(({ id }) => id) };
    });
    expect(overHttp.forward).toEqual(expected);
    expect(overHttp.backward).toEqual(expected);
    expect(overHttp.pages[0]?.total).toEqual({ count: expected.length, exact: true });
    for (const visits of [8, 1_000]) {
      const { forward } = await throughAndBack(async (cursor) => {
        const order = { sort: 'displayName', order: 'asc' } as const;
        const page = { pageSize: 31, ...cursor };
        const reply = await listAccounts(prisma, { filter, order, page, now: new Date() }, { candidates: 2, visits });
        return { ...reply, ids: reply.items.map(({ id }) => id) };
      });
      expect(forward).toEqual(expected);
    }
  });
});

describe('the orders of users', () => {
  const statusOf = ({ active, passwordHash }: Account) => (active ? (passwordHash ? 0 : 1) : 2);
  const keys: Readonly<Record<UserSort, (account: Account) => readonly string[]>> = {
    displayName: (account) => ['', nameKey(account), account.id],
    username: ({ username }) => ['', accountKey(username)],
    role: (account) => ['', account.role, nameKey(account), account.id],
    status: (account) => ['', String(statusOf(account)), nameKey(account), account.id],
    lastSignInAt: (account) =>
      account.lastSignInAt
        ? ['', account.lastSignInAt.toISOString(), account.id]
        : ['never', nameKey(account), account.id],
  };

  test.each(
    (Object.keys(keys) as UserSort[]).flatMap((sort) => (['asc', 'desc'] as const).map((order) => ({ sort, order }))),
  )('people 19: every column sorts, however it is read: $sort $order', async (order) => {
    const { prisma } = argus.database;
    const some = await prisma.account.findMany({ where: { role: 'user' }, take: 9 });
    for (const [n, { id }] of some.entries()) {
      const data = { lastSignInAt: new Date(Date.UTC(2026, 2, 1 + (n % 4))), ...(n % 2 ? { passwordHash: 'x' } : {}) };
      await prisma.account.update({ where: { id }, data });
    }
    const sign = order.order === 'asc' ? 1 : -1;
    const compare = (a: Account, b: Account) => {
      const [left, right] = [keys[order.sort](a), keys[order.sort](b)];
      const [first = '', ...rest] = left.map((key, index) => byBytes(key, right[index] ?? ''));
      return Number(first) || sign * (rest.find((each) => each !== 0) ?? 0);
    };
    const expected = (await prisma.account.findMany()).toSorted(compare).map(({ id }) => id);
    for (const effort of [undefined, { candidates: 2, visits: 1_000 }, { candidates: 2, visits: 5 }]) {
      const { forward, backward } = await throughAndBack(async (cursor) => {
        const page = { pageSize: 60, ...cursor };
        const reply = await listAccounts(prisma, { filter: {}, order, page, now: new Date() }, effort);
        return { ...reply, ids: reply.items.map(({ id }) => id) };
      });
      expect(forward).toEqual(expected);
      expect(backward).toEqual(forward);
    }
  });
});

describe('people 18: a search', () => {
  const people = [
    ['髙橋 翔', '', 'takahashi@contoso.example'],
    ['渡邉 花子', 'ワタナベ ハナコ', 'hanako@contoso.example'],
    ['齋藤 一', '', 'saito@fabrikam.example'],
    ['佐藤花子', '', 'h.sato@contoso.example'],
    ['葛\u{e0100}城 𠮷田', '', 'katsuragi@fabrikam.example'],
    ['Émile Smith', '', 'e.smith@fabrikam.example'],
  ] as const;

  beforeAll(async () => {
    for (const [displayName, reading, username] of people) {
      const body = {
        displayName,
        reading,
        username,
        role: 'user',
        salesforceId: null,
        password: 'a password of a user',
      } as const;
      await admin.call('POST /api/admin/users', { body });
    }
  });

  test.each([
    ['a given name', '花子', ['渡邉 花子', '佐藤花子']],
    ['one character', '翔', ['髙橋 翔']],
    ['a name without its blank', '渡邉花子', ['渡邉 花子']],
    ['a name with a blank that it does not have', '佐藤　花子', ['佐藤花子']],
    ['the new form of a kanji', '高橋', ['髙橋 翔']],
    ['another variant', '渡邊', ['渡邉 花子']],
    ['a fourth one', '渡辺', ['渡邉 花子']],
    ['an old form', '斉藤', ['齋藤 一']],
    ['a name without the variation selector that it has', '葛城', ['葛\u{e0100}城 𠮷田']],
    ['a character beyond the basic plane, by its common form', '吉田', ['葛\u{e0100}城 𠮷田']],
    ['the reading, in hiragana', 'はなこ', ['渡邉 花子']],
    ['the reading, in half width', 'ﾜﾀﾅﾍﾞ', ['渡邉 花子']],
    ['the company', 'ＣＯＮＴＯＳＯ', ['佐藤花子', '渡邉 花子', '髙橋 翔']],
    ['two words in any order', 'contoso 花子', ['佐藤花子', '渡邉 花子']],
    ['two letters', 'e.', ['Émile Smith']],
    ['an underscore, which is no wildcard', 'h_sato', []],
  ])('finds %s: %s', async (_, q, names) => {
    const { items, total } = await admin.call('GET /api/admin/users', { query: { q, pageSize: 200 } });
    const found = items.map(({ displayName }) => displayName).filter((name) => people.some(([each]) => each === name));
    expect(found.toSorted()).toEqual([...names].toSorted());
    expect(total).toEqual({ count: items.length, exact: true });
  });

  test('people 19: names are in the order of their readings, and of their characters where they have none', async () => {
    const { items } = await admin.call('GET /api/admin/users', { query: { q: 'o.example', pageSize: 200 } });
    const names = items.map(({ displayName }) => displayName);
    expect(names.indexOf('渡邉 花子')).toBeLessThan(names.indexOf('佐藤花子'));
  });

  test('people 20: shows what is still to be done, and invitations follow the same filter', async () => {
    const list = async (todo: 'no_password' | 'invited' | 'unlinked', q = '') =>
      (await admin.call('GET /api/admin/users', { query: { todo, pageSize: 200, ...(q ? { q } : {}) } })).items;
    const waiting = await list('no_password', 'user01');
    expect(waiting.length).toBeGreaterThan(5);
    expect(waiting.every(({ active, hasPassword }) => active && !hasPassword)).toBe(true);
    expect(await list('invited')).toEqual([]);
    const [first, second] = waiting;
    await admin.call('POST /api/admin/users/:id/invitation', { params: { id: first?.id ?? '' } });
    expect((await list('invited')).map(({ id }) => id)).toEqual([first?.id]);
    expect(await admin.call('GET /api/admin/invitations', { query: { todo: 'invited' } })).toEqual({
      accounts: 1,
      invited: 1,
    });
    // Only the chosen ones, whatever else a filter lists.
    const body = { q: '', role: null, ids: [second?.id ?? ''], timeZone: 'Asia/Tokyo' };
    const file = await admin.send('POST', '/api/admin/invitations', { body });
    expect(file.text.trim().split('\n')).toHaveLength(2);
    expect((await list('invited')).map(({ id }) => id).toSorted()).toEqual([first?.id, second?.id].toSorted());
    const unlinked = await list('unlinked', '花子');
    expect(unlinked).toHaveLength(2);
    const link = { username: 'hanako@contoso.example', microsoftAccount: 'hanako@m365.example' };
    await admin.call('POST /api/admin/account-links', { body: link });
    expect((await list('unlinked', '花子')).map(({ displayName }) => displayName)).toEqual(['佐藤花子']);
  });

  test('people 20: a page of a user shows account and link; unknown ones are not found', async () => {
    const { items } = await admin.call('GET /api/admin/users', { query: { q: 'hanako@contoso' } });
    const [hanako] = items;
    const person = await admin.call('GET /api/admin/users/:id/overview', { params: { id: hanako?.id ?? '' } });
    expect(person.user).toEqual(hanako);
    expect(person.link).toMatchObject({ microsoftAccount: 'hanako@m365.example', state: 'not_authorized' });
    const id = '00000000-0000-4000-8000-000000000000';
    expect(await admin.fails('GET /api/admin/users/:id/overview', { params: { id } })).toMatchObject({
      code: 'not_found',
    });
  });

  test('a change without a reading keeps the one that is there', async () => {
    const { items } = await admin.call('GET /api/admin/users', { query: { q: 'ワタナベ' } });
    const { id = '', username = '', displayName = '', version = 0 } = items[0] ?? {};
    const body = { username, displayName, role: 'user', salesforceId: null, active: true, version } as const;
    const changed = await admin.call('PUT /api/admin/users/:id', { params: { id }, body });
    expect(changed.reading).toBe('ワタナベ ハナコ');
  });
});

describe('people 22: an account that was never used', () => {
  const add = async (username: string) =>
    (
      await argus.database.prisma.account.create({
        data: { username, usernameKey: username, displayName: username, displayNameKey: username },
      })
    ).id;
  const remove = (id: string) => ({ params: { id } });

  test('is deleted with its link and invitation, and the audit log says so', async () => {
    const username = 'never@unused.example';
    const id = await add(username);
    await admin.call('POST /api/admin/account-links', { body: { username, microsoftAccount: 'never@m365.example' } });
    await admin.call('POST /api/admin/users/:id/invitation', { params: { id } });
    await admin.call('DELETE /api/admin/users/:id', remove(id));
    const { prisma } = argus.database;
    expect(await prisma.account.findUnique({ where: { id } })).toBeNull();
    expect(await prisma.accountLink.count({ where: { microsoftAccountKey: 'never@m365.example' } })).toBe(0);
    expect(await prisma.invitation.count({ where: { accountId: id } })).toBe(0);
    const { items } = await admin.call('GET /api/admin/audit-events', { query: { target: username } });
    expect(items[0]).toMatchObject({
      action: 'user_deleted',
      targetName: username,
      actorUsername: 'admin@argus.example',
    });
    expect(await admin.fails('DELETE /api/admin/users/:id', remove(id))).toMatchObject({ code: 'not_found' });
  });

  test.each(['passwordHash', 'lastSignInAt'] as const)('is not unused with %s, and stays', async (column) => {
    const id = await add(`${column.toLowerCase()}@used.example`);
    const data = column === 'passwordHash' ? { passwordHash: 'x' } : { lastSignInAt: new Date() };
    await argus.database.prisma.account.update({ where: { id }, data });
    expect(await admin.fails('DELETE /api/admin/users/:id', remove(id))).toMatchObject({ code: 'user_was_used' });
    expect(await argus.database.prisma.account.count({ where: { id } })).toBe(1);
  });
});
