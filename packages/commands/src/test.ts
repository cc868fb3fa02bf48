import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { present } from '@argus/fields/present';
import { buildWeb } from './build-web.ts';
import { findChromium, findHeadlessShell } from './find-chromium.ts';
import { generateClient } from './generate-client.ts';
import { repositoryRoot } from './repository-root.ts';
import { runTool } from './run-tool.ts';
import { fromPlaywrightReport, fromVitestReport, judged, type Tally } from './tally.ts';

async function reportIn(file: string, read: (report: string) => Tally): Promise<Tally | null> {
  try {
    return read(await readFile(file, 'utf8'));
  } catch (error) {
    console.error(`No report of the tests: ${String(error)}`);
    return null;
  }
}

async function runVitest(
  folder: string,
  projects: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Tally> {
  const report = join(folder, 'vitest.json');
  const { code } = await runTool(
    'vitest',
    'vitest',
    [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...projects.map((project) => `--project=${project}`),
    ],
    { folder: repositoryRoot, output: 'show', env },
  );
  return judged(code, await reportIn(report, fromVitestReport));
}

async function runPlaywright(folder: string, env: Readonly<Record<string, string>>): Promise<Tally> {
  const config = join(repositoryRoot, 'e2e/playwright.config.ts');
  try {
    await access(config);
  } catch {
    console.error('e2e/playwright.config.ts is missing: the browser tests did not run.');
    return judged(1, null);
  }
  const report = join(folder, 'playwright.json');
  const { code } = await runTool('@playwright/test', 'playwright', ['test', '-c', config, '--reporter=list,json'], {
    folder: join(repositoryRoot, 'e2e'),
    output: 'show',
    env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  });
  return judged(code, await reportIn(report, fromPlaywrightReport));
}

/** Where the tests find their browser; without it, those of the views are left out. */
function browserPaths(chromium: string, shell: string | null): Readonly<Record<string, string>> {
  return { CHROMIUM_PATH: chromium, ...present({ CHROMIUM_SHELL_PATH: shell ?? undefined }) };
}

/**
 * `pnpm test`: prepares what is missing, then runs all tests: unit and API with vitest, browser tests with
 * Playwright. The last line is `tests: N passed, M failed`.
 *
 * With TEST_DATABASE_URL, the API and browser tests use databases on that PostgreSQL server instead of PGlite.
 * `--project NAME` (repeatable) runs only these vitest projects, `--no-browser` skips the browser tests.
 */
export async function test(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { project: { type: 'string', multiple: true }, browser: { type: 'boolean', default: true } },
    allowNegative: true,
  });
  await generateClient();
  await buildWeb();
  const chromium = values.browser ? await findChromium() : null;
  const browser = chromium ? browserPaths(chromium, await findHeadlessShell()) : { CHROMIUM_PATH: '' };
  const reports = await mkdtemp(join(tmpdir(), 'argus-tests-'));
  const tallies: Tally[] = [];
  try {
    tallies.push(await runVitest(reports, values.project ?? [], browser));
    if (chromium) {
      tallies.push(await runPlaywright(reports, browser));
    } else if (values.browser) {
      console.error(
        'Chrome も Chromium も見つからず、導入もできませんでした。導入するか CHROMIUM_PATH で指定してください。 / ' +
          'No Chrome or Chromium was found and none could be installed: install one or set CHROMIUM_PATH.',
      );
      tallies.push(judged(1, null));
    }
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
  // Last, so that whoever reads only the end of a log sees which tests these are.
  for (const line of tallies.flatMap(({ told }) => told)) console.log(line.replaceAll(`${repositoryRoot}/`, ''));
  const sum = (pick: (tally: Tally) => number) => tallies.map(pick).reduce((total, number) => total + number, 0);
  const failed = sum((tally) => tally.failed);
  console.log(`tests: ${sum((tally) => tally.passed)} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
