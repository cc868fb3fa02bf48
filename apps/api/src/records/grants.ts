import type { Db } from './db.ts';

/** 認証: what a user granted at one provider, or who signed in instead. */
export interface Grant {
  readonly id: string;
  readonly accountId: string;
  readonly providerId: string;
  readonly status: 'authorized' | 'reconnect_needed' | 'mismatch';
  readonly sealedTokens: string | null;
  readonly accessExpiresAt: Date | null;
  readonly microsoftAccount: string;
  readonly tenantId: string | null;
  readonly objectId: string | null;
  readonly verifiedLinkKey: string | null;
  readonly refutedLinkKey: string | null;
  readonly authorizedAt: Date;
  /** When the token endpoint last gave tokens. */
  readonly refreshedAt: Date;
  readonly lastSuccessAt: Date | null;
  readonly lastErrorCode: string | null;
  readonly lastErrorAt: Date | null;
  readonly version: number;
  readonly refreshLeaseId: string | null;
  readonly refreshLeaseUntil: Date | null;
  readonly refreshNotBefore: Date | null;
  /** Microsoft asked to be left alone until then. */
  readonly throttledUntil: Date | null;
}

/** Where the tokens of a grant are sealed to. */
export function grantTokensPlace(grantId: string): string {
  return `Grant/${grantId}/tokens`;
}

export async function findGrant(db: Db, accountId: string, providerId: string): Promise<Grant | null> {
  return db.grant.findUnique({ where: { accountId_providerId: { accountId, providerId } } });
}

/** Replaces whatever the user had at this provider by a new grant, or by the record of a mismatch. */
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
    | 'throttledUntil'
  >,
): Promise<void> {
  const { accountId, providerId } = grant;
  await tx.grant.deleteMany({ where: { accountId, providerId } });
  await tx.grant.create({ data: grant });
}

/** 認証の取消: the grants of an account at every provider, or at one. Gives how many there were. */
export async function deleteGrantsOf(db: Db, accountId: string, providerId?: string): Promise<number> {
  const { count } = await db.grant.deleteMany({
    where: { accountId, ...(providerId === undefined ? {} : { providerId }) },
  });
  return count;
}

/**
 * Takes the lease to refresh a grant: for as long as it lasts, nobody else refreshes. Gives the version that the
 * refreshed tokens must be saved against, or null where somebody else holds it or the grant changed.
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
      status: 'authorized',
      OR: [{ refreshLeaseUntil: null }, { refreshLeaseUntil: { lte: lease.now } }],
    },
    data: { refreshLeaseId: lease.id, refreshLeaseUntil: lease.until },
  });
  return count === 1;
}

/** What ends a refresh: new tokens, or the news that the user has to authorize again. */
export type RefreshResult =
  | { readonly sealedTokens: string; readonly accessExpiresAt: Date; readonly refreshedAt: Date }
  | { readonly status: 'reconnect_needed' };

/** Saves what a refresh brought, if the lease is still this one: a holder that was stopped for too long cannot. */
export async function finishRefresh(db: Db, grantId: string, leaseId: string, result: RefreshResult): Promise<boolean> {
  const { count } = await db.grant.updateMany({
    where: { id: grantId, refreshLeaseId: leaseId },
    data: {
      ...('status' in result ? { status: result.status, sealedTokens: null, accessExpiresAt: null } : result),
      version: { increment: 1 },
      refreshLeaseId: null,
      refreshLeaseUntil: null,
      refreshNotBefore: null,
    },
  });
  return count === 1;
}

/** Gives the lease back after a failure that was not the grant's fault; no refresh is tried before `notBefore`. */
export async function releaseRefreshLease(
  db: Db,
  grantId: string,
  leaseId: string,
  notBefore: Date | null,
): Promise<void> {
  await db.grant.updateMany({
    where: { id: grantId, refreshLeaseId: leaseId },
    data: { refreshLeaseId: null, refreshLeaseUntil: null, refreshNotBefore: notBefore },
  });
}

/** Records what fresh evidence said about the grant's account and a link. */
export async function recordEvidence(
  db: Db,
  grant: Grant,
  evidence: { microsoftAccount?: string; verifiedLinkKey?: string; refutedLinkKey?: string | null },
): Promise<void> {
  await db.grant.updateMany({ where: { id: grant.id }, data: evidence });
}

export async function recordSuccess(db: Db, grantId: string, at: Date): Promise<void> {
  await db.grant.updateMany({
    where: { id: grantId },
    data: { lastSuccessAt: at, lastErrorCode: null, lastErrorAt: null, throttledUntil: null },
  });
}

/** Forgets that Microsoft asked to be left alone: it asked so of another address than the one that is set now. */
export async function forgetThrottling(db: Db): Promise<void> {
  await db.grant.updateMany({ where: { throttledUntil: { not: null } }, data: { throttledUntil: null } });
}

/** Records what went wrong last, and until when Microsoft asked to be left alone. */
export async function recordFailure(
  db: Db,
  grantId: string,
  failure: { code: string; at: Date; throttledUntil?: Date | undefined },
): Promise<void> {
  await db.grant.updateMany({
    where: { id: grantId },
    data: {
      lastErrorCode: failure.code,
      lastErrorAt: failure.at,
      ...(failure.throttledUntil ? { throttledUntil: failure.throttledUntil } : {}),
    },
  });
}

export async function markReconnectNeeded(db: Db, grantId: string): Promise<void> {
  await db.grant.updateMany({
    where: { id: grantId, status: 'authorized' },
    data: { status: 'reconnect_needed', sealedTokens: null, accessExpiresAt: null, version: { increment: 1 } },
  });
}
