import type { AuditAction } from '@argus/contract/endpoints/endpoint';
import type { FastifyRequest } from 'fastify';
import { type AuditChange, type NewAuditEvent, saveAuditEvent } from './records/audit-events.ts';
import type { Db } from './records/db.ts';

/** What an action acted upon. */
export interface AuditTarget {
  readonly kind?: string;
  readonly id?: string;
  readonly name?: string;
  readonly changes?: readonly AuditChange[];
}

/** Who did what to whom, by a request. */
export function auditEventOf(request: FastifyRequest, action: AuditAction, target: AuditTarget = {}): NewAuditEvent {
  return {
    action,
    actorId: request.viewer?.id ?? null,
    actorUsername: request.viewer?.username ?? null,
    targetKind: target.kind,
    targetId: target.id,
    targetName: target.name,
    changes: target.changes,
    address: request.ip,
    requestId: request.id,
  };
}

/**
 * Writes to the audit log who did what to whom. Called with the transaction of the change itself, so that neither
 * stands without the other.
 */
export async function audit(
  db: Db,
  request: FastifyRequest,
  action: AuditAction,
  target: AuditTarget = {},
): Promise<void> {
  await saveAuditEvent(db, auditEventOf(request, action, target));
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
