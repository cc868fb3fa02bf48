import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { inspect } from 'node:util';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startDeadline } from '../src/deadline.ts';
import type { GuardedFetchOptions } from '../src/guarded-fetch.ts';
import { readNoProxy } from '../src/no-proxy.ts';
import type { OutboundProxy } from '../src/outbound-proxy.ts';
import { probeCertificate, probeConnection, probeWay } from '../src/probe-host.ts';
import type { RemoteSite } from '../src/remote-site-policy.ts';
import type { Resolve } from '../src/vetted-lookup.ts';
import { type ConnectProxy, type ProxyAnswer, startConnectProxy } from './connect-proxy.ts';
import { call, closeAll, factOf, guarded, serve, serveTcp, serveTls, site } from './local-server.ts';
import { selfSigned } from './self-signed.ts';

const trusted = selfSigned(['good.example', 'proxy.example', 'localhost'], 30);
const credentials = { username: 'argus', password: 'pä:ss@word' };
const unasked: Resolve = () => Promise.reject(new Error('not to be resolved here'));
const running: (() => Promise<unknown>)[] = [];

beforeAll(() => setDefaultCACertificates([...getCACertificates('default'), trusted.cert]));
afterEach(async () => {
  await closeAll();
  await Promise.all(running.splice(0).map((stop) => stop()));
});

async function proxied(options: Parameters<typeof startConnectProxy>[0] = {}): Promise<ConnectProxy> {
  const proxy = await startConnectProxy(options);
  running.push(proxy.close);
  return proxy;
}

const answering = (answer: ProxyAnswer) => proxied({ answer: () => answer });

function by(port: number, change: Partial<OutboundProxy> = {}): OutboundProxy {
  return { scheme: 'http', host: '127.0.0.1', port, goesDirectly: () => false, ...change };
}

/** In production, behind the proxy: nothing is resolved here. */
function behind(
  proxy: OutboundProxy,
  sites: readonly (string | RemoteSite)[],
  options: Partial<GuardedFetchOptions> = {},
) {
  const entries = sites.map((each) => (typeof each === 'string' ? site(each) : each));
  return guarded(entries, { privateNetwork: 'none', resolve: unasked, proxy, ...options });
}

const text = (body: Uint8Array) => new TextDecoder().decode(body);

