import { lookup } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { startDeadline } from '../src/deadline.ts';
import type { RemoteSite } from '../src/remote-site-policy.ts';
import type { Resolve } from '../src/vetted-lookup.ts';
import { call, closeAll, factOf, guarded, resolveTo, serve, serveTcp, site } from './local-server.ts';

afterEach(closeAll);

const textOf = (body: Uint8Array) => new TextDecoder().decode(body);

test('a call under way succeeds, however many other connect timeouts are used meanwhile', async () => {
  const answers: (() => void)[] = [];
  const server = await serve((request, response) => {
    if (request.url === '/slow') answers.push(() => response.end('slow'));
    else response.end('quick');
  });
  const origin = `http://127.0.0.1:${server.port}`;
  const guardedFetch = guarded([site(origin)]);
  const slow = call(guardedFetch, `${origin}/slow`, { connectTimeoutMs: 1_000 });
  while (answers.length === 0) await sleep(5);
  for (let i = 1; i <= 6; i += 1) await call(guardedFetch, `${origin}/`, { connectTimeoutMs: 1_000 + i });
  for (const answer of answers) answer();
  expect(textOf((await slow).body)).toBe('slow');
});

describe('guarded fetch: who may be called', () => {
  test('a registered site is called with our user agent, its own Host and the unchanged body', async () => {
    const server = await serve((request, response) => {
      response.setHeader('x-twice', ['a', 'b']);
      request.pipe(response.writeHead(201));
    });
    const origin = `http://127.0.0.1:${server.port}`;
    const response = await call(guarded([site(origin)]), `${origin}/path?a=b#c`, {
      method: 'POST',
      body: '新着メール',
      headers: { Host: 'evil.test', 'X-One': '1', 'Accept-Encoding': 'compress' },
    });
    expect(response).toMatchObject({ status: 201, url: `${origin}/path?a=b` });
    expect(response.headers['x-twice']).toBe('a, b');
    expect(textOf(response.body)).toBe('新着メール');
    expect(server.requests[0]).toMatchObject({ url: '/path?a=b', method: 'POST' });
    expect(server.requests[0]?.headers).toMatchObject({
      host: `127.0.0.1:${server.port}`,
      'user-agent': 'argus-test',
      'x-one': '1',
      'accept-encoding': 'gzip, deflate, br',
    });
  });

  test('statuses of 4xx and 5xx are replies, not failures', async () => {
    const server = await serve((_request, response) => response.writeHead(503, { 'retry-after': '3' }).end('busy'));
    const origin = `http://127.0.0.1:${server.port}`;
    const response = await call(guarded([site(origin)]), origin);
    expect(response).toMatchObject({ status: 503, headers: { 'retry-after': '3' } });
  });

  test('E01, E03, E04: what is not on the list reaches no socket, and the origin and near misses are named', async () => {
    const server = await serve((_request, response) => response.end());
    const guardedFetch = guarded([site(`http://good.example:${server.port}`)], { resolve: resolveTo('127.0.0.1') });
    for (const [url, kind] of [
      [`http://good.example:${server.port}@evil.test`, 'malformed_url'],
      [`http://good.example\t.evil.test:${server.port}`, 'malformed_url'],
      [`http://good.example%2eevil.test:${server.port}`, 'malformed_url'],
      [`http://evil.test:${server.port}`, 'site_not_registered'],
      [`https://good.example:${server.port}`, 'site_not_registered'],
    ] as const) {
      expect(await factOf(call(guardedFetch, url))).toMatchObject({ kind });
    }
    expect(await factOf(call(guardedFetch, `http://good.example:${server.port + 1}/x`))).toEqual({
      kind: 'site_not_registered',
      origin: `http://good.example:${server.port + 1}`,
      nearMisses: [{ origin: `http://good.example:${server.port}`, difference: 'port' }],
    });
    expect(server.connections()).toBe(0);
  });

  test('E02: other spellings of a listed host reach it under its canonical name', async () => {
    const server = await serve((_request, response) => response.end());
    const guardedFetch = guarded([site(`http://good.example:${server.port}`)], { resolve: resolveTo('127.0.0.1') });
    for (const host of ['GOOD.EXAMPLE', 'good.example.', 'ｇｏｏｄ。example']) {
      await call(guardedFetch, `http://${host}:${server.port}/`);
    }
    const hosts = server.requests.map((request) => request.headers.host);
    expect(hosts).toEqual(Array(3).fill(`good.example:${server.port}`));
  });

  test('E04: plain http is refused while protocol security is on', async () => {
    const server = await serve((_request, response) => response.end());
    const origin = `http://127.0.0.1:${server.port}`;
    const guardedFetch = guarded([{ ...site(origin), disableProtocolSecurity: false }]);
    expect(await factOf(call(guardedFetch, origin))).toEqual({ kind: 'plain_http', origin });
    expect(server.connections()).toBe(0);
  });

  test.each(['127.1', '2130706433', '0x7f000001', '①②⑦.⓪.⓪.①'])(
    'E06: %s is denied although it is listed and something listens there',
    async (host) => {
      const server = await serve((_request, response) => response.end());
      const url = `http://${host}:${server.port}/`;
      const guardedFetch = guarded([site(url)], { privateNetwork: 'none' });
      const fact = await factOf(call(guardedFetch, url));
      expect(fact).toMatchObject({ kind: 'address_denied', address: '127.0.0.1' });
      expect(server.connections()).toBe(0);
    },
  );

  test.each([
    ['E07', ['[::1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[2001:0:7f00:1::]', '[fd00::1]']],
    ['E08', ['169.254.169.254', '100.64.0.1', '168.63.129.16']],
  ])('%s: literals of other networks are denied although they are listed', async (_id, hosts) => {
    for (const host of hosts) {
      const url = `http://${host}/`;
      const fact = await factOf(call(guarded([site(url)], { privateNetwork: 'none' }), url));
      expect(fact.kind).toBe('address_denied');
    }
  });

  test.each(['127.0.0.1', '10.0.0.5', '169.254.169.254', '168.63.129.16', '::ffff:127.0.0.1', 'fd00::1', '::1'])(
    'E09: a listed name that resolves to %s is denied',
    async (address) => {
      const server = await serve((_request, response) => response.end());
      const origin = `http://good.example:${server.port}`;
      const guardedFetch = guarded([site(origin)], { privateNetwork: 'none', resolve: resolveTo(address) });
      expect(await factOf(call(guardedFetch, origin))).toEqual({ kind: 'address_denied', origin, address });
      expect(server.connections()).toBe(0);
    },
  );

  test('E09: localhost by the system’s own resolver is denied', async () => {
    const server = await serve((_request, response) => response.end());
    const origin = `http://localhost:${server.port}`;
    const fact = await factOf(call(guarded([site(origin)], { privateNetwork: 'none' }), origin));
    expect(fact.kind).toBe('address_denied');
    expect(server.connections()).toBe(0);
    const { address } = await lookup('localhost', { family: 4 });
    expect(address).toBe('127.0.0.1');
    await expect(call(guarded([site(origin)]), origin)).resolves.toMatchObject({ status: 200 });
  });

  test('E10: the socket goes to the address that was vetted, not to the one that the name resolves to next', async () => {
    const vetted = await serve((request, response) => response.end(request.socket.localAddress), '127.0.0.2');
    const answers = ['127.0.0.2', '127.0.0.3', '10.0.0.1'];
    let lookups = 0;
    const resolve: Resolve = async () => [{ address: answers[lookups++] ?? '10.0.0.1', family: 4 }];
    const origin = `http://good.example:${vetted.port}`;
    const response = await call(guarded([site(origin)], { resolve }), origin);
    expect(textOf(response.body)).toBe('127.0.0.2');
    expect(lookups).toBe(1);
  });

  test('E11: one private answer among public ones denies the name', async () => {
    const server = await serve((_request, response) => response.end());
    const origin = `http://good.example:${server.port}`;
    for (const addresses of [
      ['93.184.216.34', '127.0.0.1'],
      ['10.0.0.1', '93.184.216.34'],
      ['2606:4700::1111', '::ffff:127.0.0.1'],
    ]) {
      const guardedFetch = guarded([site(origin)], { privateNetwork: 'none', resolve: resolveTo(...addresses) });
      expect(await factOf(call(guardedFetch, origin))).toMatchObject({ kind: 'address_denied' });
    }
    expect(server.connections()).toBe(0);
  });

  test('E12: a removed entry stops the next call, although its socket is still pooled', async () => {
    const server = await serve((_request, response) => response.end('ok'));
    const origin = `http://127.0.0.1:${server.port}`;
    let sites: readonly RemoteSite[] = [site(origin)];
    const guardedFetch = guarded([], { sites: async () => sites });
    await call(guardedFetch, origin);
    // The connection returns to the pool a moment after the body is read.
    await sleep(50);
    await call(guardedFetch, origin);
    await sleep(50);
    expect([server.connections(), server.requests.length]).toEqual([1, 2]);
    sites = [];
    expect(await factOf(call(guardedFetch, origin))).toMatchObject({ kind: 'site_not_registered' });
    expect(server.requests.length).toBe(2);
  });

  test.each([301, 302, 303, 307, 308, 300])(
    'E13, O18: a %i is not followed, no second call goes out',
    async (status) => {
      const other = await serve((_request, response) => response.end());
      const location = `http://127.0.0.1:${other.port}/steal?x=y`;
      const server = await serve((_request, response) => response.writeHead(status, { location }).end());
      const origin = `http://127.0.0.1:${server.port}`;
      const guardedFetch = guarded([site(origin), site(`http://127.0.0.1:${other.port}`)]);
      const headers = { authorization: 'Bearer canary' };
      expect(await factOf(call(guardedFetch, origin, { method: 'POST', body: 'secret', headers }))).toEqual({
        kind: 'redirect',
        origin,
        status,
        locationOrigin: `http://127.0.0.1:${other.port}`,
      });
      expect(other.connections()).toBe(0);
      expect(server.requests.length).toBe(1);
    },
  );

  test('E13: a bearer token only goes to its own origin, even if the other host is listed', async () => {
    const other = await serve((_request, response) => response.end());
    const url = `http://127.0.0.1:${other.port}/v1.0/me/messages?$skip=10`;
    const guardedFetch = guarded([site(url)]);
    for (const allowedOrigin of ['https://graph.example', `http://127.0.0.1:${other.port + 1}`, 'no origin', '']) {
      expect(await factOf(call(guardedFetch, url, { allowedOrigin }))).toEqual({
        kind: 'origin_mismatch',
        origin: `http://127.0.0.1:${other.port}`,
      });
    }
    expect(other.connections()).toBe(0);
    await expect(call(guardedFetch, url, { allowedOrigin: url })).resolves.toMatchObject({ status: 200 });
  });

  test('an error of the list itself passes unchanged, and no request is sent', async () => {
    const server = await serve((_request, response) => response.end());
    const sites = () => Promise.reject(new Error('database down'));
    const outcome = call(guarded([], { sites }), `http://127.0.0.1:${server.port}`);
    await expect(outcome).rejects.toThrow('database down');
    expect(server.connections()).toBe(0);
  });

  test('check answers from the current list without calling', async () => {
    const guardedFetch = guarded([site('https://good.example')], { privateNetwork: 'none' });
    expect(await guardedFetch.check('https://good.example/x')).toMatchObject({ allowed: true });
    expect(await guardedFetch.check('https://evil.test')).toMatchObject({ reason: 'site_not_registered' });
    expect(await guardedFetch.check('https://127.1')).toMatchObject({ reason: 'address_denied' });
  });
});

