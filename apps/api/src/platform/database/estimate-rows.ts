import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from './db.ts';

/** A row count; `exact` is false where it was estimated from statistics, as counting would be expensive. */
export interface RowCount {
  readonly count: number;
  readonly exact: boolean;
}

/** The planner's row estimate for a query, from the statistics of ANALYZE. Costs a millisecond. */
export async function estimateRows(db: Db, query: Prisma.Sql): Promise<number> {
  const [row] = await db.$queryRaw<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }[]>`
    EXPLAIN (FORMAT JSON) ${query}`;
  return row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}

/** An estimate for display: rounded to two digits, and at least the number of rows seen. */
export function estimated(rows: number, atLeast: number): RowCount {
  const count = Math.max(rows, atLeast);
  return { count: Number(count.toPrecision(2)), exact: false };
}

const exactUpTo = 10_000;

/** Counts the rows of `from` (a table), or estimates them if there are more than ten thousand. */
export async function countOrEstimate(db: Db, from: Prisma.Sql): Promise<RowCount> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (SELECT FROM ${from} LIMIT ${exactUpTo + 1}) AS counted`;
  const count = row?.count ?? 0;
  if (count <= exactUpTo) return { count, exact: true };
  return estimated(await estimateRows(db, Prisma.sql`SELECT FROM ${from}`), exactUpTo);
}
