import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { catalogueEntry, type ErrorCode } from '@argus/contract/errors/error-catalogue';
import { type Deadline, startDeadline, withinDeadline } from '@argus/egress/deadline';
import type { TokenReply } from '@argus/microsoft/entra';
import { fromEgressFact, MicrosoftFailure } from '@argus/microsoft/fact';
import { untilAvailable } from '../platform/database/until-available.ts';
import { AppError } from '../platform/problems/app-error.ts';
import type { Services } from '../platform/services.ts';
import { UnsealError } from '../platform/vault/seal.ts';
import { asksToReconnect } from './connection-state.ts';
import { calledAt, fromMicrosoft } from './from-microsoft.ts';
import { matchFact } from './match-fact.ts';
import type { TokenEndpoints } from './oauth/token-client.ts';
import { codeFor, type Purpose, toldFor } from './purpose.ts';
import type { AuthProvider } from './records/auth-providers.ts';
import {
  findGrant,
  finishRefresh,
  type Grant,
  grantTokensPlace,
  markReconnectNeeded,
  type RefreshResult,
  releaseRefreshLease,
  takeRefreshLease,
} from './records/grants.ts';
import type { Settings } from './records/settings.ts';
import { auditRefusedSeal } from './refused-seal.ts';
import { isUsable, originOf, whyUnusable } from './usable-grant.ts';

/** The tokens of a grant, as they are sealed. */
interface StoredTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Whose token, for what, and how long the caller waits for it. */
export interface TokenRequest {
  readonly purpose: Purpose;
  readonly grant: Grant;
  readonly provider: AuthProvider;
  readonly settings: Settings;
  readonly deadline: Deadline;
}

/** Hands out access tokens, refreshing each grant once however many ask, in however many processes. */
export interface TokenVault {
  /**
   * Runs `use` with an access token; if Microsoft answers 401, once more with a forced refresh.
   * @throws AppError of the purpose; MicrosoftFailure as `use` throws it
   */
  withAccessToken<T>(request: TokenRequest, use: (accessToken: string) => Promise<T>): Promise<T>;
  /**
   * Refreshes now, whether or not the access token is about to end. A refresh that is under way is joined. Waits until it has
   * ended where no deadline is given.
   * @throws AppError of the purpose
   */
  renew(request: Omit<TokenRequest, 'deadline'> & { readonly deadline?: Deadline }): Promise<void>;
  /** Waits until the refreshes that are under way have been saved, for this many milliseconds at most. Never rejects. */
  settle(ms: number): Promise<void>;
}

/** An access token this close to its end is renewed first; also what a clock may be off. */
const renewBeforeMs = 60_000;
/** Beyond its call, a refresh has this long to save what it brought; a holder that is stopped for longer loses the lease. */
const leaseGraceMs = 5_000;
const pollMs = 60;
/** After a failure that is not the grant's fault, the token endpoint is left alone for this long. */
const backOffMs = 5_000;

/** Whether Microsoft said that the same request will do later. A timeout says nothing of the kind. */
function isTransient(code: ErrorCode): boolean {
  return catalogueEntry(code).transient === true;
}

/** Seals the tokens of a reply for a grant. */
export function sealTokens(
  services: Services,
  grant: Parameters<typeof grantTokensPlace>[0],
  tokens: StoredTokens,
): string {
  return services.vault.seal(JSON.stringify(tokens), grantTokensPlace(grant));
}

/** When the access token of a reply ends. */
export function accessExpiry(services: Services, reply: TokenReply): Date {
  return new Date(services.now().getTime() + reply.expiresInSeconds * 1000);
}

