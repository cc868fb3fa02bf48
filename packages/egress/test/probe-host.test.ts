import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startDeadline } from '../src/deadline.ts';
import { probeCertificate, probeConnection } from '../src/probe-host.ts';
import type { Resolve } from '../src/vetted-lookup.ts';
import { addressesIn, closeAll, factOf, guarded, resolveTo, serve, serveTcp, serveTls, site } from './local-server.ts';
import { selfSigned } from './self-signed.ts';

const trusted = selfSigned(['good.example'], 30);
const toLoopback = resolveTo('127.0.0.1');

beforeAll(() => setDefaultCACertificates([...getCACertificates('default'), trusted.cert]));
afterEach(closeAll);

const deadline = () => startDeadline(3000);
const addresses = (url: string, resolve: Resolve, covered = url) =>
  addressesIn(guarded([site(covered)], { resolve, privateNetwork: 'loopback' }), { url, deadline: deadline() });
const certificate = (url: string, options: { resolve?: Resolve; covered?: string; connectTimeoutMs?: number } = {}) =>
  probeCertificate(guarded([site(options.covered ?? url)], { resolve: options.resolve ?? toLoopback }), {
    url,
    deadline: deadline(),
    connectTimeoutMs: options.connectTimeoutMs ?? 2000,
  });

describe('the addresses of a host', () => {
  test('are those that a call would connect to', async () => {
    expect(await addresses('https://good.example/path', resolveTo('203.0.114.7', '2600:1f18::7'))).toEqual([
      '203.0.114.7',
      '2600:1f18::7',
    ]);
  });

  test('are not asked for where the list does not cover the site', async () => {
    let asked = 0;
    const resolve: Resolve = async () => {
      asked += 1;
      return [];
    };
    const outcome = addresses('https://evil.example', resolve, 'https://good.example');
    expect(await factOf(outcome)).toMatchObject({ kind: 'site_not_registered', origin: 'https://evil.example' });
    expect(asked).toBe(0);
  });

  test('are refused where a single one of them is not public', async () => {
    const outcome = addresses('https://good.example', resolveTo('203.0.114.7', '10.0.0.5'));
    expect(await factOf(outcome)).toMatchObject({ kind: 'address_denied', address: '10.0.0.5' });
    expect(await factOf(addresses('https://169.254.169.254', toLoopback))).toMatchObject({ kind: 'address_denied' });
  });

  test('that are in the URL need no resolving', async () => {
    const resolve: Resolve = () => Promise.reject(new Error('not to be asked'));
    expect(await addresses('http://127.0.0.1:8080', resolve)).toEqual(['127.0.0.1']);
    expect(await addresses('http://[::1]:8080', resolve)).toEqual(['::1']);
  });

  test('of a name that does not exist fail as DNS, by the resolver’s code', async () => {
    const resolve: Resolve = () =>
      Promise.reject(Object.assign(new Error('canary'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }));
    expect(await factOf(addresses('https://good.example', resolve))).toEqual({
      kind: 'dns',
      origin: 'https://good.example',
      osCode: 'ENOTFOUND',
    });
  });

  test('that never arrive end with the budget', async () => {
    const guard = guarded([site('https://good.example')], { resolve: () => new Promise(() => {}) });
    const probe = { url: 'https://good.example', deadline: startDeadline(100) };
    expect(await factOf(addressesIn(guard, probe))).toMatchObject({ kind: 'timeout' });
  });
});

describe('the certificate of a host', () => {
  test('is reported with its expiry and issuer, without any HTTP', async () => {
    const server = await serveTls((_request, response) => response.end(), trusted);
    const found = await certificate(`https://good.example:${server.port}/path?query`);
    const days = (found.validUntil.getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(28);
    expect(days).toBeLessThan(30.01);
    expect(found.issuer).toBe('good.example');
    expect(server.requests).toHaveLength(0);
  });

  test.each([
    ['is not trusted', 'good.example', selfSigned(['good.example']), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['is for another name', 'other.example', trusted, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('that %s fails as TLS, by its code', async (_name, host, identity, osCode) => {
    const server = await serveTls((_request, response) => response.end(), identity);
    expect(await factOf(certificate(`https://${host}:${server.port}`))).toMatchObject({ kind: 'tls', osCode });
  });

  test('that has expired fails as TLS', async () => {
    const expired = selfSigned(['good.example'], -1);
    setDefaultCACertificates([...getCACertificates('default'), expired.cert]);
    const server = await serveTls((_request, response) => response.end(), expired);
    const outcome = certificate(`https://good.example:${server.port}`);
    expect(await factOf(outcome)).toMatchObject({ kind: 'tls', osCode: 'CERT_HAS_EXPIRED' });
  });

  test('is not asked for where the list does not cover the site, or the address is not public', async () => {
    const server = await serveTls((_request, response) => response.end(), trusted);
    const url = `https://good.example:${server.port}`;
    const other = certificate(url, { covered: 'https://good.example' });
    expect(await factOf(other)).toMatchObject({ kind: 'site_not_registered', nearMisses: [{ difference: 'port' }] });
    const inside = certificate(url, { resolve: resolveTo('10.0.0.5') });
    expect(await factOf(inside)).toMatchObject({ kind: 'address_denied', address: '10.0.0.5' });
    expect(server.connections()).toBe(0);
  });

  test('that never arrives ends with the connect timeout, or with the budget', async () => {
    const server = await serveTcp(() => {});
    const url = `https://good.example:${server.port}`;
    expect(await factOf(certificate(url, { connectTimeoutMs: 150 }))).toMatchObject({ kind: 'connect_timeout' });
    const guard = guarded([site(url)], { resolve: toLoopback });
    const hanging = probeCertificate(guard, { url, deadline: startDeadline(150), connectTimeoutMs: 2000 });
    expect(await factOf(hanging)).toMatchObject({ kind: 'timeout' });
  });

  test('of a host that closes at once, or speaks plain http, fails', async () => {
    const closing = await serveTcp((socket) => socket.destroy());
    expect(await factOf(certificate(`https://good.example:${closing.port}`))).toMatchObject({ kind: 'reset' });
    const plain = await serve((_request, response) => response.end());
    expect(await factOf(certificate(`https://good.example:${plain.port}`))).toMatchObject({ kind: 'tls' });
  });
});

describe('a connection', () => {
  const probe = (url: string) =>
    probeConnection(guarded([site(url)], { resolve: toLoopback, privateNetwork: 'loopback' }), {
      url,
      deadline: deadline(),
      connectTimeoutMs: 2000,
    });

  test('over http is opened, and not a byte is sent', async () => {
    const received: Buffer[] = [];
    const ended = Promise.withResolvers<void>();
    const server = await serveTcp((socket) => {
      socket.on('data', (bytes) => received.push(bytes)).on('close', () => ended.resolve());
    });
    await probe(`http://good.example:${server.port}`);
    await ended.promise;
    expect(received).toEqual([]);
  });

  test('to a port at which nobody listens is refused', async () => {
    const { port } = await serveTcp(() => {});
    await closeAll();
    expect(await factOf(probe(`http://good.example:${port}`))).toMatchObject({ kind: 'refused' });
  });

  test('over https fails where the certificate does', async () => {
    const server = await serveTls((_request, response) => response.end(), selfSigned(['other.example'], 30));
    expect(await factOf(probe(`https://good.example:${server.port}`))).toMatchObject({ kind: 'tls' });
  });
});
