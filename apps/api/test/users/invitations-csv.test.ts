import { beforeEach, expect, test } from 'vitest';
import { hashToken } from '../../src/platform/vault/hash-token.ts';
import { cookieHeader } from '../support/cookie-header.ts';
import { accept, addInvitee, readStatus, tokenOf, visitor } from '../support/invitee.ts';
import { admin, argus, stageAdmin } from '../support/stage-argus.ts';

stageAdmin();
beforeEach(async () => {
  const { prisma } = argus.database;
  await prisma.auditEvent.deleteMany({});
  await prisma.account.deleteMany({ where: { passwordHash: null } });
  await prisma.invitation.deleteMany({});
});

const issueFor = (id: string) => admin.call('POST /api/admin/users/:id/invitation', { params: { id } });

/** The rows of a bulk issue's CSV, without the header. */
async function issueCsv(filter: { q?: string; role?: 'user' | 'admin' | null } = {}) {
  const body = { q: '', role: null, timeZone: 'Asia/Tokyo', ...filter };
  const response = await fetch(`${argus.url}/api/admin/invitations`, {
    method: 'POST',
    headers: {
      'x-csrf-token': (await admin.call('GET /api/session')).csrfToken,
      cookie: cookieHeader(admin),
      origin: argus.url,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  // As bytes: fetch strips the byte order mark from a text.
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  const [header, ...rows] = text.split('\r\n').slice(0, -1);
  return { reply: { headers: response.headers, bytes, text }, header, rows: rows.map((row) => row.split(',')) };
}

test('a bulk issue is one CSV file that Excel opens, with a link for each active account without a password', async () => {
  await addInvitee(argus, 'b@argus.example', { displayName: '鈴木, 花子' });
  await addInvitee(argus, 'a@argus.example', { displayName: '=HYPERLINK("x")' });
  const off = await addInvitee(argus, 'c@argus.example');
  await argus.database.prisma.account.update({ where: { id: off }, data: { active: false } });
  const { reply, header } = await issueCsv();
  expect(reply.headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/);
  expect(reply.headers.get('cache-control')).toBe('no-store');
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo' }).format(argus.services.now());
  expect(reply.headers.get('content-disposition')).toBe(
    `attachment; filename="______${today}.csv"; filename*=UTF-8''${encodeURIComponent(`招待リンク_${today}.csv`)}`,
  );
  expect(header).toBe('ユーザ名,Salesforceアカウント,招待リンク,有効期限');
  expect([...reply.bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const [, first = '', second = ''] = reply.text.split('\r\n');
  const link = `${argus.url}/invitation#token=[\\w-]{43}`;
  const until = '\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d JST';
  expect(first).toMatch(new RegExp(`^"'=HYPERLINK\\(""x""\\)",a@argus\\.example,${link},${until}$`));
  expect(second).toMatch(new RegExp(`^"鈴木, 花子",b@argus\\.example,${link},${until}$`));
  expect(reply.text.split('\r\n')).toHaveLength(4);

  const token = /#token=([\w-]+)/.exec(second)?.[1] ?? '';
  expect((await accept(await visitor(argus), token)).status).toBe(200);
});

test('a bulk issue covers only the accounts that the filter of the table shows, and the plan counts them first', async () => {
  await addInvitee(argus, 'tokyo-1@argus.example');
  await addInvitee(argus, 'tokyo-2@argus.example', { role: 'admin' });
  await addInvitee(argus, 'osaka-1@argus.example', { displayName: 'Tokyo Jiro' });
  await addInvitee(argus, 'osaka-2@argus.example');
  await argus.addAccount('tokyo-3@argus.example');
  const plan = (query: Record<string, string> = {}) => admin.call('GET /api/admin/invitations', { query });
  expect(await plan()).toEqual({ accounts: 4, invited: 0 });
  expect(await plan({ q: 'ＴＯＫＹＯ' })).toEqual({ accounts: 3, invited: 0 });
  expect(await plan({ q: 'tokyo', role: 'user' })).toEqual({ accounts: 2, invited: 0 });
  expect(await plan({ q: '%' })).toEqual({ accounts: 0, invited: 0 });
  const { rows } = await issueCsv({ q: 'tokyo', role: 'user' });
  expect(rows.map(([, username]) => username)).toEqual(['osaka-1@argus.example', 'tokyo-1@argus.example']);
  expect(await plan()).toEqual({ accounts: 4, invited: 2 });
});

test('a bulk issue replaces earlier links, of those accounts only', async () => {
  const [one, other] = [await addInvitee(argus, 'one@argus.example'), await addInvitee(argus, 'other@argus.example')];
  const [replaced, kept] = [tokenOf((await issueFor(one)).url), tokenOf((await issueFor(other)).url)];
  await issueCsv({ q: 'one@' });
  const browser = await visitor(argus);
  expect(await readStatus(browser, replaced)).toBe(410);
  expect(await readStatus(browser, kept)).toBe(200);
});

test('a bulk issue leaves in the audit log for whom it was, and how many links it has', async () => {
  for (const name of ['x1', 'x2', 'x3']) await addInvitee(argus, `${name}@argus.example`);
  await issueCsv();
  const { items } = await admin.call('GET /api/admin/audit-events', { query: { action: 'invitation_issued' } });
  expect(items).toMatchObject([
    {
      actorUsername: 'admin@argus.example',
      targetName: 'x1@argus.example … x3@argus.example',
      changes: [{ field: 'invitations', from: null, to: '3' }],
    },
  ]);
});

test('a bulk issue for nobody is a file with only the header', async () => {
  const { rows } = await issueCsv();
  expect(rows).toEqual([]);
});

test('a bulk issue for more accounts than one batch holds contains each account once', async () => {
  const { prisma } = argus.database;
  const number = 4_001;
  await prisma.account.createMany({
    data: Array.from({ length: number }, (_, i) => {
      const key = `bulk-${String(i).padStart(5, '0')}@argus.example`;
      return { username: key, usernameKey: key, displayName: key, displayNameKey: key };
    }),
  });
  const { rows } = await issueCsv();
  expect(new Set(rows.map(([, username]) => username)).size).toBe(number);
  expect(new Set(rows.map(([, , url]) => url)).size).toBe(number);
  expect(await prisma.invitation.count()).toBe(number);
  const { hash } = new URL(rows.at(-1)?.[2] ?? '');
  expect(await readStatus(await visitor(argus), hash.slice('#token='.length))).toBe(200);
});

test('after two concurrent bulk issues, every account has one link that works, from one of the files', async () => {
  for (let i = 0; i < 20; i++) await addInvitee(argus, `race-${i}@argus.example`);
  const [one, two] = await Promise.all([issueCsv(), issueCsv()]);
  const kept = await argus.database.prisma.invitation.findMany({ select: { tokenHash: true } });
  const issued = [...one.rows, ...two.rows].map(([, , url = '']) => hashToken(tokenOf(url)));
  expect(kept).toHaveLength(20);
  for (const { tokenHash } of kept) expect(issued).toContain(tokenHash);
});

test('an unknown time zone is refused at its field, and nothing is issued', async () => {
  await addInvitee(argus, 'zone@argus.example');
  const body = { q: '', role: null, timeZone: 'Mars/Olympus' };
  expect(await admin.fails('POST /api/admin/invitations', { body })).toMatchObject({
    status: 400,
    fields: [{ field: 'timeZone', code: 'choice_invalid' }],
  });
  expect(await argus.database.prisma.invitation.count()).toBe(0);
});
