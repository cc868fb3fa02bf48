import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { isKnownBrowser, saveKnownPlaces } from '../../src/accounts/records/known-places.ts';
import { housekeeping } from '../../src/upkeep/housekeeping.ts';
import { testPassword } from '../support/build-app.ts';
import { runJob } from '../support/run-job.ts';
import { argus, stageArgus } from '../support/stage-argus.ts';
import { startAnotherInstance } from '../support/start-another-instance.ts';
import { type Visitor, visitFrom } from '../support/visit-from.ts';

const admin = 'admin@argus.example';
const wrong = 'not the password at all';
const home = '192.0.2.10';
const attackerAddress = '203.0.113.66';
const elsewhere = '198.51.100.7';
const device = '__Host-argus-device';
const day = 24 * 3600_000;

let owner: Visitor;
let adminId: string;
stageArgus({ trustedProxies: '127.0.0.1' });
beforeEach(async () => {
  const { prisma } = argus.database;
  await prisma.account.deleteMany({});
  await prisma.signInThrottle.deleteMany({});
  adminId = await argus.addAccount(admin, 'admin');
  owner = visitFrom(argus, home);
  await owner.signsIn(admin);
});

/** Guesses from a place until it is refused, some thirty times at most. */
async function guessUntilBlocked(from: Visitor, username = admin): Promise<number> {
  for (let guesses = 0; guesses < 40; guesses += 1) {
    if ((await from.tries(username, wrong)) === 429) return guesses;
  }
  throw new Error('guessing was never refused');
}

const places = (accountId = adminId) => argus.database.prisma.knownPlace.count({ where: { accountId } });

/** The owner's browser, moved to another address with only its device cookie. */
function browserOf(visitor: Visitor, address: string): Visitor {
  const moved = visitFrom(argus, address);
  moved.browser.cookies.set(device, visitor.browser.cookies.get(device) ?? '');
  return moved;
}

describe('an account that somebody else has blocked', () => {
  test('S-5: lets its owner in from the known browser and from the known address, and nobody from a third one', async () => {
    expect(await guessUntilBlocked(visitFrom(argus, attackerAddress))).toBe(5);
    expect(await visitFrom(argus, elsewhere).tries(admin, testPassword)).toBe(429);
    expect(await browserOf(owner, elsewhere).tries(admin, testPassword)).toBe(200);
    expect(await visitFrom(argus, home).tries(admin, testPassword)).toBe(200);
    // The owner's sign-ins end no block of the attacker.
    expect(await visitFrom(argus, attackerAddress).tries(admin, wrong)).toBe(429);
    expect(await visitFrom(argus, '198.51.100.8').tries(admin, testPassword)).toBe(429);
  });

  test('S-5: never refuses the known browser, however long an attacker extends the doubling block', async () => {
    const attacker = visitFrom(argus, attackerAddress);
    await guessUntilBlocked(attacker);
    for (const seconds of [61, 121, 241, 481, 901, 901]) {
      argus.advance(seconds * 1000);
      expect(await attacker.tries(admin, wrong)).toBe(401);
      expect(await visitFrom(argus, elsewhere).tries(admin, testPassword)).toBe(429);
      expect(await owner.tries(admin, testPassword)).toBe(200);
    }
  });

  test('S-5: lets the known browser in, even if the attacker shares its address and has blocked that too', async () => {
    const colleague = visitFrom(argus, home);
    await argus.addAccount('second@argus.example');
    const second = visitFrom(argus, home);
    await second.signsIn('second@argus.example');
    await guessUntilBlocked(colleague);
    for (let i = 0; i < 30; i += 1) await colleague.tries(`nobody${i}@argus.example`, wrong);
    expect(await colleague.tries('another@argus.example', wrong)).toBe(429);
    expect(await visitFrom(argus, home).tries(admin, testPassword)).toBe(429);
    expect(await owner.tries(admin, testPassword)).toBe(200);
    // The address alone, from which that account also signed in, gives it no second guess.
    expect(await visitFrom(argus, home).tries('second@argus.example', wrong)).toBe(429);
    expect(await visitFrom(argus, home).tries('second@argus.example', testPassword)).toBe(429);
    expect(await second.tries('second@argus.example', testPassword)).toBe(200);
    // The successes in between earned the address nothing.
    expect(await colleague.tries('another@argus.example', wrong)).toBe(429);
  });

  test('S-5: still lets its owner change the password', async () => {
    await guessUntilBlocked(visitFrom(argus, attackerAddress));
    const body = { currentPassword: testPassword, newPassword: 'another good password' };
    expect((await owner.send('PUT', '/api/session/password', body)).status).toBe(200);
  });

  test('S-5: is blocked alike in every instance', async () => {
    const other = await startAnotherInstance(argus);
    try {
      await guessUntilBlocked(visitFrom(argus, attackerAddress));
      const there = visitFrom(argus, elsewhere, other.url);
      expect(await there.tries(admin, testPassword)).toBe(429);
      there.browser.cookies.set(device, owner.browser.cookies.get(device) ?? '');
      expect(await there.tries(admin, testPassword)).toBe(200);
      // Five guesses from a known place, at whichever address.
      const here = browserOf(owner, elsewhere);
      const statuses = [];
      for (const visitor of [here, there, here, there, here, there, here]) {
        statuses.push(await visitor.tries(admin, wrong));
      }
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    } finally {
      await other.close();
    }
  });
});

