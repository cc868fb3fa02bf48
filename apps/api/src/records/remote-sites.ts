import type { RemoteSite as PolicySite } from '@argus/egress/remote-site-policy';
import type { Db } from './db.ts';

/** The remote-site list as the egress policy reads it: inactive entries too, as they are near misses. */
export async function readPolicySites(db: Db): Promise<readonly PolicySite[]> {
  return db.remoteSite.findMany({ select: { origin: true, disableProtocolSecurity: true, active: true } });
}
