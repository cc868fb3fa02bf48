import { expect } from '@playwright/test';
import { taroUpn } from '../fixtures/accounts.ts';
import { wholeBrowser } from '../fixtures/chromium-path.ts';
import { openEmbedded, openPopup, signInEmbedded, test } from '../fixtures/embedded-portlet.ts';
import { answerMicrosoft } from '../fixtures/microsoft-pages.ts';
import { arrivals } from '../fixtures/portlet.ts';

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
  const popup = await openPopup(page, frame);
  await answerMicrosoft(popup, taroUpn);
  await expect(arrivals(frame)).toHaveCount(10);
});