describe('guessing from a known place', () => {
  test('S-5: of forty concurrent guesses from the known address, at most five are checked', async () => {
    const statuses = await Promise.all(Array.from({ length: 40 }, () => visitFrom(argus, home).tries(admin, wrong)));
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(5);
    expect(statuses.filter((status) => status === 401).length).toBeGreaterThan(0);
    expect(statuses.every((status) => status === 401 || status === 429)).toBe(true);
  });

  test('S-5: counts for the account: afterwards it is blocked elsewhere too', async () => {
    expect(await guessUntilBlocked(browserOf(owner, elsewhere))).toBe(5);
    expect(await visitFrom(argus, attackerAddress).tries(admin, wrong)).toBe(429);
  });

  test('S-5: has one limit for a browser at its own address, with or without its cookie', async () => {
    expect(await guessUntilBlocked(owner)).toBe(5);
    expect(await visitFrom(argus, home).tries(admin, wrong)).toBe(429);
  });

  test('S-5: is blocked for twice as long each time, as elsewhere', async () => {
    const thief = browserOf(owner, elsewhere);
    await guessUntilBlocked(thief);
    argus.advance(61_000);
    expect(await thief.tries(admin, wrong)).toBe(401);
    argus.advance(61_000);
    expect(await thief.tries(admin, testPassword)).toBe(429);
    argus.advance(61_000);
    expect(await thief.tries(admin, testPassword)).toBe(200);
  });

  test('S-5: one’s own password in a session has a separate counter, which a success resets', async () => {
    const change = (currentPassword: string, newPassword: string) =>
      owner.send('PUT', '/api/session/password', { currentPassword, newPassword });
    for (let i = 0; i < 4; i += 1) expect((await change(wrong, 'another good password')).status).toBe(400);
    expect((await change(testPassword, 'another good password')).status).toBe(200);
    for (let i = 0; i < 5; i += 1) expect((await change(wrong, testPassword)).status).toBe(400);
    expect((await change('another good password', testPassword)).status).toBe(429);
    expect(await visitFrom(argus, elsewhere).tries(admin, 'another good password')).toBe(200);
  });
});

describe('a device cookie', () => {
  test('S-5: of another account has no effect, and neither has a forged one', async () => {
    await argus.addAccount('thief@argus.example');
    const thief = visitFrom(argus, attackerAddress);
    await thief.signsIn('thief@argus.example');
    await guessUntilBlocked(visitFrom(argus, '203.0.113.67'));
    expect(await browserOf(thief, elsewhere).tries(admin, testPassword)).toBe(429);
    const inventor = visitFrom(argus, elsewhere);
    inventor.browser.cookies.set(device, 'A'.repeat(43));
    expect(await inventor.tries(admin, testPassword)).toBe(429);
    // The stored hash opens nothing either.
    const [stored] = await argus.database.prisma.knownPlace.findMany({
      where: { accountId: adminId, kind: 'browser' },
    });
    inventor.browser.cookies.set(device, stored?.key ?? '');
    expect(await inventor.tries(admin, testPassword)).toBe(429);
  });

  test('S-5: planted by somebody else is replaced, and one browser may be known to several accounts', async () => {
    const planted = 'B'.repeat(43);
    const victim = visitFrom(argus, home);
    victim.browser.cookies.set(device, planted);
    await victim.signsIn(admin);
    const given = victim.browser.cookies.get(device);
    expect(given).not.toBe(planted);
    await argus.addAccount('second@argus.example');
    await victim.signsIn('second@argus.example');
    expect(victim.browser.cookies.get(device)).toBe(given);
    for (const username of [admin, 'second@argus.example']) {
      await guessUntilBlocked(visitFrom(argus, username === admin ? attackerAddress : '203.0.113.67'), username);
      expect(await browserOf(victim, elsewhere).tries(username, testPassword)).toBe(200);
    }
  });

  test('S-5: lasts for 180 days and is nowhere in the database', async () => {
    const visitor = visitFrom(argus, home);
    const reply = await visitor.send('POST', '/api/session', { username: admin, password: testPassword });
    const line = reply.headers.getSetCookie().find((each) => each.startsWith(device)) ?? '';
    expect(line).toMatch(/Max-Age=15552000/);
    const token = /=([^;]+)/.exec(line)?.[1] ?? '';
    expect(token).toMatch(/^[\w-]{43}$/);
    const { prisma } = argus.database;
    const tables = [prisma.knownPlace.findMany(), prisma.signInThrottle.findMany(), prisma.session.findMany()];
    expect(JSON.stringify(await Promise.all([...tables, prisma.auditEvent.findMany()]))).not.toContain(token);
  });
});

