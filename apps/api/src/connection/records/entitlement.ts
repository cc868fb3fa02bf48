import { Prisma } from '../../generated/prisma/client.ts';
import { type Database, type Db, inTransaction } from '../../platform/database/db.ts';
import { askedBy, type PreparedRead, type PreparedReads } from '../../platform/database/prepared-reads.ts';
import { mayBePinned } from '../same-identity.ts';
import { isBoundTo } from '../usable-grant.ts';
import { lockLink } from './account-links.ts';
import { isNamed } from './connector.ts';
import type { Settings } from './settings.ts';

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
export interface Holder {
  readonly pinnedObjectId: string | null;
  readonly objectId: string | null;
  readonly tenantId: string | null;
  readonly tokenOrigin: string | null;
  readonly mailOrigin: string | null;
  readonly tokenEndpointUrl: string;
  readonly mailUrl: string;
}

export const holderColumns = Prisma.sql`l."pinnedObjectId", g."objectId", g."tenantId", g."tokenOrigin", g."mailOrigin",
  p."tokenEndpointUrl", s."mailUrl"`;

/** The tables beside the account `a` that the rule is about, for a query with the condition `isHolder`. */
export const holderTables = Prisma.sql`"AccountLink" AS l
    JOIN "Grant" AS g ON g."accountId" = l."accountId" AND g."verifiedLinkKey" = l."microsoftAccountKey"
    JOIN "AuthProvider" AS p ON p.id = g."providerId"
    JOIN "Settings" AS s ON s.id = 1`;

/** The part of the rule that the database decides, as a condition of a query. */
export const isHolder = Prisma.sql`a.active AND l."accountId" = a.id AND ${isNamed}`;

/** The part of the rule that follows once the database has found a holder. */
export function isHeldBy(holder: Holder): boolean {
  return mayBePinned(holder, holder) && isBoundTo(holder, { provider: holder, settings: holder });
}

/**
 * The one rule for storing or showing data from Microsoft for a user: the account is active; the grant is still the
 * same, it was verified for the current link, and it is at the provider in use; and it belongs to the account to which
 * the link is pinned. The endpoints have not moved to other origins than those it was made for, or to
 * another tenant. Its parts above are for the statement
 * that reads a kept list together with the session: there is no other copy of the rule.
 * @param lock whether the rows stay as they are until the transaction ends
 */
async function holds(db: Db, { accountId, grantId, linkKey }: Entitlement, lock = Prisma.empty): Promise<boolean> {
  const [holder] = await db.$queryRaw<Holder[]>`
    SELECT ${holderColumns} FROM "Account" AS a, ${holderTables}
    WHERE a.id = ${accountId}::uuid AND l."microsoftAccountKey" = ${linkKey} AND g.id = ${grantId}::uuid AND ${isHolder} ${lock}`;
  return holder !== undefined && isHeldBy(holder);
}

const standing: PreparedRead = {
  name: 'entitlement',
  text: `SELECT asked.nth::int AS nth, s.version AS "settingsVersion", ${holderColumns.text}
    FROM ${askedBy('account', 'grant', 'link')} JOIN "Account" AS a ON a.id = asked.account::uuid, ${holderTables.text}
    WHERE g.id = asked.grant::uuid AND l."microsoftAccountKey" = asked.link AND ${isHolder.text}`,
};

/** Whether a user is entitled now, and 基本設定 are still at this version; asked after a wait for Microsoft. */
export async function isEntitledUnder(
  reads: PreparedReads,
  { accountId, grantId, linkKey }: Entitlement,
  settings: Pick<Settings, 'version'>,
): Promise<boolean> {
  const [row] = await reads.ask<Holder & { settingsVersion: number }>(standing, [accountId, grantId, linkKey]);
  return row !== undefined && row.settingsVersion === settings.version && isHeldBy(row);
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
    await lockLink(tx, entitlement.accountId);
    if (!(await holds(tx, entitlement, Prisma.sql`FOR KEY SHARE OF a, l, g`))) return false;
    await write(tx);
    return true;
  });
}
