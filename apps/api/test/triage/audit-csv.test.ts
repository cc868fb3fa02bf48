import { expect, test } from 'vitest';
import { cookieHeader } from '../support/cookie-header.ts';
import { admin, argus, stageAdmin } from '../support/stage-argus.ts';

stageAdmin();

async function exported(query: string, language = 'ja'): Promise<string[]> {
  const reply = await fetch(new URL(`/api/admin/audit-events/csv?encoding=utf-8&${query}`, argus.url), {
    headers: { cookie: cookieHeader(admin), 'accept-language': language },
  });
  expect(reply.status).toBe(200);
  return (await reply.text()).replace('\ufeff', '').trimEnd().split('\r\n');
}

test('people 25: 監査ログ is filtered by target and exported as it is shown, in words, without formulas', async () => {
  const { prisma } = argus.database;
  await prisma.auditEvent.deleteMany({});
  const add = (minute: number, data: object) =>
    prisma.auditEvent.create({
      data: {
        action: 'user_changed',
        actorUsername: 'admin@argus.example',
        targetKind: 'account',
        targetName: 'taro@argus.example',
        details: { changes: [{ field: 'role', from: 'user', to: 'admin' }] },
        occurredAt: new Date(Date.UTC(2026, 10, 21, 10, minute)),
        ...data,
      },
    });
  await add(1, {});
  await add(2, { targetName: '=cmd()', address: '203.0.113.9' });
  await add(3, {
    action: 'csv_import_undone',
    targetName: 'links.csv',
    details: { changes: [{ field: 'added', from: null, to: '300' }] },
  });
  const [head, ...rows] = await exported('timeZone=Asia/Tokyo&to=2026-11-22T00:00:00Z');
  expect(head).toBe('日時,操作,コード,操作した人,接続元,対象の種類,対象,変更内容,回数');
  expect(rows).toEqual([
    '2026-11-21 19:03:00,CSV取込の取り消し,csv_import_undone,admin@argus.example,,account,links.csv,取り消した追加:  → 300,1',
    "2026-11-21 19:02:00,利用者の変更,user_changed,admin@argus.example,203.0.113.9,account,'=cmd(),役割: 一般ユーザ → 管理者,1",
    '2026-11-21 19:01:00,利用者の変更,user_changed,admin@argus.example,,account,taro@argus.example,役割: 一般ユーザ → 管理者,1',
  ]);
  // The export itself is in the log, and found by its action.
  const [, ...exports] = await exported('action=csv_exported', 'en');
  expect(exports[0]).toContain(',csv_exported,admin@argus.example,127.0.0.1,audit_events,');
  const { items } = await admin.call('GET /api/admin/audit-events', { query: { target: 'TARO@' } });
  expect(items.map(({ targetName }) => targetName)).toEqual(['taro@argus.example']);
  expect((await exported('target=links')).length).toBe(2);
});

test('people 25: an export of many events has each once, also those of one millisecond', async () => {
  const { prisma } = argus.database;
  await prisma.auditEvent.deleteMany({});
  const occurredAt = new Date(Date.UTC(2026, 10, 21));
  await prisma.auditEvent.createMany({
    data: Array.from({ length: 2_500 }, (_, n) => ({
      action: 'sign_in',
      actorUsername: `u${n}`,
      details: {},
      occurredAt,
    })),
  });
  const rows = (await exported('action=sign_in')).slice(1);
  expect(new Set(rows).size).toBe(2_500);
});
