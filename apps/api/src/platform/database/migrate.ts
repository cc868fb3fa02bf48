import { createHash } from 'node:crypto';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { readMigrations } from './read-migrations.ts';
import { everything, openSchemaEngine } from './schema-engine.ts';

type MigrationList = Awaited<ReturnType<typeof readMigrations>>;

/** Whether every migration is recorded as finished and unchanged; usually saves starting the engine. */
async function isUpToDate(factory: SqlMigrationAwareDriverAdapterFactory, migrations: MigrationList): Promise<boolean> {
  const adapter = await factory.connect();
  const ask = (sql: string) => adapter.queryRaw({ sql, args: [], argTypes: [] });
  try {
    const table = await ask(`SELECT to_regclass('_prisma_migrations') IS NOT NULL`);
    if (table.rows[0]?.[0] !== true) return false;
    const { rows } = await ask(
      'SELECT migration_name, checksum, finished_at IS NOT NULL FROM _prisma_migrations WHERE rolled_back_at IS NULL',
    );
    if (rows.some(([, , finished]) => finished !== true)) return false;
    const applied = new Map(rows.map(([name, checksum]) => [name, checksum]));
    return migrations.migrationDirectories.every(({ path, migrationFile: { content } }) => {
      const script = content.tag === 'ok' ? content.value : '';
      return applied.get(path) === createHash('sha256').update(script).digest('hex');
    });
  } finally {
    await adapter.dispose();
  }
}

/**
 * Applies the pending migrations and records them in `_prisma_migrations`, as the Prisma CLI would. The caller must
 * ensure that only one process at a time does so.
 *
 * @returns the names of the migrations applied now, oldest first
 * @throws Prisma's error if a migration fails, failed before, or has been changed since it was applied
 */
export async function applyMigrations(factory: SqlMigrationAwareDriverAdapterFactory): Promise<string[]> {
  const migrationsList = await readMigrations();
  if (await isUpToDate(factory, migrationsList)) return [];
  const engine = await openSchemaEngine(factory);
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: everything });
    return appliedMigrationNames;
  } finally {
    engine.free();
  }
}
