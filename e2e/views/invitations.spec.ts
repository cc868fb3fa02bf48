import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessible.ts';
import { taro } from '../fixtures/accounts.ts';
import { provePassword, rowAction } from '../fixtures/setup-pages.ts';
import { test as base, choosePassword, signIn } from '../fixtures/test.ts';

const rokuro = { username: 'rokuro@argus.example', password: 'a brand new passphrase', displayName: '招待 六郎' };
const nanako = { username: 'nanako@argus.example', password: 'another new passphrase', displayName: '招待 七子' };

/** Accounts as CSV取込 of 利用者 creates them: without a password. */
const addInvitees = `INSERT INTO "Account"
  (id, username, "usernameKey", "displayName", "displayNameKey", "updatedAt") VALUES
  ${[rokuro, nanako]
    .map(({ username: u, displayName: d }) => `(gen_random_uuid(), '${u}', '${u}', '${d}', '${d}', now())`)
    .join(', ')}`;

const test = base.extend({
  template: [
    async ({ template }, use) => {
      const storage = await template.copy();
      await storage.execute(addInvitees);
      await use(storage);
      await storage.remove();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 800 });
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await expect.poll(overflow).toBeLessThanOrEqual(0);
  if (size) await page.setViewportSize(size);
}

test('招待リンク: 管理者が発行し、本人がパスワードを設定してサインインする。リンクは一度だけ使える', async ({
  admin,
  anotherBrowser,
}) => {
  await admin.goto('/admin/users?q=rokuro');
  const row = admin.getByRole('row', { name: rokuro.displayName });
  await expect(row).toContainText('パスワード未設定');
  await rowAction(admin, rokuro.displayName, '招待リンクを発行');
  const dialog = admin.getByRole('dialog', { name: '招待リンクを発行' });
  await expect(dialog).toContainText('リンクは1回だけ使用でき、発行から7日間有効です。');
  await expect(dialog).not.toContainText('発行済みのリンクは使えなくなります。');
  await dialog.getByRole('button', { name: '発行する' }).click();
  // The holder of the link sets the password of somebody else's account.
  await provePassword(admin);
  await expect(dialog).toContainText('このリンクは今だけ表示されます。');
  await expectAccessible(admin, '発行した招待リンク');
  await expectNoSidewaysScroll(admin);
  await dialog.getByRole('button', { name: 'リンクをコピー' }).click();
  await expect(dialog.getByRole('button', { name: 'コピーしました' })).toBeVisible();
  const link = await admin.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/\/invitation#token=[\w-]{43}$/);
  await dialog.getByRole('button', { name: '閉じる' }).last().click();
  await expect(row).toContainText(/招待中（\d{1,2}\/\d{1,2}まで）/);

  const guest = await (await anotherBrowser()).newPage();
  const sent: string[] = [];
  guest.on('request', (request) => sent.push(request.url()));
  await guest.goto(link);
  await expect(guest.getByRole('heading', { name: 'パスワードの設定' })).toBeVisible();
  await expect(guest.getByText(rokuro.displayName)).toBeVisible();
  await expect(guest.getByText(rokuro.username)).toBeVisible();
  // Neither the address bar nor any request contains the token.
  expect(new URL(guest.url()).hash).toBe('');
  expect(sent.filter((url) => new URL(url).href.replace(/#.*/, '').includes(link.slice(-43)))).toEqual([]);
  await expectAccessible(guest, 'パスワードの設定');
  await expectNoSidewaysScroll(guest);

  await choosePassword(guest, 'short');
  await expect(guest.getByText('12文字以上にしてください')).toBeVisible();
  await guest.getByLabel('パスワード（確認）').fill('different');
  await guest.getByRole('button', { name: '設定してサインイン' }).click();
  await expect(guest.getByText('新しいパスワードと一致しません。')).toBeVisible();
  await choosePassword(guest, rokuro.password);
  await expect(guest.getByRole('button', { name: `アカウントメニュー： ${rokuro.displayName}` })).toBeVisible();
  await expect(guest).toHaveTitle('ホーム | Argus');
  await guest.getByRole('button', { name: /アカウントメニュー/ }).click();
  await guest.getByRole('button', { name: 'サインアウト' }).click();
  await signIn(guest, rokuro);

  await guest.goto('about:blank');
  await guest.goto(link);
  await expect(guest.getByRole('alert').locator('p')).toHaveText([
    'この招待リンクは使えません。',
    '既に使われたか、有効期限が切れたか、新しいリンクが発行されています。管理者に新しい招待リンクを依頼してください。',
  ]);
  await expectAccessible(guest, '使えない招待リンク');
  await guest.goto('/invitation');
  await expect(guest.getByText('リンクが不完全です。')).toBeVisible();

  await admin.reload();
  await expect(row).toContainText('有効');
  await expect(row).not.toContainText('パスワード未設定');
  await admin.getByRole('button', { name: `${rokuro.displayName}の操作` }).click();
  await expect(admin.getByRole('menuitem', { name: '招待リンクを発行' })).toHaveCount(0);
});

test('招待リンクをCSVで発行: 対象の人数が示され、ファイルのリンクでサインインでき、以前のリンクは使えない', async ({
  admin,
  user,
}) => {
  await admin.goto('/admin/users');
  await rowAction(admin, nanako.displayName, '招待リンクを発行');
  await admin.getByRole('button', { name: '発行する' }).click();
  await provePassword(admin);
  await admin.getByRole('button', { name: 'リンクをコピー' }).click();
  const earlier = await admin.evaluate(() => navigator.clipboard.readText());
  await admin.keyboard.press('Escape');

  await admin.getByRole('button', { name: '招待リンクをCSVで発行' }).click();
  const dialog = admin.getByRole('dialog', { name: '招待リンクをCSVで発行' });
  await expect(dialog).toContainText('パスワードが未設定の、有効な利用者2人に招待リンクを発行し');
  await expect(dialog).toContainText('このうち1人には、まだ有効なリンクがあります。');
  await expectAccessible(admin, '招待リンクをCSVで発行');
  await expectNoSidewaysScroll(admin);
  const saved = admin.waitForEvent('download');
  await dialog.getByRole('button', { name: 'CSVで発行する' }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toMatch(/^招待リンク_\d{4}-\d\d-\d\d\.csv$/);
  await expect(dialog).toContainText('2人の招待リンクを発行し、CSVファイルに保存しました。');
  await expect(dialog).toContainText('対象の利用者に以前発行したリンクは、使えなくなりました。');
  await expectAccessible(admin, 'CSVで発行した後');
  await dialog.getByRole('button', { name: '閉じる' }).last().click();
  await expect(admin.getByText(/招待中（/)).toHaveCount(2);

  const text = await readFile(await file.path(), 'utf8');
  const [header, first = '', second = '', end] = text.split('\r\n');
  expect(header).toBe('\ufeffユーザ名,Salesforceアカウント,招待リンク,有効期限');
  expect([first, second].map((line) => line.split(',')[1])).toEqual([nanako.username, rokuro.username]);
  expect(end).toBe('');
  const [, , link = '', until] = first.split(',');
  expect(until).toMatch(/^\d{4}\/\d\d\/\d\d \d\d:\d\d JST$/);

  // 山田 太郎 is still signed in on this machine.
  await user.goto(earlier);
  await expect(user.getByText('この招待リンクは使えません。')).toBeVisible();
  // Pasting it into the same tab only changes the fragment.
  await user.evaluate((hash) => {
    location.hash = hash;
  }, new URL(link).hash);
  await expect(user.getByText(`現在、${taro.displayName}としてサインインしています。`)).toBeVisible();
  await choosePassword(user, nanako.password);
  await expect(user.getByRole('button', { name: `アカウントメニュー： ${nanako.displayName}` })).toBeVisible();

  // Only 招待 六郎 is left; users outside the search get none.
  await admin.goto('/admin/users?q=nanako');
  await admin.getByRole('button', { name: '招待リンクをCSVで発行' }).click();
  await expect(dialog).toContainText('検索と絞り込みの条件（nanako）に一致する利用者が対象です。');
  await expect(dialog).toContainText('パスワードが未設定の、有効な利用者はいません。');
  await expect(dialog.getByRole('button', { name: 'CSVで発行する' })).toHaveCount(0);
});
