import type { CatalogueEntryView } from '@argus/contract/endpoints/triage/dictionary';
import { type ErrorCode, errorCatalogue, microsoftPurposes } from '@argus/contract/errors/error-catalogue';
import { beforeEach, describe, expect, test } from 'vitest';
import { saveErrorEvent } from '../../src/error-log/records/error-events.ts';
import type { ErrorParams } from '../../src/platform/problems/app-error.ts';
import { toProblem } from '../../src/platform/problems/problem-json.ts';
import { admin, argus, stageAdmin } from '../support/stage-argus.ts';

stageAdmin();
beforeEach(async () => {
  await argus.database.prisma.errorEvent.deleteMany({});
  await argus.database.prisma.errorCause.deleteMany({});
});

const search = (q: string, more: Record<string, string> = {}) =>
  admin.call('GET /api/admin/error-catalogue', { query: { q, ...more } });
const codes = (items: readonly CatalogueEntryView[]) => items.map(({ code }) => code);
const found = async (q: string, more: Record<string, string> = {}) => codes((await search(q, more)).items);

let saved = 0;
/** An error as encountered by a user, with the help-desk text that the user can copy. */
async function meet(
  code: ErrorCode,
  { params = {}, username = 'taro@argus.example', daysAgo = 0 }: EventChange = {},
): Promise<{ id: string; helpDesk: (language: 'ja' | 'en') => string }> {
  const id = `7F3K-${String(saved++).padStart(4, '0')}`;
  const occurredAt = new Date(argus.services.now().getTime() - daysAgo * 24 * 3_600_000);
  const event = { id, code, accountId: null, username, stage: 'messages', params, requestId: 'r1', occurredAt };
  await saveErrorEvent(argus.database.prisma, event);
  return {
    id,
    helpDesk: (language) => toProblem({ code, params, errorId: id, occurredAt }, language, false).helpDeskText ?? '',
  };
}
interface EventChange {
  params?: ErrorParams;
  username?: string;
  daysAgo?: number;
}

describe('without a search', () => {
  test('every entry of the catalogue is there, in its order', async () => {
    const { items, event, unknownErrorId } = await admin.call('GET /api/admin/error-catalogue');
    expect(codes(items.filter(({ kind }) => kind === 'argus'))).toEqual(Object.keys(errorCatalogue));
    expect({ event, unknownErrorId }).toEqual({ event: null, unknownErrorId: null });
    expect(codes((await search(' 　 ')).items)).toEqual(codes(items));
  });

  test('an entry says what the screen says, why, where to look, what to do and who does it', async () => {
    const read = await admin.call('GET /api/admin/error-catalogue/:code', { params: { code: 'mail_not_found' } });
    expect(read.event).toBeNull();
    expect(read.entry).toEqual({
      code: 'mail_not_found',
      kind: 'argus',
      row: 'B4',
      area: 'mail',
      stage: 'mail',
      status: 502,
      retry: 'no',
      message: [
        'メールの取得に失敗しました。',
        'システム管理者に連絡してください。',
        'エラー：404 要求されたリソースは存在しません。',
      ],
      causes: [
        {
          row: 'B4',
          condition: '管理者メニューのエンドポイントURLのリソース先に誤りがある場合。',
          place: 'Argus 管理者メニュー',
          remedy: 'Argus管理者メニューから「URL」に誤りがないか確認してください。',
          mendAt: '/admin/settings?field=mailUrl',
          menders: ['portal_admin'],
        },
        {
          row: null,
          condition:
            '利用者のメールボックスが Exchange Online にない場合（ライセンスがない、オンプレミスにある、ハイブリッド構成、準備中など）。',
          place: 'Microsoft 365 管理センター > ユーザー',
          remedy: expect.stringContaining('Outlook on the web（https://outlook.office.com）'),
          mendAt: '/admin/account-links',
          menders: ['entra_admin'],
        },
      ],
      matches: expect.arrayContaining(['HTTP 404', 'RequestBroker--ParseUri']),
      seen: null,
    });
  });

  test('it is in the language of its reader', async () => {
    const read = async (language: string) =>
      (await admin.send('GET', '/api/admin/error-catalogue/mail_timeout', { headers: { 'accept-language': language } }))
        .body;
    expect(await read('ja')).toMatchObject({
      entry: { message: ['メール取得実行時にタイムアウトが発生しました。', {}, {}] },
    });
    expect(await read('en')).toMatchObject({ entry: { message: ['Fetching mail timed out.', {}, {}] } });
  });

  test('area and owner narrow the list, also together with a search', async () => {
    const { items } = await search('', { area: 'csv' });
    expect(new Set(items.map(({ area }) => area))).toEqual(new Set(['csv']));
    expect(items.length).toBeGreaterThan(5);
    const byEntra = (await search('', { area: 'authorization', mender: 'entra_admin' })).items;
    expect(byEntra.length).toBeGreaterThan(0);
    for (const { area, causes } of byEntra) {
      expect(area).toBe('authorization');
      expect(causes.flatMap(({ menders }) => menders)).toContain('entra_admin');
    }
    expect(await found('404', { area: 'mail' })).not.toContain('authorization_token_endpoint_not_found');
    expect(await admin.fails('GET /api/admin/error-catalogue', { query: { mender: 'nobody' } })).toMatchObject({
      code: 'request_invalid',
    });
  });

  test('a code that does not exist is not found', async () => {
    const key = 'GET /api/admin/error-catalogue/:code' as const;
    expect(await admin.fails(key, { params: { code: 'mail_' } })).toMatchObject({ status: 404, code: 'not_found' });
    expect(await admin.fails(key, { params: { code: 'constructor' } })).toMatchObject({ status: 404 });
  });

  test('it is for administrators only', async () => {
    const user = await argus.signedIn('taro@argus.example');
    expect(await user.fails('GET /api/admin/error-catalogue')).toMatchObject({ code: 'access_denied' });
    expect(await argus.browser().fails('GET /api/admin/error-catalogue')).toMatchObject({ code: 'session_missing' });
  });
});

