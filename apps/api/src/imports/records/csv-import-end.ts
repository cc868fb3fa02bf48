import type { CsvImportState } from '@argus/contract/endpoints/imports/csv-imports';
import type { AuditChange, NewAuditEvent } from '../../audit/records/audit-events.ts';
import type { BulkSession } from '../../platform/database/bulk-session.ts';
import type { CsvImport, ImportRefusal } from './csv-imports.ts';
import { ImportStopped } from './csv-plan-refusals.ts';
import { idOfRow } from './csv-row-ids.ts';
import type { UndoConflicts } from './undo-conflicts.ts';

/** How an import ended, when, and how many rows its statements have written. */
export interface ImportEnd {
  readonly state: Extract<CsvImportState, 'applied' | 'undone'>;
  readonly at: Date;
  readonly rowsWritten: number;
  /** Rows that an undo of the rest left as they were. */
  readonly kept: UndoConflicts | null;
}

/** The rows that an undo cannot take back, as an import keeps them. */
export function toldOf({ conflicts, total, reasons }: UndoConflicts): Omit<ImportRefusal, 'code'> {
  return { conflicts, conflictsTotal: total, conflictReasons: reasons };
}

/**
 * Ends an import in the transaction that carried it out, together with its audit event, so that both commit or
 * neither does.
 * @throws ImportStopped where this process no longer owns the import, or has not written each of its rows
 */
export async function endImport(
  tx: BulkSession,
  working: CsvImport,
  event: NewAuditEvent,
  { state, at, rowsWritten, kept }: ImportEnd,
): Promise<void> {
  const { id, planVersion } = working;
  const rights = working.table === 'users' ? await countRights(tx, id, state) : [];
  const left = kept ? [{ field: 'kept', from: null, to: String(kept.total) }] : [];
  const changes = JSON.stringify({ changes: [...rights, ...(event.changes ?? []), ...left] });
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
    `UPDATE "CsvImport" SET state = $2::"CsvImportState", ${stamp} "endedAt" = $4, "rowsDone" = $6, "leaseUntil" = NULL,
       refusal = coalesce($8::jsonb, refusal)
     WHERE id = $1 AND state = $3::"CsvImportState" AND "planVersion" = $5 AND "rowsTotal" = $6::int + $7::int`,
    [
      ...[id, state, working.state, at, planVersion, rowsWritten, kept?.total ?? 0],
      kept === null ? null : JSON.stringify(toldOf(kept)),
    ],
  );
  if (settled !== 1) throw new ImportStopped();
}

/** Which plan column holds the old values and which the new ones. An undo swaps them. */
const direction = (state: 'applied' | 'undone') =>
  state === 'applied' ? ({ from: 'before', to: 'after' } as const) : ({ from: 'after', to: 'before' } as const);

/** SQL: whether a row `r` changes who is an administrator or who may sign in. An added row has no `before`. */
const changesRights = `NOT r.kept AND (r.kind = 'changed' AND (r.before->>'role' <> r.after->>'role' OR r.before->>'active' <> r.after->>'active')
  OR r.kind = 'added' AND r.after->>'role' = 'admin')`;

/**
 * Counts the accounts whose rights an import changed, for the import's own event: a reader who filters by imports
 * must see that one created administrators. {@link auditAccounts} names them.
 */
async function countRights(tx: BulkSession, importId: number, state: 'applied' | 'undone'): Promise<AuditChange[]> {
  const { from, to } = direction(state);
  const isAdmin = (side: string) => `coalesce(r.${side}->>'role' = 'admin', false)`;
  const count = (condition: string) => `(count(*) FILTER (WHERE ${condition}))::int`;
  const [counts] = await tx.query<Record<string, number>>(
    `SELECT ${count(`${isAdmin(to)} AND NOT ${isAdmin(from)}`)} AS "madeAdmin",
       ${count(`${isAdmin(from)} AND NOT ${isAdmin(to)}`)} AS "noLongerAdmin",
       ${count(`r.${from}->>'active' = 'false' AND r.${to}->>'active' = 'true'`)} AS activated,
       ${count(`r.${from}->>'active' = 'true' AND r.${to}->>'active' = 'false'`)} AS deactivated
     FROM "CsvImportRow" r WHERE r."importId" = $1 AND ${changesRights}`,
    [importId],
  );
  return Object.entries(counts ?? {})
    .filter(([, accounts]) => accounts > 0)
    .map(([field, accounts]) => ({ field, from: null, to: String(accounts) }));
}

/**
 * Writes one event for each account whose role or activity an import or its undo changed, as the form does. One
 * statement, however many rows there are.
 */
async function auditAccounts(
  tx: BulkSession,
  importId: number,
  state: 'applied' | 'undone',
  at: Date,
  event: NewAuditEvent,
): Promise<void> {
  const { from, to } = direction(state);
  const changes = `SELECT jsonb_agg(jsonb_build_object('field', field, 'from', r.${from}->>field, 'to', r.${to}->>field) ORDER BY nr)
    FROM unnest(ARRAY['username', 'displayName', 'role', 'active']) WITH ORDINALITY AS audited(field, nr)
    WHERE r.${from}->>field IS DISTINCT FROM r.${to}->>field`;
  const ofAdded = state === 'applied' ? 'user_created' : 'user_deleted';
  await tx.execute(
    `INSERT INTO "AuditEvent" (id, action, "actorId", "actorUsername", "targetKind", "targetId", "targetName", details,
       address, "requestId", "occurredAt")
     SELECT gen_random_uuid(), CASE r.kind WHEN 'added' THEN '${ofAdded}' ELSE 'user_changed' END, $2::uuid, $3, 'account',
       r."accountId"::text, coalesce(r.${to}->>'username', r.username), jsonb_build_object('changes', (${changes})), $4, $5, $6
     FROM "CsvImportRow" r WHERE r."importId" = $1 AND ${changesRights}`,
    [importId, event.actorId, event.actorUsername, event.address, event.requestId, at],
  );
}
