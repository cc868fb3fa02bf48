import { accountKey } from '@argus/contract/account-key';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../src/accounts/records/accounts.ts';
import type { Effort } from '../../src/accounts/records/read-listing.ts';
import { authorizationState } from '../../src/connection/connection-state.ts';
import { type LinkFilter, type LinkOrder, listAccountLinks } from '../../src/connection/records/account-link-list.ts';
import type { LinkedAccount } from '../../src/connection/records/account-links.ts';
import { findAuthProviderBySuffix } from '../../src/connection/records/auth-providers.ts';
import type { Grant } from '../../src/connection/records/grants.ts';
import { suffix } from '../support/build-app.ts';
import { admin, argus, stageConnected } from '../support/stage-argus.ts';
import { byBytes, finds, folded, type ReadPage, throughAndBack } from '../support/walk-pages.ts';

const rows = 300;
/** Beginnings of names: equal ones, ones that LIKE would misread, and ones that UTF-16 would order differently. */
const beginnings = [
  '同姓 同名',
  'ＡＢＣ 全角',
  'ｶﾅ 半角',
  '%_\\ 記号',
  '100% 記号',
  '\ue000外字',
  '🍣 寿司',
  '\ud7ff端',
  'user 7',
  '\u{10ffff}端',
] as const;
const sorts = ['displayName', 'username', 'microsoftAccount', 'lastSuccessAt', 'updatedAt'] as const;
/** PGlite is slow, and only has to agree with PostgreSQL: there every second pair of them. */
const orders: readonly LinkOrder[] = sorts
  .flatMap((sort, at) =>
    (at % 2 === 0 ? (['asc', 'desc'] as const) : (['desc', 'asc'] as const)).map((order) => ({ sort, order })),
  )
  .filter((_, at) => process.env.TEST_DATABASE_URL || at % 2 === 0);
const states = ['authorized', 'not_authorized', 'mismatch', 'reconnect_needed'] as const;
const searches = [
  'user0',
  'USER',
  '同姓',
  'ａｂｃ',
  'カナ',
  '%',
  '_',
  '\\',
  '%_\\',
  '100%',
  'm1',
  '\ud7ff',
  '\u{10ffff}',
  '🍣',
  'x',
  'かな 半角',
  '角全abc',
  '記号 @contoso user',
];

let providerId: string;
interface Row extends LinkedAccount {
  readonly account: Account;
}
let all: readonly Row[];

stageConnected();
beforeAll(async () => {
  const { prisma } = argus.database;
  providerId = (await findAuthProviderBySuffix(prisma, suffix))?.id ?? '';
  const { id: _, ...provider } = await prisma.authProvider.findUniqueOrThrow({ where: { id: providerId } });
  const other = await prisma.authProvider.create({ data: { ...provider, urlSuffix: 'Other', urlSuffixKey: 'other' } });
  const numbers = Array.from({ length: rows }, (_each, index) => index);
  await prisma.account.createMany({
    data: numbers.map((n) => {
      const beginning = beginnings[n % beginnings.length] ?? '';
      const displayName = n % 20 === 0 ? beginning : `${beginning} ${rows - n}`;
      // The odd ones come first by username, and only they have grants.
      const username = `${n % 2 === 0 ? 'user' : 'team'}${String(n).padStart(3, '0')}@argus.example`;
      const role = n % 50 === 9 ? 'admin' : 'user';
      return {
        username,
        usernameKey: username,
        displayName,
        displayNameKey: accountKey(displayName),
        reading: n % 7 === 3 ? `よみ${n % 14 === 3 ? 'ガナ' : 'ｶﾞﾅ'}　${n % 5}` : '',
        role,
        active: n % 30 !== 4,
      };
    }),
  });
  const accounts = await prisma.account.findMany({ where: { NOT: { usernameKey: 'admin@argus.example' } } });
  const numberOf = (username: string) => Number(username.slice(4, 7));
  await prisma.accountLink.createMany({
    data: accounts.map(({ id, username }) => {
      const microsoftAccount = `M${(numberOf(username) * 7) % rows}@contoso.example`;
      return { accountId: id, microsoftAccount, microsoftAccountKey: accountKey(microsoftAccount) };
    }),
  });
  for (const n of [1, 2, 3]) {
    // Several changed in the same millisecond.
    const at = new Date(Date.UTC(2026, 0, n, 3, 4, 5, 6));
    const some = accounts.filter(({ username }) => numberOf(username) % 4 === n).map(({ id }) => id);
    await prisma.accountLink.updateMany({ where: { accountId: { in: some } }, data: { updatedAt: at } });
  }
  const grantOf = (accountId: string, n: number): Parameters<typeof prisma.grant.create>[0]['data'] => {
    const key = `m${(n * 7) % rows}@contoso.example`;
    const status: Grant['status'] = n % 8 === 1 ? 'mismatch' : n % 8 === 3 ? 'reconnect_needed' : 'authorized';
    return {
      accountId,
      providerId: n % 11 === 5 ? other.id : providerId,
      status,
      microsoftAccount: key,
      verifiedLinkKey: status === 'mismatch' ? null : n % 12 === 7 ? 'another' : key,
      refutedLinkKey: n % 5 === 1 ? key : null,
      authorizedAt: new Date(),
      lastSuccessAt: n % 3 === 0 ? null : new Date(Date.UTC(2026, 1, 1 + (n % 9), 0, 0, 0, n % 2)),
    } as never;
  };
  for (const { id, username } of accounts) {
    const n = numberOf(username);
    if (n % 2 === 1) await prisma.grant.create({ data: grantOf(id, n) });
  }
  const links = await prisma.accountLink.findMany({ include: { account: true } });
  const grants = await prisma.grant.findMany({ where: { providerId } });
  all = links.map(({ account, ...link }) => {
    const grant = grants.find(({ accountId }) => accountId === account.id) ?? null;
    return { link, account, grant };
  });
});

