import { PrismaPg } from '@prisma/adapter-pg';
import type {
  IsolationLevel,
  SqlDriverAdapter,
  SqlMigrationAwareDriverAdapterFactory,
  SqlQueryable,
  Transaction,
} from '@prisma/driver-adapter-utils';
import type pg from 'pg';
import { fromSqlError, translated } from './database-unavailable.ts';
import { savepointsOf } from './savepoints.ts';

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

function translatedAdapter(adapter: SqlDriverAdapter, pool: pg.Pool, schema: string): SqlDriverAdapter {
  return {
    ...translatedQueryable(adapter),
    startTransaction: (isolationLevel) => startTransaction(adapter, isolationLevel),
    // One message to the server, and so one transaction; @prisma/adapter-pg would split the script at every
    // semicolon.
    executeScript: (script) =>
      pool.query(script).then(
        () => {},
        (error: unknown) => Promise.reject(fromSqlError(error)),
      ),
    getConnectionInfo: () => ({ schemaName: schema, supportsRelationJoins: true }),
    dispose: () => adapter.dispose(),
  };
}

/**
 * Prisma's driver adapter for a pool that stays open: its opener closes it.
 * @param schema the schema of Argus's tables, which Prisma names in its statements
 */
export function createPostgresAdapter(pool: pg.Pool, schema: string): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg(pool, { schema });
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => translatedAdapter(await factory.connect(), pool, schema),
    async connectToShadowDb() {
      throw new Error('Differences between migrations and schema are worked out on PGlite.');
    },
  };
}
