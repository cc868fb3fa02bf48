import { present } from '@argus/fields/present';
import { defineConfig, devices, type ReporterDescription } from '@playwright/test';
import { headlessPath } from './fixtures/chromium-path.ts';

const executablePath = headlessPath();

// `pnpm test` names its own reporters on the command line, which take precedence.
const reporters: ReporterDescription[] =
  process.env.ARGUS_QA_REPORT === '1' ? [['list'], ['./qa-reporter.ts']] : [['list']];

export default defineConfig({
  testDir: '.',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: true,
  // One more than the cores of a small machine: a scenario waits for a quarter of its time.
  workers: 3,
  // On a busy machine a step may miss its ten seconds; a test that passes only on retry is reported as flaky.
  retries: process.env.CI ? 1 : 0,
  reporter: reporters,
  timeout: 90_000,
  globalTimeout: 40 * 60_000,
  expect: { timeout: 10_000 },
  use: {
    ...devices['Desktop Chrome'],
    locale: 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    permissions: ['clipboard-read', 'clipboard-write'],
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    screenshot: 'only-on-failure',
    // Recording slows every test down, video most of all: where failures are retried, only the retry is recorded.
    trace: { mode: process.env.CI ? 'on-first-retry' : 'retain-on-failure', screenshots: false, sources: false },
    launchOptions: {
      ...present({ executablePath }),
      // A browser without a network beyond this machine must not wait for one.
      args: [
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-quic',
        '--no-first-run',
        // Pages of one site share a process: starting one costs more than most scenarios' work in it.
        '--renderer-process-limit=1',
      ],
    },
  },
});
