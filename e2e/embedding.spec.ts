import { expect, type FrameLocator, type Page } from '@playwright/test';
import { taro, taroUpn } from './fixtures/accounts.ts';
import { type Framer, startFramer } from './fixtures/framer.ts';
import { answerMicrosoft } from './fixtures/microsoft-pages.ts';
import { arrivals } from './fixtures/portlet.ts';
import { test as base } from './fixtures/test.ts';

interface EmbeddingFixtures {
  framer: Framer;
  /** Whether Argus lists the framer's origin. */
  listed: boolean;
}

const test = base.extend<EmbeddingFixtures>({
  listed: [true, { option: true }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies from the pattern
  framer: async ({}, use) => {
    const framer = await startFramer();
    await use(framer);
    await framer.close();
  },
  argusEnv: async ({ framer, listed }, use) => use(listed ? { ARGUS_FRAME_ANCESTORS: framer.origin } : {}),
});

async function openEmbedded(page: Page, framer: Framer, argusUrl: string): Promise<FrameLocator> {
  await page.goto(framer.pageWith(`${argusUrl}/portlet`));
  return page.frameLocator('iframe');
}

async function signInEmbedded(frame: FrameLocator): Promise<void> {
  await frame.getByLabel('ユーザ名', { exact: true }).fill(taro.username);
  await frame.getByLabel('パスワード', { exact: true }).fill(taro.password);
  await frame.getByRole('button', { name: 'サインイン', exact: true }).click();
}

/** Presses the button in the frame; gives the pop-up that it opens. */
async function openPopup(page: Page, frame: FrameLocator): Promise<Page> {
  const opened = page.waitForEvent('popup');
  await frame.getByRole('button', { name: 'Microsoft 365 と認証する' }).click();
  return opened;
}

test('WEB04: 別サイトのiframeの中で、サインイン、ポップアップでの認証、新着メールの表示ができる', async ({
  page,
  framer,
  argus,
}) => {
  const frame = await openEmbedded(page, framer, argus.url);
  await signInEmbedded(frame);
  const popup = await openPopup(page, frame);
  await expect(frame.getByText('別のウィンドウで認証を続けてください。', { exact: false })).toBeVisible();
  await answerMicrosoft(popup, taroUpn);
  await expect(arrivals(frame)).toHaveCount(10);
  await expect.poll(() => popup.isClosed()).toBe(true);

  await page.reload();
  await expect(arrivals(frame)).toHaveCount(10);
});

test.describe('サードパーティCookieの遮断', () => {
  test.use({
    launchOptions: async ({ launchOptions }, use) =>
      use({ ...launchOptions, args: [...(launchOptions.args ?? []), '--test-third-party-cookie-phaseout'] }),
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
});

test('O19: ポップアップを閉じると5秒以内に気づき、もう一度始められる', async ({ page, framer, argus }) => {
  const frame = await openEmbedded(page, framer, argus.url);
  await signInEmbedded(frame);
  const popup = await openPopup(page, frame);
  await popup.getByRole('button', { name: taroUpn }).waitFor();
  await popup.close();
  await expect(frame.getByText('認証が完了する前に、ウィンドウが閉じられました。もう一度お試しください。')).toBeVisible(
    { timeout: 5_000 },
  );
  const again = await openPopup(page, frame);
  await answerMicrosoft(again, taroUpn);
  await expect(arrivals(frame)).toHaveCount(10);
});

test('ポップアップで拒否すると、理由はポップアップに表示され、ポートレットからやり直せる', async ({
  page,
  framer,
  argus,
}) => {
  const frame = await openEmbedded(page, framer, argus.url);
  await signInEmbedded(frame);
  const popup = await openPopup(page, frame);
  await answerMicrosoft(popup, taroUpn, 'キャンセル');
  await expect(popup.getByRole('alert').locator('p')).toHaveText([
    '承認コード取得に失敗しました。',
    'システム管理者に連絡してください。',
  ]);
  await popup.getByRole('button', { name: 'ウィンドウを閉じる' }).click();
  await expect(
    frame.getByText('認証が完了する前に、ウィンドウが閉じられました。もう一度お試しください。'),
  ).toBeVisible();
  const again = await openPopup(page, frame);
  await answerMicrosoft(again, taroUpn);
  await expect(arrivals(frame)).toHaveCount(10);
});

test('WEB07: 埋め込み元からの偽のメッセージでは何も起こらない', async ({ page, framer, argus }) => {
  const frame = await openEmbedded(page, framer, argus.url);
  await signInEmbedded(frame);
  await expect(frame.getByRole('button', { name: 'Microsoft 365 と認証する' })).toBeVisible();
  const calls: string[] = [];
  page.on('request', (request) => calls.push(request.url()));
  const before = await frame.locator('body').innerHTML();
  await page.evaluate(() => {
    const target = document.querySelector('iframe')?.contentWindow;
    const forged = [
      'changed',
      'signed_out',
      'signed_in',
      { type: 'argus-authorization', message: 'changed' },
      { source: 'argus', result: 'authorized', code: 'x', state: 'y' },
      JSON.stringify({ type: 'authorized', redirect: 'https://evil.example/' }),
    ];
    for (const message of forged) target?.postMessage(message, '*');
  });
  await page.waitForTimeout(1_500);
  expect(calls).toEqual([]);
  expect(await frame.locator('body').innerHTML()).toBe(before);
});

test('埋め込めるのはポートレットだけで、ほかのページは登録済みの埋め込み元でも表示されない', async ({
  page,
  framer,
  argus,
}) => {
  for (const path of ['/', '/authorization', '/admin/settings']) {
    await page.goto(framer.pageWith(`${argus.url}${path}`));
    await expect.poll(() => page.frames()[1]?.url()).toBe('chrome-error://chromewebdata/');
  }
});

test.describe('未登録の埋め込み元', () => {
  test.use({ listed: false });

  test('WEB05: 登録されていない埋め込み元では、ポートレットは表示されない', async ({ page, framer, argus }) => {
    const refusals: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('frame-ancestors')) refusals.push(message.text());
    });
    await page.goto(framer.pageWith(`${argus.url}/portlet`));
    await expect.poll(() => page.frames()[1]?.url()).toBe('chrome-error://chromewebdata/');
    expect(refusals).toHaveLength(1);
  });
});
