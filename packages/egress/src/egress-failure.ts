import { present } from '@argus/fields/present';
import type { OriginProblem } from './canonical-origin.ts';
import type { NearMiss, RemoteSiteDecision } from './remote-site-policy.ts';

/**
 * Why a call failed before a complete reply.
 * - refused by Argus, nothing was sent: `malformed_url`, `site_not_registered`, `plain_http`, `address_denied` (also
 *   when a name resolves to such an address), `origin_mismatch` (the bearer token belongs to another origin)
 * - the peer is unreachable: `dns`, `refused`, `tls`, `network` (no route, and anything without its own class)
 * - the outbound proxy: `proxy_unreachable` (no connection to it), `proxy_credentials` (its 407), `proxy_refused` (another
 *   refusal of CONNECT), `proxy_upstream` (its 5xx: it did not reach the peer), `proxy_timeout` (no answer to CONNECT within the
 *   connect timeout), `proxy_tls` (the tunnel is open, and the handshake with the peer failed)
 * - time: `connect_timeout` (the connect timeout), `timeout` (the total budget)
 * - the reply: `redirect` (never followed), `reset` (closed before any header), `truncated` (closed within the body),
 *   `too_large` (over the cap on decoded bytes), `protocol` (invalid HTTP, or a content encoding that does not
 *   decode)
 */
export type EgressKind =
  | 'malformed_url'
  | 'site_not_registered'
  | 'plain_http'
  | 'address_denied'
  | 'origin_mismatch'
  | 'dns'
  | 'refused'
  | 'tls'
  | 'network'
  | 'proxy_unreachable'
  | 'proxy_credentials'
  | 'proxy_refused'
  | 'proxy_upstream'
  | 'proxy_timeout'
  | 'proxy_tls'
  | 'connect_timeout'
  | 'timeout'
  | 'redirect'
  | 'reset'
  | 'truncated'
  | 'too_large'
  | 'protocol';

/** The facts of a failed call. Only origins: no path, query, header or body. */
export type EgressFact = {
  readonly kind: EgressKind;
  /** The canonical origin that was called; empty when the URL text has none. */
  readonly origin: string;
  /** For `malformed_url`. */
  readonly problem?: OriginProblem;
  /** For `site_not_registered`: similar entries. */
  readonly nearMisses?: readonly NearMiss[];
  /** For `address_denied`: the address. */
  readonly address?: string;
  /** The code of Node, OpenSSL or undici, such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`; `PROXY_403` for the proxy's status. */
  readonly osCode?: string;
  /** For `redirect`: the HTTP status. */
  readonly status?: number;
  /** For `redirect`: the origin that the reply pointed to. */
  readonly locationOrigin?: string;
};

/** The only error that outgoing calls throw. Its message contains nothing that a peer sent. */
export class EgressFailure extends Error {
  override readonly name = 'EgressFailure';
  readonly fact: EgressFact;

  constructor(fact: EgressFact, options?: ErrorOptions) {
    super(`Outgoing call failed: ${fact.kind}${fact.origin === '' ? '' : ` at ${fact.origin}`}`, options);
    this.fact = fact;
  }
}

/** The fact of a call that the remote-site list refused. */
export function refusalFact(decision: Extract<RemoteSiteDecision, { allowed: false }>): EgressFact {
  const { reason, origin, problem, address, nearMisses } = decision;
  return {
    kind: reason === 'malformed' ? 'malformed_url' : reason,
    origin,
    ...present({ problem, address }),
    ...(reason === 'site_not_registered' ? { nearMisses } : {}),
  };
}
