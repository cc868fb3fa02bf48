import { accountKey } from '@argus/contract/account-key';
import type { RemoteSite as PolicySite } from '@argus/egress/remote-site-policy';
import type { Db } from '../../platform/database/db.ts';
import { askedBy, type PreparedRead, type PreparedReads } from '../../platform/database/prepared-reads.ts';

/** リモートサイト */
export interface RemoteSite {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  /** scheme://host[:port] in canonical form. */
  readonly origin: string;
  readonly disableProtocolSecurity: boolean;
  readonly active: boolean;
  readonly description: string;
  /** 許可するアドレス範囲: CIDR, one to a line. */
  readonly allowedAddressRanges: string;
  readonly version: number;
  readonly updatedAt: Date;
}

/** What an administrator may change in a remote site; ranges that are not named stay as they are. */
export type RemoteSiteChange = Omit<RemoteSite, 'id' | 'version' | 'updatedAt' | 'allowedAddressRanges'> &
  Partial<Pick<RemoteSite, 'allowedAddressRanges'>>;

type PolicyRow = Pick<RemoteSite, 'origin' | 'disableProtocolSecurity' | 'active' | 'allowedAddressRanges'>;

const policySites: PreparedRead = {
  name: 'policy_sites',
  text: `SELECT asked.nth::int AS nth, r.origin, r."disableProtocolSecurity", r.active, r."allowedAddressRanges"
    FROM ${askedBy('nothing')} CROSS JOIN "RemoteSite" AS r`,
};

/** The remote-site list for the egress policy: inactive entries too, as they are near misses. Read before each call, by all at once. */
export async function readPolicySites(reads: PreparedReads): Promise<readonly PolicySite[]> {
  return (await reads.ask<PolicyRow>(policySites, [''])).map(toPolicySite);
}

/** A remote site as the egress policy reads it. */
export function toPolicySite({ origin, disableProtocolSecurity, active, allowedAddressRanges }: PolicyRow): PolicySite {
  const ranges = allowedAddressRanges.split('\n').filter((range) => range !== '');
  return { origin, disableProtocolSecurity, active, allowedAddressRanges: ranges };
}

export async function listRemoteSites(db: Db): Promise<readonly RemoteSite[]> {
  return db.remoteSite.findMany({ orderBy: { nameKey: 'asc' } });
}

export async function findRemoteSite(db: Db, id: string): Promise<RemoteSite | null> {
  return db.remoteSite.findUnique({ where: { id } });
}

export async function findRemoteSiteByOrigin(db: Db, origin: string): Promise<RemoteSite | null> {
  return db.remoteSite.findUnique({ where: { origin } });
}

/** @throws a unique violation of nameKey or origin */
export async function createRemoteSite(db: Db, change: RemoteSiteChange): Promise<RemoteSite> {
  return db.remoteSite.create({ data: { ...change, nameKey: accountKey(change.name) } });
}

/**
 * Changes a remote site that is still at `version`; null where somebody else changed it first.
 * @throws a unique violation of nameKey or origin
 */
export async function updateRemoteSite(
  db: Db,
  id: string,
  version: number,
  change: RemoteSiteChange,
): Promise<RemoteSite | null> {
  const { count } = await db.remoteSite.updateMany({
    where: { id, version },
    data: { ...change, nameKey: accountKey(change.name), version: { increment: 1 } },
  });
  return count === 0 ? null : findRemoteSite(db, id);
}

export async function deleteRemoteSite(db: Db, id: string): Promise<void> {
  await db.remoteSite.deleteMany({ where: { id } });
}
