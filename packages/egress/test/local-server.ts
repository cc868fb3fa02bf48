import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { startDeadline } from '../src/deadline.ts';
import { type EgressFact, EgressFailure } from '../src/egress-failure.ts';
import {
  createGuardedFetch,
  type GuardedFetch,
  type GuardedFetchOptions,
  type GuardedRequest,
} from '../src/guarded-fetch.ts';
import { type Probe, type ProbeGuard, probeWay } from '../src/probe-host.ts';
import type { RemoteSite } from '../src/remote-site-policy.ts';
import type { Resolve } from '../src/vetted-lookup.ts';

const cleanups: (() => Promise<void>)[] = [];

/** Closes everything that a test opened; for `afterEach`. */
export async function closeAll(): Promise<void> {
  await Promise.all(cleanups.splice(0).map((cleanup) => cleanup()));
}

export type LocalServer = {
  readonly port: number;
  readonly requests: readonly IncomingMessage[];
  readonly connections: () => number;
};

async function listen(server: Server, requests: IncomingMessage[], address: string, port = 0): Promise<LocalServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, address, resolve);
  });
  cleanups.push(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  return { port: (server.address() as AddressInfo).port, requests, connections: () => connections };
}

/** An HTTP server on loopback that records its requests. */
export function serve(listener: RequestListener, address = '127.0.0.1', port = 0): Promise<LocalServer> {
  const requests: IncomingMessage[] = [];
  const server = createHttpServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  return listen(server, requests, address, port);
}

export function serveTls(
  listener: RequestListener,
  identity: { readonly key: string; readonly cert: string },
): Promise<LocalServer> {
  const requests: IncomingMessage[] = [];
  const server = createHttpsServer(identity, (request, response) => {
    requests.push(request);
    listener(request, response);
  });
  return listen(server, requests, '127.0.0.1');
}

/** A bare TCP server, for replies that are not HTTP. */
export function serveTcp(onSocket: (socket: Socket) => void): Promise<LocalServer> {
  return listen(createTcpServer(onSocket), [], '127.0.0.1');
}

/** An active entry; `http:` with its protocol security off. */
export function site(origin: string): RemoteSite {
  return { origin, active: true, disableProtocolSecurity: origin.startsWith('http:') };
}

/** A guarded fetch that is closed after the test. By default it may call loopback. */
export function guarded(sites: readonly RemoteSite[], options: Partial<GuardedFetchOptions> = {}): GuardedFetch {
  const guardedFetch = createGuardedFetch({
    sites: async () => sites,
    privateNetwork: 'loopback',
    userAgent: 'argus-test',
    ...options,
  });
  cleanups.push(() => guardedFetch.close());
  return guardedFetch;
}

/** Name resolution that always returns these addresses. */
export const resolveTo =
  (...addresses: readonly string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

/** A GET with a time budget of five seconds by default. */
export function call(guardedFetch: GuardedFetch, url: string, options: Partial<GuardedRequest> = {}) {
  return guardedFetch.fetch({ url, method: 'GET', deadline: startDeadline(5000), ...options });
}

/** The addresses of a host that is called directly. */
export async function addressesIn(guard: ProbeGuard, probe: Probe): Promise<readonly string[]> {
  const way = await probeWay(guard, { ...probe, connectTimeoutMs: 2000 });
  if (way.through === 'proxy') throw new Error(`It is called through ${way.proxy}`);
  return way.addresses;
}

/** The fact with which a call fails. */
export async function factOf(outcome: Promise<unknown>): Promise<EgressFact> {
  const error = await outcome.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof EgressFailure) return error.fact;
  throw new Error('The call did not fail with an EgressFailure', { cause: error });
}
