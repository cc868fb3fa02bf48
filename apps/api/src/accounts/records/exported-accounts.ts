import { Prisma } from '../../generated/prisma/client.ts';
import type { ExportRows } from '../../platform/csv/export-rows.ts';
import type { Db } from '../../platform/database/db.ts';
import { countOrEstimate } from '../../platform/database/estimate-rows.ts';
import type { AccountFilter } from './account-list.ts';
import { displayNameColumn, prefixSearch, usernameColumn } from './prefix-search.ts';

/** A portal account as exported. */
export interface ExportedAccount {
  /** The sort key of an export, and where its next page starts. */
  readonly usernameKey: string;
  readonly displayName: string;
  readonly username: string;
  readonly role: 'user' | 'admin';
  readonly active: boolean;
}

/** The portal accounts that the table lists under a filter. */
export function exportedAccounts(db: Db, { q, role, active }: AccountFilter): ExportRows<ExportedAccount> {
  const search = prefixSearch(q, [displayNameColumn, usernameColumn]);
  const rows = Prisma.sql`"Account" a WHERE ${search?.where ?? Prisma.sql`TRUE`}
    AND ${role === undefined ? Prisma.sql`TRUE` : Prisma.sql`a.role = ${role}::"Role"`}
    AND ${active === undefined ? Prisma.sql`TRUE` : Prisma.sql`a.active = ${active}`}`;
  return {
    page: (after, take) =>
      db.$queryRaw<ExportedAccount[]>`
        SELECT a."usernameKey", a."displayName", a.username, a.role::text AS role, a.active FROM ${rows}
          AND a."usernameKey" > ${after} ORDER BY a."usernameKey" LIMIT ${take}`,
    keyOf: ({ usernameKey }) => usernameKey,
    count: async () => (await countOrEstimate(db, rows)).count,
  };
}
