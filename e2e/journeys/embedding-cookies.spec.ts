import { expect } from '@playwright/test';
import { wholeBrowser } from '../fixtures/chromium-path.ts';
import { authorizeEmbedded, openEmbedded, signInEmbedded, test } from '../fixtures/embedded-portlet.ts';

test.use({
  launchOptions: async ({ launchOptions }, use) =>
    use({
      ...launchOptions,
      ...wholeBrowser(),
      args: [...(launchOptions.args ?? []), '--test-third-party-cookie-phaseout'],
    }),
});

test('WEB04: サードパーティCookieが遮断されていても、埋め込まれたポートレットは動作する', async ({
  page,
  framer,
  argus,
}) => {
  const frame = await openEmbedded(page, framer, argus.url);
  // The switch works: an ordinary cookie does not survive in the frame.
  const kept = await page.frames()[1]?.evaluate(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API knows no unpartitioned cookie in a frame
    document.cookie = 'plain=1; SameSite=None; Secure';
    return document.cookie.includes('plain=1');
  });
  expect(kept).toBe(false);
  await signInEmbedded(frame);
  await authorizeEmbedded(page, frame);
});