describe('guarded fetch: time', () => {
  async function elapsed(outcome: Promise<unknown>) {
    const started = performance.now();
    const fact = await factOf(outcome);
    return { kind: fact.kind, ms: performance.now() - started };
  }

  test('U01: a hang in the list, in name resolution or at connect ends with the total budget', async () => {
    const never = () => new Promise<never>(() => {});
    const origin = 'http://good.example';
    const inList = guarded([], { sites: never });
    const inLookup = guarded([site(origin)], { resolve: never });
    for (const guardedFetch of [inList, inLookup]) {
      const { kind, ms } = await elapsed(call(guardedFetch, origin, { deadline: startDeadline(200) }));
      expect(kind).toBe('timeout');
      expect(ms).toBeLessThan(700);
    }
  });

  test('U01: the connect timeout fires before the total budget', async () => {
    const guardedFetch = guarded([site('http://good.example')], { resolve: () => new Promise(() => {}) });
    const outcome = elapsed(call(guardedFetch, 'http://good.example', { connectTimeoutMs: 200 }));
    const { kind, ms } = await outcome;
    expect(kind).toBe('connect_timeout');
    expect(ms).toBeLessThan(1200);
  });

  test('U01: a server that accepts and stays silent is given up at the total budget', async () => {
    const server = await serveTcp(() => {});
    const origin = `http://127.0.0.1:${server.port}`;
    const { kind, ms } = await elapsed(call(guarded([site(origin)]), origin, { deadline: startDeadline(300) }));
    expect(kind).toBe('timeout');
    expect(ms).toBeGreaterThan(250);
    expect(ms).toBeLessThan(800);
  });

  test('U07: one byte per 100 ms is cut by the total budget', async () => {
    const server = await serve((request, response) => {
      const drip = setInterval(() => response.write('x'), 100);
      request.socket.on('close', () => clearInterval(drip));
    });
    const origin = `http://127.0.0.1:${server.port}`;
    const { kind, ms } = await elapsed(call(guarded([site(origin)]), origin, { deadline: startDeadline(450) }));
    expect(kind).toBe('timeout');
    expect(ms).toBeGreaterThan(400);
    expect(ms).toBeLessThan(950);
  });

  test('U07: headers that drip are cut as well', async () => {
    const server = await serveTcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx-long: ');
      const drip = setInterval(() => socket.write('x'), 50);
      socket.on('close', () => clearInterval(drip));
    });
    const origin = `http://127.0.0.1:${server.port}`;
    const { kind, ms } = await elapsed(call(guarded([site(origin)]), origin, { deadline: startDeadline(300) }));
    expect(kind).toBe('timeout');
    expect(ms).toBeLessThan(800);
  });

  test('a call whose budget is used up sends nothing', async () => {
    const server = await serve((_request, response) => response.end());
    const origin = `http://127.0.0.1:${server.port}`;
    const deadline = startDeadline(20);
    await sleep(40);
    expect(await factOf(call(guarded([site(origin)]), origin, { deadline }))).toEqual({ kind: 'timeout', origin });
    expect(server.requests.length).toBe(0);
  });

  test('two calls share what is left of one budget', async () => {
    const server = await serve((_request, response) => setTimeout(() => response.end(), 600));
    const origin = `http://127.0.0.1:${server.port}`;
    const guardedFetch = guarded([site(origin)]);
    const deadline = startDeadline(900);
    await call(guardedFetch, origin, { deadline });
    const { kind, ms } = await elapsed(call(guardedFetch, origin, { deadline }));
    expect(kind).toBe('timeout');
    expect(ms).toBeLessThan(590);
  });
});
