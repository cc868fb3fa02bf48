import { present } from '@argus/fields/present';
import type { Db } from '../../platform/database/db.ts';
import type { AuthProvider } from './auth-providers.ts';
import {
  noThrottling,
  noTokenWait,
  type Throttling,
  type TokenWait,
  throttlingData,
  tokenWaitData,
} from './grant-waits.ts';
import { type SpendingLease, storeForSpent } from './spent-tokens.ts';

/** 認証: what a user granted at one provider, or who signed in instead. */
export interface Grant {
  readonly id: string;
  readonly accountId: string;
  readonly providerId: string;
  readonly status: 'authorized' | 'reconnect_needed' | 'mismatch';
  /** Set while the grant is authorized or suspended, and where it was refused but may recover. */
  readonly sealedTokens: string | null;
  /** The origins that the tokens may be sent to; null for grants from before this binding. */
  readonly tokenOrigin: string | null;
  readonly mailOrigin: string | null;
  readonly accessExpiresAt: Date | null;
  /** The consumer key of the app that the tokens were issued to; null for grants from before it was noted. */
  readonly clientId: string | null;
  /** When the consumer secret that was sent for the tokens was set; null where none was, or from before it was noted. */
  readonly secretSetAt: Date | null;
  readonly microsoftAccount: string;
  readonly tenantId: string | null;
  readonly objectId: string | null;
  readonly verifiedLinkKey: string | null;
  readonly refutedLinkKey: string | null;
  readonly authorizedAt: Date;
  /** When the token endpoint last issued tokens. */
  readonly refreshedAt: Date;
  readonly lastSuccessAt: Date | null;
  readonly lastErrorCode: string | null;
  readonly lastErrorAt: Date | null;
  readonly version: number;
  readonly refreshLeaseId: string | null;
  readonly refreshLeaseUntil: Date | null;
  readonly refreshNotBefore: Date | null;
  /** When the token endpoint refused a refresh without a reason, once; the next refusal counts. */
  readonly refusedOnceAt: Date | null;
  /** The token endpoint asked to be left alone until then, whatever state the grant is in; and the code of that reply. */
  readonly tokenWaitUntil: Date | null;
  readonly tokenWaitBy: string | null;
  /** Microsoft throttles until then. */
  readonly throttledUntil: Date | null;
  /** The code and the HTTP status of the reply that asked for this wait. */
  readonly throttledBy: string | null;
  readonly throttledStatus: number | null;
}

/** The origins of the endpoints that a user authorized for. */
export interface BoundOrigins {
  readonly tokenOrigin: string;
  readonly mailOrigin: string;
}

/** The same, with the tenant if the token endpoint names one by its id. */
export interface BoundPlace extends BoundOrigins {
  readonly tenantId: string | undefined;
}

/** The place that a grant's tokens are sealed to: this grant of this account at this provider, for these origins. */
export function grantTokensPlace(
  grant: Pick<Grant, 'id' | 'accountId' | 'providerId' | 'tokenOrigin' | 'mailOrigin'>,
): string {
  const { id, accountId, providerId, tokenOrigin, mailOrigin } = grant;
  return `Grant/${id}/account:${accountId}/provider:${providerId}/token:${tokenOrigin}/mail:${mailOrigin}`;
}

export async function findGrant(db: Db, accountId: string, providerId: string): Promise<Grant | null> {
  return db.grant.findUnique({ where: { accountId_providerId: { accountId, providerId } } });
}

/** Replaces the user's grant at this provider with a new one, or with a mismatch record. */
export async function replaceGrant(
  tx: Db,
  grant: Omit<
    Grant,
    | 'version'
    | 'lastSuccessAt'
    | 'lastErrorCode'
    | 'lastErrorAt'
    | 'refreshLeaseId'
    | 'refreshLeaseUntil'
    | 'refreshNotBefore'
    | 'refusedOnceAt'
    | 'tokenWaitUntil'
    | 'tokenWaitBy'
    | 'throttledUntil'
    | 'throttledBy'
    | 'throttledStatus'
  >,
): Promise<void> {
  const { accountId, providerId } = grant;
  await tx.grant.deleteMany({ where: { accountId, providerId } });
  await tx.grant.create({ data: grant });
}

/** Whether an account has a grant, or somebody else's mismatch, at any provider. */
export async function hasAnyGrant(db: Db, accountId: string): Promise<boolean> {
  return (await db.grant.findFirst({ where: { accountId }, select: { id: true } })) !== null;
}

