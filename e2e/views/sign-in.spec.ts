import { expect } from '@playwright/test';
import { goro, ichiroAdmin, taro, taroUpn } from '../fixtures/accounts.ts';
import { authorize } from '../fixtures/microsoft-pages.ts';
import { arrivals } from '../fixtures/portlet.ts';
import { field } from '../fixtures/setup-pages.ts';
import { signIn, test } from '../fixtures/test.ts';

test('誤ったパスワードではサインインできず、どちらが誤りかは伝えない', async ({ page }) => {
  await page.goto('/admin/settings');
  for (const [username, password] of [
    [taro.username, 'wrong password 1'],
    ['nobody@argus.example', taro.password],
  ] as const) {
    await page.getByLabel('Salesforceアカウント', { exact: true }).fill(username);
    await page.getByLabel('パスワード', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'サインイン', exact: true }).click();
    await expect(page.getByText('サインインできませんでした。')).toBeVisible();
    await expect(page.getByText('Salesforceアカウントとパスワードを確認してください。')).toBeVisible();
  }
  await page.getByLabel('Salesforceアカウント', { exact: true }).fill('');
  await page.getByRole('button', { name: 'サインイン', exact: true }).click();
  await expect(page.getByText('入力してください。')).toBeVisible();
});

test('サインインすると開こうとしたページが表示され、一般の利用者に管理者メニューはない', async ({ page }) => {
  await page.goto('/admin/settings');
  await signIn(page, goro);
  await expect(page.getByText('このページを表示できるのは管理者だけです')).toBeVisible();
  await expect(page.getByRole('link', { name: '管理者メニュー' })).toHaveCount(0);
  await page.getByRole('link', { name: 'ホーム', exact: true }).click();
  await expect(page).toHaveTitle('ホーム | Argus');
});

test('WEB02: 別のタブでサインアウトすると、こちらのタブもメールを消してサインインを求める', async ({ user, fake }) => {
  await authorize(user, fake, taroUpn);
  await user.goto('/');
  await expect(arrivals(user)).toHaveCount(10);
  const second = await user.context().newPage();
  await second.goto('/');
  await second.getByRole('button', { name: /アカウントメニュー/ }).click();
  await second.getByRole('button', { name: 'サインアウト' }).click();
  await expect(second.getByRole('heading', { name: 'サインイン' })).toBeVisible();

  const dialog = user.getByRole('dialog', { name: 'もう一度サインインしてください' });
  await expect(dialog).toContainText('別のタブでサインアウトしました。');
  await expect(arrivals(user)).toHaveCount(0);
  await dialog.getByLabel('パスワード', { exact: true }).fill(taro.password);
  await dialog.getByRole('button', { name: 'サインイン', exact: true }).click();
  await expect(arrivals(user)).toHaveCount(10);
});

