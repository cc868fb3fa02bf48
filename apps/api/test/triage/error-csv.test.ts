import type { ErrorCode } from '@argus/contract/errors/error-catalogue';
import { beforeEach, describe, expect, test } from 'vitest';
import { findErrorEvent, saveErrorEvent } from '../../src/error-log/records/error-events.ts';
import type { ErrorParams } from '../../src/platform/problems/app-error.ts';
import { suffix } from '../support/build-app.ts';
import { cookieHeader } from '../support/cookie-header.ts';
import { admin, argus, stageAdmin } from '../support/stage-argus.ts';

stageAdmin();
beforeEach(async () => {
  await argus.database.prisma.errorEvent.deleteMany({});
});

async function addError(
  id: string,
  more: { code?: ErrorCode; username?: string; params?: ErrorParams; at?: string } = {},
) {
  await saveErrorEvent(argus.database.prisma, {
    id,
    code: more.code ?? 'mail_timeout',
    accountId: null,
    username: more.username ?? 'taro@argus.example',
    stage: 'messages',
    params: more.params ?? { suffix },
    requestId: 'r1',
    occurredAt: new Date(more.at ?? '2026-11-21T10:00:00Z'),
  });
}

/** The reply with its raw bytes: text() would drop the byte order mark. */
async function exported(query: string, language = 'ja') {
  const reply = await fetch(new URL(`/api/admin/error-events/csv?${query}`, argus.url), {
    headers: { cookie: cookieHeader(admin), 'accept-language': language },
  });
  return { status: reply.status, headers: reply.headers, bytes: Buffer.from(await reply.arrayBuffer()) };
}
const textOf = async (query: string, language?: string) => (await exported(query, language)).bytes.toString();
const idsOf = async (query: string) =>
  [...(await textOf(`encoding=utf-8&${query}`)).matchAll(/[0-9A-Z]{4}-[0-9A-Z]{4}/g)].map(([id]) => id);

const header =
  '発生日時,エラーID,コード,行,メッセージ,Salesforceアカウント,段階,接続先,応答,AADSTS,Graph,Trace ID,Correlation ID,request-id,リクエストID';

