import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shownPlainly } from '@argus/api/platform/shown';
import { buildWeb } from './build-web.ts';
import { generateClient } from './generate-client.ts';
import { repositoryRoot } from './repository-root.ts';
import { exitCodeOf } from './run-tool.ts';
import { watchAncestors } from './watch-ancestors.ts';

/** Argus itself closes within ten seconds (requests in flight end first). */
const graceMs = 12_000;

interface Demo {
  env: Record<string, string>;
  close(): Promise<void>;
}

/** A fault that the user can fix: only its one sentence is printed. */
class StartRefused extends Error {}

function portFrom(variable: string, fallback: number): number {
  const text = process.env[variable]?.trim();
  // Kubernetes' address of a Service of that name is no port: Argus itself reads neither.
  if (!text || text.includes('://')) return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new StartRefused(
    `${variable} は 0 から 65535 までの整数です。 / ${variable} must be a whole number from 0 to 65535.`,
  );
}

/** How long Argus goes on answering after it was told to stop. Milliseconds. */
function drainMs(): number {
  return 1000 * (Number(process.env.ARGUS_DRAIN_SECONDS) || 0);
}

/** The URL of Argus, as far as the launcher knows it; for a process that finds the folder locked. */
function argusUrl(): string {
  const given = process.env.ARGUS_PUBLIC_URL?.trim();
  return given ? shownPlainly(given, 'address') : `http://localhost:${portFrom('ARGUS_PORT', 3650)}`;
}

/** Starts the fake Microsoft 365 of the demo in this process. Production never loads it. */
async function startDemo(dataDir: string): Promise<Demo> {
  const loginPort = portFrom('ARGUS_DEMO_LOGIN_PORT', 3651);
  const graphPort = portFrom('ARGUS_DEMO_GRAPH_PORT', 3652);
  const folder = join(dataDir, 'fake-microsoft');
  // The fake's files are private to its user, whoever created the folder.
  process.umask(0o077);
  const { lockDataFolder } = await import('@argus/api/platform/database/lock-data-folder');
  const { startFakeMicrosoft } = await import('@argus/fake-microsoft/start-fake-microsoft');
  // The fake stores its mail in a file; two of them would overwrite each other's.
  const lock = await lockDataFolder(folder, argusUrl());
  try {
    const fake = await startFakeMicrosoft({
      loginPort,
      graphPort,
      stateFile: join(folder, 'state.json'),
      liveMail: { everySeconds: 45 },
    });
    return {
      env: { ARGUS_DEMO_LOGIN_URL: fake.loginUrl, ARGUS_DEMO_GRAPH_URL: fake.graphUrl },
      async close() {
        await fake.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    const { code, port } = error as NodeJS.ErrnoException & { port?: number };
    if (code !== 'EADDRINUSE') throw error;
    const variable = port === graphPort ? 'ARGUS_DEMO_GRAPH_PORT' : 'ARGUS_DEMO_LOGIN_PORT';
    throw new StartRefused(
      `デモ用 Microsoft 365 のポート ${port} は使用中です。${variable} で別のポートを指定してください。 / ` +
        `Port ${port} for the demo's Microsoft 365 is taken: choose another with ${variable}.`,
    );
  }
}

/**
 * Runs Argus as a child until it ends, a signal arrives or the process that started us has gone. If we are killed,
 * the child notices by the IPC channel.
 */
async function runArgus(env: Record<string, string>): Promise<number> {
  const child = spawn(process.execPath, ['--disable-sigusr1', fileURLToPath(import.meta.resolve('@argus/api/main'))], {
    cwd: repositoryRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = exitCodeOf(child);
  let stopping = false;
  const stop = () => {
    // Again, too: it ends a drain.
    child.kill('SIGTERM');
    if (stopping) return;
    stopping = true;
    setTimeout(() => child.kill('SIGKILL'), graceMs + drainMs()).unref();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  // Node opens its debugger at this signal unless something listens; the vault's keys are in this environment.
  process.on('SIGUSR1', () => {});
  const unwatch = await watchAncestors(stop);
  try {
    return await ended;
  } finally {
    unwatch();
    for (const signal of signals) process.removeListener(signal, stop);
  }
}

/**
 * `pnpm start`: prepares what is missing or stale, then runs Argus; in the demo (the default) together with the fake
 * Microsoft 365. Returns Argus's exit code, or 1 after one sentence if it cannot start.
 */
export async function start(): Promise<number> {
  try {
    const { loadEnvironmentFile } = await import('@argus/api/platform/environment-file');
    // Argus itself reads the file, too, and tells of it.
    loadEnvironmentFile(undefined, undefined, () => {});
  } catch (error) {
    if ((error as Error).name !== 'ConfigError') throw error;
    console.error((error as Error).message);
    return 1;
  }
  await generateClient();
  await buildWeb();
  const dataDir = resolve(repositoryRoot, process.env.ARGUS_DATA_DIR?.trim() || 'data');
  const isDemo = (process.env.ARGUS_MODE?.trim() || 'demo') === 'demo';
  let demo: Demo | undefined;
  try {
    if (isDemo) demo = await startDemo(dataDir);
    return await runArgus({ ...demo?.env, ARGUS_DATA_DIR: dataDir });
  } catch (error) {
    if (!(error instanceof StartRefused) && (error as Error).name !== 'DatabaseStartFailure') throw error;
    console.error((error as Error).message);
    return 1;
  } finally {
    await demo?.close();
  }
}
