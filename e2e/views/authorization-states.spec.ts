import { expect } from '@playwright/test';
import { goro, taroUpn } from '../fixtures/accounts.ts';
import { expectForUser, expectInErrorLog, expectMessage } from '../fixtures/error-view.ts';
import { answerMicrosoft, startAuthorization } from '../fixtures/microsoft-pages.ts';
import { changeLink } from '../fixtures/setup-pages.ts';
import { test } from '../fixtures/test.ts';

test('大文字・小文字だけが異なる設定でも認証でき、そのことが伝えられる', async ({ admin, user }) => {
  await changeLink(admin, '山田 太郎', 'Taro.Yamada@CONTOSO.example');
  await startAuthorization(user);
  await answerMicrosoft(user, taroUpn);
  await expect(user.getByText('認証が完了しました')).toBeVisible();
  await expect(
    user.getByText('設定されているアカウントとは、大文字・小文字だけが異なります。このまま使用できます。'),
  ).toBeVisible();
  await admin.goto('/admin/account-links');
  await expect(admin.getByRole('row', { name: /山田 太郎/ })).toContainText(
    '大文字と小文字だけがMicrosoft 365と異なります',
  );
});

test('Microsoft365アカウントが設定されていない利用者は認証を開始できない', async ({ admin, argus, signedIn }) => {
  const user = await signedIn(goro);
  await user.goto('/authorization');
  await expect(user.getByText('アカウント未設定', { exact: true })).toBeVisible();
  await expect(user.getByRole('button', { name: '認証', exact: true })).toBeDisabled();
  await user.goto('/');
  await expect(user.getByText('Microsoft365アカウントが設定されていません。')).toBeVisible();
  await user.getByRole('button', { name: '文面をコピー' }).click();
  expect(await user.evaluate(() => navigator.clipboard.readText())).toContain(goro.username);

  // The start URL that an administrator may have handed out.
  await user.goto(`${argus.url}/services/auth/oauth/Microsoft365`);
  const lines = [
    'Microsoft365アカウントが設定されていないため、認証できません。',
    'システム管理者に、アカウント情報への登録を依頼してください。',
  ];
  await expectMessage(user, lines);
  const errorId = await expectForUser(user);
  await expectInErrorLog(admin, errorId, lines, [
    {
      condition: 'アカウント情報に、この利用者の紐づけがない場合。',
      place: 'Argus 管理者メニュー',
      remedy: '管理者メニューの「アカウント情報」に、この利用者のMicrosoft365アカウントを追加してください。',
    },
  ]);
});

test('O02: 途中で書き換えられた認証の応答は無効と表示され、最初からやり直せる', async ({ user, fake, argus }) => {
  await startAuthorization(user);
  await user.waitForURL(`${fake.loginUrl}/**`);
  await user.goto(`${argus.url}/services/authcallback/Microsoft365?code=stolen&state=forged`);
  await expectMessage(user, [
    'この認証の手続きは無効です。',
    '別の画面で手続きが済んでいるか、開始したときと異なるブラウザで開かれています。もう一度、認証を開始してください。',
  ]);
  await user.getByRole('link', { name: 'もう一度認証する' }).click();
  await answerMicrosoft(user, taroUpn);
  await expect(user.getByText('認証が完了しました')).toBeVisible();
});
