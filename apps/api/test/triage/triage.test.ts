import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { providerOf, suffix } from '../support/build-app.ts';
import { saveSettings } from '../support/misconfigure.ts';
import { admin, argus, stageConnected } from '../support/stage-argus.ts';

const hour = 3600_000;
const day = 24 * hour;

let providerId: string;
stageConnected();
beforeAll(async () => {
  providerId = (await argus.database.prisma.authProvider.findFirstOrThrow()).id;
  // Connecting moved the URL away from Microsoft's own, which would add a notice to those tested here.
  await argus.database.prisma.auditEvent.deleteMany({ where: { action: 'mail_url_moved' } });
});
beforeEach(async () => {
  await argus.database.prisma.account.deleteMany({ where: { role: 'user' } });
});

interface Authorized {
  /** How long ago. */
  readonly authorized: number;
  readonly success?: number;
  readonly failed?: boolean;
  readonly status?: 'authorized' | 'reconnect_needed';
  readonly active?: boolean;
  readonly linked?: boolean;
  readonly at?: string;
}

/** A user with a grant, in its state after that time. */
async function addAuthorized(name: string, { at = providerId, status = 'authorized', ...grant }: Authorized) {
  const { prisma } = argus.database;
  const ago = (ms: number) => new Date(argus.services.now().getTime() - ms);
  const accountId = await argus.addAccount(`${name}@argus.example`);
  const microsoftAccount = `${name}@contoso.example`;
  await prisma.account.update({ where: { id: accountId }, data: { active: grant.active ?? true } });
  if (grant.linked ?? true) {
    await prisma.accountLink.create({ data: { accountId, microsoftAccount, microsoftAccountKey: microsoftAccount } });
  }
  await prisma.grant.create({
    data: {
      accountId,
      providerId: at,
      status,
      microsoftAccount,
      verifiedLinkKey: microsoftAccount,
      authorizedAt: ago(grant.authorized),
      lastSuccessAt: grant.success === undefined ? null : ago(grant.success),
      ...(grant.failed ? { lastErrorAt: ago(hour), lastErrorCode: 'mail_timeout' } : {}),
    },
  });
}

const allow = (noSuccessHours: number) => saveSettings(argus, admin, { noSuccessHours });

const overall = async () => (await admin.call('GET /api/admin/error-causes')).overall;
const notices = async () => (await admin.call('GET /api/admin/notices')).items;
const silent = async (query: Record<string, string | number | boolean> = {}) => {
  const reply = await admin.call('GET /api/admin/silent-users', { query });
  return { ...reply, names: reply.items.map(({ username }) => username.split('@')[0]) };
};

