import type { GuardedFetch } from '@argus/egress/guarded-fetch';
import type { Config } from './config.ts';
import type { BulkDatabase } from './database/bulk-session.ts';
import type { Database } from './database/db.ts';
import type { PreparedReads } from './database/prepared-reads.ts';
import type { Metrics } from './metrics.ts';
import type { Surroundings } from './surroundings.ts';
import type { Vault } from './vault/seal.ts';

/** What features receive: created once at start, passed as plugin options. */
export interface Services {
  readonly config: Config;
  readonly db: Database;
  /** For work on many rows, besides `db`. */
  readonly bulk: BulkDatabase;
  /** For the reads that every request needs, besides `db`. */
  readonly reads: PreparedReads;
  readonly vault: Vault;
  /** The only way out: every call is checked against the remote-site list. */
  readonly egress: GuardedFetch;
  readonly metrics: Metrics;
  readonly surroundings: Surroundings;
  readonly now: () => Date;
}
