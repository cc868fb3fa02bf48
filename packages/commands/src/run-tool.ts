import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ToolRun {
  /** Exit code; 1 for a tool that a signal ended, as 128 + signal number is not known here. */
  code: number;
  /** Its output on both streams, if captured. */
  output: string;
}

export interface ToolOptions {
  /** The folder that has the tool as a dependency, and in which it runs. */
  folder: string;
  env?: Record<string, string>;
  /** 'show' lets the tool write to our terminal, 'keep' returns its output. */
  output: 'show' | 'keep';
}

/** The script behind an executable of a package that is a direct dependency of the folder's package. */
async function scriptOf(folder: string, packageName: string, executable: string): Promise<string> {
  const packageFolder = join(folder, 'node_modules', packageName);
  const { bin } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>;
  };
  const script = typeof bin === 'string' ? bin : bin[executable];
  if (script === undefined) throw new Error(`${packageName} has no executable ${executable}.`);
  return join(packageFolder, script);
}

/** Waits for a child to end. Rejects if it could not be started. */
export function exitCodeOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** Runs a program with our environment, without input. */
export async function runProgram(file: string, args: readonly string[], options: ToolOptions): Promise<ToolRun> {
  const shown = options.output === 'show';
  const child = spawn(file, args, {
    cwd: options.folder,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', shown ? 'inherit' : 'pipe', shown ? 'inherit' : 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return { code: await exitCodeOf(child), output };
}

/** Runs an executable of one of the folder's own dependencies on our Node. */
export async function runTool(
  packageName: string,
  executable: string,
  args: readonly string[],
  options: ToolOptions,
): Promise<ToolRun> {
  const script = await scriptOf(options.folder, packageName, executable);
  return runProgram(process.execPath, [script, ...args], options);
}