describe('no success for longer than 基本設定 allows', () => {
  test('is a fault of a user, even without any error, the longest silent first', async () => {
    await addAuthorized('recent', { authorized: 9 * day, success: 71 * hour });
    await addAuthorized('late', { authorized: 9 * day, success: 73 * hour });
    await addAuthorized('never', { authorized: 5 * day });
    await addAuthorized('new', { authorized: 2 * day });
    await addAuthorized('failing', { authorized: 9 * day, success: 4 * day, failed: true });
    expect(await silent()).toMatchObject({
      names: ['never', 'failing', 'late'],
      items: [
        { microsoftAccount: 'never@contoso.example', lastSuccessAt: null, lastErrorAt: null, lastErrorCode: null },
        { lastErrorCode: 'mail_timeout', lastErrorAt: expect.any(String) },
        { lastSuccessAt: expect.any(String) },
      ],
      total: { count: 3, exact: true },
    });
    expect((await silent({ tried: true })).names).toEqual(['failing']);
    expect((await silent({ tried: false })).names).toEqual(['never', 'late']);
    expect(await overall()).toMatchObject({
      authorizedUsers: 5,
      silent: false,
      silentUsers: 3,
      noSuccessHours: 72,
      lastSuccessAt: expect.any(String),
    });
    expect(await notices()).toMatchObject([{ kind: 'users_without_success', users: 1, hours: 72 }]);
  });

  test('is no fault of those who cannot, or need not, fetch mail here', async () => {
    const old = { authorized: 9 * day, failed: true };
    const elsewhere = await argus.database.prisma.authProvider.create({
      data: { ...dormant, urlSuffix: 'Elsewhere', urlSuffixKey: 'elsewhere' },
    });
    await addAuthorized('inactive', { ...old, active: false });
    await addAuthorized('unlinked', { ...old, linked: false });
    await addAuthorized('asked', { ...old, status: 'reconnect_needed' });
    await addAuthorized('elsewhere', { ...old, at: elsewhere.id });
    expect(await silent()).toMatchObject({ names: [], total: { count: 0, exact: true }, next: null, previous: null });
    expect(await overall()).toMatchObject({ authorizedUsers: 0, silent: false, silentUsers: 0 });
    expect(await notices()).toEqual([]);
    await argus.database.prisma.authProvider.delete({ where: { id: elsewhere.id } });
  });

  test('of anybody is a fault of the connection since the last success, and 0 hours switch the check off', async () => {
    await addAuthorized('a', { authorized: 9 * day, success: 80 * hour });
    await addAuthorized('b', { authorized: day, failed: true });
    expect(await overall()).toMatchObject({ silent: true, silentUsers: 1, authorizedUsers: 2 });
    expect(await notices()).toMatchObject([
      { kind: 'no_success', hours: 80, users: 2, lastSuccessAt: expect.any(String) },
    ]);
    await allow(81);
    expect(await overall()).toMatchObject({ silent: false, silentUsers: 0, noSuccessHours: 81 });
    expect(await notices()).toEqual([]);
    await allow(0);
    expect(await overall()).toMatchObject({ silent: false, silentUsers: 0, noSuccessHours: 0, authorizedUsers: 2 });
    expect((await silent()).names).toEqual([]);
    expect(await notices()).toEqual([]);
    await allow(72);
  });

  test('is counted from the authorization if nobody ever had a success', async () => {
    await addAuthorized('a', { authorized: 71 * hour });
    expect(await notices()).toEqual([]);
    await addAuthorized('b', { authorized: 100 * hour });
    expect(await notices()).toMatchObject([{ kind: 'no_success', hours: 100, users: 2, lastSuccessAt: null }]);
    await addAuthorized('c', { authorized: 100 * hour, success: hour });
    expect(await notices()).toEqual([]);
  });

  test('is not reported if the provider of 基本設定 does not exist', async () => {
    await addAuthorized('a', { authorized: 9 * day });
    const set = (authProviderUrlSuffix: string) => saveSettings(argus, admin, { authProviderUrlSuffix });
    await set('Gone');
    expect(await overall()).toMatchObject({ authorizedUsers: 0, silent: false, silentUsers: 0, lastSuccessAt: null });
    expect((await silent()).names).toEqual([]);
    // But that nobody can get mail is.
    expect(await notices()).toMatchObject([{ kind: 'everybody_stopped', stop: 'provider_missing' }]);
    await set(suffix);
  });

  test('is paged in both directions by cursors, across both kinds of silence', async () => {
    await addAuthorized('a', { authorized: 10 * day });
    await addAuthorized('b', { authorized: 20 * day, success: 9 * day });
    await addAuthorized('c', { authorized: 8 * day });
    await addAuthorized('d', { authorized: 20 * day, success: 7 * day });
    await addAuthorized('e', { authorized: 20 * day, success: 6 * day });
    const first = await silent({ pageSize: 2 });
    expect(first).toMatchObject({ names: ['a', 'b'], previous: null });
    const second = await silent({ pageSize: 2, after: first.next ?? '' });
    expect(second.names).toEqual(['c', 'd']);
    const third = await silent({ pageSize: 2, after: second.next ?? '' });
    expect(third).toMatchObject({ names: ['e'], next: null });
    expect((await silent({ pageSize: 2, before: third.previous ?? '' })).names).toEqual(['c', 'd']);
    expect((await silent({ pageSize: 2, before: second.previous ?? '' })).names).toEqual(['a', 'b']);
    expect(await admin.fails('GET /api/admin/silent-users', { query: { after: 'x' } })).toMatchObject({
      fields: [{ field: 'after' }],
    });
  });
});

