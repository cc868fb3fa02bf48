import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from './db.ts';

/**
 * Deletes the rows of a table that fit, but for those that somebody else has locked: housekeeping deletes many rows in no order, and
 * must neither wait for whoever locks several of them nor make them wait in a circle. What is skipped goes the next time.
 * @param table its name, from the source alone
 */
export async function deleteUnlocked(db: Db, table: string, fits: Prisma.Sql): Promise<number> {
  const name = Prisma.raw(`"${table}"`);
  return db.$executeRaw`
    DELETE FROM ${name} WHERE ctid = ANY (ARRAY (SELECT ctid FROM ${name} WHERE ${fits} FOR UPDATE SKIP LOCKED))`;
}
