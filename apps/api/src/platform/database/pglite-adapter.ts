import { present } from '@argus/fields/present';
import type { PGlite, Transaction as PgliteTransaction } from '@electric-sql/pglite';
import { messages } from '@electric-sql/pglite';
import {
  DriverAdapterError,
  type IsolationLevel,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQueryable,
  type Transaction,
} from '@prisma/driver-adapter-utils';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { fromSqlError, translated } from './database-unavailable.ts';
import { savepointsOf } from './savepoints.ts';

type QueryClient = Pick<PgliteTransaction, 'query'>;

/** Names the violated index as @prisma/adapter-pg does; pglite-prisma-adapter gives the fields only. */
function withIndexName(error: unknown): unknown {
  if (!(error instanceof messages.DatabaseError) || error.code !== '23505' || !error.constraint) return error;
  return new DriverAdapterError({
    kind: 'UniqueConstraintViolation',
    constraint: { index: error.constraint },
    ...present({ table: error.table }),
    originalCode: error.code,
    originalMessage: error.message,
  });
}

/** Runs statements through pglite-prisma-adapter, which converts arguments and results. */
async function queryableOn(client: QueryClient): Promise<SqlQueryable> {
  const naming: QueryClient = {
    async query<T>(...call: Parameters<QueryClient['query']>) {
      try {
        return await client.query<T>(...call);
      } catch (error) {
        throw withIndexName(error);
      }
    },
  };
  // The adapter only uses `query` for statements.
  const adapter = await new PrismaPGlite(naming as PGlite).connect();
  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    queryRaw: (query) => translated(() => adapter.queryRaw(query)),
    executeRaw: (query) => translated(() => adapter.executeRaw(query)),
  };
}

/** Opens a transaction that lasts until `commit` or `rollback`, and fails if the COMMIT fails. */
async function startTransaction(pglite: PGlite, isolationLevel?: IsolationLevel): Promise<Transaction> {
  const started = Promise.withResolvers<Transaction>();
  const ending = Promise.withResolvers<'commit' | 'rollback'>();
  const finished = pglite.transaction(async (tx) => {
    if (isolationLevel) await tx.exec(`SET TRANSACTION ISOLATION LEVEL ${isolationLevel}`);
    const queryable = await queryableOn(tx);
    started.resolve({
      ...queryable,
      ...savepointsOf(queryable),
      options: { usePhantomQuery: true },
      commit() {
        ending.resolve('commit');
        return translated(() => finished);
      },
      rollback() {
        ending.resolve('rollback');
        return translated(() => finished);
      },
    });
    if ((await ending.promise) === 'rollback') await tx.rollback();
  });
  finished.catch(started.reject);
  return translated(() => started.promise);
}

async function connect(pglite: PGlite, dispose: () => Promise<void>): Promise<SqlDriverAdapter> {
  return {
    ...(await queryableOn(pglite)),
    startTransaction: (isolationLevel) => startTransaction(pglite, isolationLevel),
    executeScript: (script) =>
      pglite.exec(script).then(
        () => {},
        (error: unknown) => Promise.reject(fromSqlError(error)),
      ),
    getConnectionInfo: () => ({ supportsRelationJoins: true }),
    dispose,
  };
}

/**
 * Prisma's driver adapter for a PGlite that stays open: its opener closes it.
 *
 * Unlike the adapter it builds on, it waits for scripts (a failed migration fails), reports a failed COMMIT, and sets
 * the isolation level inside the transaction.
 *
 * PGlite has one connection. While a Prisma transaction is open, everything else waits for it; so code inside
 * `$transaction(async (tx) => …)` must only use `tx`. Using the outer client there deadlocks until Prisma ends the
 * transaction at its `timeout`.
 *
 * @param shadow creates the empty database for computing a `diff` of migrations
 */
export function createPgliteAdapter(
  pglite: PGlite,
  shadow?: () => Promise<PGlite>,
): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: 'postgres',
    adapterName: 'argus-pglite',
    connect: () => connect(pglite, async () => {}),
    async connectToShadowDb() {
      if (!shadow) throw new Error('This PGlite was opened without a shadow database.');
      const database = await shadow();
      return connect(database, () => database.close());
    },
  };
}
