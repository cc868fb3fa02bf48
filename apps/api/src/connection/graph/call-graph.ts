import { catalogueEntry } from '@argus/contract/errors/error-catalogue';
import type { Deadline } from '@argus/egress/deadline';
import { MicrosoftFailure } from '@argus/microsoft/fact';
import type { GraphCall } from '@argus/microsoft/graph';
import { AppError } from '../../platform/problems/app-error.ts';
import type { Services } from '../../platform/services.ts';
import { asksToReconnect, fitOf } from '../connection-state.ts';
import type { Connection } from '../find-connection.ts';
import { calledAt, fromMicrosoft } from '../from-microsoft.ts';
import type { TokenVault } from '../grant-tokens.ts';
import { asksForPatience, waitingLonger } from '../patience.ts';
import { codeFor, type Purpose, recordedPurpose, toldFor } from '../purpose.ts';
import { recordThrottling, type Throttling } from '../records/grant-waits.ts';
import { type Grant, recordFailure, recordSuccess } from '../records/grants.ts';
import type { Settings } from '../records/settings.ts';
import { whatIsKnown } from '../what-is-known.ts';
import { proveAccount } from './prove-account.ts';

export type GraphServices = Services & { readonly tokens: TokenVault };

/** A call for an account: its purpose, and how long the caller waits. */
export interface GraphRequest {
  readonly connection: Connection;
  readonly purpose: Purpose;
  readonly deadline: Deadline;
  /** Receives the ids of every complete reply; Microsoft finds the call in its logs by them. */
  readonly onReply?: GraphCall['onReply'];
  /**
   * For 接続診断, which judges the account itself: nothing is proved, and only failures that `stores` accepts are stored.
   */
  readonly trial?: { stores(failure: AppError): boolean };
}

/**
 * Calls Graph for a result. `noteAside` takes the failure of a call beside it, without which the result is complete: only a wait that
 * Microsoft asks for is stored.
 */
export type GraphUse<T> = (call: GraphCall, noteAside: (error: unknown) => void) => Promise<T>;

/** What a Graph call needs besides its own parameters. The token goes only to the site of 「URL」. */
export function graphCallWith(
  { egress }: Pick<Services, 'egress'>,
  accessToken: string,
  call: {
    readonly settings: Pick<Settings, 'mailUrl' | 'connectTimeoutSeconds'>;
    readonly deadline: Deadline;
    readonly onReply?: GraphCall['onReply'];
  },
): GraphCall {
  const { settings, deadline, onReply } = call;
  return {
    guardedFetch: egress,
    accessToken,
    deadline,
    connectTimeoutMs: settings.connectTimeoutSeconds * 1000,
    allowedOrigin: new URL(settings.mailUrl).origin,
    ...(onReply ? { onReply } : {}),
  };
}

/**
 * The only way to call Graph for an account: with a token of its grant, once more where Graph refuses the token, and
 * not at all while Microsoft throttles. Where the link changed since the grant was verified, Graph first says who the
 * account is. The outcome is stored on the grant: screens show it, and the next call respects it.
 * @throws AppError of the purpose
 */
export async function callGraph<T>(services: GraphServices, request: GraphRequest, use: GraphUse<T>): Promise<T> {
  const { tokens } = services;
  const { connection, purpose, deadline, trial } = request;
  const { grant, settings, link } = connection;
  const throttled = throttledError(services, request);
  if (throttled) throw throttled;
  try {
    const tokenOf = { purpose, ...connection, deadline };
    const withCall = <R>(work: (call: GraphCall) => Promise<R>) =>
      tokens.withAccessToken(tokenOf, (token) =>
        work(graphCallWith(services, token, { settings, deadline, onReply: request.onReply })),
      );
    if (!trial && fitOf(link, grant) === 'unproven') {
      await withCall((call) => proveAccount(services, call, connection, purpose));
    }
    let aside: unknown;
    const result = await withCall((call) => {
      aside = undefined;
      return use(call, (error) => {
        aside = error;
      });
    });
    if (trial) return result;
    await storeSuccess(services, grant, purpose);
    if (aside instanceof MicrosoftFailure) await storeThrottling(services, grant, explainFailure(request, aside));
    return result;
  } catch (error) {
    const failure = withWait(explainFailure(request, error), grant);
    if (!trial || trial.stores(failure)) await storeFailure(services, grant, failure);
    throw failure;
  }
}

