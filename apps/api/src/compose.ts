import { createGuardedFetch } from '@argus/egress/guarded-fetch';
import { offerFirstAdmin, tellDemoAccountsOnly } from './accounts/first-admin.ts';
import { countAccounts } from './accounts/records/accounts.ts';
import { rebindSeals } from './connection/rebind-seals.ts';
import { readPolicySites } from './connection/records/remote-sites.ts';
import { sealedColumns } from './connection/records/sealed-columns.ts';
import { seedDemoCompany } from './demo/demo-company.ts';
import { demoNotice } from './demo/demo-notice.ts';
import { type Config, withDemoKey } from './platform/config.ts';
import { type Database, openDatabase } from './platform/database/open-database.ts';
import { isPlain } from './platform/database/postgres-url.ts';
import { createMetrics } from './platform/metrics.ts';
import type { Services } from './platform/services.ts';
import { neverAsked, type StopRequest } from './platform/stop.ts';
import { createSurroundings } from './platform/surroundings.ts';
import { timedEgress } from './platform/timed-egress.ts';
import { checkVaultKeys } from './platform/vault/check-vault-keys.ts';
import { createVault } from './platform/vault/seal.ts';
import { version } from './platform/version.ts';

export interface Started {
  readonly services: Services;
  readonly database: Database;
  /** Printed for the operator: the demo accounts, or the link for the first administrator. */
  readonly notice: string;
}

/** Whoever starts Argus. */
export interface Operator {
  /** Receives what they should know while Argus starts, one sentence in both languages. */
  readonly tell: (sentence: string) => void;
  /** Whether what Argus prints is read on a terminal, and kept nowhere. */
  readonly isTerminal: boolean;
  /** How they ask for a stop while Argus starts. */
  readonly stop?: StopRequest;
}

/**
 * Opens the database, checks the vault keys and prepares an empty database for the first sign-in: with the demo
 * company, or in production with a one-time link for the first administrator.
 * @throws DatabaseStartFailure, VaultKeyError; StopAsked
 */
export async function startServices(given: Config, operator: Operator): Promise<Started> {
  const { stop = neverAsked } = operator;
  const { database: choice, http } = given;
  const metrics = createMetrics();
  const database = await openDatabase(choice.kind === 'pglite' ? { ...choice, servedAt: http.publicUrl } : choice, {
    onWaited: metrics.connectionWaited,
    onNotice: operator.tell,
    stop,
  });
  try {
    stop.asked.throwIfAborted();
    const config = withDemoKey(given);
    const vault = createVault(config.vaultKeys);
    const db = database.prisma;
    await checkVaultKeys(db, vault, config.vaultKeys, { columns: sealedColumns, now: new Date() });
    await rebindSeals(db, vault);
    stop.asked.throwIfAborted();
    const egress = createGuardedFetch({
      sites: () => readPolicySites(database.reads),
      ...config.egress,
      userAgent: `Argus/${version}`,
    });
    if (database.kind === 'postgres') metrics.watchConnections(database.connections);
    const crossesInPlain = choice.kind === 'postgres' && isPlain(choice.url, database.server?.encrypted === true);
    const services: Services = {
      config,
      db,
      bulk: database.bulk,
      reads: database.reads,
      vault,
      egress: timedEgress(egress, metrics),
      metrics,
      surroundings: createSurroundings(crossesInPlain),
      now: () => new Date(),
    };
    return { services, database, notice: await prepareFirstSignIn(services, operator.isTerminal) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** What to print about the first sign-in. */
async function prepareFirstSignIn({ config, db, now, ...services }: Services, isTerminal: boolean): Promise<string> {
  if (config.mode === 'production') {
    const offer = await offerFirstAdmin(db, config, { now: now(), isTerminal });
    return offer || (await tellDemoAccountsOnly(db));
  }
  if ((await countAccounts(db)) === 0) await seedDemoCompany({ config, db, now, ...services });
  return demoNotice(db);
}
