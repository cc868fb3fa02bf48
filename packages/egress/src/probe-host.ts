import { connect as connectPlain, type Socket } from 'node:net';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { literalAddress } from './address-policy.ts';
import { canonicalOrigin } from './canonical-origin.ts';
import { type Deadline, withinDeadline } from './deadline.ts';
import { EgressFailure, refusalFact } from './egress-failure.ts';
import { fromNodeError } from './from-node-error.ts';
import type { GuardedFetch } from './guarded-fetch.ts';

/** The rules for probes: the remote-site list and the addresses that may be called. */
export type ProbeGuard = Pick<GuardedFetch, 'check' | 'lookup'>;

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

type Host = { readonly origin: string; readonly host: string; readonly port: number };

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
  return { origin, host: literalAddress(called.host) ?? called.host, port };
}

/**
 * The addresses of a URL's host, resolved and judged by the same lookup as a call. A literal address needs no
 * resolving.
 * @throws EgressFailure `dns`, `address_denied`, `timeout`, or that of a host that the list does not cover
 */
export async function probeAddresses(guard: ProbeGuard, probe: Probe): Promise<readonly string[]> {
  const { origin, host } = await admit(guard, probe);
  if (literalAddress(host) !== undefined || host.includes(':')) return [host];
  const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
  guard.lookup(host, { all: true }, (error, found) => {
    if (error) reject(error);
    else resolve(Array.isArray(found) ? found.map(({ address }) => address) : [found]);
  });
  return withinDeadline(probe.deadline, promise).catch((cause) => {
    throw new EgressFailure(fromNodeError(cause, origin, probe.deadline), { cause });
  });
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
  const { deadline, connectTimeoutMs } = probe;
  const { origin, host, port } = await admit(guard, probe);
  if (!origin.startsWith('https:')) throw new TypeError('Only https has a certificate');
  const isAddress = literalAddress(host) !== undefined || host.includes(':');
  const socket = connect({
    host,
    port,
    lookup: guard.lookup,
    // Set explicitly, as the environment could otherwise switch verification off.
    rejectUnauthorized: true,
    ALPNProtocols: ['http/1.1'],
    ...(isAddress ? {} : { servername: host }),
  });
  const read = () => certificateOf(socket.getPeerCertificate());
  return opened(socket, 'secureConnect', { origin, deadline, connectTimeoutMs }, read);
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
  if (/^https:/i.test(probe.url)) {
    await probeCertificate(guard, probe);
    return;
  }
  const { origin, host, port } = await admit(guard, probe);
  await opened(connectPlain({ host, port, lookup: guard.lookup }), 'connect', { ...probe, origin }, () => {});
}

/** Waits until a socket is open, reads from it, and destroys it. */
async function opened<T>(
  socket: Socket | TLSSocket,
  event: 'connect' | 'secureConnect',
  call: { readonly origin: string; readonly deadline: Deadline; readonly connectTimeoutMs: number },
  read: () => T,
): Promise<T> {
  const { origin, deadline, connectTimeoutMs } = call;
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const connectTimer = setTimeout(() => {
    socket.destroy(new EgressFailure({ kind: 'connect_timeout', origin }));
  }, connectTimeoutMs);
  socket.once('error', reject);
  socket.once('close', () => reject(new EgressFailure({ kind: 'reset', origin })));
  socket.once(event, () => resolve(read()));
  try {
    return await withinDeadline(deadline, promise);
  } catch (cause) {
    throw new EgressFailure(fromNodeError(cause, origin, deadline), { cause });
  } finally {
    clearTimeout(connectTimer);
    socket.on('error', () => {}).destroy();
  }
}

function certificateOf({ valid_to, issuer }: PeerCertificate): HostCertificate {
  // A certificate may name several organizations; Node's types only know one.
  const name: unknown = [issuer.O ?? issuer.CN ?? ''].flat()[0];
  return { validUntil: new Date(valid_to), issuer: String(name ?? '').slice(0, longestIssuer) };
}