describe('a search', () => {
  test.each([
    ['a code', 'mail_token_endpoint_unreachable', 'mail_token_endpoint_unreachable'],
    ['a row of the customer', 'A4', 'authorization_client_rejected'],
    ['a row that others share', 'A5', 'authorization_token_endpoint_not_found'],
    ['a row in small letters', 'b5b', 'mail_endpoint_unreachable'],
    ['a row in full width', 'Ｂ２', 'mail_account_mismatch'],
    ['a Graph code', 'MailboxNotEnabledForRESTAPI', 'mail_mailbox_not_enabled'],
    ['a Graph code in any case', 'mailboxnotenabledforrestapi', 'mail_mailbox_not_enabled'],
    ['an OAuth error', 'login_required', 'authorization_login_required'],
    ['an OAuth error in the address of a redirect', '?error=access_denied&state=x', 'authorization_declined'],
    ['a code of ours that Microsoft also uses', 'access_denied', 'access_denied'],
    ['a network code', 'ENOTFOUND', 'authorization_token_endpoint_unreachable'],
    ['a code of a certificate', 'CERT_HAS_EXPIRED', 'authorization_token_endpoint_unreachable'],
    [
      'a line of the screen',
      '認証を継続するための権限（offline_access）がありません',
      'authorization_refresh_token_missing',
    ],
    ['an English line', 'Fetching mail timed out.', 'mail_timeout'],
    ['words of the remedy', 'offline_access 追加', 'authorization_refresh_token_missing'],
    ['English words in any case', 'EXCHANGE licence', 'mail_exchange_online_missing'],
    [
      'the end of a status line',
      'エラー：404 要求されたリソースは存在しません。',
      'authorization_token_endpoint_not_found',
    ],
  ])('by %s: %s', async (_what, q, first) => {
    expect((await found(q))[0]).toBe(first);
  });

  test('a part of a code finds all that have it', async () => {
    const items = await found('token_endpoint_not_found');
    expect(items).toEqual(microsoftPurposes.map((purpose) => `${purpose}_token_endpoint_not_found`));
    expect(items).toEqual(
      expect.arrayContaining(['authorization_token_endpoint_not_found', 'mail_token_endpoint_not_found']),
    );
  });

  test('all words must occur, whatever is between them', async () => {
    const both = await found('ライセンス メールボックス');
    expect(both).toContain('mail_mailbox_not_enabled');
    expect(both).not.toContain('mail_query_refused');
    expect(await found('ライセンス リモートサイト')).toEqual([]);
    expect(await found('メールボックスのライセンスがありません')).toEqual(both);
  });

  test('期限切れ also finds 期限が切れる', async () => {
    expect(await found('シークレット 期限切れ')).toContain('authorization_secret_expired');
  });

  test('サーバー also finds サーバ and ｻｰﾊﾞ', async () => {
    const items = await found('メールサーバ');
    expect(items).toContain('mail_reply_malformed');
    expect(await found('メールサーバー')).toEqual(items);
    expect(await found('ﾒｰﾙｻｰﾊﾞｰ')).toEqual(items);
  });

  test('an HTTP status finds the entries that depend on it, exact matches before its class', async () => {
    const items = await found('404');
    expect(items.slice(0, 3)).toEqual(
      expect.arrayContaining(['authorization_token_endpoint_not_found', 'mail_not_found']),
    );
    expect(items.indexOf('not_found')).toBeGreaterThan(items.indexOf('mail_not_found'));
    expect((await found('HTTP 404')).sort()).toEqual(items.sort());
    expect(await found('５０３')).toContain('mail_upstream_error');
  });

  test('an unknown text finds nothing', async () => {
    expect(await search('あいうえお漢字カナxyz')).toEqual({ items: [], event: null, unknownErrorId: null });
    expect(await found('%')).toEqual([]);
    expect(await found('\\')).toEqual([]);
  });

  test('a NUL and a text that is too long are refused', async () => {
    for (const q of ['a\0b', 'a'.repeat(4001)]) {
      expect(await admin.fails('GET /api/admin/error-catalogue', { query: { q } })).toMatchObject({
        code: 'request_invalid',
      });
    }
    expect(await found('a '.repeat(2000))).toBeInstanceOf(Array);
  });
});

