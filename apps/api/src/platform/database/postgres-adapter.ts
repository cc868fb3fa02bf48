import { PrismaPg } from '@prisma/adapter-pg';
import type {
  IsolationLevel,
  SqlDriverAdapter,
  SqlMigrationAwareDriverAdapterFactory,
  SqlQueryable,
  Transaction,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { translated } from './database-unavailable.ts';
import { savepointsOf } from './savepoints.ts';

/** Limits of the connections to PostgreSQL. All times are milliseconds; 0 means no limit. */
export interface PostgresLimits {
  /** Connections per process. */
  poolMax: number;
  /** How long a statement waits for a free connection or for a new one to open. */
  connectionTimeoutMs: number;
  /** When the server aborts a statement. */
  statementTimeoutMs: number;
  /** When we abort a statement; later than the server, so that it fires only if the server is frozen or unreachable. */
  queryTimeoutMs: number;
}

export const defaultPostgresLimits: PostgresLimits = {
  poolMax: 10,
  connectionTimeoutMs: 5_000,
  statementTimeoutMs: 10_000,
  queryTimeoutMs: 12_000,
};

/**
 * A pool that discards a connection if a statement on it got no answer. Such a connection is still busy, and
 * node-postgres would lend it to the next transaction.
 */
class CarefulPool extends pg.Pool {
  /** Receives the seconds that somebody waited for a connection, in vain or not. */
  onWaited: (seconds: number) => void = () => {};

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Parameters<pg.Pool['connect']>[0]): void;
  override connect(callback?: Parameters<pg.Pool['connect']>[0]): Promise<pg.PoolClient> | undefined {
    const since = performance.now();
    const waited = () => this.onWaited((performance.now() - since) / 1000);
    // `pool.query` comes this way, and discards its connection after any error by itself.
    if (callback) {
      super.connect((...result) => {
        waited();
        callback(...result);
      });
      return undefined;
    }
    return super.connect().finally(waited).then(withoutReuseAfterSilence);
  }
}

function withoutReuseAfterSilence(client: pg.PoolClient): pg.PoolClient {
  const query = client.query;
  const release = client.release;
  let silence: Error | undefined;
  const watched = async (...call: unknown[]) => {
    if (silence) throw silence;
    try {
      return await Reflect.apply(query, client, call);
    } catch (error) {
      // Every error that the server itself sends is a DatabaseError.
      if (!(error instanceof pg.DatabaseError)) silence = error as Error;
      throw error;
    }
  };
  client.query = watched as typeof client.query;
  client.release = (reason) => {
    client.query = query;
    release(reason ?? silence);
  };
  return client;
}

/**
 * Opens a pool of connections in UTC. It connects lazily.
 *
 * @param settings more PostgreSQL parameters for each connection, as SQL
 * @param onWaited receives the seconds that each statement or transaction waited for its connection
 */
export function openPool(
  url: string,
  limits: PostgresLimits,
  settings = '',
  onWaited: (seconds: number) => void = () => {},
): pg.Pool {
  const pool = new CarefulPool({
    connectionString: url,
    application_name: 'argus',
    max: limits.poolMax,
    connectionTimeoutMillis: limits.connectionTimeoutMs,
    statement_timeout: limits.statementTimeoutMs,
    query_timeout: limits.queryTimeoutMs,
    idle_in_transaction_session_timeout: limits.statementTimeoutMs * 3,
    keepAlive: true,
    // Prisma's adapters drop the offset of a timestamptz and assume UTC. JIT compilation takes longer than any page
    // of a table; it would start even for a query that a LIMIT ends early.
    onConnect: async (client) => {
      await client.query(`SET TIME ZONE 'UTC'; SET jit = off; ${settings}`);
    },
  });
  pool.onWaited = onWaited;
  // For connections that break while idle: without a listener, Node would end the process.
  pool.on('error', () => {});
  return pool;
}

function translatedQueryable(queryable: SqlQueryable): SqlQueryable {
  return {
    provider: queryable.provider,
    adapterName: queryable.adapterName,
    queryRaw: (query) => translated(() => queryable.queryRaw(query)),
    executeRaw: (query) => translated(() => queryable.executeRaw(query)),
  };
}

async function startTransaction(adapter: SqlDriverAdapter, isolationLevel?: IsolationLevel): Promise<Transaction> {
  const transaction = await translated(() => adapter.startTransaction(isolationLevel));
  const queryable = translatedQueryable(transaction);
  return {
    ...queryable,
    ...savepointsOf(queryable),
    options: transaction.options,
    commit: () => translated(() => transaction.commit()),
    rollback: () => translated(() => transaction.rollback()),
  };
}

function translatedAdapter(adapter: SqlDriverAdapter, pool: pg.Pool): SqlDriverAdapter {
  return {
    ...translatedQueryable(adapter),
    startTransaction: (isolationLevel) => startTransaction(adapter, isolationLevel),
    // One message to the server, and so one transaction; @prisma/adapter-pg would split the script at every
    // semicolon.
    executeScript: (script) =>
      translated(async () => {
        await pool.query(script);
      }),
    getConnectionInfo: () => ({ supportsRelationJoins: true }),
    dispose: () => adapter.dispose(),
  };
}

/** Prisma's driver adapter for a pool that stays open: its opener closes it. */
export function createPostgresAdapter(pool: pg.Pool): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg(pool);
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => translatedAdapter(await factory.connect(), pool),
    async connectToShadowDb() {
      throw new Error('Differences between migrations and schema are worked out on PGlite.');
    },
  };
}
