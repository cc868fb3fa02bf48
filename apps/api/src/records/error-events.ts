import { accountKey } from '@argus/contract/account-key';
import type { ErrorCode } from '@argus/contract/error-catalogue';
import type { ErrorParams } from '../app-error.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Db } from './db.ts';
import { escapeLike } from './escape-like.ts';

/** What a user saw, as it is kept in the error log. */
export interface ErrorEvent {
  /** As in 7F3K-29QD. */
  readonly id: string;
  readonly code: string;
  readonly accountId: string | null;
  readonly username: string | null;
  readonly stage: string;
  readonly params: ErrorParams;
  readonly requestId: string;
  readonly occurredAt: Date;
}

export async function saveErrorEvent(db: Db, event: ErrorEvent & { readonly code: ErrorCode }): Promise<void> {
  const { upstream, ...params } = event.params;
  await db.errorEvent.create({
    data: {
      ...event,
      usernameKey: event.username === null ? null : accountKey(event.username),
      params: params as Prisma.InputJsonObject,
      ...(upstream === undefined ? {} : { upstream: upstream as Prisma.InputJsonObject }),
    },
  });
}

export async function findErrorEvent(db: Db, id: string): Promise<ErrorEvent | null> {
  const row = await db.errorEvent.findUnique({ where: { id } });
  return row && toErrorEvent(row);
}

export interface ErrorEventFilter {
  readonly errorId?: string | undefined;
  /** Prefix of the username. */
  readonly username?: string | undefined;
  readonly code?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** One page of the error log, newest first. */
export async function listErrorEvents(
  db: Db,
  filter: ErrorEventFilter,
  page: { skip: number; take: number },
): Promise<{ items: readonly ErrorEvent[]; total: number }> {
  const where: Prisma.ErrorEventWhereInput = {
    ...(filter.errorId === undefined ? {} : { id: filter.errorId }),
    ...(filter.username ? { usernameKey: { startsWith: escapeLike(accountKey(filter.username)) } } : {}),
    ...(filter.code ? { code: filter.code } : {}),
    ...(filter.from || filter.to
      ? { occurredAt: { ...(filter.from ? { gte: filter.from } : {}), ...(filter.to ? { lte: filter.to } : {}) } }
      : {}),
  };
  const [rows, total] = await Promise.all([
    db.errorEvent.findMany({ where, orderBy: [{ occurredAt: 'desc' }, { id: 'asc' }], ...page }),
    db.errorEvent.count({ where }),
  ]);
  return { items: rows.map(toErrorEvent), total };
}

function toErrorEvent(row: Prisma.ErrorEventGetPayload<object>): ErrorEvent {
  const { params, upstream } = row;
  return {
    id: row.id,
    code: row.code,
    accountId: row.accountId,
    username: row.username,
    stage: row.stage,
    params: {
      ...(params as ErrorParams),
      ...(upstream === null ? {} : { upstream: upstream as NonNullable<ErrorParams['upstream']> }),
    },
    requestId: row.requestId,
    occurredAt: row.occurredAt,
  };
}
