import pg from 'pg';
import { driverUrl } from './postgres-url.ts';

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
 * A pool that discards a connection on which a statement got no answer, or leads to a server that only reads. The former
 * is still busy, and node-postgres would lend it to the next transaction.
 */
export class CarefulPool extends pg.Pool {
  /** Connections that were opened before this generation are not lent any more. */
  #generation = 0;
  readonly #generations = new WeakMap<pg.PoolClient, number>();
  /** Receives the seconds that somebody waited for a connection, in vain or not. */
  onWaited: (seconds: number) => void = () => {};

  constructor(config: pg.PoolConfig) {
    super(config);
    this.on('connect', (client) => this.#generations.set(client, this.#generation));
    this.on('release', (error) => {
      if (isReadOnly(error)) this.renew();
    });
    // For connections that break while idle: without a listener, Node would end the process.
    this.on('error', () => {});
  }

  /**
   * Replaces every connection before it is used again. After a failover those that are open may lead to a server that
   * only reads, and nothing would ever close them.
   */
  renew(): void {
    this.#generation += 1;
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Parameters<pg.Pool['connect']>[0]): void;
  override connect(callback?: Parameters<pg.Pool['connect']>[0]): Promise<pg.PoolClient> | undefined {
    const since = performance.now();
    const connected = this.#connectFresh().finally(() => this.onWaited((performance.now() - since) / 1000));
    if (callback === undefined) return connected.then(discardedWhenSpoiled);
    // `pool.query` comes this way, and discards its connection after any error by itself.
    connected.then(
      (client) => callback(undefined, client, client.release),
      (error: Error) => callback(error, undefined, () => {}),
    );
    return undefined;
  }

  async #connectFresh(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await super.connect();
      if (this.#generations.get(client) === this.#generation) return client;
      client.release(true);
    }
  }
}

/** SQLSTATE 25006: the server is a standby, or was told to accept no changes. */
function isReadOnly(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '25006';
}

function discardedWhenSpoiled(client: pg.PoolClient): pg.PoolClient {
  const query = client.query;
  const release = client.release;
  let spoiled: Error | undefined;
  const watched = async (...call: unknown[]) => {
    if (spoiled) throw spoiled;
    try {
      return await Reflect.apply(query, client, call);
    } catch (error) {
      // Every error that the server itself sends is a DatabaseError.
      if (!(error instanceof pg.DatabaseError) || isReadOnly(error)) spoiled = error as Error;
      throw error;
    }
  };
  client.query = watched as typeof client.query;
  client.release = (reason) => {
    client.query = query;
    release(spoiled ?? reason);
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
): CarefulPool {
  const pool = new CarefulPool({
    connectionString: driverUrl(url),
    application_name: 'argus',
    max: limits.poolMax,
    connectionTimeoutMillis: limits.connectionTimeoutMs,
    query_timeout: limits.queryTimeoutMs,
    keepAlive: true,
    onConnect: async (client) => {
      await client.query(`${sessionSettings(limits)}; ${settings}`);
    },
  });
  pool.onWaited = onWaited;
  return pool;
}

/**
 * The settings of a connection, as SQL and not as startup parameters, which PgBouncer refuses. Prisma's adapters drop
 * the offset of a timestamptz and assume UTC. JIT compilation takes longer than any page of a table; it would start
 * even for a query that a LIMIT ends early.
 */
function sessionSettings({ statementTimeoutMs }: PostgresLimits): string {
  return [
    "SET TIME ZONE 'UTC'",
    'SET jit = off',
    `SET statement_timeout = ${statementTimeoutMs}`,
    `SET idle_in_transaction_session_timeout = ${statementTimeoutMs * 3}`,
  ].join('; ');
}

/** Makes a schema that of every unqualified name, as SQL. */
export function searchPath(schema: string): string {
  return `SET search_path = ${pg.escapeIdentifier(schema)}`;
}
