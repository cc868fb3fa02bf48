import type { CatalogueEntry } from '@argus/contract/errors/entry';
import { type ErrorCode, errorCatalogue } from '@argus/contract/errors/error-catalogue';
import type { Db } from '../../platform/database/db.ts';

/** What is shown where a provider's secret is refused. */
const refusals = (Object.keys(errorCatalogue) as ErrorCode[]).filter(
  (code) => (errorCatalogue[code] as CatalogueEntry).aboutSecret,
);

/** When a token was last obtained through a provider, which its secret takes part in; null where none ever was. */
export async function lastTokenAt(db: Db, providerId: string): Promise<Date | null> {
  const [row] = await db.$queryRaw<{ at: Date | null }[]>`
    SELECT max(GREATEST("refreshedAt", "authorizedAt")) AS at FROM "Grant"
    WHERE "providerId" = ${providerId}::uuid AND status = 'authorized'`;
  return row?.at ?? null;
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
