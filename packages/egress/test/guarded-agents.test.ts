import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runWithDeadline, startDeadline } from '../src/deadline.ts';
import { fromWreckError } from '../src/from-wreck-error.ts';
import type { GuardedFetchOptions } from '../src/guarded-fetch.ts';
import type { RemoteSite } from '../src/remote-site-policy.ts';
import type { Resolve } from '../src/vetted-lookup.ts';
import { closeAll, guarded, type LocalServer, serve, serveTls, site } from './local-server.ts';
import { selfSigned } from './self-signed.ts';

// simple-oauth2 drives @hapi/wreck, and clones its options on the way: what counts is what survives that.
type TokenClient = { getToken(params: { code: string; redirect_uri: string }): Promise<{ readonly token: unknown }> };
const require = createRequire(import.meta.url);
const { AuthorizationCode } = require('simple-oauth2') as {
  readonly AuthorizationCode: new (options: object) => TokenClient;
};

let mode = 'ok';
let server: LocalServer;
let origin: string;

beforeEach(async () => {
  server = await serve((request, response) => {
    const json = (status: number, body: string, headers = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    if (mode === 'ok') return json(200, '{"access_token":"a","token_type":"Bearer"}');
    if (mode === 'invalid_client') return json(401, '{"error":"invalid_client"}', { 'Retry-After': '3' });
    if (mode === 'html') return response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>busy</h1>');
    if (mode === 'no json') return json(200, '{"access_token":');
    if (mode === 'too large') return json(200, ' '.repeat(2_000_000));
    if (mode === 'reset') return request.socket.destroy();
    if (mode === 'truncated') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 }).write('{');
      return setTimeout(() => request.socket.destroy(), 20);
    }
    if (mode === 'drip') {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 50);
      return response.on('close', () => clearInterval(drip));
    }
    if (mode !== 'hang') return response.writeHead(Number(mode), { location: '/elsewhere' }).end();
    return undefined;
  });
  origin = `http://127.0.0.1:${server.port}`;
});
afterEach(closeAll);

function tokenClient(
  host: string,
  sites: readonly RemoteSite[],
  options: Partial<GuardedFetchOptions> = {},
  ms = 3000,
) {
  const http = guarded(sites, options).wreckOptions(ms);
  return new AuthorizationCode({
    client: { id: 'id', secret: 'canary' },
    auth: { tokenHost: host, tokenPath: '/token' },
    http,
  });
}

const params = { code: 'code', redirect_uri: 'https://argus.example/callback' };

async function outcomeOf(client: TokenClient, totalMs = 2000) {
  const deadline = startDeadline(totalMs);
  return runWithDeadline(deadline, () => client.getToken(params)).then(
    () => undefined,
    (error: unknown) => fromWreckError(error, origin, deadline),
  );
}

