import type { EgressFact } from '@argus/egress/egress-failure';

/**
 * The call that failed: the redirect from the authorize endpoint, the token endpoint, Graph's `/me`, or another call to
 * Graph, by a name that its module chooses (`messages`, `folder`). The error log stores it as `stage`.
 */
export type Call = 'authorize' | 'token' | 'identity' | (string & Record<never, never>);

/**
 * The answer of Microsoft (or of the network), by codes and structure only. Every text in it was checked to be an
 * identifier, a GUID or a timestamp: no prose of the peer, no token.
 */
export type UpstreamFact = {
  readonly call: Call;
  /** `http`: a complete error reply. `egress`: no complete reply. `malformed`: a success reply that is invalid. */
  readonly kind: 'http' | 'egress' | 'malformed';
  readonly status?: number;
  /** The OAuth `error` (RFC 6749, section 5.2). */
  readonly oauthError?: string;
  /** AADSTS numbers, outermost first, the last one most specific. */
  readonly errorCodes?: readonly number[];
  readonly suberror?: string;
  /** The reply has a claims challenge: the user has to sign in again (conditional access, continuous evaluation). */
  readonly hasClaimsChallenge?: boolean;
  /** Graph's `error.code` and those of the nested inner errors, outermost first, the last one most specific. */
  readonly graphCodes?: readonly string[];
  /** Graph names a segment of the path that it does not have. */
  readonly graphSegmentNotFound?: boolean;
  /** Exchange Online finds none of the folders that every mailbox has: the mailbox is not ready. */
  readonly defaultFolderMissing?: boolean;
  /** Retry-After in milliseconds, as requested; the caller caps it. */
  readonly retryAfterMs?: number;
  readonly traceId?: string;
  readonly correlationId?: string;
  /** Graph's `request-id`, or the token endpoint's `x-ms-request-id`. */
  readonly requestId?: string;
  /** The GUID that Argus sent as `client-request-id`. */
  readonly clientRequestId?: string;
  /** When it failed, by Microsoft's clock and in Microsoft's format. */
  readonly timestamp?: string;
  readonly egress?: EgressFact;
};

/** The only error that this package throws. Its message contains nothing that a peer sent. */
export class MicrosoftFailure extends Error {
  override readonly name = 'MicrosoftFailure';
  readonly fact: UpstreamFact;
  /** Of an unusable token reply: its new refresh token, as the former one may be spent. A secret, so no fact. */
  readonly #refreshToken: string | undefined;

  constructor(fact: UpstreamFact, options?: ErrorOptions & { readonly refreshToken?: string | undefined }) {
    const detail = fact.kind === 'egress' ? fact.egress?.kind : fact.status;
    super(`Microsoft call failed: ${fact.call} ${fact.kind}${detail === undefined ? '' : ` ${detail}`}`, options);
    this.fact = fact;
    this.#refreshToken = options?.refreshToken;
  }

  get refreshToken(): string | undefined {
    return this.#refreshToken;
  }
}

/** The failure of a call without a complete reply. */
export function fromEgressFact(call: Call, egress: EgressFact, cause: unknown): MicrosoftFailure {
  return new MicrosoftFailure({ call, kind: 'egress', egress }, { cause });
}
