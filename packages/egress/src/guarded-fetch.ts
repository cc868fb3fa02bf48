import type { LookupFunction } from 'node:net';
import { LRUCache } from 'lru-cache';
import { Agent, buildConnector, type Dispatcher, request as dispatch } from 'undici';
import { judgeAddress, literalAddress, type PrivateNetwork } from './address-policy.ts';
import { canonicalOrigin } from './canonical-origin.ts';
import { type Deadline, withinDeadline } from './deadline.ts';
import { type EgressFact, EgressFailure, refusalFact } from './egress-failure.ts';
import { fromNodeError } from './from-node-error.ts';
import { abandon, acceptEncoding, BodyRefused, readBody } from './read-body.ts';
import { decide, type RemoteSite, type RemoteSiteDecision } from './remote-site-policy.ts';
import { createVettedLookup, type Resolve } from './vetted-lookup.ts';

export type GuardedRequest = {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The total budget: it covers name resolution, connect, headers and body. */
  readonly deadline: Deadline;
  /** Milliseconds for name resolution, TCP and TLS together. */
  readonly connectTimeoutMs?: number;
  /** Cap on the decoded body in bytes; 5 MiB unless told. */
  readonly maxBytes?: number;
  /** When given, a URL of another origin is refused before anything is sent: a bearer goes to its own origin alone. */
  readonly allowedOrigin?: string;
};

export type GuardedResponse = {
  /** Any status but 3xx, which is thrown as a `redirect`. */
  readonly status: number;
  /** Names in lower case, repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body with its content coding undone. */
  readonly body: Uint8Array;
  /** The URL that was called, in canonical form. */
  readonly url: string;
};

export type GuardedFetch = {
  /**
   * One call through the list, with no redirects followed. Resolves for every complete reply that is not 3xx.
   * @throws EgressFailure for all that goes wrong on the way; an error of `sites()` itself passes unchanged
   */
  readonly fetch: (request: GuardedRequest) => Promise<GuardedResponse>;
  /** Asks the current list without calling. Does not resolve names: the address is judged at connect. */
  readonly check: (url: string) => Promise<RemoteSiteDecision>;
  /** A `lookup` for `node:net` that yields vetted addresses only. IP literals never reach it. */
  readonly lookup: LookupFunction;
  /** Ends all connections; calls under way fail. */
  readonly close: () => Promise<void>;
};

export type GuardedFetchOptions = {
  /** The remote-site list as it is now; read before every call, so that a removed entry counts at once. */
  readonly sites: () => Promise<readonly RemoteSite[]>;
  readonly privateNetwork: PrivateNetwork;
  /** Milliseconds; 10,000 unless told. */
  readonly connectTimeoutMs?: number;
  readonly userAgent: string;
  /** Name resolution; the system's unless told. */
  readonly resolve?: Resolve;
};

const defaultConnectTimeoutMs = 10_000;
const defaultMaxBytes = 5 * 1024 * 1024;
// One agent per connect timeout: undici fixes it per agent, and Argus has one setting that changes rarely.
const mostAgents = 4;

/** undici's connector with the vetted lookup; a literal, for which no lookup happens, is judged once more here. */
function createConnector(privateNetwork: PrivateNetwork, lookup: LookupFunction, timeout: number) {
  // Verification is asked for by name, so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch it off.
  const connect = buildConnector({ timeout, lookup, allowH2: false, rejectUnauthorized: true });
  const guarded: buildConnector.connector = (options, callback) => {
    const address = literalAddress(options.hostname);
    if (address !== undefined && !judgeAddress(address, privateNetwork).allowed) {
      callback(new EgressFailure({ kind: 'address_denied', origin: options.hostname, address }), null);
      return;
    }
    connect(options, callback);
  };
  return guarded;
}

function createAgents(privateNetwork: PrivateNetwork, lookup: LookupFunction) {
  const agents = new LRUCache<number, Agent, unknown>({
    max: mostAgents,
    memoMethod: (connectTimeoutMs) => {
      const connect = createConnector(privateNetwork, lookup, connectTimeoutMs);
      return new Agent({ connect, allowH2: false, pipelining: 1 });
    },
    dispose: (agent, _key, reason) => {
      // Graceful: calls that run on it finish. Its outcome concerns nobody.
      if (reason === 'evict') agent.close().catch(() => {});
    },
  });
  return {
    of: (connectTimeoutMs: number): Agent => agents.memo(connectTimeoutMs),
    async close(): Promise<void> {
      const all = [...agents.values()];
      agents.clear();
      await Promise.all(all.map((agent) => agent.destroy()));
    },
  };
}

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
  // Host belongs to the URL that was checked, and the coding to what readBody can undo.
  delete headers.host;
  headers['accept-encoding'] = acceptEncoding;
  return headers;
}

function redirectFact(origin: string, url: string, status: number, location: string | undefined): EgressFact {
  const target = location !== undefined && URL.canParse(location, url) ? new URL(location, url).origin : undefined;
  return { kind: 'redirect', origin, status, ...(target === undefined ? {} : { locationOrigin: target }) };
}

/** undici's parser error carries the bytes that it could not read; errors are logged, and replies are not. */
function withoutReply(cause: unknown): unknown {
  if (cause instanceof Error && 'data' in cause) cause.data = undefined;
  return cause;
}

/** The fact of a body that broke off: once headers were read, a closed connection means a truncated reply. */
function bodyFact(cause: unknown, origin: string, deadline: Deadline): EgressFact {
  if (cause instanceof BodyRefused) return { kind: cause.kind, origin };
  const fact = fromNodeError(cause, origin, deadline);
  return fact.kind === 'reset' ? { ...fact, kind: 'truncated' } : fact;
}

/** The one way out of Argus: every call is held to the remote-site list and to public addresses. */
export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
  const { sites, privateNetwork, userAgent } = options;
  const connectTimeoutMs = options.connectTimeoutMs ?? defaultConnectTimeoutMs;
  const lookup = createVettedLookup(privateNetwork, options.resolve);
  const agents = createAgents(privateNetwork, lookup);
  const check = async (url: string) => decide(url, await sites(), { allowPrivateNetwork: privateNetwork });

  async function admit(request: GuardedRequest): Promise<{ readonly origin: string; readonly path: string }> {
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
    const { origin, path } = await admit(request);
    const { deadline } = request;
    const url = `${origin}${path}`;
    const pending = dispatch(url, {
      dispatcher: agents.of(request.connectTimeoutMs ?? connectTimeoutMs),
      method: request.method,
      headers: requestHeaders(request, userAgent),
      body: request.body ?? null,
      signal: deadline.signal,
    });
    // Raced, since undici heeds the signal of a request that still waits for its connection only once it is connected.
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
    close: () => agents.close(),
  };
}
