import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';

/** The database, or a transaction on it. Records take it first. */
export type Db = PrismaClient | Prisma.TransactionClient;

/** The database outside any transaction. */
export type Database = PrismaClient;

/** Runs `work` in one transaction. It must not use the network, nor the database outside `tx`. */
export function inTransaction<T>(db: Database, work: (tx: Db) => Promise<T>): Promise<T> {
  return db.$transaction(work, { maxWait: 5_000, timeout: 10_000 });
}

/** Runs `work` in one transaction, returns what it made, and rolls everything back. */
export async function rehearse<T>(db: Database, work: (tx: Db) => Promise<T>): Promise<T> {
  const made: T[] = [];
  const rollBack = new Error('A rehearsal is rolled back.');
  await inTransaction(db, async (tx) => {
    made.push(await work(tx));
    throw rollBack;
  }).catch((error: unknown) => {
    if (error !== rollBack) throw error;
  });
  return made[0] as T;
}

/** The columns of the unique constraint that a write violated, or undefined for any other error. */
export function uniqueViolation(error: unknown): readonly string[] | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'P2002') return undefined;
  const meta = 'meta' in error ? (error.meta as Record<string, unknown> | undefined) : undefined;
  const constraint = (
    meta?.driverAdapterError as { cause?: { constraint?: { fields?: string[]; index?: string } } } | undefined
  )?.cause?.constraint;
  const fields = constraint?.fields ?? (Array.isArray(meta?.target) ? (meta.target as string[]) : []);
  if (fields.length > 0) return fields.map((field) => field.replaceAll('"', ''));
  // Prisma names a unique index Model_column_key.
  const column = /^[A-Za-z]+_(.+)_key$/.exec(constraint?.index ?? '')?.[1];
  return column === undefined ? [] : [column];
}
