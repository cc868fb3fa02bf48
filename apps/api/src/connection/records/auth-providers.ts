import { accountKey } from '@argus/contract/account-key';
import type { Db } from '../../platform/database/db.ts';

/** 認証プロバイダ */
export interface AuthProvider {
  readonly id: string;
  readonly name: string;
  readonly urlSuffix: string;
  readonly consumerKey: string;
  readonly sealedConsumerSecret: string | null;
  /** The origin of the token endpoint that the secret was entered for. */
  readonly secretOrigin: string | null;
  readonly consumerSecretSetAt: Date | null;
  readonly consumerSecretExpiresOn: Date | null;
  readonly authorizeEndpointUrl: string;
  readonly tokenEndpointUrl: string;
  readonly issuer: string | null;
  readonly defaultScopes: string;
  /** Set where the endpoints are v1. */
  readonly resource: string | null;
  readonly clientAuthentication: 'body' | 'header';
  /** Something that a call needs is missing: nothing uses it. */
  readonly unfinished: boolean;
  /** Incremented by every change. */
  readonly version: number;
  readonly updatedAt: Date;
}

/** The place that a consumer secret is sealed to: it opens only for a token endpoint of that origin. */
export function consumerSecretPlace(providerId: string, tokenOrigin: string): string {
  return `AuthProvider/${providerId}/consumerSecret/token:${tokenOrigin}`;
}

export async function findAuthProvider(db: Db, id: string): Promise<AuthProvider | null> {
  return db.authProvider.findUnique({ where: { id } });
}

/** Finds a provider that can be used by its URL suffix, case-insensitively, as Salesforce does. */
export async function findAuthProviderBySuffix(db: Db, urlSuffix: string): Promise<AuthProvider | null> {
  return db.authProvider.findUnique({ where: { urlSuffixKey: accountKey(urlSuffix), unfinished: false } });
}

/** Whether a suffix belongs to a provider that cannot be used yet. */
export async function isSuffixUnfinished(db: Db, urlSuffix: string): Promise<boolean> {
  return (await db.authProvider.count({ where: { urlSuffixKey: accountKey(urlSuffix), unfinished: true } })) > 0;
}

/** All providers, the unfinished included. */
export async function listAuthProviders(db: Db): Promise<readonly AuthProvider[]> {
  return db.authProvider.findMany({ orderBy: [{ name: 'asc' }, { id: 'asc' }] });
}

/** The providers that can be used. */
export async function listFinishedProviders(db: Db): Promise<readonly AuthProvider[]> {
  return (await listAuthProviders(db)).filter(({ unfinished }) => !unfinished);
}

export async function anySecretStored(db: Db): Promise<boolean> {
  const found = await db.authProvider.findFirst({
    where: { sealedConsumerSecret: { not: null } },
    select: { id: true },
  });
  return found !== null;
}

/** A consumer secret as stored. */
export type StoredSecret = Pick<AuthProvider, 'sealedConsumerSecret' | 'secretOrigin' | 'consumerSecretSetAt'>;

/** What an administrator may change in a provider; the secret only where there is a new one. */
export type AuthProviderChange = Omit<AuthProvider, 'id' | 'version' | 'updatedAt' | keyof StoredSecret> &
  Partial<StoredSecret>;

/**
 * Creates a provider under an id generated beforehand, as the secret is sealed to it.
 * @throws a unique violation of urlSuffixKey
 */
export async function createAuthProvider(db: Db, id: string, change: AuthProviderChange): Promise<AuthProvider> {
  return db.authProvider.create({ data: { id, ...change, urlSuffixKey: accountKey(change.urlSuffix) } });
}

/**
 * Changes a provider that is still at `version`; null where somebody else changed it first. `secretWarnedDays` null
 * restarts the expiry warnings.
 * @throws a unique violation of urlSuffixKey
 */
export async function updateAuthProvider(
  db: Db,
  id: string,
  version: number,
  change: AuthProviderChange & { readonly secretWarnedDays?: null },
): Promise<AuthProvider | null> {
  const { count } = await db.authProvider.updateMany({
    where: { id, version },
    data: { ...change, urlSuffixKey: accountKey(change.urlSuffix), version: { increment: 1 } },
  });
  return count === 0 ? null : findAuthProvider(db, id);
}

/** Deletes a provider with all its grants and everything fetched by them. */
export async function deleteAuthProvider(tx: Db, id: string): Promise<void> {
  await tx.authProvider.deleteMany({ where: { id } });
}

/** How many users are authorized, by provider id. A provider without any is absent. */
export async function countAuthorizedUsers(db: Db): Promise<ReadonlyMap<string, number>> {
  const counts = await db.grant.groupBy({ by: ['providerId'], where: { status: 'authorized' }, _count: true });
  return new Map(counts.map(({ providerId, _count }) => [providerId, _count]));
}

/** How many users a provider serves, by its id: authorized, active and linked. A provider without any is absent. */
export async function countServedUsers(db: Db): Promise<ReadonlyMap<string, number>> {
  const counts = await db.grant.groupBy({
    by: ['providerId'],
    where: { status: 'authorized', account: { active: true, link: { isNot: null } } },
    _count: true,
  });
  return new Map(counts.map(({ providerId, _count }) => [providerId, _count]));
}

/** Providers whose secret was sealed before secrets were bound to an origin. */
export async function listUnboundSecrets(db: Db): Promise<readonly AuthProvider[]> {
  return db.authProvider.findMany({ where: { sealedConsumerSecret: { not: null }, secretOrigin: null } });
}

/** Stores the bound secret of a provider, unless somebody has set another one meanwhile. */
export async function setBoundSecret(
  db: Db,
  { id, sealedConsumerSecret }: AuthProvider,
  bound: { readonly sealedConsumerSecret: string; readonly secretOrigin: string },
): Promise<void> {
  await db.authProvider.updateMany({ where: { id, sealedConsumerSecret, secretOrigin: null }, data: bound });
}
