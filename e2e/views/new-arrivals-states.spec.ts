import { expect } from '@playwright/test';
import { hanakoUpn, taroUpn } from '../fixtures/accounts.ts';
import { causesOf, expectForUser, expectInErrorLog, expectMessage, followToField } from '../fixtures/error-view.ts';
import { answerMicrosoft, authorize, playFault, startAuthorization } from '../fixtures/microsoft-pages.ts';
import { arrivals, openPortlet, refreshUntil } from '../fixtures/portlet.ts';
import { changeLink } from '../fixtures/setup-pages.ts';
import { test } from '../fixtures/test.ts';

const mismatchLines = [
  'メールの取得に失敗しました。',
  'Argusで設定されているアカウントと異なるアカウントが認証されています。',
  'システム管理者に問い合わせ、認証の取消を実行してください。',
];
const mismatchCauses = [
  {
    condition: '１）ユーザが管理者設定と違うアカウントを認証した場合。２）管理者が違うアカウントを設定した場合。',
    place: 'Argus 管理者メニュー',
    remedy:
      'Argus管理者メニューから現在のアカウント情報をCSV出力を実行し、出力したCSVファイルからMicrosoft365アカウントとSalesforceアカウントの紐づけ情報に誤りがないか確認してください。',
  },
  {
    condition: 'ユーザが認証した後に、紐づけが違うアカウントに変更された場合（編集、CSV取込）。',
    place: 'Argus 管理者メニュー > アカウント情報',
    remedy:
      'アカウント情報の「編集」で、このユーザのMicrosoft365アカウントを正しいものに直してください（以前の値は監査ログで分かります）。ユーザが認証したアカウントに戻した場合、認証のやり直しは不要です。',
  },
  {
    condition: '紐づけは正しく、ユーザが違うアカウントで認証している場合。',
    remedy:
      'ユーザに、認証設定の「別のアカウントで認証」から、設定されているアカウントで認証してもらってください。ブラウザが別のアカウントで自動的にサインインする場合は、先に Microsoft 365 からサインアウトしてもらってください。',
  },
];

test('B2: ユーザが管理者の設定と違うアカウントを認証した。正しいアカウントで認証し直すとメールが表示される', async ({
  admin,
  user,
}) => {
  await startAuthorization(user);
  await answerMicrosoft(user, hanakoUpn);
  await user.getByRole('heading', { name: '認証できませんでした' }).waitFor();
  await openPortlet(user);
  await expectMessage(user, mismatchLines);
  await expect(user.getByText('設定されているアカウント').locator('xpath=following-sibling::dd[1]')).toHaveText(
    taroUpn,
  );
  await expect(user.getByText('認証されているアカウント').locator('xpath=following-sibling::dd[1]')).toHaveText(
    hanakoUpn,
  );
  const errorId = await expectForUser(user, mismatchCauses);
  await expectInErrorLog(admin, errorId, mismatchLines, mismatchCauses);
  await admin.getByRole('link', { name: '設定を開く →' }).first().click();
  await expect(admin.getByRole('row', { name: /山田 太郎/ })).toContainText('アカウント不一致');

  await user.getByRole('link', { name: '別のアカウントで認証' }).click();
  await answerMicrosoft(user, taroUpn);
  await expect(arrivals(user)).toHaveCount(10);
});

test('B2: 管理者が違うアカウントを設定した。元の設定に戻すとメールが表示される', async ({ admin, user }) => {
  await authorize(user, taroUpn);
  await openPortlet(user);
  await expect(arrivals(user)).toHaveCount(10);
  const subject = await arrivals(user).first().locator('bdi').nth(1).textContent();

  await changeLink(admin, '山田 太郎', 'jiro.temp@contoso.example');
  await user.getByRole('button', { name: '再読み込み', exact: true }).click();
  await expectMessage(user, mismatchLines);
  await expect(user.locator('body')).not.toContainText(subject ?? '');
  const errorId = await expectForUser(user, mismatchCauses);
  await expectInErrorLog(admin, errorId, mismatchLines, mismatchCauses);

  await changeLink(admin, '山田 太郎', taroUpn);
  await openPortlet(user);
  await expect(arrivals(user)).toHaveCount(10);
});

test('B-status: メールの取得が403で拒否される', async ({ admin, user, fake }) => {
  await authorize(user, taroUpn);
  await playFault(fake, 'メールの取得に403を返す', { target: 'messages', kind: 'status', status: 403 });
  await openPortlet(user);
  const lines = [
    'メールの取得に失敗しました。',
    'システム管理者に連絡してください。',
    'エラー：403 アクセスが拒否されました。',
  ];
  const causes = [
    {
      condition:
        'アプリにメールを読む権限（Mail.ReadBasic または Mail.Read）がないか、メールボックスへのアクセスが制限されている場合。',
      place: 'Microsoft Entra 管理センター > アプリの登録',
      remedy:
        '「デフォルトの範囲」とアプリの「APIのアクセス許可」に Mail.ReadBasic（本文プレビューを表示する場合は Mail.Read）があることを確認し、ユーザにもう一度認証してもらってください。',
    },
  ];
  await expectMessage(user, lines);
  const errorId = await expectForUser(user, causes);
  await expect(user.locator('body')).not.toContainText('ErrorAccessDenied');
  await expectInErrorLog(admin, errorId, lines, causes);
  await expect(admin.getByLabel('応答の詳細')).toContainText('ErrorAccessDenied');
  await followToField(admin, 'デフォルトの範囲');
});