export function createTokenVault(services: Services, tokenEndpoints: TokenEndpoints): TokenVault {
  const { db, metrics, now, vault } = services;
  /** One refresh per grant and settings within this process; the lease in the database keeps the other processes out. */
  const refreshing = new Map<string, Promise<string>>();

  async function openTokens(grant: Grant, purpose: Purpose): Promise<StoredTokens> {
    if (grant.sealedTokens === null) throw new AppError(codeFor(purpose, 'reconnect_needed'));
    try {
      return JSON.parse(vault.open(grant.sealedTokens, grantTokensPlace(grant))) as StoredTokens;
    } catch (error) {
      if (error instanceof UnsealError) {
        await auditRefusedSeal(db, { kind: 'grant', id: grant.id, name: grant.microsoftAccount });
      }
      throw error;
    }
  }

  const isFresh = (grant: Grant) =>
    grant.accessExpiresAt !== null && grant.accessExpiresAt.getTime() - renewBeforeMs > now().getTime();
  const isAlive = (grant: Grant) => grant.accessExpiresAt !== null && grant.accessExpiresAt > now();

  /**
   * Waits for the refresh of a grant that is under way in this process, or for a new one. The refresh has a budget of its own
   * and outlives its callers: tokens that are given and not saved would be lost, and with rotation the grant with them.
   */
  async function joinRefresh(request: TokenRequest, refusedVersion: number | undefined): Promise<string> {
    const { purpose, grant, provider, settings, deadline } = request;
    // By the purpose too, as its words say why a refresh failed; the lease makes one refresh of several.
    const key = [purpose, grant.id, provider.version, settings.version].join('/');
    let running = refreshing.get(key);
    if (!running) {
      const own = startDeadline(tokenEndpoints.tokenCallMs(settings));
      running = refresh({ ...request, deadline: own }, refusedVersion).finally(() => refreshing.delete(key));
      // Its callers may all have gone; what it ends with is stored.
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

  function timedOut({ purpose, provider }: TokenRequest, cause: unknown): AppError {
    const { tokenEndpointUrl: called, urlSuffix: suffix } = provider;
    const fact = { kind: 'timeout', origin: originOf(called) } as const;
    return fromMicrosoft(fromEgressFact('token', fact, cause), purpose, { called, suffix });
  }

  async function accessToken(request: TokenRequest, refusedVersion?: number): Promise<string> {
    const { purpose, grant, provider, settings } = request;
    if (!isUsable(grant, provider, settings)) throw await whyUnusable(services, request);
    const mustRenew = grant.version === refusedVersion;
    if (!mustRenew && isFresh(grant)) return (await openTokens(grant, purpose)).accessToken;
    try {
      return await joinRefresh(request, refusedVersion);
    } catch (error) {
      // A token that is renewed ahead of its time still serves while the token endpoint does not.
      const fault = error instanceof AppError && !asksToReconnect(error.code);
      if (fault && !mustRenew && isAlive(grant)) return (await openTokens(grant, purpose)).accessToken;
      throw error;
    }
  }

  /** Refreshes, or waits for the refresh of another caller, until there is a token newer than the refused one. */
  async function refresh(request: TokenRequest, refusedVersion: number | undefined): Promise<string> {
    const { purpose, provider, settings, deadline } = request;
    const since = performance.now();
    for (;;) {
      const grant = await findGrant(db, request.grant.accountId, provider.id);
      if (!grant) throw new AppError(codeFor(purpose, 'not_authorized'));
      if (!isUsable(grant, provider, settings)) throw await whyUnusable(services, { ...request, grant });
      if (grant.version !== refusedVersion && isFresh(grant)) return (await openTokens(grant, purpose)).accessToken;
      if (grant.refreshNotBefore && grant.refreshNotBefore > now())
        throw backOff(request, grant, grant.refreshNotBefore);
      if (deadline.expired) throw timedOut(request, deadline.signal.reason);
      const leaseId = randomUUID();
      const at = now();
      const until = new Date(at.getTime() + deadline.remainingMs() + leaseGraceMs);
      if (await takeRefreshLease(db, grant, { id: leaseId, now: at, until })) {
        metrics.leaseWaited((performance.now() - since) / 1000);
        return refreshUnderLease(request, grant, leaseId);
      }
      await sleep(pollMs + Math.random() * pollMs);
    }
  }

  async function refreshUnderLease(request: TokenRequest, grant: Grant, leaseId: string): Promise<string> {
    const { purpose, provider, settings, deadline } = request;
    const saving = startDeadline(deadline.remainingMs() + leaseGraceMs);
    const finish = (result: RefreshResult) =>
      untilAvailable(saving, () => finishRefresh(db, grant.id, leaseId, result));
    let reply: TokenReply;
    let stored: StoredTokens;
    try {
      stored = await openTokens(grant, purpose);
      reply = await tokenEndpoints.refresh({ provider, settings, deadline }, stored.refreshToken);
    } catch (error) {
      if (!(error instanceof MicrosoftFailure)) {
        await releaseRefreshLease(db, grant.id, leaseId, null);
        throw error;
      }
      const failure = fromMicrosoft(error, purpose, {
        called: provider.tokenEndpointUrl,
        suffix: provider.urlSuffix,
        secretExpiresOn: provider.consumerSecretExpiresOn,
      });
      metrics.tokenRefresh(failure.code);
      if (asksToReconnect(failure.code)) {
        // Overtaken: Microsoft refused the former tokens.
        if (!(await finish({ status: 'reconnect_needed' }))) return refresh(request, undefined);
      } else {
        await releaseRefreshLease(db, grant.id, leaseId, notBefore(failure));
      }
      throw failure;
    }
    metrics.tokenRefresh('ok');
    const renewed = { accessToken: reply.accessToken, refreshToken: reply.refreshToken ?? stored.refreshToken };
    // Saved before use: a token that is in use and not stored would be lost with this process.
    const saved = await finish({
      sealedTokens: sealTokens(services, grant, renewed),
      accessExpiresAt: accessExpiry(services, reply),
      refreshedAt: now(),
    });
    // Revoked, replaced, or overtaken while this refresh ran: what it brought counts no more.
    return saved ? renewed.accessToken : refresh(request, undefined);
  }

  function notBefore(failure: AppError): Date | null {
    if (!isTransient(failure.code)) return null;
    const wait = failure.params.retryAfterSeconds === undefined ? backOffMs : failure.params.retryAfterSeconds * 1000;
    return new Date(now().getTime() + wait);
  }

  function backOff({ purpose, provider }: TokenRequest, grant: Grant, until: Date): AppError {
    const last = toldFor(purpose, grant.lastErrorCode);
    const code = last !== undefined && isTransient(last) ? last : codeFor(purpose, 'upstream_error');
    const retryAfterSeconds = Math.max(1, Math.ceil((until.getTime() - now().getTime()) / 1000));
    const called = { suffix: provider.urlSuffix, ...calledAt(provider.tokenEndpointUrl) };
    const status = catalogueEntry(code).pausesCalls ? 429 : 503;
    return new AppError(code, { ...called, status, retryAfterSeconds });
  }

  /**
   * A token for another try after Graph refused one. What was refused is that very token: a newer one, which somebody may
   * have fetched since, is neither refreshed by force nor ended by what its predecessor met.
   * @throws the error itself where no other token can help
   */
  async function tokenAfter(request: TokenRequest, refused: string, error: unknown): Promise<string> {
    if (!(error instanceof MicrosoftFailure) || error.fact.kind !== 'http') throw error;
    // A claims challenge: the token is good, and yet only the user can go on.
    const isChallenged = asksToReconnect(matchFact(error.fact, request.purpose).code);
    if (!isChallenged && error.fact.status !== 401) throw error;
    if (error.fact.graphCodes?.includes('OrganizationFromTenantGuidNotFound')) throw error;
    const { purpose, provider, settings } = request;
    const grant = await findGrant(db, request.grant.accountId, provider.id);
    if (!grant) throw new AppError(codeFor(purpose, 'not_authorized'));
    if (!isUsable(grant, provider, settings))
      throw isChallenged ? error : await whyUnusable(services, { ...request, grant });
    const isRefused = (await openTokens(grant, purpose)).accessToken === refused;
    if (!isChallenged) return accessToken({ ...request, grant }, isRefused ? grant.version : undefined);
    if (!isRefused) return accessToken({ ...request, grant });
    if (await markReconnectNeeded(db, grant)) throw error;
    // Somebody refreshed at this very moment.
    return tokenAfter(request, refused, error);
  }

  return {
    async withAccessToken(request, use) {
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
          error instanceof MicrosoftFailure && asksToReconnect(matchFact(error.fact, request.purpose).code);
        // Only a challenge concerns the grant; a second 401 is reported as such.
        if (isFinal) await tokenAfter(request, renewed, error);
        throw error;
      }
    },
    async renew({ deadline, ...rest }) {
      const { grant, provider, settings } = rest;
      // Twice: for the lease of another process, and for the call itself.
      const request = { ...rest, deadline: deadline ?? startDeadline(2 * tokenEndpoints.tokenCallMs(settings)) };
      if (!isUsable(grant, provider, settings)) throw await whyUnusable(services, request);
      await joinRefresh(request, grant.version);
    },
    async settle(ms) {
      const timer = new AbortController();
      const late = sleep(ms, undefined, { signal: timer.signal, ref: false }).catch(() => {});
      await Promise.race([Promise.allSettled([...refreshing.values()]), late]);
      timer.abort();
    },
  };
}
