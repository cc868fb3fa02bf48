import { Prisma } from '../../generated/prisma/client.ts';
import { type Database, type Db, inTransaction } from '../../platform/database/db.ts';
import { mayBePinned } from '../same-identity.ts';
import { isBoundTo } from '../usable-grant.ts';
import { lockLinkOf } from './account-links.ts';
import { isInUse } from './connector.ts';

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

/** The ids that the link and the grant name, provided that everything that the database compares agrees. */
interface Holder {
  readonly pinnedObjectId: string | null;
  readonly objectId: string | null;
  readonly tenantId: string | null;
  readonly tokenOrigin: string | null;
  readonly mailOrigin: string | null;
  readonly tokenEndpointUrl: string;
  readonly mailUrl: string;
}

/**
 * The one rule for storing or showing data from Microsoft for a user: the account is active; the grant is still the
 * same, it was verified for the current link, and it is at the provider in use; and it belongs to the account to which
 * the link is pinned. The endpoints have not moved to other origins than those it was made for, or to another tenant.
 * @param lock whether the rows stay as they are until the transaction ends
 */
async function holds(db: Db, { accountId, grantId, linkKey }: Entitlement, lock = Prisma.empty): Promise<boolean> {
  const [holder] = await db.$queryRaw<Holder[]>`
    SELECT l."pinnedObjectId", g."objectId", g."tenantId", g."tokenOrigin", g."mailOrigin", p."tokenEndpointUrl", s."mailUrl"
    FROM "Account" AS a
    JOIN "AccountLink" AS l ON l."accountId" = a.id
    JOIN "Grant" AS g ON g."accountId" = a.id AND g."verifiedLinkKey" = l."microsoftAccountKey"
    JOIN "AuthProvider" AS p ON p.id = g."providerId"
    JOIN "Settings" AS s ON s.id = 1
    WHERE a.id = ${accountId}::uuid AND a.active AND l."microsoftAccountKey" = ${linkKey} AND g.id = ${grantId}::uuid
      AND ${isInUse(Prisma.sql`g."providerId"`)} ${lock}`;
  if (holder === undefined || !mayBePinned(holder, holder)) return false;
  return isBoundTo(holder, { provider: holder, settings: holder });
}

/** Whether a user is entitled now. */
export async function isEntitled(db: Db, entitlement: Entitlement): Promise<boolean> {
  return holds(db, entitlement);
}

/**
 * Writes something for a user; false where they are not entitled any more.
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
    if (!(await holds(tx, entitlement, Prisma.sql`FOR KEY SHARE OF a, l, g`))) return false;
    await write(tx);
    return true;
  });
}