/**
 * The wait after an answer of Graph, which grows each time it repeats. A wait of the token endpoint has already grown
 * (token-waits.ts).
 */
function withWait(failure: AppError, grant: Grant): AppError {
  const { upstream } = failure.params;
  if (upstream === undefined || upstream.stage === 'token') return failure;
  return waitingLonger(failure, formerWaitSeconds(grant));
}

/** The wait that the last failure ended with; null where Microsoft has answered since. */
function formerWaitSeconds({ throttledUntil, lastErrorAt }: Grant): number | null {
  if (throttledUntil === null || lastErrorAt === null) return null;
  const seconds = (throttledUntil.getTime() - lastErrorAt.getTime()) / 1000;
  return seconds > 0 ? seconds : null;
}

/** The error of a call that is skipped because Microsoft wants to be left alone; null where it does not. */
function throttledError(
  { now }: Pick<Services, 'now'>,
  { connection: { grant, settings, suffix }, purpose }: GraphRequest,
): AppError | null {
  const until = grant.throttledUntil;
  if (!until || until <= now()) return null;
  const retryAfterSeconds = Math.ceil((until.getTime() - now().getTime()) / 1000);
  const told = toldFor(purpose, grant.throttledBy);
  const code = told !== undefined && catalogueEntry(told).purpose === purpose ? told : codeFor(purpose, 'throttled');
  const status = grant.throttledStatus ?? 429;
  return new AppError(code, { suffix, ...calledAt(settings.mailUrl), status, retryAfterSeconds });
}

/** The purpose's error for a failed call. Anything that is not a failed call is rethrown. */
function explainFailure({ connection, purpose }: GraphRequest, error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (!(error instanceof MicrosoftFailure)) throw error;
  const { settings, suffix } = connection;
  return fromMicrosoft(error, purpose, { called: settings.mailUrl, suffix, known: whatIsKnown(connection) });
}

/** Stores a success on the grant. That of a purpose other than the recorded one says nothing about the latter. */
async function storeSuccess(
  { db, now }: Pick<Services, 'db' | 'now'>,
  { id }: Pick<Grant, 'id'>,
  purpose: Purpose,
): Promise<void> {
  if (purpose === recordedPurpose) await recordSuccess(db, id, now());
  else await recordThrottling(db, id, null);
}

/** Whether a failure says why the recorded purpose fails: its own do, and those of the grant that all purposes share. */
function isRecorded({ code, params }: AppError): boolean {
  // A process that is stopping says nothing about the grant.
  if (code === 'shutting_down') return false;
  const { purpose, endsGrant = false } = catalogueEntry(code);
  return purpose === recordedPurpose || purpose === 'portal' || params.upstream?.stage === 'token' || endsGrant;
}

/** Stores a failure on the grant: screens show it, and Microsoft is not called while it throttles. */
export async function storeFailure(
  { db, now }: Pick<Services, 'db' | 'now'>,
  grant: Pick<Grant, 'id' | 'status'>,
  failure: AppError,
): Promise<void> {
  const at = now();
  const throttling = throttlingOf(failure, at);
  // An error that only repeats a wait is not a new failure. For a refused grant, the refusal stays the reason.
  const { upstream, retryAfterSeconds } = failure.params;
  const isRepeated = upstream === undefined && retryAfterSeconds !== undefined;
  const isOfRefused = grant.status === 'reconnect_needed' && !asksToReconnect(failure.code);
  if (isRecorded(failure) && !isRepeated && !isOfRefused)
    await recordFailure(db, grant.id, { code: failure.code, at, throttling });
  else if (throttling) await recordThrottling(db, grant.id, throttling);
}

/** Stores only that Microsoft throttles. */
async function storeThrottling(
  { db, now }: Pick<Services, 'db' | 'now'>,
  grant: Pick<Grant, 'id'>,
  failure: AppError,
): Promise<void> {
  const throttling = throttlingOf(failure, now());
  if (throttling) await recordThrottling(db, grant.id, throttling);
}

/** How long Graph is not called; undefined where it may be at once. The token endpoint's waits are kept by token-waits.ts. */
function throttlingOf({ code, params }: AppError, at: Date): Throttling | undefined {
  const { retryAfterSeconds, upstream } = params;
  if (upstream === undefined || upstream.stage === 'token') return undefined;
  if (!asksForPatience(params) || retryAfterSeconds === undefined) return undefined;
  return { until: new Date(at.getTime() + retryAfterSeconds * 1000), code, status: params.status };
}
