import type { NetworkFault } from './entry.ts';

/** Argus refused to send: because of the remote sites, or the form of the URL. */
export const notSentFaults = [
  'site_not_registered',
  'plain_http',
  'malformed_url',
  'origin_mismatch',
] as const satisfies readonly NetworkFault[];
/** Nobody answered where the URL points. */
export const unreachableFaults = [
  'dns',
  'refused',
  'tls',
  'reset',
  'address_denied',
  'network',
] as const satisfies readonly NetworkFault[];
export const timeoutFaults = ['timeout', 'connect_timeout'] as const satisfies readonly NetworkFault[];
/** The answer is not the expected reply. */
export const unreadableFaults = [
  'redirect',
  'truncated',
  'too_large',
  'protocol',
] as const satisfies readonly NetworkFault[];

/** AADSTS numbers with the same meaning on the redirect and at the token endpoint. The current number comes first. */
export const clientUnknownNumbers = [700016, 70001, 700011, 7000229, 90099] as const;
export const clientDisabledNumber = 7000112;
export const scopeNumbers = [70011, 650053, 28002, 28003, 700022, 700023] as const;
export const resourceNumbers = [500011, 50001, 650054] as const;
/** Faults of the sign-in service itself; waiting does not help against the last two. */
export const serviceNumbers = [
  90033, 90006, 90012, 90024, 90090, 90091, 50033, 50087, 50088, 50166, 70012, 90036, 50000,
] as const;
/** The grant, or the code, is useless for a reason that a new sign-in removes; Microsoft gives no better one. */
export const signInAgainNumbers = [50085, 50139, 700020] as const;
export const serviceErrorNames = ['temporarily_unavailable', 'server_error'] as const;
export const tenantThrottledNumber = 90055;
/** Statuses that only a proxy or the gateway of a network sends. */
export const inBetweenStatuses = [407, 511] as const;
/** Statuses of a server that will never serve such a request (501, 505), or of one in between (407, 511; RFC 9110, RFC 6585). */
export const neverServedStatuses = [...inBetweenStatuses, 501, 505] as const;
