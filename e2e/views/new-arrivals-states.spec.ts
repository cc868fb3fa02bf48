import { expect } from '@playwright/test';
import { hanakoUpn, taroUpn } from '../fixtures/accounts.ts';
import { customerRows } from '../fixtures/customer-rows.ts';
import { expectForUser, expectInErrorLog, expectMessage } from '../fixtures/error-view.ts';
import { answerMicrosoft, authorize, failToAuthorize, playFault } from '../fixtures/microsoft-pages.ts';
import { arrivals, openPortlet, refreshUntil } from '../fixtures/portlet.ts';
import { test } from '../fixtures/test.ts';

test('B2: ユーザが管理者の設定と違うアカウントを認証した。正しいアカウントで認証し直すとメールが表示される', async ({
  admin,
  user,
}) => {
  await failToAuthorize(user, hanakoUpn);
  await openPortlet(user);
  await expectMessage(user, customerRows.B2.lines);
  await expect(user.getByText('設定されているアカウント').locator('xpath=following-sibling::dd[1]')).toHaveText(
    taroUpn,
  );
  await expect(user.getByText('認証されているアカウント').locator('xpath=following-sibling::dd[1]')).toHaveText(
    hanakoUpn,
  );
  await admin.goto('/admin/account-links');
  await expect(admin.getByRole('row', { name: /山田 太郎/ })).toContainText('アカウント不一致');

  await user.getByRole('link', { name: '別のアカウントで認証' }).click();
  await answerMicrosoft(user, taroUpn);
  await expect(arrivals(user)).toHaveCount(10);
});

test('B-status: 503では最後の一覧を残し、帯で知らせる', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  await openPortlet(user);
  await expect(arrivals(user)).toHaveCount(10);
  await playFault(fake, 'メールの取得に503を返す', { target: 'messages', kind: 'status', status: 503 });
  await refreshUntil(user, () => expect(user.getByRole('button', { name: '詳細' })).toBeVisible({ timeout: 1_000 }));
  await expect(user.getByRole('status').filter({ hasText: 'メールの取得に失敗しました。' })).toBeVisible();
  await expect(user.getByText(/^\d{1,2}:\d{2} 時点$/)).toBeVisible();
  await expect(arrivals(user)).toHaveCount(10);
  await user.getByRole('button', { name: '詳細', exact: true }).click();
  const { lines, causes } = customerRows['B-status 503'];
  await expectMessage(user, lines);
  const errorId = await expectForUser(user, causes);
  await expectInErrorLog(admin, errorId, lines, causes);
});

test('再認証: Microsoft 365側で取り消された認証は、もう一度認証すると元に戻る', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  fake.control.revokeSessions(taroUpn, { accessTokens: true });
  await openPortlet(user);
  const lines = [
    'メールの取得に失敗しました。',
    'エラー：会社のセキュリティの設定により、もう一度サインインが必要です。',
    'もう一度、認証してください。',
  ];
  await expectMessage(user, lines);
  await admin.goto('/admin/account-links');
  await expect(admin.getByRole('row', { name: /山田 太郎/ })).toContainText('再認証が必要');

  await user.getByRole('link', { name: 'もう一度認証する' }).click();
  await user.getByRole('button', { name: taroUpn }).click();
  await expect(arrivals(user)).toHaveCount(10);
});
