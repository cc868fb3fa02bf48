import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Browser, buildArgus, providerOf, settingsOf, type TestArgus } from './build-app.ts';

const taroUpn = demoUsers.taro.userPrincipalName;
const hanakoUpn = demoUsers.hanako.userPrincipalName;

let argus: TestArgus;
let admin: Browser;
let user: Browser;

beforeAll(async () => {
  argus = await buildArgus();
  admin = await argus.connect();
  user = await argus.signedIn('taro@argus.example');
  await admin.call('POST /api/admin/account-links', {
    body: { username: 'taro@argus.example', microsoftAccount: taroUpn },
  });
});
afterAll(() => argus.close());
beforeEach(async () => {
  await user.call('DELETE /api/authorization');
  argus.fake.control.clearFaults();
  await user.authorize(taroUpn);
  argus.fake.control.clearRequests();
});
afterEach(async () => {
  argus.fake.control.clearFaults();
  argus.fake.control.setSecretState('valid');
  await restore();
});

const refresh = { query: { refresh: true } };
const calls = (part: string) => argus.fake.control.requests().filter((request) => request.path.includes(part));

async function changeSettings(change: Record<string, unknown>) {
  const { version } = await admin.call('GET /api/admin/settings');
  await admin.call('PUT /api/admin/settings', { body: { ...settingsOf(argus.fake), ...change, version } });
}

async function changeProvider(change: Record<string, unknown>) {
  const { items } = await admin.call('GET /api/admin/auth-providers');
  const provider = items[0];
  if (!provider) throw new Error('no provider');
  await admin.call('PUT /api/admin/auth-providers/:id', {
    params: { id: provider.id },
    body: { ...providerOf(argus.fake), ...change, version: provider.version },
  });
}

async function setSite(name: string, active: boolean) {
  const { items } = await admin.call('GET /api/admin/remote-sites');
  const site = items.find((item) => item.name === name);
  if (!site) throw new Error(`no site ${name}`);
  const { url, disableProtocolSecurity, description, version } = site;
  await admin.call('PUT /api/admin/remote-sites/:id', {
    params: { id: site.id },
    body: { name, url, disableProtocolSecurity, description, active, version },
  });
}

async function restore() {
  const { items } = await admin.call('GET /api/admin/remote-sites');
  for (const site of items.filter((item) => !item.active)) await setSite(site.name, true);
  await changeSettings({});
  await changeProvider({});
}

/** Makes the stored access token one that has to be refreshed. */
async function expireAccessToken() {
  await argus.services.db.grant.updateMany({ data: { accessExpiresAt: new Date(Date.now() - 1000) } });
}

/** Takes the kept list away, so that a fault shows in full. */
async function forgetMail() {
  await argus.services.db.mailCache.deleteMany();
}

