import type { AuthorizationState } from '@argus/contract/endpoints/connection/authorize';
import type { AccountLinkSort } from '@argus/contract/endpoints/connection/links';
import { byName } from '../../accounts/records/account-list.ts';
import {
  accountText,
  limitTo,
  microsoftAccountText,
  type NameSearch,
  nameSearch,
} from '../../accounts/records/name-search.ts';
import {
  type Effort,
  type Join,
  joinFreely,
  type Key,
  type Listing,
  type ListingReply,
  lookUp,
  readListing,
  type Segment,
} from '../../accounts/records/read-listing.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';
import { countOrEstimate, estimated, estimateRows, type RowCount } from '../../platform/database/estimate-rows.ts';
import type { KeysetPage } from '../../platform/database/keyset.ts';
import { type LinkedAccount, readLinkedAccounts } from './account-links.ts';

export interface LinkFilter {
  /** Parts of name, reading, Salesforce account or Microsoft 365 account. */
  readonly q?: string | undefined;
  readonly state?: AuthorizationState | undefined;
}

export interface LinkOrder {
  readonly sort: AccountLinkSort;
  readonly order: 'asc' | 'desc';
}

export interface LinkPage extends Omit<ListingReply, 'ids'> {
  readonly items: readonly LinkedAccount[];
}

/** authorizationState() as SQL: a test checks that the two agree. */
export const stateOfLink = Prisma.sql`CASE
  WHEN g.id IS NULL THEN 'not_authorized'
  WHEN g.status = 'mismatch' THEN
    CASE WHEN g."refutedLinkKey" = l."microsoftAccountKey" THEN 'mismatch' ELSE 'not_authorized' END
  WHEN g."verifiedLinkKey" = l."microsoftAccountKey" THEN g.status::text
  WHEN g."refutedLinkKey" = l."microsoftAccountKey" THEN 'mismatch'
  WHEN g.status = 'reconnect_needed' AND g."sealedTokens" IS NULL THEN 'mismatch'
  ELSE g.status::text END`;

/**
 * One page of links, with the grants at `providerId` (null: there is no provider). When sorting by last success,
 * links that were never used come last in either order, by display name.
 *
 * @throws request_invalid for an invalid cursor
 */
export async function listAccountLinks(
  db: Db,
  providerId: string | null,
  filter: LinkFilter,
  order: LinkOrder,
  page: KeysetPage,
  effort?: Effort,
): Promise<LinkPage> {
  const search = await nameSearch(db, filter.q, [accountText, microsoftAccountText]);
  const listing = listingOf(providerId, search, filter.state, order);
  const { ids, ...reply } = await readListing(db, listing, page, effort);
  const found = await readLinkedAccounts(db, providerId, ids);
  const byId = new Map(found.map((item) => [item.link.id, item]));
  return { ...reply, items: ids.flatMap((id) => byId.get(id) ?? []) };
}

function listingOf(
  providerId: string | null,
  search: NameSearch | undefined,
  state: AuthorizationState | undefined,
  { sort, order }: LinkOrder,
): Listing {
  const eachGrant = (join: Join) =>
    join('LEFT JOIN', 'Grant', 'g', Prisma.sql`g."accountId" = l."accountId" AND g."providerId" = ${providerId}::uuid`);
  // Saves a third of all lookups where nothing else needs the grant.
  const grant = state === undefined && sort !== 'lastSuccessAt' ? () => Prisma.empty : eachGrant;
  const joins = (join: Join) => Prisma.sql`${linkOfAccount(join)} ${grant(join)}`;
  const inState = state === undefined ? undefined : Prisma.sql`${stateOfLink} = ${state}`;
  const grants = state === undefined ? undefined : grantedAccounts(providerId, state);
  // Users who are not authorized have no grant that an index could find them by.
  const ungranted =
    inState && !grants
      ? Prisma.sql`SELECT l."accountId" AS id FROM "AccountLink" l ${grant(joinFreely)} WHERE ${inState}`
      : undefined;
  const filters = [search?.where, inState].filter((each) => each !== undefined);
  const narrowest = [search?.accountIds?.(), grants?.() ?? ungranted].flatMap((ids) =>
    ids ? [Prisma.sql`(${ids})`] : [],
  );
  return {
    id: Prisma.sql`l.id`,
    joins,
    filter: filters.length === 0 ? Prisma.sql`TRUE` : Prisma.join(filters, ' AND '),
    order: `${sort}.${order}`,
    descending: order === 'desc',
    segments: segmentsOf(sort, { joins: joins(lookUp), grant: grant(lookUp), providerId, state }),
    candidates:
      filters.length === 0
        ? []
        : [search?.isCommon ? undefined : search?.accountIds, grants, everyLink].filter((each) => each !== undefined),
    allCandidates: narrowest.length === 0 ? everyLink() : Prisma.join(narrowest, ' INTERSECT '),
    count: (db, atLeast) => countLinks(db, { search, providerId, state, atLeast }),
  };
}

const linkOfAccount = (join: Join) => join('JOIN', 'AccountLink', 'l', Prisma.sql`l."accountId" = a.id`);
const accountOfLink = lookUp('JOIN', 'Account', 'a', Prisma.sql`a.id = l."accountId"`);
const everyLink = (limit?: number) => Prisma.sql`SELECT l."accountId" AS id FROM "AccountLink" l ${limitTo(limit)}`;

