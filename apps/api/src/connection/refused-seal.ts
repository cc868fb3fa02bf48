import { saveAuditEvent } from '../audit/records/audit-events.ts';
import type { Db } from '../platform/database/db.ts';

/**
 * Records in the audit log that a sealed value did not open in its place: it was altered, or copied there from
 * elsewhere.
 */
export async function auditRefusedSeal(
  db: Db,
  target: { readonly kind: 'auth_provider' | 'grant' | 'kept_mail'; readonly id: string; readonly name?: string },
): Promise<void> {
  await saveAuditEvent(db, {
    action: 'sealed_value_refused',
    actorId: null,
    actorUsername: null,
    targetKind: target.kind,
    targetId: target.id,
    targetName: target.name,
    address: null,
    requestId: null,
  });
}
