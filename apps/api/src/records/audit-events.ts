import { accountKey } from '@argus/contract/account-key';
import type { AuditAction } from '@argus/contract/endpoints/endpoint';
import type { AuditEvent as AuditEventRow, Prisma } from '../generated/prisma/client.ts';
import type { Db } from './db.ts';
import { escapeLike } from './escape-like.ts';

/** One changed field, as text. A secret is never among the values. */
export interface AuditChange {
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
}

export interface AuditEvent {
  readonly id: string;
  readonly action: string;
  readonly actorUsername: string | null;
  readonly targetKind: string | null;
  readonly targetName: string | null;
  readonly changes: readonly AuditChange[];
  readonly address: string | null;
  readonly occurredAt: Date;
}

export interface NewAuditEvent {
  readonly action: AuditAction;
  readonly actorId: string | null;
  readonly actorUsername: string | null;
  readonly targetKind?: string | undefined;
  readonly targetId?: string | undefined;
  readonly targetName?: string | undefined;
  readonly changes?: readonly AuditChange[] | undefined;
  readonly address: string | null;
  readonly requestId: string | null;
}

export async function saveAuditEvent(db: Db, event: NewAuditEvent): Promise<void> {
  const { changes, targetKind, targetId, targetName, ...rest } = event;
  await db.auditEvent.create({
    data: {
      ...rest,
      targetKind: targetKind ?? null,
      targetId: targetId ?? null,
      targetName: targetName ?? null,
      details: { changes: (changes ?? []).map((change) => ({ ...change })) },
    },
  });
}

/** Whether something has ever been done. The audit log stays for good. */
export async function hasEver(db: Db, action: AuditAction): Promise<boolean> {
  return (await db.auditEvent.findFirst({ where: { action }, select: { id: true } })) !== null;
}

export interface AuditEventFilter {
  /** Part of the actor's or the target's name: a prefix, compared without regard to case. */
  readonly username?: string | undefined;
  readonly action?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** One page of the audit log, newest first. */
export async function listAuditEvents(
  db: Db,
  filter: AuditEventFilter,
  page: { skip: number; take: number },
): Promise<{ items: readonly AuditEvent[]; total: number }> {
  const prefix = filter.username ? escapeLike(accountKey(filter.username)) : undefined;
  const where: Prisma.AuditEventWhereInput = {
    ...(prefix === undefined
      ? {}
      : {
          OR: [
            { actorUsername: { startsWith: prefix, mode: 'insensitive' } },
            { targetName: { startsWith: prefix, mode: 'insensitive' } },
          ],
        }),
    ...(filter.action ? { action: filter.action } : {}),
    ...(filter.from || filter.to
      ? { occurredAt: { ...(filter.from ? { gte: filter.from } : {}), ...(filter.to ? { lte: filter.to } : {}) } }
      : {}),
  };
  const [rows, total] = await Promise.all([
    db.auditEvent.findMany({ where, orderBy: [{ occurredAt: 'desc' }, { id: 'desc' }], ...page }),
    db.auditEvent.count({ where }),
  ]);
  return {
    items: rows.map(fromRow),
    total,
  };
}

/** The newest events of these actions since then, newest first. */
export async function listRecentEvents(
  db: Db,
  actions: readonly AuditAction[],
  since: Date,
  take: number,
): Promise<readonly AuditEvent[]> {
  const where = { action: { in: [...actions] }, occurredAt: { gt: since } };
  const rows = await db.auditEvent.findMany({ where, orderBy: [{ occurredAt: 'desc' }, { id: 'desc' }], take });
  return rows.map(fromRow);
}

function fromRow(row: AuditEventRow): AuditEvent {
  const { id, action, actorUsername, targetKind, targetName, address, occurredAt } = row;
  const changes = (row.details as { changes?: AuditChange[] }).changes ?? [];
  return { id, action, actorUsername, targetKind, targetName, changes, address, occurredAt };
}
