import { join } from 'node:path';
import { buildOnce } from './build-once.ts';
import { repositoryRoot } from './repository-root.ts';
import { runTool } from './run-tool.ts';

async function build(): Promise<void> {
  // On stderr: on stdout, Argus's URL comes first.
  console.error('画面を準備しています (約 20 秒)… / Building the screens (about 20 s)…');
  const { code, output } = await runTool('vite', 'vite', ['build'], {
    folder: join(repositoryRoot, 'apps/web'),
    output: 'keep',
    env: { NODE_ENV: 'production' },
  });
  if (code !== 0) throw new Error(`vite build failed:\n${output}`);
}

/** Builds the SPA and the portlet into apps/web/dist if their sources changed since the last time. */
export async function buildWeb(): Promise<void> {
  await buildOnce({
    name: 'web',
    inputs: [
      'apps/web/{src,build,public}/**/*',
      'apps/web/*.{html,ts,json}',
      'packages/contract/src/**/*',
      'pnpm-lock.yaml',
    ],
    result: 'apps/web/dist/index.html',
    build,
  });
}
