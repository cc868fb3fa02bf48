import { createHash } from 'node:crypto';
import { access, glob, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { repositoryRoot } from './repository-root.ts';

export interface BuildStep {
  /** Names the step in the cache. */
  name: string;
  /** Glob patterns, from the root of the repository, of all files that the result depends on. */
  inputs: string[];
  /** A file of the result, from the root of the repository. */
  result: string;
  build: () => Promise<void>;
}

async function fingerprintOf(patterns: readonly string[]): Promise<string> {
  const files: string[] = [];
  for await (const file of glob(patterns, { cwd: repositoryRoot, withFileTypes: true })) {
    if (file.isFile()) files.push(join(file.parentPath, file.name));
  }
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    hash
      .update(file)
      .update('\0')
      .update(await readFile(file))
      .update('\0');
  }
  return hash.digest('hex');
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Builds the result if it is missing or its inputs changed since the last build. Returns whether it had to build. */
export async function buildOnce({ name, inputs, result, build }: BuildStep): Promise<boolean> {
  const stamp = join(repositoryRoot, 'node_modules/.cache/argus', `${name}.built-from`);
  const fingerprint = await fingerprintOf(inputs);
  if ((await readIfThere(stamp)) === fingerprint && (await exists(join(repositoryRoot, result)))) return false;
  await build();
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(`${stamp}.${process.pid}`, fingerprint);
  await rename(`${stamp}.${process.pid}`, stamp);
  return true;
}
