import type { Problem } from '@argus/contract/errors/problem';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { authorizeAnew, calmMicrosoft, forgetWhoItIs } from '../support/calm-microsoft.ts';
import { taroUpn } from '../support/linked-taro.ts';
import { outcomeOf } from '../support/read-outcome.ts';
import { argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';
import { told } from '../support/told-causes.ts';

// The public reports of docs/field-reports.md, each as Microsoft sent it, with everything personal replaced.

stageLinkedTaro();
beforeEach(authorizeAnew);
afterEach(async () => {
  calmMicrosoft();
  await change.restore();
});

const inbox = 'mailFolders/inbox/messages';

async function mail(): Promise<Problem> {
  await argus.services.db.mailCache.deleteMany();
  return user.fails('GET /api/new-arrivals', { query: { refresh: true } });
}

describe('field reports: replies of Graph', () => {
  it.each([
    ['R1', inbox, 503, 'MailboxInfoStale', 'Target resource is hosted on another backend.', 'mail_mailbox_busy'],
    ['R2', inbox, 403, 'ErrorQuotaExceeded', 'Mailbox has exceeded maximum mailbox size.', 'mail_mailbox_full'],
    [
      'R3',
      'mailFolders/AAMk1/messages',
      404,
      'ErrorFolderNotFound',
      'The folder is not there.',
      'mail_folder_not_found',
    ],
    ['R4', inbox, 404, 'ResourceNotFound', 'Resource could not be discovered.', 'mail_mailbox_not_found'],
    ['R5', `${inbox}?$expand=x($filter=a+eq+b)`, 400, 'BadRequest', "character '+' is not valid", 'mail_query_refused'],
    ['R6', inbox, 400, 'ErrorMissingEmailAddress', 'The account has no mailbox.', 'mail_mailbox_not_enabled'],
    ['R7', inbox, 403, 'ErrorInvalidLicense', 'The mailbox has no valid license.', 'mail_mailbox_not_enabled'],
    ['R8', inbox, 404, 'MailboxNotEnabledForRESTAPI', 'Inactive or on-premise.', 'mail_mailbox_not_enabled'],
  ])('field %s: %s %d %s', async (_, path, status, code, message, expected) => {
    if (path !== inbox) await change.settings({ mailUrl: `${argus.fake.graphUrl}/v1.0/me/${path}` });
    argus.fake.control.addFault({
      target: 'messages',
      kind: 'status',
      status,
      body: { json: { error: { code, message, innerError: { 'request-id': 'x', date: '2026-01-01T00:00:00' } } } },
    });
    expect(await mail()).toMatchObject({ code: expected });
  });
});

describe('field reports: replies of the token endpoint to a refresh', () => {
  it.each([
    ['R9', 'interaction_required', 70043, 'token_expired', 'mail_sign_in_frequency'],
    ['R10', 'invalid_grant', 530084, undefined, 'mail_access_blocked'],
    ['R11', 'interaction_required', 90072, undefined, 'mail_account_of_another_tenant'],
    ['R12', 'invalid_client', 650051, undefined, 'mail_app_not_added'],
    ['R13', 'unauthorized_client', 7000112, undefined, 'mail_client_disabled'],
    ['R14', 'invalid_resource', 500014, undefined, 'mail_service_missing'],
  ])('field %s: %s %d %s', async (_, error, number, suberror, expected) => {
    await argus.services.db.grant.updateMany({ data: { accessExpiresAt: new Date(0) } });
    const body = { error, error_codes: [number], ...(suberror === undefined ? {} : { suberror }) };
    argus.fake.control.addFault({ target: 'token', kind: 'status', status: 400, body });
    expect(await mail()).toMatchObject({ code: expected });
  });
});

describe('field reports: redirects', () => {
  it.each([
    ['R15', 'invalid_client', 650053, 'authorization_scope_invalid'],
    ['R16', 'invalid_request', 90072, 'authorization_redirect_account_of_another_tenant'],
    ['R17', 'invalid_client', 650051, 'authorization_redirect_app_not_added'],
    ['R18', 'access_denied', 50034, 'authorization_redirect_account_deleted'],
  ])('field %s: %s %d', async (_, error, number, expected) => {
    argus.fake.control.addFault({ target: 'authorize', kind: 'redirectError', error, errorCodes: [number] });
    const { problem } = await outcomeOf(user, await user.authorize(taroUpn));
    expect(problem).toMatchObject({ code: expected });
  });
});

describe('field A4: answers of a server in between, or of a server that does not work', () => {
  it.each([
    [407, 'プロキシの認証が必要です。'],
    [511, 'ネットワークの認証が必要です。'],
  ])('field A4: %d is blamed on the network before any URL', async (status, reason) => {
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status, body: 'empty' });
    const problem = await mail();
    expect(problem).toMatchObject({ code: 'mail_rejected', retry: { kind: 'no' } });
    expect(problem.lines.at(-1)).toBe(`エラー：${status} ${reason}`);
    expect((await told(problem))[0]?.menders).toEqual(['operator']);
  });

  it.each([501, 505])('field A4: %d does not go away by waiting', async (status) => {
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status, body: 'empty' });
    expect(await mail()).toMatchObject({ code: 'mail_rejected', retry: { kind: 'no' } });
  });

  it('field A4: a list together with an error is not shown as an empty mailbox', async () => {
    const json = { value: [], error: { code: 'UnknownError', message: '' } };
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 200, body: { json } });
    expect(await mail()).toMatchObject({ code: 'mail_reply_malformed' });
  });

  it('field A4: if /me is refused for lack of User.Read, the error says so and does not blame the remote sites', async () => {
    await forgetWhoItIs();
    await change.provider({ defaultScopes: 'openid offline_access Mail.Read' });
    const { problem } = await outcomeOf(user, await user.authorize(taroUpn));
    expect(problem).toMatchObject({ code: 'authorization_identity_refused' });
    const [first, ...others] = await told(problem);
    expect(first).toMatchObject({
      mendAt: '/admin/auth-providers?field=defaultScopes',
      menders: ['portal_admin', 'user'],
    });
    expect(others.map(({ mendAt }) => mendAt)).not.toContain('/admin/remote-sites');
  });
});

describe('field A1: a $search in 「URL」', () => {
  it('field A1: is sent without an order or a filter, with which Graph refuses it', async () => {
    await change.settings({ mailUrl: `${argus.fake.graphUrl}/v1.0/me/${inbox}?$search="会議"`, unreadOnly: true });
    const { items } = await user.call('GET /api/new-arrivals', { query: { refresh: true } });
    expect(items.length).toBeGreaterThan(0);
    expect(items.every(({ unread }) => unread)).toBe(true);
  });
});