describe('the portlet', () => {
  it('lists the newest mail with the unread count of the folder', async () => {
    argus.fake.control.injectMail({ user: taroUpn, subject: '見積書の件', importance: 'high' });
    const list = await user.call('GET /api/new-arrivals', refresh);
    expect(list.items).toHaveLength(10);
    expect(list.items[0]).toMatchObject({ subject: '見積書の件', unread: true, importance: 'high' });
    expect(list.unreadCount).toBeGreaterThan(0);
    expect(list.problem).toBeUndefined();
    const times = list.items.map((item) => item.receivedAt ?? '');
    expect(times).toEqual([...times].sort().reverse());
  });

  it('serves a mail whose subject and sender are null, and links that are not https as none', async () => {
    argus.fake.control.injectMail({ user: taroUpn, subject: null, from: null, webLink: 'http://plain.example/' });
    const { items } = await user.call('GET /api/new-arrivals', refresh);
    expect(items[0]).toMatchObject({ subject: null, sender: null, webLink: null });
  });

  it('U10: ten tabs of one user at once are one call to Microsoft', async () => {
    const lists = await Promise.all(Array.from({ length: 10 }, () => user.call('GET /api/new-arrivals')));
    expect(lists.every((list) => list.items.length > 0)).toBe(true);
    expect(calls('/messages')).toHaveLength(1);
  });

  it('再読み込み bypasses the kept list, but goes out at most every five seconds', async () => {
    await user.call('GET /api/new-arrivals');
    await user.call('GET /api/new-arrivals', refresh);
    expect(calls('/messages')).toHaveLength(1);
    argus.advance(6_000);
    await user.call('GET /api/new-arrivals');
    expect(calls('/messages')).toHaveLength(1);
    await user.call('GET /api/new-arrivals', refresh);
    expect(calls('/messages')).toHaveLength(2);
  });

  it('asks for no unread count where the URL is no folder of messages', async () => {
    await changeSettings({ mailUrl: `${argus.fake.graphUrl}/v1.0/me/messages` });
    const list = await user.call('GET /api/new-arrivals', refresh);
    expect(list.unreadCount).toBeNull();
    expect(list.items.length).toBeGreaterThan(0);
  });

  it('shows the list without its count where only the folder call fails', async () => {
    argus.fake.control.addFault({ target: 'folder', kind: 'status', status: 500 });
    const list = await user.call('GET /api/new-arrivals', refresh);
    expect(list).toMatchObject({ unreadCount: null });
    expect(list.items.length).toBeGreaterThan(0);
  });

  it('keeps the last good list, sealed, under a fault, and says what is wrong', async () => {
    const good = await user.call('GET /api/new-arrivals');
    argus.advance(20_000);
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 503 });
    const stale = await user.call('GET /api/new-arrivals', refresh);
    expect(stale.items).toEqual(good.items);
    expect(stale.fetchedAt).toBe(good.fetchedAt);
    expect(stale.problem).toMatchObject({ code: 'mail_upstream_error', retry: { kind: 'later' } });
    const row = await argus.services.db.mailCache.findFirstOrThrow();
    for (const { subject } of good.items) if (subject) expect(row.sealed).not.toContain(subject);
    argus.advance(15 * 60_000);
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_upstream_error' });
  });

  it('serves no previews once they are switched off, not even of a kept list', async () => {
    const first = await user.call('GET /api/new-arrivals');
    expect(first.items.some((item) => item.preview)).toBe(true);
    await changeSettings({ previewEnabled: false });
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 503 });
    const stale = await user.call('GET /api/new-arrivals', refresh);
    expect(stale.problem).toBeDefined();
    expect(stale.items.every((item) => item.preview === null)).toBe(true);
  });
});

