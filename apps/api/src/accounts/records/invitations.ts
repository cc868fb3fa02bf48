import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';
import { deleteUnlocked } from '../../platform/database/delete-unlocked.ts';
import { type AccountFilter, accountConditions } from './account-filter.ts';
import type { Account } from './accounts.ts';

/** Whom invitations are issued to: the accounts of a filter that could use one. */
export interface InviteeFilter extends Pick<AccountFilter, 'q' | 'role' | 'todo'> {
  /** Only these accounts. */
  readonly ids?: readonly string[] | undefined;
}

export interface Invitee {
  readonly id: string;
  readonly username: string;
  readonly usernameKey: string;
  readonly displayName: string;
}

export interface NewInvitation {
  readonly accountId: string;
  readonly tokenHash: string;
}

/** A valid invitation, and whom it is for. */
export interface Invitation {
  readonly account: Account;
  readonly expiresAt: Date;
}

/**
 * The next accounts that lack a password, by username. They stay locked until the transaction ends: nobody sets a
 * password, deactivates them or issues other invitations meanwhile.
 * @param after the usernameKey of the last account so far; '' at first
 */
export async function lockInvitees(
  tx: Db,
  filter: InviteeFilter,
  page: { after: string; take: number; now: Date },
): Promise<readonly Invitee[]> {
  return tx.$queryRaw<Invitee[]>`
    SELECT id::text AS id, username, "usernameKey", "displayName" FROM "Account" a
    WHERE ${await fits(tx, filter, page.now)} AND "usernameKey" > ${page.after}
    ORDER BY "usernameKey" LIMIT ${page.take} FOR NO KEY UPDATE`;
}

/** How many accounts match, and how many of them hold a valid invitation. */
export async function countInvitees(
  db: Db,
  filter: InviteeFilter,
  now: Date,
): Promise<{ accounts: number; invited: number }> {
  const [counts] = await db.$queryRaw<{ accounts: number; invited: number }[]>`
    SELECT count(*)::int AS accounts, count(i."accountId")::int AS invited FROM "Account" a
    LEFT JOIN "Invitation" i ON i."accountId" = a.id AND i."expiresAt" > ${now}
    WHERE ${await fits(db, filter, now)}`;
  return counts ?? { accounts: 0, invited: 0 };
}

/** Stores invitations. They replace earlier ones of the same accounts, whose links stop working. */
export async function saveInvitations(
  tx: Db,
  invitations: readonly NewInvitation[],
  times: { createdAt: Date; expiresAt: Date },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO "Invitation" ("tokenHash", "accountId", "expiresAt", "createdAt")
    SELECT "tokenHash", "accountId", ${times.expiresAt}, ${times.createdAt}
    FROM unnest(
      ${invitations.map(({ tokenHash }) => tokenHash)}::text[],
      ${invitations.map(({ accountId }) => accountId)}::uuid[]
    ) AS issued ("tokenHash", "accountId")
    ON CONFLICT ("accountId") DO UPDATE SET
      "tokenHash" = EXCLUDED."tokenHash", "expiresAt" = EXCLUDED."expiresAt", "createdAt" = EXCLUDED."createdAt"`;
}

/** The invitation if it is valid now; null where there is none, or its account has a password or is inactive. */
export async function findInvitation(db: Db, tokenHash: string, now: Date): Promise<Invitation | null> {
  const found = await db.invitation.findUnique({ where: { tokenHash }, include: { account: true } });
  if (!found || found.expiresAt <= now || !found.account.active || found.account.passwordHash !== null) return null;
  return { account: found.account, expiresAt: found.expiresAt };
}

/**
 * Takes an invitation and sets the password: exactly one caller gets true. On false the caller must roll back. Every
 * transaction locks the account first, so that no two deadlock.
 */
export async function takeInvitation(
  tx: Db,
  taken: { accountId: string; tokenHash: string; passwordHash: string },
  now: Date,
): Promise<boolean> {
  const { accountId, tokenHash, passwordHash } = taken;
  const account = await tx.account.updateMany({
    where: { id: accountId, active: true, passwordHash: null },
    data: { passwordHash },
  });
  if (account.count === 0) return false;
  const { count } = await tx.invitation.deleteMany({ where: { tokenHash, accountId, expiresAt: { gt: now } } });
  return count === 1;
}

/** Until when these accounts' invitations are valid, by account. */
export async function invitedUntil(
  db: Db,
  accountIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, Date>> {
  if (accountIds.length === 0) return new Map();
  const rows = await db.invitation.findMany({
    where: { accountId: { in: [...accountIds] }, expiresAt: { gt: now } },
    select: { accountId: true, expiresAt: true },
  });
  return new Map(rows.map(({ accountId, expiresAt }) => [accountId, expiresAt]));
}

export async function deleteInvitationOf(db: Db, accountId: string): Promise<void> {
  await db.invitation.deleteMany({ where: { accountId } });
}

export async function deleteExpiredInvitations(db: Db, now: Date): Promise<void> {
  await deleteUnlocked(db, 'Invitation', Prisma.sql`"expiresAt" <= ${now}`);
}

async function fits(db: Db, { ids, ...filter }: InviteeFilter, now: Date): Promise<Prisma.Sql> {
  const { where } = await accountConditions(db, filter, now);
  const chosen = ids === undefined ? Prisma.sql`TRUE` : Prisma.sql`a.id = ANY(${ids}::uuid[])`;
  return Prisma.sql`a.active AND a."passwordHash" IS NULL AND ${where} AND ${chosen}`;
}
