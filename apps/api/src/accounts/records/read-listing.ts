import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';
import type { RowCount } from '../../platform/database/estimate-rows.ts';
import {
  type KeysetPage,
  type KeysetReply,
  type KeysetRow,
  type KeyType,
  type KeyValues,
  type ReadSegment,
  readCursor,
  readKeysetPage,
} from '../../platform/database/keyset.ts';
import type { PrefixSearch, SearchedColumn } from './prefix-search.ts';

export interface Key {
  /** A column as the joined row has it, such as a."usernameKey". */
  readonly column: Prisma.Sql;
  readonly type: KeyType;
}

/** A stretch of an order that one index can be walked for. */
export interface Segment {
  /** What identifies a place in the order; nothing of it is ever null. */
  readonly keys: readonly Key[];
  /** The table whose index is walked, and its alias. */
  readonly table: Prisma.Sql;
  readonly alias: Prisma.Sql;
  /** What a row of that table must fulfil, and an index knows. */
  readonly tableWhere: Prisma.Sql;
  /** Brings in the rest of the joined row, by `lookUp`. */
  readonly joins: Prisma.Sql;
  /** Which joined rows belong to this segment. */
  readonly where: Prisma.Sql;
}

/** Joins a table, under an alias, where a condition holds. */
export type Join = (kind: 'JOIN' | 'LEFT JOIN', table: string, alias: string, on: Prisma.Sql) => Prisma.Sql;

/** Looks the rows up one by one, in the order of what they are joined to: right where those are few. */
export const lookUp: Join = (kind, table, alias, on) =>
  Prisma.sql`${Prisma.raw(kind)} LATERAL (SELECT * FROM ${Prisma.raw(`"${table}" ${alias}`)} WHERE ${on} OFFSET 0) ${Prisma.raw(alias)} ON TRUE`;

/** Leaves it to the database how to join: right where the rows are many. */
export const joinFreely: Join = (kind, table, alias, on) =>
  Prisma.sql`${Prisma.raw(`${kind} "${table}" ${alias}`)} ON ${on}`;

/** A table of accounts in one order, under one filter, described so that it can be read in several ways. */
export interface Listing {
  /** The id of a row. */
  readonly id: Prisma.Sql;
  /** What is joined to "Account" a, by the given kind of join. */
  readonly joins: (join: Join) => Prisma.Sql;
  /** The whole truth about which joined rows are listed. */
  readonly filter: Prisma.Sql;
  readonly search: PrefixSearch | undefined;
  /** Names the order. */
  readonly order: string;
  readonly descending: boolean;
  readonly segments: readonly Segment[];
  /** Ids of accounts (as `id`) among which all listed rows are: sets that may be small, and cost little where they are. */
  readonly candidates: readonly ((limit: number) => Prisma.Sql)[];
  /** The same without a limit: the narrowest set that can be named. */
  readonly allCandidates: Prisma.Sql;
  /** How many rows there are where they were not all looked at. */
  readonly count: (db: Db, atLeast: number) => Promise<RowCount>;
}

/** What the ways of reading spend before they leave the question to another one. Tests lower it. */
export interface Effort {
  /** Up to so many candidates are looked at one by one. */
  readonly candidates: number;
  /** So many entries of an index are visited for one page. */
  readonly visits: number;
}

/** Either takes some 30 ms where a million rows are in memory. */
const defaultEffort: Effort = { candidates: 3_000, visits: 4_000 };

export interface ListingReply extends KeysetReply {
  readonly total: RowCount;
  /** False where so many rows match that they are in the order of what was found, instead of the one asked for. */
  readonly sorted: boolean;
}

/** The name of the order by what was found. */
const matched = 'matched';

/**
 * Reads one page, whatever the filter, without looking at more rows than it has to:
 * 1. few candidates: all of them are looked at, and counted;
 * 2. otherwise the index of the order is walked until the page is full;
 * 3. where that visits too many rows that do not match a search: the matches in the order of what was found;
 * 4. where even that is no answer (a state that is far away; a later page of an order that was begun): all candidates,
 *    however many.
 *
 * @throws request_invalid at a cursor that is none
 */
