import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { catalogueEntry, type ErrorCode, isErrorCode } from '@argus/contract/error-catalogue';
import type { Deadline } from '@argus/egress/deadline';
import type { TokenReply } from '@argus/microsoft/entra';
import { MicrosoftFailure } from '@argus/microsoft/fact';
import { AppError } from '../app-error.ts';
import { asksToReconnect, reconnectNeeded } from '../authorization-state.ts';
import { calledAt, fromMicrosoft } from '../from-microsoft.ts';
import { matchFact } from '../match-fact.ts';
import type { ProviderClients } from '../provider-clients.ts';
import { saveAuditEvent } from '../records/audit-events.ts';
import type { AuthProvider } from '../records/auth-providers.ts';
import {
  findGrant,
  finishRefresh,
  type Grant,
  grantTokensPlace,
  markReconnectNeeded,
  releaseRefreshLease,
  takeRefreshLease,
} from '../records/grants.ts';
import type { Settings } from '../records/settings.ts';
import type { Services } from '../services.ts';
import { UnsealError } from './seal.ts';

/** The tokens of a grant, as they are sealed. */
interface StoredTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Whose token, and within which budget. */
export interface TokenRequest {
  readonly grant: Grant;
  readonly provider: AuthProvider;
  readonly settings: Settings;
  readonly deadline: Deadline;
}

/** Hands out access tokens, refreshing each grant once however many ask, in however many processes. */
export interface TokenVault {
  /**
   * Runs `use` with an access token; if Microsoft answers 401, once more with a forced refresh.
   * @throws AppError with a code of the mail area; MicrosoftFailure as `use` throws it
   */
  withAccessToken<T>(request: TokenRequest, use: (accessToken: string) => Promise<T>): Promise<T>;
  /**
   * Refreshes now, whether or not the access token is about to end. A refresh that is under way is joined.
   * @throws AppError with a code of the mail area
   */
  renew(request: TokenRequest): Promise<void>;
}

/** An access token this close to its end is renewed first; also what a clock may be off. */
const renewBeforeMs = 60_000;
/** A holder that is stopped for longer than this beyond its budget loses the lease. */
const leaseGraceMs = 5_000;
const pollMs = 60;
/** After a failure that is not the grant's fault, the token endpoint is left alone for this long. */
const backOffMs = 5_000;

/** Whether Microsoft said that the same request will do later. A timeout says nothing of the kind. */
function isTransient(code: ErrorCode): boolean {
  return catalogueEntry(code).retry === 'later' && code !== 'mail_timeout';
}

/** Seals the tokens of a reply for a grant. */
export function sealTokens(services: Services, grantId: string, tokens: StoredTokens): string {
  return services.vault.seal(JSON.stringify(tokens), grantTokensPlace(grantId));
}

/** When the access token of a reply ends. */
export function accessExpiry(services: Services, reply: TokenReply): Date {
  return new Date(services.now().getTime() + reply.expiresInSeconds * 1000);
}

