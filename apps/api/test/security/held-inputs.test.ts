import { type EndpointKey, endpointMap } from '@argus/contract/endpoint-map';
import { present } from '@argus/fields/present';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, testPassword } from '../support/build-app.ts';
import { cookieHeader } from '../support/cookie-header.ts';
import { unknownToken } from '../support/invitee.ts';
import { declared, probeOf } from '../support/probe-endpoint.ts';
import { sendRaw } from '../support/send-raw.ts';
import { admin, argus, stageConnected } from '../support/stage-argus.ts';

const keys = Object.keys(endpointMap) as EndpointKey[];
const withBody = keys.filter((key) => declared(key).body);
const withQuery = keys.filter((key) => declared(key).query);

let own: Record<string, string>;
stageConnected();
beforeAll(async () => {
  await argus.addAccount('taro@argus.example');
  const { csrfToken } = await admin.call('GET /api/session');
  own = { cookie: cookieHeader(admin), 'x-csrf-token': csrfToken, origin: argus.url };
});
beforeEach(async () => {
  await argus.database.prisma.signInThrottle.deleteMany({});
});

/** Sends a body, or a query, to an endpoint as an administrator; returns the status and the code of the problem. */
async function send(key: EndpointKey, given: { body?: string; query?: string }): Promise<string> {
  const { method, path } = probeOf(key);
  const reply = await sendRaw(argus.url, {
    method,
    target: given.query === undefined ? path : `${path.split('?')[0]}?${given.query}`,
    headers: { ...own, ...(given.body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...present({ body: given.body }),
  });
  return `${reply.status} ${/"code":"(\w+)"/.exec(reply.text)?.[1]}`;
}

/** Sends each of these to each endpoint, and returns the unexpected answers. */
async function unexpected(
  of: readonly EndpointKey[],
  given: readonly { body?: string; query?: string }[],
  expected: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  for (const key of of) {
    for (const each of given) {
      const answer = await send(key, each);
      if (!expected.includes(answer)) found.push(`${key} ${(each.body ?? each.query)?.slice(0, 80)}: ${answer}`);
    }
  }
  return found;
}

const nested = (open: string, close: string, depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;
const polluted = () => [({} as { polluted?: unknown }).polluted, Object.keys(Object.prototype)];

describe('S-held: hostile bodies, at every endpoint that takes one', () => {
  const refused = ['400 request_invalid'];

  test('S-held: prototype properties are not accepted as fields', async () => {
    const bodies = [
      '{"__proto__":{"polluted":1}}',
      '{"constructor":{"prototype":{"polluted":1}}}',
      '{"\\u005f\\u005fproto\\u005f\\u005f":{"polluted":1}}',
      '{"prototype":{"polluted":1},"toString":1,"hasOwnProperty":1,"valueOf":1}',
      '{"a":{"__proto__":{"polluted":1}}}',
    ].map((body) => ({ body }));
    expect(withBody.length).toBeGreaterThan(15);
    expect(await unexpected(withBody, bodies, refused)).toEqual([]);
    expect(polluted()).toEqual([undefined, []]);
  });

  test('S-held: JSON that parsers read differently, that is not an object or is nested without end is refused', async () => {
    const bodies = [
      '',
      '[{}]',
      '"x"',
      '1e999',
      '{"a":1,}',
      "{'a':1}",
      '{"a":1}{"a":2}',
      '\ufeff{}',
      '{"a":"\u0000"}',
      '{"$where":"1","$gt":"","$ne":null}',
      nested('[', ']', 50_000),
      nested('{"a":', '}', 40_000),
      `{"a":${nested('[', ']', 100_000)}}`,
    ].map((body) => ({ body }));
    expect(await unexpected(withBody, bodies, refused)).toEqual([]);
    expect((await argus.browser().send('GET', '/healthz')).status).toBe(200);
  });

  test('S-held: an object, an array or a number in place of each text is refused, and so is each extra field', async () => {
    const found: string[] = [];
    for (const key of withBody) {
      const { properties = {} } = declared(key).body as { properties?: Record<string, { type?: string }> };
      for (const [name, { type }] of Object.entries(properties)) {
        const objects = [{ contains: '' }, { $ne: '' }, ['x']];
        // A union type accepts several.
        const wrong = type === undefined ? objects : [...objects, ...(type === 'string' ? [1, true] : ['x'])];
        for (const value of wrong) {
          const answer = await send(key, { body: JSON.stringify({ [name]: value }) });
          if (answer !== refused[0]) found.push(`${key} ${name} ${JSON.stringify(value)}: ${answer}`);
        }
      }
      const tooMany = {
        id: 'x',
        version: 1,
        role: 'admin',
        active: true,
        passwordHash: 'x',
        accountId: 'x',
        isAdmin: true,
      };
      if ((await send(key, { body: JSON.stringify({ ...tooMany, extra: 1 }) })) !== refused[0]) found.push(key);
    }
    expect(found).toEqual([]);
  });
});

describe('S-held: hostile queries, at every endpoint that takes one', () => {
  test('S-held: prototypes, objects and unknown parameters are refused', async () => {
    const queries = [
      '__proto__[polluted]=1',
      '__proto__.polluted=1',
      '__proto__=1',
      'constructor[prototype][polluted]=1',
      'constructor=1',
      'toString=1',
      'unknown=1',
      '$where=1',
      'where[role]=admin',
      'select[passwordHash]=true',
      'orderBy=passwordHash',
      'include=account',
    ].map((query) => ({ query }));
    expect(withQuery.length).toBeGreaterThan(10);
    // The id in a path is looked up only after the query was validated.
    expect(await unexpected(withQuery, queries, ['400 request_invalid'])).toEqual([]);
    expect(polluted()).toEqual([undefined, []]);
  });

  const values = [
    "'",
    "' OR 1=1--",
    '"; DROP TABLE "Account"; --',
    '\\',
    '\u0000',
    '-1',
    '1e309',
    'NaN',
    '99999999999999999999999',
    'null',
    '[]',
    '{}',
    'WyIiLCIiXQ==',
    Buffer.from(JSON.stringify(['x', 'y', 'z'])).toString('base64url'),
    Buffer.from(JSON.stringify([{ toString: 1 }, null])).toString('base64url'),
    Buffer.from(JSON.stringify(["' OR 1=1--", '00000000-0000-0000-0000-000000000000'])).toString('base64url'),
    Buffer.from('["\\ud800","x"]').toString('base64url'),
    Buffer.from(nested('[', ']', 500)).toString('base64url'),
    'A'.repeat(5_000),
    '\u202e\u{1f4a9}',
  ];

  test('S-held: every cursor, sort, page and filter is understood or refused, and none causes an internal error', async () => {
    const found: string[] = [];
    let tried = 0;
    for (const key of withQuery) {
      const { properties = {} } = declared(key).query as { properties?: Record<string, unknown> };
      for (const name of Object.keys(properties)) {
        for (const value of values) {
          const required = new URLSearchParams(probeOf(key).path.split('?')[1] ?? '');
          required.set(name, value);
          const answer = await send(key, { query: String(required) });
          tried += 1;
          if (!/^(200|400 request_invalid|404 not_found)/.test(answer))
            found.push(`${key} ${name}=${value.slice(0, 60)}: ${answer}`);
        }
      }
    }
    expect(tried).toBeGreaterThan(500);
    expect(found).toEqual([]);
    expect(await argus.database.prisma.account.count()).toBe(2);
    expect(await argus.database.prisma.errorEvent.count({ where: { code: 'internal_error' } })).toBe(0);
  });
});

describe('S-held: overlong passwords', () => {
  test('S-held: are refused by every endpoint that takes one, before anything is hashed', async () => {
    const taro = await argus.signedIn('taro@argus.example');
    const account = await argus.database.prisma.account.findFirstOrThrow({
      where: { usernameKey: 'taro@argus.example' },
    });
    const user = { username: 'x@argus.example', displayName: 'x', role: 'user', salesforceId: null };
    const places: readonly [Browser, string, string, (password: string) => object][] = [
      [argus.browser(), 'POST', '/api/session', (password) => ({ username: 'taro@argus.example', password })],
      [taro, 'PUT', '/api/session/password', (password) => ({ currentPassword: testPassword, newPassword: password })],
      [taro, 'PUT', '/api/session/password', (password) => ({ currentPassword: password, newPassword: testPassword })],
      [argus.browser(), 'POST', '/api/invitation/accept', (password) => ({ token: unknownToken, password })],
      [admin, 'POST', '/api/admin/users', (password) => ({ ...user, password })],
      [admin, 'PUT', `/api/admin/users/${account.id}/password`, (password) => ({ password })],
    ];
    for (const [browser, method, path, body] of places) {
      const { csrfToken } = await browser.call('GET /api/session');
      for (const length of [2_001, 200_000]) {
        // Also of letters that become three each by compatibility: the hashed text may be longer than the sent one.
        for (const letter of ['x', 'ﷺ', '\u{1f4a9}']) {
          const options = { body: body(letter.repeat(length)), headers: { 'x-csrf-token': csrfToken } };
          const { status } = await browser.send(method, path, options);
          expect([400, 413], `${method} ${path} ${length} ${letter}`).toContain(status);
        }
      }
    }
    expect((await argus.browser().send('GET', '/healthz')).status).toBe(200);
    await argus.browser().signIn('taro@argus.example');
  });
});
