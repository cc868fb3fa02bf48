import type { AuditAction } from '@argus/contract/endpoints/endpoint';
import type { FastifyRequest } from 'fastify';
import { type AuditChange, saveAuditEvent } from './records/audit-events.ts';
import type { Db } from './records/db.ts';

/**
 * Writes to the audit log who did what to whom. Called with the transaction of the change itself, so that neither
 * stands without the other.
 */
export async function audit(
  db: Db,
  request: FastifyRequest,
  action: AuditAction,
  target: { kind?: string; id?: string; name?: string; changes?: readonly AuditChange[] } = {},
): Promise<void> {
  await saveAuditEvent(db, {
    action,
    actorId: request.viewer?.id ?? null,
    actorUsername: request.viewer?.username ?? null,
    targetKind: target.kind,
    targetId: target.id,
    targetName: target.name,
    changes: target.changes,
    address: request.ip,
    requestId: request.id,
  });
}

/** Which of the named fields differ between two records, as text. */
export function changedFields<T extends object>(
  before: T,
  after: T,
  fields: readonly (keyof T & string)[],
): AuditChange[] {
  const text = (value: unknown) =>
    value === null || value === undefined ? null : value instanceof Date ? value.toISOString() : String(value);
  return fields
    .map((field) => ({ field, from: text(before[field]), to: text(after[field]) }))
    .filter((change) => change.from !== change.to);
}
