import { beforeAll, describe, expect, test } from 'vitest';
import { buildArgus, openBrowser, testPassword } from '../support/build-app.ts';
import { csrfTokenOf } from '../support/cookie-header.ts';
import { argus, stageArgus } from '../support/stage-argus.ts';
import { visitFrom } from '../support/visit-from.ts';

const csrfCookie = '__Host-argus-csrf';
const sessionCookie = '__Host-argus-session';

stageArgus({ trustedProxies: '127.0.0.1' });
beforeAll(async () => {
  await argus.addAccount('taro@argus.example');
  await argus.addAccount('hanako@argus.example');
});

/** How many rows there are, by table. */
async function rows(): Promise<Record<string, number>> {
  const { prisma } = argus.database;
  const tables = await prisma.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'`;
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await prisma.$queryRawUnsafe<{ n: number }[]>(`SELECT count(*)::int AS n FROM "${name}"`);
    counts[name] = row?.n ?? 0;
  }
  return counts;
}

describe('a visitor who is not signed in', () => {
  test('S-10: gets no session: five hundred visits without a cookie store no row at all', async () => {
    const before = await rows();
    for (let i = 0; i < 10; i += 1) {
      await Promise.all(Array.from({ length: 50 }, () => openBrowser(argus.url).call('GET /api/session')));
    }
    expect(await argus.database.prisma.session.count()).toBe(0);
    expect(await rows()).toEqual(before);
  });

  test('S-10: may also be one whose session has expired', async () => {
    const { prisma } = argus.database;
    const browser = await argus.signedIn('taro@argus.example');
    const [session] = await prisma.session.findMany();
    const data = session?.data as { cookie: object };
    const expired = { ...data, cookie: { ...data.cookie, expires: new Date(0).toISOString() } };
    await prisma.session.updateMany({ data: { data: expired } });
    expect((await browser.call('GET /api/session')).user).toBeNull();
    expect(await prisma.session.count()).toBe(0);
  });

  test('S-10: stores nothing through any public path, with a forged session or none', async () => {
    const before = await rows();
    for (const path of [
      '/',
      '/portlet',
      '/api/session',
      '/api/nothing',
      '/api/docs',
      '/api/authorization',
      '/api/authorization/outcomes/guess',
      '/services/auth/oauth/Microsoft365',
      '/services/auth/oauth/Microsoft365?ticket=guess',
      '/services/authcallback/Microsoft365?code=x&state=y',
      '/healthz',
      '/readyz',
      '/metrics',
    ]) {
      for (const cookie of ['', `${sessionCookie}=forged.signature; ${csrfCookie}=forged.signature`]) {
        for (const method of ['GET', 'HEAD', 'POST', 'DELETE']) {
          await openBrowser(argus.url).send(method, path, { headers: { cookie } });
        }
      }
    }
    expect(await rows()).toEqual(before);
  });

  test('S-10: stores only bounded data by guessing: throttles, and counts in the audit log', async () => {
    const before = await rows();
    const visitor = visitFrom(argus, '203.0.113.66');
    for (let i = 0; i < 40; i += 1) await visitor.tries(`guess${i}@argus.example`, 'a guess');
    const token = 'guess';
    for (let i = 0; i < 60; i += 1) await visitor.send('POST', '/api/invitation/read', { token });
    const form = { token, username: 'first@argus.example', displayName: 'x', password: testPassword };
    for (let i = 0; i < 20; i += 1) await visitor.send('POST', '/api/first-admin', form);
    const after = await rows();
    const grown = Object.fromEntries(
      Object.entries(after)
        .map(([name, n]) => [name, n - (before[name] ?? 0)] as const)
        .filter(([, n]) => n > 0),
    );
    // One address, thirty accounts, and the invitations' address.
    expect(grown).toEqual({ SignInThrottle: 32, AuditEvent: expect.any(Number) });
    // Four actions, each once a minute; the test may span two minutes.
    expect(grown.AuditEvent).toBeLessThanOrEqual(8);
  });
});

describe('the CSRF token', () => {
  const send = (browser: ReturnType<typeof openBrowser>, token: string, headers: Record<string, string> = {}) =>
    browser.send('PUT', '/api/session/language', {
      body: { language: null },
      headers: { 'x-csrf-token': token, ...headers },
    });
  const refused = { status: 403, body: { code: 'csrf_token_invalid' } };

  test('S-10: is bound to the session: one from before the sign-in, or of an ended session, is refused', async () => {
    const browser = argus.browser();
    const anonymous = await csrfTokenOf(browser);
    await browser.signIn('taro@argus.example');
    expect(await send(browser, anonymous)).toMatchObject(refused);
    const first = await csrfTokenOf(browser);
    expect((await send(browser, first)).status).toBe(200);
    // The same browser and secret, but another session of the same account.
    await browser.signIn('taro@argus.example');
    expect(await send(browser, first)).toMatchObject(refused);
    expect((await send(browser, await csrfTokenOf(browser))).status).toBe(200);
  });

  test('S-10: of another browser is refused, with or without that browser’s cookie', async () => {
    const victim = await argus.signedIn('taro@argus.example');
    const attacker = await argus.signedIn('hanako@argus.example');
    const visitor = argus.browser();
    for (const foreign of [attacker, visitor]) {
      const token = await csrfTokenOf(foreign);
      expect(await send(victim, token)).toMatchObject(refused);
      // Planted beside the victim's session.
      const planted = foreign.cookies.get(csrfCookie);
      const cookie = `${sessionCookie}=${victim.cookies.get(sessionCookie)}; ${csrfCookie}=${planted}`;
      expect(await send(victim, token, { cookie })).toMatchObject(refused);
    }
  });

  test('S-10: is accepted only with its signed cookie, and only in its header', async () => {
    const browser = await argus.signedIn('taro@argus.example');
    const token = await csrfTokenOf(browser);
    const session = `${sessionCookie}=${browser.cookies.get(sessionCookie)}`;
    const [secret = ''] = (browser.cookies.get(csrfCookie) ?? '').split('.');
    for (const cookie of [session, `${session}; ${csrfCookie}=${secret}`, `${session}; ${csrfCookie}=${secret}.x`]) {
      expect(await send(browser, token, { cookie })).toMatchObject(refused);
    }
    const options = { body: { language: null, _csrf: token }, headers: { 'x-csrf-token': '' } };
    const query = `/api/session/language?_csrf=${encodeURIComponent(token)}`;
    expect(await browser.send('PUT', query, options)).toMatchObject(refused);
    for (const name of ['csrf-token', 'xsrf-token', 'x-xsrf-token']) {
      expect(await send(browser, '', { [name]: token })).toMatchObject(refused);
    }
    expect((await send(browser, token)).status).toBe(200);
  });
});

describe('where another site may embed the portlet', () => {
  test('S-10: each embedding site has its own cookies', async () => {
    const embedded = await buildArgus({ config: { frameAncestors: ['https://portal.example'] } });
    try {
      await embedded.addAccount('taro@argus.example');
      const browser = embedded.browser();
      const lines = (await browser.send('GET', '/api/session')).headers.getSetCookie();
      const headers = { 'x-csrf-token': await csrfTokenOf(browser) };
      const body = { username: 'taro@argus.example', password: testPassword };
      lines.push(...(await browser.send('POST', '/api/session', { body, headers })).headers.getSetCookie());
      expect(lines).toHaveLength(3);
      for (const line of lines) {
        for (const attribute of ['HttpOnly', 'Secure', 'SameSite=None', 'Partitioned']) {
          expect(line).toContain(attribute);
        }
      }
    } finally {
      await embedded.close();
    }
  });
});
