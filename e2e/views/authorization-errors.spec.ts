import { expect } from '@playwright/test';
import { taroUpn } from '../fixtures/accounts.ts';
import {
  causesOf,
  expectCauses,
  expectForUser,
  expectInErrorLog,
  expectMessage,
  firstCauseOf,
  followToField,
} from '../fixtures/error-view.ts';
import { answerMicrosoft, authorize, playFault, startAuthorization } from '../fixtures/microsoft-pages.ts';
import {
  addSite,
  changeProvider,
  changeSecret,
  changeSettings,
  demoSecret,
  switchSite,
} from '../fixtures/setup-pages.ts';
import { test } from '../fixtures/test.ts';

const checkTokenUrl = {
  condition: '認証プロバイダのトークンエンドポイントURLに誤りがある場合。',
  place: 'Salesforce 認証プロバイダの設定',
  remedy: 'Salesforce 認証プロバイダの設定から「トークンエンドポイントURL」に誤りがないか確認してください。',
};

test('A1: 認証プロバイダURL接尾辞に対応する認証プロバイダが設定されていない', async ({ admin, user, fake }) => {
  await changeSettings(admin, { 認証プロバイダURL接尾辞: 'NoSuchProvider' });
  await startAuthorization(user);
  const lines = ['認証プロバイダ情報の取得に失敗しました。', 'システム管理者に連絡してください。'];
  const causes = [
    {
      condition: '管理者メニューに入力した認証プロバイダ接尾辞に対応する認証プロバイダが設定されていない場合。',
      place: 'Argus 管理者メニュー',
      remedy: 'Argusの管理者メニューから「認証プロバイダURL接尾辞」を設定してください。',
    },
  ];
  await expectMessage(user, lines);
  const errorId = await expectForUser(user, causes);
  expect(fake.control.requests()).toEqual([]);

  // The administrator reads more: in the log, and on the same screen where they meet the error themselves.
  await expectInErrorLog(admin, errorId, lines, causes);
  await startAuthorization(admin);
  await expectMessage(admin, lines);
  await expectCauses(admin, causes);
  await followToField(admin, '認証プロバイダURL接尾辞');

  await changeSettings(admin, { 認証プロバイダURL接尾辞: 'Microsoft365' });
  await authorize(user, taroUpn);
});

test('A2: 認証画面で承諾しなかった。もう一度認証して承諾すると認証される', async ({ admin, user }) => {
  await startAuthorization(user);
  await answerMicrosoft(user, taroUpn, 'キャンセル');
  const lines = ['承認コード取得に失敗しました。', 'システム管理者に連絡してください。'];
  const causes = [
    {
      condition: 'アカウント認証画面で認証を承諾しなかった場合。',
      remedy: '再度認証設定を行い、認証を承諾してください。',
    },
  ];
  await expectMessage(user, lines);
  await expect(user).toHaveURL(/\/authorization\/outcome\/[\w-]+$/);
  const errorId = await expectForUser(user, causes);
  await expectInErrorLog(admin, errorId, lines, causes);

  await user.getByRole('link', { name: 'もう一度認証する' }).click();
  await answerMicrosoft(user, taroUpn);
  await expect(user.getByText('認証が完了しました')).toBeVisible();
});

test('A2+: 承認コードの代わりに別のエラーが返された', async ({ admin, user, fake }) => {
  await playFault(fake, '承認コードの代わりにエラー interaction_required を返す', {
    target: 'authorize',
    kind: 'redirectError',
    error: 'interaction_required',
    errorCodes: [50105],
    errorDescription: 'AADSTS50105: <b>not assigned</b>',
  });
  await startAuthorization(user);
  const lines = ['承認コード取得に失敗しました。', 'システム管理者に連絡してください。'];
  await expectMessage(user, lines);
  const errorId = await expectForUser(user);
  await expect(user.locator('body')).not.toContainText('AADSTS');
  await expectInErrorLog(admin, errorId, lines, [firstCauseOf('authorization_redirect_assignment_required')]);
  await expect(admin.getByLabel('応答の詳細')).toContainText('50105');
});