export async function readListing(
  db: Db,
  listing: Listing,
  page: KeysetPage,
  effort: Effort = defaultEffort,
): Promise<ListingReply> {
  const { segments, search } = listing;
  const cursor = readCursor(page, {
    [listing.order]: segments.map(({ keys }) => keys.map(({ type }) => type)),
    ...(search ? { [matched]: [['text', 'uuid']] } : {}),
  });
  const pageFrom = (read: ReadSegment, count = segments.length) =>
    readKeysetPage(read, count, { pageSize: page.pageSize, ...cursor });
  const estimatedTotal = (atLeast: number) => listing.count(db, atLeast);

  if (cursor.from?.order !== matched) {
    for (const candidates of listing.candidates) {
      const some = among(db, listing, candidates(effort.candidates + 1), effort.candidates);
      const reply = await pageFrom(some.read);
      if (reply) return { ...reply, sorted: true, total: { count: some.total(), exact: true } };
    }
    const reply = await pageFrom(walk(db, listing, effort.visits));
    if (reply) return { ...reply, sorted: true, total: await estimatedTotal(reply.ids.length) };
  }
  if (search && (cursor.from?.order === matched || cursor.from === undefined)) {
    // A reader who has begun this order stays in it, even if it is slow.
    const visits = cursor.from === undefined ? effort.visits : 2 ** 31 - 1;
    const reply = await pageFrom(byMatch(db, listing, search, visits), 1);
    if (reply) return { ...reply, sorted: false, total: await estimatedTotal(effort.candidates) };
  }
  const all = among(db, listing, listing.allCandidates);
  const reply = await pageFrom(all.read);
  if (!reply) throw new Error('A reading without limits gave up.');
  return { ...reply, sorted: true, total: { count: all.total(), exact: true } };
}

/** Looks at every candidate, if they are not more than `most`. */
function among(db: Db, listing: Listing, candidates: Prisma.Sql, most?: number) {
  let total = 0;
  const read: ReadSegment = async (index, from, backwards, limit) => {
    const segment = segmentOf(listing, index);
    const names = segment.keys.map((_, at) => Prisma.raw(`k${at}`));
    const keys = segment.keys.map(({ column }, at) => Prisma.sql`${column} AS ${names[at]}`);
    const ascending = listing.descending === backwards;
    const join = most === undefined ? joinFreely : lookUp;
    // Where there are too many, nothing is joined at all.
    const gate = most === undefined ? Prisma.sql`TRUE` : Prisma.sql`(SELECT count(*) FROM c) <= ${most}`;
    const order = orderBy(names, ascending);
    const rows = await db.$queryRaw<(RawRow & { candidates: number; total: number })[]>`
      WITH c AS MATERIALIZED (${candidates}),
      m AS MATERIALIZED (
        SELECT ${listing.id} AS id, ${Prisma.join(keys)}, ${segment.where} AS here
        FROM c ${join('JOIN', 'Account', 'a', Prisma.sql`a.id = c.id`)} ${listing.joins(join)} WHERE ${gate} AND ${listing.filter})
      SELECT t.candidates, t.total, p.* FROM
        (SELECT (SELECT count(*)::int FROM c) AS candidates, (SELECT count(*)::int FROM m) AS total) AS t
        LEFT JOIN (
          SELECT id::text, ${selected(segment, names)} FROM m
          WHERE here AND ${beyond(segment, names, from, ascending)} ORDER BY ${order} LIMIT ${limit}
        ) AS p ON TRUE ORDER BY ${orderBy(
          segment.keys.map((_, at) => Prisma.raw(`p.s${at}`)),
          ascending,
        )}`;
    if (most !== undefined && (rows[0]?.candidates ?? 0) > most) return undefined;
    total = rows[0]?.total ?? 0;
    return rows.filter(({ id }) => id !== null).map((row) => rowOf(row, listing.order, index, segment.keys.length));
  };
  return { read, total: () => total };
}

/** Walks the index of the order, and gives up after so many entries. */
function walk(db: Db, listing: Listing, mostVisits: number): ReadSegment {
  return async (index, from, backwards, limit) => {
    const segment = segmentOf(listing, index);
    const { table, alias, tableWhere, joins, where } = segment;
    const columns = segment.keys.map(({ column }) => column);
    const ascending = listing.descending === backwards;
    const order = orderBy(columns, ascending);
    const entries = (visits: number) => Prisma.sql`${table} ${alias}
      WHERE ${tableWhere} AND ${beyond(segment, columns, from, ascending)} ORDER BY ${order} LIMIT ${visits}`;
    for (const visits of attempts(limit, mostVisits)) {
      const rows = await db.$queryRaw<RawRow[]>`
        SELECT ${listing.id}::text AS id, ${selected(segment, columns)}
        FROM (SELECT * FROM ${entries(visits)}) AS ${alias} ${joins}
        WHERE ${where} AND ${listing.filter} ORDER BY ${order} LIMIT ${limit}`;
      const found = rows.map((row) => rowOf(row, listing.order, index, columns.length));
      if (found.length === limit) return found;
      const [visited] = await db.$queryRaw<{ count: number }[]>`
        SELECT count(*)::int AS count FROM (SELECT FROM ${entries(visits)}) AS v`;
      if ((visited?.count ?? 0) < visits) return found;
    }
    return undefined;
  };
}

/**
 * Reads the matches of a search in the order of what was found: each row stands at the first of its values that match,
 * so that the indexes of the searched columns can be walked side by side.
 */