describe('known places are forgotten', () => {
  /** Whether the browser copied before is still let in. */
  async function isKnown(copy: Visitor, password: string): Promise<boolean> {
    await argus.database.prisma.signInThrottle.deleteMany({});
    await guessUntilBlocked(visitFrom(argus, attackerAddress));
    return (await copy.tries(admin, password)) === 200;
  }

  test('S-5: when an administrator sets the password', async () => {
    await argus.addAccount('chief@argus.example', 'admin');
    const chief = visitFrom(argus, '198.51.100.99');
    await chief.signsIn('chief@argus.example');
    await chief.send('POST', '/api/session/reauthentication', { password: testPassword });
    const copy = browserOf(owner, elsewhere);
    expect(await isKnown(copy, testPassword)).toBe(true);
    const password = 'a password set by the chief';
    expect((await chief.send('PUT', `/api/admin/users/${adminId}/password`, { password })).status).toBe(204);
    expect(await places()).toBe(0);
    expect(await isKnown(copy, password)).toBe(false);
    expect(await visitFrom(argus, home).tries(admin, password)).toBe(429);
  });

  test('S-5: when the owner changes it, except the browser that changed it, which gets a new cookie', async () => {
    const copy = browserOf(owner, elsewhere);
    const old = owner.browser.cookies.get(device);
    // Another account is known in the same browser: that does not keep the old cookie valid.
    await argus.addAccount('second@argus.example');
    await owner.signsIn('second@argus.example');
    await owner.signsIn(admin);
    const body = { currentPassword: testPassword, newPassword: 'another good password' };
    expect((await owner.send('PUT', '/api/session/password', body)).status).toBe(200);
    expect(owner.browser.cookies.get(device)).not.toBe(old);
    expect(await isKnown(copy, body.newPassword)).toBe(false);
    expect(await owner.tries(admin, body.newPassword)).toBe(200);
  });

  test('S-5: when the account is deactivated', async () => {
    await argus.addAccount('chief@argus.example', 'admin');
    const chief = visitFrom(argus, '198.51.100.99');
    await chief.signsIn('chief@argus.example');
    await chief.send('POST', '/api/session/reauthentication', { password: testPassword });
    const { version } = await argus.database.prisma.account.findUniqueOrThrow({ where: { id: adminId } });
    const fields = { username: admin, displayName: 'admin', role: 'admin', salesforceId: null };
    const body = { ...fields, active: false, version };
    expect((await chief.send('PUT', `/api/admin/users/${adminId}`, body)).status).toBe(200);
    expect(await places()).toBe(0);
  });

  test('S-5: after 180 days without a sign-in: ignored at once, deleted by the housekeeping', async () => {
    const copy = browserOf(owner, elsewhere);
    argus.advance(181 * day);
    expect(await isKnown(copy, testPassword)).toBe(false);
    expect(await places()).toBe(2);
    await runJob(argus, housekeeping);
    expect(await places()).toBe(0);
  });

  test('S-5: and a late sign-in with the former password, or of an inactive account, adds none', async () => {
    const { prisma } = argus.database;
    const { passwordHash } = await prisma.account.findUniqueOrThrow({ where: { id: adminId } });
    const late = [{ kind: 'browser', key: 'late' }] as const;
    const save = (hash: string | null) =>
      saveKnownPlaces(prisma, { id: adminId, passwordHash: hash }, late, argus.services.now());
    await save('the former one');
    await prisma.account.update({ where: { id: adminId }, data: { active: false } });
    await save(passwordHash);
    expect(await places()).toBe(2);
    await prisma.account.update({ where: { id: adminId }, data: { active: true } });
    await save(passwordHash);
    expect(await places()).toBe(3);
  });

  // On PGlite everybody shares one connection: there is nothing to wait for.
  test.runIf(process.env.TEST_DATABASE_URL)(
    'S-5: and a sign-in that arrives while its browser is being forgotten waits, and is not from a known browser',
    async () => {
      const { prisma } = argus.database;
      const { key } = await prisma.knownPlace.findFirstOrThrow({ where: { accountId: adminId, kind: 'browser' } });
      const asks = () => prisma.$transaction((tx) => isKnownBrowser(tx, key, argus.services.now()));
      expect(await asks()).toBe(true);
      let asking: Promise<boolean> | undefined;
      await prisma.$transaction(async (tx) => {
        await tx.knownPlace.deleteMany({ where: { accountId: adminId } });
        asking = asks();
        expect(await Promise.race([asking, sleep(300).then(() => 'waits')])).toBe('waits');
      });
      expect(await asking).toBe(false);
    },
  );

  test('S-5: beyond ten browsers and ten addresses of one account, the least recently used first', async () => {
    for (let i = 0; i < 12; i += 1) {
      argus.advance(1000);
      await visitFrom(argus, `192.0.2.${100 + i}`).signsIn(admin);
      argus.advance(1000);
      await owner.signsIn(admin);
    }
    const kept = await argus.database.prisma.knownPlace.findMany({ where: { accountId: adminId } });
    expect(kept.filter(({ kind }) => kind === 'browser')).toHaveLength(10);
    const addresses = kept.filter(({ kind }) => kind === 'address').map(({ key }) => key);
    expect(addresses.toSorted()).toEqual(
      [home, ...Array.from({ length: 9 }, (_, i) => `192.0.2.${103 + i}`)].toSorted(),
    );
    await guessUntilBlocked(visitFrom(argus, attackerAddress));
    expect(await owner.tries(admin, testPassword)).toBe(200);
  });
});

