import type { Problem } from '@argus/contract/errors/problem';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { authorizeAnew, calmMicrosoft, forgetWhoItIs } from '../support/calm-microsoft.ts';
import { taroUpn } from '../support/linked-taro.ts';
import { outcomeOf } from '../support/read-outcome.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';
import { told } from '../support/told-causes.ts';

stageLinkedTaro();
beforeEach(authorizeAnew);
afterEach(async () => {
  calmMicrosoft();
  await change.restore();
});

const refresh = { query: { refresh: true } };
const mailUrl = (path: string) => `${argus.fake.graphUrl}/v1.0/me/${path}`;
const standard = 'mailFolders/inbox/messages';

/** Graph answers the list of messages with this error. */
function graphAnswers(status: number, error: object, target: 'messages' | 'me' = 'messages') {
  argus.fake.control.addFault({ target, kind: 'status', status, body: { json: { error } } });
}

async function mail(): Promise<Problem> {
  await argus.services.db.mailCache.deleteMany();
  return user.fails('GET /api/new-arrivals', refresh);
}

/** The token endpoint answers a refresh, or the code, with this body. */
function tokenAnswers(status: number, text: string, contentType = 'application/json; charset=utf-8') {
  argus.fake.control.addFault({ target: 'token', kind: 'status', status, times: 1, body: { text, contentType } });
}

const expire = () =>
  argus.services.db.grant.updateMany({ data: { accessExpiresAt: new Date(argus.services.now().getTime() - 1000) } });

describe('field A1: RequestBroker--ParseUri can mean any fault of the URL', () => {
  const noProperty = "Could not find a property named 'isJunk' on type 'microsoft.graph.message'.";

  it('field A1: with the usual path and a query in the URL, the query is at fault', async () => {
    await change.settings({ mailUrl: mailUrl(`${standard}?$filter=isJunk ne true`) });
    graphAnswers(400, { code: 'RequestBroker--ParseUri', message: noProperty });
    const problem = await mail();
    expect(problem).toMatchObject({ code: 'mail_query_refused' });
    expect(problem.lines.at(-1)).toBe('エラー：400 メールの検索条件を処理できません。');
    expect((await told(problem))[0]?.mendAt).toBe('/admin/settings?field=mailUrl');
  });

  it('field A1: the same applies to an inner code, and to a message that names only the position', async () => {
    await change.settings({ mailUrl: mailUrl(`${standard}?$expand=singleValueExtendedProperties(`) });
    graphAnswers(400, {
      code: 'BadRequest',
      message: 'Parsing OData Select and Expand failed: Syntax error at position 12.',
      innerError: { code: 'RequestBroker--ParseUri' },
    });
    expect(await mail()).toMatchObject({ code: 'mail_query_refused' });
  });

  it('field A1: without a query the path is at fault, even if Graph names a property that Argus asks for', async () => {
    await change.settings({ mailUrl: mailUrl('mailFolders/inbox') });
    graphAnswers(400, { code: 'RequestBroker--ParseUri', message: "Could not find a property named 'subject'." }, 'me');
    argus.fake.control.addFault({
      target: 'graph',
      kind: 'status',
      status: 400,
      body: { json: { error: { code: 'RequestBroker--ParseUri', message: noProperty } } },
    });
    expect(await mail()).toMatchObject({ code: 'mail_not_found' });
  });

  it('field A1: if Graph names a segment, the path is at fault, whatever the query', async () => {
    await change.settings({ mailUrl: mailUrl('mailFolderz/inbox/messages?$filter=isRead eq false') });
    const problem = await mail();
    expect(problem).toMatchObject({ code: 'mail_not_found' });
    expect((await told(problem))[0]?.condition).toBe('管理者メニューのエンドポイントURLのリソース先に誤りがある場合。');
  });

  it('field A1: if path and query are both unusual, the query comes first', async () => {
    await change.settings({ mailUrl: mailUrl('mailFolders/AAMk1/messages?$filter=isJunk ne true') });
    graphAnswers(400, { code: 'RequestBroker--ParseUri', message: noProperty });
    expect(await mail()).toMatchObject({ code: 'mail_query_refused' });
  });

  it('field A1: an old BadRequest without an inner code is the query, where one was typed', async () => {
    await change.settings({ mailUrl: mailUrl(`${standard}?$search="`) });
    graphAnswers(400, { code: 'BadRequest', message: "Syntax error: character '\"' is not valid at position 0." });
    expect(await mail()).toMatchObject({ code: 'mail_query_refused' });
  });
});

