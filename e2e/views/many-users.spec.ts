import { expect } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../fixtures/accessible.ts';
import { test } from '../fixtures/test.ts';

test('people 18, 20: 利用者は名前の一部で見つかり、まとめて無効にし、元に戻し、利用者ページで確かめられる', async ({
  admin,
}) => {
  await admin.goto('/admin/users');
  const search = admin.getByRole('searchbox');
  await search.fill('花子');
  await expect(admin.getByRole('row', { name: /佐藤 花子/ })).toBeVisible();
  await expect(admin.getByRole('row', { name: /山田 太郎/ })).toHaveCount(0);
  await search.fill('だれもいない');
  await expect(admin.getByText('名前とアカウントの一部で検索します。', { exact: false })).toBeVisible();
  await search.fill('argus.example');
  await expect(admin.getByRole('row', { name: /山田 太郎/ })).toBeVisible();
  for (const name of ['佐藤 花子', '鈴木 次郎']) await admin.getByRole('checkbox', { name: `${name}を選択` }).check();
  await expect(admin.getByText('2件を選択')).toBeVisible();
  await expectAccessible(admin, 'users chosen');
  await admin.getByRole('button', { name: '無効にする' }).click();
  const dialog = admin.getByRole('dialog', { name: '選択した利用者を無効にする' });
  await expect(dialog).toContainText('2人の利用者を無効にします。');
  await dialog.getByRole('button', { name: '無効にする' }).click();
  await expect(dialog.getByText('2件が完了しました。')).toBeVisible();
  await expect(admin.getByRole('row', { name: /佐藤 花子/ })).toContainText('無効');
  await dialog.getByRole('button', { name: '有効に戻す' }).click();
  await expect(dialog.getByText('2件を元に戻しました。')).toBeVisible();
  await dialog.getByRole('button', { name: '閉じる' }).last().click();
  await expect(admin.getByRole('row', { name: /佐藤 花子/ })).toContainText('有効');
  await admin.getByRole('link', { name: '佐藤 花子' }).click();
  await expect(admin.getByRole('heading', { level: 1, name: '佐藤 花子' })).toBeVisible();
  await expect(admin.getByText('hanako.sato@contoso.example')).toBeVisible();
  await expect(admin.getByRole('table', { name: 'この利用者に関する変更' })).toContainText('利用者の変更');
  for (const width of [320, 1280]) await expectNoSidewaysScroll(admin, width);
  await expectAccessible(admin, 'person');
});