/** Deletes an account's grants at every provider, and everything fetched by them. Returns how many there were. */
export async function deleteGrantsOf(db: Db, accountId: string): Promise<number> {
  return (await db.grant.deleteMany({ where: { accountId } })).count;
}

/** A suspended grant: it has its tokens, and no pause. A refused grant has both, and stays refused whatever moves. */
export const isSuspended = {
  status: 'reconnect_needed',
  sealedTokens: { not: null },
  refreshNotBefore: null,
} as const;
export const isRefused = { ...isSuspended, refreshNotBefore: { not: null } } as const;

/**
 * Takes the lease to refresh a grant: while it lasts, nobody else refreshes. False where somebody else holds it or
 * the grant changed.
 */
export async function takeRefreshLease(
  db: Db,
  grant: Grant,
  lease: { id: string; now: Date; until: Date },
): Promise<boolean> {
  const { count } = await db.grant.updateMany({
    where: {
      id: grant.id,
      version: grant.version,
      sealedTokens: { not: null },
      OR: [{ refreshLeaseUntil: null }, { refreshLeaseUntil: { lte: lease.now } }],
    },
    data: { refreshLeaseId: lease.id, refreshLeaseUntil: lease.until },
  });
  return count === 1;
}

/** Extends a lease that is still held; false where it is not. */
export async function extendRefreshLease(
  db: Db,
  { id }: Pick<Grant, 'id'>,
  lease: { id: string; until: Date },
): Promise<boolean> {
  const { count } = await db.grant.updateMany({
    where: { id, refreshLeaseId: lease.id },
    data: { refreshLeaseUntil: lease.until },
  });
  return count === 1;
}

/** The user has to authorize again. With `retryAt` the tokens are kept, to be tried again then. */
export interface Refusal {
  readonly status: 'reconnect_needed';
  readonly retryAt: Date | null;
  /** What the token endpoint asked for besides. */
  readonly asked: TokenWait | null;
}

const refused = ({ status, retryAt, asked }: Refusal) => ({
  status,
  ...(asked === null ? {} : tokenWaitData(asked)),
  accessExpiresAt: null,
  refreshNotBefore: retryAt,
  ...(retryAt === null ? { sealedTokens: null } : {}),
});

/** The outcome of a refresh: new tokens, or that the user has to authorize again. */
export type RefreshResult =
  | {
      readonly sealedTokens: string;
      readonly accessExpiresAt: Date;
      readonly refreshedAt: Date;
      /** The app that was asked. */
      readonly clientId: string;
      /** When the secret that was sent had been set. */
      readonly secretSetAt: Date | null;
    }
  | Refusal;

/** From when on the grant is refreshed again, after a failure that was not its fault. */
export interface RefreshPause {
  /** The token endpoint that was called. */
  readonly askedAt: string;
  readonly notBefore: Date | null;
  /** What the token endpoint asked for itself. */
  readonly asked: TokenWait | null;
  /** The token endpoint refused, and the next refusal counts. */
  readonly refusedOnceAt?: Date;
  /** The sealed tokens with another refresh token than before. */
  readonly rotated?: string;
}

function pauseData({ notBefore, asked, refusedOnceAt }: RefreshPause) {
  const wait = asked === null ? {} : tokenWaitData(asked);
  return { refreshNotBefore: notBefore, ...wait, ...present({ refusedOnceAt }) };
}

/**
 * Saves the outcome of a refresh.
 * @param grant as it was when the refresh began
 * @param asked the provider that was asked
 * @returns false if it no longer counts: the grant has other tokens, the holder of a refusal lost the lease, or another app or endpoint is
 * to be asked by now
 */
export async function finishRefresh(
  db: Db,
  grant: Grant,
  lease: SpendingLease,
  result: RefreshResult,
  { consumerKey, tokenEndpointUrl }: Pick<AuthProvider, 'consumerKey' | 'tokenEndpointUrl'>,
): Promise<boolean> {
  const data = {
    refreshNotBefore: null,
    refusedOnceAt: null,
    ...noTokenWait,
    ...('retryAt' in result ? refused(result) : result),
    version: { increment: 1 },
    refreshLeaseId: null,
    refreshLeaseUntil: null,
  };
  if (!('retryAt' in result)) return storeForSpent(db, grant, lease, data);
  const held = { id: grant.id, refreshLeaseId: lease.id, provider: { consumerKey, tokenEndpointUrl } };
  return (await db.grant.updateMany({ where: held, data })).count === 1;
}

