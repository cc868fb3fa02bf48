import { present } from '@argus/fields/present';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { MicrosoftFailure } from './fact.ts';
import { parseJson } from './parse-json.ts';
import { parseRetryAfter } from './parse-retry-after.ts';
import { challengesClaims, code, guid, type ReplyHeaders, record, text, timestamp } from './reply-fields.ts';

const mostErrorCodes = 20;
const longestDescription = 16_384;

function uniqueCodes(values: readonly unknown[]): readonly number[] {
  const single = values.filter((value) => typeof value === 'number' || typeof value === 'string');
  const codes = single.map(Number).filter((value) => Number.isSafeInteger(value) && value > 0);
  return [...new Set(codes)].slice(0, mostErrorCodes);
}

/**
 * All AADSTS numbers of an error reply, outermost first, the last one most specific.
 *
 * They are in `error_codes`, in the description (one in today's wording; two in that of 2015, as `AADSTS70002: …
 * AADSTS50012: …`) and in `error_uri`. If one list contains the other, its order wins.
 */
export function aadstsCodes(payload: unknown): readonly number[] {
  const body = record(payload);
  const description = text(body.error_description)?.slice(0, longestDescription) ?? '';
  const written = uniqueCodes(Array.from(description.matchAll(/AADSTS(\d{4,9})/gu), ([, digits]) => digits));
  const listed = uniqueCodes(Array.isArray(body.error_codes) ? body.error_codes : []);
  const linked = uniqueCodes([/[?&]code=(?:AADSTS)?(\d{4,9})(?:&|$)/u.exec(text(body.error_uri) ?? '')?.[1]]);
  const listedHoldsAll = written.every((value) => listed.includes(value));
  const known = listedHoldsAll && listed.length > written.length ? listed : [...listed, ...written];
  const ordered = known === listed ? listed : [...known.filter((value) => !written.includes(value)), ...written];
  return uniqueCodes([...linked.filter((value) => !ordered.includes(value)), ...ordered]);
}

function jsonOf(payload: unknown): unknown {
  const isWire = payload instanceof Uint8Array || typeof payload === 'string';
  return isWire ? parseJson(payload)?.json : payload;
}

/**
 * The failure of a token call with an error reply; `malformed` where the status is a success.
 * @param reply.payload the parsed JSON, or the body as text or bytes (of an HTML page only the status counts)
 * @param reply.headers names in lower case @see
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function fromTokenEndpointError(reply: {
  readonly status: number;
  readonly payload: unknown;
  readonly headers?: ReplyHeaders;
  readonly clientRequestId?: string;
  readonly cause?: unknown;
}): MicrosoftFailure {
  const { status, headers = {}, cause } = reply;
  const body = record(jsonOf(reply.payload));
  const description = text(body.error_description)?.slice(0, longestDescription) ?? '';
  const errorCodes = aadstsCodes(body);
  // Entra separates these by CR LF, some of its clients by spaces; the reply's fields take precedence.
  const written = (label: string, value: string) => new RegExp(`${label}:\\s*(${value})`, 'iu').exec(description)?.[1];
  const oauthError = code(body.error);
  const isMalformed = status >= 200 && status < 300 && oauthError === undefined;
  const optional = present({
    oauthError,
    errorCodes: errorCodes.length > 0 ? errorCodes : undefined,
    suberror: code(body.suberror),
    hasClaimsChallenge: text(body.claims) !== undefined || challengesClaims(headers) || undefined,
    retryAfterMs: parseRetryAfter(headers['retry-after'], { now: Date.now(), replyDate: headers.date }),
    traceId: guid(body.trace_id) ?? guid(written('Trace ID', '[\\da-f-]{36}')),
    correlationId: guid(body.correlation_id) ?? guid(written('Correlation ID', '[\\da-f-]{36}')),
    requestId: guid(headers['x-ms-request-id']),
    clientRequestId: guid(reply.clientRequestId),
    timestamp: timestamp(body.timestamp) ?? timestamp(written('Timestamp', '\\d{4}-\\d\\d-\\d\\d[ T][\\d:.]+Z?')),
  });
  const kind = isMalformed ? 'malformed' : 'http';
  return new MicrosoftFailure({ call: 'token', kind, status, ...optional }, cause === undefined ? {} : { cause });
}

/** A successful token reply (RFC 6749, section 5.1). */
export type TokenReply = {
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly idToken?: string;
  readonly expiresInSeconds: number;
  /** The granted scopes, separated by spaces; absent means as requested. */
  readonly scope?: string;
  readonly tokenType: 'Bearer';
};

// Entra's are 2 to 4 KB. A token longer than any accepted header is useless.
const longestToken = 16_384;

const TokenPayload = Type.Object({
  // The characters of an Authorization header (RFC 6750, section 2.1).
  access_token: Type.String({ maxLength: longestToken, pattern: '^[\\w.~+/-]+=*$' }),
  token_type: Type.String(),
  expires_in: Type.Optional(Type.Unknown()),
  expires_on: Type.Optional(Type.Unknown()),
  refresh_token: Type.Optional(Type.Unknown()),
  id_token: Type.Optional(Type.Unknown()),
  scope: Type.Optional(Type.Unknown()),
});

const defaultLifeSeconds = 3600;
// Entra's longest, under continuous access evaluation, is 28 hours.
const longestLifeSeconds = 7 * 24 * 3600;

function positive(value: unknown): number | undefined {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^\d{1,15}(\.\d+)?$/u.test(value));
  const number = isNumber ? Number(value) : Number.NaN;
  return number > 0 && Number.isFinite(number) ? number : undefined;
}

/** A refresh token is printable ASCII (RFC 6749, appendix A.17): anything else cannot be one. */
function printable(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= longestToken && /^[\x20-\x7e]+$/u.test(value) ? value : undefined;
}

/**
 * The new refresh token of a reply, whatever else is wrong with it: where tokens rotate, the former one is spent.
 * @param payload the body, or its parsed JSON
 */
export function rotatedRefreshToken(payload: unknown): string | undefined {
  return printable(record(jsonOf(payload)).refresh_token);
}

/**
 * Reads a token reply. Numbers may be strings, as the v1 endpoint sends them. A missing or nonsensical lifetime is
 * taken from `expires_on`, or else assumed to be one hour. Unknown fields are ignored.
 * @param payload the parsed JSON of the reply
 * @throws MicrosoftFailure `malformed` where it has no usable bearer token; `http` where a 200 carries an OAuth error
 */
export function parseTokenResponse(payload: unknown, now: number = Date.now()): TokenReply {
  if (!Value.Check(TokenPayload, payload) || payload.token_type.trim().toLowerCase() !== 'bearer') {
    if (code(record(payload).error) !== undefined) throw fromTokenEndpointError({ status: 200, payload });
    throw new MicrosoftFailure({ call: 'token', kind: 'malformed' });
  }
  const { expires_in, expires_on, refresh_token, id_token, scope } = payload;
  const untilExpiry = (positive(expires_on) ?? 0) - now / 1000;
  const life = positive(expires_in) ?? (untilExpiry > 0 ? untilExpiry : defaultLifeSeconds);
  return {
    accessToken: payload.access_token,
    expiresInSeconds: Math.min(Math.max(Math.floor(life), 1), longestLifeSeconds),
    tokenType: 'Bearer',
    ...present({ refreshToken: printable(refresh_token), idToken: text(id_token), scope: text(scope) }),
  };
}
