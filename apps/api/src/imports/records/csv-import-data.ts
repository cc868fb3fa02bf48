import { type NewAuditEvent, saveAuditEvent } from '../../audit/records/audit-events.ts';
import type { BulkDatabase, BulkSession } from '../../platform/database/bulk-session.ts';
import { type Database, type Db, inTransaction } from '../../platform/database/db.ts';
import { atWork, type CsvImport, readableStates, unfinishedStates } from './csv-imports.ts';

// Deletes the file and the rows of imports. Whoever does so first takes the import from everybody else, by its state: a file or a plan
// that goes while it is read, applied or undone would leave the half of it, reported as all.

/** Cancels an import, with an event in the audit log; false where it was already applied, or is being applied. */
export async function cancelImport(db: Database, id: number, now: Date, event: NewAuditEvent): Promise<boolean> {
  const cancelled = await inTransaction(db, async (tx) => {
    const { count } = await tx.csvImport.updateMany({
      where: { id, state: { in: unfinishedStates } },
      data: { state: 'cancelled', leaseUntil: null, endedAt: now },
    });
    if (count === 1) await saveAuditEvent(tx, event);
    return count === 1;
  });
  // Outside the transaction, as a plan may have very many rows: nothing follows `cancelled`.
  if (cancelled) {
    await db.csvImportPart.deleteMany({ where: { importId: id } });
    await db.csvImportRow.deleteMany({ where: { importId: id } });
  }
  return cancelled;
}

/** Deletes what a reading that failed has planned, unless the file is being read again: that reading deletes it itself. */
export async function deleteFailedPlan(
  db: Db,
  { id, planVersion }: Pick<CsvImport, 'id' | 'planVersion'>,
): Promise<void> {
  // The lock makes a reading that is just beginning wait, so that none of its rows is among these.
  await db.$executeRaw`
    DELETE FROM "CsvImportRow" r USING (
      SELECT id FROM "CsvImport" WHERE id = ${id}::int AND "planVersion" = ${planVersion}::int
        AND state IN ('refused', 'failed', 'cancelled') FOR SHARE) i
    WHERE r."importId" = i.id`;
}

/** Deletes the files of ended and abandoned imports, and rows too old to be undone. */
export async function deleteOldImports(
  { db, bulk }: { readonly db: Db; readonly bulk: BulkDatabase },
  { idleSince, keptSince }: { readonly idleSince: Date; readonly keptSince: Date },
): Promise<void> {
  const select = { id: true };
  const idle = { createdAt: { lt: idleSince }, state: { in: readableStates } };
  for (const { id } of await db.csvImport.findMany({ where: idle, select })) {
    await deleteTaken(bulk, id, (tx) =>
      tx.execute(
        `UPDATE "CsvImport" SET state = 'cancelled', "endedAt" = $2 WHERE id = $1 AND state IN (${listed(readableStates)})`,
        [id, idleSince],
      ),
    );
  }
  const old = { createdAt: { lt: keptSince }, state: { notIn: atWork } };
  for (const { id } of await db.csvImport.findMany({ where: old, select })) {
    await deleteTaken(bulk, id, (tx) =>
      tx.execute(`DELETE FROM "CsvImport" WHERE id = $1 AND state NOT IN (${listed(atWork)})`, [id]),
    );
  }
}

const listed = (states: readonly string[]) => states.map((state) => `'${state}'`).join(', ');

/**
 * Deletes the file and the rows of an import in the transaction that takes it: whoever is about to work on it waits, and then finds it taken.
 * @param take changes or deletes the import's own row, if its state still allows it; returns how many rows that were
 */
async function deleteTaken(bulk: BulkDatabase, id: number, take: (tx: BulkSession) => Promise<number>): Promise<void> {
  await bulk.session((session) =>
    session.transaction(async (tx) => {
      if ((await take(tx)) === 0) return;
      await tx.execute('DELETE FROM "CsvImportPart" WHERE "importId" = $1', [id]);
      await tx.execute('DELETE FROM "CsvImportRow" WHERE "importId" = $1', [id]);
    }),
  );
}