describe('guarded agents under simple-oauth2', () => {
  test('a registered token endpoint is called', async () => {
    mode = 'ok';
    const { token } = await tokenClient(origin, [site(origin)]).getToken(params);
    expect(token).toMatchObject({ access_token: 'a' });
  });

  test('E12: no connection is kept alive, and a removed entry stops the next call', async () => {
    mode = 'ok';
    let sites: readonly RemoteSite[] = [site(origin)];
    const client = tokenClient(origin, [], { sites: async () => sites });
    expect(await outcomeOf(client)).toBeUndefined();
    expect(await outcomeOf(client)).toBeUndefined();
    expect(server.connections()).toBe(2);
    sites = [];
    expect(await outcomeOf(client)).toEqual({
      kind: 'egress',
      fact: { kind: 'site_not_registered', origin, nearMisses: [] },
    });
    expect(server.connections()).toBe(2);
  });

  test('E06: a literal loopback address is denied, although no lookup is called for it', async () => {
    mode = 'ok';
    for (const host of ['127.0.0.1', '127.1', '2130706433']) {
      const url = `http://${host}:${server.port}`;
      const client = tokenClient(url, [site(url)], { privateNetwork: 'none' });
      expect(await outcomeOf(client)).toMatchObject({ fact: { kind: 'address_denied', address: '127.0.0.1' } });
    }
    expect(server.connections()).toBe(0);
  });

  test('E07: IPv6 literals are denied', async () => {
    const url = `http://[::ffff:7f00:1]:${server.port}`;
    expect(await outcomeOf(tokenClient(url, [site(url)]))).toMatchObject({ fact: { kind: 'address_denied' } });
    expect(server.connections()).toBe(0);
  });

  test('E09, E11: a name with a private answer is denied', async () => {
    const url = `http://good.example:${server.port}`;
    const resolve: Resolve = async () => [
      { address: '93.184.216.34', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    const client = tokenClient(url, [site(url)], { privateNetwork: 'none', resolve });
    expect(await outcomeOf(client)).toMatchObject({ fact: { kind: 'address_denied', address: '127.0.0.1' } });
    expect(server.connections()).toBe(0);
  });

  test('E10: the socket goes to the vetted address', async () => {
    mode = 'ok';
    const url = `http://good.example:${server.port}`;
    const answers = ['127.0.0.1', '10.0.0.1'];
    const resolve: Resolve = async () => [{ address: answers.shift() ?? '10.0.0.1', family: 4 }];
    const client = tokenClient(url, [site(url)], { resolve });
    expect(await outcomeOf(client)).toBeUndefined();
    expect(await outcomeOf(client)).toMatchObject({ fact: { kind: 'address_denied' } });
  });

  test.each(['301', '302', '307', '308'])('O18: a %s is a failure, the secret is not sent again', async (status) => {
    mode = status;
    expect(await outcomeOf(tokenClient(origin, [site(origin)]))).toEqual({
      kind: 'egress',
      fact: { kind: 'redirect', origin },
    });
    expect(server.requests.length).toBe(1);
  });

  test.each(['hang', 'drip'])(
    'U01, U07: %s ends with the deadline that runs, not with a wait of its own',
    async (fault) => {
      mode = fault;
      const started = performance.now();
      const outcome = await outcomeOf(tokenClient(origin, [site(origin)]), 300);
      expect(outcome).toEqual({ kind: 'egress', fact: { kind: 'timeout', origin } });
      expect(performance.now() - started).toBeLessThan(800);
    },
  );

  test.each(['hang', 'drip'])('U01, U07: %s ends with the options’ own budget where none runs', async (fault) => {
    mode = fault;
    const started = performance.now();
    const error = await tokenClient(origin, [site(origin)], {}, 300)
      .getToken(params)
      .catch((reason: unknown) => reason);
    expect(fromWreckError(error, origin)).toMatchObject({ kind: 'egress' });
    expect(performance.now() - started).toBeLessThan(800);
  });

  test('U01: a hang in the list or in name resolution ends with the deadline', async () => {
    const never = () => new Promise<never>(() => {});
    for (const options of [{ sites: never }, { resolve: never }]) {
      const url = 'http://good.example';
      const started = performance.now();
      const client = tokenClient(url, [site(url)], options);
      expect(await outcomeOf(client, 200)).toMatchObject({ fact: { kind: 'timeout' } });
      expect(performance.now() - started).toBeLessThan(700);
    }
  });

  test('a certificate that nobody vouches for is refused by every agent', async () => {
    const tls = await serveTls((_request, response) => response.end(), selfSigned(['good.example']));
    const url = `https://good.example:${tls.port}`;
    const resolve: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const guardedFetch = guarded([site(url)], { resolve });
    const http = guardedFetch.wreckOptions(2000);
    for (const rejectUnauthorized of [undefined, true, false]) {
      const client = new AuthorizationCode({
        client: { id: 'id', secret: 'canary' },
        auth: { tokenHost: url, tokenPath: '/token' },
        http: { ...http, ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }) },
      });
      expect(await outcomeOf(client)).toMatchObject({ fact: { kind: 'tls', osCode: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
    }
    expect(tls.requests.length).toBe(0);
  });

  test('an error reply keeps status, headers and payload; one that is no JSON keeps its status', async () => {
    mode = 'invalid_client';
    const client = tokenClient(origin, [site(origin)]);
    expect(await outcomeOf(client)).toMatchObject({
      kind: 'reply',
      status: 401,
      headers: { 'retry-after': '3' },
      payload: { error: 'invalid_client' },
    });
    mode = 'html';
    expect(await outcomeOf(client)).toMatchObject({ kind: 'reply', status: 503 });
    mode = 'no json';
    expect(await outcomeOf(client)).toMatchObject({ kind: 'reply', status: 200 });
  });

  test.each([
    ['reset', 'reset'],
    ['truncated', 'truncated'],
    // Wreck cuts the connection at its cap and reports it as one that broke off.
    ['too large', 'truncated'],
  ])('U05, U06: %s is a typed failure', async (fault, kind) => {
    mode = fault;
    expect(await outcomeOf(tokenClient(origin, [site(origin)]))).toMatchObject({ kind: 'egress', fact: { kind } });
  });

  test('S02: an error that was read holds neither the secret nor the reply, and can be read again', async () => {
    mode = 'invalid_client';
    const error = await tokenClient(origin, [site(origin)])
      .getToken(params)
      .catch((reason: unknown) => reason);
    const shown = () => inspect(error, { depth: 20, showHidden: true });
    // The client's secret, as simple-oauth2 sends it by default: HTTP Basic.
    const secret = Buffer.from('id:canary').toString('base64');
    expect(shown()).toContain(secret);
    expect(shown()).toContain('invalid_client');
    const outcome = fromWreckError(error, origin);
    expect(shown()).not.toContain(secret);
    expect(shown()).not.toContain('invalid_client');
    expect(fromWreckError(error, origin)).toBe(outcome);
  });

  test('what is no error of Wreck is judged like any other', () => {
    const refused = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
    expect(fromWreckError(refused, origin)).toMatchObject({ kind: 'egress', fact: { kind: 'refused' } });
    expect(fromWreckError(undefined, origin)).toMatchObject({ kind: 'egress', fact: { kind: 'network' } });
  });
});
