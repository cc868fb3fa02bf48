import { request as httpRequest } from 'node:http';
import { type EndpointKey, endpointMap } from '@argus/contract/endpoint-map';
import { demoApp } from '@argus/fake-microsoft/data/demo-company';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../src/platform/problems/app-error.ts';
import { type Browser, suffix, testPassword } from '../support/build-app.ts';
import { cookieHeader } from '../support/cookie-header.ts';
import { admitted, declared, probe, unknownId } from '../support/probe-endpoint.ts';
import { argus, stageConnected } from '../support/stage-argus.ts';

const keys = Object.keys(endpointMap) as EndpointKey[];
const deepObject = `${'{"name":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
const changing = keys.filter((key) => !key.startsWith('GET'));

stageConnected();
beforeAll(async () => {
  await argus.addAccount('taro@argus.example');
});
beforeEach(async () => {
  await argus.database.prisma.signInThrottle.deleteMany({});
});

const people = new Map<string, Browser>();

/** A signed-in user: the same session as before, unless a probe has ended it. */
async function somebody(username: string, role?: 'admin'): Promise<Browser> {
  const known = people.get(username);
  if (known && (await known.call('GET /api/session')).user) return known;
  const browser = await argus.signedIn(username, role);
  people.set(username, browser);
  return browser;
}

describe('H01: every endpoint of the contract enforces its declared access', () => {
  test('H01: the API serves exactly the endpoints of the contract', () => {
    const { paths } = argus.app.swagger() as { paths: Record<string, Record<string, unknown>> };
    const served = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    expect(served.toSorted()).toEqual(keys.toSorted());
  });

  test.each(keys)('H01: %s', async (key) => {
    const { access } = declared(key);
    const nobody = await probe(argus.browser(), key);
    const user = await probe(await somebody('taro@argus.example'), key);
    const admin = await probe(await somebody('admin@argus.example', 'admin'), key);
    expect({ nobody: nobody.status, user: user.status, admin: admin.status }).toEqual({
      nobody: access === 'public' ? admitted(key) : 401,
      user: access === 'admin' ? 403 : admitted(key),
      admin: admitted(key),
    });
    if (access !== 'public') expect(nobody.body).toMatchObject({ code: 'session_missing' });
    if (access === 'admin') expect(user.body).toMatchObject({ code: 'access_denied' });
    // S03: no browser or proxy stores anything of a signed-in user.
    for (const reply of [nobody, user, admin]) {
      expect(reply.headers.get('cache-control')).toBe('no-store');
      if (reply.status >= 400) expect(reply.headers.get('content-type')).toContain('application/problem+json');
    }
  });

  test.each(['/api/admin/remote-sites/%zz', '/api/%c0%80'])('H01: the malformed path %s is a problem', async (path) => {
    const reply = await argus.browser().send('GET', path);
    expect(reply).toMatchObject({ status: 400, body: { code: 'request_invalid' } });
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
  });

  test('H01: an unknown path of the API is not found, signed in or not', async () => {
    expect(await argus.browser().send('GET', '/api/nothing')).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
    const admin = await argus.signedIn('admin@argus.example');
    expect(await admin.send('GET', '/api/admin/nothing')).toMatchObject({ status: 404 });
  });
});

describe('H02: requests forged by another site', () => {
  test.each(changing)('H02: %s from another origin is refused, whatever token it has', async (key) => {
    const [method = '', path = ''] = key.split(' ');
    const admin = await somebody('admin@argus.example');
    const { csrfToken } = await admin.call('GET /api/session');
    for (const origin of ['https://evil.test', 'null', `${argus.url}.evil.test`]) {
      const reply = await admin.send(method, path.replace(/:\w+/, unknownId), {
        headers: { origin, 'x-csrf-token': csrfToken },
      });
      expect(reply).toMatchObject({ status: 403, body: { code: 'csrf_token_invalid' } });
    }
    expect((await admin.call('GET /api/session')).user).not.toBeNull();
  });

  test.each(changing)('H02: %s without the token, or with the token of another session, is refused', async (key) => {
    const [method = '', path = ''] = key.split(' ');
    const admin = await somebody('admin@argus.example');
    const { csrfToken: foreign } = await argus.browser().call('GET /api/session');
    for (const token of ['', foreign]) {
      const reply = await admin.send(method, path.replace(/:\w+/, unknownId), { headers: { 'x-csrf-token': token } });
      expect(reply).toMatchObject({ status: 403, body: { code: 'csrf_token_invalid' } });
    }
    expect((await admin.call('GET /api/session')).user).not.toBeNull();
  });

  test('H02: no reply can be read by another origin', async () => {
    const reply = await argus.browser().send('GET', '/api/session', { headers: { origin: 'https://evil.test' } });
    expect([...reply.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});

describe('bodies', () => {
  let admin: Browser;
  let csrfToken: string;
  beforeAll(async () => {
    admin = await argus.signedIn('admin@argus.example');
    csrfToken = (await admin.call('GET /api/session')).csrfToken;
  });
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    admin.send('POST', '/api/admin/remote-sites', { body, headers: { 'x-csrf-token': csrfToken, ...headers } });
  const site = { name: 'A', url: 'https://a.example', disableProtocolSecurity: false, active: true, description: '' };

  test.each([
    'text/plain',
    'text/plain;charset=utf-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/csp-report',
    'application/jsonp',
    'json',
    '',
  ])('H02 H03: a body of type "%s" is not parsed as JSON', async (type) => {
    const reply = await post(JSON.stringify(site), { 'content-type': type });
    expect(reply).toMatchObject({ status: 415, body: { code: 'media_type_unsupported' } });
  });

  test.each(['application/json; charset=utf-16', 'APPLICATION/JSON'])('H03: "%s" is validated', async (type) => {
    const reply = await post(JSON.stringify({ ...site, url: 'nonsense' }), { 'content-type': type });
    expect(reply.status).toBe(400);
  });

  test.each([
    ['an unknown field', { ...site, extra: 1 }, 'extra', 'unknown_field'],
    ['a number for a text', { ...site, name: 1 }, 'name', 'type_wrong'],
    ['a text for a boolean', { ...site, active: 'true' }, 'active', 'type_wrong'],
    ['null for a text', { ...site, description: null }, 'description', 'type_wrong'],
    ['an array for a text', { ...site, name: ['A'] }, 'name', 'type_wrong'],
    ['a missing field', { ...site, active: undefined }, 'active', 'required'],
    ['a text that is too long', { ...site, name: 'x'.repeat(256) }, 'name', 'too_long'],
  ])('H04: %s is refused at its field, without coercion', async (_, body, field, code) => {
    const reply = await post(body);
    expect(reply).toMatchObject({ status: 400, body: { code: 'request_invalid', fields: [{ field, code }] } });
  });

  test.each([
    ['a text for a number', { version: '1' }],
    ['a fraction for an integer', { mailCount: 1.5 }],
    ['an unknown field', { extra: true }],
  ])('H04: %s in the settings changes nothing', async (_, change) => {
    const before = await admin.call('GET /api/admin/settings');
    const { coverage: _c, warnings: _w, updatedAt: _u, ...settings } = before;
    const reply = await admin.send('PUT', '/api/admin/settings', {
      body: { ...settings, ...change },
      headers: { 'x-csrf-token': csrfToken },
    });
    expect(reply.status).toBe(400);
    expect(await admin.call('GET /api/admin/settings')).toEqual(before);
  });

  test.each([
    'after=x',
    'before=',
    'page=2',
    'pageSize=201',
    'role=boss',
    'active=maybe',
    'unknown=1',
    'q=a&q=b',
    'role[]=user',
  ])('H04: the query ?%s is refused', async (query) => {
    expect(await admin.send('GET', `/api/admin/users?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'request_invalid' },
    });
  });

  test.each([
    `{"__proto__":{"admin":true},${JSON.stringify(site).slice(1)}`,
    `{"constructor":{"prototype":{"admin":true}},${JSON.stringify(site).slice(1)}`,
    `{"name":{"__proto__":{}},${JSON.stringify({ ...site, name: undefined }).slice(1)}`,
    '{"\\u005f_proto__":{}}',
  ])('H05: %s is refused', async (body) => {
    const reply = await post(body);
    expect(reply).toMatchObject({ status: 400, body: { code: 'request_invalid' } });
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test.each(['', '{', '[]', 'null', '"text"', '{"name":"\\ud800"}'])('H04: the body %s is refused', async (body) => {
    expect(await post(body)).toMatchObject({ status: 400, body: { code: 'request_invalid' } });
  });

  test.each([
    ['a body over the limit', () => post(JSON.stringify({ ...site, description: 'x'.repeat(300_000) })), 413],
    ['JSON 10,000 deep', () => post('['.repeat(10_000) + ']'.repeat(10_000)), 400],
    ['an object 10,000 deep', () => post(deepObject), 400],
    [
      'JSON 10,000 deep where no body is expected',
      () =>
        admin.send('POST', '/api/authorization/tickets', {
          body: deepObject,
          headers: { 'x-csrf-token': csrfToken },
        }),
      409,
    ],
    ['10,000 fields', () => post(Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`f${i}`, i]))), 400],
    ['1,000 parameters', () => admin.send('GET', `/api/admin/users?${'a=1&'.repeat(1000)}`), 400],
    ['10,000 parameters', () => admin.send('GET', `/api/admin/users?${'a=1&'.repeat(10_000)}`), 431],
    ['a very long path', () => admin.send('GET', `/api/admin/remote-sites/${'x'.repeat(5000)}`), 404],
  ])('H06: %s is refused, and Argus keeps running', async (_, send, status) => {
    const reply = await send();
    expect(reply.status).toBe(status);
    expect((await admin.send('GET', '/healthz')).status).toBe(200);
  });

  test('H06: a body whose Content-Length exceeds the limit is refused before it is sent', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(`${argus.url}/api/admin/remote-sites`, {
        method: 'POST',
        headers: {
          cookie: cookieHeader(admin),
          origin: argus.url,
          'x-csrf-token': csrfToken,
          'content-type': 'application/json',
          'content-length': 10 ** 9,
        },
      });
      request.on('response', (response) => {
        resolve(response.statusCode);
        request.destroy();
      });
      request.on('error', reject);
      request.flushHeaders();
    });
    expect(status).toBe(413);
  });

  test.each(['q=%E3%81', 'q=%25_%5C', 'q=%F4%8F%BF%BF', 'q=%ED%9F%BF&pageSize=200', 'after=WyIiXQ'])(
    'H04: the odd search ?%s causes no internal error',
    async (query) => {
      for (const path of ['users', 'account-links']) {
        const { status } = await admin.send('GET', `/api/admin/${path}?${query}`);
        expect([200, 400]).toContain(status);
      }
    },
  );

  test('a NUL, which no database text can hold, is refused in every field', async () => {
    const nul = String.fromCharCode(0);
    const invalid = { status: 400, body: { code: 'request_invalid' } };
    expect(await post({ ...site, name: `a${nul}` })).toMatchObject(invalid);
    for (const path of ['error-events?username=%00', 'error-events?code=%00', 'audit-events?action=a%00b']) {
      expect(await admin.send('GET', `/api/admin/${path}`)).toMatchObject(invalid);
    }
    const body = { username: `a${nul}@argus.example`, password: testPassword };
    const options = { body, headers: { 'x-csrf-token': csrfToken } };
    expect(await admin.send('POST', '/api/session', options)).toMatchObject(invalid);
  });
});

