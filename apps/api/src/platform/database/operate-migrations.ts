import type { DatabaseStartFailure } from './database-start-failure.ts';
import { refusalOfSchema } from './judge-schema.ts';
import { lockDataFolder } from './lock-data-folder.ts';
import { type MigrationState, readMigrationStates, resolveMigration } from './migrate.ts';
import { type Server, withServer } from './migrate-postgres.ts';
import { type DatabaseConfig, databasePlace, requireExisting } from './open-database.ts';
import { openPglite } from './open-pglite.ts';
import { createPgliteAdapter } from './pglite-adapter.ts';
import { createPostgresAdapter } from './postgres-adapter.ts';
import { defaultPostgresLimits, openPool, searchPath } from './postgres-pool.ts';
import { schemaIn } from './postgres-url.ts';
import type { ServerFacts } from './server-facts.ts';

/** The migration cannot be resolved. `message` is one plain sentence for the operator. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}

type Factory = Parameters<typeof readMigrationStates>[0];

/** Opens the database as it is, for work on its migrations. On PGlite there is no server. */
async function withFactory<T>(
  config: DatabaseConfig,
  work: (factory: Factory, server: Server | null) => Promise<T>,
): Promise<T> {
  if (config.kind === 'postgres') {
    const { connectionTimeoutMs } = defaultPostgresLimits;
    return withServer(config.url, { connectionTimeoutMs }, async (server) => {
      const { schema } = server;
      const pool = openPool(config.url, { ...defaultPostgresLimits, poolMax: 2 }, searchPath(schema));
      try {
        return await work(createPostgresAdapter(pool, schema), server);
      } finally {
        await pool.end();
      }
    });
  }
  requireExisting(config);
  const lock = await lockDataFolder(config.dataDir);
  try {
    const pglite = await openPglite({ folder: databasePlace(config), lock });
    try {
      return await work(createPgliteAdapter(pglite), null);
    } finally {
      await pglite.close();
    }
  } finally {
    lock.release();
  }
}

/**
 * Every migration of the code and of the database, oldest first.
 * @throws DatabaseStartFailure
 */
export function showMigrations(config: DatabaseConfig): Promise<readonly MigrationState[]> {
  return withFactory(config, readMigrationStates);
}

/**
 * What an operator may want to know of a database, without changing it.
 * @throws DatabaseStartFailure
 */
export function surveyDatabase(config: DatabaseConfig): Promise<{
  readonly migrations: readonly MigrationState[];
  readonly server: Survey | null;
  /** Why Argus would not make its tables there. */
  readonly refusal?: DatabaseStartFailure | undefined;
}> {
  return withFactory(config, async (factory, server) => {
    const migrations = await readMigrationStates(factory);
    if (!server) return { migrations, server: null };
    const { facts, schema, pooledByTransaction, lock } = server;
    const { rows } = await lock.query<{ may: boolean; limited: boolean }>(
      `SELECT to_regnamespace('pgboss') IS NOT NULL OR has_database_privilege(current_database(), 'CREATE') AS may,
        EXISTS (SELECT FROM pg_db_role_setting AS s, unnest(s.setconfig) AS setting WHERE setting LIKE 'statement_timeout=%'
          AND s.setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = current_user))
          AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))) AS limited`,
    );
    const isNamed = config.kind === 'postgres' && schemaIn(config.url) !== undefined;
    const place = databasePlace(config);
    return {
      migrations,
      server: {
        ...facts,
        schema,
        pooledByTransaction,
        mayHaveJobs: rows[0]?.may === true,
        roleIsLimited: rows[0]?.limited === true,
      },
      refusal: await refusalOfSchema(lock, { place, schema, isNamed, pooledByTransaction, migrations }),
    };
  });
}

/** A server, as `surveyDatabase` found it. */
export interface Survey extends ServerFacts {
  readonly schema: string;
  readonly pooledByTransaction: boolean;
  /** Whether the role has a time limit for statements of its own, which a pooler in transaction mode needs. */
  readonly roleIsLimited: boolean;
  /** Whether the schema of the job queue exists, or the role may make it. */
  readonly mayHaveJobs: boolean;
}

/**
 * Books an unfinished migration as what its operator found, or one that was booked as not applied as applied after all.
 * @throws MigrationRefused where it is not unfinished; DatabaseStartFailure
 */
export function resolveUnfinished(config: DatabaseConfig, name: string, as: 'applied' | 'not-applied'): Promise<void> {
  return withFactory(config, async (factory) => {
    const found = (await readMigrationStates(factory)).find((each) => each.name === name);
    const isOpen = found?.state === 'unfinished' || (found?.state === 'undone' && as === 'applied');
    if (!found || !isOpen) {
      throw new MigrationRefused(
        `${name} は途中で切れたマイグレーションではありません。 / ${name} is not an interrupted migration.`,
      );
    }
    await resolveMigration(factory, found, as);
  });
}