describe('an AADSTS number', () => {
  test.each(['AADSTS90002', 'aadsts90002', '90002', 'ＡＡＤＳＴＳ９０００２', 'AADSTS90002: Tenant ‘x’ not found.'])(
    'is understood as %s',
    async (q) => {
      const first = microsoftPurposes.map((purpose) => `${purpose}_tenant_not_found`);
      expect((await found(q)).slice(0, first.length)).toEqual(first);
    },
  );

  test('is also found by its beginning', async () => {
    expect(await found('AADSTS9000')).toContain('mail_tenant_not_found');
  });

  test('of several in one description the last one decides', async () => {
    const old =
      'AADSTS70002: Error validating credentials. AADSTS50012: Invalid client secret is provided.\r\n' +
      'Trace ID: 6a1f8a3c-90aa-4f43-8c55-1d2e3f405162\r\nTimestamp: 2017-03-01 10:00:00Z';
    const first = (await search(old)).items[0];
    expect(first?.matches).toContain('AADSTS50012');
    const reversed = (await search('AADSTS50012: Invalid. AADSTS90002: Tenant not found.')).items[0];
    expect(reversed?.matches).toContain('AADSTS90002');
  });

  test('is found in a whole error reply of Entra', async () => {
    const reply = JSON.stringify({
      error: 'invalid_grant',
      error_description:
        "AADSTS65001: The user or administrator has not consented to use the application with ID '0b7d'.",
      error_codes: [65001],
      timestamp: '2026-11-22 01:00:00Z',
      trace_id: '6a1f8a3c-90aa-4f43-8c55-1d2e3f405162',
      correlation_id: 'c6f3a1de-2222-4b4b-8e8e-abcdefabcdef',
      suberror: 'consent_required',
    });
    const { items, unknownErrorId } = await search(reply);
    expect(codes(items)[0]).toBe('authorization_consent_missing');
    expect(codes(items.slice(0, 2 * microsoftPurposes.length))).toContain('mail_consent_missing');
    expect(unknownErrorId).toBeNull();
    const withoutProse = JSON.stringify({ error: 'invalid_grant', error_codes: [65001] });
    expect((await found(withoutProse))[0]).toBe('authorization_consent_missing');
  });

  test('that is not in the catalogue leads to the class of its OAuth error', async () => {
    const items = await found(
      '{"error":"invalid_grant","error_codes":[59999],"error_description":"AADSTS59999: New."}',
    );
    expect(items).toContain('mail_reconnect_needed');
  });
});

describe('what only a page of Microsoft shows', () => {
  test('is found by its number, and is distinguished from what comes back to Argus', async () => {
    const { items } = await search('AADSTS50011: The redirect URI specified in the request does not match.');
    expect(items[0]).toMatchObject({
      code: 'sign_in_page_redirect_uri',
      kind: 'sign_in_page',
      row: null,
      area: 'authorization',
      stage: 'redirect',
      status: null,
      seen: null,
    });
    expect(items[0]?.matches).toContain('AADSTS50011');
    const params = { code: 'sign_in_page_redirect_uri' };
    expect(await admin.call('GET /api/admin/error-catalogue/:code', { params })).toEqual({
      entry: items[0],
      event: null,
    });
  });
});

describe('a whole reply of Graph', () => {
  test('is found by its code, the inner one first', async () => {
    const reply = {
      error: {
        code: 'BadRequest',
        message: "Resource not found for the segment 'mailFolderz'.",
        innerError: { code: 'RequestBroker--ParseUri', date: '2026-11-22T01:00:00', 'request-id': 'b8d2d1ff-22a5' },
      },
    };
    expect((await found(JSON.stringify(reply, null, 2)))[0]).toBe('mail_not_found');
  });
});

