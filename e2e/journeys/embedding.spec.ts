import { expect } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../fixtures/accessible.ts';
import { hanako, jiroUpn, taro, taroUpn } from '../fixtures/accounts.ts';
import { authorizeEmbedded, openPopup, openSignedIn, openTicket, test } from '../fixtures/embedded-portlet.ts';
import { answerMicrosoft } from '../fixtures/microsoft-pages.ts';
import { arrivals } from '../fixtures/portlet.ts';
import { switchSite } from '../fixtures/setup-pages.ts';

test('WEB04: 別サイトのiframeの中で、サインイン、ポップアップでの認証、新着メールの表示ができる', async ({
  page,
  framer,
  argus,
}) => {
  const frame = await openSignedIn(page, framer, argus.url);
  const popup = await openPopup(page, frame);
  await expect(frame.getByText('別のウィンドウで認証を続けてください。', { exact: false })).toBeVisible();
  await answerMicrosoft(popup, taroUpn);
  await expect(arrivals(frame)).toHaveCount(10);
  await expect.poll(() => popup.isClosed()).toBe(true);

  await page.reload();
  await expect(arrivals(frame)).toHaveCount(10);
});

const waiting = '別のウィンドウで認証を続けてください。完了すると、ここに新着メールが表示されます。';
const lost = 'ウィンドウを閉じた場合や、見つからない場合は、もう一度始めてください。';

test('field D1: Microsoft のサインイン中に「閉じられました」とは言わず、待ち続け、完了すると新着メールを表示する', async ({
  page,
  framer,
  argus,
}) => {
  const frame = await openSignedIn(page, framer, argus.url);
  const popup = await openPopup(page, frame);
  await popup.getByRole('button', { name: taroUpn }).waitFor();
  // Longer than two looks at the API.
  await popup.waitForTimeout(7_000);
  await expect(frame.getByText(waiting)).toBeVisible();
  await expect(frame.getByText('閉じられました', { exact: false })).toHaveCount(0);
  await answerMicrosoft(popup, taroUpn);
  await expect(arrivals(frame)).toHaveCount(10);
});

test('O19: ポップアップを閉じても、5秒以内に見える案内から、もう一度始められる', async ({ page, framer, argus }) => {
  const frame = await openSignedIn(page, framer, argus.url);
  const popup = await openPopup(page, frame);
  await popup.getByRole('button', { name: taroUpn }).waitFor();
  await popup.close();
  await expect(frame.getByText(lost)).toBeVisible({ timeout: 5_000 });
  const opened = page.waitForEvent('popup');
  await frame.getByRole('button', { name: 'もう一度始める' }).click();
  const again = await opened;
  await again.getByRole('button', { name: '続ける' }).click();
  await answerMicrosoft(again, taroUpn);
  await expect(arrivals(frame)).toHaveCount(10);
});

test('field D6: 同じ違うアカウントで認証し直しても、埋め込み元の画面がその結果を知る', async ({
  page,
  framer,
  argus,
}) => {
  const frame = await openSignedIn(page, framer, argus.url);
  await answerMicrosoft(await openPopup(page, frame), jiroUpn);
  await expect(frame.getByRole('button', { name: '別のアカウントで認証' })).toBeVisible();
  const opened = page.waitForEvent('popup');
  await frame.getByRole('button', { name: '別のアカウントで認証' }).click();
  const popup = await opened;
  await popup.getByRole('button', { name: '続ける' }).click();
  await popup.getByRole('button', { name: jiroUpn }).click();
  await expect(frame.getByText(waiting)).toBeVisible();
  await expect(
    frame.getByText('管理者が設定したアカウントと異なるアカウントで認証されました。', { exact: false }),
  ).toBeVisible();
  await expect(frame.getByText(waiting)).toHaveCount(0);
});

