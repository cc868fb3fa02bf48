import { setTimeout as sleep } from 'node:timers/promises';
import { catalogueEntry, type ErrorCode, isErrorCode } from '@argus/contract/errors/error-catalogue';
import { type Deadline, startDeadline, withinDeadline } from '@argus/egress/deadline';
import { present } from '@argus/fields/present';
import type { TokenReply } from '@argus/microsoft/entra';
import { fromEgressFact, MicrosoftFailure } from '@argus/microsoft/fact';
import { inTransaction } from '../platform/database/db.ts';
import { untilAvailable } from '../platform/database/until-available.ts';
import { AppError } from '../platform/problems/app-error.ts';
import type { Services } from '../platform/services.ts';
import { asksToReconnect, keepsTokens } from './connection-state.ts';
import { fromMicrosoft } from './from-microsoft.ts';
import { matchFact } from './match-fact.ts';
import type { TokenEndpoints } from './oauth/token-client.ts';
import { obtainLease } from './obtain-lease.ts';
import { readEndpoints, throwIfMoved } from './present-endpoints.ts';
import { codeFor, type Purpose } from './purpose.ts';
import type { AuthProvider } from './records/auth-providers.ts';
import { recordTokenWait } from './records/grant-waits.ts';
import {
  findGrant,
  finishRefresh,
  type Grant,
  markRefused,
  type RefreshResult,
  type Refusal,
  releaseRefreshLease,
} from './records/grants.ts';
import { reviveGrant } from './records/moved-grants.ts';
import { holdSettings, type Settings } from './records/settings.ts';
import { endBusyReplies } from './records/token-pauses.ts';
import { accessExpiry, holdsTokens, openTokens, sealTokens } from './stored-tokens.ts';
import { backOffMs, createTokenWaits, isFirstRefusal } from './token-waits.ts';
import {
  boundPlace,
  isOfOtherClient,
  isRefused,
  isUsable,
  mayTryAgain,
  originOf,
  whyUnusable,
} from './usable-grant.ts';
import { whatIsKnown } from './what-is-known.ts';

/** Whose token, for which purpose, and how long the caller waits. */
export interface TokenRequest {
  readonly purpose: Purpose;
  readonly grant: Grant;
  readonly provider: AuthProvider;
  readonly settings: Settings;
  readonly deadline: Deadline;
  /** Tries a refused grant again although its pause is not over. */
  readonly ignoresPause?: true;
}

/** A refresh, whoever waits for it: it has time limits of its own. */
type RefreshRequest = Omit<TokenRequest, 'deadline'>;
/** A refresh that holds the lease, and its own call's time budget. */
type LeasedRefresh = TokenRequest;

/** Hands out access tokens. Each grant is refreshed only once, however many callers and processes ask. */
export interface TokenVault {
  /**
   * Runs `use` with an access token; if Microsoft answers 401, once more after a forced refresh.
   * @throws AppError of the purpose; MicrosoftFailure as `use` throws it
   */
  withAccessToken<T>(request: TokenRequest, use: (accessToken: string) => Promise<T>): Promise<T>;
  /**
   * Refreshes now, also a refused grant that may recover, and whether or not the access token is about to expire. Joins a refresh in progress. Without a
   * deadline it waits for the refresh to end.
   * @throws AppError of the purpose
   */
  renew(request: Omit<TokenRequest, 'deadline'> & { readonly deadline?: Deadline }): Promise<void>;
  /** The error of any call to a token endpoint that wants to be left alone now; null where it may be called. */
  whyPaused(
    call: Pick<TokenRequest, 'purpose' | 'provider'> & { readonly grant?: Grant | undefined },
  ): Promise<AppError | null>;
  /**
   * Keeps the wait that a token endpoint asked for in another call than a refresh, made for the user of this grant.
   * @returns the failure with the wait that is kept
   */
  keepWait(grant: Grant, provider: AuthProvider, said: AppError): Promise<AppError>;
  /** Starts no refresh any more, and waits until those in progress have been saved, for at most this many milliseconds. Never rejects. */
  settle(ms: number): Promise<void>;
}

/** An access token this close to its expiry is renewed first; also the tolerated clock skew. */
const renewBeforeMs = 60_000;
/** Beyond its call, a refresh has this long to save its tokens; a holder that stalls longer loses the lease. */
const leaseGraceMs = 5_000;
/** How long new tokens are kept in memory while the database does not take them. Milliseconds. */
const outageMs = 15 * 60_000;
const pollMs = 60;
/** A grant that Microsoft refused, but that may recover, is tried again after this time. */
const tryRefusedAgainMs = 15 * 60_000;
/** Where a new access token did not help, the next is fetched by force after this time at the earliest. */
const forceAgainMs = 5 * 60_000;