test('WEB03: 入力の途中でセッションが終わっても、サインインし直せば入力は残り、保存できる', async ({
  admin,
  signedIn,
}) => {
  await admin.goto('/admin/settings');
  await field(admin, '表示件数').fill('33');
  // The same account changes its password elsewhere: all its other sessions end.
  const elsewhere = await signedIn(ichiroAdmin);
  await elsewhere.goto('/account');
  await elsewhere.getByLabel('現在のパスワード').fill(ichiroAdmin.password);
  await elsewhere.getByLabel('新しいパスワード', { exact: true }).fill('a brand new passphrase');
  await elsewhere.getByLabel('新しいパスワード（確認）').fill('a brand new passphrase');
  await elsewhere.getByRole('button', { name: 'パスワードを変更' }).click();
  await expect(elsewhere.getByText('パスワードを変更しました。')).toBeVisible();

  await admin.getByRole('button', { name: '変更を保存' }).click();
  const dialog = admin.getByRole('dialog', { name: 'もう一度サインインしてください' });
  await expect(dialog).toContainText('サインインすると、入力中の内容のまま続けられます。');
  await dialog.getByLabel('パスワード', { exact: true }).fill('a brand new passphrase');
  await dialog.getByRole('button', { name: 'サインイン', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(field(admin, '表示件数')).toHaveValue('33');
  await admin.getByRole('button', { name: '変更を保存' }).click();
  await expect(admin.getByText(/^変更を保存しました。/)).toBeVisible();
  await admin.reload();
  await expect(field(admin, '表示件数')).toHaveValue('33');
});

test('O16: サインアウトした後は、戻るボタンでも何も表示されない', async ({ user, fake }) => {
  await authorize(user, fake, taroUpn);
  await user.goto('/authorization');
  await user.goto('/');
  await expect(arrivals(user)).toHaveCount(10);
  await user.getByRole('button', { name: /アカウントメニュー/ }).click();
  await user.getByRole('button', { name: 'サインアウト' }).click();
  await expect(user.getByRole('heading', { name: 'サインイン' })).toBeVisible();
  await user.goBack();
  await expect(user.getByRole('heading', { name: 'サインイン' })).toBeVisible();
  await expect(arrivals(user)).toHaveCount(0);
});

test('言語: 切り替えるとすぐに英語になり、アカウントに残り、日本語に戻せる', async ({ user }) => {
  // A Japanese reply that was in flight when the language changed arrives late, and is not shown.
  const switched = Promise.withResolvers<void>();
  await user.route(
    '**/api/new-arrivals*',
    async (route) => {
      const response = await route.fetch();
      await switched.promise;
      // By now nobody waits for it.
      await route.fulfill({ response }).catch(() => {});
    },
    { times: 1 },
  );
  await user.goto('/');
  const saved = user.waitForResponse('**/api/session/language');
  await user.getByRole('combobox', { name: /言語/ }).selectOption('English');
  await saved;
  switched.resolve();
  await expect(user.getByRole('heading', { name: /^New mail|^New arrivals/ })).toBeVisible();
  await expect(user.getByText('To see your new mail, connect Microsoft 365.')).toBeVisible();
  await expect(user.locator('html')).toHaveAttribute('lang', 'en');
  await user.reload();
  await expect(user.getByRole('link', { name: 'Home', exact: true })).toBeVisible();

  // Another browser, set to Japanese: the account's choice takes precedence.
  const context = await user
    .context()
    .browser()
    ?.newContext({ locale: 'ja-JP', baseURL: new URL(user.url()).origin });
  const other = await context?.newPage();
  if (!context || !other) throw new Error('no second browser');
  await other.goto('/authorization');
  await other.getByLabel('Salesforceアカウント', { exact: true }).fill(taro.username);
  await other.getByLabel('パスワード', { exact: true }).fill(taro.password);
  await other.getByRole('button', { name: 'サインイン', exact: true }).click();
  await expect(other.locator('html')).toHaveAttribute('lang', 'en');
  await context.close();

  await user.getByRole('combobox', { name: /Language/ }).selectOption('日本語');
  await expect(user.getByText('新着メールを表示するには、Microsoft 365 との認証が必要です。')).toBeVisible();
  await expect(user.locator('html')).toHaveAttribute('lang', 'ja');
});

test('パスワードの変更: 誤った現在のパスワード、短すぎるもの、不一致は項目の横に示される', async ({ user }) => {
  await user.goto('/account');
  const change = async (current: string, next: string, repeat: string) => {
    await user.getByLabel('現在のパスワード').fill(current);
    await user.getByLabel('新しいパスワード', { exact: true }).fill(next);
    await user.getByLabel('新しいパスワード（確認）').fill(repeat);
    await user.getByRole('button', { name: 'パスワードを変更' }).click();
  };
  await change(taro.password, 'long enough phrase', 'something else here');
  await expect(user.getByText('新しいパスワードと一致しません。')).toBeVisible();
  await change('not my password', 'long enough phrase', 'long enough phrase');
  await expect(user.getByText('現在のパスワードが違います。')).toBeVisible();
  await change(taro.password, 'short', 'short');
  await expect(user.getByText(/^パスワードは\d+文字以上にしてください。$/)).toBeVisible();
});
