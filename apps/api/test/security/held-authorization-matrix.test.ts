import { type EndpointKey, endpointMap } from '@argus/contract/endpoint-map';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, buildArgus, type TestArgus } from '../support/build-app.ts';
import { type CollectedRoute, collectRoutes } from '../support/collect-routes.ts';
import { cookieHeader } from '../support/cookie-header.ts';
import { pathTricks } from '../support/path-tricks.ts';
import { admitted, declared, probeOf, unknownId } from '../support/probe-endpoint.ts';
import { type RawReply, sendRaw } from '../support/send-raw.ts';
import { buildWebStub, stubText } from '../support/web-stub.ts';

/**
 * Routes that no contract declares, since they authorize themselves. A new one must be listed here, and tested below.
 */
const ownRules: readonly (readonly [name: string, urls: RegExp])[] = [
  ['health', /^\/(healthz|readyz)$/],
  ['metrics', /^\/metrics$/],
  ['docs', /^\/api\/(docs(\/.*)?|openapi\.json)$/],
  ['flow', /^\/services\/(auth\/oauth|authcallback)\/:suffix$/],
  ['pages', /^\/(\*|portlet|(index|portlet)\.html|assets\/app\.js)$/],
];
const ruleOf = ({ url }: CollectedRoute) => ownRules.find(([, urls]) => urls.test(url))?.[0];
const keyOf = ({ method, url }: CollectedRoute) => `${method} ${url}`;

let argus: TestArgus;
let routes: readonly CollectedRoute[];
let web: Awaited<ReturnType<typeof buildWebStub>>;
beforeAll(async () => {
  const collected = collectRoutes();
  web = await buildWebStub();
  argus = await buildArgus({ webRoot: web.root });
  collected.stop();
  routes = collected.of(argus.app);
  await argus.connect();
  await argus.addAccount('taro@argus.example');
});
afterAll(async () => {
  await argus?.close();
  await web?.remove();
});
beforeEach(async () => {
  await argus.database.prisma.signInThrottle.deleteMany({});
});

/** The registered endpoints of the contract, without the HEAD that each GET has. */
const endpoints = () =>
  routes.filter((route) => keyOf(route) in endpointMap).map((route) => keyOf(route) as EndpointKey);

interface Caller {
  readonly cookie: string;
  readonly csrfToken: string;
}
async function callerOf(browser: Browser): Promise<Caller> {
  const { csrfToken } = await browser.call('GET /api/session');
  return { cookie: cookieHeader(browser), csrfToken };
}
const nobody = () => callerOf(argus.browser());
const user = async () => callerOf(await argus.signedIn('taro@argus.example'));
const admin = async () => callerOf(await argus.signedIn('admin@argus.example', 'admin'));

/** Calls an endpoint with exactly these headers, and whatever else it requires. */
function ask(key: EndpointKey, headers: Record<string, string>, as?: 'HEAD'): Promise<RawReply> {
  const { method, path, body } = probeOf(key);
  const bytes = body instanceof Uint8Array ? body : body === undefined ? undefined : JSON.stringify(body);
  const type = body instanceof Uint8Array ? 'application/octet-stream' : 'application/json';
  return sendRaw(argus.url, {
    method: as ?? method,
    target: path,
    headers: { ...headers, ...(bytes === undefined || as ? {} : { 'content-type': type }) },
    ...(bytes === undefined || as ? {} : { body: bytes }),
  });
}
const own = ({ cookie, csrfToken }: Caller) => ({ cookie, 'x-csrf-token': csrfToken, origin: argus.url });
const without = ({ cookie }: Caller) => ({ cookie, origin: argus.url });
const foreign = (caller: Caller) => ({ ...own(caller), origin: 'https://evil.example' });

const codeOf = ({ text }: RawReply) => /"code":"(\w+)"/.exec(text)?.[1];

/** Calls every endpoint and returns those that answer differently than expected. */
async function deviations(
  of: readonly EndpointKey[],
  request: (key: EndpointKey) => Promise<RawReply>,
  expected: (key: EndpointKey) => string,
): Promise<string[]> {
  const found: string[] = [];
  for (const key of of) {
    const reply = await request(key);
    const refused = reply.status === 401 || reply.status === 403;
    const answer = refused ? `${reply.status} ${codeOf(reply)}` : String(reply.status);
    if (answer !== expected(key)) found.push(`${key}: ${answer} instead of ${expected(key)}`);
  }
  return found;
}
const isRead = (key: EndpointKey) => key.startsWith('GET ');

