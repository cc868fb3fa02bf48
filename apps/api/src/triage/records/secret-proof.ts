import type { CatalogueEntry } from '@argus/contract/errors/entry';
import { type ErrorCode, errorCatalogue } from '@argus/contract/errors/error-catalogue';
import type { AuthProvider } from '../../connection/records/auth-providers.ts';
import type { Db } from '../../platform/database/db.ts';

/** What is shown where a provider's secret is refused. */
const refusals = (Object.keys(errorCatalogue) as ErrorCode[]).filter(
  (code) => (errorCatalogue[code] as CatalogueEntry).aboutSecret,
);

/**
 * When a token was last obtained with the secret that a provider has now; null where none was. Tokens that are stored after a change of
 * the secret may have been asked for before, with the former one.
 */
export async function lastTokenAt(
  db: Db,
  { id, consumerSecretSetAt }: Pick<AuthProvider, 'id' | 'consumerSecretSetAt'>,
): Promise<Date | null> {
  const bySecret = { providerId: id, status: 'authorized', secretSetAt: consumerSecretSetAt } as const;
  return (await db.grant.aggregate({ where: bySecret, _max: { refreshedAt: true } }))._max.refreshedAt;
}

/**
 * When mail was last fetched through a provider since a time, unless its secret was refused later: then the access tokens of before
 * were still good, and the secret is not. null where it was not.
 */
export async function lastSuccessSince(db: Db, providerId: string, since: Date): Promise<Date | null> {
  const [row] = await db.$queryRaw<{ at: Date | null; refusedAt: Date | null }[]>`
    SELECT max("lastSuccessAt") AS at, max("lastErrorAt") FILTER (WHERE "lastErrorCode" = ANY(${refusals})) AS "refusedAt"
    FROM "Grant" WHERE "providerId" = ${providerId}::uuid`;
  const { at = null, refusedAt = null } = row ?? {};
  return at === null || at < since || (refusedAt !== null && refusedAt > at) ? null : at;
}
