import { type CodeOf, type ConnectionCause, causeOf, codeOf } from '@argus/contract/errors/compose';
import { type ErrorCode, isErrorCode, type MicrosoftPurpose } from '@argus/contract/errors/error-catalogue';

/**
 * Why Microsoft is called for an account. It decides an error's wording and its row in the customer's table; the
 * causes are the same for all. Authorization is not among them: it creates the grant that they need.
 */
export type Purpose = Exclude<MicrosoftPurpose, 'authorization'>;

/** The public code of a cause, for a purpose. */
export function codeFor<P extends Purpose, C extends ConnectionCause>(purpose: P, cause: C): CodeOf<P, C> {
  return codeOf(purpose, cause);
}

/**
 * A stored code in the words of this purpose: what one purpose met, another tells as its own, and judges by its own entry.
 * Undefined where this version does not know the code; the code itself where the purpose lacks the cause.
 */
export function toldFor(purpose: Purpose, stored: string | null): ErrorCode | undefined {
  if (stored === null || !isErrorCode(stored)) return undefined;
  const own = codeOf(purpose, causeOf(stored));
  return isErrorCode(own) ? own : stored;
}
