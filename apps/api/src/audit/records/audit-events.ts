import type { AuditAction } from '@argus/contract/audit-actions';
import { type AuditEvent as AuditEventRow, Prisma } from '../../generated/prisma/client.ts';
import type { ExportRows } from '../../platform/csv/export-rows.ts';
import type { Db } from '../../platform/database/db.ts';

/** One changed field, as text. No value is ever a secret. */
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
  readonly targetId: string | null;
  readonly targetName: string | null;
  readonly changes: readonly AuditChange[];
  readonly address: string | null;
  readonly count: number;
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

/** Whether this action ever happened. The audit log is never deleted. */
export async function hasEver(db: Db, action: AuditAction): Promise<boolean> {
  return (await db.auditEvent.findFirst({ where: { action }, select: { id: true } })) !== null;
}

const hourMs = 3600_000;
/**
 * How many events of one action and account get their own row within an hour; further ones are counted by the minute.
 */
const mostApartPerHour = 20;

/** Stores an action on one's own account, which costs nothing to repeat: beyond a few in an hour it is only counted. */
export async function saveOwnEvent(db: Db, event: NewAuditEvent, at: Date): Promise<void> {
  const since = new Date(at.getTime() - hourMs);
  const where = { action: event.action, actorId: event.actorId, occurredAt: { gt: since } };
  const recent = await db.auditEvent.count({ where, take: mostApartPerHour });
  if (recent < mostApartPerHour) return saveAuditEvent(db, event);
  await countAuditEvent(db, { ...event, targetId: event.targetId ?? event.actorId ?? undefined }, at);
}

const minuteMs = 60_000;
/** How many rows one action gets in a minute; further events share one row without account and address. */
const mostCountedPerMinute = 100;

/**
 * Counts an event that anybody can cause, in one statement: events of one action, target, address and minute share
 * one row with a count. Concurrent statements do not see each other's new rows, so a minute may have a few more rows
 * than the limit.
 */
export async function countAuditEvent(db: Db, event: Omit<NewAuditEvent, 'changes'>, at: Date): Promise<void> {
  const { action, actorId, actorUsername, address, requestId } = event;
  const minute = new Date(Math.floor(at.getTime() / minuteMs) * minuteMs);
  const nextMinute = new Date(minute.getTime() + minuteMs);
  const shared = `${action} ${minute.toISOString()}`;
  const key = [shared, event.targetId ?? '', event.targetName ?? '', address ?? ''].join(' ');
  await db.$executeRaw`
    INSERT INTO "AuditEvent" AS e (id, action, "actorId", "actorUsername", "targetKind", "targetId", "targetName", details,
      address, "requestId", "occurredAt", "count", "countKey")
    SELECT gen_random_uuid(), ${action}, CASE WHEN apart THEN ${actorId}::uuid END, CASE WHEN apart THEN ${actorUsername} END,
      CASE WHEN apart THEN ${event.targetKind ?? null} END, CASE WHEN apart THEN ${event.targetId ?? null} END,
      CASE WHEN apart THEN ${event.targetName ?? null} END, '{"changes":[]}'::jsonb, CASE WHEN apart THEN ${address} END,
      ${requestId}, ${at}, 1, CASE WHEN apart THEN ${key} ELSE ${shared} END
    FROM (SELECT EXISTS (SELECT FROM "AuditEvent" WHERE "countKey" = ${key})
      OR (SELECT count(*) FROM "AuditEvent" WHERE action = ${action}
        AND "occurredAt" >= ${minute} AND "occurredAt" < ${nextMinute}) < ${mostCountedPerMinute}::int AS apart) AS room
    ON CONFLICT ("countKey") DO UPDATE SET "count" = e."count" + 1`;
}

/** Totals of failed and blocked sign-ins, and of failed checks of one's own password, since then. */
export interface SignInFailures {
  readonly failures: number;
  /** How many known accounts were tried. */
  readonly accounts: number;
  /** The most failures of any one account. */
  readonly mostOfOne: number;
  /** Attempts at known accounts that were blocked after too many failures. */
  readonly blocked: number;
  /** Attempts too numerous to be listed separately. */
  readonly crowded: number;
  /** The most failures at different known accounts from one address, and the number of those accounts. */
  readonly spread: number;
  readonly spreadAccounts: number;
}

