import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { saveFirstAdminInvitation } from '../../src/accounts/records/first-admin-invitations.ts';
import { addressBlock } from '../../src/platform/http/address-block.ts';
import { hashToken } from '../../src/platform/vault/hash-token.ts';
import { type Browser, buildArgus, type TestArgus, testPassword } from '../support/build-app.ts';
import { argus, stageArgus } from '../support/stage-argus.ts';
import { startAnotherInstance } from '../support/start-another-instance.ts';

const sessionCookie = '__Host-argus-session';
const csrfCookie = '__Host-argus-csrf';
const wrong = 'not the password at all';

stageArgus();
beforeAll(async () => {
  for (const name of ['taro', 'hanako', 'jiro']) await argus.addAccount(`${name}@argus.example`);
  await argus.addAccount('admin@argus.example', 'admin');
});
beforeEach(async () => {
  // All of the tests come from one address.
  await argus.database.prisma.signInThrottle.deleteMany({});
});

function attempt(browser: Browser, username: string, password = wrong) {
  return browser.fails('POST /api/session', { body: { username, password } });
}

/** The status of a call that needs a signed-in user, made with only this session cookie. */
async function statusWith(cookie: string | undefined): Promise<number> {
  const reply = await argus.browser().send('GET', '/api/authorization', {
    headers: { cookie: `${sessionCookie}=${cookie}` },
  });
  return reply.status;
}

