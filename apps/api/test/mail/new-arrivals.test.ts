import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { providerOf, settingsOf } from '../support/build-app.ts';
import { authorizeAnew, callsTo, calmMicrosoft } from '../support/calm-microsoft.ts';
import { taroUpn } from '../support/linked-taro.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';

const hanakoUpn = demoUsers.hanako.userPrincipalName;

stageLinkedTaro();
beforeEach(authorizeAnew);
afterEach(async () => {
  calmMicrosoft();
  await change.restore();
});

const archive = '/v1.0/me/mailFolders/archive/messages';
const refresh = { query: { refresh: true } };

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
    expect(items).toContainEqual(expect.objectContaining({ subject: null, sender: null, webLink: null }));
  });

  it('field E1: a message without from shows its sender', async () => {
    const sender = { name: 'Microsoft Teams' };
    argus.fake.control.injectMail({ user: taroUpn, subject: '新しい投稿', from: null, sender });
    const { items } = await user.call('GET /api/new-arrivals', refresh);
    expect(items).toContainEqual(
      expect.objectContaining({ subject: '新しい投稿', sender: { name: 'Microsoft Teams', address: null } }),
    );
  });

  it('field E2: messages about a meeting are listed as such', async () => {
    const meetings = [
      ['eventMessageRequest', 'meetingRequest', 'meetingRequest'],
      ['eventMessageResponse', 'meetingAccepted', 'meetingResponse'],
      // A list cannot select meetingMessageType: only the type says what it is.
      ['eventMessage', 'meetingCancelled', 'meetingNotice'],
      ['message', null, 'message'],
    ] as const;
    for (const [type, meetingMessageType] of meetings) {
      const odd = { subject: null, preview: type, importance: 'High', isRead: null };
      argus.fake.control.injectMail({ user: taroUpn, folder: 'archive', type, meetingMessageType, ...odd });
    }
    await change.settings({ mailUrl: argus.fake.graphUrl + archive, previewEnabled: true });
    const { items } = await user.call('GET /api/new-arrivals', refresh);
    expect(items).toHaveLength(4);
    for (const [type, , kind] of meetings) {
      const told = { kind, preview: type, subject: null, importance: 'high', unread: true };
      expect(items).toContainEqual(expect.objectContaining(told));
    }
  });

  it('field A9: a list whose items have another shape is malformed, not empty', async () => {
    const raw = { Id: 'AAMk1', Subject: 'x', IsRead: false };
    argus.fake.control.injectMail({ user: taroUpn, folder: 'junkemail', raw });
    await change.settings({ mailUrl: `${argus.fake.graphUrl}/v1.0/me/mailFolders/junkemail/messages` });
    const reply = await user.send('GET', '/api/new-arrivals?refresh=true');
    expect(reply.body).toMatchObject({ code: 'mail_reply_malformed' });
  });

  it('field B5: if a later page fails, the mails before it are shown with a notice, and are fetched again each time', async () => {
    const value = ['一通目', '二通目', '三通目'].map((subject) => ({ id: subject, subject }));
    const page = { value, '@odata.nextLink': `${argus.fake.graphUrl}${archive}?$skip=3` };
    const faults = () => {
      argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 200, body: { json: page }, times: 1 });
      argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 503, times: 1 });
    };
    faults();
    const list = await user.call('GET /api/new-arrivals', refresh);
    expect(list.items.map(({ subject }) => subject)).toEqual(['一通目', '二通目', '三通目']);
    expect(list.problem).toMatchObject({
      code: 'mail_upstream_error',
      lines: expect.arrayContaining(['メールの取得に失敗しました。']),
    });
    faults();
    const again = await user.call('GET /api/new-arrivals');
    expect(again.problem).toMatchObject({ code: 'mail_upstream_error' });
    expect(again.items).toHaveLength(3);
    expect(callsTo('/messages')).toHaveLength(4);
    const whole = await user.call('GET /api/new-arrivals');
    expect(whole.items.length).toBeGreaterThan(3);
    expect(whole.problem).toBeUndefined();
  });

  it('U10: ten concurrent tabs of one user make one call to Microsoft', async () => {
    const lists = await Promise.all(Array.from({ length: 10 }, () => user.call('GET /api/new-arrivals')));
    expect(lists.every((list) => list.items.length > 0)).toBe(true);
    expect(callsTo('/messages')).toHaveLength(1);
  });

  it('再読み込み bypasses the stored list, but calls Microsoft at most every five seconds', async () => {
    await user.call('GET /api/new-arrivals');
    await user.call('GET /api/new-arrivals', refresh);
    expect(callsTo('/messages')).toHaveLength(1);
    argus.advance(6_000);
    await user.call('GET /api/new-arrivals');
    expect(callsTo('/messages')).toHaveLength(1);
    await user.call('GET /api/new-arrivals', refresh);
    expect(callsTo('/messages')).toHaveLength(2);
  });

  it('asks for no unread count if the URL is not a folder of messages', async () => {
    await change.settings({ mailUrl: `${argus.fake.graphUrl}/v1.0/me/messages` });
    const list = await user.call('GET /api/new-arrivals', refresh);
    expect(list.unreadCount).toBeNull();
    expect(list.items.length).toBeGreaterThan(0);
  });

  it('field B4: shows the list while the call for its count hangs', async () => {
    argus.fake.control.addFault({ target: 'folder', kind: 'hangBeforeHeaders' });
    argus.fake.control.clearRequests();
    const list = await user.call('GET /api/new-arrivals', refresh);
    const counting = argus.fake.control
      .requests()
      .filter(({ path }) => /mailFolders\/[^/]+$/.test(path.split('?')[0] ?? ''));
    expect(counting).toMatchObject([{ endedAt: null }]);
    expect(list).toMatchObject({ unreadCount: null });
    expect(list.items.length).toBeGreaterThan(0);
    argus.fake.control.answerNow();
  });

  it('field B4: a wait that Graph asks of the call for the count applies to the mailbox', async () => {
    argus.fake.control.addFault({ target: 'folder', kind: 'retryAfter', retryAfter: '40', times: 1 });
    expect((await user.call('GET /api/new-arrivals', refresh)).problem).toBeUndefined();
    argus.advance(6_000);
    argus.fake.control.clearRequests();
    expect(await user.call('GET /api/new-arrivals', refresh)).toMatchObject({
      problem: { code: 'mail_throttled', retry: { kind: 'later' } },
    });
    expect(argus.fake.control.requests()).toEqual([]);
    argus.advance(40_000);
    expect((await user.call('GET /api/new-arrivals', refresh)).problem).toBeUndefined();
  });

  it('shows the list without its count where only the folder call fails', async () => {
    argus.fake.control.addFault({ target: 'folder', kind: 'status', status: 500 });
    const list = await user.call('GET /api/new-arrivals', refresh);
    expect(list).toMatchObject({ unreadCount: null });
    expect(list.items.length).toBeGreaterThan(0);
  });

  it('keeps the last good list, sealed, during a fault, and says what is wrong', async () => {
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

  it.each([
    ['folder', (url: string) => url.replace('inbox', 'archive')],
    ['mailbox', (url: string) => url.replace('/me/', '/users/shared@contoso.example/')],
    ['filter', (url: string) => `${url}?$filter=isRead eq false`],
  ])(
    'S-2: once the URL names another %s, the list of the former is not shown, also not beside an error',
    async (_, to) => {
      const { mailUrl } = settingsOf(argus.fake);
      argus.fake.control.injectMail({ user: taroUpn, subject: 'of the former URL' });
      await user.call('GET /api/new-arrivals', refresh);
      await change.settings({ mailUrl: to(mailUrl) });
      argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 503, times: 1 });
      expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_upstream_error' });
      // It is still that of its own URL.
      await change.settings({ mailUrl });
      argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 503, times: 1 });
      const { items } = await user.call('GET /api/new-arrivals', refresh);
      expect(items).toContainEqual(expect.objectContaining({ subject: 'of the former URL' }));
    },
  );

  it('S-2: where only the number of mails or the preview changes, the former list is still shown beside an error', async () => {
    const { items } = await user.call('GET /api/new-arrivals', refresh);
    await change.settings({ mailCount: 5, previewEnabled: false });
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 503, times: 1 });
    const stale = await user.call('GET /api/new-arrivals', refresh);
    expect(stale.problem).toMatchObject({ code: 'mail_upstream_error' });
    expect(stale.items.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
  });

  it('serves no previews once they are switched off, not even from a stored list', async () => {
    const first = await user.call('GET /api/new-arrivals');
    expect(first.items.some((item) => item.preview)).toBe(true);
    await change.settings({ previewEnabled: false });
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 503 });
    const stale = await user.call('GET /api/new-arrivals', refresh);
    expect(stale.problem).toBeDefined();
    expect(stale.items.every((item) => item.preview === null)).toBe(true);
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
    expect(callsTo('/me').filter((request) => /\/me(\?|$)/.test(request.path))).toHaveLength(1);
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

  it('認証の取消 by an administrator deletes tokens and mail at once', async () => {
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
    await change.settings({ authProviderUrlSuffix: 'Other' });
    expect(await user.fails('GET /api/new-arrivals')).toMatchObject({ code: 'mail_not_authorized' });
    await change.settings({});
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
