import { expect } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../fixtures/accessible.ts';
import { taroUpn } from '../fixtures/accounts.ts';
import { dayFromToday } from '../fixtures/day-from-today.ts';
import { authorize } from '../fixtures/microsoft-pages.ts';
import { arrivals, openPortlet } from '../fixtures/portlet.ts';
import { setupApi } from '../fixtures/setup-api.ts';
import { test } from '../fixtures/test.ts';

test('people 11: 管理者メニューは概要から始まり、次に行うことと、いまの状態と、全員が止まっている理由が分かる', async ({
  admin,
  user,
  fake,
}) => {
  await admin.goto('/admin');
  await expect(admin).toHaveURL(/\/admin\/overview$/);
  // The demo is set up, but nobody has authorized yet.
  const steps = admin.getByRole('region', { name: 'はじめに行うこと' });
  await expect(steps.locator('[data-done="true"]')).toHaveCount(4);
  await expect(steps.getByRole('link', { name: '認証設定を開く' })).toBeVisible();
  for (const width of [1280, 768, 320]) {
    await expectNoSidewaysScroll(admin, width);
    await expectAccessible(admin, `概要（${width} px）`);
  }
  await admin.setViewportSize({ width: 1280, height: 800 });
  await authorize(user, fake, taroUpn);
  await openPortlet(user);
  await expect(arrivals(user)).toHaveCount(10);
  await admin.reload();
  const health = admin.getByRole('region', { name: 'いまの状態' });
  await expect(health).toContainText('取得できています');
  await expect(steps).toHaveCount(0);

  await setupApi(admin).site('Microsoft_Graph', false);
  await admin.reload();
  await expect(health).toContainText('全員が取得できません');
  const notices = admin.getByRole('region', { name: '対応が必要なこと' });
  await expect(notices).toContainText('いま、すべての利用者がメールを取得できません。');
  await notices.getByRole('link', { name: '対応する場所を開く →' }).click();
  await expect(admin).toHaveURL(/\/admin\/settings\?field=mailUrl$/);
});

test('people 11: 待てるお知らせは30日後まで表示されず、急ぎのお知らせは表示される', async ({ admin }) => {
  const setup = setupApi(admin);
  await setup.provider({ consumerSecretExpiresOn: dayFromToday(45) });
  await admin.goto('/admin/users');
  const notices = admin.getByRole('region', { name: '対応が必要なこと' });
  const expiring = notices.getByRole('listitem').filter({ hasText: 'に期限が切れます' });
  await expiring.getByRole('button', { name: '30日後に再通知' }).click();
  await expect(expiring).toHaveCount(0);
  await admin.reload();
  await expect(admin.getByRole('heading', { name: '利用者', level: 1 })).toBeVisible();
  await expect(expiring).toHaveCount(0);
  // Within thirty days it is more urgent, and another notice.
  await setup.provider({ consumerSecretExpiresOn: dayFromToday(20) });
  await admin.reload();
  await expect(expiring).toHaveCount(1);
});
