import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';

const defaultBatch = 10_000;

/**
 * Deletes the error log up to `before`, with incidents that have had no event since and their counts, at most `batch`
 * rows per statement. Returns how many events it deleted. Concurrent runs share the work. Not for use in a
 * transaction.
 */
export async function deleteOldErrorEvents(
  db: Db,
  { before, batch = defaultBatch }: { before: Date; batch?: number },
): Promise<number> {
  const until = Prisma.sql`${before.toISOString()}::timestamptz`;
  await deleteInPieces(db, 'ErrorCauseUser', Prisma.sql`"lastAt" < ${until}`, 'lastAt', batch);
  // The last hour may still count events that stay stored.
  await deleteInPieces(db, 'ErrorCauseHour', Prisma.sql`hour <= ${until} - interval '1 hour'`, 'hour', batch);
  // An incident names its last event, so it goes first.
  await deleteInPieces(db, 'ErrorCause', Prisma.sql`"lastAt" < ${until}`, 'lastAt', batch);
  return deleteInPieces(db, 'ErrorEvent', Prisma.sql`"occurredAt" < ${until}`, 'occurredAt', batch);
}

async function deleteInPieces(
  db: Db,
  table: string,
  where: Prisma.Sql,
  oldestFirst: string,
  batch: number,
): Promise<number> {
  const name = Prisma.raw(`"${table}"`);
  const order = Prisma.raw(`"${oldestFirst}"`);
  let total = 0;
  for (;;) {
    // A row that a writer holds now is no longer old, or the next run deletes it.
    const deleted = await db.$executeRaw`
      DELETE FROM ${name} WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM ${name} WHERE ${where} ORDER BY ${order} LIMIT ${batch} FOR UPDATE SKIP LOCKED))`;
    total += deleted;
    if (deleted < batch) return total;
  }
}
