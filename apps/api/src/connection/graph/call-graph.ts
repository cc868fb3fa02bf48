import { catalogueEntry } from '@argus/contract/errors/error-catalogue';
import type { Deadline } from '@argus/egress/deadline';
import { MicrosoftFailure } from '@argus/microsoft/fact';
import type { GraphCall } from '@argus/microsoft/graph';
import { AppError } from '../../platform/problems/app-error.ts';
import type { Services } from '../../platform/services.ts';
import { fitOf } from '../connection-state.ts';
import type { Connection } from '../find-connection.ts';
import { calledAt, fromMicrosoft } from '../from-microsoft.ts';
import type { TokenVault } from '../grant-tokens.ts';
import { codeFor, type Purpose, recordedPurpose } from '../purpose.ts';
import { type Grant, recordFailure, recordSuccess, recordThrottling } from '../records/grants.ts';
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
export async function callGraph<T>(
  services: GraphServices,
  request: GraphRequest,
  use: (call: GraphCall) => Promise<T>,
): Promise<T> {
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
    const result = await withCall(use);
    if (!trial) await storeSuccess(services, grant, purpose);
    return result;
  } catch (error) {
    const failure = explainFailure(request, error);
    if (!trial || trial.stores(failure)) await storeFailure(services, grant, failure);
    throw failure;
  }
}

/** Whether Microsoft throttles, whichever catalogue code it is. */
export function asksForPatience(status: number | undefined): boolean {
  return status === 429;
}

/** The error of a call that is skipped because Microsoft throttles (429, Retry-After); null where it does not. */
function throttledError(
  { now }: Pick<Services, 'now'>,
  { connection: { grant, settings, suffix }, purpose }: GraphRequest,
): AppError | null {
  const until = grant.throttledUntil;
  if (!until || until <= now()) return null;
  const retryAfterSeconds = Math.ceil((until.getTime() - now().getTime()) / 1000);
  const params = { suffix, ...calledAt(settings.mailUrl), status: 429, retryAfterSeconds };
  return new AppError(codeFor(purpose, 'throttled'), params);
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
  const { purpose, endsGrant = false } = catalogueEntry(code);
  return purpose === recordedPurpose || purpose === 'portal' || params.upstream?.stage === 'token' || endsGrant;
}

/** Stores a failure on the grant: screens show it, and Microsoft is not called while it throttles. */
export async function storeFailure(
  { db, now }: Pick<Services, 'db' | 'now'>,
  grant: Pick<Grant, 'id'>,
  failure: AppError,
): Promise<void> {
  const { code, params } = failure;
  const { status, retryAfterSeconds } = params;
  const throttled = asksForPatience(status) && retryAfterSeconds !== undefined;
  const throttledUntil = throttled ? new Date(now().getTime() + retryAfterSeconds * 1000) : undefined;
  if (isRecorded(failure)) await recordFailure(db, grant.id, { code, at: now(), throttledUntil });
  else if (throttledUntil) await recordThrottling(db, grant.id, throttledUntil);
}
