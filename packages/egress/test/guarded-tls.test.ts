import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startDeadline } from '../src/deadline.ts';
import type { EgressFact, EgressFailure } from '../src/egress-failure.ts';
import type { Resolve } from '../src/vetted-lookup.ts';
import { closeAll, guarded, serve, serveTcp, serveTls, site } from './local-server.ts';
import { selfSigned } from './self-signed.ts';

const trusted = selfSigned(['good.example']);
const toLoopback: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];

beforeAll(() => setDefaultCACertificates([...getCACertificates('default'), trusted.cert]));
afterEach(closeAll);

function factOf(
  origin: string,
  options: { readonly resolve?: Resolve } = { resolve: toLoopback },
): Promise<EgressFact> {
  return guarded([site(origin)], options)
    .fetch({ url: origin, method: 'GET', deadline: startDeadline(3000) })
    .then(
      () => {
        throw new Error('The call did not fail');
      },
      (error: EgressFailure) => error.fact,
    );
}

test('E10: over TLS the vetted address is called with the name as SNI and Host', async () => {
  const server = await serveTls((request, response) => {
    const { socket } = request;
    response.end('servername' in socket ? String(socket.servername) : '');
  }, trusted);
  const origin = `https://good.example:${server.port}`;
  const guardedFetch = guarded([site(origin)], { resolve: toLoopback });
  const url = `https://GOOD.example.:${server.port}/`;
  const reply = await guardedFetch.fetch({ url, method: 'GET', deadline: startDeadline(3000) });
  expect(new TextDecoder().decode(reply.body)).toBe('good.example');
  expect(server.requests[0]?.headers.host).toBe(`good.example:${server.port}`);
});

test.each([
  ['is not trusted', selfSigned(['good.example']), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['is for another name', undefined, 'ERR_TLS_CERT_ALTNAME_INVALID'],
])('a certificate that %s fails as TLS, by its code', async (_name, identity, osCode) => {
  const server = await serveTls((_request, response) => response.end(), identity ?? trusted);
  const host = identity === undefined ? 'other.example' : 'good.example';
  const origin = `https://${host}:${server.port}`;
  expect(await factOf(origin)).toEqual({ kind: 'tls', origin, osCode });
  expect(server.requests.length).toBe(0);
});

test('an expired certificate fails as TLS, by its code', async () => {
  const expired = selfSigned(['good.example'], -1);
  setDefaultCACertificates([...getCACertificates('default'), expired.cert]);
  const server = await serveTls((_request, response) => response.end(), expired);
  const origin = `https://good.example:${server.port}`;
  expect(await factOf(origin)).toEqual({ kind: 'tls', origin, osCode: 'CERT_HAS_EXPIRED' });
});

test('a plain http server behind an https URL fails as TLS', async () => {
  const server = await serve((_request, response) => response.end());
  const origin = `https://good.example:${server.port}`;
  expect(await factOf(origin)).toMatchObject({ kind: 'tls', origin });
});

test('U01: a TLS handshake that hangs ends with the connect timeout', async () => {
  const server = await serveTcp(() => {});
  const origin = `https://good.example:${server.port}`;
  const started = performance.now();
  const outcome = guarded([site(origin)], { resolve: toLoopback }).fetch({
    url: origin,
    method: 'GET',
    deadline: startDeadline(5000),
    connectTimeoutMs: 200,
  });
  await expect(outcome).rejects.toMatchObject({ fact: { kind: 'connect_timeout', origin } });
  expect(performance.now() - started).toBeLessThan(1200);
});

test('a port where nothing listens is refused', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  await new Promise((resolve) => server.close(resolve));
  const origin = `https://good.example:${port}`;
  expect(await factOf(origin)).toEqual({ kind: 'refused', origin, osCode: 'ECONNREFUSED' });
});

test('a name that does not exist fails as DNS, by the resolver’s code', async () => {
  const resolve: Resolve = () =>
    Promise.reject(Object.assign(new Error('canary'), { code: 'EAI_AGAIN', syscall: 'getaddrinfo' }));
  expect(await factOf('https://good.example', { resolve })).toMatchObject({ kind: 'dns', osCode: 'EAI_AGAIN' });
  expect(await factOf('https://good.example', { resolve: async () => [] })).toMatchObject({ kind: 'dns' });
  // By the system's own resolver: RFC 6761 reserves .invalid.
  expect(await factOf('https://name.invalid', {})).toMatchObject({ kind: 'dns' });
});

describe('settings of the process', () => {
  const source = (path: string) => JSON.stringify(new URL(`../src/${path}`, import.meta.url).href);
  const identity = selfSigned(['good.example']);

  /** Calls a server whose certificate is self-signed, in a separate Node process with this environment. */
  async function callIn(env: NodeJS.ProcessEnv) {
    const server = await serveTls((_request, response) => response.end('private'), identity);
    const script = `
      import { createGuardedFetch } from ${source('guarded-fetch.ts')};
      import { startDeadline } from ${source('deadline.ts')};
      const url = 'https://good.example:${server.port}';
      const guardedFetch = createGuardedFetch({
        sites: async () => [{ origin: url, active: true, disableProtocolSecurity: false }],
        privateNetwork: 'loopback',
        userAgent: 'argus-test',
        resolve: async () => [{ address: '127.0.0.1', family: 4 }],
      });
      const { status } = await guardedFetch.fetch({ url, method: 'GET', deadline: startDeadline(5000) });
      process.stdout.write(String(status));
      await guardedFetch.close();
    `;
    const args = ['--input-type=module', '--eval', script];
    return promisify(execFile)(process.execPath, args, { env, timeout: 10_000 });
  }

  test('NODE_EXTRA_CA_CERTS makes a private CA trusted, as in all of Node', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'argus-ca-'));
    const bundle = join(folder, 'ca.pem');
    await writeFile(bundle, identity.cert);
    const outcome = callIn({ NODE_EXTRA_CA_CERTS: bundle });
    await expect(outcome.finally(() => rm(folder, { recursive: true }))).resolves.toMatchObject({ stdout: '200' });
  });

  test('NODE_TLS_REJECT_UNAUTHORIZED does not switch verification off', async () => {
    await expect(callIn({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })).rejects.toMatchObject({
      stderr: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT'),
    });
  });
});
