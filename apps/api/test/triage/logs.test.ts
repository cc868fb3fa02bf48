import type { ErrorCode } from '@argus/contract/errors/error-catalogue';
import { beforeEach, describe, expect, test } from 'vitest';
import { saveAuditEvent } from '../../src/audit/records/audit-events.ts';
import { saveErrorEvent } from '../../src/error-log/records/error-events.ts';
import type { ErrorParams } from '../../src/platform/problems/app-error.ts';
import { suffix } from '../support/build-app.ts';
import { admin, argus, stageAdmin } from '../support/stage-argus.ts';

stageAdmin();
beforeEach(async () => {
  await argus.database.prisma.errorEvent.deleteMany({});
  await argus.database.prisma.auditEvent.deleteMany({});
});

async function addError(
  id: string,
  occurredAt: string,
  more: { code?: ErrorCode; username?: string; params?: ErrorParams } = {},
) {
  await saveErrorEvent(argus.database.prisma, {
    id,
    code: more.code ?? 'mail_rejected',
    accountId: null,
    username: more.username ?? 'taro@argus.example',
    stage: 'messages',
    params: more.params ?? {},
    requestId: 'r1',
    occurredAt: new Date(occurredAt),
  });
}

describe('エラーログ', () => {
  const ids = async (query: Record<string, string | number>) =>
    (await admin.call('GET /api/admin/error-events', { query })).items.map(({ errorId }) => errorId);

  test('is newest first, and found by user, code, time and page', async () => {
    await addError('AAAA-0001', '2026-11-20T10:00:00Z');
    await addError('AAAA-0002', '2026-11-21T10:00:00Z', { username: 'Hanako@argus.example' });
    await addError('AAAA-0003', '2026-11-22T10:00:00Z', { code: 'mail_timeout' });
    expect(await ids({})).toEqual(['AAAA-0003', 'AAAA-0002', 'AAAA-0001']);
    expect(await ids({ username: 'ＨＡＮＡ' })).toEqual(['AAAA-0002']);
    expect(await ids({ username: '%' })).toEqual([]);
    expect(await ids({ code: 'mail_timeout' })).toEqual(['AAAA-0003']);
    expect(await ids({ from: '2026-11-21T10:00:00Z', to: '2026-11-22T09:59:59+00:00' })).toEqual(['AAAA-0002']);
  });

  test('pages forwards and backwards by cursors, even through events of one moment, and starts over where the page is gone', async () => {
    for (const id of ['AAAA-0001', 'AAAA-0002', 'AAAA-0003', 'AAAA-0004'])
      await addError(id, '2026-11-21T10:00:00Z', { code: 'mail_timeout' });
    await addError('AAAA-0005', '2026-11-22T10:00:00Z');
    const read = async (query: Record<string, string | number>) => {
      const { items, ...reply } = await admin.call('GET /api/admin/error-events', { query: { pageSize: 2, ...query } });
      return { ids: items.map(({ errorId }) => errorId), ...reply };
    };
    const first = await read({});
    expect(first).toMatchObject({ ids: ['AAAA-0005', 'AAAA-0001'], previous: null, total: { count: 5, exact: true } });
    // Another user's error arrives meanwhile: no event is shown twice, and none is missing.
    await addError('AAAA-0006', '2026-11-23T10:00:00Z');
    const second = await read({ after: first.next ?? '' });
    expect(second.ids).toEqual(['AAAA-0002', 'AAAA-0003']);
    const third = await read({ after: second.next ?? '' });
    expect(third).toMatchObject({ ids: ['AAAA-0004'], next: null });
    expect((await read({ before: third.previous ?? '' })).ids).toEqual(second.ids);
    expect((await read({ before: second.previous ?? '' })).ids).toEqual(first.ids);
    expect((await read({ code: 'mail_timeout' })).total).toEqual({ count: 4, exact: true });
    expect(await admin.fails('GET /api/admin/error-events', { query: { after: 'nonsense' } })).toMatchObject({
      code: 'request_invalid',
      fields: [{ field: 'after' }],
    });
    const unknownDay = Buffer.from('["newest",0,"2026-02-31T00:00:00.000Z","A"]').toString('base64url');
    expect(await admin.fails('GET /api/admin/error-events', { query: { after: unknownDay } })).toMatchObject({
      code: 'request_invalid',
    });
  });

  test.each([
    ['7F3K-29QD'],
    ['7f3k-29qd'],
    ['７Ｆ３Ｋー２９ＱＤ'],
    ['7f3k29qd'],
    ['エラーID：７Ｆ３Ｋー２９ＱＤ'],
    ['LONG-TERM エラーID 7F3K29QD'],
    ['Something about the provider.\nCode: mail_provider_not_found\nError ID: 7F3K-29QD\nURL suffix: Provider'],
    ['７Ｆ３Ｋ－２９ＱＤ'],
    ['メールの取得に失敗しました。\nコード: mail_rejected\nエラーID: 7F3K-29QD\n発生日時: 2026/11/21 19:00:00 JST'],
  ])('is found by the text that the help desk received: %s', async (errorId) => {
    await addError('7F3K-29QD', '2026-11-21T10:00:00Z');
    await addError('AAAA-0001', '2026-11-21T10:00:00Z');
    expect(await ids({ errorId })).toEqual(['7F3K-29QD']);
  });

  test('a text without an error ID finds nothing, a blank one everything', async () => {
    await addError('7F3K-29QD', '2026-11-21T10:00:00Z');
    expect(await ids({ errorId: 'メールが見えません' })).toEqual([]);
    expect(await ids({ errorId: ' ' })).toEqual(['7F3K-29QD']);
  });

  test.each([
    'from=yesterday',
    'to=2026-13-01T00:00:00Z',
    'from=0000-01-01T00:00:00Z',
    'to=9999-12-31T23:59:59-23:59',
    'from=2026-11-21T23:59:60Z',
  ])('the time ?%s is refused at its field', async (query) => {
    const reply = await admin.send('GET', `/api/admin/error-events?${query}`);
    expect(reply).toMatchObject({
      status: 400,
      body: { fields: [{ field: query.split('=')[0], code: 'type_wrong' }] },
    });
  });

  test("shows an administrator, in the administrator's language, what the user saw and all that was stored", async () => {
    const upstream = { stage: 'messages', status: 400, graphCodes: ['InefficientFilter'], requestId: 'graph-1' };
    const params = { status: 400, origin: 'https://graph.example', host: 'graph.example', suffix, upstream };
    await addError('7F3K-29QD', '2026-11-21T10:00:00Z', { params });
    const read = async (language: string) => {
      const reply = await admin.send('GET', '/api/admin/error-events', { headers: { 'accept-language': language } });
      return (reply.body as { items: { problem: { lines: string[]; admin: unknown } }[] }).items[0];
    };
    expect(await read('ja')).toMatchObject({
      errorId: '7F3K-29QD',
      code: 'mail_rejected',
      username: 'taro@argus.example',
      stage: 'messages',
      requestId: 'r1',
      occurredAt: '2026-11-21T10:00:00.000Z',
      problem: {
        errorId: '7F3K-29QD',
        helpDeskText: expect.stringContaining('7F3K-29QD'),
        admin: { origin: 'https://graph.example', upstream },
      },
    });
    expect((await read('ja'))?.problem.lines.join()).toMatch(/400/);
    expect((await read('ja'))?.problem.lines[0]).toMatch(/[ぁ-ん]/);
    expect((await read('en'))?.problem.lines[0]).not.toMatch(/[ぁ-ん]/);
  });

  test('an entry of a later version, whose code is not known here, is still shown', async () => {
    await addError('7F3K-29QD', '2026-11-21T10:00:00Z', { code: 'calendar_of_the_future' as ErrorCode });
    const { items } = await admin.call('GET /api/admin/error-events');
    expect(items[0]).toMatchObject({ code: 'calendar_of_the_future', row: null });
  });

  test('holds what a user was shown, under the ID that the user was shown', async () => {
    await argus.addAccount('hanako@argus.example');
    const user = await argus.signedIn('hanako@argus.example');
    await admin.call('POST /api/admin/account-links', {
      body: { username: 'hanako@argus.example', microsoftAccount: 'hanako.sato@contoso.example' },
    });
    const shown = await user.fails('POST /api/authorization/tickets');
    expect(shown.errorId).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    const { items } = await admin.call('GET /api/admin/error-events', { query: { errorId: shown.helpDeskText ?? '' } });
    expect(items).toMatchObject([{ errorId: shown.errorId, code: shown.code, username: 'hanako@argus.example' }]);
    expect(items[0]?.problem.lines).toEqual(shown.lines);
    expect(items[0]?.row).toBe('A1');
  });
});

