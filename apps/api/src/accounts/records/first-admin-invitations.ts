import type { Db } from '../../platform/database/db.ts';

/** Stores a new invitation and withdraws earlier ones: only the last link printed is valid. */
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
