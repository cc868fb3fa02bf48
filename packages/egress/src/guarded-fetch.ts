import type { LookupFunction } from 'node:net';
import { present } from '@argus/fields/present';
import { LRUCache } from 'lru-cache';
import { Agent, buildConnector, type Dispatcher, request as dispatch } from 'undici';
import { judgeAddress, literalAddress, type PrivateNetwork } from './address-policy.ts';
import { canonicalOrigin } from './canonical-origin.ts';
import { type Deadline, withinDeadline } from './deadline.ts';
import { type EgressFact, EgressFailure, refusalFact } from './egress-failure.ts';
import { fromNodeError } from './from-node-error.ts';
import { createTunnels, type OutboundProxy, type Tunnels } from './outbound-proxy.ts';
import { abandon, acceptEncoding, BodyRefused, readBody } from './read-body.ts';
import { decide, type RemoteSite, type RemoteSiteDecision } from './remote-site-policy.ts';
import { createVettedLookup, type Resolve } from './vetted-lookup.ts';

export type GuardedRequest = {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The total time budget, for name resolution, connect, headers and body. */
  readonly deadline: Deadline;
  /** Milliseconds for name resolution, TCP and TLS together. */
  readonly connectTimeoutMs?: number;
  /** Cap on the decoded body in bytes; default 5 MiB. */
  readonly maxBytes?: number;
  /**
   * If given, a URL of another origin is refused before anything is sent: a bearer token only goes to its own origin.
   */
  readonly allowedOrigin?: string;
};

export type GuardedResponse = {
  /** Any status except 3xx, which is thrown as a `redirect`. */
  readonly status: number;
  /** Names in lower case, repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The decoded body. */
  readonly body: Uint8Array;
  /** The URL that was called, in canonical form. */
  readonly url: string;
};

export type GuardedFetch = {
  /**
   * One call, checked against the list, without following redirects. Resolves for every complete reply except 3xx.
   * @throws EgressFailure for any failure on the way; an error of `sites()` itself passes unchanged
   */
  readonly fetch: (request: GuardedRequest) => Promise<GuardedResponse>;
  /**
   * Checks a URL against the current list without calling it. Does not resolve names: the address is judged at
   * connect.
   */
  readonly check: (url: string) => Promise<RemoteSiteDecision>;
  /**
   * A `lookup` for `node:net` that returns only vetted addresses; `ranges` are those of the site. IP literals never
   * reach it.
   */
  readonly lookup: (ranges: readonly string[]) => LookupFunction;
  /** How a host (canonical) is reached through the outbound proxy; undefined where it is called directly. */
  readonly tunnelsTo: (host: string, port: number) => Tunnels | undefined;
  /** Closes all connections; calls in progress fail. */
  readonly close: () => Promise<void>;
};

export type GuardedFetchOptions = {
  /** The current remote-site list; read before every call, so that a removal takes effect at once. */
  readonly sites: () => Promise<readonly RemoteSite[]>;
  readonly privateNetwork: PrivateNetwork;
  /** Milliseconds; default 10,000. */
  readonly connectTimeoutMs?: number;
  readonly userAgent: string;
  /** Name resolution; the system's by default. */
  readonly resolve?: Resolve;
  /** By which all calls go, but those that it leaves out. It resolves their names. */
  readonly proxy?: OutboundProxy | undefined;
};

const defaultConnectTimeoutMs = 10_000;
// As undici's own connector.
const keepAliveMs = 60_000;
const defaultMaxBytes = 5 * 1024 * 1024;
// One agent per connect timeout and ranges: undici fixes both per agent. Argus has a single timeout that rarely changes, and few
// sites have ranges. Once ranges are taken away, a connection that they allowed serves no further call.
const mostAgents = 16;

type Way = Pick<GuardedFetch, 'lookup' | 'tunnelsTo'> & { readonly privateNetwork: PrivateNetwork };

/**
 * undici's connector with the vetted lookup, or the proxy's tunnels. A literal address, which needs no lookup, is judged
 * here.
 */
function createConnector({ privateNetwork, lookup, tunnelsTo }: Way, timeout: number, ranges: readonly string[]) {
  // Set explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch verification off.
  const connect = buildConnector({ timeout, lookup: lookup(ranges), allowH2: false, rejectUnauthorized: true });
  const guarded: buildConnector.connector = (options, callback) => {
    const { hostname, protocol } = options;
    const address = literalAddress(hostname);
    if (address !== undefined && !judgeAddress(address, privateNetwork, ranges).allowed) {
      callback(new EgressFailure({ kind: 'address_denied', origin: hostname, address }), null);
      return;
    }
    const port = Number(options.port) || (protocol === 'https:' ? 443 : 80);
    const tunnels = tunnelsTo(hostname, port);
    if (tunnels === undefined) {
      connect(options, callback);
      return;
    }
    const target = { origin: `${protocol}//${hostname}:${port}`, host: address ?? hostname, port };
    tunnels.connect(target, timeout).then(
      (socket) => callback(null, socket.setKeepAlive(true, keepAliveMs)),
      (error: Error) => callback(error, null),
    );
  };
  return guarded;
}