describe('signing in', () => {
  test('reports who is signed in, and writes it to the audit log', async () => {
    const browser = await argus.signedIn('TARO@argus.example');
    const session = await browser.call('GET /api/session');
    expect(session.user).toMatchObject({ username: 'taro@argus.example', role: 'user', language: null });
    expect(session).toMatchObject({ mode: 'production', hasAccounts: true });
    expect(session).not.toHaveProperty('demoAccounts');
    const admin = await argus.signedIn('admin@argus.example');
    const { items } = await admin.call('GET /api/admin/audit-events', { query: { action: 'sign_in' } });
    expect(items.map((item) => item.actorUsername)).toEqual(
      expect.arrayContaining(['taro@argus.example', 'admin@argus.example']),
    );
  });

  test('sets cookies that only this host and no script can read', async () => {
    const browser = argus.browser();
    const before = await browser.send('GET', '/api/session');
    const { csrfToken } = before.body as { csrfToken: string };
    const body = { username: 'taro@argus.example', password: testPassword };
    const after = await browser.send('POST', '/api/session', { body, headers: { 'x-csrf-token': csrfToken } });
    const lines = [...before.headers.getSetCookie(), ...after.headers.getSetCookie()];
    const cookies = lines.map((line) => line.split(';').map((part) => part.trim().toLowerCase()));
    const names = cookies.map(([pair = '']) => pair.split('=', 1)[0]);
    expect(names).toEqual(['__host-argus-csrf', '__host-argus-device', '__host-argus-session']);
    for (const attributes of cookies) {
      expect(attributes).toEqual(expect.arrayContaining(['path=/', 'httponly', 'secure', 'samesite=lax']));
      expect(attributes.some((attribute) => attribute.startsWith('domain='))).toBe(false);
    }
  });

  test('an unknown account, a wrong password and a deactivated account fail alike', async () => {
    await argus.addAccount('gone@argus.example');
    await argus.database.prisma.account.updateMany({
      where: { usernameKey: 'gone@argus.example' },
      data: { active: false },
    });
    const browser = argus.browser();
    const replies = [
      await attempt(browser, 'nobody@argus.example'),
      await attempt(browser, 'taro@argus.example'),
      await attempt(browser, 'gone@argus.example', testPassword),
    ].map(({ occurredAt: _, ...problem }) => problem);
    expect(replies[0]).toMatchObject({ status: 401, code: 'sign_in_failed' });
    expect(replies[1]).toEqual(replies[0]);
    expect(replies[2]).toEqual(replies[0]);
  });

  test('takes as long for an unknown account as for a wrong password', async () => {
    const browser = argus.browser();
    const timeOf = async (username: string) => {
      const start = performance.now();
      await attempt(browser, username);
      return performance.now() - start;
    };
    await timeOf('first@argus.example');
    const unknown: number[] = [];
    const known: number[] = [];
    for (let i = 0; i < 4; i++) {
      unknown.push(await timeOf(`nobody${i}@argus.example`));
      known.push(await timeOf('taro@argus.example'));
    }
    // The shortest of several: other load on the machine only makes them longer.
    expect(Math.min(...unknown) / Math.min(...known)).toBeGreaterThan(0.5);
  });

  test('a password may be typed in full-width letters', async () => {
    const fullWidth = testPassword.replaceAll(/\S/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
    const browser = argus.browser();
    await browser.signIn('taro@argus.example', fullWidth);
    expect((await browser.call('GET /api/session')).user?.username).toBe('taro@argus.example');
  });
});

describe('O16: a change of privilege gives a new session, and the old id is dead', () => {
  test('O16: signing in', async () => {
    const browser = argus.browser();
    await browser.call('GET /api/session');
    const before = browser.cookies.get(sessionCookie);
    await browser.signIn('taro@argus.example');
    const after = browser.cookies.get(sessionCookie);
    expect(after).not.toBe(before);
    expect(await statusWith(before)).toBe(401);
    expect(await statusWith(after)).toBe(200);
  });

  test('O16: signing in again', async () => {
    const browser = await argus.signedIn('taro@argus.example');
    const before = browser.cookies.get(sessionCookie);
    await browser.signIn('hanako@argus.example');
    expect(await statusWith(before)).toBe(401);
  });

  test('O16: signing out, which also takes the cookie away', async () => {
    const browser = await argus.signedIn('taro@argus.example');
    const before = browser.cookies.get(sessionCookie);
    const { csrfToken } = await browser.call('GET /api/session');
    const reply = await browser.send('DELETE', '/api/session', { headers: { 'x-csrf-token': csrfToken } });
    expect(reply.status).toBe(204);
    const [line = ''] = reply.headers.getSetCookie();
    const attributes = line.split(';').map((part) => part.trim().toLowerCase());
    expect(attributes).toEqual(
      expect.arrayContaining([`${sessionCookie.toLowerCase()}=`, 'path=/', 'httponly', 'secure', 'samesite=lax']),
    );
    expect(browser.cookies.has(sessionCookie)).toBe(false);
    expect(await statusWith(before)).toBe(401);
  });

  test('O16: a change of role', async () => {
    const admin = await argus.signedIn('admin@argus.example');
    await admin.proveSelf();
    const browser = await argus.signedIn('role-changes@argus.example');
    const cookie = browser.cookies.get(sessionCookie);
    const { items } = await admin.call('GET /api/admin/users', { query: { q: 'role-changes@' } });
    const { id = '', version = 0 } = items[0] ?? {};
    const fields = { username: 'role-changes@argus.example', displayName: 'x', salesforceId: null, active: true };
    await admin.call('PUT /api/admin/users/:id', { params: { id }, body: { ...fields, role: 'admin', version } });
    expect(await statusWith(cookie)).toBe(401);
    expect(await argus.database.prisma.session.count({ where: { accountId: id } })).toBe(0);
  });

  test('O16: a change of password, which ends every other session too', async () => {
    const other = await argus.signedIn('jiro@argus.example');
    const browser = await argus.signedIn('jiro@argus.example');
    const before = browser.cookies.get(sessionCookie);
    await browser.call('PUT /api/session/password', {
      body: { currentPassword: testPassword, newPassword: 'another good password' },
    });
    expect(await statusWith(before)).toBe(401);
    expect(await statusWith(other.cookies.get(sessionCookie))).toBe(401);
    expect(await statusWith(browser.cookies.get(sessionCookie))).toBe(200);
    await argus.browser().signIn('jiro@argus.example', 'another good password');
    expect(await attempt(argus.browser(), 'jiro@argus.example', testPassword)).toMatchObject({ status: 401 });
  });
});

describe('throttling', () => {
  test('H09: five failures block the account in every process, with a Retry-After that grows', async () => {
    const other = await startAnotherInstance(argus);
    try {
      const here = argus.browser();
      const there = argus.browser();
      await there.call('GET /api/session');
      const { csrfToken } = await here.call('GET /api/session');
      const cookie = `${csrfCookie}=${here.cookies.get(csrfCookie)}`;
      const tryAt = (url: string, password = wrong) =>
        here.send('POST', `${url}/api/session`, {
          body: { username: 'taro@argus.example', password },
          headers: { cookie, 'x-csrf-token': csrfToken },
        });
      for (const url of [argus.url, other.url, argus.url, other.url, argus.url]) {
        expect((await tryAt(url)).status).toBe(401);
      }
      for (const url of [argus.url, other.url]) {
        const reply = await tryAt(url, testPassword);
        expect(reply).toMatchObject({ status: 429, body: { code: 'sign_in_throttled', retry: { kind: 'later' } } });
        expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(50);
        expect(Number(reply.headers.get('retry-after'))).toBeLessThanOrEqual(60);
      }
      argus.advance(61_000);
      expect((await tryAt(other.url)).status).toBe(401);
      const reply = await tryAt(argus.url);
      expect(reply.status).toBe(429);
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(110);
      argus.advance(121_000);
      expect((await tryAt(argus.url, testPassword)).status).toBe(200);
      expect(await argus.database.prisma.signInThrottle.count({ where: { key: { startsWith: 'account:' } } })).toBe(0);
    } finally {
      await other.close();
    }
  });

  test('H09: of twenty concurrent guesses, five are checked', async () => {
    const browser = argus.browser();
    const { csrfToken } = await browser.call('GET /api/session');
    const replies = await Promise.all(
      Array.from({ length: 20 }, () =>
        browser.send('POST', '/api/session', {
          body: { username: 'hanako@argus.example', password: wrong },
          headers: { 'x-csrf-token': csrfToken },
        }),
      ),
    );
    const statuses = replies.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([...Array(5).fill(401), ...Array(15).fill(429)]);
  });

  test('H09: thirty failures from one address block it, whatever the accounts', async () => {
    const browser = argus.browser();
    for (let i = 0; i < 30; i++) {
      expect(await attempt(browser, `guess${i}@argus.example`)).toMatchObject({ status: 401 });
    }
    const refused = await attempt(browser, 'guess30@argus.example');
    expect(refused).toMatchObject({ status: 429, code: 'sign_in_throttled' });
    // The name itself was not counted.
    expect(await argus.database.prisma.signInThrottle.count({ where: { key: { startsWith: 'account:' } } })).toBe(30);
  });

  test('H08: a forged X-Forwarded-For gives nobody another address', async () => {
    const browser = argus.browser();
    const { csrfToken } = await browser.call('GET /api/session');
    const replies: number[] = [];
    for (let i = 0; i < 31; i++) {
      const address = `203.0.113.${i}`;
      const reply = await browser.send('POST', '/api/session', {
        body: { username: `forged${i}@argus.example`, password: wrong },
        headers: {
          'x-csrf-token': csrfToken,
          'x-forwarded-for': address,
          'x-real-ip': address,
          forwarded: `for=${address}`,
          'x-forwarded-host': 'evil.test',
          'x-forwarded-proto': 'http',
        },
      });
      replies.push(reply.status);
    }
    expect(replies).toEqual([...Array(30).fill(401), 429]);
  });

  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:DB8:0:0:ffff::9', '2001:db8:0:0::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('the address %s is counted as %s', (address, block) => {
    expect(addressBlock(address)).toBe(block);
  });

  test('a success resets the failures of the account and refunds the attempt of the address', async () => {
    const browser = argus.browser();
    for (let i = 0; i < 4; i++) await attempt(browser, 'taro@argus.example');
    await browser.signIn('taro@argus.example');
    for (let i = 0; i < 4; i++) await attempt(argus.browser(), 'taro@argus.example');
    await argus.browser().signIn('taro@argus.example');
    const address = await argus.database.prisma.signInThrottle.findFirst({
      where: { key: { startsWith: 'address:' } },
    });
    expect(address?.failures).toBe(8);
  });

  test('the database has no username in plain text', async () => {
    await attempt(argus.browser(), 'MySecretPassword123');
    const rows = await argus.database.prisma.signInThrottle.findMany();
    expect(JSON.stringify(rows).toLowerCase()).not.toContain('mysecretpassword');
  });

  test("guessing one's own current password is throttled too", async () => {
    const browser = await argus.signedIn('hanako@argus.example');
    const body = { currentPassword: wrong, newPassword: 'another good password' };
    for (let i = 0; i < 5; i++) {
      expect(await browser.fails('PUT /api/session/password', { body })).toMatchObject({
        status: 400,
        code: 'password_wrong',
        fields: [{ field: 'currentPassword', code: 'password_wrong' }],
      });
    }
    expect(await browser.fails('PUT /api/session/password', { body })).toMatchObject({ status: 429 });
  });
});

describe('one’s own account', () => {
  test.each([
    ['too short', { newPassword: 'short' }, 'newPassword', 'password_too_short'],
    ['empty', { newPassword: '' }, 'newPassword', 'required'],
    ['the username', { newPassword: 'Taro@Argus.example' }, 'newPassword', 'password_like_username'],
    ['the same as before', { newPassword: testPassword }, 'newPassword', 'password_same'],
    ['changed without the current one', { currentPassword: '' }, 'currentPassword', 'required'],
  ])('a password that is %s is refused at its field', async (_, change, field, code) => {
    const browser = await argus.signedIn('taro@argus.example');
    const body = { currentPassword: testPassword, newPassword: 'another good password', ...change };
    const problem = await browser.fails('PUT /api/session/password', { body });
    expect(problem).toMatchObject({ status: 400, code: 'request_invalid' });
    expect(problem.fields?.map((fault) => [fault.field, fault.code])).toEqual([[field, code]]);
    await argus.browser().signIn('taro@argus.example');
  });

  test('the language of the account decides, then the browser', async () => {
    const browser = await argus.signedIn('hanako@argus.example');
    const session = await browser.call('PUT /api/session/language', { body: { language: 'en' } });
    expect(session.user?.language).toBe('en');
    const english = await browser.send('GET', '/api/admin/users');
    expect(english.body).toMatchObject({ title: 'You do not have permission to do this.' });
    await browser.call('PUT /api/session/language', { body: { language: null } });
    const japanese = await browser.send('GET', '/api/admin/users');
    expect(japanese.body).toMatchObject({ title: 'この操作を行う権限がありません。' });
  });
});

describe('the first administrator', () => {
  const form = { username: 'first@argus.example', displayName: '最初の管理者', password: testPassword };
  const day = 24 * 3600_000;

  async function invited(): Promise<{ fresh: TestArgus; token: string }> {
    const fresh = await buildArgus();
    const token = 'a token of the right length, printed at start';
    await saveFirstAdminInvitation(
      fresh.database.prisma,
      hashToken(token),
      new Date(fresh.services.now().getTime() + day),
    );
    return { fresh, token };
  }

  test('is created by the one-time link, once, and is signed in', async () => {
    const { fresh, token } = await invited();
    try {
      const browser = fresh.browser();
      expect(await browser.call('GET /api/session')).toMatchObject({ user: null, hasAccounts: false });
      expect(await browser.fails('POST /api/first-admin', { body: { ...form, token: 'guess' } })).toMatchObject({
        status: 410,
        code: 'invitation_invalid',
      });
      const before = browser.cookies.get(sessionCookie);
      const results = await Promise.allSettled(
        [browser, fresh.browser()].map((each) => each.call('POST /api/first-admin', { body: { ...form, token } })),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await fresh.database.prisma.account.count()).toBe(1);
      const again = fresh.browser();
      expect(await again.fails('POST /api/first-admin', { body: { ...form, token } })).toMatchObject({ status: 410 });
      await again.signIn('first@argus.example');
      expect((await again.call('GET /api/session')).user?.role).toBe('admin');
      expect(browser.cookies.get(sessionCookie) === before).toBe(results[0]?.status === 'rejected');
    } finally {
      await fresh.close();
    }
  });

  test('is not created by an expired link, or once an account exists', async () => {
    const { fresh, token } = await invited();
    try {
      fresh.advance(day + 1000);
      const body = { ...form, token };
      expect(await fresh.browser().fails('POST /api/first-admin', { body })).toMatchObject({ status: 410 });
      fresh.advance(-day - 1000);
      await fresh.addAccount('someone@argus.example');
      expect(await fresh.browser().fails('POST /api/first-admin', { body })).toMatchObject({ status: 410 });
    } finally {
      await fresh.close();
    }
  });

  test('an invalid form names its fields and leaves the link usable', async () => {
    const { fresh, token } = await invited();
    try {
      const browser = fresh.browser();
      const problem = await browser.fails('POST /api/first-admin', {
        body: { token, username: 'no e-mail form', displayName: ' ', password: 'short' },
      });
      expect(problem.fields?.map(({ field, code }) => [field, code])).toEqual([
        ['username', 'username_malformed'],
        ['displayName', 'required'],
        ['password', 'password_too_short'],
      ]);
      await browser.call('POST /api/first-admin', { body: { ...form, token } });
    } finally {
      await fresh.close();
    }
  });
});