describe('field A4: Graph gives no reason', () => {
  it.each([
    ['an empty message', 404, ''],
    ['an HTML page as message', 404, '<!DOCTYPE html><html><head><title>404</title></head></html>'],
    ['an empty message', 401, ''],
    ['an empty message', 403, ''],
    ['an empty message', 400, ''],
  ])('field A4: UnknownError with %s, %d: the mailbox first, the URL last', async (_, status, message) => {
    graphAnswers(status, { code: 'UnknownError', message });
    const problem = await mail();
    expect(problem).toMatchObject({ code: 'mail_unexplained' });
    expect(problem.lines.at(-1)).toBe(`エラー：${status} Microsoft Graph から理由が示されませんでした。`);
    const causes = await told(problem);
    expect(causes[0]?.mendAt).toBe('/admin/account-links');
    expect(causes[0]?.remedy).toContain('Exchange Online のライセンス');
    expect(causes.at(-1)?.mendAt).toBe('/admin/settings?field=mailUrl');
  });

  it('field A4: with an unusual URL, the URL first', async () => {
    await change.settings({ mailUrl: mailUrl('mailFolders/AAMk1/childFolders/AAMk2/messages') });
    graphAnswers(404, { code: 'UnknownError', message: '' });
    expect((await told(await mail()))[0]?.mendAt).toBe('/admin/settings?field=mailUrl');
  });

  it('field A4: a 404 without any code keeps the words of B4, and does not blame a usual URL first', async () => {
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 404, body: 'empty' });
    const problem = await mail();
    expect(problem.lines).toEqual([
      'メールの取得に失敗しました。',
      'システム管理者に連絡してください。',
      'エラー：404 要求されたリソースは存在しません。',
    ]);
    const causes = await told(problem);
    expect(causes[0]?.mendAt).toBe('/admin/account-links');
    expect(causes.at(-1)?.condition).toBe('管理者メニューのエンドポイントURLのリソース先に誤りがある場合。');
  });

  it('field A4: during authorization, /me without a reason blames no scope that was granted', async () => {
    await forgetWhoItIs();
    graphAnswers(404, { code: 'UnknownError', message: '' }, 'me');
    const { problem } = await outcomeOf(user, await user.authorize(taroUpn));
    expect(problem).toMatchObject({ code: 'authorization_identity_unconfirmed' });
    expect((await told(problem)).map(({ mendAt }) => mendAt)).not.toContain(
      '/admin/auth-providers?field=defaultScopes',
    );
  });
});

describe('field A5: a mailbox that is not ready', () => {
  it.each([
    ['ErrorItemNotFound', 'The specified object was not found in the store., Default folder Root not found.'],
    ['ErrorItemNotFound', 'The specified object was not found in the store., Default folder Inbox not found.'],
    ['ErrorFolderNotFound', 'The specified folder could not be found in the store.'],
  ])('field A5: %s though the folder is inbox: %s', async (code, message) => {
    graphAnswers(404, { code, message });
    const problem = await mail();
    expect(problem).toMatchObject({ code: 'mail_mailbox_not_ready' });
    expect(problem.lines.at(-1)).toBe('エラー：404 メールボックスの準備ができていません。');
    expect((await told(problem))[0]?.remedy).toContain('Outlook on the web');
  });

  it('field A5: a missing custom folder is still reported as the folder', async () => {
    await change.settings({ mailUrl: mailUrl('mailFolders/archive/messages') });
    graphAnswers(404, { code: 'ErrorItemNotFound', message: 'The specified object was not found in the store.' });
    expect(await mail()).toMatchObject({ code: 'mail_folder_not_found' });
  });

  it('field A5: “Default folder Root” is reported as the mailbox, whatever the folder', async () => {
    await change.settings({ mailUrl: mailUrl('mailFolders/AAMk1/messages') });
    graphAnswers(404, {
      code: 'ErrorItemNotFound',
      message: 'The specified object was not found in the store., Default folder Root not found.',
    });
    expect(await mail()).toMatchObject({ code: 'mail_mailbox_not_ready' });
  });
});

