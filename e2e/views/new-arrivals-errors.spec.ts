import type { FakeMicrosoft } from '@argus/fake-microsoft/start-fake-microsoft';
import { expect, type Page } from '@playwright/test';
import { taroUpn } from '../fixtures/accounts.ts';
import {
  expectCauses,
  expectForUser,
  expectInErrorLog,
  expectMessage,
  firstCauseOf,
  followToField,
} from '../fixtures/error-view.ts';
import { authorize, playFault } from '../fixtures/microsoft-pages.ts';
import { arrivals, openPortlet, refreshUntil } from '../fixtures/portlet.ts';
import {
  addSite,
  changeProvider,
  changeSecret,
  changeSettings,
  demoSecret,
  switchSite,
} from '../fixtures/setup-pages.ts';
import { test } from '../fixtures/test.ts';

const checkMailUrl = {
  condition: '管理者メニューのエンドポイントURLに誤りがある場合。',
  place: 'Argus 管理者メニュー',
  remedy: 'Argus管理者メニューから「URL」に誤りがないか確認してください。',
};
const checkTokenUrl = {
  condition: '認証プロバイダのトークンエンドポイントURLに誤りがある場合。',
  place: 'Salesforce 認証プロバイダの設定',
  remedy: 'Salesforce 認証プロバイダの設定から「トークンエンドポイントURL」に誤りがないか確認してください。',
};

/** Authorizes with an access token that ends at once: the portlet has to ask the token endpoint before it can ask for mail. */
async function authorizeBriefly(user: Page, fake: FakeMicrosoft): Promise<void> {
  fake.control.setTokenLifetime(1);
  await authorize(user, taroUpn);
  fake.control.setTokenLifetime(3600);
}

test('B1: メールの取得がタイムアウトする', async ({ admin, user, fake }) => {
  await authorize(user, taroUpn);
  await changeSettings(admin, { 全体のタイムアウト: '2', 接続のタイムアウト: '1' });
  await playFault(fake, 'メールの応答が返らない', { target: 'messages', kind: 'hangBeforeHeaders' });
  await openPortlet(user);
  const lines = [
    'メール取得実行時にタイムアウトが発生しました。',
    '・時間を置いてから、再度読み込みを行ってください。',
    '・何度もこの画面が出る場合はシステム管理者に連絡してください。',
  ];
  const causes = [
    {
      condition:
        '１）回線が混雑している場合。２）Microsoft365側のサーバに負荷がかかっている場合。３）Salesforce側のサーバに負荷がかかっている場合。',
      remedy: 'しばらく時間を置いてから、画面を再描画（更新）してください。',
    },
  ];
  await expectMessage(user, lines);
  await expect(user.getByRole('button', { name: /^再読み込み \(0:[0-2]\d\)$/ })).toBeDisabled();
  const errorId = await expectForUser(user, causes);
  await expectInErrorLog(admin, errorId, lines, causes);
  await followToField(admin, '全体のタイムアウト');

  fake.control.clearFaults();
  await openPortlet(user);
  await expect(arrivals(user)).toHaveCount(10);
});

test('B3: 管理者メニューに入力した認証プロバイダ接尾辞に誤りがある', async ({ admin, user }) => {
  await authorize(user, taroUpn);
  await changeSettings(admin, { 認証プロバイダURL接尾辞: 'Microsoft356' });
  await openPortlet(user);
  const lines = ['認証プロバイダ情報の取得に失敗しました。', 'システム管理者に連絡してください。'];
  const causes = [
    {
      condition: '管理者メニューに入力した認証プロバイダ接尾辞に誤りがある場合。',
      place: 'Argus 管理者メニュー',
      remedy: 'Argus管理者メニューから「認証プロバイダURL接尾辞」に誤りがないか確認してください。',
    },
  ];
  await expectMessage(user, lines);
  const errorId = await expectForUser(user, causes);
  await expectInErrorLog(admin, errorId, lines, causes);
  await followToField(admin, '認証プロバイダURL接尾辞');

  // The authorization at the right provider was only dormant.
  await changeSettings(admin, { 認証プロバイダURL接尾辞: 'Microsoft365' });
  await openPortlet(user);
  await expect(arrivals(user)).toHaveCount(10);
});