test('B-status: 429では待ち時間を数え、最後の一覧を残し、時間が来ると再読み込みできる', async ({ user, fake }) => {
  await authorize(user, taroUpn);
  await openPortlet(user);
  await expect(arrivals(user)).toHaveCount(10);
  await playFault(fake, 'メールの取得に429（6秒後に再試行）を返す', {
    target: 'messages',
    kind: 'status',
    status: 429,
    retryAfter: '6',
    times: 1,
  });
  await refreshUntil(user, () =>
    expect(user.getByRole('button', { name: /^再読み込み \(0:0\d\)$/ })).toBeDisabled({ timeout: 1_000 }),
  );
  await expect(arrivals(user)).toHaveCount(10);
  await expect(user.getByText('Microsoft 365 が混み合っています。')).toBeVisible();
  // One countdown, at the button.
  await expect(user.getByText('次の更新まで')).toHaveCount(0);
  await user.getByRole('button', { name: '詳細', exact: true }).click();
  await expect(user.getByText('メールの取得に失敗しました。')).toHaveCount(1);
  await expectMessage(user, [
    'メールの取得に失敗しました。',
    'Microsoft 365 が混み合っています。表示された時間を置いてから、再度読み込みを行ってください。',
    'エラー：429 要求が多すぎます。',
  ]);
  const calls = () => fake.control.requests().filter(({ path }) => path.includes('/messages')).length;
  const before = calls();
  await expect(user.getByRole('button', { name: '再読み込み', exact: true }).last()).toBeEnabled({ timeout: 15_000 });
  expect(calls()).toBe(before);
  await refreshUntil(user, () => expect(user.getByRole('alert')).toBeHidden({ timeout: 1_000 }));
});

test('B-status: 503では最後の一覧を残し、帯で知らせる', async ({ admin, user, fake }) => {
  await authorize(user, taroUpn);
  await openPortlet(user);
  await expect(arrivals(user)).toHaveCount(10);
  await playFault(fake, 'メールの取得に503を返す', { target: 'messages', kind: 'status', status: 503 });
  await refreshUntil(user, () => expect(user.getByRole('button', { name: '詳細' })).toBeVisible({ timeout: 1_000 }));
  await expect(user.getByRole('status').filter({ hasText: 'メールの取得に失敗しました。' })).toBeVisible();
  await expect(user.getByText(/^\d{1,2}:\d{2} 時点$/)).toBeVisible();
  await expect(arrivals(user)).toHaveCount(10);
  await user.getByRole('button', { name: '詳細', exact: true }).click();
  const lines = [
    'メールの取得に失敗しました。',
    'システム管理者に連絡してください。',
    'エラー：503 サービスを一時的に利用できません。',
  ];
  await expectMessage(user, lines);
  const errorId = await expectForUser(user);
  await expectInErrorLog(admin, errorId, lines, [
    {
      condition: 'Microsoft 365 側でエラーが発生した場合。',
      remedy:
        'しばらく時間を置いてから、再度読み込みを行ってください。続く場合は Microsoft 365 のサービス正常性を確認してください。',
    },
  ]);
});

test('B-status: メールボックスがない（ライセンスなし）', async ({ admin, user, fake }) => {
  fake.control.setMailbox(taroUpn, false);
  await authorize(user, taroUpn);
  await openPortlet(user);
  const lines = [
    'メールの取得に失敗しました。',
    'システム管理者に連絡してください。',
    'エラー：404 メールボックスを利用できません。',
  ];
  await expectMessage(user, lines);
  const errorId = await expectForUser(user);
  await expectInErrorLog(admin, errorId, lines, [
    {
      condition:
        'Exchange Online のライセンスがない、メールボックスが準備中・移行中である、またはオンプレミスにある場合。',
      place: 'Microsoft 365 管理センター > ユーザー',
      remedy:
        'Microsoft 365 の管理者に、このユーザのMicrosoft365アカウント（アカウント情報に表示されます）を伝え、Exchange Online のライセンスが割り当てられていることを確認してもらってください。割り当て直後は利用できるまで時間がかかります。',
    },
  ]);
});

test('再認証: Microsoft 365側で取り消された認証は、もう一度認証すると元に戻る', async ({ admin, user, fake }) => {
  await authorize(user, taroUpn);
  fake.control.revokeSessions(taroUpn, { accessTokens: true });
  await openPortlet(user);
  const lines = [
    'メールの取得に失敗しました。',
    'エラー：会社のセキュリティの設定により、もう一度サインインが必要です。',
    'もう一度、認証してください。',
  ];
  await expectMessage(user, lines);
  const errorId = await expectForUser(user);
  await expectInErrorLog(admin, errorId, lines, causesOf('mail_claims_challenge'));
  await admin.goto('/admin/account-links');
  await expect(admin.getByRole('row', { name: /山田 太郎/ })).toContainText('再認証が必要');

  await user.getByRole('link', { name: 'もう一度認証する' }).click();
  await user.getByRole('button', { name: taroUpn }).click();
  await expect(arrivals(user)).toHaveCount(10);
});
