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

export interface Key {
  /** The column in the joined row, such as a."usernameKey". */
  readonly column: Prisma.Sql;
  readonly type: KeyType;
}

/** A part of an order that one index can be walked for. */
export interface Segment {
  /** The keys that identify a position in the order; none is ever null. */
  readonly keys: readonly Key[];
  /** The table whose index is walked, and its alias. */
  readonly table: Prisma.Sql;
  readonly alias: Prisma.Sql;
  /** The condition on rows of that table that an index covers. */
  readonly tableWhere: Prisma.Sql;
  /** Joins the rest of the row, by `lookUp`. */
  readonly joins: Prisma.Sql;
  /** Which joined rows belong to this segment. */
  readonly where: Prisma.Sql;
}

/** Joins a table, under an alias, where a condition holds. */
export type Join = (kind: 'JOIN' | 'LEFT JOIN', table: string, alias: string, on: Prisma.Sql) => Prisma.Sql;

/** Looks up the rows one by one, in the order of the rows they are joined to: best when there are few. */
export const lookUp: Join = (kind, table, alias, on) =>
  Prisma.sql`${Prisma.raw(kind)} LATERAL (SELECT * FROM ${Prisma.raw(`"${table}" ${alias}`)} WHERE ${on} OFFSET 0) ${Prisma.raw(alias)} ON TRUE`;

/** Lets the database choose the join: best when there are many rows. */
export const joinFreely: Join = (kind, table, alias, on) =>
  Prisma.sql`${Prisma.raw(`${kind} "${table}" ${alias}`)} ON ${on}`;

/** A table of accounts in one order under one filter, described so that it can be read in several ways. */
export interface Listing {
  /** The id of a row. */
  readonly id: Prisma.Sql;
  /** What is joined to "Account" a, with the given kind of join. */
  readonly joins: (join: Join) => Prisma.Sql;
  /** The full condition for a joined row to be listed. */
  readonly filter: Prisma.Sql;
  /** Names the order. */
  readonly order: string;
  readonly descending: boolean;
  readonly segments: readonly Segment[];
  /** Sets of account ids (as `id`) that contain all listed rows; they may be small, and are then cheap. */
  readonly candidates: readonly ((limit: number) => Prisma.Sql)[];
  /** The same without a limit: the narrowest known set. */
  readonly allCandidates: Prisma.Sql;
  /** The row count where not all rows were read. */
  readonly count: (db: Db, atLeast: number) => Promise<RowCount>;
}

/** What each strategy may spend before the next one takes over. Tests lower it. */
export interface Effort {
  /** How many candidates are looked at one by one. */
  readonly candidates: number;
  /** How many index entries are visited for one page. */
  readonly visits: number;
}

/** Either takes some 30 ms with a million rows in memory. */
const defaultEffort: Effort = { candidates: 3_000, visits: 4_000 };

export interface ListingReply extends KeysetReply {
  readonly total: RowCount;
}

/**
 * Reads one page under any filter without reading more rows than necessary:
 * 1. few candidates: reads and counts all of them;
 * 2. otherwise walks the index of the order until the page is full;
 * 3. where that visits too many rows that are not listed: reads all candidates, however many.
 *
 * @throws request_invalid for an invalid cursor
 */
export async function readListing(
  db: Db,
  listing: Listing,
  page: KeysetPage,
  effort: Effort = defaultEffort,
): Promise<ListingReply> {
  const { segments } = listing;
  const cursor = readCursor(page, { [listing.order]: segments.map(({ keys }) => keys.map(({ type }) => type)) });
  const pageFrom = (read: ReadSegment) => readKeysetPage(read, segments.length, { pageSize: page.pageSize, ...cursor });
  for (const candidates of listing.candidates) {
    const some = among(db, listing, candidates(effort.candidates + 1), effort.candidates);
    const reply = await pageFrom(some.read);
    if (reply) return { ...reply, total: { count: some.total(), exact: true } };
  }
  const walked = await pageFrom(walk(db, listing, effort.visits));
  if (walked) return { ...walked, total: await listing.count(db, walked.ids.length) };
  const all = among(db, listing, listing.allCandidates);
  const reply = await pageFrom(all.read);
  if (!reply) throw new Error('A reading without limits gave up.');
  return { ...reply, total: { count: all.total(), exact: true } };
}

/** Reads every candidate, if there are at most `most`. */
function among(db: Db, listing: Listing, candidates: Prisma.Sql, most?: number) {
  let total = 0;
  const read: ReadSegment = async (index, from, backwards, limit) => {
    const segment = segmentOf(listing, index);
    const names = segment.keys.map((_, at) => Prisma.raw(`k${at}`));
    const keys = segment.keys.map(({ column }, at) => Prisma.sql`${column} AS ${names[at]}`);
    const ascending = listing.descending === backwards;
    const join = most === undefined ? joinFreely : lookUp;
    // If there are too many, nothing is joined at all.
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

/** Walks the index of the order, and gives up after `mostVisits` entries. */
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

/** Most pages fill after a few rows; only the others cost more. */
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

/** Prisma does not read a uuid back as text by itself. */
function castOf(type: KeyType): Prisma.Sql {
  return type === 'uuid' ? Prisma.sql`::text` : Prisma.empty;
}

const parameterTypes = { text: Prisma.sql`text`, uuid: Prisma.sql`uuid`, timestamp: Prisma.sql`timestamptz` };

/** Whether a row comes after `from` in reading direction. */
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
