import { accountKey } from '@argus/contract/account-key';
import type { Db } from './db.ts';

/** 認証プロバイダ */
export interface AuthProvider {
  readonly id: string;
  readonly name: string;
  readonly urlSuffix: string;
  readonly consumerKey: string;
  readonly sealedConsumerSecret: string | null;
  readonly consumerSecretSetAt: Date | null;
  readonly consumerSecretExpiresOn: Date | null;
  readonly authorizeEndpointUrl: string;
  readonly tokenEndpointUrl: string;
  readonly issuer: string | null;
  readonly defaultScopes: string;
  /** Set where the endpoints are v1. */
  readonly resource: string | null;
  readonly clientAuthentication: 'body' | 'header';
  /** Grows with every change. */
  readonly version: number;
  readonly updatedAt: Date;
}

/** Where the consumer secret of a provider is sealed to. */
export function consumerSecretPlace(providerId: string): string {
  return `AuthProvider/${providerId}/consumerSecret`;
}

export async function findAuthProvider(db: Db, id: string): Promise<AuthProvider | null> {
  return db.authProvider.findUnique({ where: { id } });
}

/** Finds a provider by its URL suffix, without regard to case, as Salesforce does. */
export async function findAuthProviderBySuffix(db: Db, urlSuffix: string): Promise<AuthProvider | null> {
  return db.authProvider.findUnique({ where: { urlSuffixKey: accountKey(urlSuffix) } });
}