describe('監査ログ', () => {
  test('is newest first, and found by name, action and time', async () => {
    const event = { actorId: null, address: null, requestId: null };
    const { prisma } = argus.database;
    await saveAuditEvent(prisma, { ...event, action: 'sign_in', actorUsername: 'Taro@argus.example' });
    await saveAuditEvent(prisma, {
      ...event,
      action: 'user_changed',
      actorUsername: 'admin@argus.example',
      targetKind: 'account',
      targetName: 'hanako@argus.example',
      changes: [{ field: 'role', from: 'user', to: 'admin' }],
    });
    const actions = async (query: Record<string, string | number>) =>
      (await admin.call('GET /api/admin/audit-events', { query })).items.map(({ action }) => action);
    expect(await actions({})).toEqual(['user_changed', 'sign_in']);
    expect(await actions({ username: 'taro' })).toEqual(['sign_in']);
    expect(await actions({ username: 'HANAKO' })).toEqual(['user_changed']);
    expect(await actions({ username: '_' })).toEqual([]);
    expect(await actions({ action: 'sign_in' })).toEqual(['sign_in']);
    expect(await actions({ to: '2020-01-01T00:00:00Z' })).toEqual([]);
    expect(await actions({ page: 2, pageSize: 1 })).toEqual(['sign_in']);
    const { items, total } = await admin.call('GET /api/admin/audit-events');
    expect(total).toBe(2);
    expect(items[0]).toMatchObject({
      actorUsername: 'admin@argus.example',
      targetKind: 'account',
      changes: [{ field: 'role', from: 'user', to: 'admin' }],
    });
  });

  test('監査ログ: a search finds a name in whatever width and case it was written, and either way round', async () => {
    const { prisma } = argus.database;
    const base = { action: 'auth_provider_changed', actorId: null, address: null, requestId: null } as const;
    const named = { ...base, targetKind: 'auth_provider', targetId: 'p' };
    for (const targetName of ['Ｍｉｃｒｏｓｏｆｔ　接続', 'microsoft 365', '100%本番', 'ﾃｽﾄ環境', 'Ünal'])
      await saveAuditEvent(prisma, { ...named, actorUsername: 'Ａｄｍｉｎ@argus.example', targetName });
    const found = async (query: Record<string, string>) => {
      const { items, total } = await admin.call('GET /api/admin/audit-events', { query });
      expect(total).toBe(items.length);
      return items.map(({ targetName }) => targetName).toReversed();
    };
    for (const target of ['Ｍｉｃｒｏ', 'micro', 'MICRO'])
      expect(await found({ target })).toEqual(['Ｍｉｃｒｏｓｏｆｔ　接続', 'microsoft 365']);
    expect(await found({ target: 'microsoft 接' })).toEqual(['Ｍｉｃｒｏｓｏｆｔ　接続']);
    for (const target of ['100%', '１００％']) expect(await found({ target })).toEqual(['100%本番']);
    for (const target of ['%', '_', '\\']) expect(await found({ target })).toEqual([]);
    for (const target of ['テスト', 'ﾃｽ']) expect(await found({ target })).toEqual(['ﾃｽﾄ環境']);
    expect(await found({ target: 'ün' })).toEqual(['Ünal']);
    expect(await found({ username: 'ADMIN' })).toHaveLength(5);
    expect(await found({ username: 'ａｄｍｉｎ', target: 'ü' })).toEqual(['Ünal']);
    const csv = await admin.send('GET', `/api/admin/audit-events/csv?encoding=utf-8&timeZone=Asia/Tokyo&target=MICRO`);
    expect(csv.text.trim().split('\n')).toHaveLength(3);
  });

  test('an entry and its change commit together or not at all', async () => {
    const { prisma } = argus.database;
    const body = {
      username: 'new@argus.example',
      displayName: 'New',
      role: 'user' as const,
      salesforceId: null,
      password: 'a long enough password',
    };
    await prisma.$executeRawUnsafe('ALTER TABLE "AuditEvent" ADD CONSTRAINT no_entries CHECK (action = \'x\')');
    try {
      expect(await admin.fails('POST /api/admin/users', { body })).toMatchObject({ status: 500 });
    } finally {
      await prisma.$executeRawUnsafe('ALTER TABLE "AuditEvent" DROP CONSTRAINT no_entries');
    }
    expect(await prisma.account.count({ where: { usernameKey: body.username } })).toBe(0);
  });
});
