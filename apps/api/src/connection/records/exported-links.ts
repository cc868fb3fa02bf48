import type { ExportedAccount } from '../../accounts/records/exported-accounts.ts';
import { accountText, microsoftAccountText, nameSearch } from '../../accounts/records/name-search.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import type { ExportRows } from '../../platform/csv/export-rows.ts';
import type { Db } from '../../platform/database/db.ts';
import { countOrEstimate } from '../../platform/database/estimate-rows.ts';
import { type LinkFilter, stateOfLink } from './account-link-list.ts';

/** A link as exported. */
export interface ExportedLink extends Pick<ExportedAccount, 'usernameKey' | 'displayName' | 'username'> {
  readonly microsoftAccount: string;
}

/** The links that the table lists under a filter. */
export function exportedLinks(db: Db, providerId: string | null, { q, state }: LinkFilter): ExportRows<ExportedLink> {
  const grants =
    state === undefined
      ? Prisma.empty
      : Prisma.sql`LEFT JOIN "Grant" g ON g."accountId" = l."accountId" AND g."providerId" = ${providerId}::uuid`;
  const search = nameSearch(db, q, [accountText, microsoftAccountText]);
  const rows = async () => Prisma.sql`"Account" a JOIN "AccountLink" l ON l."accountId" = a.id ${grants}
    WHERE ${(await search)?.where ?? Prisma.sql`TRUE`} AND ${state === undefined ? Prisma.sql`TRUE` : Prisma.sql`${stateOfLink} = ${state}`}`;
  return {
    page: async (after, take) =>
      db.$queryRaw<ExportedLink[]>`
        SELECT a."usernameKey", a."displayName", a.username, l."microsoftAccount" FROM ${await rows()}
          AND a."usernameKey" > ${after} ORDER BY a."usernameKey" LIMIT ${take}`,
    keyOf: ({ usernameKey }) => usernameKey,
    count: async () => (await countOrEstimate(db, await rows())).count,
  };
}