describe('S-held: the route table', () => {
  test('S-held: every route is an endpoint of the contract with its access, or is listed among those with their own checks', () => {
    expect(routes.length).toBeGreaterThan(100);
    const strangers = routes.filter((route) => {
      const key = keyOf(route).replace(/^HEAD /, 'GET ');
      return key in endpointMap ? route.access !== declared(key as EndpointKey).access : ruleOf(route) === undefined;
    });
    expect(strangers.map(keyOf)).toEqual([]);
    // No endpoint is declared without being registered.
    expect(endpoints().toSorted()).toEqual(Object.keys(endpointMap).toSorted());
  });
});

describe('S-held: every endpoint of the route table', () => {
  test('S-held: lets nobody in who is not signed in, unless it is public', async () => {
    const caller = await nobody();
    const expected = (key: EndpointKey) =>
      declared(key).access === 'public' ? String(admitted(key)) : '401 session_missing';
    expect(await deviations(endpoints(), (key) => ask(key, own(caller)), expected)).toEqual([]);
  });

  test('S-held: lets a user in where users may, and nowhere else', async () => {
    const caller = await user();
    const others = endpoints().filter((key) => declared(key).access === 'admin');
    expect(others.length).toBeGreaterThan(40);
    expect(
      await deviations(
        others,
        (key) => ask(key, own(caller)),
        () => '403 access_denied',
      ),
    ).toEqual([]);
    const theirs = endpoints().filter((key) => declared(key).access !== 'admin');
    const request = async (key: EndpointKey) => ask(key, own(isRead(key) ? caller : await user()));
    expect(await deviations(theirs, request, (key) => String(admitted(key)))).toEqual([]);
  });

  test.each([
    ['a user without the token', user, without],
    ['an administrator without the token', admin, without],
    ['an administrator whose browser another site drives', admin, foreign],
  ] as const)('S-held: changes nothing for %s', async (_, who, headers) => {
    const caller = await who();
    const changing = endpoints().filter((key) => !isRead(key));
    expect(changing.length).toBeGreaterThan(20);
    const refused = await deviations(
      changing,
      (key) => ask(key, headers(caller)),
      () => '403 csrf_token_invalid',
    );
    expect(refused).toEqual([]);
    // Reading needs no token, and no other site can read the reply.
    const reading = endpoints().filter((key) => isRead(key) && declared(key).access === 'user');
    for (const key of reading) {
      const reply = await ask(key, headers(caller));
      expect(reply.status, key).toBe(admitted(key));
      expect(
        Object.keys(reply.headers).filter((name) => name.startsWith('access-control-')),
        key,
      ).toEqual([]);
    }
  });

  test('S-held: answers HEAD as GET without a body, and where there is no GET, not at all', async () => {
    const anonymous = await nobody();
    const signedIn = await user();
    const reads = endpoints().filter((key) => isRead(key) && declared(key).audit === undefined);
    const head = (caller: Caller) => async (key: EndpointKey) => {
      const reply = await ask(key, own(caller), 'HEAD');
      expect(reply.text, key).toBe('');
      return reply;
    };
    const bare = (refused: string) => `${refused} undefined`;
    expect(
      await deviations(reads, head(anonymous), (key) =>
        declared(key).access === 'public' ? String(admitted(key)) : bare('401'),
      ),
    ).toEqual([]);
    expect(
      await deviations(reads, head(signedIn), (key) =>
        declared(key).access === 'admin' ? bare('403') : String(admitted(key)),
      ),
    ).toEqual([]);
    const urls = new Set(reads.map((key) => key.slice(4)));
    const writesAlone = endpoints().filter((key) => !isRead(key) && !urls.has(key.slice(key.indexOf(' ') + 1)));
    expect(await deviations(writesAlone, head(signedIn), () => '404')).toEqual([]);
    const audited = endpoints().filter((key) => isRead(key) && declared(key).audit !== undefined);
    expect(audited.length).toBeGreaterThan(2);
    expect(await deviations(audited, head(await admin()), () => '404')).toEqual([]);
  });
});

