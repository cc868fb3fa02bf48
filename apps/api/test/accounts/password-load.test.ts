import type { Problem } from '@argus/contract/errors/problem';
import type * as argon2 from '@node-rs/argon2';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { hashPassword, mostPasswordsAtOnce } from '../../src/accounts/password.ts';
import { saveFirstAdminInvitation } from '../../src/accounts/records/first-admin-invitations.ts';
import { hashToken } from '../../src/platform/vault/hash-token.ts';
import { buildArgus, type Reply, type TestArgus, testPassword } from '../support/build-app.ts';
import { addInvitee } from '../support/invitee.ts';
import { type Visitor, visitFrom } from '../support/visit-from.ts';

const newPassword = 'another good password';
const slowPassword = 'takes until it is let go';
let letGo = Promise.resolve();
vi.mock('@node-rs/argon2', async (importOriginal) => {
  const original = await importOriginal<typeof argon2>();
  return {
    ...original,
    hash: async (...args: Parameters<typeof argon2.hash>) => {
      if (args[0] === slowPassword) await letGo;
      return original.hash(...args);
    },
  };
});

let argus: TestArgus;
let admin: Visitor;
beforeAll(async () => {
  argus = await buildArgus({ trustedProxies: '127.0.0.1' });
  await argus.addAccount('admin@argus.example', 'admin');
  admin = visitFrom(argus, '192.0.2.10');
  await admin.signsIn('admin@argus.example');
});
afterAll(() => argus?.close());
beforeEach(() => argus.database.prisma.signInThrottle.deleteMany({}));

/** Keeps the maximum number of passwords hashing until `work` has ended. */
async function whileBusy<T>(work: () => Promise<T>): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<void>();
  letGo = promise;
  const hashing = Array.from({ length: mostPasswordsAtOnce }, () => hashPassword(slowPassword));
  try {
    return await work();
  } finally {
    resolve();
    await Promise.all(hashing);
  }
}

function expectBusy(reply: Reply): void {
  expect(reply).toMatchObject({ status: 503, body: { code: 'server_busy', retry: { kind: 'later' } } });
  expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
}

test('S-13: of many concurrent sign-ins, the limit decides how many are checked; the rest get 503', async () => {
  const guess = (i: number) =>
    visitFrom(argus, `198.18.${i}.1`).send('POST', '/api/session', {
      username: `guess${i}@argus.example`,
      password: 'a guess',
    });
  const refused = await whileBusy(() => Promise.all(Array.from({ length: 60 }, (_, i) => guess(i))));
  for (const reply of refused) expectBusy(reply);
  const judged = await Promise.all(Array.from({ length: mostPasswordsAtOnce }, (_, i) => guess(100 + i)));
  expect(judged.map(({ status }) => status)).toEqual(Array(mostPasswordsAtOnce).fill(401));
});

test('S-13: the limit holds for every password that is hashed or verified', async () => {
  const invitee = await addInvitee(argus, 'invited@argus.example');
  await admin.send('POST', '/api/session/reauthentication', { password: testPassword });
  const { body: issued } = await admin.send('POST', `/api/admin/users/${invitee}/invitation`);
  const invitation = (issued as { url: string }).url.split('#token=')[1] ?? '';
  const first = 'a token for the first administrator, of the right length';
  const tomorrow = new Date(argus.services.now().getTime() + 24 * 3600_000);
  await saveFirstAdminInvitation(argus.database.prisma, hashToken(first), tomorrow);
  const user = { username: 'new@argus.example', displayName: 'New', role: 'user', salesforceId: null };
  const stranger = visitFrom(argus, '203.0.113.66');
  // An administrator must be allowed to set passwords to reach the limit.
  await admin.send('POST', '/api/session/reauthentication', { password: testPassword });
  await whileBusy(async () => {
    const { username, displayName } = user;
    for (const reply of [
      await stranger.send('POST', '/api/session', { username: 'admin@argus.example', password: testPassword }),
      await stranger.send('POST', '/api/invitation/accept', { token: invitation, password: newPassword }),
      await stranger.send('POST', '/api/first-admin', { token: first, username, displayName, password: newPassword }),
      await admin.send('PUT', '/api/session/password', { currentPassword: testPassword, newPassword }),
      await admin.send('POST', '/api/admin/users', { ...user, password: newPassword }),
      await admin.send('PUT', `/api/admin/users/${invitee}/password`, { password: newPassword }),
    ]) {
      expectBusy(reply);
    }
  });
  const accepted = await stranger.send('POST', '/api/invitation/accept', { token: invitation, password: newPassword });
  expect(accepted.status).toBe(200);
});

test('S-13: an attempt that could not be checked does not count: it blocks nobody', async () => {
  await argus.database.prisma.auditEvent.deleteMany({});
  const stranger = visitFrom(argus, '203.0.113.66');
  const body = { currentPassword: testPassword, newPassword };
  await whileBusy(async () => {
    for (let i = 0; i < 7; i += 1) {
      expect(await stranger.tries('admin@argus.example', testPassword)).toBe(503);
      expectBusy(await admin.send('PUT', '/api/session/password', body));
    }
  });
  expect(await stranger.tries('admin@argus.example', testPassword)).toBe(200);
  expect((await admin.send('PUT', '/api/session/password', body)).status).toBe(200);
  expect(await argus.database.prisma.auditEvent.count({ where: { count: { gt: 1 } } })).toBe(0);
  expect(await argus.database.prisma.auditEvent.count({ where: { action: 'sign_in_failed' } })).toBe(0);
});

test('S-13: beyond the limit it does not reveal which accounts exist', async () => {
  const stranger = visitFrom(argus, '203.0.113.66');
  await whileBusy(async () => {
    const told = [];
    for (const username of ['admin@argus.example', 'unknown@argus.example']) {
      const reply = await stranger.send('POST', '/api/session', { username, password: 'a guess' });
      const { status, code, lines, fields } = reply.body as Problem;
      told.push({ status, code, lines, fields, retryAfter: reply.headers.get('retry-after') });
    }
    expect(told[1]).toEqual(told[0]);
  });
});
