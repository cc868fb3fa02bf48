import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from './db.ts';

/**
 * Deletes the matching rows of a table, except rows that others have locked: housekeeping deletes many rows in no
 * order, and must neither wait for nor deadlock with transactions that lock several of them. The next run deletes the
 * skipped rows.
 * @param table its name, never from input
 */
export async function deleteUnlocked(db: Db, table: string, fits: Prisma.Sql): Promise<number> {
  const name = Prisma.raw(`"${table}"`);
  return db.$executeRaw`
    DELETE FROM ${name} WHERE ctid = ANY (ARRAY (SELECT ctid FROM ${name} WHERE ${fits} FOR UPDATE SKIP LOCKED))`;
}
