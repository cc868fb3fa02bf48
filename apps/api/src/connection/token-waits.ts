import { catalogueEntry, type ErrorCode, isErrorCode } from '@argus/contract/errors/error-catalogue';
import type { Known } from '@argus/contract/errors/known';
import { AppError } from '../platform/problems/app-error.ts';
import type { Services } from '../platform/services.ts';
import { calledAt } from './from-microsoft.ts';
import { asksForPatience, waitingLonger } from './patience.ts';
import { codeFor, type Purpose, toldFor } from './purpose.ts';
import type { AuthProvider } from './records/auth-providers.ts';
import type { TokenWait } from './records/grant-waits.ts';
import type { Grant } from './records/grants.ts';
import { findTokenPause, noteBusyReply } from './records/token-pauses.ts';

/** After a failure that is not the grant's fault, the token endpoint is not called for this long. */
export const backOffMs = 5_000;
/** After a refusal without a reason the token is tried once more, as late as this at the earliest. */
const doubtMs = 60_000;

/** Whether Microsoft said that the same request will succeed later. A timeout does not say so. */
function isTransient(code: ErrorCode): boolean {
  return catalogueEntry(code).transient === true;
}

/** Whether Microsoft refused without a reason, which may pass. */
export function isFirstRefusal(code: ErrorCode): boolean {
  return catalogueEntry(code).isFirstRefusal === true;
}

/** For which purpose a token endpoint is called. */
interface TokenErrand {
  readonly purpose: Purpose;
  readonly provider: AuthProvider;
  /** For whom: a wait that this grant was given applies to any other call as well. */
  readonly grant?: Grant | undefined;
}

/** When a token endpoint may be called again (decisions/0023). */
export function createTokenWaits({ db, now }: Pick<Services, 'db' | 'now'>) {
  /**
   * A failure with the wait of its grant or, if other grants encounter the same, with the wait of all grants. A refusal
   * concerns its own grant, whatever else the reply says.
   */
  async function keep(said: AppError, provider: AuthProvider, grant: Grant): Promise<AppError> {
    if (!asksForPatience(said.params)) return said;
    const own = waitingLonger(said, formerWaitSeconds(grant));
    if (!isTransient(said.code) || catalogueEntry(said.code).ofOneGrant) return own;
    const at = now();
    const secondsOf = (failure: AppError) => failure.params.retryAfterSeconds ?? 0;
    const pause = await noteBusyReply(db, provider, {
      ...{ grant, code: said.code, at },
      waitAfter: (former) => secondsOf(waitingLonger(said, former)),
    });
    if (!pause) return own;
    const ofAll = Math.ceil((pause.until.getTime() - at.getTime()) / 1000);
    const retryAfterSeconds = Math.max(ofAll, secondsOf(own));
    return new AppError(own.code, { ...own.params, retryAfterSeconds }, { cause: own.cause });
  }

  /** The wait that this grant's last refresh ended with; null where it has succeeded since. */
  function formerWaitSeconds({ refreshNotBefore, lastErrorAt, lastErrorCode }: Grant): number | null {
    if (refreshNotBefore === null || lastErrorAt === null || !isErrorCode(lastErrorCode ?? '')) return null;
    if (!isTransient(lastErrorCode as ErrorCode)) return null;
    const seconds = (refreshNotBefore.getTime() - lastErrorAt.getTime()) / 1000;
    return seconds > 0 ? seconds : null;
  }

  /** The error of any call to a token endpoint that wants to be left alone now; null where it may be called. */
  async function whyPaused(errand: TokenErrand): Promise<AppError | null> {
    const { grant } = errand;
    const { tokenWaitUntil: asked = null, tokenWaitBy = null } = grant ?? {};
    if (asked && asked > now()) return backOff(errand, tokenWaitBy, asked);
    // A refused grant is paused because of its refusal: a new try ends the pause.
    const own = grant?.status === 'authorized' ? grant.refreshNotBefore : null;
    if (grant && own && own > now()) return backOff(errand, grant.lastErrorCode, own);
    const pause = await findTokenPause(db, errand.provider, now());
    return pause === null ? null : backOff(errand, pause.code, pause.until);
  }

  /** The error of a call that is not made before `until`: the last one is repeated. */
  function backOff({ purpose, provider }: TokenErrand, code: string | null, until: Date): AppError {
    const last = toldFor(purpose, code);
    const repeated = last !== undefined && isTransient(last) ? last : codeFor(purpose, 'upstream_error');
    const retryAfterSeconds = Math.max(1, Math.ceil((until.getTime() - now().getTime()) / 1000));
    const called = { suffix: provider.urlSuffix, ...calledAt(provider.tokenEndpointUrl) };
    const status = catalogueEntry(repeated).pausesCalls ? 429 : 503;
    return new AppError(repeated, { ...called, status, retryAfterSeconds });
  }

  /** The wait that a failure asks for itself; null where it asks for none. */
  function askedBy({ code, params }: AppError): TokenWait | null {
    const { retryAfterSeconds } = params;
    if (!asksForPatience(params) || retryAfterSeconds === undefined) return null;
    return { until: new Date(now().getTime() + retryAfterSeconds * 1000), code };
  }

  /** From when on the grant is refreshed again after a failure; null where that is at once. */
  function notBefore(failure: AppError): Date | null {
    if (!isTransient(failure.code) && !asksForPatience(failure.params)) return null;
    const usual = isFirstRefusal(failure.code) ? doubtMs : backOffMs;
    const wait = failure.params.retryAfterSeconds === undefined ? usual : failure.params.retryAfterSeconds * 1000;
    return new Date(now().getTime() + wait);
  }

  /** A refusal without a reason counts once it is repeated after the wait that followed the first. */
  function knownOfRefusals({ refusedOnceAt }: Grant): readonly Known[] {
    const isNew = refusedOnceAt === null || now().getTime() - refusedOnceAt.getTime() < doubtMs;
    return isNew ? ['not_refused_before'] : [];
  }

  return { keep, whyPaused, askedBy, notBefore, knownOfRefusals };
}
