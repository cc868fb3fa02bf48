import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { providerOf, suffix } from '../support/build-app.ts';
import { calmMicrosoft, tokenCalls } from '../support/calm-microsoft.ts';
import { taroUpn } from '../support/linked-taro.ts';
import { outcomeOf } from '../support/read-outcome.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';

stageLinkedTaro();
beforeEach(async () => {
  await user.call('DELETE /api/authorization');
  argus.fake.control.clearRequests();
});
afterEach(calmMicrosoft);

describe('without embedding', () => {
  it('a pop-up shares the session: the start URL holds no ticket', async () => {
    const { startUrl } = await user.call('POST /api/authorization/tickets');
    expect(startUrl).toBe(`${argus.url}/services/auth/oauth/${suffix}`);
    expect(await argus.services.db.authorizationTicket.count()).toBe(0);
  });
});

describe('the rows of the authorization page', () => {
  it('A3: a token endpoint that no remote site covers is blocked before the redirect; the administrator sees both causes', async () => {
    await change.site('login', false);
    try {
      const reply = await user.send('GET', `/services/auth/oauth/${suffix}`);
      const outcome = await outcomeOf(user, reply);
      expect(outcome.problem).toMatchObject({
        code: 'authorization_site_not_registered',
        lines: [
          '認証に失敗しました。',
          'システム管理者に連絡してください。',
          '・認証プロバイダのトークンエンドポイントURLを確認してください。',
          '・リモートサイト設定に認証プロバイダのトークンエンドポイントURLが登録されていることを確認してください。',
        ],
      });
      expect(outcome.problem?.admin).toBeUndefined();
      const log = await admin.call('GET /api/admin/error-events', {
        query: { errorId: outcome.problem?.errorId ?? '' },
      });
      const detail = log.items[0]?.problem.admin;
      expect(detail?.causes.map((cause) => cause.place)).toEqual([
        // It is registered, but switched off.
        'Argus 管理者メニュー > リモートサイト',
        'Salesforce 認証プロバイダの設定',
      ]);
      expect(detail?.origin).toBe(argus.fake.loginUrl);
      expect(detail?.nearMisses?.[0]).toMatchObject({ origin: argus.fake.loginUrl, difference: 'inactive' });
      expect(argus.fake.control.requests()).toHaveLength(0);
    } finally {
      await change.restore();
    }
  });

  it('A3: a remote site that goes away while the user is at Microsoft blocks the token call too', async () => {
    const path = await user.consent(taroUpn);
    const { items } = await admin.call('GET /api/admin/remote-sites');
    const site = items.find((item) => item.name === 'login');
    if (!site) throw new Error('no site');
    await admin.call('DELETE /api/admin/remote-sites/:id', { params: { id: site.id } });
    try {
      const outcome = await outcomeOf(user, await user.send('GET', path));
      expect(outcome.problem?.code).toBe('authorization_site_not_registered');
      expect(tokenCalls()).toHaveLength(0);
    } finally {
      const { name, url } = site;
      await admin.call('POST /api/admin/remote-sites', {
        body: { name, url, disableProtocolSecurity: true, active: true, description: '' },
      });
    }
  });

  it('A3b: a wrong host that is registered and cannot be reached shows the same message with one cause', async () => {
    const closed = await change.closedSite();
    await change.provider({ tokenEndpointUrl: `${closed}/oauth2/v2.0/token` });
    try {
      const outcome = await outcomeOf(user, await user.authorize(taroUpn));
      expect(outcome.problem?.code).toBe('authorization_token_endpoint_unreachable');
      expect(outcome.problem?.lines).toHaveLength(4);
    } finally {
      await change.restore();
    }
  });

  it.each([
    ['wrong', 'authorization_secret_wrong'],
    ['expired', 'authorization_secret_expired'],
  ] as const)('A4: a secret that is %s', async (state, code) => {
    argus.fake.control.setSecretState(state);
    const outcome = await outcomeOf(user, await user.authorize(taroUpn));
    expect(outcome.problem).toMatchObject({
      code,
      lines: ['認証に失敗しました。', 'システム管理者に連絡してください。', 'エラー：401 権限がありません。'],
    });
  });

  it('A4: the administrator sees when the secret expires, if that is known; the user does not', async () => {
    const logged = async () => {
      const outcome = await outcomeOf(user, await user.authorize(taroUpn));
      expect(JSON.stringify(outcome)).not.toContain('2026-11-20');
      const errorId = outcome.problem?.errorId ?? '';
      const { items } = await admin.call('GET /api/admin/error-events', { query: { errorId } });
      return items[0]?.problem.admin?.secretExpiresOn;
    };
    argus.fake.control.setSecretState('expired');
    expect(await logged()).toBeUndefined();
    await change.provider({ consumerSecretExpiresOn: '2026-11-20' });
    try {
      expect(await logged()).toBe('2026-11-20');
      // A date beside an error that is not about the secret would mislead.
      argus.fake.control.addFault({ target: 'token', kind: 'status', status: 500, times: 1 });
      expect(await logged()).toBeUndefined();
    } finally {
      await change.provider({ consumerSecretExpiresOn: null });
    }
  });

  it.each([
    [
      'a path that does not exist',
      (url: string) => url.replace('/token', '/tokne'),
      'authorization_token_endpoint_not_found',
    ],
    [
      'a tenant that does not exist',
      (url: string) => url.replace(/\/[0-9a-f-]{36}\//, '/00000000-0000-4000-8000-000000000000/'),
      'authorization_tenant_not_found',
    ],
  ] as const)('A5: a token endpoint URL with %s', async (_, mistype, code) => {
    await change.provider({ tokenEndpointUrl: mistype(providerOf(argus.fake).tokenEndpointUrl) });
    try {
      const outcome = await outcomeOf(user, await user.authorize(taroUpn));
      expect(outcome.problem).toMatchObject({
        code,
        lines: [
          '認証に失敗しました。',
          'システム管理者に連絡してください。',
          'エラー：404 要求されたリソースは存在しません。',
        ],
      });
    } finally {
      await change.restore();
    }
  });

  it.each(['hangBeforeHeaders', 'hangInBody'] as const)(
    'A6: U01: %s at the token endpoint ends within the total timeout',
    async (kind) => {
      await change.settings({ totalTimeoutSeconds: 1, connectTimeoutSeconds: 1 });
      argus.fake.control.addFault({ target: 'token', kind });
      try {
        const path = await user.consent(taroUpn);
        const began = performance.now();
        const reply = await user.send('GET', path);
        expect(performance.now() - began).toBeLessThan(2000);
        const outcome = await outcomeOf(user, reply);
        expect(outcome.problem).toMatchObject({
          code: 'authorization_timeout',
          retry: { kind: 'later', afterSeconds: 20 },
          lines: [
            '認証実行にタイムアウトが発生しました。',
            '・時間を置いてから、もう一度認証を実行してください。',
            '・何度もこの画面が出る場合はシステム管理者に連絡してください。',
          ],
        });
      } finally {
        await change.restore();
      }
    },
  );

  it.each([
    [403, 'authorization_forbidden', 'エラー：403 アクセスが拒否されました。'],
    [
      429,
      'authorization_throttled',
      'エラー：429 要求が多すぎます。時間を置いてから、もう一度認証を実行してください。',
    ],
    [500, 'authorization_upstream_error', 'エラー：500 サーバ内部でエラーが発生しました。'],
    [503, 'authorization_upstream_error', 'エラー：503 サービスを一時的に利用できません。'],
  ] as const)('A-status: %d at the token endpoint', async (status, code, line) => {
    argus.fake.control.addFault({ target: 'token', kind: 'status', status, body: 'html' });
    const outcome = await outcomeOf(user, await user.authorize(taroUpn));
    expect(outcome.problem).toMatchObject({ code });
    expect(outcome.problem?.lines[2]).toBe(line);
  });
});