/**
 * Releases the lease after a failure that was not the grant's fault. The pause is that of the grant and the token endpoint which were
 * tried: a grant that has been suspended, refused or revived meanwhile keeps its own, and another endpoint has asked for nothing.
 */
export async function releaseRefreshLease(
  db: Db,
  grant: Grant,
  lease: SpendingLease,
  pause: RefreshPause,
): Promise<void> {
  const held = { id: grant.id, refreshLeaseId: lease.id };
  const { rotated } = pause;
  // The former token's refusal says nothing about the next.
  const saved = rotated === undefined ? {} : { sealedTokens: rotated, version: { increment: 1 }, refusedOnceAt: null };
  const released = { refreshLeaseId: null, refreshLeaseUntil: null, ...saved };
  const { count } = await db.grant.updateMany({
    where: { ...held, version: grant.version, provider: { tokenEndpointUrl: pause.askedAt } },
    data: { ...pauseData(pause), ...released },
  });
  if (count > 0) return;
  if (rotated === undefined) await db.grant.updateMany({ where: held, data: released });
  else await storeForSpent(db, grant, lease, released);
}

/** Records fresh evidence about the grant's account and a link. */
export async function recordEvidence(
  db: Db,
  grant: Grant,
  evidence: { microsoftAccount?: string; verifiedLinkKey?: string; refutedLinkKey?: string | null },
): Promise<void> {
  await db.grant.updateMany({ where: { id: grant.id }, data: evidence });
}

/** Records a success, except for a grant that has been suspended meanwhile: the endpoints that answered have been left. */
export async function recordSuccess(db: Db, grantId: string, at: Date): Promise<void> {
  await db.grant.updateMany({
    where: { id: grantId, NOT: isSuspended },
    data: { lastSuccessAt: at, lastErrorCode: null, lastErrorAt: null, ...noThrottling },
  });
}

/** Records that keep-alive tries a grant, so that others come before it the next time. */
export async function recordKeptAlive(db: Db, grantId: string, at: Date): Promise<void> {
  await db.grant.updateMany({ where: { id: grantId }, data: { keptAliveAt: at } });
}

/** Records the last failure, and the wait that Graph asked for with it; as for a success, not where the grant has been suspended. */
export async function recordFailure(
  db: Db,
  grantId: string,
  failure: { code: string; at: Date; throttling?: Throttling | undefined },
): Promise<void> {
  await db.grant.updateMany({
    where: { id: grantId, NOT: isSuspended },
    data: {
      lastErrorCode: failure.code,
      lastErrorAt: failure.at,
      ...(failure.throttling ? throttlingData(failure.throttling) : {}),
    },
  });
}

/**
 * Marks a grant whose current tokens were refused; false if a refresh has stored newer tokens since, or is about to.
 * @param grant as it was when it held the refused tokens
 */
export async function markRefused(
  db: Db,
  { id, version }: Pick<Grant, 'id' | 'version'>,
  refusal: Refusal,
  now: Date,
): Promise<boolean> {
  const { count } = await db.grant.updateMany({
    where: {
      id,
      version,
      status: 'authorized',
      OR: [{ refreshLeaseUntil: null }, { refreshLeaseUntil: { lte: now } }],
    },
    // A holder that lost its lease must not store its tokens later.
    data: { ...refused(refusal), version: { increment: 1 }, refreshLeaseId: null, refreshLeaseUntil: null },
  });
  return count === 1;
}

/** Forgets who signed in instead of the linked account. */
export async function forgetMismatches(tx: Db, accountId: string): Promise<void> {
  await tx.grant.deleteMany({ where: { accountId, status: 'mismatch' } });
}

/** A grant whose tokens were sealed before tokens were bound to origins. */
export type UnboundGrant = Grant & { readonly provider: AuthProvider };

export async function listUnboundGrants(db: Db, after: string | null, take: number): Promise<readonly UnboundGrant[]> {
  return db.grant.findMany({
    where: { sealedTokens: { not: null }, tokenOrigin: null, ...(after === null ? {} : { id: { gt: after } }) },
    include: { provider: true },
    orderBy: { id: 'asc' },
    take,
  });
}

/** Stores the bound tokens of a grant, if the tokens are still the same. */
export async function setBoundTokens(
  db: Db,
  { id, version }: Grant,
  bound: BoundOrigins & { readonly sealedTokens: string },
): Promise<void> {
  await db.grant.updateMany({ where: { id, version, tokenOrigin: null }, data: bound });
}