function laterOf(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}

export function createTokenVault(services: Services, tokenEndpoints: TokenEndpoints): TokenVault {
  const { db, metrics, now } = services;
  const waits = createTokenWaits(services);
  /** One refresh per grant and settings within this process; the lease in the database excludes other processes. */
  const refreshing = new Map<string, Promise<string>>();
  let stopping = false;

  const isFresh = (grant: Grant) =>
    grant.accessExpiresAt !== null && grant.accessExpiresAt.getTime() - renewBeforeMs > now().getTime();
  const isAlive = (grant: Grant) => grant.accessExpiresAt !== null && grant.accessExpiresAt > now();

  /**
   * Waits for this process's refresh of a grant, or starts one. The refresh has its own time limits and outlives its
   * callers: tokens issued but not saved would be lost, and with rotation the grant with them.
   */
  async function joinRefresh(request: TokenRequest, refusedVersion: number | undefined): Promise<string> {
    const { deadline, ...own } = request;
    const { purpose, grant, provider, settings } = own;
    // The key includes the purpose, which decides the code of a failure; the lease still makes them one refresh.
    const key = [purpose, grant.id, provider.version, settings.version].join('/');
    let running = refreshing.get(key);
    if (!running) {
      running = refresh(own, refusedVersion).finally(() => refreshing.delete(key));
      // All callers may have gone; the outcome is stored anyway.
      running.catch(() => {});
      refreshing.set(key, running);
    }
    try {
      return await withinDeadline(deadline, running);
    } catch (error) {
      if (error !== deadline.signal.reason) throw error;
      throw timedOut(request, error);
    }
  }

  function timedOut(request: RefreshRequest, cause: unknown): AppError {
    const { purpose, provider } = request;
    const { tokenEndpointUrl: called, urlSuffix: suffix } = provider;
    const fact = { kind: 'timeout', origin: originOf(called) } as const;
    return fromMicrosoft(fromEgressFact('token', fact, cause), purpose, {
      called,
      suffix,
      known: whatIsKnown(request),
    });
  }

  async function accessToken(request: TokenRequest, refusedVersion?: number): Promise<string> {
    const { purpose, grant, provider, settings } = request;
    if (mayTryAgain(grant, provider, settings, now())) return joinRefresh(request, grant.version);
    if (!isUsable(grant, provider, settings)) throw await whyUnusable(services, request);
    const mustRenew = grant.version === refusedVersion;
    if (!mustRenew && isFresh(grant)) return (await openTokens(services, grant, purpose)).accessToken;
    try {
      return await joinRefresh(request, refusedVersion);
    } catch (error) {
      // A token renewed ahead of time is still valid while the token endpoint is down.
      const fault = error instanceof AppError && !asksToReconnect(error.code);
      if (fault && !mustRenew && isAlive(grant)) return (await openTokens(services, grant, purpose)).accessToken;
      throw error;
    }
  }

  /**
   * Refreshes, or waits for another caller's refresh, until there is a token newer than the refused one.
   *
   * Waiting has a limit of its own: as long as another process may hold the lease. The call's time budget starts with the lease: a refresh
   * token that is sent with the rest of a budget may be answered too late, and the rotated one is lost. So is one that is sent by a process
   * that has begun to stop, which waits only for what was sent before.
   *
   * Each turn reads the grant, and then the endpoints that it is judged by: a move that comes later changes the grant's version, and the
   * lease is not obtained.
   */
  async function refresh(asked: RefreshRequest, refusedVersion: number | undefined): Promise<string> {
    const { purpose } = asked;
    const since = performance.now();
    const waiting = startDeadline(tokenEndpoints.tokenCallMs(asked.settings) + leaseGraceMs);
    for (;;) {
      const grant = await findGrant(db, asked.grant.accountId, asked.provider.id);
      const endpoints = grant && (await readEndpoints(db, grant.providerId));
      if (!endpoints) throw new AppError(codeFor(purpose, 'not_authorized'));
      const { provider, settings } = endpoints;
      const request = { ...asked, ...endpoints };
      const callMs = tokenEndpoints.tokenCallMs(settings);
      const isTriedAgain = asked.ignoresPause
        ? isRefused(grant, provider, settings)
        : mayTryAgain(grant, provider, settings, now());
      if (!isTriedAgain && !isUsable(grant, provider, settings)) {
        throw await whyUnusable(services, { ...request, grant, deadline: waiting });
      }
      if (grant.version !== refusedVersion && isFresh(grant))
        return (await openTokens(services, grant, purpose)).accessToken;
      const paused = await waits.whyPaused({ purpose, provider, grant });
      if (paused) throw paused;
      if (stopping) throw new AppError('shutting_down');
      const leaseId = await obtainLease(services, grant, callMs + leaseGraceMs);
      if (leaseId !== null) {
        metrics.leaseWaited((performance.now() - since) / 1000);
        return refreshUnderLease({ ...request, deadline: startDeadline(callMs) }, grant, leaseId);
      }
      if (waiting.expired) throw timedOut(request, waiting.signal.reason);
      await sleep(pollMs + Math.random() * pollMs);
    }
  }

  async function refreshUnderLease(request: LeasedRefresh, grant: Grant, leaseId: string): Promise<string> {
    const { purpose, provider, settings, deadline } = request;
    const saving = startDeadline(deadline.remainingMs() + leaseGraceMs);
    const askedAt = provider.tokenEndpointUrl;
    const asBefore = { askedAt, notBefore: grant.refreshNotBefore, asked: null };
    let reply: TokenReply;
    const stored = await openTokens(services, grant, purpose).catch(async (error: unknown) => {
      await releaseRefreshLease(db, grant, { id: leaseId, isSpent: () => false }, asBefore);
      throw error;
    });
    const lease = { id: leaseId, isSpent: (sealed: string) => holdsTokens(services, grant, sealed, stored) };
    const finish = (result: RefreshResult, until = saving) =>
      untilAvailable(until, () => finishRefresh(db, grant, lease, result, provider));
    try {
      reply = await tokenEndpoints.refresh({ provider, settings, deadline }, stored.refreshToken);
    } catch (error) {
      if (!(error instanceof MicrosoftFailure)) {
        await releaseRefreshLease(db, grant, lease, asBefore);
        throw error;
      }
      const said = fromMicrosoft(error, purpose, {
        called: provider.tokenEndpointUrl,
        suffix: provider.urlSuffix,
        known: [...whatIsKnown({ settings, provider, grant }), ...waits.knownOfRefusals(grant)],
        secretExpiresOn: provider.consumerSecretExpiresOn,
      });
      // Microsoft may have spent the token all the same, and sent the next one in a reply of no other use.
      const keeping = error.refreshToken === undefined ? saving : startDeadline(outageMs);
      const failure = await untilAvailable(keeping, () => waits.keep(said, provider, grant));
      metrics.tokenRefresh(failure.code);
      if (asksToReconnect(failure.code)) {
        const refusal = { ...refusalOf(failure.code, grant, provider), asked: waits.askedBy(failure) };
        if (!(await finish(refusal))) {
          // Another refresh came first, or another app is asked by now: Microsoft refused the former tokens, or the former app.
          await releaseRefreshLease(db, grant, lease, asBefore);
          return refreshAnew(request);
        }
      } else {
        // An unusable reply has spent the former refresh token, so its new one is kept.
        const { refreshToken } = error;
        const rotated = refreshToken && sealTokens(services, grant, { ...stored, refreshToken });
        const release = () =>
          releaseRefreshLease(db, grant, lease, {
            askedAt,
            notBefore: laterOf(rotated ? soon() : waits.notBefore(failure), pauseOf(grant)),
            asked: waits.askedBy(failure),
            ...present({ refusedOnceAt: isFirstRefusal(failure.code) ? (grant.refusedOnceAt ?? now()) : undefined }),
            ...present({ rotated }),
          });
        await untilAvailable(keeping, release);
      }
      throw failure;
    }
    metrics.tokenRefresh('ok');
    const renewed = { accessToken: reply.accessToken, refreshToken: reply.refreshToken ?? stored.refreshToken };
    // Saved before use: a token in use but not stored would be lost with this process. Microsoft issues it once, so an outage of the
    // database is waited for.
    const result = {
      sealedTokens: sealTokens(services, grant, renewed),
      accessExpiresAt: accessExpiry(services, reply),
      refreshedAt: now(),
      clientId: provider.consumerKey,
      secretSetAt: provider.consumerSecretSetAt,
    };
    const saved = await finish(result, startDeadline(outageMs));
    await untilAvailable(saving, () => endBusyReplies(db, provider.id, now()));
    if (saved) await untilAvailable(saving, () => reviveRefused(grant, provider));
    // The grant was revoked, replaced or overtaken during this refresh: its tokens no longer count.
    return saved ? renewed.accessToken : refreshAnew(request);
  }

  /** With the tokens that another has stored meanwhile: waiting and the call have their whole time again. */
  const refreshAnew = ({ deadline: _, ...request }: LeasedRefresh) => refresh(request, undefined);

  const soon = () => new Date(now().getTime() + backOffMs);

  /** A grant that was refused, before or meanwhile, works again with new tokens. */
  async function reviveRefused({ id: grantId, accountId }: Grant, { id: providerId }: AuthProvider): Promise<void> {
    if ((await findGrant(db, accountId, providerId))?.status !== 'reconnect_needed') return;
    await inTransaction(db, async (tx) => {
      await holdSettings(tx);
      const endpoints = await readEndpoints(tx, providerId);
      if (endpoints) await reviveGrant(tx, grantId, boundPlace(endpoints));
    });
  }

  /** Whether Graph refused a token shortly after it was renewed by force: the next one would be refused as well. */
  function outlastedRefresh({ lastErrorCode: code, refreshedAt }: Grant): boolean {
    if (code === null || !isErrorCode(code)) return false;
    return catalogueEntry(code).outlastsRefresh === true && now().getTime() - refreshedAt.getTime() < forceAgainMs;
  }

  /** Another app than the one that issued the tokens refuses them, whatever they are worth. */
  function refusalOf(code: ErrorCode, grant: Grant, provider: AuthProvider): Refusal {
    const retryAt =
      keepsTokens(code) || isOfOtherClient(grant, provider) ? new Date(now().getTime() + tryRefusedAgainMs) : null;
    return { status: 'reconnect_needed', retryAt, asked: null };
  }

  /** A refused grant that fails for another reason keeps its pause: only its own success ends the refusal. */
  function pauseOf({ status }: Grant): Date | null {
    return status === 'reconnect_needed' ? new Date(now().getTime() + tryRefusedAgainMs) : null;
  }

  /**
   * A token for a retry after Graph refused one. Graph refused only that token: a newer one, which another caller may
   * have fetched since, is neither force-refreshed nor ended because of it.
   * @throws the error itself where no other token can help
   */
  async function tokenAfter(request: TokenRequest, refused: string, error: unknown): Promise<string> {
    if (!(error instanceof MicrosoftFailure) || error.fact.kind !== 'http') throw error;
    // A claims challenge: the token is valid, but the user must sign in again.
    const { code } = matchFact(error.fact, request.purpose, whatIsKnown(request));
    const isChallenged = asksToReconnect(code);
    if (!isChallenged && error.fact.status !== 401) throw error;
    if (error.fact.graphCodes?.includes('OrganizationFromTenantGuidNotFound')) throw error;
    const { purpose, provider, settings } = request;
    const grant = await findGrant(db, request.grant.accountId, provider.id);
    if (!grant) throw new AppError(codeFor(purpose, 'not_authorized'));
    if (!isUsable(grant, provider, settings))
      throw isChallenged ? error : await whyUnusable(services, { ...request, grant });
    const isStillStored = (await openTokens(services, grant, purpose)).accessToken === refused;
    if (isStillStored && isChallenged && (await markRefused(db, grant, refusalOf(code, grant, provider), now())))
      throw error;
    if (isStillStored && !isChallenged && outlastedRefresh(grant)) throw error;
    // After a challenge: another caller is refreshing, or has just done so, and its token may satisfy it.
    return accessToken({ ...request, grant }, isStillStored ? grant.version : undefined);
  }

  return {
    async withAccessToken(request, send) {
      const use: typeof send = async (token) => {
        await throwIfMoved(services, request);
        return send(token);
      };
      const token = await accessToken(request);
      let renewed: string;
      try {
        return await use(token);
      } catch (error) {
        renewed = await tokenAfter(request, token, error);
      }
      try {
        return await use(renewed);
      } catch (error) {
        const isFinal =
          error instanceof MicrosoftFailure &&
          asksToReconnect(matchFact(error.fact, request.purpose, whatIsKnown(request)).code);
        // Only a challenge ends the grant; a second 401 is reported as such.
        if (isFinal) await tokenAfter(request, renewed, error);
        throw error;
      }
    },
    async renew({ deadline, ...rest }) {
      const { grant, provider, settings } = rest;
      // Once for another process's lease, once for the call itself, each with the time to save.
      const request: TokenRequest = {
        ...rest,
        ignoresPause: true,
        deadline: deadline ?? startDeadline(2 * (tokenEndpoints.tokenCallMs(settings) + leaseGraceMs)),
      };
      if (!isUsable(grant, provider, settings) && !isRefused(grant, provider, settings)) {
        throw await whyUnusable(services, request);
      }
      await joinRefresh(request, grant.version);
    },
    whyPaused: waits.whyPaused,
    async keepWait(grant, provider, said) {
      const failure = await waits.keep(said, provider, grant);
      const asked = waits.askedBy(failure);
      if (asked) await recordTokenWait(db, grant, provider, asked);
      return failure;
    },
    async settle(ms) {
      stopping = true;
      const timer = new AbortController();
      const late = sleep(ms, undefined, { signal: timer.signal, ref: false }).catch(() => {});
      await Promise.race([Promise.allSettled([...refreshing.values()]), late]);
      timer.abort();
    },
  };
}
