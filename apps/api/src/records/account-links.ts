import type { Db } from './db.ts';

/** アカウント紐づけ */
export interface AccountLink {
  readonly id: string;
  readonly accountId: string;
  /** As the administrator typed it. */
  readonly microsoftAccount: string;
  readonly microsoftAccountKey: string;
  /** Pinned at the first success; from then on they decide, not the UPN. */
  readonly pinnedTenantId: string | null;
  readonly pinnedObjectId: string | null;
  readonly version: number;
  readonly updatedAt: Date;
}

export async function findLinkOf(db: Db, accountId: string): Promise<AccountLink | null> {
  return db.accountLink.findUnique({ where: { accountId } });
}

/** Pins who the linked account is, if nobody else did so or changed the link since it was read. */
export async function pinIdentity(
  db: Db,
  link: AccountLink,
  identity: { tenantId: string | null; objectId: string },
): Promise<void> {
  await db.accountLink.updateMany({
    where: { id: link.id, microsoftAccountKey: link.microsoftAccountKey, pinnedObjectId: null },
    data: { pinnedTenantId: identity.tenantId, pinnedObjectId: identity.objectId },
  });
}