const nameKey = ({ reading, displayName }: Account) => folded(reading === '' ? displayName : reading);
const nameKeys = ({ account }: Row) => [nameKey(account), account.id];
/** The sort keys of a row, as texts whose bytes sort in that order; first of all, whether it was ever used. */
const keysOf: Readonly<Record<LinkOrder['sort'], (row: Row) => readonly string[]>> = {
  displayName: (row) => ['', ...nameKeys(row)],
  username: ({ account }) => ['', accountKey(account.username)],
  microsoftAccount: ({ link }) => ['', link.microsoftAccountKey],
  updatedAt: ({ link }) => ['', link.updatedAt.toISOString(), link.id],
  lastSuccessAt: (row) => {
    const at = row.grant?.lastSuccessAt;
    return at ? ['', at.toISOString(), row.account.id] : ['never', ...nameKeys(row)];
  },
};

function sorted(some: readonly Row[], { sort, order }: LinkOrder): string[] {
  const sign = order === 'asc' ? 1 : -1;
  const compare = (a: Row, b: Row) => {
    const [left, right] = [keysOf[sort](a), keysOf[sort](b)];
    const [first = '', ...rest] = left.map((key, index) => byBytes(key, right[index] ?? ''));
    // Never used comes last in either direction.
    return Number(first) || sign * (rest.find((each) => each !== 0) ?? 0);
  };
  return some.toSorted(compare).map(({ link }) => link.id);
}

function matching({ q, state }: LinkFilter): Row[] {
  return all.filter(({ link, account, grant }) => {
    const texts = [account.displayName, account.reading, account.username, link.microsoftAccount];
    return finds(q ?? '', texts) && (state === undefined || authorizationState(link, grant) === state);
  });
}

const linkPages =
  (filter: LinkFilter, order: LinkOrder, pageSize: number, effort?: Effort): ReadPage =>
  async (cursor) => {
    const page = { pageSize, ...cursor };
    const reply = await listAccountLinks(argus.database.prisma, providerId, filter, order, page, effort);
    return { ...reply, ids: reply.items.map(({ link }) => link.id) };
  };

describe('the table of links, page by page', () => {
  test.each(orders)('visits every row once, forwards and backwards: $sort $order', async (order) => {
    const { forward, backward, pages } = await throughAndBack(async (cursor) => {
      const query = { ...order, pageSize: 25, ...cursor };
      const { items, ...reply } = await admin.call('GET /api/admin/account-links', { query });
      return { ...reply, ids: items.map(({ id }) => id) };
    });
    expect(forward).toEqual(sorted(all, order));
    expect(backward).toEqual(forward);
    expect(pages.every((page) => page.total.exact && page.total.count === rows)).toBe(true);
  });

  test.each(orders)('finds the same rows in the same order, however it reads them: $sort $order', async (order) => {
    const filters: LinkFilter[] = [
      ...searches.map((q) => ({ q })),
      ...states.map((state) => ({ state })),
      ...states.map((state) => ({ state, q: 'team' })),
      { state: 'not_linked' },
    ];
    // All candidates; the index, or whatever a rare state needs.
    const efforts = [undefined, { candidates: 3, visits: 1_000 }];
    const number = orders.indexOf(order);
    for (const [index, filter] of filters.entries()) {
      const expected = sorted(matching(filter), order);
      // Two orders try every filter with every effort, the others alternate: every pair of the three occurs.
      const tried = number % 5 === 0 ? efforts : [efforts[(index + number) % 2]];
      for (const effort of tried) {
        const { forward, pages } = await throughAndBack(linkPages(filter, order, 40, effort));
        expect(forward, `${JSON.stringify(filter)}, ${JSON.stringify(effort)}`).toEqual(expected);
        if (!effort) expect(pages.every(({ total }) => total.exact && total.count === expected.length)).toBe(true);
      }
    }
  });

  test.each(orders)('a rare state is also found in order: $sort $order', async (order) => {
    for (const state of states) {
      const { forward, backward } = await throughAndBack(linkPages({ state }, order, 15, { candidates: 3, visits: 6 }));
      expect(forward).toEqual(sorted(matching({ state }), order));
      expect(backward).toEqual(forward);
    }
  });
});

