import { resolve } from 'node:path';
import { generateClient } from './generate-client.ts';
import { repositoryRoot } from './repository-root.ts';

const marks = { ok: 'ok     ', warning: 'warning', fault: 'FAULT  ' };

/**
 * `pnpm check-config [--json]`: checks the configuration, the database, its rights, keys and clock, and whether the
 * configured sites can be reached. Exit code 0 where nothing keeps Argus from working.
 */
export async function checkConfig(args: readonly string[]): Promise<number> {
  if (args.some((arg) => arg !== '--json')) {
    console.error('使い方 / Usage: npx --yes pnpm check-config [--json]');
    return 1;
  }
  const { loadEnvironmentFile } = await import('@argus/api/platform/environment-file');
  try {
    loadEnvironmentFile();
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
  await generateClient();
  const { checkConfig: check } = await import('@argus/api/check-config');
  const dataDir = resolve(repositoryRoot, process.env.ARGUS_DATA_DIR?.trim() || 'data');
  const findings = await check({ ...process.env, ARGUS_DATA_DIR: dataDir });
  if (args.includes('--json')) console.log(JSON.stringify(findings, null, 2));
  else for (const { about, state, ja, en } of findings) console.log(`${marks[state]} ${about}: ${ja} / ${en}`);
  return findings.some(({ state }) => state === 'fault') ? 1 : 0;
}
