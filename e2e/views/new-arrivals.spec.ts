import { expect } from '@playwright/test';
import { taroUpn } from '../fixtures/accounts.ts';
import { answerMicrosoft, authorize } from '../fixtures/microsoft-pages.ts';
import { arrivals, minutesAgo, refreshUntil } from '../fixtures/portlet.ts';
import { test } from '../fixtures/test.ts';

test('サインインから新着メールまで: 認証すると一覧と未読件数が表示され、行からOutlookが新しいタブで開く', async ({
  user,
  fake,
}) => {
  fake.control.clearMailbox(taroUpn);
  fake.control.injectMail({ user: taroUpn, subject: '読み終えた連絡', isRead: true, receivedDateTime: minutesAgo(70) });
  fake.control.injectMail({
    user: taroUpn,
    subject: '見積書の件（改訂版）',
    from: { name: '佐藤 花子', address: 'hanako.sato@contoso.example' },
    preview: 'お世話になっております。先日の見積書をお送りします。',
    importance: 'high',
    hasAttachments: true,
    flagStatus: 'flagged',
    webLink: 'https://outlook.office365.com/owa/?ItemID=mitsumori',
  });
  await user.goto('/');
  await user.getByRole('link', { name: 'Microsoft 365 と認証する' }).click();
  await answerMicrosoft(user, taroUpn);
  await expect(user.getByText('認証が完了しました')).toBeVisible();
  await expect(user).toHaveURL(/\/authorization\/outcome\/[\w-]+$/);

  // Back to the portlet automatically.
  await expect(user.getByRole('heading', { name: '新着メール 未読 1' })).toBeVisible();
  const rows = arrivals(user);
  await expect(rows).toHaveCount(2);
  const newest = rows.first();
  await expect(newest).toContainText('佐藤 花子');
  await expect(newest).toContainText('見積書の件（改訂版）');
  await expect(newest).toContainText('お世話になっております。先日の見積書をお送りします。');
  for (const label of ['未読', '添付ファイルあり', '重要度 高', 'フラグ付き'])
    await expect(newest).toContainText(label);
  await expect(newest.locator('time')).toHaveText(/^(たった今|\d{1,2}\s?分前)$/);
  await expect(newest.locator('time')).toHaveAttribute('title', /\d{4}年\d{1,2}月\d{1,2}日/);
  await expect(rows.nth(1)).not.toContainText('未読');

  await user.context().route('https://outlook.office365.com/**', (route) => route.fulfill({ body: 'Outlook' }));
  await expect(newest.getByRole('link')).toHaveAttribute('rel', /\bnoopener\b/);
  const opened = user.waitForEvent('popup');
  await newest.getByRole('link').click();
  const outlook = await opened;
  await expect(outlook).toHaveURL('https://outlook.office365.com/owa/?ItemID=mitsumori');
  expect(await outlook.evaluate(() => window.opener)).toBeNull();
});

test('表示中に届いたメール: 再読み込みを押すと一覧に加わる', async ({ user, fake }) => {
  await authorize(user, fake, taroUpn);
  await user.goto('/');
  await expect(arrivals(user).first()).toBeVisible();
  fake.control.injectMail({ user: taroUpn, subject: 'お昼をご一緒しませんか' });
  await refreshUntil(user, async () => {
    await expect(arrivals(user).first()).toContainText('お昼をご一緒しませんか', { timeout: 500 });
  });
});

test('WEB01: オフラインになると帯で知らせ、最後の一覧を残し、つながると更新する', async ({ user, fake }) => {
  await authorize(user, fake, taroUpn);
  await user.goto('/');
  const rows = arrivals(user);
  await expect(rows).toHaveCount(10);
  const before = await rows.allInnerTexts();
  await user.context().setOffline(true);
  await expect(user.getByText('オフラインです。接続が戻ると更新します。')).toBeVisible();
  await expect(user.getByText(/^\d{1,2}:\d{2} 時点$/)).toBeVisible();
  await expect(rows).toHaveCount(before.length);
  fake.control.injectMail({ user: taroUpn, subject: 'つながった後のメール' });
  await user.context().setOffline(false);
  await expect(user.getByText('オフラインです。接続が戻ると更新します。')).toBeHidden();
  await refreshUntil(user, () => expect(rows.first()).toContainText('つながった後のメール', { timeout: 500 }));
});