test('a search whose matches are far down the order is sorted as well, whatever it costs', async () => {
  const order = { sort: 'lastSuccessAt', order: 'asc' } as const;
  for (const q of ['同', 'u', 'm1', '%']) {
    const { forward, backward } = await throughAndBack(linkPages({ q }, order, 7, { candidates: 3, visits: 10 }));
    expect(forward).toEqual(sorted(matching({ q }), order));
    expect(backward).toEqual(forward);
  }
});

describe('a cursor', () => {
  const read = (query: Record<string, string | number>) => admin.call('GET /api/admin/account-links', { query });
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const nil = '00000000-0000-0000-0000-000000000000';

  test.each([
    ['no base64', '!'],
    ['no JSON', Buffer.from('{').toString('base64url')],
    ['no list', encoded({ order: 'username.asc' })],
    ['an unknown order', encoded(['toString', 0, 'x'])],
    ['another order', encoded(['username.desc', 0, 'x'])],
    ['an unknown segment', encoded(['username.asc', 1, 'x'])],
    ['a fraction of a segment', encoded(['username.asc', 0.5, 'x'])],
    ['too few values', encoded(['username.asc', 0])],
    ['too many values', encoded(['username.asc', 0, 'x', nil])],
    ['a number', encoded(['username.asc', 0, 1])],
    ['a NUL', encoded(['username.asc', 0, 'a\0b'])],
    ['half a character', encoded(['username.asc', 0, '\ud800'])],
  ])('that is %s is refused at its field', async (_, cursor) => {
    for (const field of ['after', 'before']) {
      const problem = await admin.fails('GET /api/admin/account-links', {
        query: { sort: 'username', [field]: cursor },
      });
      expect(problem).toMatchObject({ status: 400, code: 'request_invalid', fields: [{ field, code: 'type_wrong' }] });
    }
  });

  test.each([
    ['no time', ['x', nil]],
    ['a time that does not exist', ['2026-02-30T25:00:00.000Z', nil]],
    ['the year 0', ['0000-01-01T00:00:00.000Z', nil]],
    ['no id', ['2026-01-01T00:00:00.000Z', 'x']],
  ])('with %s is refused', async (_, values) => {
    const query = { sort: 'updatedAt', after: encoded(['updatedAt.asc', 0, ...values]) };
    expect(await admin.fails('GET /api/admin/account-links', { query })).toMatchObject({ status: 400 });
  });

  test('cannot be combined with another one', async () => {
    const { next } = await read({ sort: 'username', pageSize: 10 });
    const query = { sort: 'username', after: next ?? '', before: next ?? '' };
    expect(await admin.fails('GET /api/admin/account-links', { query })).toMatchObject({
      fields: [{ field: 'before' }],
    });
  });

  test('continues when its row is gone, and never leads to a dead end', async () => {
    const { prisma } = argus.database;
    const query = { sort: 'username', pageSize: 200 };
    const first = await read(query);
    const last = await read({ ...query, after: first.next ?? '' });
    const gone = await Promise.all(
      Array.from({ length: 3 }, async (_each, n) => {
        const username = `zz${n}@argus.example`;
        const accountId = await argus.addAccount(username);
        return prisma.accountLink.create({
          data: { accountId, microsoftAccount: username, microsoftAccountKey: username },
        });
      }),
    );
    const withThem = await read({ ...query, pageSize: 100, after: first.next ?? '' });
    const ends = await read({ ...query, pageSize: 2, after: withThem.next ?? '' });
    expect(ends.items.map(({ username }) => username)).toEqual(['zz0@argus.example', 'zz1@argus.example']);
    await prisma.account.deleteMany({ where: { id: { in: gone.map(({ accountId }) => accountId) } } });
    // Nothing is left after it: the last page.
    const after = await read({ ...query, pageSize: 100, after: ends.next ?? '' });
    expect(after.items).toEqual(last.items);
    expect(after).toMatchObject({ next: null, previous: expect.any(String) });
    // Its row is gone: its values still mark the position.
    const before = await read({ ...query, pageSize: 100, before: ends.previous ?? '' });
    expect(before.items).toEqual(last.items);
    // Fewer than a page remain before it: the whole first page.
    const third = await read({ ...query, pageSize: 3 });
    const full = await read({ ...query, pageSize: 200, before: third.next ?? '' });
    expect(full.items).toEqual(first.items);
    expect(full.previous).toBeNull();
  });
});
