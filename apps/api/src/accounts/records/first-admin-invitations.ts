import type { Db } from '../../platform/database/db.ts';

/** Any fixed number that no other advisory lock uses. */
const lock = 4_177_203;

/** Until when an invitation is valid that was made before; null where there is none. The latest, if there are several. */
export async function firstAdminInvitationUntil(db: Db, now: Date): Promise<Date | null> {
  const found = await db.firstAdminInvitation.findFirst({
    where: { expiresAt: { gt: now } },
    orderBy: { expiresAt: 'desc' },
  });
  return found?.expiresAt ?? null;
}

/** Lets only one process at a time make invitations, until its transaction ends. */
export async function lockFirstAdminInvitations(tx: Db): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(${lock}::bigint)::text`;
}

/** Stores a new invitation and withdraws earlier ones: only the last link is valid. */
export async function saveFirstAdminInvitation(db: Db, tokenHash: string, expiresAt: Date): Promise<void> {
  await db.firstAdminInvitation.deleteMany({});
  await db.firstAdminInvitation.create({ data: { tokenHash, expiresAt } });
}

/** Whether the invitation is valid now, without taking it. */
export async function isFirstAdminInvitationValid(db: Db, tokenHash: string, now: Date): Promise<boolean> {
  const found = await db.firstAdminInvitation.findUnique({ where: { tokenHash } });
  return found !== null && found.expiresAt > now;
}

/** Takes an invitation: it is deleted, and exactly one caller gets true. */
export async function takeFirstAdminInvitation(db: Db, tokenHash: string, now: Date): Promise<boolean> {
  const { count } = await db.firstAdminInvitation.deleteMany({ where: { tokenHash, expiresAt: { gt: now } } });
  return count === 1;
}