/**
 * The accounts whose grants may put their links into a state; undefined where a link may be in it without a grant.
 * stateOfLink decides which of them really are.
 */
function grantedAccounts(
  providerId: string | null,
  state: AuthorizationState,
): ((limit?: number) => Prisma.Sql) | undefined {
  const where = statusesOf(state);
  if (!where) return undefined;
  return (limit) =>
    Prisma.join(
      where.map(
        (condition) =>
          Prisma.sql`(SELECT g."accountId" AS id FROM "Grant" g WHERE g."providerId" = ${providerId}::uuid AND ${condition} ${limitTo(limit)})`,
      ),
      ' UNION ',
    );
}

/** Conditions on a grant, each with its own index; a state requires one of them. */
function statusesOf(state: AuthorizationState): readonly Prisma.Sql[] | undefined {
  switch (state) {
    case 'not_authorized':
      return undefined;
    case 'not_linked':
      return [Prisma.sql`FALSE`];
    case 'mismatch':
      return [
        Prisma.sql`g.status = 'mismatch'`,
        Prisma.sql`g.status = 'reconnect_needed'`,
        Prisma.sql`g."refutedLinkKey" IS NOT NULL`,
      ];
    default:
      return [Prisma.sql`g.status = ${state}::"GrantStatus"`];
  }
}

/** What the segments of an order need from the rest of the query. */
interface Rest {
  readonly joins: Prisma.Sql;
  readonly grant: Prisma.Sql;
  readonly providerId: string | null;
  readonly state: AuthorizationState | undefined;
}

function segmentsOf(sort: AccountLinkSort, rest: Rest): readonly Segment[] {
  const all = Prisma.sql`TRUE`;
  const account = { table: Prisma.sql`"Account"`, alias: Prisma.sql`a`, tableWhere: all, joins: rest.joins };
  const link = {
    table: Prisma.sql`"AccountLink"`,
    alias: Prisma.sql`l`,
    tableWhere: all,
    joins: Prisma.sql`${accountOfLink} ${rest.grant}`,
  };
  const text = (column: Prisma.Sql): Key => ({ column, type: 'text' });
  switch (sort) {
    case 'displayName':
      return [{ ...account, keys: byName, where: all }];
    case 'username':
      return [{ ...account, keys: [text(Prisma.sql`a."usernameKey"`)], where: all }];
    case 'microsoftAccount':
      return [{ ...link, keys: [text(Prisma.sql`l."microsoftAccountKey"`)], where: all }];
    case 'updatedAt':
      return [
        {
          ...link,
          keys: [
            { column: Prisma.sql`l."updatedAt"`, type: 'timestamp' },
            { column: Prisma.sql`l.id`, type: 'uuid' },
          ],
          where: all,
        },
      ];
    case 'lastSuccessAt':
      return [
        {
          table: Prisma.sql`"Grant"`,
          alias: Prisma.sql`g`,
          tableWhere: Prisma.join(
            [
              Prisma.sql`g."providerId" = ${rest.providerId}::uuid AND g."lastSuccessAt" IS NOT NULL`,
              // Almost every link that ever succeeded is authorized.
              ...(rest.state === 'not_authorized' ? [Prisma.sql`g.status = 'mismatch'`] : []),
            ],
            ' AND ',
          ),
          joins: Prisma.sql`${lookUp('JOIN', 'AccountLink', 'l', Prisma.sql`l."accountId" = g."accountId"`)} ${accountOfLink}`,
          keys: [
            { column: Prisma.sql`g."lastSuccessAt"`, type: 'timestamp' },
            { column: Prisma.sql`g."accountId"`, type: 'uuid' },
          ],
          where: Prisma.sql`g."lastSuccessAt" IS NOT NULL`,
        },
        { ...account, keys: byName, where: Prisma.sql`g."lastSuccessAt" IS NULL` },
      ];
  }
}

/** The approximate number of links, where there are too many to read. */
async function countLinks(
  db: Db,
  {
    search,
    providerId,
    state,
    atLeast,
  }: {
    search: NameSearch | undefined;
    providerId: string | null;
    state: AuthorizationState | undefined;
    atLeast: number;
  },
): Promise<RowCount> {
  if (!search && state === undefined) return countOrEstimate(db, Prisma.sql`"AccountLink"`);
  const links = await estimateRows(db, Prisma.sql`SELECT FROM "AccountLink"`);
  const found = search
    ? await estimateRows(
        db,
        Prisma.sql`SELECT FROM "Account" a JOIN "AccountLink" l ON l."accountId" = a.id WHERE ${search.where}`,
      )
    : links;
  if (state === undefined) return estimated(found, atLeast);
  // Only a mismatch leads to "not authorized", whatever happened to its link.
  const status =
    state === 'not_authorized'
      ? Prisma.sql`g.status <> 'mismatch'`
      : Prisma.join([...(statusesOf(state) ?? [])], ' OR ');
  const granted = await estimateRows(
    db,
    Prisma.sql`SELECT FROM "Grant" g WHERE g."providerId" = ${providerId}::uuid AND (${status})`,
  );
  const share = Math.min(1, granted / Math.max(1, links));
  return estimated(Math.round(found * (state === 'not_authorized' ? 1 - share : share)), atLeast);
}
