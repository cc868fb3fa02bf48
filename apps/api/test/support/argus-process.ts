import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { present } from '@argus/fields/present';
import { type Browser, openBrowser } from './build-app.ts';
import { freePort } from './free-port.ts';

const mainFile = join(import.meta.dirname, '../../src/main.ts');

/** Argus as in production: its own process, which can be killed. */
export interface ArgusProcess {
  /** A browser in which the demo company's administrator is signed in. */
  readonly admin: Browser;
  /** What it has logged so far. */
  readonly log: () => string;
  /** Ends the process with a signal; returns how long that took in milliseconds. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number>;
}

/**
 * Starts Argus with the demo company in a data folder, on PostgreSQL where a URL is given, and signs in.
 * @param more variables of its environment
 */
export async function startArgusProcess(
  dataDir: string,
  databaseUrl: string | undefined,
  more: Readonly<Record<string, string>> = {},
): Promise<ArgusProcess> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const child = spawn(process.execPath, [mainFile], {
    env: {
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'production',
      ARGUS_MODE: 'demo',
      ARGUS_PORT: String(port),
      ARGUS_DATA_DIR: dataDir,
      ARGUS_LOG_LEVEL: 'warn',
      ...present({ DATABASE_URL: databaseUrl }),
      ...more,
    },
    // By the IPC channel Argus notices that this process has gone: no Argus is left running.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let log = '';
  child.stdout?.on('data', (bytes: Buffer) => {
    log += bytes.toString();
  });
  const ended = once(child, 'exit');
  for (let tries = 0; ; tries += 1) {
    if (child.exitCode !== null || tries > 600) throw new Error(`Argus did not start (${child.exitCode}).`);
    const ready = await fetch(`${url}/readyz`).then(
      (reply) => reply.ok,
      () => false,
    );
    if (ready) break;
    await sleep(50);
  }
  const admin = openBrowser(url);
  await admin.signIn('admin@argus.example', 'demo-admin-2026');
  await admin.proveSelf('demo-admin-2026');
  return {
    admin,
    log: () => log,
    async end(signal) {
      const since = Date.now();
      child.kill(signal);
      if (signal === 'SIGTERM') {
        // A supervisor signals every process, and the launcher passes its own signal on.
        await sleep(20);
        child.kill(signal);
      }
      const [, killedBy] = await ended;
      if (signal === 'SIGTERM' && killedBy !== null) throw new Error(`Argus was ended by the second ${killedBy}.`);
      return Date.now() - since;
    },
  };
}
