import { request as askPlain } from 'node:http';
import { request as askSecure } from 'node:https';
import type { Socket } from 'node:net';
import { connect } from 'node:tls';
import { judgeAddress, literalAddress, type PrivateNetwork } from './address-policy.ts';
import { EgressFailure } from './egress-failure.ts';
import { fromNodeError } from './from-node-error.ts';
import type { GoesDirectly } from './no-proxy.ts';

/** A company's HTTP proxy, by which calls leave the network. */
export type OutboundProxy = {
  readonly scheme: 'http' | 'https';
  /** An IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  /** For Basic (RFC 7617). A secret. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** What is called without the proxy. */
  readonly goesDirectly: GoesDirectly;
};

/** Where a call goes: a canonical origin and its parts; an IPv6 host without brackets. */
export type Target = {
  readonly origin: string;
  readonly host: string;
  readonly port: number;
};

/** How hosts are reached through the proxy. */
export type Tunnels = {
  /** The proxy's own origin, without credentials. */
  readonly proxy: string;
  /** CONNECT (RFC 9110, 9.3.6), without a byte to the target. */
  readonly open: (target: Target, connectTimeoutMs: number) => Promise<Socket>;
  /** The same, and for https the handshake with the target. */
  readonly connect: (target: Target, connectTimeoutMs: number) => Promise<Socket>;
};

const inUrl = (host: string) => (host.includes(':') ? `[${host}]` : host);

/** A name that every resolver leads to its own machine (RFC 6761, 6.3). */
const localName = /(^|\.)localhost$/;

function statusFact(status: number, origin: string) {
  const kind =
    status === 407
      ? ('proxy_credentials' as const)
      : status >= 500
        ? ('proxy_upstream' as const)
        : ('proxy_refused' as const);
  return { kind, origin, osCode: `PROXY_${status}` };
}

/** Reaches hosts through the proxy. It resolves their names, so only addresses in URLs are judged here. */
export function createTunnels(proxy: OutboundProxy, privateNetwork: PrivateNetwork): Tunnels {
  const { scheme, host, port, credentials } = proxy;

  /** @throws EgressFailure for an address that the rules deny; a name of this machine would be the proxy's own */
  function judge({ origin, host: called }: Target): void {
    const address = localName.test(called) ? '127.0.0.1' : undefined;
    if (address === undefined || judgeAddress(address, privateNetwork).allowed) return;
    throw new EgressFailure({ kind: 'address_denied', origin, address });
  }

  async function openWithin(target: Target, late: AbortSignal): Promise<Socket> {
    judge(target);
    const { origin } = target;
    const authority = `${inUrl(target.host)}:${target.port}`;
    const { promise, resolve, reject } = Promise.withResolvers<Socket>();
    const ask = scheme === 'https' ? askSecure : askPlain;
    const request = ask({
      method: 'CONNECT',
      host,
      port,
      path: authority,
      headers: { host: authority, 'proxy-connection': 'keep-alive', ...authorization(credentials) },
      // An own connection for each tunnel.
      agent: false,
      // Set explicitly, as the environment could otherwise switch verification off.
      ...(scheme === 'https' ? { rejectUnauthorized: true } : {}),
    });
    request.once('connect', ({ statusCode = 0 }, socket: Socket, head) => {
      if (statusCode < 200 || statusCode >= 300) {
        socket.on('error', () => {}).destroy();
        reject(new EgressFailure(statusFact(statusCode, origin)));
        return;
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.on('error', (cause) => {
      // Node's parser error has the unreadable bytes; errors are logged, but replies must not be.
      if ('rawPacket' in cause) cause.rawPacket = undefined;
      const fact = late.aborted
        ? ({ kind: 'proxy_timeout', origin } as const)
        : ({ ...fromNodeError(cause, origin), kind: 'proxy_unreachable' } as const);
      reject(new EgressFailure(fact, { cause }));
    });
    request.end();
    return stoppedWhenLate(late, () => request.destroy(new Error('The proxy is late')), promise);
  }

  return {
    proxy: `${scheme}://${inUrl(host)}:${port}`,
    open: (target, connectTimeoutMs) => openWithin(target, AbortSignal.timeout(connectTimeoutMs)),
    async connect(target, connectTimeoutMs) {
      const late = AbortSignal.timeout(connectTimeoutMs);
      const socket = await openWithin(target, late);
      return target.origin.startsWith('https:') ? secured(socket, target, late) : socket;
    },
  };
}

function authorization(credentials: OutboundProxy['credentials']): Readonly<Record<string, string>> {
  if (credentials === undefined) return {};
  const { username, password } = credentials;
  return { 'proxy-authorization': `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

/** The handshake with the target. What fails here was let through by the proxy, and is broken behind or by it. */
async function secured(tunnel: Socket, { origin, host }: Target, late: AbortSignal): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const isAddress = literalAddress(host) !== undefined || host.includes(':');
  const socket = connect({
    socket: tunnel,
    // The name or address that the certificate must have.
    host,
    rejectUnauthorized: true,
    ALPNProtocols: ['http/1.1'],
    ...(isAddress ? {} : { servername: host }),
  });
  const onError = (cause: Error) => {
    const fact = fromNodeError(cause, origin);
    const isBroken = fact.kind === 'tls' || fact.kind === 'reset';
    reject(new EgressFailure(isBroken ? { ...fact, kind: 'proxy_tls' } : fact, { cause }));
  };
  socket.once('secureConnect', () => resolve(socket)).once('error', onError);
  try {
    const stop = () => socket.destroy(new EgressFailure({ kind: 'connect_timeout', origin }));
    return await stoppedWhenLate(late, stop, promise);
  } catch (cause) {
    socket.on('error', () => {}).destroy();
    throw cause;
  } finally {
    socket.removeListener('error', onError);
  }
}

/** Settles like the promise, which `stop` makes fail once it is late. */
async function stoppedWhenLate<T>(late: AbortSignal, stop: () => void, promise: Promise<T>): Promise<T> {
  late.addEventListener('abort', stop, { once: true });
  if (late.aborted) stop();
  try {
    return await promise;
  } finally {
    late.removeEventListener('abort', stop);
  }
}
