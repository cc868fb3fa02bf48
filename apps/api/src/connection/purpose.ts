import { type CodeOf, codeOf } from '@argus/contract/errors/compose';
import type { MicrosoftPurpose } from '@argus/contract/errors/error-catalogue';

/**
 * Why Microsoft is called for an account. It decides an error's wording and its row in the customer's table; the
 * causes are the same for all. Authorization is not among them: it creates the grant that they need.
 */
export type Purpose = Exclude<MicrosoftPurpose, 'authorization'>;

/** What can be wrong before or besides a call. Every purpose has these causes. */
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
export function codeFor<P extends Purpose, C extends ConnectionCause>(purpose: P, cause: C): CodeOf<P, C> {
  return codeOf(purpose, cause);
}
