import { catalogueEntry } from '@argus/contract/errors/error-catalogue';
import { AppError, type ErrorParams } from '../platform/problems/app-error.ts';

/**
 * Whether Microsoft wants to be left alone for a while, whichever catalogue code it is: it throttles (429), is unavailable (503), or
 * says when to come back (Retry-After, with any status).
 */
export function asksForPatience({ status, retryAfterSeconds }: ErrorParams): boolean {
  return status === 429 || status === 503 || (status !== undefined && retryAfterSeconds !== undefined);
}

/** The wait after a reply that names none. */
const usualWaitSeconds = 30;
/** A wait that repeats is doubled up to this time, unless Microsoft asks for more. */
const longestGrownWaitSeconds = 15 * 60;
/** A doubled wait is longer by up to this share, so that users who failed together do not return together. */
const jitter = 0.2;

/**
 * A failure with the wait that is shown, and kept: what Microsoft asks for; without a number, or where it repeats, longer each time.
 * @param formerSeconds the wait before it; null where Microsoft has answered since
 */
export function waitingLonger(failure: AppError, formerSeconds: number | null): AppError {
  const { code, params } = failure;
  if (!asksForPatience(params)) return failure;
  const first = params.retryAfterSeconds ?? catalogueEntry(code).retryAfterSeconds ?? usualWaitSeconds;
  const grown = formerSeconds === null ? first : Math.ceil(2 * formerSeconds * (1 + Math.random() * jitter));
  const retryAfterSeconds = Math.max(first, Math.min(longestGrownWaitSeconds, grown));
  return new AppError(code, { ...params, retryAfterSeconds }, { cause: failure.cause });
}