export async function sumSignInFailures(db: Db, since: Date): Promise<SignInFailures> {
  const [widest] = await db.$queryRaw<Pick<SignInFailures, 'spread' | 'spreadAccounts'>[]>`
    SELECT sum("count")::int AS spread, count(DISTINCT "targetId")::int AS "spreadAccounts"
    FROM "AuditEvent"
    WHERE action = 'sign_in_failed' AND "occurredAt" >= ${since} AND "targetId" IS NOT NULL AND address IS NOT NULL
    GROUP BY address ORDER BY count(DISTINCT "targetId") DESC, sum("count") DESC LIMIT 1`;
  const { spread = 0, spreadAccounts = 0 } = widest ?? {};
  const [sums] = await db.$queryRaw<Omit<SignInFailures, 'spread' | 'spreadAccounts'>[]>`
    SELECT coalesce(sum(failed + blocked), 0)::int AS failures, count("targetId")::int AS accounts,
      coalesce(max(failed) FILTER (WHERE "targetId" IS NOT NULL), 0)::int AS "mostOfOne",
      coalesce(sum(blocked) FILTER (WHERE "targetId" IS NOT NULL), 0)::int AS blocked,
      coalesce(sum(crowded), 0)::int AS crowded
    FROM (
      SELECT "targetId", coalesce(sum("count") FILTER (WHERE action <> 'sign_in_blocked'), 0) AS failed,
        coalesce(sum("count") FILTER (WHERE action = 'sign_in_blocked'), 0) AS blocked,
        coalesce(sum("count") FILTER (WHERE address IS NULL), 0) AS crowded
      FROM "AuditEvent" WHERE action IN ('sign_in_failed', 'sign_in_blocked', 'password_check_failed') AND "occurredAt" >= ${since}
      GROUP BY "targetId"
    ) AS by_account`;
  return { ...(sums ?? { failures: 0, accounts: 0, mostOfOne: 0, blocked: 0, crowded: 0 }), spread, spreadAccounts };
}

export interface AuditEventFilter {
  /** A prefix of the actor's or the target's name, in whatever case and width. */
  readonly username?: string | undefined;
  /** A prefix of the target's name alone. */
  readonly target?: string | undefined;
  /** What concerned this account: itself, its link, and what bore its name since it exists. */
  readonly accountId?: string | undefined;
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
  const where = whereOf(filter);
  const [items, counted] = await Promise.all([readEvents(db, where, page), countEvents(db, where)]);
  return { items, total: counted };
}

/** The events of a filter for an export, newest first. */
export function exportedAuditEvents(db: Db, filter: AuditEventFilter): ExportRows<AuditEvent> {
  const where = whereOf(filter);
  return {
    page(after, take) {
      const [at = '', id = ''] = after.split(' ');
      const isAfter = Prisma.sql`e."occurredAt" <= ${at}::timestamptz AND (e."occurredAt" < ${at}::timestamptz OR e.id < ${id}::uuid)`;
      return readEvents(db, after === '' ? where : Prisma.sql`${where} AND ${isAfter}`, { skip: 0, take });
    },
    keyOf: ({ id, occurredAt }) => `${occurredAt.toISOString()} ${id}`,
    count: () => countEvents(db, where),
  };
}

async function readEvents(db: Db, where: Prisma.Sql, { skip, take }: { skip: number; take: number }) {
  const rows = await db.$queryRaw<AuditEventRow[]>`
    SELECT e.* FROM "AuditEvent" e WHERE ${where} ORDER BY e."occurredAt" DESC, e.id DESC LIMIT ${take} OFFSET ${skip}`;
  return rows.map(fromRow);
}