describe('ops T30: through the outbound proxy', () => {
  test('ops T30: a call over https goes by CONNECT with the name, and is verified end to end', async () => {
    const server = await serveTls((_request, response) => response.end('reached'), trusted);
    const proxy = await proxied();
    const url = `https://good.example:${server.port}/path`;
    const reply = await call(behind(by(proxy.port), [url]), url);
    expect(text(reply.body)).toBe('reached');
    expect(proxy.asked).toEqual([`good.example:${server.port}`]);
    expect(server.requests[0]?.headers.host).toBe(`good.example:${server.port}`);
  });

  test('ops T30: plain http goes by CONNECT as well', async () => {
    const server = await serve((_request, response) => response.end('reached'));
    const proxy = await proxied();
    const url = `http://good.example:${server.port}`;
    expect(text((await call(behind(by(proxy.port), [url]), url)).body)).toBe('reached');
    expect(proxy.asked).toEqual([`good.example:${server.port}`]);
  });

  test('ops T30: credentials are sent to the proxy, in UTF-8, and never to the site', async () => {
    const server = await serveTls((_request, response) => response.end(), trusted);
    const proxy = await proxied({ credentials: `${credentials.username}:${credentials.password}` });
    const url = `https://good.example:${server.port}`;
    await call(behind(by(proxy.port, { credentials }), [url]), url, { headers: { authorization: 'Bearer t' } });
    expect(proxy.headers[0]).not.toHaveProperty('authorization');
    expect(server.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
    expect(server.requests[0]?.headers).not.toHaveProperty('proxy-connection');
  });

  test('ops T30: a proxy with https is called over TLS, and its certificate verified', async () => {
    const server = await serveTls((_request, response) => response.end('reached'), trusted);
    const url = `https://good.example:${server.port}`;
    const known = await proxied({ identity: trusted });
    const secure = { scheme: 'https', host: 'localhost' } as const;
    expect(text((await call(behind(by(known.port, secure), [url]), url)).body)).toBe('reached');
    const unknown = await proxied({ identity: selfSigned(['localhost']) });
    expect(await factOf(call(behind(by(unknown.port, secure), [url]), url))).toMatchObject({
      kind: 'proxy_unreachable',
      osCode: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect(unknown.asked).toEqual([]);
  });

  test('ops T30: one tunnel serves several calls, also after the connect timeout', async () => {
    const server = await serveTls((_request, response) => response.end('kept'), trusted);
    const proxy = await proxied();
    const url = `https://good.example:${server.port}`;
    const guardedFetch = behind(by(proxy.port), [url], { connectTimeoutMs: 300 });
    for (let round = 0; round < 3; round += 1) {
      expect(text((await call(guardedFetch, url)).body)).toBe('kept');
      await sleep(250);
    }
    expect(proxy.asked).toHaveLength(1);
    await guardedFetch.close();
    await expect.poll(() => proxy.open()).toBe(0);
  });

  test('ops T30: a site that is not on the list never reaches the proxy', async () => {
    const proxy = await proxied();
    const guardedFetch = behind(by(proxy.port), ['https://good.example']);
    const refused = [
      ['https://evil.example', 'site_not_registered'],
      ['https://good.example:8443', 'site_not_registered'],
      ['http://good.example', 'site_not_registered'],
    ] as const;
    for (const [url, kind] of refused) expect(await factOf(call(guardedFetch, url))).toMatchObject({ kind });
    expect(proxy.asked).toEqual([]);
  });

  test('ops T30: addresses in URLs, and names of a machine itself, are still judged here', async () => {
    const proxy = await proxied();
    for (const host of ['10.0.0.5', '127.0.0.1', '169.254.169.254', '[::1]', 'localhost', 'a.localhost']) {
      const url = `https://${host}`;
      const guardedFetch = behind(by(proxy.port), [url]);
      const probe = { url, deadline: startDeadline(2000), connectTimeoutMs: 1000 };
      expect(await factOf(call(guardedFetch, url)), host).toMatchObject({ kind: 'address_denied' });
      expect(await factOf(probeWay(guardedFetch, probe)), host).toMatchObject({ kind: 'address_denied' });
      expect(await factOf(probeCertificate(guardedFetch, probe)), host).toMatchObject({ kind: 'address_denied' });
    }
    expect(proxy.asked).toEqual([]);
  });

  test('ops T31: an address in a URL that its site allows goes through the proxy', async () => {
    const proxy = await answering(403);
    const url = 'https://10.0.0.5';
    const guardedFetch = behind(by(proxy.port), [{ ...site(url), allowedAddressRanges: ['10.0.0.0/24'] }]);
    expect(await factOf(call(guardedFetch, url))).toMatchObject({ kind: 'proxy_refused' });
    expect(proxy.asked).toEqual(['10.0.0.5:443']);
  });

  test('ops T30: what ARGUS_NO_PROXY leaves out is resolved and judged here, as without a proxy', async () => {
    const server = await serve((_request, response) => response.end('direct'));
    const proxy = await proxied();
    const url = `http://inside.example:${server.port}`;
    const { goesDirectly } = readNoProxy('.example');
    const resolve: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const direct = behind(by(proxy.port, { goesDirectly }), [url], { resolve, privateNetwork: 'loopback' });
    expect(text((await call(direct, url)).body)).toBe('direct');
    const denied = behind(by(proxy.port, { goesDirectly }), [url], { resolve });
    expect(await factOf(call(denied, url))).toMatchObject({ kind: 'address_denied', address: '127.0.0.1' });
    expect(proxy.asked).toEqual([]);
  });

  test('ops T30: a redirect is not followed', async () => {
    const server = await serveTls((_request, response) => {
      response.writeHead(302, { location: 'https://evil.example/' }).end();
    }, trusted);
    const proxy = await proxied();
    const url = `https://good.example:${server.port}`;
    expect(await factOf(call(behind(by(proxy.port), [url]), url))).toMatchObject({ kind: 'redirect', status: 302 });
    expect(proxy.asked).toHaveLength(1);
  });
});

describe('ops T30: a proxy that fails', () => {
  test.each([
    [407, 'proxy_credentials'],
    [403, 'proxy_refused'],
    [405, 'proxy_refused'],
    [302, 'proxy_refused'],
    [502, 'proxy_upstream'],
    [503, 'proxy_upstream'],
    [504, 'proxy_upstream'],
  ] as const)('ops T30: its %s to CONNECT is its own, not that of Microsoft', async (status, kind) => {
    const proxy = await answering(status);
    const origin = 'https://good.example';
    const expected = { kind, origin, osCode: `PROXY_${status}` };
    const guardedFetch = behind(by(proxy.port), [origin]);
    expect(await factOf(call(guardedFetch, origin))).toEqual(expected);
    const probe = { url: origin, deadline: startDeadline(2000), connectTimeoutMs: 1000 };
    expect(await factOf(probeWay(guardedFetch, probe))).toEqual(expected);
    expect(await factOf(probeCertificate(guardedFetch, probe))).toEqual(expected);
  });

  test('ops T30: wrong credentials are refused by it', async () => {
    const proxy = await proxied({ credentials: 'argus:right' });
    const wrong = by(proxy.port, { credentials: { username: 'argus', password: 'wrong' } });
    const url = 'https://good.example';
    expect(await factOf(call(behind(wrong, [url]), url))).toMatchObject({ kind: 'proxy_credentials' });
    expect(await factOf(call(behind(by(proxy.port), [url]), url))).toMatchObject({ kind: 'proxy_credentials' });
  });

  test('ops T30: where nobody listens, or somebody who closes or speaks something else, it is unreachable', async () => {
    const url = 'https://good.example';
    const closing = await serveTcp((socket) => socket.destroy());
    const other = await serveTcp((socket) => socket.end('220 mail.example ESMTP\r\n'));
    const outcome = (port: number) => factOf(call(behind(by(port), [url]), url));
    expect(await outcome(closing.port)).toMatchObject({ kind: 'proxy_unreachable', osCode: 'ECONNRESET' });
    expect(await outcome(other.port)).toMatchObject({ kind: 'proxy_unreachable' });
    const error = await call(behind(by(other.port), [url]), url).catch((reason: unknown) => reason);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('rawPacket: <Buffer');
    await closeAll();
    expect(await outcome(closing.port)).toMatchObject({ kind: 'proxy_unreachable', osCode: 'ECONNREFUSED' });
  });

  test('ops T30: one that hangs ends with the connect timeout, or with the budget, and leaves no connection', async () => {
    const silent = await answering('silence');
    const url = 'https://good.example';
    const guardedFetch = behind(by(silent.port), [url]);
    const started = performance.now();
    expect(await factOf(call(guardedFetch, url, { connectTimeoutMs: 150 }))).toMatchObject({ kind: 'proxy_timeout' });
    expect(await factOf(call(guardedFetch, url, { deadline: startDeadline(150) }))).toMatchObject({ kind: 'timeout' });
    const probe = { url, deadline: startDeadline(3000), connectTimeoutMs: 150 };
    expect(await factOf(probeWay(guardedFetch, probe))).toMatchObject({ kind: 'proxy_timeout' });
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('ops T30: a handshake that hangs in the tunnel ends with the connect timeout, and closes the tunnel', async () => {
    const server = await serveTcp(() => {});
    const proxy = await proxied();
    const url = `https://good.example:${server.port}`;
    const guardedFetch = behind(by(proxy.port), [url]);
    expect(await factOf(call(guardedFetch, url, { connectTimeoutMs: 200 }))).toMatchObject({ kind: 'connect_timeout' });
    await expect.poll(() => proxy.open()).toBe(0);
  });

  test.each([
    [
      'an unknown certificate, as of a proxy that looks into TLS',
      () => serveTls(() => {}, selfSigned(['good.example'])),
    ],
    ['no TLS', () => serve((_request, response) => response.end())],
    ['a closed connection', () => serveTcp((socket) => socket.destroy())],
  ])('ops T30: %s in the tunnel is told apart from that of a direct call', async (_name, start) => {
    const server = await start();
    const proxy = await proxied();
    const url = `https://good.example:${server.port}`;
    const guardedFetch = behind(by(proxy.port), [url]);
    expect(await factOf(call(guardedFetch, url))).toMatchObject({ kind: 'proxy_tls', origin: url });
    const probe = { url, deadline: startDeadline(2000), connectTimeoutMs: 1000 };
    expect(await factOf(probeCertificate(guardedFetch, probe))).toMatchObject({ kind: 'proxy_tls' });
    await expect.poll(() => proxy.open()).toBe(0);
  });

  test('ops T30: NODE_TLS_REJECT_UNAUTHORIZED does not switch off the verification of proxy or site', async () => {
    const server = await serveTls((_request, response) => response.end(), selfSigned(['good.example']));
    const proxy = await proxied({ identity: selfSigned(['localhost']) });
    const plain = await proxied();
    const url = `https://good.example:${server.port}`;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      const secure = behind(by(proxy.port, { scheme: 'https', host: 'localhost' }), [url]);
      expect(await factOf(call(secure, url))).toMatchObject({ kind: 'proxy_unreachable' });
      expect(await factOf(call(behind(by(plain.port), [url]), url))).toMatchObject({ kind: 'proxy_tls' });
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
  });
});

describe('ops T30: probes through the proxy', () => {
  test('ops T30: say that it resolves the name, and read the certificate of the site', async () => {
    const server = await serveTls((_request, response) => response.end(), trusted);
    const proxy = await proxied();
    const url = `https://good.example:${server.port}`;
    const guardedFetch = behind(by(proxy.port, { credentials }), [url]);
    const probe = () => ({ url, deadline: startDeadline(3000), connectTimeoutMs: 2000 });
    expect(await probeWay(guardedFetch, probe())).toEqual({
      through: 'proxy',
      proxy: `http://127.0.0.1:${proxy.port}`,
    });
    expect((await probeCertificate(guardedFetch, probe())).issuer).toBe('good.example');
    await probeConnection(guardedFetch, probe());
    expect(server.requests).toHaveLength(0);
    await expect.poll(() => proxy.open()).toBe(0);
  });
});

/** The file of a proxy on PATH, or undefined. */
function onPath(name: string): string | undefined {
  try {
    const path = `${process.env.PATH}:/usr/sbin`;
    return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8', env: { PATH: path } }).trim();
  } catch {
    return undefined;
  }
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const tinyproxy = onPath('tinyproxy');

describe.skipIf(tinyproxy === undefined)('ops T30: tinyproxy, a genuine proxy', () => {
  async function startTinyproxy(allowed: readonly number[]): Promise<number> {
    const folder = await mkdtemp(join(tmpdir(), 'tinyproxy-'));
    const port = await freePort();
    const lines = [
      `Port ${port}`,
      'Listen 127.0.0.1',
      'Timeout 10',
      'Allow 127.0.0.1',
      'BasicAuth argus secret',
      ...allowed.map((each) => `ConnectPort ${each}`),
    ];
    await writeFile(join(folder, 'tinyproxy.conf'), lines.join('\n'));
    const child = spawn(tinyproxy ?? '', ['-d', '-c', join(folder, 'tinyproxy.conf')], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    running.push(async () => {
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true });
    });
    await expect.poll(() => reachable(port), { timeout: 5000 }).toBe(true);
    return port;
  }

  async function reachable(port: number): Promise<boolean> {
    const url = `http://127.0.0.1:${port}`;
    const probe = { url, deadline: startDeadline(500), connectTimeoutMs: 500 };
    return probeConnection(guarded([site(url)]), probe).then(
      () => true,
      () => false,
    );
  }

  const known = { username: 'argus', password: 'secret' };

  test('ops T30: lets calls and probes through, with its credentials', async () => {
    const server = await serveTls((_request, response) => response.end('reached'), trusted);
    const port = await startTinyproxy([server.port]);
    const url = `https://localhost:${server.port}`;
    const options = { privateNetwork: 'loopback' } as const;
    const guardedFetch = behind(by(port, { credentials: known }), [url], options);
    for (let round = 0; round < 2; round += 1) expect(text((await call(guardedFetch, url)).body)).toBe('reached');
    const probe = { url, deadline: startDeadline(3000), connectTimeoutMs: 2000 };
    expect(await probeWay(guardedFetch, probe)).toMatchObject({ through: 'proxy' });
    expect((await probeCertificate(guardedFetch, probe)).issuer).toBe('good.example');
    expect(server.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
  });

  test('ops T30: refuses wrong credentials and other ports, and reaches no closed port, each by its own kind', async () => {
    const closed = await freePort();
    const port = await startTinyproxy([closed]);
    const url = `https://localhost:${closed}`;
    const options = { privateNetwork: 'loopback' } as const;
    const outcome = (called: string, change: Partial<OutboundProxy>) =>
      factOf(call(behind(by(port, change), [called], options), called));
    expect(await outcome(url, {})).toMatchObject({ kind: 'proxy_credentials', osCode: 'PROXY_407' });
    expect(await outcome('https://localhost:444', { credentials: known })).toMatchObject({ kind: 'proxy_refused' });
    expect(await outcome(url, { credentials: known })).toMatchObject({ kind: 'proxy_upstream' });
    const wrong = { ...known, password: 'wrong' };
    expect((await outcome(url, { credentials: wrong })).kind).toMatch(/^proxy_(credentials|refused)$/);
  });
});
