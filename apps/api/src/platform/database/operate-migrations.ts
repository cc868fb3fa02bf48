import { lockDataFolder } from './lock-data-folder.ts';
import { type MigrationState, readMigrationStates, resolveMigration } from './migrate.ts';
import { withServer } from './migrate-postgres.ts';
import { type DatabaseConfig, databasePlace, requireExisting } from './open-database.ts';
import { openPglite } from './open-pglite.ts';
import { createPgliteAdapter } from './pglite-adapter.ts';
import { createPostgresAdapter } from './postgres-adapter.ts';
import { defaultPostgresLimits, openPool, searchPath } from './postgres-pool.ts';

/** The migration cannot be resolved. `message` is one plain sentence for the operator. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}

type Factory = Parameters<typeof readMigrationStates>[0];

/** Opens the database as it is, for work on its migrations. */
async function withFactory<T>(config: DatabaseConfig, work: (factory: Factory) => Promise<T>): Promise<T> {
  if (config.kind === 'postgres') {
    const { connectionTimeoutMs } = defaultPostgresLimits;
    return withServer(config.url, { connectionTimeoutMs }, async ({ schema }) => {
      const pool = openPool(config.url, { ...defaultPostgresLimits, poolMax: 2 }, searchPath(schema));
      try {
        return await work(createPostgresAdapter(pool, schema));
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
      return await work(createPgliteAdapter(pglite));
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
 * Books an unfinished migration as what its operator found.
 * @throws MigrationRefused where it is not unfinished; DatabaseStartFailure
 */
export function resolveUnfinished(config: DatabaseConfig, name: string, as: 'applied' | 'not-applied'): Promise<void> {
  return withFactory(config, async (factory) => {
    const found = (await readMigrationStates(factory)).find((each) => each.name === name);
    if (found?.state !== 'unfinished') {
      throw new MigrationRefused(
        `${name} は途中で切れたマイグレーションではありません。 / ${name} is no migration that was cut off.`,
      );
    }
    await resolveMigration(factory, name, as);
  });
}