async function countEvents(db: Db, where: Prisma.Sql): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM "AuditEvent" e WHERE ${where}`;
  return row?.count ?? 0;
}

function whereOf({ username, target, accountId, action, from, to }: AuditEventFilter): Prisma.Sql {
  const actor = Prisma.sql`e."actorUsername"`;
  const name = Prisma.sql`e."targetName"`;
  const conditions = [
    ...(username ? [Prisma.sql`(${begins(actor, username)} OR ${begins(name, username)})`] : []),
    ...(target ? [begins(name, target)] : []),
    ...(accountId === undefined ? [] : [concerns(accountId)]),
    ...(action ? [Prisma.sql`e.action = ${action}`] : []),
    ...(from ? [Prisma.sql`e."occurredAt" >= ${from.toISOString()}::timestamptz`] : []),
    ...(to ? [Prisma.sql`e."occurredAt" <= ${to.toISOString()}::timestamptz`] : []),
  ];
  return conditions.length === 0 ? Prisma.sql`TRUE` : Prisma.join(conditions, ' AND ');
}

/**
 * An account is known by its id, as its name may go to another; and so is its link. A link that is gone, and what else bears only a name, counts
 * since the account exists.
 */
function concerns(accountId: string): Prisma.Sql {
  const id = Prisma.sql`${accountId}::uuid`;
  const name = Prisma.sql`(SELECT a.username FROM "Account" a WHERE a.id = ${id})`;
  return Prisma.sql`(e."targetId" = ${accountId}
    OR e."targetId" IN (SELECT l.id::text FROM "AccountLink" l WHERE l."accountId" = ${id})
    OR (e."targetKind" <> 'account' AND ${folded(Prisma.sql`e."targetName"`)} = ${folded(name)}
      AND e."occurredAt" >= (SELECT a."createdAt" FROM "Account" a WHERE a.id = ${id})))`;
}

function begins(name: Prisma.Sql, text: string): Prisma.Sql {
  return Prisma.sql`starts_with(${folded(name)}, ${folded(Prisma.sql`${text.trim()}::text`)})`;
}

/** Names are stored as they were written. Both sides of a search are folded here, as the database’s locale decides about case. */
function folded(text: Prisma.Sql): Prisma.Sql {
  // Normalizing takes ten times as long as all the rest, and changes nothing of ASCII.
  return Prisma.sql`lower(CASE WHEN octet_length(${text}) = char_length(${text}) THEN ${text} ELSE normalize(${text}, NFKC) END)`;
}

/** Repeated events of one action on one target: the first, the last and their number. */
export interface RepeatedEvents {
  readonly first: AuditEvent;
  readonly last: AuditEvent;
  readonly times: number;
}

/** The events of these actions since then, grouped by target; the latest target first. */
export async function listRepeatedEvents(
  db: Db,
  actions: readonly AuditAction[],
  since: Date,
): Promise<readonly RepeatedEvents[]> {
  const groups = await db.$queryRaw<{ first: string; last: string; times: number }[]>`
    SELECT (array_agg(id ORDER BY "occurredAt", id))[1]::text AS first,
      (array_agg(id ORDER BY "occurredAt" DESC, id DESC))[1]::text AS last, count(*)::int AS times
    FROM "AuditEvent" WHERE action = ANY(${[...actions]}) AND "occurredAt" > ${since}
    GROUP BY action, "targetKind", "targetId" ORDER BY max("occurredAt") DESC, last DESC`;
  const ids = groups.flatMap(({ first, last }) => [first, last]);
  const rows = await db.auditEvent.findMany({ where: { id: { in: ids } } });
  const events = new Map(rows.map((row) => [row.id, fromRow(row)]));
  return groups.flatMap(({ first: firstId, last: lastId, times }) => {
    const [first, last] = [events.get(firstId), events.get(lastId)];
    return first && last ? [{ first, last, times }] : [];
  });
}

function fromRow(row: AuditEventRow): AuditEvent {
  const { id, action, actorUsername, targetKind, targetId, targetName, address, count, occurredAt } = row;
  const changes = (row.details as { changes?: AuditChange[] }).changes ?? [];
  return { id, action, actorUsername, targetKind, targetId, targetName, changes, address, count, occurredAt };
}
