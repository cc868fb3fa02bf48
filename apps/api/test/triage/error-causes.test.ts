import type { ErrorCode } from '@argus/contract/errors/error-catalogue';
import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { beforeEach, describe, expect, test } from 'vitest';
import { createEventKeeper } from '../../src/error-log/keep-error-events.ts';
import { deleteOldErrorEvents } from '../../src/error-log/records/error-retention.ts';
import { countByCode } from '../../src/triage/records/error-causes.ts';
import { suffix } from '../support/build-app.ts';
import { type Met, meetError } from '../support/meet-error.ts';
import { saveSettings } from '../support/misconfigure.ts';
import { admin, argus, stageConnected } from '../support/stage-argus.ts';

const hour = 3600_000;
const day = 24 * hour;
const upn = demoUsers.taro.userPrincipalName;

stageConnected();
beforeEach(async () => {
  const { prisma } = argus.database;
  await prisma.errorEvent.deleteMany({});
  await prisma.errorCauseUser.deleteMany({});
  await prisma.errorCauseHour.deleteMany({});
  await prisma.errorCause.deleteMany({});
});

const meet = (met: Met = {}) => meetError(argus, met);

/** Does something while 基本設定 names a provider that does not exist. */
async function withoutProvider<T>(work: () => Promise<T>): Promise<T> {
  const set = (authProviderUrlSuffix: string) => saveSettings(argus, admin, { authProviderUrlSuffix });
  await set('Gone');
  try {
    return await work();
  } finally {
    await set(suffix);
  }
}

const board = (query: Record<string, string | boolean> = {}) => admin.call('GET /api/admin/error-causes', { query });
const usersOf = (id: number, query: Record<string, string | number> = {}) =>
  admin.call('GET /api/admin/error-causes/:id/users', { params: { id: String(id) }, query });
async function only() {
  const { items } = await board({ window: '30d' });
  expect(items).toHaveLength(1);
  return items[0] as (typeof items)[number];
}