describe('field A6 and A7: a reply of the token endpoint is judged by its form', () => {
  const ended = JSON.stringify({ error: 'invalid_grant', error_codes: [700082] });

  it.each([
    ['a BOM', `\ufeff${ended}`, 'application/json'],
    ['a BOM and a blank line', `\ufeff\r\n${ended}`, 'application/json'],
    ['two BOMs', `\ufeff\ufeff${ended}`, 'application/json'],
    ['the label of a text', ended, 'text/plain'],
    ['the content type of a page, and a BOM', `\ufeff${ended}`, 'text/html'],
  ])('field A6: %s before the JSON of an error hides no number', async (_, text, contentType) => {
    await expire();
    tokenAnswers(400, text, contentType);
    expect(await mail()).toMatchObject({ code: 'mail_grant_expired', retry: { kind: 'after_reconnect' } });
  });

  it('field A6: at Graph, neither a BOM nor the content type of a text hides mail', async () => {
    for (const [text, contentType] of [
      ['\ufeff{"value":[]}', 'application/json'],
      ['{"value":[]}', 'text/plain'],
      ['{"value":[]}', 'application/octet-stream'],
    ] as const) {
      argus.fake.control.addFault({
        target: 'messages',
        kind: 'status',
        status: 200,
        times: 1,
        body: { text, contentType },
      });
      await argus.services.db.mailCache.deleteMany();
      expect(await user.call('GET /api/new-arrivals', refresh)).toMatchObject({ items: [] });
    }
  });

  it.each([
    ['the label of a text', 'text/plain', {}, ''],
    ['no token_type', 'application/json', { token_type: null }, ''],
    ['an odd token_type', 'application/json', { token_type: 'bearer ' }, ''],
    ['a BOM', 'text/html', {}, '\ufeff'],
  ])('field A7: a refresh answered with %s keeps its new refresh token', async (_, contentType, more, before) => {
    argus.fake.control.setStrictRotation(true);
    argus.fake.control.addFault({ target: 'token', kind: 'altered', contentType, before, times: 1, fields: more });
    await expire();
    await argus.services.db.mailCache.deleteMany();
    await user.call('GET /api/new-arrivals', refresh).catch(() => undefined);
    argus.advance(6_000);
    await argus.services.db.mailCache.deleteMany();
    await expire();
    expect(await user.call('GET /api/new-arrivals', refresh)).toHaveProperty('items');
  });

  it('field A7: a reply without a usable access token is an error, and its refresh token is kept', async () => {
    argus.fake.control.setStrictRotation(true);
    argus.fake.control.addFault({ target: 'token', kind: 'altered', times: 1, fields: { access_token: 'two words' } });
    await expire();
    expect(await mail()).toMatchObject({ code: 'mail_token_endpoint_unreachable' });
    // Each try would spend another refresh token.
    argus.fake.control.clearRequests();
    await user.fails('GET /api/new-arrivals', refresh);
    expect(argus.fake.control.requests()).toEqual([]);
    argus.advance(6_000);
    expect(await user.call('GET /api/new-arrivals', refresh)).toHaveProperty('items');
  });
});

describe('field B3: a refusal of the refresh token without a reason may be temporary', () => {
  const refused = JSON.stringify({ error: 'invalid_grant', error_codes: [70000] });
  const state = () => user.call('GET /api/authorization');
  const load = () => user.fails('GET /api/new-arrivals', refresh);
  const refusals = (text: string) =>
    argus.fake.control.addFault({ target: 'token', kind: 'status', status: 400, body: { text } });

  it.each([refused, '{"error":"invalid_grant"}'])(
    'field B3: after %s once, Argus waits a minute, and then the same token works',
    async (text) => {
      await expire();
      tokenAnswers(400, text);
      const problem = await mail();
      expect(problem).toMatchObject({
        code: 'mail_refresh_refused_once',
        retry: { kind: 'later', afterSeconds: 60 },
        lines: [
          'メールの取得に失敗しました。',
          'エラー：Microsoft 365 が認証の更新を拒否しました。一時的なことがあるため、もう一度確かめます。',
          '時間を置いてから、再度読み込みを行ってください。',
        ],
      });
      expect(await state()).toMatchObject({ state: 'authorized' });
      argus.advance(55_000);
      argus.fake.control.clearRequests();
      expect(await load()).toMatchObject({ code: 'mail_refresh_refused_once', retry: { kind: 'later' } });
      expect(argus.fake.control.requests()).toEqual([]);
      argus.advance(6_000);
      expect((await user.call('GET /api/new-arrivals', refresh)).problem).toBeUndefined();
      expect(await argus.services.db.grant.findFirst()).toMatchObject({ refusedOnceAt: null, refreshNotBefore: null });
    },
  );

  it('field B3: refused again after the minute, the user is asked to authorize', async () => {
    await expire();
    refusals(refused);
    await load();
    argus.advance(61_000);
    expect(await load()).toMatchObject({ code: 'mail_grant_damaged', retry: { kind: 'after_reconnect' } });
    expect(await state()).toMatchObject({ state: 'reconnect_needed' });
  });

  it('field B3: mail is shown while the access token lives, although its renewal was refused', async () => {
    await argus.services.db.grant.updateMany({
      data: { accessExpiresAt: new Date(argus.services.now().getTime() + 30_000) },
    });
    refusals(refused);
    expect((await user.call('GET /api/new-arrivals', refresh)).problem).toBeUndefined();
  });

  it('field B3: a refusal with a reason counts at once', async () => {
    await expire();
    refusals(JSON.stringify({ error: 'invalid_grant', error_codes: [50173] }));
    expect(await load()).toMatchObject({ code: 'mail_grant_revoked' });
  });
});