const dormant = {
  name: 'dormant',
  urlSuffix: 'Dormant',
  urlSuffixKey: 'dormant',
  consumerKey: 'x',
  authorizeEndpointUrl: 'https://login.example/authorize',
  tokenEndpointUrl: 'https://login.example/token',
  defaultScopes: 'openid',
};

describe('the consumer secret', () => {
  const inDays = (days: number) => new Date(argus.services.now().getTime() + days * day).toISOString().slice(0, 10);

  test.each([
    [61, undefined],
    [60, { kind: 'secret_expiring', days: 60 }],
    [30, { kind: 'secret_expiring', days: 30 }],
    [1, { kind: 'secret_expiring', days: 1 }],
    [0, { kind: 'secret_expired', days: 0 }],
    [-1, { kind: 'everybody_stopped' }],
  ])('that expires %s days from today is reported as %j', async (days, notice) => {
    const { items } = await admin.call('GET /api/admin/auth-providers');
    const { version } = items[0] as (typeof items)[number];
    await admin.call('PUT /api/admin/auth-providers/:id', {
      params: { id: providerId },
      body: { ...providerOf(argus.fake), consumerSecretExpiresOn: inDays(days), version },
    });
    const named = { providerId, providerName: 'Microsoft 365', expiresOn: inDays(days) };
    const expected = days < 0 ? { ...notice, stop: 'secret_expired' } : { ...named, ...notice };
    expect(await notices()).toMatchObject(notice ? [expected] : []);
  });

  test('people 11: of a provider that is not in use concerns nobody', async () => {
    const { prisma } = argus.database;
    const set = (id: string, days: number) =>
      prisma.authProvider.update({ where: { id }, data: { consumerSecretExpiresOn: new Date(inDays(days)) } });
    const other = await prisma.authProvider.create({ data: dormant });
    await set(other.id, -3);
    await set(providerId, 40);
    expect((await notices()).map(({ days, kind }) => [days, kind])).toEqual([[40, 'secret_expiring']]);
  });
});

test('reading the board, the silent users or the notices does not call Microsoft', async () => {
  argus.fake.control.clearRequests();
  await overall();
  await silent();
  await notices();
  await admin.call('GET /api/admin/overview');
  expect(argus.fake.control.requests()).toEqual([]);
});

describe('ops §7: what is wrong around Argus', () => {
  const kinds = async () => (await admin.call('GET /api/admin/notices')).items;

  test('is told on top of the admin menu, with the version of Argus', async () => {
    const { surroundings } = argus.services;
    expect((await admin.call('GET /api/admin/notices')).version).toMatch(/^\d+\.\d+\.\d+$/);
    const before = (await kinds()).length;
    Object.assign(surroundings, { databaseIsPlain: true, jobQueueIsUp: false });
    argus.advance(120_000);
    try {
      expect((await kinds()).slice(before)).toMatchObject([
        { kind: 'jobs_down' },
        { kind: 'clock_differs', seconds: -120 },
        { kind: 'database_plain_text' },
      ]);
    } finally {
      argus.advance(-120_000);
      Object.assign(surroundings, { databaseIsPlain: false, jobQueueIsUp: true });
    }
    expect(await kinds()).toHaveLength(before);
  });

  test('tells for a day that somebody opened Argus where nobody can sign in, and repeats no address that anybody could claim', async () => {
    const reply = await argus.browser().send('POST', '/api/session', {
      body: { username: 'a', password: 'b' },
      headers: { origin: 'https://argus.old.example', 'sec-fetch-site': 'same-origin' },
    });
    expect(reply.body).toMatchObject({ code: 'origin_mismatch' });
    expect(await kinds()).toContainEqual(expect.objectContaining({ kind: 'public_url_differs' }));
    expect(JSON.stringify(await kinds())).not.toContain('argus.old.example');
    argus.services.surroundings.foreignOriginAt = undefined;
  });
});
