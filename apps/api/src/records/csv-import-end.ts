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
  if (working.table === 'users') await auditAccounts(tx, id, state, at, event);
  await tx.execute('DELETE FROM "CsvImportPart" WHERE "importId" = $1', [id]);
  const stamp = state === 'applied' ? '"appliedAt" = $4,' : '';
  const settled = await tx.execute(
    `UPDATE "CsvImport" SET state = $2::"CsvImportState", ${stamp} "endedAt" = $4, "rowsDone" = "rowsTotal", "leaseUntil" = NULL
     WHERE id = $1 AND state = $3::"CsvImportState"`,
    [id, state, working.state, at],
  );
  return settled === 1;
}

/** Who became an administrator, or none, and who was activated or deactivated: each an event of its own, as by the form. */
async function auditAccounts(
  tx: BulkSession,
  importId: number,
  state: 'applied' | 'undone',
  at: Date,
  event: NewAuditEvent,
): Promise<void> {
  const [from, to] = state === 'applied' ? ['before', 'after'] : ['after', 'before'];
  const changed = `SELECT jsonb_agg(jsonb_build_object('field', field, 'from', r.${from}->>field, 'to', r.${to}->>field))
    FROM unnest(ARRAY['role', 'active']) AS field WHERE r.${from}->>field IS DISTINCT FROM r.${to}->>field`;
  const created = state === 'applied' ? `OR (r.kind = 'added' AND r.after->>'role' = 'admin')` : '';
  await tx.execute(
    `INSERT INTO "AuditEvent" (id, action, "actorId", "actorUsername", "targetKind", "targetId", "targetName", details,
       address, "requestId", "occurredAt")
     SELECT gen_random_uuid(), CASE r.kind WHEN 'added' THEN 'user_created' ELSE 'user_changed' END, $2::uuid, $3, 'account',
       r."accountId"::text, r.username, jsonb_build_object('changes', c.changes), $4, $5, $6
     FROM "CsvImportRow" r CROSS JOIN LATERAL (${changed}) AS c(changes)
     WHERE r."importId" = $1 AND c.changes IS NOT NULL AND (r.kind = 'changed' ${created})`,
    [importId, event.actorId, event.actorUsername, event.address, event.requestId, at],
  );
}