export function createTokenVault(services: Services, clients: ProviderClients): TokenVault {
  const { db, metrics, now, vault } = services;
  /** One refresh per grant within this process; the lease in the database keeps the other processes out. */
  const refreshing = new Map<string, Promise<string>>();

  async function openTokens(grant: Grant): Promise<StoredTokens> {
    if (grant.sealedTokens === null) throw new AppError('mail_reconnect_needed');
    try {
      return JSON.parse(vault.open(grant.sealedTokens, grantTokensPlace(grant.id))) as StoredTokens;
    } catch (error) {
      if (error instanceof UnsealError) {
        await saveAuditEvent(db, {
          action: 'sealed_value_refused',
          actorId: null,
          actorUsername: null,
          targetKind: 'grant',
          targetId: grant.id,
          targetName: grant.microsoftAccount,
          address: null,
          requestId: null,
        });
      }
      throw error;
    }
  }

  const isFresh = (grant: Grant) =>
    grant.accessExpiresAt !== null && grant.accessExpiresAt.getTime() - renewBeforeMs > now().getTime();
  const isAlive = (grant: Grant) => grant.accessExpiresAt !== null && grant.accessExpiresAt > now();

  /** The refresh of a grant that is under way in this process, or a new one. */
  function joinRefresh(request: TokenRequest, refusedVersion: number | undefined): Promise<string> {
    const { id } = request.grant;
    let running = refreshing.get(id);
    if (!running) {
      running = refresh(request, refusedVersion).finally(() => refreshing.delete(id));
      refreshing.set(id, running);
    }
    return running;
  }

  async function accessToken(request: TokenRequest, refusedVersion?: number): Promise<string> {
    const { grant } = request;
    const mustRenew = grant.version === refusedVersion;
    if (!mustRenew && isFresh(grant)) return (await openTokens(grant)).accessToken;
    try {
      return await joinRefresh(request, refusedVersion);
    } catch (error) {
      // A token that is renewed ahead of its time still serves while the token endpoint does not.
      const fault = error instanceof AppError && !asksToReconnect(error.code);
      if (fault && !mustRenew && isAlive(grant)) return (await openTokens(grant)).accessToken;
      throw error;
    }
  }

  /** Refreshes, or waits for whoever does, until there is a token newer than the refused one. */
  async function refresh(request: TokenRequest, refusedVersion: number | undefined): Promise<string> {
    const { provider, deadline } = request;
    const since = performance.now();
    for (;;) {
      const grant = await findGrant(db, request.grant.accountId, provider.id);
      if (!grant) throw new AppError('mail_not_authorized');
      if (grant.status !== 'authorized') throw reconnectNeeded(grant, provider, request.settings);
      if (grant.version !== refusedVersion && isFresh(grant)) return (await openTokens(grant)).accessToken;
      if (grant.refreshNotBefore && grant.refreshNotBefore > now())
        throw backOff(provider, grant, grant.refreshNotBefore);
      if (deadline.expired) throw new AppError('mail_timeout', { suffix: provider.urlSuffix });
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
    const { provider, settings, deadline } = request;
    let reply: TokenReply;
    let stored: StoredTokens;
    try {
      stored = await openTokens(grant);
      const client = await clients.of(provider, settings);
      reply = await client.refresh(stored.refreshToken, deadline);
    } catch (error) {
      if (!(error instanceof MicrosoftFailure)) {
        await releaseRefreshLease(db, grant.id, leaseId, null);
        throw error;
      }
      const failure = fromMicrosoft(error, 'mail', {
        called: provider.tokenEndpointUrl,
        suffix: provider.urlSuffix,
        secretExpiresOn: provider.consumerSecretExpiresOn,
      });
      metrics.tokenRefresh(failure.code);
      if (asksToReconnect(failure.code)) {
        await finishRefresh(db, grant.id, leaseId, { status: 'reconnect_needed' });
      } else {
        await releaseRefreshLease(db, grant.id, leaseId, notBefore(failure));
      }
      throw failure;
    }
    metrics.tokenRefresh('ok');
    const renewed = { accessToken: reply.accessToken, refreshToken: reply.refreshToken ?? stored.refreshToken };
    // Saved before use: a token that is in use and not stored would be lost with this process.
    const saved = await finishRefresh(db, grant.id, leaseId, {
      sealedTokens: sealTokens(services, grant.id, renewed),
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

  function backOff(provider: AuthProvider, grant: Grant, until: Date): AppError {
    const last = grant.lastErrorCode;
    const code = last !== null && isErrorCode(last) && isTransient(last) ? last : 'mail_upstream_error';
    const retryAfterSeconds = Math.max(1, Math.ceil((until.getTime() - now().getTime()) / 1000));
    const called = { suffix: provider.urlSuffix, ...calledAt(provider.tokenEndpointUrl) };
    return new AppError(code, { ...called, status: code === 'mail_throttled' ? 429 : 503, retryAfterSeconds });
  }

  return {
    async withAccessToken(request, use) {
      const token = await accessToken(request);
      try {
        return await use(token);
      } catch (error) {
        if (!(error instanceof MicrosoftFailure) || error.fact.kind !== 'http') throw error;
        // A claims challenge: the token is good, and yet only the user can go on.
        if (asksToReconnect(matchFact(error.fact, 'mail').code)) {
          await markReconnectNeeded(db, request.grant.id);
          throw error;
        }
        if (error.fact.status !== 401) throw error;
        if (error.fact.graphCodes?.includes('OrganizationFromTenantGuidNotFound')) throw error;
        // Somebody may have refreshed since; only the very version that was refused is refreshed by force.
        const current = await findGrant(db, request.grant.accountId, request.provider.id);
        if (!current) throw new AppError('mail_not_authorized');
        const renewed = await accessToken({ ...request, grant: current }, await versionOf(current, token));
        return use(renewed);
      }
    },
    async renew(request) {
      await joinRefresh(request, request.grant.version);
    },
  };

  /** The version of the grant if it still holds the refused token; undefined where it has a newer one. */
  async function versionOf(grant: Grant, refusedToken: string): Promise<number | undefined> {
    return (await openTokens(grant)).accessToken === refusedToken ? grant.version : undefined;
  }
}