test('A3: リモートサイト設定に、トークンエンドポイントURLが未登録', async ({ admin, user, fake }) => {
  await switchSite(admin, 'Microsoft_Login', false);
  await startAuthorization(user);
  const lines = [
    '認証に失敗しました。',
    'システム管理者に連絡してください。',
    '・認証プロバイダのトークンエンドポイントURLを確認してください。',
    '・リモートサイト設定に認証プロバイダのトークンエンドポイントURLが登録されていることを確認してください。',
  ];
  // A mistyped host is itself not registered, so both causes show, the URL's first.
  const causes = [
    checkTokenUrl,
    {
      condition: 'リモートサイト設定に、認証プロバイダのトークンエンドポイントURLが未登録の場合。',
      place: 'Salesforce リモートサイトの設定',
      remedy: 'Salesforce リモートサイトの設定から「リモートサイトのURL」に誤りがないか確認してください。',
    },
  ];
  await expectMessage(user, lines);
  const errorId = await expectForUser(user, causes);
  // Checked before the user is sent to Microsoft.
  expect(fake.control.requests()).toEqual([]);

  await expectInErrorLog(admin, errorId, lines, causes);
  await expect(admin.getByText('対象のサイト').locator('xpath=following-sibling::dd[1]')).toContainText(fake.loginUrl);
  await startAuthorization(admin);
  await expectCauses(admin, causes);
  await followToField(admin, 'トークンエンドポイントURL');

  await switchSite(admin, 'Microsoft_Login', true);
  await authorize(user, taroUpn);
});

test('A3b: 登録済みだが接続できない、誤ったトークンエンドポイントURL', async ({ admin, user, fake }) => {
  const closed = await fake.control.closedPortUrl();
  await addSite(admin, 'Wrong_Host', closed);
  await changeProvider(admin, { トークンエンドポイントURL: `${closed}/contoso.example/oauth2/v2.0/token` });
  await startAuthorization(user);
  await answerMicrosoft(user, taroUpn);
  const lines = [
    '認証に失敗しました。',
    'システム管理者に連絡してください。',
    '・認証プロバイダのトークンエンドポイントURLを確認してください。',
    '・リモートサイト設定に認証プロバイダのトークンエンドポイントURLが登録されていることを確認してください。',
  ];
  await expectMessage(user, lines);
  const errorId = await expectForUser(user, [checkTokenUrl]);
  await expectInErrorLog(admin, errorId, lines, [checkTokenUrl]);
  await expect(admin.getByLabel('応答の詳細')).toContainText('ECONNREFUSED');
  await followToField(admin, 'トークンエンドポイントURL');

  const right = `${fake.loginUrl}/contoso.example/oauth2/v2.0/token`;
  await changeProvider(admin, { トークンエンドポイントURL: right });
  await startAuthorization(user);
  await user.getByRole('button', { name: taroUpn }).click();
  await expect(user.getByText('認証が完了しました')).toBeVisible();
});

const secretRejected = {
  lines: ['認証に失敗しました。', 'システム管理者に連絡してください。', 'エラー：401 権限がありません。'],
  guide: {
    condition: '認証プロバイダのシークレットキーに誤りがある、または期限切れの場合。',
    place: 'Salesforce 認証プロバイダの設定',
    remedy:
      'Salesforce 認証プロバイダの設定から「コンシューマの秘密」に誤りがないか、または期限が切れていないか確認してください。',
  },
};