describe('field A8: consent without mail', () => {
  const granted = (scope: unknown) =>
    argus.fake.control.addFault({ target: 'token', kind: 'altered', times: 1, fields: { scope } });

  it('field A8: a scope without any Mail.* is reported at the callback', async () => {
    await user.call('DELETE /api/authorization');
    granted('openid profile email User.Read');
    const { result, problem } = await outcomeOf(user, await user.authorize(taroUpn));
    expect(result).toBe('failed');
    expect(problem).toMatchObject({
      code: 'authorization_mail_permission_missing',
      lines: [
        '認証に失敗しました。',
        'システム管理者に連絡してください。',
        'エラー：メールを読む権限（Mail.ReadBasic）への同意がありません。',
      ],
    });
    const [first] = await told(problem);
    expect(first?.menders).toEqual(['entra_admin', 'user']);
    expect(await argus.services.db.grant.count()).toBe(0);
  });

  it('field A8: if Argus does not ask for mail, デフォルトの範囲 is blamed first', async () => {
    await user.call('DELETE /api/authorization');
    await change.provider({ defaultScopes: 'openid profile email offline_access User.Read' });
    const { problem } = await outcomeOf(user, await user.authorize(taroUpn));
    expect(problem).toMatchObject({ code: 'authorization_mail_permission_missing' });
    expect((await told(problem))[0]?.mendAt).toBe('/admin/auth-providers?field=defaultScopes');
  });

  it.each([
    'openid User.Read Mail.ReadBasic',
    'https://graph.microsoft.com/User.Read https://graph.microsoft.com/Mail.Read',
    'Mail.ReadWrite',
    'mail.readbasic.shared',
    'https://graph.microsoft.us/Mail.Read.Shared',
    'https://outlook.office.com/Mail.ReadWrite',
    'https://graph.microsoft.com/.default',
    null,
    '',
    ['Mail.Read'],
  ])('field A8: a scope of %j does not rule out mail', async (scope) => {
    await user.call('DELETE /api/authorization');
    granted(scope);
    expect(await outcomeOf(user, await user.authorize(taroUpn))).toMatchObject({ result: 'authorized' });
  });

  it('field A8: Mail.Send alone does not allow Argus to read mail', async () => {
    await user.call('DELETE /api/authorization');
    granted('User.Read Mail.Send MailboxSettings.Read');
    const { problem } = await outcomeOf(user, await user.authorize(taroUpn));
    expect(problem?.code).toBe('authorization_mail_permission_missing');
  });
});

describe('field A10: the account is not in the tenant', () => {
  const missing = {
    code: 'Request_ResourceNotFound',
    message: "Resource '00000000-0000-4000-8000-000000000000' does not exist.",
  };

  it('field A10: at the messages it is reported as the mailbox, not as the URL', async () => {
    graphAnswers(404, missing);
    const problem = await mail();
    expect(problem).toMatchObject({ code: 'mail_mailbox_not_found' });
    expect((await told(problem)).map(({ mendAt }) => mendAt)).toEqual(['/admin/account-links']);
  });

  it('field A10: at /me during authorization it is reported as the account', async () => {
    const { items } = await admin.call('GET /api/admin/account-links');
    await admin.call('DELETE /api/admin/account-links/:id/authorization', { params: { id: items[0]?.id ?? '' } });
    graphAnswers(404, missing, 'me');
    const { problem } = await outcomeOf(user, await user.authorize(taroUpn));
    expect(problem).toMatchObject({ code: 'authorization_account_deleted' });
    expect(problem?.lines.at(-1)).toBe('エラー：Microsoft365アカウントが存在しません。');
  });
});
