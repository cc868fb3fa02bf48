import { expect } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../fixtures/accessible.ts';
import { test } from '../fixtures/test.ts';

test('people 37: 埋め込みのページで、貼り付ける内容をコピーし、許可されたサイトと実際の表示を確かめられる', async ({
  admin,
  argus,
}) => {
  await admin.goto('/admin/embedding');
  await expect(admin.getByText('ほかのサイトには表示できません。', { exact: false })).toBeVisible();
  await expect(admin.getByText('httpsではないため', { exact: false })).toBeVisible();
  await admin.getByRole('button', { name: 'プレビューを表示' }).click();
  const preview = admin.frameLocator('iframe');
  await expect(preview.getByText('新着メール').first()).toBeVisible();
  const snippet = admin.locator('.argus-embedding__code').filter({ hasText: '<apex:page' });
  await snippet.getByRole('button', { name: 'コピー' }).click();
  const copied = await admin.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(`<iframe src="${argus.url}/portlet"`);
  for (const width of [320, 768, 1280]) await expectNoSidewaysScroll(admin, width);
  await expectAccessible(admin, '埋め込み');
});