test('A4: 認証プロバイダのシークレットキーに誤りがある', async ({ admin, user }) => {
  await changeSecret(admin, 'mistyped-secret');
  await startAuthorization(user);
  await answerMicrosoft(user, taroUpn);
  await expectMessage(user, secretRejected.lines);
  const causes = [firstCauseOf('authorization_secret_wrong'), secretRejected.guide];
  const errorId = await expectForUser(user, causes);
  await expectInErrorLog(admin, errorId, secretRejected.lines, causes);
  await expect(admin.getByLabel('応答の詳細')).toContainText('7000215');
  await followToField(admin, 'コンシューマの秘密');

  await changeSecret(admin, demoSecret);
  await startAuthorization(user);
  await user.getByRole('button', { name: taroUpn }).click();
  await expect(user.getByText('認証が完了しました')).toBeVisible();
});

test('A4: 認証プロバイダのシークレットキーが期限切れ', async ({ admin, user, fake }) => {
  fake.control.setSecretState('expired');
  await startAuthorization(user);
  await answerMicrosoft(user, taroUpn);
  await expectMessage(user, secretRejected.lines);
  const causes = [firstCauseOf('authorization_secret_expired'), secretRejected.guide];
  const errorId = await expectForUser(user, causes);
  await expectInErrorLog(admin, errorId, secretRejected.lines, causes);
  await expect(admin.getByLabel('応答の詳細')).toContainText('7000222');
});

for (const [what, path, before, after] of [
  ['パス', '/contoso.example/oauth2/v2.0/tokne', [], causesOf('authorization_token_endpoint_not_found').slice(1)],
  [
    'テナント',
    '/00000000-0000-4000-8000-000000000000/oauth2/v2.0/token',
    [firstCauseOf('authorization_tenant_not_found')],
    [],
  ],
] as const) {
  test(`A5: トークンエンドポイントURLのリソース先（${what}）に誤りがある`, async ({ admin, user, fake }) => {
    await changeProvider(admin, { トークンエンドポイントURL: `${fake.loginUrl}${path}` });
    await startAuthorization(user);
    await answerMicrosoft(user, taroUpn);
    const lines = [
      '認証に失敗しました。',
      'システム管理者に連絡してください。',
      'エラー：404 要求されたリソースは存在しません。',
    ];
    const causes = [
      ...before,
      {
        condition: '認証プロバイダのトークンエンドポイントURLのリソース先に誤りがある場合。',
        place: 'Salesforce 認証プロバイダの設定',
        remedy: 'Salesforce 認証プロバイダの設定から「トークンエンドポイントURL」に誤りがないか確認して下さい。',
      },
      ...after,
    ];
    await expectMessage(user, lines);
    const errorId = await expectForUser(user, causes);
    await expectInErrorLog(admin, errorId, lines, causes);
    await followToField(admin, 'トークンエンドポイントURL');
  });
}

test('A6: 認証の実行がタイムアウトする', async ({ admin, user, fake }) => {
  await changeSettings(admin, { 全体のタイムアウト: '2', 接続のタイムアウト: '1' });
  await playFault(fake, 'トークンエンドポイントが応答しない', { target: 'token', kind: 'hangBeforeHeaders' });
  await startAuthorization(user);
  await answerMicrosoft(user, taroUpn);
  const lines = [
    '認証実行にタイムアウトが発生しました。',
    '・時間を置いてから、もう一度認証を実行してください。',
    '・何度もこの画面が出る場合はシステム管理者に連絡してください。',
  ];
  const causes = [
    {
      condition:
        '１）回線が混雑している場合。２）Microsoft365側のサーバに負荷がかかっている場合。３）Salesforce側のサーバに負荷がかかっている場合。',
      remedy: 'しばらく時間を置いてから、もう一度認証設定を実行してください。',
    },
  ];
  await expectMessage(user, lines);
  await expect(user.getByRole('button', { name: /^もう一度認証する \(0:[0-2]\d\)$/ })).toBeDisabled();
  const errorId = await expectForUser(user, causes);
  await expectInErrorLog(admin, errorId, lines, causes);
  await followToField(admin, '全体のタイムアウト');

  fake.control.clearFaults();
  await startAuthorization(user);
  await user.getByRole('button', { name: taroUpn }).click();
  await expect(user.getByText('認証が完了しました')).toBeVisible();
});
