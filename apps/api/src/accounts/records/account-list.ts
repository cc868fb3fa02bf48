import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';
import { countOrEstimate, estimated, estimateRows } from '../../platform/database/estimate-rows.ts';
import type { KeysetPage } from '../../platform/database/keyset.ts';
import type { Account } from './accounts.ts';
import { displayNameColumn, limitTo, prefixSearch, usernameColumn } from './prefix-search.ts';
import { type Effort, type Listing, type ListingReply, readListing } from './read-listing.ts';

export interface AccountFilter {
  /** Prefix of username or display name. */
  readonly q?: string | undefined;
  readonly role?: 'user' | 'admin' | undefined;
  readonly active?: boolean | undefined;
}

export interface AccountPage extends Omit<ListingReply, 'ids'> {
  readonly items: readonly Account[];
}

/**
 * One page of accounts by display name.
 *
 * @throws request_invalid for an invalid cursor
 */
export async function listAccounts(
  db: Db,
  filter: AccountFilter,
  page: KeysetPage,
  effort?: Effort,
): Promise<AccountPage> {
  const { ids, ...reply } = await readListing(db, listingOf(filter), page, effort);
  const found = await db.account.findMany({ where: { id: { in: [...ids] } } });
  const byId = new Map(found.map((account) => [account.id, account]));
  return { ...reply, items: ids.flatMap((id) => byId.get(id) ?? []) };
}

function listingOf({ q, role, active }: AccountFilter): Listing {
  const search = prefixSearch(q, [displayNameColumn, usernameColumn]);
  // Literals, so that the planner considers the partial indexes for administrators and for inactive accounts.
  const kind = [
    ...(role === undefined ? [] : [role === 'admin' ? Prisma.sql`a.role = 'admin'` : Prisma.sql`a.role = 'user'`]),
    ...(active === undefined ? [] : [active ? Prisma.sql`a.active` : Prisma.sql`NOT a.active`]),
  ];
  const ofKind = kind.length === 0 ? undefined : Prisma.join(kind, ' AND ');
  const all = Prisma.sql`TRUE`;
  const accounts = (where: Prisma.Sql) => (limit?: number) =>
    Prisma.sql`SELECT a.id FROM "Account" a WHERE ${where} ${limitTo(limit)}`;
  const rare = role === 'admin' || active === false ? accounts(ofKind ?? all) : undefined;
  const where = [search?.where, ofKind].filter((each) => each !== undefined);
  const filter = where.length === 0 ? all : Prisma.join(where, ' AND ');
  return {
    id: Prisma.sql`a.id`,
    joins: () => Prisma.empty,
    filter,
    search,
    order: 'displayName',
    descending: false,
    segments: [
      {
        table: Prisma.sql`"Account"`,
        alias: Prisma.sql`a`,
        tableWhere: ofKind ?? all,
        joins: Prisma.empty,
        keys: [
          { column: displayNameColumn.column, type: 'text' },
          { column: Prisma.sql`a.id`, type: 'uuid' },
        ],
        where: all,
      },
    ],
    candidates:
      where.length === 0 ? [] : [search?.accountIds, rare, accounts(all)].filter((each) => each !== undefined),
    allCandidates: search ? search.accountIds() : accounts(filter)(),
    count: async (db, atLeast) =>
      where.length === 0
        ? countOrEstimate(db, Prisma.sql`"Account"`)
        : estimated(await estimateRows(db, Prisma.sql`SELECT FROM "Account" a WHERE ${filter}`), atLeast),
  };
}