test('B4: エンドポイントURLのリソース先に誤りがある', async ({ admin, user, fake }) => {
  await authorize(user, taroUpn);
  await authorize(admin, 'admin@contoso.example');
  await changeSettings(admin, { URL: `${fake.graphUrl}/v1.0/me/mailFolderz/inbox/messages` });
  await openPortlet(user);
  const lines = [
    'メールの取得に失敗しました。',
    'システム管理者に連絡してください。',
    'エラー：404 要求されたリソースは存在しません。',
  ];
  const causes = [
    {
      condition: '管理者メニューのエンドポイントURLのリソース先に誤りがある場合。',
      place: 'Argus 管理者メニュー',
      remedy: 'Argus管理者メニューから「URL」に誤りがないか確認してください。',
    },
  ];
  await expectMessage(user, lines);
  const errorId = await expectForUser(user, causes);
  await expectInErrorLog(admin, errorId, lines, causes);

  // In the administrator's own portlet the same screen says more.
  await openPortlet(admin);
  await expectMessage(admin, lines);
  await expectCauses(admin, causes);
  await expect(admin.getByLabel('応答の詳細')).toContainText('HTTPステータス400');
  await followToField(admin, 'URL');

  await changeSettings(admin, { URL: `${fake.graphUrl}/v1.0/me/mailFolders/inbox/messages` });
  await refreshUntil(user, () => expect(arrivals(user)).toHaveCount(10, { timeout: 2_000 }));
});

const mailSiteLines = [
  'メールの取得に失敗しました。',
  'システム管理者に連絡してください。',
  '・管理者メニューのURLを確認してください。',
  '・リモートサイト設定にURLが登録されていることを確認してください。',
];

test('B5: リモートサイト設定に、エンドポイントURLが未登録', async ({ admin, user, fake }) => {
  await authorize(user, taroUpn);
  await switchSite(admin, 'Microsoft_Graph', false);
  fake.control.clearRequests();
  await openPortlet(user);
  const causes = [
    checkMailUrl,
    {
      condition: 'リモートサイト設定に管理者メニューに設定したエンドポイントURLが登録されていない場合。',
      place: 'Salesforce リモートサイトの設定',
      remedy: 'Salesforce リモートサイトの設定から「リモートサイトのURL」に誤りがないか確認してください。',
    },
  ];
  await expectMessage(user, mailSiteLines);
  const errorId = await expectForUser(user, causes);
  expect(fake.control.requests()).toEqual([]);
  await expectInErrorLog(admin, errorId, mailSiteLines, causes);
  await expect(admin.getByText('対象のサイト').locator('xpath=following-sibling::dd[1]')).toContainText(fake.graphUrl);
  await followToField(admin, 'URL');

  await switchSite(admin, 'Microsoft_Graph', true);
  await refreshUntil(user, () => expect(arrivals(user)).toHaveCount(10, { timeout: 2_000 }));
});

test('B5b: 登録済みだが接続できない、誤ったエンドポイントURL', async ({ admin, user, fake }) => {
  await authorize(user, taroUpn);
  const closed = await fake.control.closedPortUrl();
  await addSite(admin, 'Wrong_Host', closed);
  await changeSettings(admin, { URL: `${closed}/v1.0/me/mailFolders/inbox/messages` });
  await openPortlet(user);
  await expectMessage(user, mailSiteLines);
  const errorId = await expectForUser(user, [checkMailUrl]);
  await expectInErrorLog(admin, errorId, mailSiteLines, [checkMailUrl]);
  await expect(admin.getByLabel('応答の詳細')).toContainText('ECONNREFUSED');
  await followToField(admin, 'URL');

  await changeSettings(admin, { URL: `${fake.graphUrl}/v1.0/me/mailFolders/inbox/messages` });
  await refreshUntil(user, () => expect(arrivals(user)).toHaveCount(10, { timeout: 2_000 }));
});