function byMatch(db: Db, listing: Listing, { begins, columns }: PrefixSearch, mostVisits: number): ReadSegment {
  return async (index, from, backwards, limit) => {
    const ascending = !backwards;
    const first = Prisma.join(columns.map(({ column }) => Prisma.sql`CASE WHEN ${begins(column)} THEN ${column} END`));
    const [text = '', id = ''] = from ?? [];
    const sign = Prisma.raw(ascending ? '>' : '<');
    const order = (...names: Prisma.Sql[]) => orderBy(names, ascending);
    const branch = ({ column, accountId, table }: SearchedColumn, visits: number) => Prisma.sql`(
      SELECT ${column} AS k, ${accountId} AS "accountId" FROM ${table}
      WHERE ${begins(column)} AND ${from ? Prisma.sql`(${column}, ${accountId}) ${sign} (${text}, ${id}::uuid)` : Prisma.sql`TRUE`}
      ORDER BY ${order(column, accountId)} LIMIT ${visits})`;
    for (const visits of attempts(limit, mostVisits)) {
      const visitedRows = Prisma.sql`SELECT k, "accountId" FROM (${Prisma.join(
        columns.map((column) => branch(column, visits)),
        ' UNION ',
      )}) AS u ORDER BY ${order(Prisma.raw('k'), Prisma.raw('"accountId"'))} LIMIT ${visits}`;
      const rows = await db.$queryRaw<(RawRow & { visited: number })[]>`
        WITH v AS MATERIALIZED (${visitedRows})
        SELECT t.visited, p.* FROM (SELECT count(*)::int AS visited FROM v) AS t LEFT JOIN (
          SELECT ${listing.id}::text AS id, v.k AS s0, v."accountId"::text AS s1
          FROM v ${lookUp('JOIN', 'Account', 'a', Prisma.sql`a.id = v."accountId"`)} ${listing.joins(lookUp)}
          WHERE v.k = LEAST(${first}) AND ${listing.filter}
          ORDER BY ${order(Prisma.raw('v.k'), Prisma.raw('v."accountId"'))} LIMIT ${limit}
        ) AS p ON TRUE ORDER BY ${order(Prisma.raw('p.s0'), Prisma.raw('p.s1'))}`;
      const found = rows.filter((row) => row.id !== null).map((row) => rowOf(row, matched, index, 2));
      if (found.length === limit || (rows[0]?.visited ?? 0) < visits) return found;
    }
    return undefined;
  };
}

/** A page is mostly full after a few rows; more is spent only where it is not. */
function attempts(limit: number, most: number): number[] {
  return [...new Set([limit * 4, 4_000, most].map((visits) => Math.min(visits, most)))];
}

interface RawRow {
  readonly id: string;
  readonly [key: `s${number}`]: string | Date;
}

function segmentOf(listing: Listing, index: number): Segment {
  const segment = listing.segments[index];
  if (!segment) throw new Error(`There is no segment ${index}.`);
  return segment;
}

function orderBy(columns: readonly Prisma.Sql[], ascending: boolean): Prisma.Sql {
  return Prisma.join(columns.map((column) => Prisma.sql`${column} ${Prisma.raw(ascending ? 'ASC' : 'DESC')}`));
}

function selected(segment: Segment, columns: readonly Prisma.Sql[]): Prisma.Sql {
  return Prisma.join(
    segment.keys.map(({ type }, at) => Prisma.sql`${columns[at]}${castOf(type)} AS ${Prisma.raw(`s${at}`)}`),
  );
}

/** Prisma reads no uuid back as text by itself. */
function castOf(type: KeyType): Prisma.Sql {
  return type === 'uuid' ? Prisma.sql`::text` : Prisma.empty;
}

const parameterTypes = { text: Prisma.sql`text`, uuid: Prisma.sql`uuid`, timestamp: Prisma.sql`timestamptz` };

/** Whether a row stands beyond `from`, in the direction of reading. */
function beyond(
  segment: Segment,
  columns: readonly Prisma.Sql[],
  from: KeyValues | undefined,
  ascending: boolean,
): Prisma.Sql {
  if (!from) return Prisma.sql`TRUE`;
  const values = segment.keys.map(({ type }, at) => Prisma.sql`${from[at]}::${parameterTypes[type]}`);
  return Prisma.sql`(${Prisma.join([...columns])}) ${Prisma.raw(ascending ? '>' : '<')} (${Prisma.join(values)})`;
}

function rowOf(row: RawRow, order: string, segment: number, keys: number): KeysetRow {
  const values = Array.from({ length: keys }, (_, at) => {
    const value = row[`s${at}`] ?? '';
    return value instanceof Date ? value.toISOString() : value;
  });
  return { id: row.id, position: { order, segment, values } };
}
