import { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { logOptions } from '../../src/platform/log-options.ts';
import { type Browser, buildArgus, type TestArgus, testPassword } from '../support/build-app.ts';
import { visitFrom } from '../support/visit-from.ts';

const wrong = 'not the password at all';
const minute = 60_000;
const hour = 60 * minute;

let argus: TestArgus;
let admin: Browser;
let log = '';
beforeAll(async () => {
  const stream = new Writable({
    write(chunk, _encoding, done) {
      log += chunk;
      done();
    },
  });
  const logger = { ...logOptions({ log: { level: 'info' } }), stream };
  argus = await buildArgus({ trustedProxies: '127.0.0.1', logger });
  admin = await argus.signedIn('admin@argus.example', 'admin');
  await argus.addAccount('taro@argus.example');
});
afterAll(() => argus?.close());
beforeEach(async () => {
  const { prisma } = argus.database;
  await prisma.signInThrottle.deleteMany({});
  await prisma.auditEvent.deleteMany({});
  // To the start of a minute, so that all of a test falls into one.
  argus.advance(minute - (argus.services.now().getTime() % minute));
});

const events = async (action: string) =>
  (await admin.call('GET /api/admin/audit-events', { query: { action, pageSize: 200 } })).items;
const notices = async () =>
  (await admin.call('GET /api/admin/notices')).items.filter(({ kind }) => kind === 'sign_in_failures');

describe('the audit log', () => {
  test('S-5: counts failed and blocked sign-ins by account, address and minute', async () => {
    const attacker = visitFrom(argus, '203.0.113.66');
    for (let i = 0; i < 8; i += 1) await attacker.tries('TARO@argus.example', wrong);
    await visitFrom(argus, '2001:db8:1:2::7').tries('admin@argus.example', wrong);
    await visitFrom(argus, '2001:db8:1:2::8').tries('admin@argus.example', wrong);
    expect(await events('sign_in_blocked')).toMatchObject([
      {
        targetKind: 'account',
        targetName: 'taro@argus.example',
        address: '203.0.113.66',
        count: 3,
        actorUsername: null,
      },
    ]);
    expect(await events('sign_in_failed')).toMatchObject([
      { targetName: 'admin@argus.example', address: '2001:db8:1:2::/64', count: 2, changes: [] },
      { targetName: 'taro@argus.example', address: '203.0.113.66', count: 5 },
    ]);
    argus.advance(2 * minute);
    await attacker.tries('taro@argus.example', wrong);
    expect((await events('sign_in_failed')).map(({ count }) => count)).toEqual([1, 2, 5]);
  });

  test('S-5: counts every one of many concurrent failures', async () => {
    await Promise.all(
      Array.from({ length: 20 }, () => visitFrom(argus, '203.0.113.66').tries('taro@argus.example', wrong)),
    );
    const counts = [...(await events('sign_in_failed')), ...(await events('sign_in_blocked'))];
    expect(counts.map(({ count }) => count)).toEqual([5, 15]);
  });

  test('S-5: never holds what was typed for an account that does not exist', async () => {
    const attacker = visitFrom(argus, '203.0.113.66');
    await attacker.tries('MySecretPassword123', wrong);
    await attacker.tries('another-secret@argus.example', wrong);
    expect(await events('sign_in_failed')).toMatchObject([
      { targetKind: null, targetName: null, address: '203.0.113.66', count: 2 },
    ]);
    const rows = await argus.database.prisma.auditEvent.findMany();
    expect(JSON.stringify(rows).toLowerCase()).not.toMatch(/mysecretpassword|another-secret/);
  });

  test('S-5: cannot be flooded from many addresses: beyond a hundred a minute, failures share one event', {
    timeout: 60_000,
  }, async () => {
    for (let i = 0; i < 110; i += 1) await visitFrom(argus, `198.18.${i}.1`).tries(`guess${i}@argus.example`, wrong);
    // An event with its own row is still counted there.
    await visitFrom(argus, '198.18.3.1').tries('guess@argus.example', wrong);
    const items = await events('sign_in_failed');
    expect(items).toHaveLength(101);
    expect(items.filter(({ address }) => address === null)).toMatchObject([{ targetName: null, count: 10 }]);
    expect(items.filter(({ address }) => address === '198.18.3.1')).toMatchObject([{ count: 2 }]);
    expect(await notices()).toMatchObject([{ failures: 111, users: 0 }]);
    argus.advance(minute);
    await visitFrom(argus, '198.18.200.1').tries('guess@argus.example', wrong);
    expect((await events('sign_in_failed'))[0]).toMatchObject({ address: '198.18.200.1', count: 1 });
  });

  test('S-5: changes no reply when it cannot be written', async () => {
    const { prisma } = argus.database;
    await prisma.$executeRaw`ALTER TABLE "AuditEvent" RENAME COLUMN "countKey" TO "gone"`;
    try {
      const reply = await visitFrom(argus, '203.0.113.66').send('POST', '/api/session', {
        username: 'taro@argus.example',
        password: wrong,
      });
      expect(reply).toMatchObject({ status: 401, body: { code: 'sign_in_failed' } });
      expect(log).toContain('cannot count a failure in the audit log');
    } finally {
      await prisma.$executeRaw`ALTER TABLE "AuditEvent" RENAME COLUMN "gone" TO "countKey"`;
    }
  });

  test('S-5: counts wrong current passwords, invitation links and links for the first administrator, too', async () => {
    const taro = visitFrom(argus, '192.0.2.10');
    await taro.signsIn('taro@argus.example');
    const body = { currentPassword: wrong, newPassword: 'another good password' };
    for (let i = 0; i < 2; i += 1) await taro.send('PUT', '/api/session/password', body);
    const stranger = visitFrom(argus, '203.0.113.66');
    const token = 'a token that nobody issued';
    expect((await stranger.send('POST', '/api/invitation/read', { token })).status).toBe(410);
    expect((await stranger.send('POST', '/api/invitation/accept', { token, password: testPassword })).status).toBe(410);
    const first = { token, username: 'first@argus.example', displayName: 'x', password: testPassword };
    expect((await stranger.send('POST', '/api/first-admin', first)).status).toBe(410);
    const name = 'taro@argus.example';
    expect(await events('password_check_failed')).toMatchObject([
      { actorUsername: name, targetName: name, address: '192.0.2.10', count: 2 },
    ]);
    const nobody = { actorUsername: null, targetName: null, address: '203.0.113.66' };
    expect(await events('invitation_failed')).toMatchObject([{ ...nobody, count: 2 }]);
    expect(await events('first_admin_failed')).toMatchObject([{ ...nobody, count: 1 }]);
    expect(JSON.stringify(await argus.database.prisma.auditEvent.findMany())).not.toContain('nobody issued');
  });
});

describe('administrators get a notice', () => {
  test('S-5: for a day after one account had five failures', async () => {
    const attacker = visitFrom(argus, '203.0.113.66');
    for (let i = 0; i < 4; i += 1) await attacker.tries('taro@argus.example', wrong);
    for (let i = 0; i < 6; i += 1) await attacker.tries(`nobody${i}@argus.example`, wrong);
    expect(await notices()).toEqual([]);
    await attacker.tries('taro@argus.example', wrong);
    const told = { kind: 'sign_in_failures', hours: 24, failures: 11, users: 1, providerId: null };
    expect(await notices()).toMatchObject([told]);
    await attacker.tries('admin@argus.example', wrong);
    expect(await notices()).toMatchObject([{ ...told, failures: 12, users: 2 }]);
    const aDayAgo = new Date(argus.services.now().getTime() - 24 * hour - 1);
    await argus.database.prisma.auditEvent.updateMany({ data: { occurredAt: aDayAgo } });
    expect(await notices()).toEqual([]);
  });

  test('S-5: after an account was blocked, even if its failures are older than a day', async () => {
    const attacker = visitFrom(argus, '203.0.113.66');
    for (let i = 0; i < 6; i += 1) await attacker.tries('taro@argus.example', wrong);
    await argus.database.prisma.auditEvent.deleteMany({ where: { action: 'sign_in_failed' } });
    expect(await notices()).toMatchObject([{ failures: 1, users: 1 }]);
  });

  test('S-5: but not about a mistyped password', async () => {
    const visitor = visitFrom(argus, '192.0.2.10');
    for (let i = 0; i < 4; i += 1) await visitor.tries('taro@argus.example', wrong);
    await visitor.signsIn('taro@argus.example');
    expect(await notices()).toEqual([]);
  });
});

describe('the log of requests', () => {
  /** The final log line of the last request of this kind. */
  function lastLine(method: string, path: string): Record<string, unknown> {
    const lines = log
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { msg: string; res?: Record<string, unknown> });
    const isOf = (res: Record<string, unknown> | undefined) => res?.method === method && res.path === path;
    return lines.findLast(({ msg, res }) => msg === 'request completed' && isOf(res))?.res ?? {};
  }
  const place = { method: 'POST', path: '/api/session', route: '/api/session' };
  const idOf = async (username: string) =>
    (await argus.database.prisma.account.findUniqueOrThrow({ where: { usernameKey: username } })).id;

  test('S-5: names the address and who is signed in, at the end of every request', async () => {
    const visitor = visitFrom(argus, '192.0.2.10');
    await visitor.signsIn('taro@argus.example');
    const signedIn = { ...place, statusCode: 200, address: '192.0.2.10', accountId: await idOf('taro@argus.example') };
    expect(lastLine('POST', '/api/session')).toEqual(signedIn);
    await visitor.send('GET', '/api/authorization?ignored=secret');
    expect(lastLine('GET', '/api/authorization')).toEqual(expect.objectContaining({ address: '192.0.2.10' }));
    // Probes come every few seconds; they are told only while they fail.
    await visitFrom(argus, '192.0.2.11').browser.send('GET', '/healthz');
    expect(lastLine('GET', '/healthz')).toEqual({});
    expect(log).not.toContain('ignored=secret');
  });

  test('S-5: names the account of a failed sign-in, and never what was typed', async () => {
    const attacker = visitFrom(argus, '203.0.113.66');
    await attacker.tries('taro@argus.example', wrong);
    const attemptedAccountId = await idOf('taro@argus.example');
    expect(lastLine('POST', '/api/session')).toMatchObject({
      statusCode: 401,
      address: '203.0.113.66',
      attemptedAccountId,
      code: 'sign_in_failed',
    });
    for (let i = 0; i < 5; i += 1) await attacker.tries('taro@argus.example', wrong);
    expect(lastLine('POST', '/api/session')).toMatchObject({ statusCode: 429, attemptedAccountId });
    await attacker.tries('MySecretPassword123', wrong);
    expect(lastLine('POST', '/api/session')).toEqual({
      ...place,
      statusCode: 401,
      address: '203.0.113.66',
      code: 'sign_in_failed',
    });
    expect(log.toLowerCase()).not.toMatch(/mysecretpassword|taro@argus/);
  });
});
