/**
 * For what Microsoft is called for an account. It decides the words of an error and the row of the customer's table; what is wrong
 * is the same for all. Authorizing is no such purpose: it makes the grant that these need.
 */
export type Purpose = 'mail';

/** What can be wrong before or beside a call, for every purpose. */
type ConnectionCause =
  | 'account_mismatch'
  | 'connection_moved'
  | 'not_authorized'
  | 'not_linked'
  | 'provider_not_found'
  | 'reconnect_needed'
  | 'throttled'
  | 'timeout'
  | 'upstream_error';

/** The public code of a cause, for a purpose. */
export function codeFor<P extends Purpose, C extends ConnectionCause>(purpose: P, cause: C): `${P}_${C}` {
  return `${purpose}_${cause}`;
}
