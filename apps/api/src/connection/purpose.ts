import type { ConnectionCause } from '@argus/contract/errors/compose';
import { type ErrorCode, isErrorCode, type MicrosoftPurpose } from '@argus/contract/errors/error-catalogue';
import { type CodeOf, causeOf, codeOf } from '@argus/contract/errors/public-code';

/**
 * Why Microsoft is called for an account. It decides an error's wording and its row in the customer's table; the
 * causes are the same for all. Authorization is not among them: it creates the grant that they need.
 */
export type Purpose = Exclude<MicrosoftPurpose, 'authorization'>;

/**
 * A grant has one last success and one last error. They are this purpose's: the notices and the error log conclude from
 * them whether users get their mail, so another purpose must neither clear nor overwrite them.
 */
export const recordedPurpose: Purpose = 'mail';

/** The public code of a cause, for a purpose. */
export function codeFor<P extends Purpose, C extends ConnectionCause>(purpose: P, cause: C): CodeOf<P, C> {
  return codeOf(purpose, cause);
}

/**
 * The code of this purpose for a stored one: a grant serves several purposes, and may have failed for another.
 * Undefined if this version does not know the code; the code itself if the purpose does not have the cause.
 */
export function toldFor(purpose: Purpose, stored: string | null): ErrorCode | undefined {
  if (stored === null || !isErrorCode(stored)) return undefined;
  const own = codeOf(purpose, causeOf(stored));
  return isErrorCode(own) ? own : stored;
}