function createAgents(way: Way) {
  const agents = new LRUCache<string, Agent, AgentOptions>({
    max: mostAgents,
    memoMethod: (_key, _stale, { context: { connectTimeoutMs, ranges } }) => {
      const connect = createConnector(way, connectTimeoutMs, ranges);
      return new Agent({ connect, allowH2: false, pipelining: 1 });
    },
    dispose: (agent, _key, reason) => {
      // Graceful: calls on it finish. Nobody needs the outcome.
      if (reason === 'evict') agent.close().catch(() => {});
    },
  });
  return {
    of: (options: AgentOptions): Agent =>
      agents.memo([options.connectTimeoutMs, ...options.ranges].join(' '), { context: options }),
    async close(): Promise<void> {
      const all = [...agents.values()];
      agents.clear();
      await Promise.all(all.map((agent) => agent.destroy()));
    },
  };
}

type AgentOptions = { readonly connectTimeoutMs: number; readonly ranges: readonly string[] };

function flatHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const flat: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

function requestHeaders(request: GuardedRequest, userAgent: string): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': userAgent };
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value;
  // The checked URL decides the host, and readBody the content codings.
  delete headers.host;
  headers['accept-encoding'] = acceptEncoding;
  return headers;
}

function redirectFact(origin: string, url: string, status: number, location: string | undefined): EgressFact {
  const target = location !== undefined && URL.canParse(location, url) ? new URL(location, url).origin : undefined;
  return { kind: 'redirect', origin, status, ...present({ locationOrigin: target }) };
}

/** undici's parser error contains the unreadable bytes; errors are logged, but replies must not be. */
function withoutReply(cause: unknown): unknown {
  if (cause instanceof Error && 'data' in cause) cause.data = undefined;
  return cause;
}

/** The fact of a body that broke off: after the headers, a closed connection means a truncated reply. */
function bodyFact(cause: unknown, origin: string, deadline: Deadline): EgressFact {
  if (cause instanceof BodyRefused) return { kind: cause.kind, origin };
  const fact = fromNodeError(cause, origin, deadline);
  return fact.kind === 'reset' ? { ...fact, kind: 'truncated' } : fact;
}

/**
 * The only way out of Argus: every call is checked against the remote-site list, and restricted to public addresses and those that
 * its site allows, or handed to the outbound proxy.
 */
export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
  const { sites, privateNetwork, userAgent } = options;
  const connectTimeoutMs = options.connectTimeoutMs ?? defaultConnectTimeoutMs;
  const lookup = (ranges: readonly string[]) => createVettedLookup(privateNetwork, options.resolve, ranges);
  const { proxy } = options;
  const tunnels = proxy && createTunnels(proxy, privateNetwork);
  const tunnelsTo = (host: string, port: number) => (proxy?.goesDirectly(host, port) ? undefined : tunnels);
  const agents = createAgents({ privateNetwork, lookup, tunnelsTo });
  const check = async (url: string) => decide(url, await sites(), { allowPrivateNetwork: privateNetwork });

  async function admit(request: GuardedRequest): Promise<Extract<RemoteSiteDecision, { allowed: true }>> {
    const called = canonicalOrigin(request.url);
    if (called.ok && request.allowedOrigin !== undefined) {
      const own = canonicalOrigin(request.allowedOrigin);
      if (!own.ok || own.origin !== called.origin) {
        throw new EgressFailure({ kind: 'origin_mismatch', origin: called.origin });
      }
    }
    const origin = called.ok ? called.origin : '';
    const { deadline } = request;
    const decision = await withinDeadline(deadline, check(request.url)).catch((cause) => {
      throw deadline.expired ? new EgressFailure({ kind: 'timeout', origin }, { cause }) : cause;
    });
    if (!decision.allowed) throw new EgressFailure(refusalFact(decision));
    return decision;
  }

  async function guardedFetch(request: GuardedRequest): Promise<GuardedResponse> {
    const { origin, path, ranges } = await admit(request);
    const { deadline } = request;
    const url = `${origin}${path}`;
    const pending = dispatch(url, {
      dispatcher: agents.of({ connectTimeoutMs: request.connectTimeoutMs ?? connectTimeoutMs, ranges }),
      method: request.method,
      headers: requestHeaders(request, userAgent),
      body: request.body ?? null,
      signal: deadline.signal,
    });
    // Raced, since undici ignores the signal of a request that is waiting for its connection.
    const response = await withinDeadline(deadline, pending).catch((cause) => {
      pending.then(({ body }) => abandon(body)).catch(() => {});
      throw new EgressFailure(fromNodeError(cause, origin, deadline), { cause: withoutReply(cause) });
    });
    const headers = flatHeaders(response.headers);
    const { statusCode: status, body: stream } = response;
    if (status >= 300 && status < 400) {
      abandon(stream);
      throw new EgressFailure(redirectFact(origin, url, status, headers.location));
    }
    const maxBytes = request.maxBytes ?? defaultMaxBytes;
    const body = await readBody(stream, headers['content-encoding'], maxBytes).catch((cause) => {
      throw new EgressFailure(bodyFact(cause, origin, deadline), { cause: withoutReply(cause) });
    });
    return { status, headers, body, url };
  }

  return {
    fetch: guardedFetch,
    check,
    lookup,
    tunnelsTo,
    close: () => agents.close(),
  };
}