test('field D6: ポップアップで拒否すると、理由はポップアップとポートレットに表示され、ポートレットからやり直せる', async ({
  page,
  framer,
  argus,
}) => {
  const frame = await openSignedIn(page, framer, argus.url);
  const popup = await openPopup(page, frame);
  await answerMicrosoft(popup, taroUpn, 'キャンセル');
  await expect(popup.getByRole('alert').locator('p')).toHaveText([
    '承認コード取得に失敗しました。',
    'システム管理者に連絡してください。',
  ]);
  await popup.getByRole('button', { name: 'ウィンドウを閉じる' }).click();
  await expect(frame.getByRole('alert').locator('p')).toHaveText([
    '承認コード取得に失敗しました。',
    'システム管理者に連絡してください。',
  ]);
  await authorizeEmbedded(page, frame);
});

test('S-13: ポップアップは、誰の接続かを示してから、「続ける」を押したときにだけ Microsoft 365 へ進む', async ({
  page,
  framer,
  argus,
  fake,
  signedIn,
}) => {
  const frame = await openSignedIn(page, framer, argus.url);
  const issued = page.waitForResponse((response) => response.url().endsWith('/api/authorization/tickets'));
  const popup = await openTicket(page, frame);
  const { startUrl } = (await (await issued).json()) as { startUrl: string };
  const ticket = new URL(startUrl).searchParams.get('ticket') ?? '';
  expect(ticket.length).toBeGreaterThan(20);
  // No address that could be read over a shoulder, copied or returned to contains the ticket.
  await expect(popup).toHaveURL(`${argus.url}/authorization/confirm`);
  await expect(popup.getByText('これがあなたでない場合は、この画面を閉じてください。')).toBeVisible();
  for (const width of [520, 320]) {
    await expectNoSidewaysScroll(popup, width);
    await expectAccessible(popup, `接続の確認（${width} px）`);
  }

  // It is open, and the portlet knows it.
  const stillWaiting = frame.getByText(waiting);
  await popup.waitForTimeout(2_500);
  await expect(stillWaiting).toBeVisible();

  // Anybody else who is sent the link sees whose it is, even if signed in herself, and has used nothing up.
  const other = await signedIn(hanako);
  await other.goto(startUrl);
  await expect(other.getByText(`${taro.displayName}（${taro.username}）の Microsoft 365 アカウント`)).toBeVisible();
  expect(fake.control.requests()).toEqual([]);

  await popup.getByRole('button', { name: '続ける' }).press('Enter');
  await popup.getByRole('button', { name: taroUpn }).waitFor();
  await popup.waitForTimeout(2_500);
  await expect(stillWaiting).toBeVisible();
  await answerMicrosoft(popup, taroUpn);
  await expect(arrivals(frame)).toHaveCount(10);

  await other.getByRole('button', { name: '続ける' }).click();
  await expect(other.getByRole('alert')).toContainText('この認証のリンクは使えません。');
  await expect(other.getByRole('button', { name: 'ウィンドウを閉じる' })).toBeVisible();
  await other.reload();
  await expect(other.getByRole('alert')).toContainText('この認証のリンクは使えません。');
});

test('S-13: 認証を始められない理由は、ポップアップに示される', async ({ page, framer, argus, admin }) => {
  const frame = await openSignedIn(page, framer, argus.url);
  const popup = await openTicket(page, frame);
  await switchSite(admin, 'Microsoft_Login', false);
  await popup.getByRole('button', { name: '続ける' }).click();
  await expect(popup.getByRole('alert').locator('p').first()).toHaveText('認証に失敗しました。');
  await expect(popup.getByRole('button', { name: 'ウィンドウを閉じる' })).toBeVisible();
  await expect(popup.getByRole('button', { name: '続ける' })).toHaveCount(0);
});

test('WEB07: 埋め込み元からの偽のメッセージでは何も起こらない', async ({ page, framer, argus }) => {
  const frame = await openSignedIn(page, framer, argus.url);
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
