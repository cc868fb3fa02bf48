import { playwright } from '@vitest/browser-playwright';
import { defineProject, mergeConfig } from 'vitest/config';
import viteConfig from './vite.config.ts';

const executablePath = process.env.CHROMIUM_SHELL_PATH ?? process.env.CHROMIUM_PATH;

/** Tests of what a page shows in each of its states, in a browser, with the API's replies typed by the contract. */
export default mergeConfig(
  viteConfig,
  defineProject({
    root: import.meta.dirname,
    test: {
      name: 'web-views',
      include: ['test/**/*.test.tsx'],
      testTimeout: 20_000,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({
          launchOptions: executablePath === undefined ? {} : { executablePath },
          contextOptions: { locale: 'ja-JP', timezoneId: 'Asia/Tokyo' },
        }),
        instances: [{ browser: 'chromium' }],
      },
    },
  }),
);
