import type { GuardedFetch } from '@argus/egress/guarded-fetch';
import type { Config } from './config.ts';
import type { BulkDatabase } from './database/bulk-session.ts';
import type { Database } from './database/db.ts';
import type { Metrics } from './metrics.ts';
import type { Vault } from './vault/seal.ts';

/** What features are handed: made once at start, passed as plugin options. */
export interface Services {
  readonly config: Config;
  readonly db: Database;
  /** For work on many rows, beside `db`. */
  readonly bulk: BulkDatabase;
  readonly vault: Vault;
  /** The only way out: the remote-site list gates every call. */
  readonly egress: GuardedFetch;
  readonly metrics: Metrics;
  readonly now: () => Date;
}