const tokenSiteLines = [
  'メールの取得に失敗しました。',
  'システム管理者に連絡してください。',
  '・認証プロバイダのトークンエンドポイントURLを確認してください。',
  '・リモートサイト設定に認証プロバイダのトークンエンドポイントURLが登録されていることを確認してください。',
];

test('B6: リモートサイト設定に、トークンエンドポイントURLが登録されていない', async ({ admin, user, fake }) => {
  await authorizeBriefly(user, fake);
  await switchSite(admin, 'Microsoft_Login', false);
  fake.control.clearRequests();
  await openPortlet(user);
  const causes = [
    checkTokenUrl,
    {
      condition: 'リモートサイト設定に認証プロバイダのトークンエンドポイントURLが登録されていない場合。',
      place: 'Salesforce リモートサイトの設定',
      remedy: 'Salesforce リモートサイトの設定から「リモートサイトのURL」に誤りがないか確認してください。',
    },
  ];
  await expectMessage(user, tokenSiteLines);
  const errorId = await expectForUser(user, causes);
  expect(fake.control.requests()).toEqual([]);
  await expectInErrorLog(admin, errorId, tokenSiteLines, causes);
  await expect(admin.getByText('対象のサイト').locator('xpath=following-sibling::dd[1]')).toContainText(fake.loginUrl);
  await followToField(admin, 'トークンエンドポイントURL');

  await switchSite(admin, 'Microsoft_Login', true);
  await refreshUntil(user, () => expect(arrivals(user)).toHaveCount(10, { timeout: 2_000 }));
});

test('B6b: 登録済みだが接続できない、誤ったトークンエンドポイントURL', async ({ admin, user, fake }) => {
  await authorizeBriefly(user, fake);
  const closed = await fake.control.closedPortUrl();
  await addSite(admin, 'Wrong_Host', closed);
  await changeProvider(admin, { トークンエンドポイントURL: `${closed}/contoso.example/oauth2/v2.0/token` });
  await openPortlet(user);
  await expectMessage(user, tokenSiteLines);
  const errorId = await expectForUser(user, [checkTokenUrl]);
  await expectInErrorLog(admin, errorId, tokenSiteLines, [checkTokenUrl]);
  await followToField(admin, 'トークンエンドポイントURL');

  const right = `${fake.loginUrl}/contoso.example/oauth2/v2.0/token`;
  await changeProvider(admin, { トークンエンドポイントURL: right });
  await refreshUntil(user, () => expect(arrivals(user)).toHaveCount(10, { timeout: 2_000 }));
});

test('B7: 更新時に、認証プロバイダのシークレットキーに誤りがある', async ({ admin, user, fake }) => {
  await authorizeBriefly(user, fake);
  await changeSecret(admin, 'mistyped-secret');
  await openPortlet(user);
  const lines = [
    'メールの取得に失敗しました。',
    'システム管理者に連絡してください。',
    'エラー：401 権限がありません。',
  ];
  const causes = [
    firstCauseOf('mail_secret_wrong'),
    {
      condition: '認証プロバイダのシークレットキーに誤りがある、または期限切れの場合。',
      place: 'Salesforce 認証プロバイダの設定',
      remedy:
        'Salesforce 認証プロバイダの設定から「コンシューマの秘密」に誤りがないか、または期限が切れていないか確認してください。',
    },
  ];
  await expectMessage(user, lines);
  const errorId = await expectForUser(user, causes);
  await expectInErrorLog(admin, errorId, lines, causes);
  await followToField(admin, 'コンシューマの秘密');

  // Not the grant's fault: with the right secret the mail is there again, without a new authorization.
  await changeSecret(admin, demoSecret);
  await refreshUntil(user, () => expect(arrivals(user)).toHaveCount(10, { timeout: 2_000 }));
});
