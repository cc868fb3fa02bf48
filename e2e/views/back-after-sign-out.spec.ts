import { expect } from '@playwright/test';
import { taroUpn } from '../fixtures/accounts.ts';
import { wholeBrowser } from '../fixtures/chromium-path.ts';
import { authorize } from '../fixtures/microsoft-pages.ts';
import { test } from '../fixtures/test.ts';

// As people's browsers do, and Playwright's by default does not: a page that was left stays in memory, and "back"
// shows it again.
test.use({
  launchOptions: async ({ launchOptions }, use) =>
    use({ ...launchOptions, ...wholeBrowser(), ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
});

test('サインアウトした後に「戻る」を押しても、前の利用者のメールもアカウントも表示されない', async ({ user, fake }) => {
  await authorize(user, fake, taroUpn);
  await user.goto('/authorization');
  await expect(user.getByText(taroUpn).first()).toBeVisible();
  await user.evaluate(() => document.body.setAttribute('data-kept', ''));
  await user.getByRole('button', { name: /アカウントメニュー/ }).click();
  await user.getByRole('button', { name: 'サインアウト' }).click();
  await expect(user.getByRole('heading', { name: 'サインイン' })).toBeVisible();

  // A page shown from memory does not load.
  await user.goBack({ waitUntil: 'commit' });
  await expect(user).toHaveURL(/\/authorization$/);
  await expect(user.locator('body[data-kept]')).toHaveCount(1);
  await expect(user.getByRole('heading', { name: 'サインイン' })).toBeVisible();
  await expect(user.getByText(taroUpn)).toHaveCount(0);
});