describe('CSV出力 of エラーログ', () => {
  test('has everything stored about an event, in the reader’s time zone and language', async () => {
    const upstream = {
      stage: 'token',
      status: 400,
      oauthError: 'invalid_grant',
      aadstsCodes: [50_076, 53_003],
      graphCodes: ['ErrorA', 'ErrorB'],
      traceId: 'trace',
      correlationId: 'correlation',
      requestId: 'graph',
    };
    await addError('7F3K-29QD', {
      code: 'mail_not_found',
      params: { suffix, origin: 'https://graph.example', upstream },
    });
    const [head, row] = (await textOf('encoding=utf-8&timeZone=Asia/Tokyo')).split('\r\n');
    expect(head).toBe(`\ufeff${header}`);
    expect(row).toBe(
      '2026-11-21 19:00:00,7F3K-29QD,mail_not_found,B4,"メールの取得に失敗しました。\nシステム管理者に連絡してください。\nエラー：404 要求されたリソースは存在しません。",taro@argus.example,messages,https://graph.example,400 invalid_grant,50076 53003,ErrorA ErrorB,trace,correlation,graph,r1',
    );
    const english = await textOf('encoding=utf-8', 'en');
    expect(english).toMatch(/^\ufeffTime,Error ID,/);
    expect(english).toContain('2026-11-21 10:00:00');
    expect(english).not.toMatch(/[ぁ-ん]/);
  });

  test('is newest first, with each event once, even if they take several reads', async () => {
    const { prisma } = argus.database;
    await addError('AAAA-0000');
    const { id: _, ...data } = await prisma.errorEvent.findFirstOrThrow();
    const many = Array.from({ length: 700 }, (__, index) => ({
      ...data,
      id: `${String(index).padStart(4, '0')}-AAAA`,
      params: {},
      upstream: undefined,
      occurredAt: new Date(Date.parse('2026-11-20T00:00:00Z') + Math.floor(index / 7)),
    }));
    await prisma.errorEvent.createMany({ data: many as never });
    const ids = await idsOf('');
    expect(ids).toHaveLength(701);
    expect(new Set(ids).size).toBe(701);
    expect(ids[0]).toBe('AAAA-0000');
    expect(ids.at(-1)).toBe('0006-AAAA');
  });

  test('applies the filter of the list', async () => {
    await addError('AAAA-0001', { at: '2026-11-20T10:00:00Z' });
    await addError('AAAA-0002', { code: 'mail_unauthorized' });
    await addError('AAAA-0003', { username: 'hanako@argus.example' });
    const { causeId } = await argus.database.prisma.errorEvent.findUniqueOrThrow({ where: { id: 'AAAA-0002' } });
    expect(await idsOf('code=mail_unauthorized')).toEqual(['AAAA-0002']);
    expect(await idsOf(`causeId=${causeId}`)).toEqual(['AAAA-0002']);
    expect(await idsOf('username=HANA')).toEqual(['AAAA-0003']);
    expect(await idsOf('to=2026-11-21T09:00:00Z')).toEqual(['AAAA-0001']);
    expect(await idsOf('errorId=aaaa0003')).toEqual(['AAAA-0003']);
    expect(await idsOf('errorId=nothing%20of%20the%20kind')).toEqual([]);
    for (const query of ['from=2026-13-01T00:00:00Z', 'timeZone=Mars']) {
      const reply = await exported(`encoding=utf-8&${query}`);
      expect(reply.status).toBe(400);
      expect(JSON.parse(reply.bytes.toString())).toMatchObject({ fields: [{ field: query.split('=')[0] }] });
    }
  });

  test('a formula in a name is text, whatever the encoding', async () => {
    await addError('AAAA-0001', { username: '=HYPERLINK("http://evil.example")@argus.example' });
    expect(await textOf('encoding=utf-8')).toContain(`"'=HYPERLINK(""http://evil.example"")@argus.example"`);
  });

  test('is CP932 if that has every character, and refused otherwise: nothing is replaced', async () => {
    await addError('AAAA-0001', { username: '太郎@argus.example' });
    const { status, headers, bytes } = await exported('encoding=cp932');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('Shift_JIS');
    const text = new TextDecoder('shift_jis').decode(bytes);
    expect(text).toContain('太郎@argus.example');
    expect(text.split('\r\n')[0]).toBe(header);
    await addError('AAAA-0002', { username: '𠮷田@argus.example' });
    const refused = await exported('encoding=cp932');
    expect(refused.status).toBe(409);
    expect(JSON.parse(refused.bytes.toString())).toMatchObject({ code: 'csv_character_missing' });
  });

  test('every message of the catalogue can be written in CP932', async () => {
    const { errorCatalogue } = await import('@argus/contract/errors/error-catalogue');
    const codes = Object.keys(errorCatalogue) as ErrorCode[];
    for (const [index, code] of codes.entries()) {
      await addError(`${String(index).padStart(4, '0')}-AAAA`, { code, params: { suffix, status: 503 } });
    }
    for (const language of ['ja', 'en']) expect((await exported('encoding=cp932', language)).status).toBe(200);
  });

  test('is named after the day, and logged in 監査ログ', async () => {
    const { headers } = await exported('encoding=utf-8&timeZone=Asia/Tokyo');
    const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo' }).format(argus.services.now());
    expect(decodeURIComponent(headers.get('content-disposition') ?? '')).toContain(`エラーログ_${today}.csv`);
    const { items } = await admin.call('GET /api/admin/audit-events', { query: { action: 'csv_exported' } });
    expect(items[0]).toMatchObject({ actorUsername: 'admin@argus.example', targetKind: 'error_events' });
  });
});

test('an event whose values no database can store is stored without them', async () => {
  await addError('AAAA-0002', {
    code: 'mail_rejected',
    params: {
      suffix: 'a\0b',
      uncatalogued: true,
      upstream: { stage: 'messages', graphCodes: ['Error\0\ud800New', 'literal \\u0000'] },
    },
  });
  const kept = await findErrorEvent(argus.database.prisma, 'AAAA-0002');
  expect(kept?.params).toMatchObject({
    suffix: 'ab',
    upstream: { graphCodes: ['Error\ufffdNew', 'literal \\u0000'] },
  });
});

test('the stored event is the one that was given', async () => {
  const params: ErrorParams = {
    suffix: `"quoted' \\ and 日本語`,
    nearMisses: [{ origin: 'https://graph.example.', difference: 'trailing_dot' }],
    upstream: { stage: 'token', aadstsCodes: [7_000_215], traceId: 't' },
  };
  await addError('AAAA-0001', { params });
  expect(await findErrorEvent(argus.database.prisma, 'AAAA-0001')).toEqual({
    id: 'AAAA-0001',
    code: 'mail_timeout',
    accountId: null,
    username: 'taro@argus.example',
    stage: 'messages',
    params,
    requestId: 'r1',
    occurredAt: new Date('2026-11-21T10:00:00Z'),
  });
});
