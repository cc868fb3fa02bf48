import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, providerOf, suffix, type TestArgus } from '../support/build-app.ts';
import { cookieHeader } from '../support/cookie-header.ts';
import { asPath, hostileTargets } from '../support/hostile-targets.ts';
import { buildLinkedTaro, taroUpn } from '../support/linked-taro.ts';
import { type RawReply, sendRaw } from '../support/send-raw.ts';
import { buildWebStub } from '../support/web-stub.ts';

const targets = hostileTargets();
let argus: TestArgus;
let admin: Browser;
let user: Browser;
let web: Awaited<ReturnType<typeof buildWebStub>>;
beforeAll(async () => {
  web = await buildWebStub();
  ({ argus, admin, user } = await buildLinkedTaro({
    webRoot: web.root,
    config: { frameAncestors: ['https://portal.example'] },
  }));
});
afterAll(async () => {
  await argus?.close();
  await web?.remove();
});

/** Where a reply would send a browser: by its headers, by a refresh, and by every address in its markup. */
function destinationsOf({ headers, text }: RawReply): string[] {
  const refresh = /url=(.*)$/i.exec(String(headers.refresh ?? ''))?.[1];
  const markup = /html|xml/.test(String(headers['content-type']))
    ? [...text.matchAll(/(?:href|src|action|formaction|url)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi)]
    : [];
  return [
    headers.location,
    refresh,
    headers['content-location'],
    ...markup.map((match) => match[1] ?? match[2] ?? match[3]),
  ]
    .filter((found) => found !== undefined)
    .map((found) => found.replaceAll('&amp;', '&'));
}

/** Whether a browser that follows an address from our page stays with us, or goes to the configured sign-in. */
function staysHere(destination: string): boolean {
  if (!URL.canParse(destination, argus.url)) return false;
  const { origin, pathname } = new URL(destination, argus.url);
  const authorize = new URL(providerOf(argus.fake).authorizeEndpointUrl);
  return origin === argus.url || (origin === authorize.origin && pathname === authorize.pathname);
}

/** Sends all of these, and returns those that lead elsewhere. */
async function leaving(
  requests: readonly { readonly target: string; readonly headers?: Record<string, string> }[],
): Promise<string[]> {
  const found: string[] = [];
  for (const { target, headers = {} } of requests) {
    const reply = await sendRaw(argus.url, { target, headers });
    for (const destination of destinationsOf(reply).filter((each) => !staysHere(each))) {
      found.push(`${JSON.stringify(headers)} ${target} → ${destination}`);
    }
    // No input may become a separate header.
    if ([reply.headers['x-injected'], reply.headers['set-cookie']?.join()].some((each) => each?.includes('evil'))) {
      found.push(`${target} sets a header`);
    }
  }
  return found;
}

const flow = ['/services/auth/oauth', '/services/authcallback'] as const;
const signedIn = () => ({ cookie: cookieHeader(user) });

/** Thousands of sequential requests: the time depends on the machine. */
const bulk = { timeout: 120_000 };

