import { expect } from '@playwright/test';
import { taroUpn } from '../fixtures/accounts.ts';
import { authorize, playFault } from '../fixtures/microsoft-pages.ts';
import { openPortlet } from '../fixtures/portlet.ts';
import { test } from '../fixtures/test.ts';

// Nothing broken at Microsoft, or on the way there, may break the page that fixes it.
test('管理者メニューのどの画面も、表示するだけではMicrosoft 365を呼び出さない', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  await playFault(fake, 'どの要求にも応答しない', { target: 'graph', kind: 'reset' });
  await openPortlet(user);
  await expect(user.getByRole('alert')).toBeVisible();
  await user.close();
  fake.control.clearRequests();
  await admin.goto('/admin/settings');
  const items = admin.getByRole('navigation', { name: '管理者メニュー' }).getByRole('link');
  const names = [
    '概要',
    '基本設定',
    '認証プロバイダ',
    'リモートサイト',
    '埋め込み',
    'アカウント情報',
    '利用者',
    '接続診断',
    'エラーログ',
    'エラー辞典',
    'アラート',
    '監査ログ',
  ];
  await expect(items).toHaveText(names);
  for (const [index, name] of names.entries()) {
    await items.nth(index).click();
    await expect(admin.getByRole('heading', { level: 1, name })).toBeVisible();
    // The page is complete: no skeleton is left.
    await expect(admin.locator('[aria-busy="true"]')).toHaveCount(0);
  }
  await admin.goto('/admin/error-events');
  await admin
    .getByRole('button', { name: /詳細と影響した利用者/ })
    .first()
    .click();
  await expect(admin.getByRole('link', { name: '接続診断' }).last()).toBeVisible();
  expect(fake.control.requests()).toEqual([]);
});