describe('the rows of the portlet', () => {
  it.each([
    ['hangBeforeHeaders', 'messages'],
    ['hangInBody', 'messages'],
    ['hangBeforeHeaders', 'token'],
  ] as const)('B1: U01: %s at %s ends within the total timeout', async (kind, target) => {
    await changeSettings({ totalTimeoutSeconds: 1, connectTimeoutSeconds: 1 });
    if (target === 'token') await expireAccessToken();
    argus.fake.control.addFault({ target, kind });
    const began = performance.now();
    const problem = await user.fails('GET /api/new-arrivals', refresh);
    expect(performance.now() - began).toBeLessThan(2000);
    expect(problem).toMatchObject({
      code: 'mail_timeout',
      status: 504,
      retry: { kind: 'later', afterSeconds: 20 },
      lines: [
        'メール取得実行時にタイムアウトが発生しました。',
        '・時間を置いてから、再度読み込みを行ってください。',
        '・何度もこの画面が出る場合はシステム管理者に連絡してください。',
      ],
    });
  });

  it('B1: U07: one byte at a time is cut by the total budget, refresh and both Graph calls included', async () => {
    await changeSettings({ totalTimeoutSeconds: 2, connectTimeoutSeconds: 1 });
    await expireAccessToken();
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 1_200 });
    argus.fake.control.addFault({ target: 'messages', kind: 'slowDrip', bytesPerSecond: 10 });
    const began = performance.now();
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_timeout' });
    expect(performance.now() - began).toBeLessThan(3000);
  });

  it('B1: a token endpoint that hangs after a slow 401 is held to what is left of the budget', async () => {
    await changeSettings({ totalTimeoutSeconds: 2, connectTimeoutSeconds: 1 });
    argus.fake.control.addFault({ target: 'messages', kind: 'delay', ms: 1_300 });
    argus.fake.control.revokeSessions(taroUpn, { accessTokens: true });
    argus.fake.control.addFault({ target: 'token', kind: 'hangBeforeHeaders' });
    const began = performance.now();
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_timeout' });
    const took = performance.now() - began;
    expect(took).toBeGreaterThan(1_300);
    expect(took).toBeLessThan(2_700);
  });

  it('B3: a suffix without a provider', async () => {
    await changeSettings({ authProviderUrlSuffix: 'Mistyped' });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({
      code: 'mail_provider_not_found',
      lines: ['認証プロバイダ情報の取得に失敗しました。', 'システム管理者に連絡してください。'],
    });
  });

  it('B4: a mail URL whose path is wrong', async () => {
    await changeSettings({ mailUrl: `${argus.fake.graphUrl}/v1.0/me/mailFolderz/inbox/messages` });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({
      code: 'mail_not_found',
      lines: [
        'メールの取得に失敗しました。',
        'システム管理者に連絡してください。',
        'エラー：404 要求されたリソースは存在しません。',
      ],
    });
  });

  it('B5: E15: a mail URL that no remote site covers is blocked, and the origin named', async () => {
    await setSite('graph', false);
    const problem = await user.fails('GET /api/new-arrivals', refresh);
    expect(problem).toMatchObject({
      code: 'mail_site_not_registered',
      lines: [
        'メールの取得に失敗しました。',
        'システム管理者に連絡してください。',
        '・管理者メニューのURLを確認してください。',
        '・リモートサイト設定にURLが登録されていることを確認してください。',
      ],
    });
    expect(calls('/v1.0/')).toHaveLength(0);
    const log = await admin.call('GET /api/admin/error-events', { query: { errorId: problem.errorId ?? '' } });
    expect(log.items[0]?.problem.admin).toMatchObject({
      row: 'B5',
      origin: argus.fake.graphUrl,
      causes: [{ mendAt: '/admin/settings?field=mailUrl' }, { mendAt: '/admin/remote-sites' }],
    });
  });

  it('B5b: a registered host that cannot be reached', async () => {
    const closed = await argus.fake.control.closedPortUrl();
    await admin.call('POST /api/admin/remote-sites', {
      body: { name: 'closed', url: closed, disableProtocolSecurity: true, active: true, description: '' },
    });
    await changeSettings({ mailUrl: `${closed}/v1.0/me/mailFolders/inbox/messages` });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_endpoint_unreachable' });
  });

  it('B6: a token endpoint that no remote site covers, when the token has to be refreshed', async () => {
    await setSite('login', false);
    // While the access token lives, the token endpoint is not needed.
    expect((await user.call('GET /api/new-arrivals', refresh)).problem).toBeUndefined();
    await expireAccessToken();
    await forgetMail();
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({
      code: 'mail_token_site_not_registered',
      lines: [
        'メールの取得に失敗しました。',
        'システム管理者に連絡してください。',
        '・認証プロバイダのトークンエンドポイントURLを確認してください。',
        '・リモートサイト設定に認証プロバイダのトークンエンドポイントURLが登録されていることを確認してください。',
      ],
    });
  });

  it('B6b: a registered token host that cannot be reached', async () => {
    const closed = await argus.fake.control.closedPortUrl();
    await admin.call('POST /api/admin/remote-sites', {
      body: { name: 'closed token', url: closed, disableProtocolSecurity: true, active: true, description: '' },
    });
    await changeProvider({ tokenEndpointUrl: `${closed}/oauth2/v2.0/token` });
    await expireAccessToken();
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({
      code: 'mail_token_endpoint_unreachable',
    });
  });

  it("B7: V11: a rejected secret on refresh is not the grant's fault", async () => {
    argus.fake.control.setSecretState('expired');
    await expireAccessToken();
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({
      code: 'mail_client_rejected',
      lines: ['メールの取得に失敗しました。', 'システム管理者に連絡してください。', 'エラー：401 権限がありません。'],
    });
    argus.fake.control.setSecretState('valid');
    argus.advance(6_000);
    expect((await user.call('GET /api/new-arrivals', refresh)).items.length).toBeGreaterThan(0);
  });

  it('U02: a 401 is answered by one forced refresh and one retry', async () => {
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 401, times: 1 });
    expect((await user.call('GET /api/new-arrivals', refresh)).items.length).toBeGreaterThan(0);
    expect(calls('/token')).toHaveLength(1);
    expect(calls('/messages')).toHaveLength(2);
  });

  it('a 401 after a forced refresh has its own code and is never B7', async () => {
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 401 });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_unauthorized' });
    expect(calls('/messages')).toHaveLength(2);
  });

  it('U04: a 429 waits as long as it was told to, without calling again meanwhile', async () => {
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 429, retryAfter: '40', times: 1 });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({
      code: 'mail_throttled',
      retry: { kind: 'later', afterSeconds: 40 },
    });
    const before = calls('/messages').length;
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_throttled' });
    expect(calls('/messages')).toHaveLength(before);
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'authorized' });
    argus.advance(41_000);
    expect((await user.call('GET /api/new-arrivals', refresh)).problem).toBeUndefined();
  });

  it.each([
    ['1000000000', 300],
    ['2.128', 3],
    ['soon', 30],
  ])('U04: Retry-After %s is a wait of %d seconds', async (retryAfter, seconds) => {
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 429, retryAfter, times: 1 });
    const problem = await user.fails('GET /api/new-arrivals', refresh);
    expect(problem.retry.afterSeconds).toBe(seconds);
  });

  it.each([
    ['malformedJson', 'mail_reply_malformed'],
    ['truncated', 'mail_reply_malformed'],
    ['wrongTypes', 'mail_reply_malformed'],
    ['html', 'mail_reply_malformed'],
  ] as const)('U05: %s in the reply is a typed error', async (kind, code) => {
    argus.fake.control.addFault({ target: 'messages', kind });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code });
  });

  it('a mailbox without a licence has its own code, though it is a 404', async () => {
    argus.fake.control.setMailbox(taroUpn, false);
    try {
      expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_mailbox_not_enabled' });
    } finally {
      argus.fake.control.setMailbox(taroUpn, true);
    }
  });
});