describe('S-held: routes with their own access checks', () => {
  /** The addresses of one rule that accept a GET, with a file or suffix filled in where they have a placeholder. */
  const targetsOf = (rule: string) =>
    routes
      .filter((route) => route.method === 'GET' && ruleOf(route) === rule)
      .map(({ url }) => url.replace(':suffix', 'Microsoft365').replace('/*', '/index.html'));
  const get = (target: string, headers: Record<string, string> = {}) => sendRaw(argus.url, { target, headers });

  test('S-held: health says nothing but its state', async () => {
    for (const target of targetsOf('health')) {
      const { status, text } = await get(target);
      expect([status, text], target).toEqual([200, '{"status":"ok"}']);
    }
  });

  test('S-held, ops T2: in production nobody may read metrics without a token, as a plain proxy looks like this machine', async () => {
    const host = new URL(argus.url).host;
    expect((await get('/metrics')).status).toBe(404);
    for (const header of [
      'forwarded',
      'via',
      'x-forwarded-for',
      'x-forwarded-host',
      'x-forwarded-proto',
      'x-real-ip',
    ]) {
      expect((await get('/metrics', { host, [header]: '127.0.0.1' })).status, header).toBe(404);
    }
    expect((await get('/metrics', { host: 'argus.example.com' })).status).toBe(404);
  });

  test('S-held: the description of the API is open to everybody, or all of it to administrators only', async () => {
    const targets = targetsOf('docs');
    expect(targets.length).toBeGreaterThan(4);
    const isOpen = async (caller: Caller) => {
      const replies = await Promise.all(targets.map((target) => get(target, { cookie: caller.cookie })));
      const open = replies.map(({ status }) => status < 400);
      expect(new Set(open).size, JSON.stringify(targets.map((target, i) => [target, replies[i]?.status]))).toBe(1);
      return open[0];
    };
    const open = {
      nobody: await isOpen(await nobody()),
      user: await isOpen(await user()),
      admin: await isOpen(await admin()),
    };
    expect(open.admin).toBe(true);
    expect(open.user).toBe(open.nobody);
  });

  test('S-held: neither GET nor HEAD begins or ends a flow for somebody who is neither signed in nor in it', async () => {
    for (const target of targetsOf('flow')) {
      for (const method of ['GET', 'HEAD']) {
        const { status, headers } = await sendRaw(argus.url, { method, target: `${target}?code=x&state=y&ticket=z` });
        expect([303, 400, 404, 405], `${method} ${target}`).toContain(status);
        expect([undefined, '/authorization'], `${method} ${target}`).toContain(headers.location);
      }
    }
    const { prisma } = argus.database;
    expect([await prisma.authorizationTransaction.count(), await prisma.authorizationOutcome.count()]).toEqual([0, 0]);
  });

  test('S-held: pages are the built files and nothing else', async () => {
    for (const target of targetsOf('pages')) {
      const { status, text } = await get(target);
      expect(status, target).toBe(200);
      expect(text, target).toMatch(target.endsWith('.js') ? /nothing/ : stubText);
    }
    for (const target of ['/../package.json', '/assets/../../package.json', '/.env', '/assets/', '/assets/%2e%2e/x']) {
      expect((await get(target)).text, target).not.toContain('"name"');
    }
  });
});

describe('S-held: spellings of a path', () => {
  test('S-held: no spelling opens an administrator resource to anybody else', async () => {
    // A caller who can read a list of the API finds this name in it.
    await argus.addAccount('only-administrators-see-me@argus.example');
    const callers = { nobody: await nobody(), user: await user() };
    const paths = ['/api/admin/users', '/api/admin/audit-events', `/api/admin/users/${unknownId}`];
    const tried = paths.flatMap((path) => pathTricks(path));
    expect(tried.length).toBeGreaterThan(150);
    const reached: string[] = [];
    for (const [name, caller] of Object.entries(callers)) {
      for (const { target, headers } of tried) {
        const {
          status,
          text,
          headers: given,
        } = await sendRaw(argus.url, {
          target,
          headers: { ...own(caller), ...headers },
        });
        const isPage = text.includes(stubText) && String(given['content-type']).startsWith('text/html');
        const isHealth = target === '/healthz' && text === '{"status":"ok"}';
        const isRefused = [400, 401, 403, 404, 405, 501].includes(status) || (status === 302 && text === '');
        if (!(isPage || isHealth || isRefused) || text.includes('only-administrators')) {
          reached.push(`${name} ${JSON.stringify(headers)} ${target}: ${status} ${text.slice(0, 60)}`);
        }
      }
    }
    expect(reached).toEqual([]);
    // The same by an administrator; otherwise these paths would prove nothing.
    const sound = await sendRaw(argus.url, { target: '/api/admin/users?q=only', headers: own(await admin()) });
    expect(sound.text).toContain('only-administrators-see-me');
  });

  test('S-held: a method in a header or a parameter is ignored', async () => {
    const caller = await admin();
    const before = await argus.database.prisma.account.count();
    for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override', '_method']) {
      const { status, text } = await sendRaw(argus.url, {
        target: `/api/session?_method=DELETE&${name}=DELETE`,
        headers: { ...own(caller), [name]: 'DELETE' },
      });
      expect([status, text.includes('"user":{')], name).toEqual([200, true]);
    }
    for (const method of ['TRACE', 'PATCH', 'OPTIONS', 'PROPFIND', 'QUERY']) {
      const { status } = await sendRaw(argus.url, { method, target: '/api/admin/users', headers: own(caller) });
      expect([400, 404, 405], method).toContain(status);
    }
    expect(await argus.database.prisma.account.count()).toBe(before);
  });
});
