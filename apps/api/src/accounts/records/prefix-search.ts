import { accountKey } from '@argus/contract/account-key';
import { Prisma } from '../../generated/prisma/client.ts';

/** A column that a search looks at; it holds keys (accountKey) in byte order and has an index. */
export interface SearchedColumn {
  readonly table: Prisma.Sql;
  readonly column: Prisma.Sql;
  /** The account that a row of this table belongs to. */
  readonly accountId: Prisma.Sql;
}

export const displayNameColumn: SearchedColumn = {
  table: Prisma.sql`"Account" a`,
  column: Prisma.sql`a."displayNameKey"`,
  accountId: Prisma.sql`a.id`,
};
export const usernameColumn: SearchedColumn = { ...displayNameColumn, column: Prisma.sql`a."usernameKey"` };
export const microsoftAccountColumn: SearchedColumn = {
  table: Prisma.sql`"AccountLink" l`,
  column: Prisma.sql`l."microsoftAccountKey"`,
  accountId: Prisma.sql`l."accountId"`,
};

/** A search by prefix over several columns. */
export interface PrefixSearch {
  readonly columns: readonly SearchedColumn[];
  /** Whether a value begins with what is searched for: a range in byte order. */
  readonly begins: (column: Prisma.Sql) => Prisma.Sql;
  /** Whether a joined row matches. */
  readonly where: Prisma.Sql;
  /** The accounts that match, as `id`; with a limit, so many per column. */
  readonly accountIds: (limit?: number) => Prisma.Sql;
}

/** The search that somebody typed, compared after NFKC and case folding; undefined where nothing was. */
export function prefixSearch(q: string | undefined, columns: readonly SearchedColumn[]): PrefixSearch | undefined {
  const prefix = q === undefined ? '' : accountKey(q);
  if (prefix === '') return undefined;
  // As a range and not by LIKE, whose share of the rows the planner guesses too low by far.
  const beyond = firstBeyond(prefix);
  const begins = (column: Prisma.Sql) =>
    beyond === undefined
      ? Prisma.sql`${column} >= ${prefix}`
      : Prisma.sql`(${column} >= ${prefix} AND ${column} < ${beyond})`;
  return {
    columns,
    begins,
    where: Prisma.sql`(${Prisma.join(
      columns.map(({ column }) => begins(column)),
      ' OR ',
    )})`,
    // A union of ranges, as no index serves an OR over two tables.
    accountIds: (limit) =>
      Prisma.join(
        columns.map(
          ({ table, column, accountId }) =>
            Prisma.sql`(SELECT ${accountId} AS id FROM ${table} WHERE ${begins(column)} ${limitTo(limit)})`,
        ),
        ' UNION ',
      ),
  };
}

const lastCodePoint = 0x10_ff_ff;

/** The first text, by code points, that comes after all that begin with `prefix`; undefined where there is none. */
function firstBeyond(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === lastCodePoint) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  // The surrogates are no characters, and no text in a database holds them.
  return String.fromCodePoint(...points, last === 0xd7_ff ? 0xe0_00 : last + 1);
}

export function limitTo(limit: number | undefined): Prisma.Sql {
  return limit === undefined ? Prisma.empty : Prisma.sql`LIMIT ${limit}`;
}
