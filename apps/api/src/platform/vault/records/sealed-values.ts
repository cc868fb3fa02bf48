import { Prisma } from '../../../generated/prisma/client.ts';
import type { Db } from '../../database/db.ts';
import type { SealedColumn } from '../sealed-column.ts';

const name = (identifier: string) => Prisma.raw(`"${identifier}"`);
/** Longer than version and key id of any envelope. A part of a long value is read faster than the whole. */
const head = (column: string) => Prisma.sql`left(${name(column)}, 48)`;
const kidOf = (column: string) => Prisma.sql`split_part(${head(column)}, '.', 2)`;

/** What counts: a value of the vault that has not expired. */
function counted({ column, expiresAt }: SealedColumn, now: Date): Prisma.Sql {
  const isAlive = expiresAt === undefined ? Prisma.empty : Prisma.sql`AND ${name(expiresAt)} > ${now}`;
  return Prisma.sql`${head(column)} LIKE 'v1.%' ${isAlive}`;
}

/** How many values each key seals, by key id. A key that seals nothing is absent. */
export async function countSealedValues(
  db: Db,
  columns: readonly SealedColumn[],
  now: Date,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const sealed of columns) {
    const rows = await db.$queryRaw<{ kid: string; count: number }[]>`
      SELECT ${kidOf(sealed.column)} AS kid, count(*)::int AS count FROM ${name(sealed.table)}
      WHERE ${counted(sealed, now)} GROUP BY 1`;
    for (const { kid, count } of rows) counts.set(kid, (counts.get(kid) ?? 0) + count);
  }
  return counts;
}

/** A row with a sealed value: the value as `sealed`, and the columns that name its place. */
export type SealedRow = Readonly<Record<string, string | null>> & { readonly key: string; readonly sealed: string };

/** The next rows whose value another key than `kid` seals, by primary key. */
export async function listSealedByOthers(
  db: Db,
  sealed: SealedColumn,
  page: { readonly kid: string; readonly after: string | null; readonly take: number; readonly now: Date },
): Promise<readonly SealedRow[]> {
  const { table, column, key, boundTo } = sealed;
  const columns = [key, ...boundTo].map((each) => Prisma.sql`${name(each)}::text AS ${name(each)}`);
  const isAfter = page.after === null ? Prisma.empty : Prisma.sql`AND ${name(key)} > ${page.after}::uuid`;
  return db.$queryRaw<SealedRow[]>`
    SELECT ${name(key)}::text AS key, ${name(column)} AS sealed, ${Prisma.join(columns)} FROM ${name(table)}
    WHERE ${counted(sealed, page.now)} AND ${kidOf(column)} <> ${page.kid} ${isAfter}
    ORDER BY ${name(key)} LIMIT ${page.take}`;
}

/**
 * Stores a value as sealed anew; false where somebody has changed it or its place meanwhile. One row a statement, as a
 * transaction over several would lock them in an order of its own (decisions/0019).
 */
export async function replaceSealedValue(
  db: Db,
  { table, column, key, boundTo }: SealedColumn,
  row: SealedRow,
  resealed: string,
): Promise<boolean> {
  const isThere = boundTo.map((each) => Prisma.sql`AND ${name(each)}::text IS NOT DISTINCT FROM ${row[each]}`);
  const count = await db.$executeRaw`
    UPDATE ${name(table)} SET ${name(column)} = ${resealed}
    WHERE ${name(key)} = ${row.key}::uuid AND ${name(column)} = ${row.sealed} ${Prisma.join(isThere, ' ')}`;
  return count > 0;
}
