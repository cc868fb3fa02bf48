import { accountKey } from '@argus/contract/account-key';
import type { Account } from '../../accounts/records/accounts.ts';
import type { Db } from '../../platform/database/db.ts';
import { mayBePinned } from '../same-identity.ts';
import type { Grant } from './grants.ts';

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

/**
 * Locks the link of an account until the transaction ends, and returns its current state. Lock order: account, link,
 * flows, grants.
 */
export async function lockLinkOf(tx: Db, accountId: string): Promise<AccountLink | null> {
  await lockLink(tx, accountId);
  return findLinkOf(tx, accountId);
}

/** As `lockLinkOf`, for who does not need its state. */
export async function lockLink(tx: Db, accountId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 AS locked FROM "AccountLink" WHERE "accountId" = ${accountId}::uuid FOR NO KEY UPDATE`;
}

/**
 * Pins the identity of the linked account, unless the link was pinned or changed since it was read. Evidence about
 * other accounts by the name that they had no longer counts, even if the pin is removed again: their grants have to be
 * proved anew.
 */
export async function pinIdentity(
  db: Db,
  link: AccountLink,
  identity: { tenantId: string | null; objectId: string },
): Promise<void> {
  const { count } = await db.accountLink.updateMany({
    where: { id: link.id, microsoftAccountKey: link.microsoftAccountKey, pinnedObjectId: null },
    data: { pinnedTenantId: identity.tenantId, pinnedObjectId: identity.objectId },
  });
  if (count === 0) return;
  const pin = { pinnedObjectId: identity.objectId };
  const grants = await db.grant.findMany({
    where: { accountId: link.accountId },
    select: { id: true, objectId: true },
  });
  const ofOthers = grants.filter((grant) => !mayBePinned(pin, grant)).map(({ id }) => id);
  await db.grant.updateMany({ where: { id: { in: ofOthers } }, data: { verifiedLinkKey: null } });
}

/** A link with the account it belongs to, and the account's grant at one provider. */
export interface LinkedAccount {
  readonly link: AccountLink;
  readonly account: Pick<Account, 'id' | 'username' | 'displayName' | 'active'>;
  readonly grant: Grant | null;
}

/** The same for one link; null where it does not exist. */
export async function findLinkedAccount(db: Db, providerId: string | null, id: string): Promise<LinkedAccount | null> {
  const [found] = await readLinkedAccounts(db, providerId, [id]);
  return found ?? null;
}

/** Links with their accounts and the accounts' grants at `providerId`, unordered. */
export async function readLinkedAccounts(
  db: Db,
  providerId: string | null,
  ids: readonly string[],
): Promise<readonly LinkedAccount[]> {
  const links = await db.accountLink.findMany({ where: { id: { in: [...ids] } }, include: { account: true } });
  const grants =
    providerId === null
      ? []
      : await db.grant.findMany({ where: { providerId, accountId: { in: links.map((link) => link.accountId) } } });
  const grantOf = new Map(grants.map((grant) => [grant.accountId, grant]));
  return links.map(({ account, ...link }) => ({ link, account, grant: grantOf.get(link.accountId) ?? null }));
}

/** The username of the portal account linked to a Microsoft 365 account. */
export async function findUsernameLinkedTo(db: Db, microsoftAccount: string): Promise<string | null> {
  const link = await db.accountLink.findUnique({
    where: { microsoftAccountKey: accountKey(microsoftAccount) },
    include: { account: { select: { username: true } } },
  });
  return link?.account.username ?? null;
}

/**
 * The pins of a link that begins to name this account: those of a grant that was verified for it. Otherwise a link that
 * is removed and restored would accept another account of that name, while the user's grant continues and nobody
 * notices.
 */
async function pinsOf(
  db: Db,
  accountId: string,
  microsoftAccountKey: string,
): Promise<Pick<AccountLink, 'pinnedTenantId' | 'pinnedObjectId'>> {
  const grant = await db.grant.findFirst({
    where: { accountId, verifiedLinkKey: microsoftAccountKey, objectId: { not: null } },
    orderBy: { authorizedAt: 'desc' },
  });
  return { pinnedTenantId: grant?.tenantId ?? null, pinnedObjectId: grant?.objectId ?? null };
}

/** @throws a unique violation of accountId or microsoftAccountKey */
export async function createAccountLink(db: Db, accountId: string, microsoftAccount: string): Promise<AccountLink> {
  const microsoftAccountKey = accountKey(microsoftAccount);
  const pins = await pinsOf(db, accountId, microsoftAccountKey);
  return db.accountLink.create({ data: { accountId, microsoftAccount, microsoftAccountKey, ...pins } });
}

/**
 * Changes the Microsoft 365 account of a link that is still at its version; null where somebody else changed it
 * first. Another account has its own pins, or none; another spelling of the same account keeps them.
 * @throws a unique violation of microsoftAccountKey
 */
export async function updateAccountLink(
  db: Db,
  link: Pick<AccountLink, 'id' | 'accountId' | 'version' | 'microsoftAccountKey'>,
  microsoftAccount: string,
): Promise<AccountLink | null> {
  const microsoftAccountKey = accountKey(microsoftAccount);
  const isOther = microsoftAccountKey !== link.microsoftAccountKey;
  const { count } = await db.accountLink.updateMany({
    where: { id: link.id, version: link.version },
    data: {
      microsoftAccount,
      microsoftAccountKey,
      version: { increment: 1 },
      ...(isOther ? await pinsOf(db, link.accountId, microsoftAccountKey) : {}),
    },
  });
  return count === 0 ? null : db.accountLink.findUnique({ where: { id: link.id } });
}

export async function deleteAccountLink(db: Db, id: string): Promise<void> {
  await db.accountLink.deleteMany({ where: { id } });
}

/**
 * Removes the pins: the next authorization is judged by the account's name again.
 * @returns whether there were any
 */
export async function clearPins(db: Db, id: string): Promise<boolean> {
  const pinned = { OR: [{ pinnedTenantId: { not: null } }, { pinnedObjectId: { not: null } }] };
  const { count } = await db.accountLink.updateMany({
    where: { id, ...pinned },
    data: { pinnedTenantId: null, pinnedObjectId: null },
  });
  return count > 0;
}
