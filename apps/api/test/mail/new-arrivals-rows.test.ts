import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { grantTokensPlace } from '../../src/connection/records/grants.ts';
import { authorizeAnew, callsTo, calmMicrosoft } from '../support/calm-microsoft.ts';
import { taroUpn } from '../support/linked-taro.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';

stageLinkedTaro();
beforeEach(authorizeAnew);
afterEach(async () => {
  calmMicrosoft();
  await change.restore();
});

const refresh = { query: { refresh: true } };

/** Makes the stored access token due for a refresh. */
async function expireAccessToken() {
  await argus.services.db.grant.updateMany({ data: { accessExpiresAt: new Date(Date.now() - 1000) } });
}

/** Makes Graph refuse the stored access token, though it does not look expired. */
async function spoilAccessToken() {
  const { db, vault } = argus.services;
  const grant = await db.grant.findFirstOrThrow();
  const tokens = JSON.parse(vault.open(grant.sealedTokens ?? '', grantTokensPlace(grant)));
  const sealed = vault.seal(JSON.stringify({ ...tokens, accessToken: 'spoilt' }), grantTokensPlace(grant));
  await db.grant.update({ where: { id: grant.id }, data: { sealedTokens: sealed } });
}

/** Deletes the stored list, so that a fault is shown in full. */
async function forgetMail() {
  await argus.services.db.mailCache.deleteMany();
}

/** As if this many seconds had passed, for the wait alone: hours would end sessions and tokens as well. */
async function passWait(seconds: number) {
  await argus.services.db.$executeRaw`
    UPDATE "Grant" SET "throttledUntil" = "throttledUntil" - make_interval(secs => ${seconds}),
      "lastErrorAt" = "lastErrorAt" - make_interval(secs => ${seconds})`;
}