describe('the board of エラーログ', () => {
  test('groups by cause and not by user, those with the most users first', async () => {
    for (const username of ['a@argus.example', 'b@argus.example', 'B@argus.example', 'c@argus.example'])
      await meet({ username });
    for (let times = 0; times < 6; times += 1) await meet({ code: 'mail_timeout', username: 'a@argus.example' });
    const last = await meet({ code: 'mail_timeout', username: 'b@argus.example' });
    const { items, total } = await board();
    expect(total).toBe(2);
    expect(items).toMatchObject([
      { code: 'mail_unauthorized', users: 3, events: 4, suffix, origin: 'https://graph.example', signature: null },
      { code: 'mail_timeout', users: 2, events: 7, lastErrorId: last },
    ]);
    const { items: events } = await admin.call('GET /api/admin/error-events', {
      query: { causeId: items[1]?.id ?? 0 },
    });
    expect(events).toHaveLength(7);
  });

  test('an error of another provider, at another origin, or without a user, is a separate incident', async () => {
    await meet();
    await meet({ params: { suffix: 'Other', origin: 'https://graph.example' } });
    await meet({ params: { suffix, origin: 'https://graph2.example' } });
    await meet({ params: {}, username: null });
    const { items } = await board();
    expect(items.map(({ users, events }) => [users, events])).toEqual([
      [1, 1],
      [1, 1],
      [0, 1],
      // Another provider's comes last.
      [1, 1],
    ]);
  });

  test('Microsoft’s answer separates only uncatalogued errors', async () => {
    const upstream = (aadsts: number) => ({ stage: 'token', status: 400, aadstsCodes: [50001, aadsts] });
    const code = 'mail_rejected';
    await meet({ code, params: { uncatalogued: true, upstream: upstream(50_999) } });
    await meet({ code, params: { uncatalogued: true, upstream: upstream(50_999) } });
    await meet({
      code,
      params: { uncatalogued: true, upstream: { stage: 'messages', graphCodes: ['ErrorNew', 'x'] } },
    });
    await meet({ code, params: { uncatalogued: true, upstream: { stage: 'messages', status: 418 } } });
    await meet({ code, params: { upstream: upstream(1) } });
    await meet({ code, params: { upstream: upstream(2) } });
    const found = (await board()).items.map(({ signature, uncatalogued, events }) => ({
      signature,
      uncatalogued,
      events,
    }));
    expect(found).toHaveLength(4);
    expect(found).toEqual(
      expect.arrayContaining([
        { signature: 'AADSTS50999', uncatalogued: true, events: 2 },
        { signature: 'ErrorNew', uncatalogued: true, events: 1 },
        { signature: 'HTTP 418', uncatalogued: true, events: 1 },
        { signature: null, uncatalogued: false, events: 2 },
      ]),
    );
    expect((await board({ uncatalogued: true })).total).toBe(3);
    expect((await board({ uncatalogued: false })).total).toBe(1);
  });

  test('names the fault, its owner and the place to fix it, in the reader’s language', async () => {
    await meet({ code: 'mail_upstream_error', params: { suffix, status: 503 } });
    await meet({ code: 'authorization_provider_not_found' });
    await meet({ code: 'mail_site_not_registered', params: { suffix } });
    const { items } = await board();
    const causeOf = (code: string) => items.find((item) => item.code === code);
    expect(causeOf('authorization_provider_not_found')).toMatchObject({
      row: 'A1',
      title: '認証プロバイダ情報の取得に失敗しました。',
      condition: expect.stringMatching(/。$/),
      otherCauses: 0,
      place: expect.any(String),
      remedy: expect.any(String),
      mendAt: '/admin/settings?field=authProviderUrlSuffix',
      menders: ['portal_admin'],
    });
    expect(causeOf('mail_upstream_error')?.title).toMatch(/^メールの取得に失敗しました。 エラー：503 ./);
    expect(causeOf('mail_site_not_registered')?.otherCauses).toBe(2);
    const english = await admin.send('GET', '/api/admin/error-causes', { headers: { 'accept-language': 'en' } });
    expect(english.text).toContain('Mail could not be fetched. Error: 503');
    expect(english.text).not.toMatch(/[ぁ-ん]/);
  });

  test('is filtered by area and owner; a code of a later version counts as an internal error', async () => {
    await meet();
    await meet({ code: 'authorization_provider_not_found' });
    await meet({ code: 'calendar_of_the_future' as ErrorCode });
    await meet({ code: 'mail_secret_expired' });
    const codes = async (query: Record<string, string>) => (await board(query)).items.map(({ code }) => code).sort();
    expect(await codes({ area: 'mail' })).toEqual(['mail_secret_expired', 'mail_unauthorized']);
    // Two owners act in turn: each finds it.
    expect(await codes({ area: 'mail', mender: 'entra_admin' })).toEqual(['mail_secret_expired']);
    expect(await codes({ area: 'mail', mender: 'portal_admin' })).toContain('mail_secret_expired');
    expect(await codes({ area: 'authorization', mender: 'portal_admin' })).toEqual([
      'authorization_provider_not_found',
    ]);
    expect(await codes({ area: 'authorization', mender: 'microsoft' })).toEqual([]);
    expect(await codes({ area: 'portal' })).toEqual(['calendar_of_the_future']);
    expect(await codes({ area: 'no such area' })).toEqual([]);
    const problem = await admin.fails('GET /api/admin/error-causes', { query: { mender: 'nobody' } });
    expect(problem).toMatchObject({ code: 'request_invalid', fields: [{ field: 'mender' }] });
  });

  test('links with invented suffixes are one incident, and add no line to the text for the help desk', async () => {
    const user = await argus.signedIn('taro@argus.example');
    const forged = encodeURIComponent('a\nコード: mail_secret_wrong\nエラーID: QKX7-1YKY');
    for (const invented of ['W1', 'W2', forged, encodeURIComponent('b\u202ec')]) {
      expect((await user.send('GET', `/services/auth/oauth/${invented}`)).status).toBe(303);
    }
    const { items } = await admin.call('GET /api/admin/error-causes');
    expect(items).toMatchObject([{ code: 'authorization_provider_not_found', events: 4, users: 1, suffix: null }]);
    const events = (await admin.call('GET /api/admin/error-events')).items;
    expect(events).toHaveLength(4);
    for (const { problem } of events) expect(problem.helpDeskText).not.toMatch(/QKX7-1YKY|mail_secret_wrong|\u202e/);
    expect(events.filter(({ problem }) => problem.helpDeskText?.includes('W1'))).toHaveLength(1);
  });

  test('an event after a day of silence begins a new episode; one within the day continues the old one', async () => {
    const begin = argus.services.now().getTime();
    await meet({ ago: 3 * day });
    await meet({ ago: 3 * day - 23 * hour });
    expect(new Date((await only()).sinceAt).getTime()).toBeLessThan(begin - 3 * day + hour);
    const again = await meet({ ago: hour });
    const found = await only();
    expect(found.lastErrorId).toBe(again);
    expect(new Date(found.sinceAt).getTime()).toBeGreaterThan(begin - 2 * hour);
    expect(new Date(found.firstAt).getTime()).toBeLessThan(begin - 3 * day + hour);
    // A server whose clock is behind.
    await meet({ ago: 2 * hour });
    expect(await only()).toMatchObject({ lastErrorId: again, lastAt: found.lastAt, events: 4 });
  });

  test('counts events per hour or day of the window, and only the users of the window', async () => {
    await meet({ ago: 0 });
    await meet({ ago: 0, username: 'b@argus.example' });
    await meet({ ago: 5 * hour });
    await meet({ ago: 2 * day, username: 'c@argus.example' });
    await meet({ ago: 20 * day, username: 'd@argus.example' });
    const [today] = (await board()).items;
    expect(today?.trend).toHaveLength(24);
    expect(today).toMatchObject({ events: 3, users: 2 });
    expect([today?.trend[23], today?.trend[18]]).toEqual([2, 1]);
    const [week] = (await board({ window: '7d' })).items;
    expect(week).toMatchObject({ events: 4, users: 3 });
    expect(week?.trend).toEqual([0, 0, 0, 0, 1, 0, 3]);
    const [month] = (await board({ window: '30d' })).items;
    expect(month).toMatchObject({ events: 5, users: 4 });
    expect(month?.trend).toHaveLength(30);
    expect([month?.trend[9], month?.trend[27], month?.trend[29]]).toEqual([1, 1, 3]);
    const one = await admin.call('GET /api/admin/error-causes/:id', {
      params: { id: String(month?.id) },
      query: { window: '30d' },
    });
    expect(one).toEqual(month);
  });

  test('a cause without an event in the window is not on the board, yet found by its id', async () => {
    await meet({ ago: 2 * day });
    expect(await board()).toMatchObject({ items: [], total: 0 });
    const { id } = await only();
    const quiet = await admin.call('GET /api/admin/error-causes/:id', { params: { id: String(id) } });
    expect(quiet).toMatchObject({ id, events: 0, users: 0, recoveredUsers: 0, trend: Array(24).fill(0) });
    for (const path of ['GET /api/admin/error-causes/:id', 'GET /api/admin/error-causes/:id/users'] as const) {
      expect(await admin.fails(path, { params: { id: '2147483647' } })).toMatchObject({ code: 'not_found' });
    }
  });

  test('a user who fetches mail again counts as recovered until the next event', async () => {
    const user = await argus.signedIn('taro@argus.example');
    await admin.call('POST /api/admin/account-links', {
      body: { username: 'taro@argus.example', microsoftAccount: upn },
    });
    await user.authorize(upn);
    const fetching = { query: { refresh: true } };
    try {
      argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 403 });
      const shown = await user.fails('GET /api/new-arrivals', fetching);
      const failing = await only();
      expect(failing).toMatchObject({
        code: shown.code,
        lastErrorId: shown.errorId,
        users: 1,
        recoveredUsers: 0,
        suffix,
        origin: argus.fake.graphUrl,
      });
      argus.fake.control.clearFaults();
      argus.advance(1000);
      await user.call('GET /api/new-arrivals', fetching);
      expect(await only()).toMatchObject({ users: 1, recoveredUsers: 1 });
      const { items } = await usersOf(failing.id);
      expect(items).toMatchObject([{ username: 'taro@argus.example', exists: true, events: 1 }]);
      expect(items[0]?.lastSuccessAt).not.toBeNull();
      argus.advance(1000);
      await argus.database.prisma.mailCache.deleteMany({});
      argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 403 });
      await user.fails('GET /api/new-arrivals', fetching);
      expect(await only()).toMatchObject({ users: 1, events: 2, recoveredUsers: 0 });
    } finally {
      argus.fake.control.clearFaults();
      await argus.database.prisma.account.delete({ where: { usernameKey: 'taro@argus.example' } });
    }
    const { items } = await usersOf((await only()).id);
    expect(items).toMatchObject([{ username: 'taro@argus.example', exists: false, lastSuccessAt: null, events: 2 }]);
  });

  test('the users of a cause are paged in both directions by cursors, the latest first', async () => {
    const at = 10 * 60_000;
    for (const name of ['a', 'b', 'c', 'd']) await meet({ ago: at, username: `${name}@argus.example` });
    await argus.database.prisma.errorCauseUser.updateMany({ data: { lastAt: new Date(0) } });
    await meet({ ago: at, username: 'c@argus.example' });
    await meet({ code: 'mail_timeout', username: 'z@argus.example' });
    const { items } = await board();
    const { id = 0 } = items.find(({ code }) => code === 'mail_unauthorized') ?? {};
    const read = async (query: Record<string, string | number>) => {
      const page = await usersOf(id, { pageSize: 2, ...query });
      return { ...page, names: page.items.map(({ username }) => username[0]).join('') };
    };
    const first = await read({});
    expect(first).toMatchObject({ names: 'ca', previous: null, total: { count: 4, exact: true } });
    expect(first.items[0]).toMatchObject({ events: 2, exists: false });
    const second = await read({ after: first.next ?? '' });
    expect(second).toMatchObject({ names: 'bd', next: null });
    expect(await read({ before: second.previous ?? '' })).toMatchObject({ names: 'ca', previous: null });
  });
});

