import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';
import { type AuthProvider, findAuthProviderBySuffix } from './auth-providers.ts';
import { readSettings, type Settings } from './settings.ts';

/**
 * How Argus currently reaches Microsoft. An administrator types the provider's URL suffix, as in Salesforce, so it
 * may match none (rows A1 and B3). Nothing else reads it.
 */
export interface Connector {
  readonly settings: Settings;
  readonly suffix: string;
  readonly provider: AuthProvider | null;
}

/** @param settings pass them if already read, to work on one version of them */
export async function readConnector(db: Db, settings?: Settings): Promise<Connector> {
  const present = settings ?? (await readSettings(db));
  const suffix = present.authProviderUrlSuffix;
  return { settings: present, suffix, provider: await findAuthProviderBySuffix(db, suffix) };
}

/** Whether a provider is the one in use, as a condition of a query: what `readConnector` finds. */
export function isInUse(providerId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT FROM "Settings" AS s JOIN "AuthProvider" AS p
    ON p."urlSuffixKey" = lower(normalize(btrim(s."authProviderUrlSuffix"), NFKC) COLLATE "C") WHERE p.id = ${providerId})`;
}

/** The id of the provider in use; null where there is none. */
export async function currentProviderId(db: Db): Promise<string | null> {
  return (await readConnector(db)).provider?.id ?? null;
}
