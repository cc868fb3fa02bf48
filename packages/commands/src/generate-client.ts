import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from './repository-root.ts';

const schemaFile = join(repositoryRoot, 'prisma/schema.prisma');
const stampFile = join(repositoryRoot, 'node_modules/.cache/argus/prisma-client.stamp');
const generatedEntry = join(repositoryRoot, 'apps/api/src/generated/prisma/client.ts');

/** Identifies what the client is generated from: the schema and the version of the generator. */
async function clientFingerprint(): Promise<string> {
  const require = createRequire(import.meta.url);
  const prismaPackage = await readFile(require.resolve('prisma/package.json', { paths: [repositoryRoot] }));
  return createHash('sha256')
    .update(await readFile(schemaFile))
    .update(prismaPackage)
    .digest('hex');
}

async function isUpToDate(fingerprint: string): Promise<boolean> {
  try {
    await readFile(generatedEntry);
    return (await readFile(stampFile, 'utf8')) === fingerprint;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Writes the Prisma client into the api if the schema or the generator has changed since the last time.
 * Works offline. Returns whether it had to generate.
 */
export async function generateClient(): Promise<boolean> {
  const fingerprint = await clientFingerprint();
  if (await isUpToDate(fingerprint)) return false;
  const require = createRequire(import.meta.url);
  const prismaCli = require.resolve('prisma/build/index.js', { paths: [repositoryRoot] });
  await promisify(execFile)(process.execPath, [prismaCli, 'generate', '--no-hints'], {
    cwd: repositoryRoot,
    timeout: 120_000,
    env: {
      ...process.env,
      // `generate` looks for a schema engine and would download one, but does not run it: any existing file will do.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  });
  await mkdir(dirname(stampFile), { recursive: true });
  await writeFile(`${stampFile}.${process.pid}`, fingerprint);
  await rename(`${stampFile}.${process.pid}`, stampFile);
  return true;
}

if (import.meta.main) await generateClient();