describe('what somebody without a known place can find out', () => {
  test('S-5: nothing: known, unknown, inactive and passwordless accounts fail and are blocked alike', async () => {
    const { prisma } = argus.database;
    const inactive = await argus.addAccount('inactive@argus.example');
    await prisma.account.update({ where: { id: inactive }, data: { active: false } });
    const passwordless = await argus.addAccount('passwordless@argus.example');
    await prisma.account.update({ where: { id: passwordless }, data: { passwordHash: null } });
    const usernames = [admin, 'unknown@argus.example', 'inactive@argus.example', 'passwordless@argus.example'];
    const told = [];
    for (const [i, username] of usernames.entries()) {
      const visitor = visitFrom(argus, `203.0.113.${i}`);
      const replies = [];
      for (let n = 0; n < 7; n += 1) {
        const { status, headers, body } = await visitor.send('POST', '/api/session', { username, password: wrong });
        const { occurredAt: _, ...problem } = body as { occurredAt: string };
        const names = [...headers.keys()].filter((name) => name !== 'x-request-id');
        replies.push({ status, names, retryAfter: Math.ceil(Number(headers.get('retry-after')) / 10), problem });
      }
      told.push(replies.map((reply) => ({ ...reply, problem: { ...reply.problem, retry: undefined } })));
    }
    for (const replies of told) expect(replies).toEqual(told[0]);
  });

  test('S-5: and each of them causes the same database queries', async () => {
    const { prisma } = argus.database;
    const spies = [
      vi.spyOn(prisma.account, 'findUnique'),
      vi.spyOn(prisma.knownPlace, 'findMany'),
      vi.spyOn(prisma.signInThrottle, 'findUnique'),
      vi.spyOn(prisma, '$queryRaw'),
      vi.spyOn(prisma, '$executeRaw'),
    ];
    try {
      const asked = [];
      for (const [i, username] of [admin, 'unknown@argus.example'].entries()) {
        const visitor = visitFrom(argus, `203.0.113.${i}`);
        const calls = [];
        for (let n = 0; n < 7; n += 1) {
          for (const spy of spies) spy.mockClear();
          await visitor.tries(username, wrong);
          calls.push(spies.map((spy) => spy.mock.calls.length));
        }
        asked.push(calls);
      }
      expect(asked[0]?.[0]).toEqual([1, 1, 0, 2, 1]);
      expect(asked[1]).toEqual(asked[0]);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });
});
