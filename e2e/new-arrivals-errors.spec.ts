import { expect } from '@playwright/test';
import { taroUpn } from './fixtures/accounts.ts';
import { expectForUser, expectInErrorLog, expectMessage, followToField } from './fixtures/error-view.ts';
import { authorize } from './fixtures/microsoft-pages.ts';
import { arrivals, refreshUntil } from './fixtures/portlet.ts';
import { switchSite } from './fixtures/setup-pages.ts';
import { test } from './fixtures/test.ts';

test.describe('新着ポートレットの更新時', () => {
  test('B5: リモートサイトにエンドポイントURLが未登録', async ({ admin, user, fake }) => {
    await authorize(user, taroUpn);
    await switchSite(admin, 'Microsoft_Graph', false);
    fake.control.clearRequests();
    await user.goto('/');
    const lines = [
      'メールの取得に失敗しました。',
      'システム管理者に連絡してください。',
      '・管理者メニューのURLを確認してください。',
      '・リモートサイト設定にURLが登録されていることを確認してください。',
    ];
    await expectMessage(user, lines);
    const errorId = await expectForUser(user);
    expect(fake.control.requests()).toEqual([]);
    await expectInErrorLog(admin, errorId, lines, [
      {
        condition: '管理者メニューのエンドポイントURLに誤りがある場合。',
        place: 'Argus 管理者メニュー',
        remedy: 'Argus管理者メニューから「URL」に誤りがないか確認してください。',
      },
      {
        condition: 'リモートサイト設定に管理者メニューに設定したエンドポイントURLが登録されていない場合。',
        place: 'Salesforce リモートサイトの設定',
        remedy: 'Salesforce リモートサイトの設定から「リモートサイトのURL」に誤りがないか確認してください。',
      },
    ]);
    await expect(admin.getByText(fake.graphUrl).first()).toBeVisible();
    await followToField(admin, 'URL');
    await switchSite(admin, 'Microsoft_Graph', true);
    await refreshUntil(user, () => expect(arrivals(user).first()).toBeVisible({ timeout: 1_000 }));
  });
});