describe('S-held: no reply leads off our own origin', bulk, () => {
  test('S-held: the check in this file distinguishes what stays on our origin from what leaves it', () => {
    const authorize = providerOf(argus.fake).authorizeEndpointUrl;
    for (const own of ['/x', 'x', '', `${argus.url}/x`, `${authorize}?state=x`]) {
      expect(staysHere(own), own).toBe(true);
    }
    for (const away of [
      '//evil.test',
      '/\\evil.test',
      '/\t/evil.test',
      'javascript:1',
      `${argus.url}@evil.test`,
      'http://[',
    ]) {
      expect(staysHere(away), away).toBe(false);
    }
    expect(targets.filter((target) => !staysHere(target)).length).toBeGreaterThan(300);
  });

  test('S-held: whatever the path contains, under any host name', async () => {
    const { port } = new URL(argus.url);
    const hosts = [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'evil.test'];
    const requests = hosts.flatMap((host) => targets.map((target) => ({ target: asPath(target), headers: { host } })));
    expect(requests.length).toBeGreaterThan(2_000);
    expect(await leaving(requests)).toEqual([]);
  });

  test.each(flow)('S-held: whatever %s has in place of its suffix', async (route) => {
    const requests = targets.map((target, i) => ({
      target: i % 2 ? `${route}/${encodeURIComponent(target)}` : `${route}${asPath(target)}`,
      headers: signedIn(),
    }));
    expect(await leaving(requests)).toEqual([]);
  });

  test.each(flow)('S-held: whatever the query of %s contains', async (route) => {
    const names = [
      'retURL',
      'startURL',
      'redirect_uri',
      'next',
      'returnTo',
      'rd',
      'ticket',
      'state',
      'code',
      'error',
      'error_uri',
      'iss',
    ];
    const requests = targets.map((target, i) => {
      const name = names[i % names.length] ?? '';
      const query = `${name}=${encodeURIComponent(target)}&${names[(i + 5) % names.length]}=${encodeURIComponent(target)}`;
      return { target: `${route}/${suffix}?${query}`, headers: i % 2 ? signedIn() : {} };
    });
    expect(await leaving(requests)).toEqual([]);
  });

  test('S-held: whatever the callback of a flow under way contains', async () => {
    const found: string[] = [];
    for (const target of targets.filter((_, i) => i % 40 === 0)) {
      const path = await user.consent(taroUpn);
      const carried = ['retURL', 'error_uri', 'error_description', 'session_state'].map(
        (name) => `${name}=${encodeURIComponent(target)}`,
      );
      const request = { target: `${path}&${carried.join('&')}`, headers: signedIn() };
      found.push(...(await leaving([request])));
    }
    expect(found).toEqual([]);
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'authorized' });
  });

  test('S-held: a ticket leads to the configured endpoint, whatever is appended to it', async () => {
    const found: string[] = [];
    for (const target of targets.filter((_, i) => i % 40 === 0)) {
      const { startUrl } = await user.call('POST /api/authorization/tickets');
      expect(staysHere(startUrl)).toBe(true);
      const { pathname, search } = new URL(startUrl);
      const hung = `${pathname}${search}&retURL=${encodeURIComponent(target)}&redirect_uri=${encodeURIComponent(target)}`;
      const reply = await sendRaw(argus.url, { target: hung });
      found.push(...destinationsOf(reply).filter((each) => !staysHere(each)));
      // Microsoft is told to send the browser back only to us.
      const sentBackTo = new URL(reply.headers.location ?? '', argus.url).searchParams.get('redirect_uri');
      if (sentBackTo !== null) expect(sentBackTo).toBe(`${argus.url}/services/authcallback/${suffix}`);
    }
    expect(found).toEqual([]);
  });

  test.each([
    'host',
    'x-forwarded-host',
    'x-forwarded-server',
    'x-original-host',
    'x-forwarded-proto',
    'x-forwarded-port',
    'forwarded',
  ])('S-held: whatever %s says', async (name) => {
    const { port } = new URL(argus.url);
    const values = [
      'evil.test',
      'evil.test:443',
      `localhost:${port}.evil.test`,
      `localhost:${port}@evil.test`,
      `127.0.0.1:${port}, evil.test`,
      `127.0.0.1.evil.test:${port}`,
      `[::1].evil.test:${port}`,
      'javascript',
      'https://evil.test',
      'host=evil.test;proto=javascript',
      '//evil.test',
      'localhost/\\evil.test',
    ];
    const paths = ['/', '/portlet', '/authorization', ...flow.map((route) => `${route}/${suffix}?code=x&state=y`)];
    // Also addressed as this machine, where the pages redirect to the public address.
    const requests = values.flatMap((value) =>
      paths.flatMap((target) => [
        { target, headers: { ...signedIn(), [name]: value } },
        ...(name === 'host' ? [] : [{ target, headers: { host: `127.0.0.1:${port}`, [name]: value } }]),
      ]),
    );
    expect(await leaving(requests)).toEqual([]);
  });

  test('S-held: URLs that the API gives to our pages are ours, or the configured ones', async () => {
    const { startUrl } = await user.call('GET /api/authorization');
    expect(staysHere(startUrl ?? '')).toBe(true);
    const headers = { cookie: cookieHeader(user), host: 'evil.test', 'x-forwarded-host': 'evil.test' };
    for (const target of ['/api/session', '/api/authorization', '/api/new-arrivals']) {
      expect((await sendRaw(argus.url, { target, headers })).text, target).not.toContain('evil.test');
    }
    const { items } = await admin.call('GET /api/admin/auth-providers');
    expect(JSON.stringify(items)).toContain(`${argus.url}/services/authcallback/${suffix}`);
  });
});
