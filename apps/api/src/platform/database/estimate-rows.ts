import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from './db.ts';

/** How many rows there are; `exact` is false where counting them all would cost, and the database's statistics tell. */
export interface RowCount {
  readonly count: number;
  readonly exact: boolean;
}

/** How many rows the planner expects of a query, from the statistics that ANALYZE keeps. Costs a millisecond. */
export async function estimateRows(db: Db, query: Prisma.Sql): Promise<number> {
  const [row] = await db.$queryRaw<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }[]>`
    EXPLAIN (FORMAT JSON) ${query}`;
  return row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}

/** An estimate as it is shown: rounded to two digits, and never less than the rows that were seen. */
export function estimated(rows: number, atLeast: number): RowCount {
  const count = Math.max(rows, atLeast);
  return { count: Number(count.toPrecision(2)), exact: false };
}

const exactUpTo = 10_000;

/** Counts the rows of `from` (a table), or estimates them where they are more than ten thousand. */
export async function countOrEstimate(db: Db, from: Prisma.Sql): Promise<RowCount> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (SELECT FROM ${from} LIMIT ${exactUpTo + 1}) AS counted`;
  const count = row?.count ?? 0;
  if (count <= exactUpTo) return { count, exact: true };
  return estimated(await estimateRows(db, Prisma.sql`SELECT FROM ${from}`), exactUpTo);
}
