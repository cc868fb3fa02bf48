import { resolve } from 'node:path';
import type { Config } from '@argus/api/platform/config';
import { generateClient } from './generate-client.ts';
import { repositoryRoot } from './repository-root.ts';

/** Faults that the user can fix: only their message is printed. */
const plainFaults = new Set([
  'ConfigError',
  'DatabaseStartFailure',
  'FirstAdminFailure',
  'MigrationRefused',
  'UnlockFailure',
  'VaultKeyError',
]);

/**
 * Runs a command of the machine's operator with the configuration of the service: from the environment, and from
 * `.env`. Returns the exit code.
 */
export async function runForOperator(work: (config: Config) => Promise<number>): Promise<number> {
  const { loadEnvironmentFile } = await import('@argus/api/platform/environment-file');
  const { readConfig } = await import('@argus/api/platform/config');
  // Files that a command adds to the embedded database are private, as those of the service are.
  process.umask(0o077);
  try {
    loadEnvironmentFile();
    await generateClient();
    // As `pnpm start` does: relative to the repository, whatever the current folder.
    const dataDir = resolve(repositoryRoot, process.env.ARGUS_DATA_DIR?.trim() || 'data');
    return await work(readConfig({ ...process.env, ARGUS_DATA_DIR: dataDir }));
  } catch (error) {
    if (!(error instanceof Error) || !plainFaults.has(error.name)) throw error;
    console.error(error.message);
    return 1;
  }
}

/** Says on stderr which database a command asks, as the output itself may be read by a program. */
export async function sayWhichDatabase(config: Config): Promise<void> {
  const { databasePlace } = await import('@argus/api/platform/database/open-database');
  console.error(`データベース / Database: ${databasePlace(config.database)}`);
}