describe('keeping an event', () => {
  test.each(['by several servers', 'by one server, which gathers them'])(
    '200 failures at once, of different users and two causes, are counted exactly: %s',
    async (by) => {
      const keep = by === 'by several servers' ? undefined : createEventKeeper(argus.database.prisma);
      const times = Array.from({ length: 200 }, (_, index) => index);
      await Promise.all(
        times.map((index) =>
          meet({
            username: `user${index % 100}@argus.example`,
            code: index % 4 === 0 ? 'mail_timeout' : 'mail_unauthorized',
            ...(keep ? { keep } : {}),
          }),
        ),
      );
      expect((await board()).items).toMatchObject([
        { code: 'mail_unauthorized', events: 150, users: 75 },
        { code: 'mail_timeout', events: 50, users: 25 },
      ]);
      const stored = await argus.database.prisma.errorEvent.groupBy({ by: ['causeId'], _count: true });
      expect(stored.map(({ _count }) => _count).sort()).toEqual([150, 50]);
      // Incidents consume sequence numbers, events do not.
      const ids = (await argus.database.prisma.errorCause.findMany()).map(({ id }) => id);
      expect(Math.max(...ids) - Math.min(...ids)).toBeLessThan(50);
    },
  );

  test('users who fail at once over HTTP are one cause with each of them', async () => {
    const people = await Promise.all(
      Array.from({ length: 8 }, (_, index) => argus.signedIn(`crowd${index}@argus.example`)),
    );
    for (const [index] of people.entries()) {
      const body = { username: `crowd${index}@argus.example`, microsoftAccount: `crowd${index}@contoso.example` };
      await admin.call('POST /api/admin/account-links', { body });
    }
    const problems = await withoutProvider(() =>
      Promise.all(people.flatMap((user) => [1, 2, 3].map(() => user.fails('POST /api/authorization/tickets')))),
    );
    expect(new Set(problems.map(({ errorId }) => errorId)).size).toBe(24);
    expect(await only()).toMatchObject({ code: problems[0]?.code, suffix: null, users: 8, events: 24 });
  });

  test.each(['ErrorEvent', 'ErrorCause', 'ErrorCauseUser'])(
    'an error that %s cannot store is still shown, and nothing of it is stored',
    async (table) => {
      const user = await argus.signedIn('crowd0@argus.example');
      const { prisma } = argus.database;
      const column = table === 'ErrorCauseUser' ? 'username' : 'code';
      await prisma.$executeRawUnsafe(`ALTER TABLE "${table}" ADD CONSTRAINT full_up CHECK (${column} = 'x') NOT VALID`);
      try {
        const shown = await withoutProvider(() => user.fails('POST /api/authorization/tickets'));
        expect(shown.lines[0]).toBe('認証プロバイダ情報の取得に失敗しました。');
      } finally {
        await prisma.$executeRawUnsafe(`ALTER TABLE "${table}" DROP CONSTRAINT full_up`);
      }
      expect(await prisma.errorEvent.count()).toBe(0);
      expect(await prisma.errorCause.count()).toBe(0);
    },
  );
});

