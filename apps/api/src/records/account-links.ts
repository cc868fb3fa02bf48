import { accountKey } from '@argus/contract/account-key';
import type { AccountLinkSort } from '@argus/contract/endpoints/account-links';
import type { AuthorizationState } from '@argus/contract/endpoints/authorization';
import { Prisma } from '../generated/prisma/client.ts';
import type { Account } from './accounts.ts';
import type { Db } from './db.ts';
import { escapeLike } from './escape-like.ts';
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

/** A link with the account it belongs to, and the account's grant at one provider. */
export interface LinkedAccount {
  readonly link: AccountLink;
  readonly account: Pick<Account, 'id' | 'username' | 'displayName' | 'active'>;
  readonly grant: Grant | null;
}

export interface LinkFilter {
  /** Prefix of display name, Salesforce account or Microsoft 365 account. */
  readonly q?: string | undefined;
  readonly state?: AuthorizationState | undefined;
}

export interface LinkOrder {
  readonly sort: AccountLinkSort;
  readonly order: 'asc' | 'desc';
}

const sortColumns: Readonly<Record<LinkOrder['sort'], Prisma.Sql>> = {
  displayName: Prisma.sql`a."displayNameKey"`,
  username: Prisma.sql`a."usernameKey"`,
  microsoftAccount: Prisma.sql`l."microsoftAccountKey"`,
  lastSuccessAt: Prisma.sql`g."lastSuccessAt"`,
  updatedAt: Prisma.sql`l."updatedAt"`,
};

/** authorizationState() as SQL: a test holds the two to each other. */
const stateOfLink = Prisma.sql`CASE
  WHEN g.id IS NULL THEN 'not_authorized'
  WHEN g.status = 'mismatch' THEN
    CASE WHEN g."refutedLinkKey" = l."microsoftAccountKey" THEN 'mismatch' ELSE 'not_authorized' END
  WHEN g."verifiedLinkKey" = l."microsoftAccountKey" THEN g.status::text
  WHEN g."refutedLinkKey" = l."microsoftAccountKey" OR g.status = 'reconnect_needed' THEN 'mismatch'
  ELSE g.status::text END`;

/**
 * One page of links, with the grants at `providerId` (null: there is no provider). A link that was never used sorts
 * last by its last success.
 */
export async function listAccountLinks(
  db: Db,
  providerId: string | null,
  filter: LinkFilter,
  { sort, order }: LinkOrder,
  page: { skip: number; take: number },
): Promise<{ items: readonly LinkedAccount[]; total: number }> {
  const prefix = filter.q === undefined ? '' : accountKey(filter.q);
  const like = `${escapeLike(prefix)}%`;
  const conditions = [
    Prisma.sql`TRUE`,
    ...(prefix === ''
      ? []
      : [
          Prisma.sql`(a."displayNameKey" LIKE ${like} OR a."usernameKey" LIKE ${like} OR l."microsoftAccountKey" LIKE ${like})`,
        ]),
    ...(filter.state === undefined ? [] : [Prisma.sql`${stateOfLink} = ${filter.state}`]),
  ];
  const rows = Prisma.sql`FROM "AccountLink" l JOIN "Account" a ON a.id = l."accountId"
    LEFT JOIN "Grant" g ON g."accountId" = l."accountId" AND g."providerId" = ${providerId}::uuid
    WHERE ${Prisma.join(conditions, ' AND ')}`;
  const direction = order === 'desc' ? Prisma.sql`DESC NULLS LAST` : Prisma.sql`ASC NULLS LAST`;
  const ids = await db.$queryRaw<{ id: string }[]>`SELECT l.id::text AS id ${rows}
    ORDER BY ${sortColumns[sort]} ${direction}, l.id LIMIT ${page.take} OFFSET ${page.skip}`;
  const [count] = await db.$queryRaw<{ total: number }[]>`SELECT count(*)::int AS total ${rows}`;
  const found = await readLinkedAccounts(
    db,
    providerId,
    ids.map(({ id }) => id),
  );
  const byId = new Map(found.map((item) => [item.link.id, item]));
  return { items: ids.flatMap(({ id }) => byId.get(id) ?? []), total: count?.total ?? 0 };
}

/** A link with its account, and the account's grant at `providerId`. */
export async function findLinkedAccount(db: Db, providerId: string | null, id: string): Promise<LinkedAccount | null> {
  const [found] = await readLinkedAccounts(db, providerId, [id]);
  return found ?? null;
}

async function readLinkedAccounts(
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

/** Who is linked to a Microsoft 365 account: the username of the portal account. */
export async function findUsernameLinkedTo(db: Db, microsoftAccount: string): Promise<string | null> {
  const link = await db.accountLink.findUnique({
    where: { microsoftAccountKey: accountKey(microsoftAccount) },
    include: { account: { select: { username: true } } },
  });
  return link?.account.username ?? null;
}

/** @throws a unique violation of accountId or microsoftAccountKey */
export async function createAccountLink(db: Db, accountId: string, microsoftAccount: string): Promise<AccountLink> {
  return db.accountLink.create({
    data: { accountId, microsoftAccount, microsoftAccountKey: accountKey(microsoftAccount) },
  });
}

/**
 * Changes the Microsoft 365 account of a link that is still at its version; null where somebody else changed it first.
 * Another account is not the one that was pinned; another spelling of the same account is.
 * @throws a unique violation of microsoftAccountKey
 */
export async function updateAccountLink(
  db: Db,
  link: Pick<AccountLink, 'id' | 'version' | 'microsoftAccountKey'>,
  microsoftAccount: string,
): Promise<AccountLink | null> {
  const microsoftAccountKey = accountKey(microsoftAccount);
  const { count } = await db.accountLink.updateMany({
    where: { id: link.id, version: link.version },
    data: {
      microsoftAccount,
      microsoftAccountKey,
      version: { increment: 1 },
      ...(microsoftAccountKey === link.microsoftAccountKey ? {} : { pinnedTenantId: null, pinnedObjectId: null }),
    },
  });
  return count === 0 ? null : db.accountLink.findUnique({ where: { id: link.id } });
}

export async function deleteAccountLink(db: Db, id: string): Promise<void> {
  await db.accountLink.deleteMany({ where: { id } });
}

/** Forgets who the linked account is at Microsoft: the next authorization is judged by its name anew. */
export async function clearPins(db: Db, id: string): Promise<void> {
  await db.accountLink.updateMany({ where: { id }, data: { pinnedTenantId: null, pinnedObjectId: null } });
}
