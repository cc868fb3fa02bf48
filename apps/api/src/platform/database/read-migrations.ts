import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { MigrationList } from '@prisma/schema-engine-wasm';

/** Absolute path of prisma/migrations. */
export const migrationsFolder = resolve(import.meta.dirname, '../../../../../prisma/migrations');

/** Reads the migrations from disk, oldest first, in the form that Prisma's schema engine expects. */
export async function readMigrations(folder: string = migrationsFolder): Promise<MigrationList> {
  const lockfile = 'migration_lock.toml';
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return {
    baseDir: folder,
    lockfile: { path: lockfile, content: await readFile(join(folder, lockfile), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok' as const, value: await readScript(join(folder, name, 'migration.sql')) },
        },
      })),
    ),
  };
}

/** A checkout may change the line ends, and with them the checksums. */
async function readScript(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).replaceAll('\r\n', '\n');
}
