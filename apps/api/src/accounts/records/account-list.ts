import type { UserSort } from '@argus/contract/endpoints/users/users';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';
import { countOrEstimate, estimated, estimateRows } from '../../platform/database/estimate-rows.ts';
import type { KeysetPage } from '../../platform/database/keyset.ts';
import { type AccountConditions, type AccountFilter, accountConditions, idsWhere } from './account-filter.ts';
import type { Account } from './accounts.ts';
import { type Effort, type Key, type Listing, type ListingReply, readListing, type Segment } from './read-listing.ts';

export interface AccountOrder {
  readonly sort: UserSort;
  readonly order: 'asc' | 'desc';
}

export interface AccountPage extends Omit<ListingReply, 'ids'> {
  readonly items: readonly Account[];
}

export interface AccountQuery {
  readonly filter: AccountFilter;
  readonly order: AccountOrder;
  readonly page: KeysetPage;
  /** Decides which invitations are still valid. */
  readonly now: Date;
}

/**
 * One page of accounts. When sorting by the last sign-in, accounts that were never used come last in either order, by name.
 *
 * @throws request_invalid for an invalid cursor
 */
export async function listAccounts(
  db: Db,
  { filter, order, page, now }: AccountQuery,
  effort?: Effort,
): Promise<AccountPage> {
  const { ids, ...reply } = await readListing(
    db,
    listingOf(await accountConditions(db, filter, now), order),
    page,
    effort,
  );
  const found = await db.account.findMany({ where: { id: { in: [...ids] } } });
  const byId = new Map(found.map((account) => [account.id, account]));
  return { ...reply, items: ids.flatMap((id) => byId.get(id) ?? []) };
}

function listingOf({ search, kind, where, rare }: AccountConditions, { sort, order }: AccountOrder): Listing {
  const all = Prisma.sql`TRUE`;
  const isFiltered = search !== undefined || kind !== undefined;
  const candidates = [search?.isCommon ? undefined : search?.accountIds, rare, (limit: number) => idsWhere(all, limit)];
  return {
    id: Prisma.sql`a.id`,
    joins: () => Prisma.empty,
    filter: where,
    order: `${sort}.${order}`,
    descending: order === 'desc',
    segments: segmentsOf(sort, order, kind ?? all),
    candidates: isFiltered ? candidates.filter((each) => each !== undefined) : [],
    allCandidates: search?.accountIds?.() ?? idsWhere(where),
    count: async (db, atLeast) =>
      isFiltered
        ? estimated(await estimateRows(db, Prisma.sql`SELECT FROM "Account" a WHERE ${where}`), atLeast)
        : countOrEstimate(db, Prisma.sql`"Account"`),
  };
}

/** The order of names: by reading, or by the name itself where there is none. */
export const nameOrder: Key = { column: Prisma.sql`a."nameOrderKey"`, type: 'text' };
const accountId: Key = { column: Prisma.sql`a.id`, type: 'uuid' };
export const byName: readonly Key[] = [nameOrder, accountId];

/** A segment for each group of accounts, each in the order of names; every group has an index of its own. */
const groups = {
  role: [Prisma.sql`a.role = 'admin'`, Prisma.sql`a.role = 'user'`],
  status: [
    Prisma.sql`a.active AND a."passwordHash" IS NOT NULL`,
    Prisma.sql`a.active AND a."passwordHash" IS NULL`,
    Prisma.sql`NOT a.active`,
  ],
};

function segmentsOf(sort: UserSort, order: 'asc' | 'desc', kind: Prisma.Sql): readonly Segment[] {
  const segment = (keys: readonly Key[], part = Prisma.sql`TRUE`): Segment => ({
    table: Prisma.sql`"Account"`,
    alias: Prisma.sql`a`,
    tableWhere: Prisma.sql`${part} AND ${kind}`,
    joins: Prisma.empty,
    keys,
    where: part,
  });
  switch (sort) {
    case 'displayName':
      return [segment(byName)];
    case 'username':
      return [segment([{ column: Prisma.sql`a."usernameKey"`, type: 'text' }])];
    case 'role':
    case 'status': {
      const parts = groups[sort].map((part) => segment(byName, part));
      return order === 'asc' ? parts : parts.toReversed();
    }
    case 'lastSignInAt':
      return [
        segment(
          [{ column: Prisma.sql`a."lastSignInAt"`, type: 'timestamp' }, accountId],
          Prisma.sql`a."lastSignInAt" IS NOT NULL`,
        ),
        segment(byName, Prisma.sql`a."lastSignInAt" IS NULL`),
      ];
  }
}