describe('the rows of the portlet', () => {
  it.each([
    ['hangBeforeHeaders', 'messages'],
    ['hangInBody', 'messages'],
    ['hangBeforeHeaders', 'token'],
  ] as const)('B1: U01: %s at %s ends within the total timeout', async (kind, target) => {
    await change.settings({ totalTimeoutSeconds: 1, connectTimeoutSeconds: 1 });
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
    await change.settings({ totalTimeoutSeconds: 2, connectTimeoutSeconds: 1 });
    await expireAccessToken();
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 1_200 });
    argus.fake.control.addFault({ target: 'messages', kind: 'slowDrip', bytesPerSecond: 10 });
    const began = performance.now();
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_timeout' });
    expect(performance.now() - began).toBeLessThan(3000);
  });

  it('B1: a token endpoint that hangs after a slow 401 gets only the rest of the budget', async () => {
    await change.settings({ totalTimeoutSeconds: 2, connectTimeoutSeconds: 1 });
    argus.fake.control.addFault({ target: 'messages', kind: 'delay', ms: 1_300 });
    await spoilAccessToken();
    argus.fake.control.addFault({ target: 'token', kind: 'hangBeforeHeaders' });
    const began = performance.now();
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_timeout' });
    const took = performance.now() - began;
    expect(took).toBeGreaterThan(1_300);
    expect(took).toBeLessThan(2_700);
  });

  it('B3: a suffix without a provider', async () => {
    await change.settings({ authProviderUrlSuffix: 'Mistyped' });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({
      code: 'mail_provider_not_found',
      lines: ['認証プロバイダ情報の取得に失敗しました。', 'システム管理者に連絡してください。'],
    });
  });

  it('B4: a mail URL whose path is wrong', async () => {
    await change.settings({ mailUrl: `${argus.fake.graphUrl}/v1.0/me/mailFolderz/inbox/messages` });
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
    await change.site('graph', false);
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
    expect(callsTo('/v1.0/')).toHaveLength(0);
    const log = await admin.call('GET /api/admin/error-events', { query: { errorId: problem.errorId ?? '' } });
    expect(log.items[0]?.problem.admin).toMatchObject({
      row: 'B5',
      origin: argus.fake.graphUrl,
      // It is registered, but switched off.
      causes: [{ place: 'Argus 管理者メニュー > リモートサイト' }, { place: 'Argus 管理者メニュー' }],
    });
  });

  it('B5b: a registered host that cannot be reached', async () => {
    const closed = await change.closedSite();
    await change.settings({ mailUrl: `${closed}/v1.0/me/mailFolders/inbox/messages` });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_endpoint_unreachable' });
  });

  it('B6: a token endpoint that no remote site covers, when the token has to be refreshed', async () => {
    await change.site('login', false);
    // While the access token is valid, the token endpoint is not needed.
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
    const closed = await change.closedSite();
    await change.provider({ tokenEndpointUrl: `${closed}/oauth2/v2.0/token` });
    await expireAccessToken();
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({
      code: 'mail_token_endpoint_unreachable',
    });
  });

  it("B7: V11: a rejected secret on refresh is not the grant's fault", async () => {
    await change.provider({ consumerSecretExpiresOn: '2026-11-20' });
    argus.fake.control.setSecretState('expired');
    await expireAccessToken();
    const problem = await user.fails('GET /api/new-arrivals', refresh);
    expect(problem).toMatchObject({
      code: 'mail_secret_expired',
      lines: ['メールの取得に失敗しました。', 'システム管理者に連絡してください。', 'エラー：401 権限がありません。'],
    });
    const query = { errorId: problem.errorId ?? '' };
    const { items } = await admin.call('GET /api/admin/error-events', { query });
    expect(items[0]?.problem.admin?.secretExpiresOn).toBe('2026-11-20');
    await change.provider({ consumerSecretExpiresOn: null });
    argus.fake.control.setSecretState('valid');
    argus.advance(6_000);
    expect((await user.call('GET /api/new-arrivals', refresh)).items.length).toBeGreaterThan(0);
  });

  it('U02: a 401 is answered by one forced refresh and one retry', async () => {
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 401, times: 1 });
    expect((await user.call('GET /api/new-arrivals', refresh)).items.length).toBeGreaterThan(0);
    expect(callsTo('/token')).toHaveLength(1);
    expect(callsTo('/messages')).toHaveLength(2);
  });

  it('a 401 after a forced refresh has its own code and is never B7', async () => {
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 401 });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_unauthorized' });
    expect(callsTo('/messages')).toHaveLength(2);
  });

  it.each([
    ['429 without a number', { kind: 'status', status: 429 } as const, 30],
    ['429 with Retry-After: 1', { kind: 'retryAfter', retryAfter: '1' } as const, 1],
    ['503 without a number', { kind: 'status', status: 503 } as const, 20],
    ['500 with Retry-After: 7', { kind: 'retryAfter', retryAfter: '7', status: 500 } as const, 7],
  ])('field B1: %s allows no call until the wait is over, which grows each time', async (_, fault, first) => {
    argus.fake.control.addFault({ target: 'messages', ...fault });
    let wait = 0;
    for (let round = 0; round < 12; round += 1) {
      argus.fake.control.clearRequests();
      const problem = await user.fails('GET /api/new-arrivals', refresh);
      const { afterSeconds = 0 } = problem.retry;
      expect(problem.retry.kind).toBe('later');
      const least = round === 0 ? first : Math.min(900, 2 * wait);
      expect(afterSeconds).toBeGreaterThanOrEqual(least);
      expect(afterSeconds).toBeLessThanOrEqual(Math.min(900, Math.ceil(least * 1.2) + 1));
      for (let click = 0; click < 3; click += 1) {
        expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: problem.code });
      }
      expect(callsTo('/messages')).toHaveLength(1);
      wait = afterSeconds;
      await passWait(wait);
    }
    expect(wait).toBe(900);
    argus.fake.control.clearFaults();
    expect((await user.call('GET /api/new-arrivals', refresh)).problem).toBeUndefined();
    argus.fake.control.addFault({ target: 'messages', ...fault });
    argus.advance(20_000);
    await forgetMail();
    expect((await user.fails('GET /api/new-arrivals', refresh)).retry.afterSeconds).toBeLessThan(40);
  });

  it.each([
    [404, 'mail_mailbox_not_ready'],
    [403, 'mail_access_denied'],
    [502, 'mail_upstream_error'],
  ] as const)(
    'field B1: a request during the wait after a %d reports that %s, not that Microsoft is busy',
    async (status, code) => {
      argus.fake.control.addFault({ target: 'messages', kind: 'retryAfter', retryAfter: '60', status });
      const first = await user.fails('GET /api/new-arrivals', refresh);
      expect(first).toMatchObject({ code });
      const before = callsTo('/messages').length;
      expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code, lines: first.lines });
      expect(callsTo('/messages')).toHaveLength(before);
    },
  );

  it('field B2: if a new token does not cure a 401, no process fetches another one for five minutes', async () => {
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 401 });
    for (let load = 0; load < 5; load += 1) {
      expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_unauthorized' });
    }
    expect(callsTo('/token')).toHaveLength(1);
    expect(callsTo('/messages')).toHaveLength(2 + 4);
    argus.advance(5 * 60_000);
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_unauthorized' });
    expect(callsTo('/token')).toHaveLength(2);
    argus.fake.control.clearFaults();
    expect((await user.call('GET /api/new-arrivals', refresh)).items.length).toBeGreaterThan(0);
  });

  it('U04: after a 429 Argus waits as long as it was asked to, without calling meanwhile', async () => {
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 429, retryAfter: '40', times: 1 });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({
      code: 'mail_throttled',
      lines: [
        'メールの取得に失敗しました。',
        'Microsoft 365 が混み合っています。表示された時間を置いてから、再度読み込みを行ってください。',
        'エラー：429 要求が多すぎます。',
      ],
      retry: { kind: 'later', afterSeconds: 40 },
    });
    const before = callsTo('/messages').length;
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_throttled' });
    expect(callsTo('/messages')).toHaveLength(before);
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'authorized' });
    argus.advance(41_000);
    expect((await user.call('GET /api/new-arrivals', refresh)).problem).toBeUndefined();
  });

  it('a wait that one mail URL asked for does not hide what is wrong with the next', async () => {
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 429, retryAfter: '200', times: 1 });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_throttled' });
    await change.settings({ mailUrl: 'https://not-registered.example/v1.0/me/mailFolders/inbox/messages' });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_site_not_registered' });
  });

  it.each([
    ['1200', 1200],
    ['1000000000', 3600],
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