describe('what a reply contains', () => {
  /** Every property name in a JSON value. */
  function propertiesOf(value: unknown): Set<string> {
    const names = new Set<string>();
    const visit = (each: unknown) => {
      if (typeof each !== 'object' || each === null) return;
      for (const [name, inner] of Object.entries(each)) {
        if (!Array.isArray(each)) names.add(name);
        visit(inner);
      }
    };
    visit(value);
    return names;
  }
  const forAdminsOnly = [
    'admin',
    'causes',
    'condition',
    'place',
    'remedy',
    'mendAt',
    'menders',
    'upstream',
    'nearMisses',
    'row',
  ];

  test('a problem shows its cause, place, remedy and upstream ids only to administrators', async () => {
    await argus.addAccount('hanako@argus.example');
    const admin = await argus.signedIn('admin@argus.example');
    const link = { username: 'hanako@argus.example', microsoftAccount: 'hanako.sato@contoso.example' };
    await admin.call('POST /api/admin/account-links', { body: link });
    await admin.call('POST /api/admin/account-links', {
      body: { username: 'admin@argus.example', microsoftAccount: 'admin@contoso.example' },
    });
    const sites = await admin.call('GET /api/admin/remote-sites');
    const login = sites.items.find(({ name }) => name === 'login');
    await admin.call('DELETE /api/admin/remote-sites/:id', { params: { id: login?.id ?? '' } });

    const user = await argus.signedIn('hanako@argus.example');
    const shown = await user.fails('POST /api/authorization/tickets');
    expect(shown).toMatchObject({ code: 'authorization_site_not_registered', errorId: expect.any(String) });
    expect([...propertiesOf(shown)].filter((name) => forAdminsOnly.includes(name))).toEqual([]);
    const told = await admin.fails('POST /api/authorization/tickets');
    expect(told.admin).toMatchObject({ row: expect.any(String), origin: argus.fake.loginUrl });
    expect(told.admin?.causes[0]).toMatchObject({ condition: expect.any(String), remedy: expect.any(String) });
    const portlet = await user.send('GET', '/api/new-arrivals');
    expect(portlet.status).toBeGreaterThanOrEqual(400);
    expect([...propertiesOf(portlet.body)].filter((name) => forAdminsOnly.includes(name))).toEqual([]);
    const own = await user.call('GET /api/authorization');
    expect([...propertiesOf(own)].filter((name) => forAdminsOnly.includes(name))).toEqual([]);
  });

  test('an unforeseen error shows neither its stack nor its message', async () => {
    const admin = await argus.signedIn('admin@argus.example');
    const { csrfToken } = await admin.call('GET /api/session');
    const cause = new AppError('internal_error', {}, { cause: new Error('a detail of ours at /secret/path.ts') });
    const { prisma } = argus.database;
    const { findMany } = prisma.remoteSite;
    Object.assign(prisma.remoteSite, { findMany: () => Promise.reject(cause) });
    try {
      const reply = await admin.send('GET', '/api/admin/remote-sites', { headers: { 'x-csrf-token': csrfToken } });
      expect(reply).toMatchObject({ status: 500, body: { code: 'internal_error', errorId: expect.any(String) } });
      expect(reply.text).not.toMatch(/detail of ours|secret|\.ts|stack/);
    } finally {
      Object.assign(prisma.remoteSite, { findMany });
    }
  });

  test('no reply of any endpoint that reads contains a secret, a hash or a sealed value', async () => {
    const admin = await argus.signedIn('admin@argus.example');
    const stored = await argus.database.prisma.authProvider.findFirst({ where: { urlSuffix: suffix } });
    const hashes = await argus.database.prisma.account.findMany({ select: { passwordHash: true } });
    const secrets = [demoApp.secrets[0]?.value, stored?.sealedConsumerSecret, ...hashes.map((row) => row.passwordHash)];
    expect(secrets.every((secret) => typeof secret === 'string' && secret.length > 20)).toBe(true);
    for (const key of keys.filter((each) => each.startsWith('GET'))) {
      const path = key.slice(4).replace(':id', stored?.id ?? '');
      const { text } = await admin.send('GET', path);
      for (const secret of secrets) expect(text).not.toContain(secret);
      // The column of a sealed value, or such a value; an error code may mention sealed values.
      expect(text).not.toMatch(/passwordHash|sealed(?!_value_unreadable)|\$argon2/i);
    }
  });

  test('S03: replies are never cached, sniffed or framed', async () => {
    const admin = await argus.signedIn('admin@argus.example');
    const reply = await admin.send('GET', '/api/admin/auth-providers');
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
    expect(reply.headers.get('referrer-policy')).toBe('no-referrer');
    expect(reply.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });
});
