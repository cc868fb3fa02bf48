import type { AccountFilter } from '../../accounts/records/account-list.ts';
import {
  displayNameColumn,
  microsoftAccountColumn,
  prefixSearch,
  usernameColumn,
} from '../../accounts/records/prefix-search.ts';
import { type LinkFilter, stateOfLink } from '../../connection/records/account-link-list.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../database/db.ts';
import { countOrEstimate } from '../database/estimate-rows.ts';

/** What a portal account is exported as. */
export interface ExportedAccount {
  /** The order of an export, and where its next page begins. */
  readonly usernameKey: string;
  readonly displayName: string;
  readonly username: string;
  readonly role: 'user' | 'admin';
  readonly active: boolean;
}

/** What a link is exported as. */
export interface ExportedLink extends Pick<ExportedAccount, 'usernameKey' | 'displayName' | 'username'> {
  readonly microsoftAccount: string;
}

/** Rows of an export in a fixed order: a page after a key ('' = from the start), and about how many there are. */
export interface ExportRows<Row> {
  page(after: string, take: number): Promise<readonly Row[]>;
  /** Where a row stands. */
  keyOf(row: Row): string;
  count(): Promise<number>;
}

/** The links that the table shows under a filter. */
export function exportedLinks(db: Db, providerId: string | null, { q, state }: LinkFilter): ExportRows<ExportedLink> {
  const search = prefixSearch(q, [displayNameColumn, usernameColumn, microsoftAccountColumn]);
  const grants =
    state === undefined
      ? Prisma.empty
      : Prisma.sql`LEFT JOIN "Grant" g ON g."accountId" = l."accountId" AND g."providerId" = ${providerId}::uuid`;
  const rows = Prisma.sql`"Account" a JOIN "AccountLink" l ON l."accountId" = a.id ${grants}
    WHERE ${search?.where ?? Prisma.sql`TRUE`} AND ${state === undefined ? Prisma.sql`TRUE` : Prisma.sql`${stateOfLink} = ${state}`}`;
  return {
    page: (after, take) =>
      db.$queryRaw<ExportedLink[]>`
        SELECT a."usernameKey", a."displayName", a.username, l."microsoftAccount" FROM ${rows} AND a."usernameKey" > ${after}
        ORDER BY a."usernameKey" LIMIT ${take}`,
    keyOf: ({ usernameKey }) => usernameKey,
    count: async () => (await countOrEstimate(db, rows)).count,
  };
}

/** The portal accounts that the table shows under a filter. */
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
