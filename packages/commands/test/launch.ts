import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import getPort, { portNumbers } from 'get-port';
import { repositoryRoot } from '../src/repository-root.ts';

export const runScript = join(repositoryRoot, 'packages/commands/src/run.mjs');

/** A running command, with its output so far. */
export interface Launched {
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Exit code, once it has ended. Null if a signal ended it. */
  ended: Promise<number | null>;
}

/** Our environment without anything that would configure Argus, plus `given`. */
function environment(given: Record<string, string>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(ARGUS_|DATABASE_URL$|npm_|NODE_OPTIONS$)/.test(name));
  return { ...Object.fromEntries(own), ...given };
}

export function launch(args: readonly string[], env: Record<string, string>): Launched {
  const child = spawn(process.execPath, args, {
    cwd: repositoryRoot,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return { child, stdout: () => text.stdout, stderr: () => text.stderr, ended };
}

export async function listenOn(port: number): Promise<Server> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** A free TCP port below the system's ephemeral range, so that it stays free until it is used. */
export function freePort(): Promise<number> {
  return getPort({ port: portNumbers(randomInt(11_000, 30_000), 32_767) });
}

export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
