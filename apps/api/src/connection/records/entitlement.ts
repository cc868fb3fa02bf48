import { Prisma } from '../../generated/prisma/client.ts';
import { type Database, type Db, inTransaction } from '../../platform/database/db.ts';
import { lockLinkOf } from './account-links.ts';

/**
 * To whom data from Microsoft belongs: it was fetched for an account, by a grant, under a link. Everything that Argus
 * stores or shows for a user carries these three.
 */
export interface Entitlement {
  readonly accountId: string;
  readonly grantId: string;
  /** The link's microsoftAccountKey. */
  readonly linkKey: string;
}

/** The columns of an {@link Entitlement} in a query: values, or columns of a table of stored data. */
interface EntitlementColumns {
  readonly accountId: Prisma.Sql;
  readonly grantId: Prisma.Sql;
  readonly linkKey: Prisma.Sql;
}

/**
 * The one rule for storing or showing data from Microsoft for a user: the account is active, the grant is still the
 * same, and it was verified for the current link. A FROM clause that has a row exactly while this holds.
 */
export function entitledTo({ accountId, grantId, linkKey }: EntitlementColumns): Prisma.Sql {
  return Prisma.sql`"Account" AS a
    JOIN "AccountLink" AS l ON l."accountId" = a.id
    JOIN "Grant" AS g ON g."accountId" = a.id AND g."verifiedLinkKey" = l."microsoftAccountKey"
    WHERE a.id = ${accountId} AND a.active AND l."microsoftAccountKey" = ${linkKey} AND g.id = ${grantId}`;
}

function valuesOf({ accountId, grantId, linkKey }: Entitlement): EntitlementColumns {
  return {
    accountId: Prisma.sql`${accountId}::uuid`,
    grantId: Prisma.sql`${grantId}::uuid`,
    linkKey: Prisma.sql`${linkKey}`,
  };
}

/** Whether a user is entitled now. */
export async function isEntitled(db: Db, entitlement: Entitlement): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`SELECT 1 AS holds FROM ${entitledTo(valuesOf(entitlement))}`;
  return rows.length > 0;
}

/**
 * Writes something for a user; false where account, grant or link changed first.
 *
 * A later change waits for this transaction and then deletes what was written: deleting a grant or changing a link's
 * key takes a row lock that conflicts with FOR KEY SHARE, and a deactivation deletes the grants.
 */
export async function writeWhileEntitled(
  db: Database,
  entitlement: Entitlement,
  write: (tx: Db) => Promise<void>,
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    // `write` may change the link itself, which would otherwise be locked after the grant.
    await lockLinkOf(tx, entitlement.accountId);
    const rows = await tx.$queryRaw<unknown[]>`
      SELECT 1 AS holds FROM ${entitledTo(valuesOf(entitlement))} FOR KEY SHARE OF a, l, g`;
    if (rows.length === 0) return false;
    await write(tx);
    return true;
  });
}
