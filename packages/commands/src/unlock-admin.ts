import { resolve } from 'node:path';
import { generateClient } from './generate-client.ts';
import { repositoryRoot } from './repository-root.ts';
import { loadEnvironmentFile } from './start.ts';

/** Faults that the user can fix: only their message is printed. */
const plainFaults = new Set(['UnlockFailure', 'ConfigError', 'DatabaseStartFailure']);

/** `pnpm unlock-admin USERNAME`: unlocks an administrator, and prints the new password once. */
export async function unlockAdmin(args: readonly string[]): Promise<number> {
  const [username, ...rest] = args;
  if (username === undefined || rest.length > 0) {
    console.error('使い方 / Usage: npx pnpm unlock-admin USERNAME');
    return 1;
  }
  loadEnvironmentFile();
  await generateClient();
  const { readConfig } = await import('@argus/api/platform/config');
  const { unlockAdmin: unlock } = await import('@argus/api/accounts/unlock-admin');
  const dataDir = resolve(repositoryRoot, process.env.ARGUS_DATA_DIR?.trim() || 'data');
  try {
    console.log(await unlock(readConfig({ ...process.env, ARGUS_DATA_DIR: dataDir }), username));
    return 0;
  } catch (error) {
    if (!(error instanceof Error) || !plainFaults.has(error.name)) throw error;
    console.error(error.message);
    return 1;
  }
}
