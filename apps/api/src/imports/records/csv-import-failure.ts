import { type NewAuditEvent, saveAuditEvent } from '../../audit/records/audit-events.ts';
import { type Database, type Db, inTransaction } from '../../platform/database/db.ts';
import { atWork, type CsvImport } from './csv-imports.ts';

/** The request that failed: its actor and where it came from. */
export type FailedFor = Pick<NewAuditEvent, 'actorId' | 'actorUsername' | 'address' | 'requestId'>;

/** Argus itself noticed that the process had died; there is no request. */
const noticedByArgus: FailedFor = { actorId: null, actorUsername: null, address: null, requestId: null };

/**
 * Writes to the audit log that an import was refused or failed, at which step and why. Runs in the transaction that
 * settles the import, so that each failure is logged exactly once. The log outlives the error's event, so the error ID
 * is not in it: the import has it.
 */
export async function auditFailedImport(
  tx: Db,
  failed: Pick<CsvImport, 'id' | 'table' | 'fileName' | 'state'>,
  { code }: { readonly code: string },
  { actorId, actorUsername, address, requestId }: FailedFor,
): Promise<void> {
  await saveAuditEvent(tx, {
    action: 'csv_import_failed',
    actorId,
    actorUsername,
    address,
    requestId,
    targetKind: failed.table,
    targetId: String(failed.id),
    targetName: failed.fileName,
    changes: [
      { field: 'step', from: null, to: failed.state },
      { field: 'errorCode', from: null, to: code },
    ],
  });
}

/**
 * Settles imports whose process died. A reading or an application has failed (its transaction died with the process);
 * an import whose undo did not happen stays applied.
 */
export async function settleInterrupted(db: Database, now: Date): Promise<void> {
  const lost = await db.csvImport.findMany({ where: { state: { in: atWork }, leaseUntil: { lt: now } } });
  const refusal = { code: 'csv_import_interrupted' };
  for (const { id, state, leaseUntil, ...failed } of lost) {
    await inTransaction(db, async (tx) => {
      // Only the first to settle it logs it. The process may also have come back and renewed its lease.
      const { count } = await tx.csvImport.updateMany({
        where: { id, state, leaseUntil },
        data: {
          refusal,
          leaseUntil: null,
          ...(state === 'undoing' ? { state: 'applied' } : { state: 'failed', endedAt: now }),
        },
      });
      if (count === 1) await auditFailedImport(tx, { ...failed, id, state }, refusal, noticedByArgus);
    });
  }
}

/** Forgets the error IDs whose events are deleted. */
export async function forgetImportErrors(db: Db): Promise<void> {
  await db.$executeRaw`
    UPDATE "CsvImport" AS i SET refusal = i.refusal - 'errorId' WHERE i.refusal ->> 'errorId' IS NOT NULL
      AND NOT EXISTS (SELECT FROM "ErrorEvent" AS e WHERE e.id = i.refusal ->> 'errorId')`;
}