describe('an error ID', () => {
  test('returns only the event and its entry, for the whole help-desk text', async () => {
    const { id, helpDesk } = await meet('mail_rejected', { params: { status: 418, suffix: 'Microsoft365' } });
    await meet('mail_timeout');
    for (const q of [id, id.toLowerCase(), id.replace('-', ''), helpDesk('ja'), helpDesk('en').replaceAll('\n', ' ')]) {
      const { items, event, unknownErrorId } = await search(q);
      expect(codes(items)).toEqual(['mail_rejected']);
      expect(event).toMatchObject({
        errorId: id,
        code: 'mail_rejected',
        username: 'taro@argus.example',
        suffix: 'Microsoft365',
        occurredAt: expect.stringMatching(/^\d{4}-.*Z$/),
      });
      expect(unknownErrorId).toBeNull();
    }
  });

  test('that no event has is reported, and the code in the text still finds the entry', async () => {
    const { id, helpDesk } = await meet('mail_token_endpoint_unreachable');
    await argus.database.prisma.errorEvent.deleteMany({});
    for (const language of ['ja', 'en'] as const) {
      const { items, event, unknownErrorId } = await search(helpDesk(language));
      expect(items[0]?.code).toBe('mail_token_endpoint_unreachable');
      expect({ event, unknownErrorId }).toEqual({ event: null, unknownErrorId: id });
    }
    expect(await search(id)).toEqual({ items: [], event: null, unknownErrorId: id });
  });

  test('is not assumed in a word of eight letters that finds something', async () => {
    const { items, unknownErrorId } = await search('redirect');
    expect(items.length).toBeGreaterThan(0);
    expect(unknownErrorId).toBeNull();
    expect(await search('7F3K29QD')).toMatchObject({ items: [], unknownErrorId: '7F3K-29QD' });
  });

  test('of an event with a code unknown to this version returns only the event', async () => {
    const { id } = await meet('calendar_of_the_future' as ErrorCode);
    expect(await search(id)).toMatchObject({ items: [], event: { errorId: id, code: 'calendar_of_the_future' } });
    // The rest of the text may still help.
    expect((await found(`エラーID: ${id} AADSTS7000222`))[0]).toBe('authorization_secret_expired');
  });

  test('a message as it was on the screen finds its entry, whatever values it contains', async () => {
    const params = { linkedAccount: 'taro@contoso.example', authorizedAccount: 'hanako@contoso.example' };
    const { lines } = toProblem({ code: 'authorization_mismatch', params, occurredAt: new Date() }, 'ja', false);
    expect((await found(lines.join(' ')))[0]).toBe('authorization_mismatch');
    const upstream = toProblem(
      { code: 'mail_upstream_error', params: { status: 503 }, occurredAt: new Date() },
      'en',
      false,
    );
    expect(await found(upstream.lines.join('\n'))).toContain('mail_upstream_error');
  });
});

describe('the occurrences of an entry', () => {
  test('are counted as events and users of the last 30 days, with the time of the last event', async () => {
    await meet('mail_timeout', { daysAgo: 40, username: 'old@argus.example' });
    await meet('mail_throttled', { daysAgo: 40 });
    await meet('mail_timeout', { daysAgo: 2 });
    await meet('mail_timeout', { daysAgo: 1 });
    await meet('mail_timeout', { username: 'hanako@argus.example', params: { suffix: 'Other' } });
    const seenOf = async (code: string) =>
      (await admin.call('GET /api/admin/error-catalogue/:code', { params: { code } })).entry.seen;
    const seen = await seenOf('mail_timeout');
    expect(seen).toMatchObject({ events: 3, users: 2 });
    expect(Math.abs(Date.parse(seen?.lastAt ?? '') - argus.services.now().getTime())).toBeLessThan(60_000);
    expect(await seenOf('mail_throttled')).toBeNull();
    const listed = (await search('mail_timeout')).items[0];
    expect(listed?.seen).toEqual(seen);
  });
});

describe('people 28: the list', () => {
  test.each([
    ['キャンセル', 'authorization_declined'],
    ['二段階認証', 'authorization_mfa_required'],
    ['2FA', 'authorization_mfa_required'],
    ['Invalid filter clause', 'mail_query_refused'],
    ['クライアントシークレット', 'authorization_secret_wrong'],
    ['ホワイトリスト', 'mail_site_not_registered'],
    ['ロックアウト', 'sign_in_throttled'],
  ])('finds an error by what people call it: %s', async (word, code) => {
    expect(await found(word)).toContain(code);
  });

  test('begins with what has occurred here, the most often first', async () => {
    await meet('mail_throttled');
    await meet('mail_timeout');
    await meet('mail_timeout');
    expect(codes((await search('')).items).slice(0, 2)).toEqual(['mail_timeout', 'mail_throttled']);
  });
});
