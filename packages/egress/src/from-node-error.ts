import { present } from '@argus/fields/present';
import type { Deadline } from './deadline.ts';
import { type EgressFact, EgressFailure, type EgressKind } from './egress-failure.ts';

const kindByCode: Readonly<Record<string, EgressKind>> = {
  ENOTFOUND: 'dns',
  ENODATA: 'dns',
  ESERVFAIL: 'dns',
  ENONAME: 'dns',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  ESOCKETTIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'connect_timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_ABORTED: 'timeout',
  ABORT_ERR: 'timeout',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'too_large',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'truncated',
  Z_BUF_ERROR: 'truncated',
  Z_DATA_ERROR: 'protocol',
  Z_NEED_DICT: 'protocol',
  EPROTO: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  HOSTNAME_MISMATCH: 'tls',
  INVALID_CA: 'tls',
  INVALID_PURPOSE: 'tls',
  PATH_LENGTH_EXCEEDED: 'tls',
  AKID_ISSUER_SERIAL_MISMATCH: 'tls',
  AKID_SKID_MISMATCH: 'tls',
  SUBJECT_ISSUER_MISMATCH: 'tls',
  OUT_OF_MEM: 'tls',
};

// Families of codes: getaddrinfo(3), OpenSSL's X.509 verification, Node's and OpenSSL's TLS, llhttp, Brotli.
const kindByPattern: readonly (readonly [RegExp, EgressKind])[] = [
  [/^EAI_/u, 'dns'],
  [/^(CERT|CRL)_/u, 'tls'],
  [/^(UNABLE_TO|ERROR_IN_C|NO_EXPLICIT_POLICY|KEYUSAGE_)/u, 'tls'],
  [/^ERR_(TLS|SSL|OSSL)_/u, 'tls'],
  [/^HPE_/u, 'protocol'],
  [/^ERR_\w*ERROR_FORMAT_/u, 'protocol'],
];

function field(error: object, name: string): unknown {
  return (error as Readonly<Record<string, unknown>>)[name];
}

/** The error and everything it wraps: `cause`, and an AggregateError's `errors`. */
function wrapped(root: unknown): readonly object[] {
  const found = new Set<object>();
  const waiting: unknown[] = [root];
  while (waiting.length > 0 && found.size < 50) {
    const next = waiting.shift();
    if (typeof next !== 'object' || next === null || found.has(next)) continue;
    found.add(next);
    const errors = field(next, 'errors');
    waiting.push(field(next, 'cause'), ...(Array.isArray(errors) ? errors : []));
  }
  return [...found];
}

function kindOf(error: object, code: string | undefined): EgressKind | undefined {
  const name = field(error, 'name');
  if (name === 'TimeoutError' || name === 'AbortError') return 'timeout';
  // Some of undici's parser errors have no code.
  if (name === 'HTTPParserError') return 'protocol';
  if (code === undefined) return undefined;
  const syscall = field(error, 'syscall');
  // When the resolver's own servers refuse or time out, it reports the codes of a connection.
  if (typeof syscall === 'string' && /^(getaddrinfo|query)/u.test(syscall)) return 'dns';
  if (code === 'ETIMEDOUT') return syscall === 'connect' ? 'connect_timeout' : 'timeout';
  return kindByCode[code] ?? kindByPattern.find(([pattern]) => pattern.test(code))?.[1];
}

/**
 * Classifies a network failure by Node's, OpenSSL's or undici's code; messages are never read.
 * @param origin the canonical origin that was called
 * @param deadline if given and used up, a failure that may result from it counts as a timeout
 */
export function fromNodeError(cause: unknown, origin: string, deadline?: Deadline): EgressFact {
  const chain = wrapped(cause);
  const known = chain.find((error) => error instanceof EgressFailure);
  if (known !== undefined) return { ...known.fact, origin };
  if (deadline?.expired) return { kind: 'timeout', origin };
  let osCode: string | undefined;
  for (const error of chain) {
    const code = field(error, 'code');
    const ownCode = typeof code === 'string' ? code : undefined;
    osCode ??= ownCode;
    const kind = kindOf(error, ownCode);
    if (kind !== undefined) return { kind, origin, ...present({ osCode: ownCode }) };
  }
  return { kind: 'network', origin, ...present({ osCode }) };
}