describe('link and grant', () => {
  it('B2: changing the link suspends the grant and purges the mail; restoring it revives both', async () => {
    await user.call('GET /api/new-arrivals');
    const { items } = await admin.call('GET /api/admin/account-links');
    const link = items.find((item) => item.username === 'taro@argus.example');
    if (!link) throw new Error('no link');
    const put = (microsoftAccount: string, version: number) =>
      admin.call('PUT /api/admin/account-links/:id', { params: { id: link.id }, body: { microsoftAccount, version } });
    const changed = await put(hanakoUpn, link.version);
    expect(await argus.services.db.mailCache.count()).toBe(0);
    expect(await user.fails('GET /api/new-arrivals')).toMatchObject({
      code: 'mail_account_mismatch',
      accounts: { linked: hanakoUpn, authorized: taroUpn },
    });
    // The evidence was fresh: /me was asked, once.
    expect(calls('/me').filter((request) => /\/me(\?|$)/.test(request.path))).toHaveLength(1);
    await put(taroUpn, changed.version);
    expect((await user.call('GET /api/new-arrivals')).items.length).toBeGreaterThan(0);
  });

  it('a link that follows a rename at Microsoft is proved by fresh evidence, without a new sign-in', async () => {
    const renamed = 'taro.renamed@contoso.example';
    argus.fake.control.renameUser(taroUpn, renamed);
    const { items } = await admin.call('GET /api/admin/account-links');
    const link = items.find((item) => item.username === 'taro@argus.example');
    if (!link) throw new Error('no link');
    const put = (microsoftAccount: string, version: number) =>
      admin.call('PUT /api/admin/account-links/:id', { params: { id: link.id }, body: { microsoftAccount, version } });
    const changed = await put(renamed, link.version);
    try {
      expect((await user.call('GET /api/new-arrivals')).items.length).toBeGreaterThan(0);
    } finally {
      argus.fake.control.renameUser(renamed, taroUpn);
      await put(taroUpn, changed.version);
    }
  });

  it('removing the link shows "not linked" and no mail; adding it again revives the grant', async () => {
    await user.call('GET /api/new-arrivals');
    const { items } = await admin.call('GET /api/admin/account-links');
    const link = items.find((item) => item.username === 'taro@argus.example');
    await admin.call('DELETE /api/admin/account-links/:id', { params: { id: link?.id ?? '' } });
    expect(await user.fails('GET /api/new-arrivals')).toMatchObject({ code: 'mail_not_linked' });
    await admin.call('POST /api/admin/account-links', {
      body: { username: 'taro@argus.example', microsoftAccount: taroUpn },
    });
    expect((await user.call('GET /api/new-arrivals')).items.length).toBeGreaterThan(0);
  });

  it('認証の取消 by an administrator takes tokens and mail away at once', async () => {
    await user.call('GET /api/new-arrivals');
    const { items } = await admin.call('GET /api/admin/account-links');
    const link = items.find((item) => item.username === 'taro@argus.example');
    await admin.call('DELETE /api/admin/account-links/:id/authorization', { params: { id: link?.id ?? '' } });
    expect(await argus.services.db.grant.count()).toBe(0);
    expect(await argus.services.db.mailCache.count()).toBe(0);
    expect(await user.fails('GET /api/new-arrivals')).toMatchObject({ code: 'mail_not_authorized' });
  });

  it('another suffix leaves the grants of the first dormant, not deleted', async () => {
    await admin.call('POST /api/admin/auth-providers', {
      body: { ...providerOf(argus.fake), name: 'Other', urlSuffix: 'Other' },
    });
    await changeSettings({ authProviderUrlSuffix: 'Other' });
    expect(await user.fails('GET /api/new-arrivals')).toMatchObject({ code: 'mail_not_authorized' });
    await changeSettings({});
    expect((await user.call('GET /api/new-arrivals', refresh)).items.length).toBeGreaterThan(0);
  });

  it("a reply to a user contains neither cause, place, remedy nor Microsoft's ids; an administrator's does", async () => {
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 403 });
    const { text } = await user.send('GET', '/api/new-arrivals?refresh=true');
    for (const key of [
      'admin',
      'causes',
      'condition',
      'place',
      'remedy',
      'mendAt',
      'upstream',
      'requestId',
      'graphCodes',
    ]) {
      expect(text).not.toContain(`"${key}"`);
    }
    expect(text).not.toContain('ErrorAccessDenied');
    const problem = JSON.parse(text) as { errorId: string; helpDeskText: string };
    expect(problem.helpDeskText).toContain(problem.errorId);
    const log = await admin.call('GET /api/admin/error-events', { query: { errorId: problem.helpDeskText } });
    expect(log.items[0]?.problem.admin?.upstream).toMatchObject({ status: 403, stage: 'messages' });
    expect(log.items[0]?.problem.admin?.upstream?.clientRequestId).toMatch(/^[0-9a-f-]{36}$/);
  });
});
