import { buildOnce } from './build-once.ts';
import { repositoryRoot } from './repository-root.ts';
import { runTool } from './run-tool.ts';

async function generate(): Promise<void> {
  const { code, output } = await runTool('prisma', 'prisma', ['generate', '--no-hints'], {
    folder: repositoryRoot,
    output: 'keep',
    env: {
      // `generate` looks for a schema engine and would download one, but does not run it: any existing file works.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  });
  if (code !== 0) throw new Error(`prisma generate failed:\n${output}`);
}

/** Writes the Prisma client into the api if the schema or the generator has changed. Works offline. */
export async function generateClient(): Promise<number> {
  await buildOnce({
    name: 'prisma-client',
    inputs: ['prisma/schema.prisma', 'prisma.config.ts', 'node_modules/prisma/package.json'],
    result: 'apps/api/src/generated/prisma/client.ts',
    build: generate,
  });
  return 0;
}
