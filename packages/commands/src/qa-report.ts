import { join } from 'node:path';
import { buildWeb } from './build-web.ts';
import { findChromium } from './find-chromium.ts';
import { generateClient } from './generate-client.ts';
import { repositoryRoot } from './repository-root.ts';
import { runTool } from './run-tool.ts';

/** `pnpm qa:report`: runs the browser scenarios and writes one page with what each expected and what was shown. */
export async function qaReport(): Promise<number> {
  await generateClient();
  await buildWeb();
  const chromium = await findChromium();
  if (!chromium) {
    console.error('No Chrome or Chromium was found and none could be installed: install one or set CHROMIUM_PATH.');
    return 1;
  }
  const { code } = await runTool(
    '@playwright/test',
    'playwright',
    ['test', '-c', join(repositoryRoot, 'e2e/playwright.config.ts')],
    {
      folder: join(repositoryRoot, 'e2e'),
      output: 'show',
      env: { CHROMIUM_PATH: chromium, ARGUS_QA_REPORT: '1' },
    },
  );
  console.log(join(repositoryRoot, 'qa-report/index.html'));
  return code;
}
