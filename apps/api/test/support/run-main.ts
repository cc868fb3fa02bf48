import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

/** Saves each start from compiling the same sources. */
const compileCache = join(import.meta.dirname, '../../node_modules/.cache/compile');
const mainFile = join(import.meta.dirname, '../../src/main.ts');

/** Argus as a service starts it: `node main.ts`. */
export interface MainProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Everything written so far. */
  output(): string;
  ready(): Promise<void>;
  /** Resolves with the exit code; null where a signal ended it. */
  ended(): Promise<number | null>;
}

/** @param output a file descriptor that takes its output instead of `output()` */
export async function runMain(env: Readonly<Record<string, string>>, output?: number): Promise<MainProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [mainFile], {
    env: {
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'production',
      NODE_COMPILE_CACHE: compileCache,
      ARGUS_PORT: String(port),
      ...env,
    },
    // By the IPC channel Argus notices that this process has gone: no Argus is left running.
    stdio: ['ignore', output ?? 'pipe', output ?? 'pipe', 'ipc'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  return {
    url,
    child,
    output: () => text,
    ended: () => exit,
    async ready() {
      for (let tries = 0; tries < 600; tries += 1) {
        if (child.exitCode !== null) break;
        const isReady = await fetch(`${url}/readyz`).then(
          (reply) => reply.ok,
          () => false,
        );
        if (isReady) return;
        await sleep(50);
      }
      throw new Error(`Argus did not start (${child.exitCode}).\n${text}`);
    },
  };
}
