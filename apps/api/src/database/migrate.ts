import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { readMigrations } from './read-migrations.ts';
import { everything, openSchemaEngine } from './schema-engine.ts';

/**
 * Applies the migrations that the database does not have yet and books them in `_prisma_migrations`, as the Prisma CLI
 * would. The caller sees to it that one process at a time does so.
 *
 * @returns the names of the migrations applied now, oldest first
 * @throws Prisma's error if a migration fails, has been changed since it was applied, or failed before
 */
export async function applyMigrations(factory: SqlMigrationAwareDriverAdapterFactory): Promise<string[]> {
  const migrationsList = await readMigrations();
  const engine = await openSchemaEngine(factory);
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: everything });
    return appliedMigrationNames;
  } finally {
    engine.free();
  }
}
