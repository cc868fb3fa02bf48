import { connect as connectPlain, type LookupFunction, type Socket } from 'node:net';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { literalAddress } from './address-policy.ts';
import { canonicalOrigin } from './canonical-origin.ts';
import { type Deadline, withinDeadline } from './deadline.ts';
import { EgressFailure, refusalFact } from './egress-failure.ts';
import { fromNodeError } from './from-node-error.ts';
import type { GuardedFetch } from './guarded-fetch.ts';
import type { Target, Tunnels } from './outbound-proxy.ts';

/** The rules for probes: the remote-site list and the addresses that may be called. */
export type ProbeGuard = Pick<GuardedFetch, 'check' | 'lookup' | 'tunnelsTo'>;

export type Probe = {
  readonly url: string;
  readonly deadline: Deadline;
};

/** The contents of a host's certificate, after verification of name and chain. */
export type HostCertificate = {
  readonly validUntil: Date;
  /** The issuer's organization, else its common name; empty where it has neither. */
  readonly issuer: string;
};

/** How a host is reached: by its addresses, or through the outbound proxy, which resolves its name. */
export type HostWay =
  | { readonly through: 'addresses'; readonly addresses: readonly string[] }
  | {
      readonly through: 'proxy';
      /** Its origin, without credentials. */
      readonly proxy: string;
    };

type Host = Target & {
  readonly lookup: LookupFunction;
  readonly tunnels: Tunnels | undefined;
};

const longestIssuer = 200;

/**
 * The host of a URL that the remote-site list covers.
 * @throws EgressFailure as a call would
 */
async function admit(guard: ProbeGuard, { url, deadline }: Probe): Promise<Host> {
  const called = canonicalOrigin(url);
  const decision = await withinDeadline(deadline, guard.check(url)).catch((cause) => {
    if (!deadline.expired) throw cause;
    throw new EgressFailure({ kind: 'timeout', origin: called.ok ? called.origin : '' }, { cause });
  });
  if (!decision.allowed) throw new EgressFailure(refusalFact(decision));
  if (!called.ok) throw new EgressFailure({ kind: 'malformed_url', origin: '', problem: called.reason });
  const { origin, port } = called;
  return {
    origin,
    host: literalAddress(called.host) ?? called.host,
    port,
    lookup: guard.lookup(decision.ranges),
    tunnels: guard.tunnelsTo(called.host, port),
  };
}

/**
 * How a call would reach a URL's host. Its addresses are resolved and judged by the same lookup as those of a call; a literal
 * address needs no resolving. The proxy is asked for a tunnel, through which nothing is sent. `connectTimeoutMs` is for the
 * tunnel.
 * @throws EgressFailure `dns`, `address_denied`, `proxy_refused` …, `timeout`, or that of a host that the list does not cover
 */
export async function probeWay(
  guard: ProbeGuard,
  probe: Probe & { readonly connectTimeoutMs: number },
): Promise<HostWay> {
  const host = await admit(guard, probe);
  const way = host.tunnels ? proxyOf(host.tunnels, host, probe.connectTimeoutMs) : addressesOf(host);
  return withinDeadline(probe.deadline, way).catch((cause) => {
    throw new EgressFailure(fromNodeError(cause, host.origin, probe.deadline), { cause });
  });
}

async function proxyOf(tunnels: Tunnels, target: Target, connectTimeoutMs: number): Promise<HostWay> {
  const socket = await tunnels.open(target, connectTimeoutMs);
  socket.on('error', () => {}).destroy();
  return { through: 'proxy', proxy: tunnels.proxy };
}

async function addressesOf({ host, lookup }: Host): Promise<HostWay> {
  if (isAddress(host)) return { through: 'addresses', addresses: [host] };
  const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
  lookup(host, { all: true }, (error, found) => {
    if (error) reject(error);
    else resolve(Array.isArray(found) ? found.map(({ address }) => address) : [found]);
  });
  return { through: 'addresses', addresses: await promise };
}

/**
 * Performs the TLS handshake with a URL's host as a call would, verifies its certificate and disconnects, without any
 * HTTP. `connectTimeoutMs` covers name resolution, TCP and TLS together.
 * @throws EgressFailure `tls`, `refused`, `dns`, `connect_timeout` …; TypeError for a URL that is not https
 */
export async function probeCertificate(
  guard: ProbeGuard,
  probe: Probe & { readonly connectTimeoutMs: number },
): Promise<HostCertificate> {
  const target = await admit(guard, probe);
  if (!target.origin.startsWith('https:')) throw new TypeError('Only https has a certificate');
  return opened(target, probe, (socket) => certificateOf((socket as TLSSocket).getPeerCertificate()));
}

/**
 * Connects to a URL's host as a call would, for https including the handshake, and disconnects without sending
 * anything. `connectTimeoutMs` covers name resolution, TCP and TLS together.
 * @throws EgressFailure as a call that fails before its request
 */
export async function probeConnection(
  guard: ProbeGuard,
  probe: Probe & { readonly connectTimeoutMs: number },
): Promise<void> {
  await opened(await admit(guard, probe), probe, () => {});
}

/** Opens a socket, reads from it, and destroys it. */
async function opened<T>(
  host: Host,
  { deadline, connectTimeoutMs }: Omit<Probe, 'url'> & { readonly connectTimeoutMs: number },
  read: (socket: Socket | TLSSocket) => T,
): Promise<T> {
  const { origin, tunnels } = host;
  const opening = tunnels
    ? tunnels.connect(host, connectTimeoutMs)
    : openedDirectly(host, connectTimeoutMs, deadline.signal);
  const close = (socket: Socket) => socket.on('error', () => {}).destroy();
  try {
    const socket = await withinDeadline(deadline, opening);
    const found = read(socket);
    close(socket);
    return found;
  } catch (cause) {
    opening.then(close).catch(() => {});
    throw new EgressFailure(fromNodeError(cause, origin, deadline), { cause });
  }
}

/** A socket to a host whose address was judged, for https with the handshake. It is destroyed if it takes too long. */
async function openedDirectly(
  { origin, host, port, lookup }: Host,
  connectTimeoutMs: number,
  aborted: AbortSignal,
): Promise<Socket> {
  const isSecure = origin.startsWith('https:');
  const socket = isSecure
    ? connect({
        host,
        port,
        lookup,
        // Set explicitly, as the environment could otherwise switch verification off.
        rejectUnauthorized: true,
        ALPNProtocols: ['http/1.1'],
        ...(isAddress(host) ? {} : { servername: host }),
      })
    : connectPlain({ host, port, lookup });
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const connectTimer = setTimeout(() => {
    socket.destroy(new EgressFailure({ kind: 'connect_timeout', origin }));
  }, connectTimeoutMs);
  const onAbort = () => socket.destroy(aborted.reason as Error);
  aborted.addEventListener('abort', onAbort, { once: true });
  socket.once('error', reject);
  socket.once('close', () => reject(new EgressFailure({ kind: 'reset', origin })));
  socket.once(isSecure ? 'secureConnect' : 'connect', () => resolve(socket));
  try {
    return await promise;
  } finally {
    clearTimeout(connectTimer);
    aborted.removeEventListener('abort', onAbort);
  }
}

function isAddress(host: string): boolean {
  return literalAddress(host) !== undefined || host.includes(':');
}

function certificateOf({ valid_to, issuer }: PeerCertificate): HostCertificate {
  // A certificate may name several organizations; Node's types only know one.
  const name: unknown = [issuer.O ?? issuer.CN ?? ''].flat()[0];
  return { validUntil: new Date(valid_to), issuer: String(name ?? '').slice(0, longestIssuer) };
}
