import type { AuditAction } from '@argus/contract/audit-actions';
import type { FastifyRequest } from 'fastify';
import type { Db } from '../platform/database/db.ts';
import { addressBlock } from '../platform/http/address-block.ts';
import type { Viewer } from '../platform/http/viewer.ts';
import type { Services } from '../platform/services.ts';
import {
  type AuditChange,
  countAuditEvent,
  type NewAuditEvent,
  saveAuditEvent,
  saveOwnEvent,
} from './records/audit-events.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The known account in a failed sign-in or proof, for the request log. */
    attemptedAccountId: string | null;
  }
}

/** What an action affected. */
export interface AuditTarget {
  readonly kind?: string;
  readonly id?: string;
  readonly name?: string;
  readonly changes?: readonly AuditChange[];
}

/** Who acts, and from where. A request has this shape. */
export interface Actor {
  readonly viewer: Pick<Viewer, 'id' | 'username'> | null;
  readonly ip: string;
  /** The request id. */
  readonly id: string;
}

/** Who did what to whom. */
export function auditEventOf(actor: Actor, action: AuditAction, target: AuditTarget = {}): NewAuditEvent {
  return {
    action,
    actorId: actor.viewer?.id ?? null,
    actorUsername: actor.viewer?.username ?? null,
    targetKind: target.kind,
    targetId: target.id,
    targetName: target.name,
    changes: target.changes,
    address: actor.ip,
    requestId: actor.id,
  };
}

/**
 * Writes to the audit log. Pass the transaction of the change itself, so that change and entry commit together. An
 * empty change is not logged: saving a form over and over leaves no entries.
 */
export async function audit(db: Db, actor: Actor, action: AuditAction, target: AuditTarget = {}): Promise<void> {
  if (target.changes?.length === 0) return;
  await saveAuditEvent(db, auditEventOf(actor, action, target));
}

/**
 * As `audit`, for actions on one's own account that can be repeated without limit: signing in and out, authorizing,
 * revoking.
 */
export async function auditOwn(
  db: Db,
  actor: Actor,
  action: AuditAction,
  target: AuditTarget,
  now: Date,
): Promise<void> {
  await saveOwnEvent(db, auditEventOf(actor, action, target), now);
}

/**
 * Counts a failed proof of identity in the audit log: by minute, address and the known account that was tried. The
 * typed username is never written, as people type passwords there. If writing fails, the reply is the same.
 */
export async function auditFailure(
  { db, now }: Pick<Services, 'db' | 'now'>,
  request: FastifyRequest,
  action: 'sign_in_failed' | 'sign_in_blocked' | 'password_check_failed' | 'invitation_failed' | 'first_admin_failed',
  account: { readonly id: string; readonly username: string } | null,
): Promise<void> {
  request.attemptedAccountId = account?.id ?? null;
  const target: AuditTarget = account ? { kind: 'account', id: account.id, name: account.username } : {};
  // Only a signed-in user is asked for their own password. In the other cases, whoever is signed in in that browser
  // is not the actor.
  const actor = action === 'password_check_failed' ? {} : { actorId: null, actorUsername: null };
  try {
    const event = { ...auditEventOf(request, action, target), ...actor, address: addressBlock(request.ip) };
    await countAuditEvent(db, event, now());
  } catch (err) {
    request.log.error({ err }, 'cannot count a failure in the audit log');
  }
}

/** The named fields that differ between two records, as text. */
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
