import { accountKey } from '@argus/contract/account-key';
import { Prisma } from '../../generated/prisma/client.ts';

/** A searched column; it holds keys (accountKey) in byte order and has an index. */
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
  /** Whether a value starts with the searched prefix: a range in byte order. */
  readonly begins: (column: Prisma.Sql) => Prisma.Sql;
  /** Whether a joined row matches. */
  readonly where: Prisma.Sql;
  /** The matching accounts, as `id`; a limit applies per column. */
  readonly accountIds: (limit?: number) => Prisma.Sql;
}

/** The search as typed, compared after NFKC and case folding; undefined where it is empty. */
export function prefixSearch(q: string | undefined, columns: readonly SearchedColumn[]): PrefixSearch | undefined {
  const prefix = q === undefined ? '' : accountKey(q);
  if (prefix === '') return undefined;
  // A range instead of LIKE, whose selectivity the planner underestimates badly.
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
    // A union of ranges, as no index serves an OR across two tables.
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

/** The first text, by code points, after all that start with `prefix`; undefined where there is none. */
function firstBeyond(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === lastCodePoint) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  // Surrogates are not characters; no text in a database contains them.
  return String.fromCodePoint(...points, last === 0xd7_ff ? 0xe0_00 : last + 1);
}

export function limitTo(limit: number | undefined): Prisma.Sql {
  return limit === undefined ? Prisma.empty : Prisma.sql`LIMIT ${limit}`;
}
