import { expect } from '@playwright/test';
import { hanakoUpn, taroUpn } from '../fixtures/accounts.ts';
import { answerMicrosoft, authorize, authorizeByPages, startAuthorization } from '../fixtures/microsoft-pages.ts';
import { arrivals } from '../fixtures/portlet.ts';
import { changeLink, rowAction } from '../fixtures/setup-pages.ts';
import { test } from '../fixtures/test.ts';

test('認証設定: 設定されたアカウントと認証されたアカウント、日時、状態が分かる', async ({ user, fake }) => {
  await user.goto('/authorization');
  const account = (label: string) => user.getByText(label, { exact: true }).locator('xpath=following-sibling::*[1]');
  await expect(user.getByText('まだ比較できません')).toBeVisible();
  await expect(account('管理者が設定したアカウント')).toHaveText(taroUpn);
  await expect(account('認証されたアカウント')).toHaveText('未認証');
  const asked = user.waitForRequest((request) => request.url().startsWith(fake.loginUrl));
  await authorizeByPages(user, taroUpn);
  // Microsoft was asked to let the user pick an account, with the linked one as a hint, and never to force consent
  // again.
  const { searchParams } = new URL((await asked).url());
  expect(searchParams.get('prompt')).toBe('select_account');
  expect(searchParams.get('login_hint')).toBe(taroUpn);
  await expect(user.getByText('一致しています', { exact: true })).toBeVisible();
  await expect(account('認証されたアカウント')).toHaveText(taroUpn);
  await expect(account('認証した日時').locator('time')).toHaveText(/^(たった今|\d{1,2}\s?分前)$/);
  await expect(account('最後に取得できた日時')).toHaveText('なし');
});

test('認証の取消（利用者）: 確認の後、認証とメールの控えがすぐに消え、もう一度認証できる', async ({ user, fake }) => {
  await authorize(user, fake, taroUpn);
  await user.goto('/');
  await expect(arrivals(user)).toHaveCount(10);
  await user.getByRole('link', { name: '認証設定', exact: true }).click();
  await user.getByRole('button', { name: '認証の取消' }).click();
  const dialog = user.getByRole('dialog', { name: '認証を取り消しますか？' });
  await dialog.getByRole('button', { name: 'キャンセル' }).click();
  await expect(user.getByText('認証済み', { exact: true })).toBeVisible();
  await user.getByRole('button', { name: '認証の取消' }).click();
  await dialog.getByRole('button', { name: '認証の取消' }).click();
  await expect(user.getByText('認証を取り消しました。')).toBeVisible();
  await expect(user.getByText('未認証', { exact: true }).first()).toBeVisible();

  fake.control.clearRequests();
  await user.getByRole('link', { name: 'ホーム', exact: true }).click();
  await expect(user.getByText('新着メールを表示するには、Microsoft 365 との認証が必要です。')).toBeVisible();
  await expect(arrivals(user)).toHaveCount(0);
  expect(fake.control.requests()).toEqual([]);

  await user.getByRole('link', { name: 'Microsoft 365 と認証する' }).click();
  await user.getByRole('button', { name: taroUpn }).click();
  await expect(arrivals(user)).toHaveCount(10);
});

test('認証の取消（利用者）: 異なるアカウントの記録も消える', async ({ user }) => {
  await startAuthorization(user);
  await answerMicrosoft(user, hanakoUpn);
  await user.getByRole('link', { name: '認証設定へ戻る' }).click();
  await expect(user.getByText('アカウント不一致', { exact: true })).toBeVisible();
  await expect(user.getByText('一致していません', { exact: true })).toBeVisible();
  await user.getByRole('button', { name: '認証の取消' }).click();
  await user.getByRole('dialog').getByRole('button', { name: '認証の取消' }).click();
  await expect(user.getByText('まだ比較できません')).toBeVisible();
  await user.goto('/');
  await expect(user.getByText('新着メールを表示するには、Microsoft 365 との認証が必要です。')).toBeVisible();
});

test('認証の取消（管理者）: 利用者のメールがすぐに消え、監査ログに残る', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  await user.goto('/');
  await expect(arrivals(user)).toHaveCount(10);
  await admin.goto('/admin/account-links');
  await expect(admin.getByRole('row', { name: /山田 太郎/ })).toContainText('認証済み');
  await rowAction(admin, '山田 太郎', '認証の取消');
  await admin.getByRole('dialog').getByRole('button', { name: '認証の取消' }).click();
  await expect(admin.getByText('認証を取り消しました。')).toBeVisible();
  await expect(admin.getByRole('row', { name: /山田 太郎/ })).toContainText('未認証');

  await user.getByRole('button', { name: '再読み込み', exact: true }).click();
  await expect(user.getByText('新着メールを表示するには、Microsoft 365 との認証が必要です。')).toBeVisible();
  await expect(arrivals(user)).toHaveCount(0);
  await admin.goto('/admin/audit-events');
  await expect(admin.getByRole('row').filter({ hasText: '認証の取消' }).first()).toContainText('admin@argus.example');
});

test('紐づけを削除すると「未設定」となりメールが消え、同じ紐づけを追加すると認証し直さずに戻る', async ({
  admin,
  user,
  fake,
}) => {
  await authorize(user, fake, taroUpn);
  await user.goto('/');
  await expect(arrivals(user)).toHaveCount(10);
  await admin.goto('/admin/account-links');
  await rowAction(admin, '山田 太郎', '削除');
  await admin.getByRole('dialog').getByRole('button', { name: '削除' }).click();
  await expect(admin.getByText('紐づけを削除しました。')).toBeVisible();
  await user.getByRole('button', { name: '再読み込み', exact: true }).click();
  await expect(user.getByText('Microsoft365アカウントが設定されていません。')).toBeVisible();
  await expect(arrivals(user)).toHaveCount(0);

  await admin.getByRole('button', { name: '紐づけを追加' }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByLabel('Salesforceアカウント').fill('taro.yamada@argus.example');
  await dialog.getByLabel('Microsoft365アカウント').fill(taroUpn);
  await dialog.getByRole('button', { name: '紐づけを追加' }).click();
  await expect(admin.getByText('紐づけを追加しました。')).toBeVisible();
  await user.goto('/');
  await expect(arrivals(user)).toHaveCount(10);
});

test('紐づけの変更後に認証すると、新しい設定のアカウントで表示される', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  fake.control.clearMailbox(hanakoUpn);
  fake.control.injectMail({ user: hanakoUpn, subject: '花子あてのメール' });
  // 佐藤 花子's account is in use by her own link, which is removed first.
  await admin.goto('/admin/account-links');
  await rowAction(admin, '佐藤 花子', '削除');
  await admin.getByRole('dialog').getByRole('button', { name: '削除' }).click();
  await expect(admin.getByText('紐づけを削除しました。')).toBeVisible();
  await changeLink(admin, '山田 太郎', hanakoUpn);
  await user.goto('/');
  await user.getByRole('link', { name: '別のアカウントで認証' }).click();
  await answerMicrosoft(user, hanakoUpn);
  await expect(arrivals(user)).toHaveCount(1);
  await expect(arrivals(user).first()).toContainText('花子あてのメール');
});
