import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';
import { escapeLike } from '../../platform/database/escape-like.ts';
import { estimateRows } from '../../platform/database/estimate-rows.ts';

/** A table that is searched; the database keeps its searched text folded (`argus_fold`, decisions/0030). */
export interface SearchedTable {
  readonly table: Prisma.Sql;
  readonly text: Prisma.Sql;
  /** The account that a row of this table belongs to. */
  readonly accountId: Prisma.Sql;
}

/** Name, reading and username. */
export const accountText: SearchedTable = {
  table: Prisma.sql`"Account" a`,
  text: Prisma.sql`a."searchText"`,
  accountId: Prisma.sql`a.id`,
};
export const microsoftAccountText: SearchedTable = {
  table: Prisma.sql`"AccountLink" l`,
  text: Prisma.sql`l."searchText"`,
  accountId: Prisma.sql`l."accountId"`,
};

/** A search for parts of names and addresses. */
export interface NameSearch {
  /** Whether a joined row matches. */
  readonly where: Prisma.Sql;
  /** Accounts, as `id`, that all matches are among; a limit applies per table. Undefined where no index finds them. */
  readonly accountIds: ((limit?: number) => Prisma.Sql) | undefined;
  /** So many match, by the planner, that it is cheaper to walk the order of the list first. */
  readonly isCommon: boolean;
}

/** Words beyond these are ignored. */
const mostWords = 6;
/** Beyond this many matches, a page of any order fills after a few thousand rows, even of a million. */
const mostFound = 20_000;

/**
 * A search as typed: each of its words is part of one of the texts, in any order, whatever their width, case, kana, blanks and variants
 * of kanji. Undefined where it is empty.
 */
export async function nameSearch(
  db: Db,
  q: string | undefined,
  tables: readonly SearchedTable[],
): Promise<NameSearch | undefined> {
  const words = await wordsOf(db, q ?? '');
  if (words.length === 0) return undefined;
  const matches = (word: string) =>
    Prisma.sql`(${Prisma.join(
      tables.map(({ text }) => Prisma.sql`${text} LIKE ${patternOf(word)}`),
      ' OR ',
    )})`;
  const accountIds = indexedSearch(words, tables);
  const isCommon = accountIds !== undefined && (await estimateRows(db, accountIds())) > mostFound;
  return { where: Prisma.join(words.map(matches), ' AND '), accountIds, isCommon };
}

async function wordsOf(db: Db, q: string): Promise<string[]> {
  if (q.trim() === '') return [];
  const [row] = await db.$queryRaw<{ folded: string }[]>`SELECT argus_fold(${q}) AS folded`;
  const words = row?.folded.split(/\s+/u).filter((word) => word !== '') ?? [];
  return [...new Set(words)].slice(0, mostWords);
}

function patternOf(word: string): string {
  return `%${escapeLike(word)}%`;
}

/** The accounts that match the words, found by an index: all words in one table, the most telling one in several. */
function indexedSearch(words: readonly string[], tables: readonly SearchedTable[]) {
  const telling = words.filter((word) => indexable(word)).sort((one, other) => weightOf(other) - weightOf(one));
  if (telling.length === 0) return undefined;
  const sought = tables.length === 1 ? telling : telling.slice(0, 1);
  return (limit?: number) =>
    Prisma.join(
      // A union, as no index serves an OR across two tables.
      tables.map(({ table, text, accountId }) => {
        const conditions = Prisma.join(
          sought.map((word) => byIndex(text, word)),
          ' AND ',
        );
        return Prisma.sql`(SELECT ${accountId} AS id FROM ${table} WHERE ${conditions} ${limitTo(limit)})`;
      }),
      ' UNION ',
    );
}

function lettersOf(word: string): string[] {
  return [...new Set(word.match(/\P{ASCII}/gu))];
}

/** Trigrams need three characters of ASCII; anything else is found by its characters. */
function indexable(word: string): boolean {
  return lettersOf(word).length > 0 || word.length >= 3;
}

/** A kanji tells more than a letter. */
function weightOf(word: string): number {
  return word.length + 5 * lettersOf(word).length;
}

function byIndex(text: Prisma.Sql, word: string): Prisma.Sql {
  const letters = lettersOf(word);
  return letters.length === 0
    ? // The expression of the index for trigrams.
      Prisma.sql`(${text} || '') LIKE ${patternOf(word)}`
    : Prisma.sql`argus_letters(${text}) @> ${letters}::text[] AND ${text} LIKE ${patternOf(word)}`;
}

export function limitTo(limit: number | undefined): Prisma.Sql {
  return limit === undefined ? Prisma.empty : Prisma.sql`LIMIT ${limit}`;
}