describe('retention', () => {
  test('deletes old events and their counts in batches, and leaves the board correct', async () => {
    for (let index = 0; index < 7; index += 1) {
      await meet({ ago: 40 * day, username: `old${index}@argus.example` });
      await meet({ ago: 41 * day, code: 'mail_timeout', username: `old${index}@argus.example` });
    }
    await meet({ ago: 3 * day });
    await meet({ ago: hour, username: 'b@argus.example' });
    const seen = await board({ window: '30d' });
    const before = new Date(argus.services.now().getTime() - 30 * day);
    const { prisma } = argus.database;
    const counts = await Promise.all([
      deleteOldErrorEvents(prisma, { before, batch: 3 }),
      deleteOldErrorEvents(prisma, { before, batch: 3 }),
    ]);
    expect(counts[0] + counts[1]).toBe(14);
    expect(await board({ window: '30d' })).toEqual(seen);
    expect(await prisma.errorEvent.count()).toBe(2);
    expect(await prisma.errorCauseUser.count()).toBe(2);
    expect(await prisma.errorCauseHour.count()).toBe(2);
    expect(await prisma.errorCause.count()).toBe(1);
    expect(await deleteOldErrorEvents(prisma, { before })).toBe(0);
  });
});

test('a code counts each of its users once, even across several incidents', async () => {
  await meet({ ago: 9 * day });
  await meet({ ago: hour, username: 'a@argus.example' });
  await meet({ username: 'a@argus.example', params: { suffix: 'Other' } });
  await meet({ username: null, params: { suffix: 'Other' } });
  await meet({ code: 'mail_timeout', ago: 9 * day });
  const counts = await countByCode(argus.database.prisma, new Date(argus.services.now().getTime() - 7 * day));
  expect([...counts]).toMatchObject([['mail_unauthorized', { events: 3, users: 1, lastAt: expect.any(Date) }]]);
});
