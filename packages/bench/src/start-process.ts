import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export interface StartedProcess {
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

/** Starts a program of the bench, or Argus itself, with nothing of this environment but what it needs. */
export function startProcess(
  file: string,
  env: Readonly<Record<string, string>>,
  { execArgv = [], args = [] }: { readonly execArgv?: readonly string[]; readonly args?: readonly string[] } = {},
): StartedProcess {
  const child = fork(file, [...args], {
    execArgv: [...execArgv],
    // biome-ignore lint/style/noProcessEnv: what a child process needs to start
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** Starts a server that sends its URL once it listens. */
export async function startServer(file: string, options: object): Promise<StartedProcess & { readonly url: string }> {
  const started = startProcess(file, {}, { args: [JSON.stringify(options)] });
  const ended = once(started.child, 'exit').then(([code]) => {
    throw new Error(`${file} ended with ${code}.`);
  });
  const [{ url }] = (await Promise.race([once(started.child, 'message'), ended])) as [{ url: string }];
  ended.catch(() => {});
  return { ...started, url };
}
