import { expect } from '@playwright/test';
import { taroUpn } from '../fixtures/accounts.ts';
import { authorize } from '../fixtures/microsoft-pages.ts';
import { arrivals, openPortlet } from '../fixtures/portlet.ts';
import { field, openProvider, provePassword, rowAction } from '../fixtures/setup-pages.ts';
import { test } from '../fixtures/test.ts';

test('基本設定: 未登録のサイトを、入力を失わずにその場で追加できる', async ({ admin }) => {
  await admin.goto('/admin/settings');
  const url = 'https://graph.example.invalid/v1.0/me/mailFolders/inbox/messages';
  await field(admin, 'URL').fill(url);
  await field(admin, '表示件数').fill('17');
  const add = admin.getByRole('button', { name: 'このサイトを追加' });
  await add.click();
  const dialog = admin.getByRole('dialog', { name: 'リモートサイトの追加' });
  await expect(dialog.getByText('https://graph.example.invalid', { exact: true })).toBeVisible();
  await expect(field(dialog, '名前')).toHaveValue('graph.example.invalid');
  const create = dialog.getByRole('button', { name: 'リモートサイトを追加' });
  await create.click();
  await expect(dialog.getByText('呼び出し先を確認し、チェックを入れてください。')).toBeVisible();
  // An administrator who is not sure leaves, and nothing was registered.
  await admin.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(add).toBeFocused();
  await add.click();
  await dialog.getByLabel('https://graph.example.invalid で間違いないことを確認しました').check();
  await create.click();
  await expect(
    admin.getByText('https://graph.example.invalid は、リモートサイト「graph.example.invalid」に登録されています。'),
  ).toBeVisible();
  // The form was not submitted, and keeps its input.
  await expect(field(admin, 'URL')).toHaveValue(url);
  await expect(field(admin, 'URL')).toBeFocused();
  await expect(field(admin, '表示件数')).toHaveValue('17');
  await admin.getByRole('button', { name: '元に戻す' }).click();
  await expect(field(admin, '表示件数')).toHaveValue('10');
});

test('基本設定: よく似たサイトとの違いが示され、登録済みのサイトのURLに直せる', async ({ admin, fake }) => {
  await admin.goto('/admin/settings');
  const right = await field(admin, 'URL').inputValue();
  const near = new URL(fake.graphUrl);
  for (const [origin, difference] of [
    [`https://${near.host}`, 'http と https の違い'],
    [`http://${near.hostname}:9`, 'ポートの違い'],
  ]) {
    await field(admin, 'URL').fill(right.replace(fake.graphUrl, origin ?? ''));
    await expect(admin.getByText(`${origin} はリモートサイトに登録されていません。`)).toBeVisible();
    const nearMiss = admin.getByRole('listitem').filter({ hasText: fake.graphUrl });
    await expect(nearMiss).toContainText(difference ?? '');
    await nearMiss.getByRole('button', { name: 'このサイトのURLに直す' }).click();
    await expect(field(admin, 'URL')).toHaveValue(right);
    await expect(field(admin, 'URL')).toBeFocused();
    await expect(
      admin.getByText(`${fake.graphUrl} は、リモートサイト「Microsoft_Graph」に登録されています。`),
    ).toBeVisible();
  }
  // A trailing dot of the host makes no difference.
  await field(admin, 'URL').fill('https://graph.example.invalid./v1.0/me/messages');
  await expect(admin.getByText('https://graph.example.invalid はリモートサイトに登録されていません。')).toBeVisible();
  await admin.getByRole('button', { name: '元に戻す' }).click();
});

test('認証プロバイダ: 承認エンドポイントURLには登録が要らず、トークンエンドポイントURLには要る', async ({
  admin,
  fake,
}) => {
  await openProvider(admin);
  await expect(
    admin.getByText('利用者のブラウザが開くURLのため、リモートサイトへの登録は必要ありません。'),
  ).toBeVisible();
  await expect(
    admin.getByText(`${fake.loginUrl} は、リモートサイト「Microsoft_Login」に登録されています。`),
  ).toBeVisible();
});

