import type { CsvImportState } from '@argus/contract/endpoints/csv-imports';
import type { BulkSession } from '../database/bulk-session.ts';
import type { NewAuditEvent } from './audit-events.ts';
import type { CsvImport } from './csv-imports.ts';
import { idOfRow } from './csv-row-ids.ts';

/**
 * Ends an import within the transaction that carried it out, which also says who did it: neither stands without the other.
 * @returns false where the import is no longer this process's own, and the transaction must not stand
 */
export async function endImport(
  tx: BulkSession,
  working: CsvImport,
  state: Extract<CsvImportState, 'applied' | 'undone'>,
  at: Date,
  event: NewAuditEvent,
): Promise<boolean> {
  const { id } = working;
  const changes = JSON.stringify({ changes: (event.changes ?? []).map((change) => ({ ...change })) });
  await tx.execute(
    `INSERT INTO "AuditEvent" (id, action, "actorId", "actorUsername", "targetKind", "targetId", "targetName", details,
       address, "requestId", "occurredAt")
     VALUES (${idOfRow('audit', '$1', state === 'applied' ? '1' : '2')}, $2, $3::uuid, $4, $5, $1::int::text, $6, $7::jsonb, $8, $9, $10)`,
    [
      id,
      event.action,
      event.actorId,
      event.actorUsername,
      event.targetKind ?? null,
      event.targetName ?? null,
      changes,
      event.address,
      event.requestId,
      at,
    ],
  );
  await tx.execute('DELETE FROM "CsvImportPart" WHERE "importId" = $1', [id]);
  const stamp = state === 'applied' ? '"appliedAt" = $4,' : '';
  const settled = await tx.execute(
    `UPDATE "CsvImport" SET state = $2::"CsvImportState", ${stamp} "endedAt" = $4, "rowsDone" = "rowsTotal", "leaseUntil" = NULL
     WHERE id = $1 AND state = $3::"CsvImportState"`,
    [id, state, working.state, at],
  );
  return settled === 1;
}
