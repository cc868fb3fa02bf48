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

/** Whether the provider `p` is the one that the settings `s` name, as a condition of a query: what `readConnector` finds. */
export const isNamed = Prisma.sql`NOT p.unfinished
  AND p."urlSuffixKey" = ${suffixKey(Prisma.sql`s."authProviderUrlSuffix"`)}`;

/** Whether a provider is the one in use, as a condition of a query. */
export function isInUse(providerId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT FROM "Settings" AS s JOIN "AuthProvider" AS p ON ${isNamed} WHERE p.id = ${providerId})`;
}

/**
 * The id of the provider that a stored error was about, for a query: the one with its suffix, whether or not it is in
 * use; without a suffix the one in use. NULL where there is none (any more).
 */
export function providerOfSuffix(suffix: Prisma.Sql): Prisma.Sql {
  const typed = Prisma.sql`SELECT "authProviderUrlSuffix" FROM "Settings" WHERE id = 1`;
  return Prisma.sql`(SELECT p.id FROM "AuthProvider" AS p
    WHERE p."urlSuffixKey" = ${suffixKey(Prisma.sql`COALESCE(${suffix}, (${typed}))`)})`;
}

/** Whether a stored error was about what 基本設定 names now, for a query; errors without a suffix always are. */
export function isOfPresentSuffix(suffix: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(${suffix} IS NULL OR EXISTS (SELECT FROM "Settings" AS s
    WHERE ${suffixKey(Prisma.sql`s."authProviderUrlSuffix"`)} = ${suffixKey(suffix)}))`;
}

/** How a suffix is compared, as accountKey does it. */
function suffixKey(text: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`lower(normalize(btrim(${text}), NFKC) COLLATE "C")`;
}

/** The id of the provider in use; null where there is none. */
export async function currentProviderId(db: Db): Promise<string | null> {
  return (await readConnector(db)).provider?.id ?? null;
}