test('リモートサイト: 無効化と削除の前に、メールの取得が止まる人数が示される', async ({ admin, user, fake }) => {
  await admin.goto('/admin/remote-sites');
  const graph = admin.getByRole('switch', { name: 'Microsoft_Graphを有効にする' });
  await graph.click();
  const off = admin.getByRole('dialog', { name: 'リモートサイトの無効化' });
  await expect(off.getByText('現在、メールの取得が止まる利用者はいません。')).toBeVisible();
  await off.getByRole('button', { name: 'キャンセル' }).click();
  await expect(graph).toHaveAttribute('aria-checked', 'true');

  await authorize(user, fake, taroUpn);
  await graph.click();
  await expect(off.getByText('1人のメール取得が止まります。')).toBeVisible();
  await expect(off.getByRole('listitem')).toHaveText(['基本設定のURL – 1人']);
  await expect(off.getByRole('listitem')).toHaveCSS('list-style-type', 'disc');
  await off.getByRole('button', { name: 'キャンセル' }).click();
  await rowAction(admin, 'Microsoft_Login', '削除');
  const removal = admin.getByRole('dialog', { name: 'リモートサイトの削除' });
  await expect(removal.getByText('1人のメール取得が止まります。')).toBeVisible();
  await expect(removal.getByRole('listitem')).toContainText(['認証プロバイダ「Microsoft365」']);
  await removal.getByRole('button', { name: 'キャンセル' }).click();

  // The same question where a site is edited.
  await admin.getByRole('link', { name: 'Microsoft_Graph', exact: true }).click();
  await field(admin, '有効').uncheck();
  await admin.getByRole('button', { name: '変更を保存' }).click();
  const stop = admin.getByRole('dialog', { name: '呼び出しが止まるサイトがあります' });
  await expect(stop.getByText('1人のメール取得が止まります。')).toBeVisible();
  await stop.getByRole('button', { name: '変更を保存' }).click();
  await expect(admin.getByText('リモートサイトを保存しました。')).toBeVisible();

  // And it can be fixed where it is missing.
  await admin.goto('/admin/settings');
  await expect(admin.getByText(/ は登録されていますが、有効ではありません。/)).toBeVisible();
  const stopped = admin.locator('[data-code="origin_inactive"]');
  await expect(stopped).toContainText('のリモートサイトは有効ではありません。');
  await stopped.getByRole('button', { name: '有効にする' }).click();
  const on = admin.getByRole('dialog', { name: 'リモートサイトの有効化' });
  await on.getByRole('button', { name: '有効にする' }).click();
  await expect(admin.getByText(/ は、リモートサイト「Microsoft_Graph」に登録されています。/)).toBeVisible();
  await expect(stopped).toHaveCount(0);
  await openPortlet(user);
  await expect(arrivals(user)).toHaveCount(10);
});

test('認証プロバイダ: 削除と接尾辞の変更の前に、メールの取得が止まる人数が示される', async ({ admin, user, fake }) => {
  await openProvider(admin);
  await authorize(user, fake, taroUpn);
  await admin.getByRole('button', { name: '削除' }).click();
  const dialog = admin.getByRole('dialog', { name: '認証プロバイダの削除' });
  await expect(dialog.getByText('1人のメール取得が止まります。')).toBeVisible();
  // The current number, not that from when the page was opened.
  await expect(dialog.getByText('1人の利用者の認証が失われ、もう一度認証が必要になります。')).toBeVisible();
  await dialog.getByRole('button', { name: 'キャンセル' }).click();
  await admin.reload();
  await field(admin, 'URL接尾辞').fill('Another');
  await expect(admin.getByText('この認証プロバイダで認証している1人のメール取得が止まります。')).toBeVisible();
  await admin.getByRole('button', { name: '元に戻す' }).click();
  await admin.goto('/admin/settings');
  await field(admin, '認証プロバイダURL接尾辞').fill('Another');
  await expect(
    admin.getByText(
      '保存すると、認証プロバイダ「Microsoft365」で認証している1人のメール取得が止まります。元の接尾辞に戻すと再開します。',
    ),
  ).toBeVisible();
  await admin.getByRole('button', { name: '元に戻す' }).click();
});

test('リモートサイト: 影響を受ける人数が分からないときは、そう伝え、もう一度確かめられる', async ({ admin }) => {
  await admin.goto('/admin/remote-sites');
  await admin.route('**/impact', (route) => route.abort());
  await admin.getByRole('switch', { name: 'Microsoft_Graphを有効にする' }).click();
  const dialog = admin.getByRole('dialog');
  await expect(dialog.getByText('影響を受ける人数を確認できませんでした。')).toBeVisible();
  await admin.unroute('**/impact');
  await dialog.getByRole('button', { name: '再読み込み' }).click();
  await expect(dialog.getByText('現在、メールの取得が止まる利用者はいません。')).toBeVisible();
});

test('基本設定: エラーログの保存期間と、メールを取得できないときの警告を設定できる', async ({ admin }) => {
  await admin.goto('/admin/settings');
  await expect(field(admin, 'エラーログの保存期間')).toHaveValue('90');
  await field(admin, 'エラーログの保存期間').fill('0');
  await field(admin, 'メールを取得できないときの警告').fill('721');
  await admin.getByRole('button', { name: '変更を保存' }).click();
  await expect(admin.getByText('1から3650までの整数を入力してください。')).toBeVisible();
  await field(admin, 'エラーログの保存期間').fill('30');
  await field(admin, 'メールを取得できないときの警告').fill('0');
  // A shorter period deletes permanently: the amount is shown first, and nothing is saved before the answer.
  const old = /\/api\/admin\/error-events\?.*to=/;
  await admin.route(old, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), total: { count: 1234, exact: true } } });
  });
  const save = admin.getByRole('button', { name: '変更を保存' });
  const dialog = admin.getByRole('dialog', { name: '保存期間を短くしますか？' });
  await save.click();
  await expect(dialog.getByText('1,234件の記録が削除されます。')).toBeVisible();
  await dialog.getByRole('button', { name: 'キャンセル' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(field(admin, 'エラーログの保存期間')).toHaveValue('30');
  await admin.unroute(old);
  await save.click();
  await expect(dialog.getByText('現在、削除される記録はありません。')).toBeVisible();
  await dialog.getByRole('button', { name: '変更を保存' }).click();
  // Who shortens it, or switches a warning off, keeps administrators from hearing of something.
  await provePassword(admin);
  await expect(admin.getByText(/^変更を保存しました。/)).toBeVisible();
  await admin.reload();
  await expect(field(admin, 'エラーログの保存期間')).toHaveValue('30');
  await expect(field(admin, 'メールを取得できないときの警告')).toHaveValue('0');
});
