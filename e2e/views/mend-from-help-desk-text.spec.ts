import { demoTenant } from '@argus/fake-microsoft/data/demo-company';
import type { FakeMicrosoft } from '@argus/fake-microsoft/start-fake-microsoft';
import { expect, type Page } from '@playwright/test';
import { hanakoUpn, taro, taroUpn } from '../fixtures/accounts.ts';
import { customerRows } from '../fixtures/customer-rows.ts';
import { expectMessage } from '../fixtures/error-view.ts';
import { copyForHelpDesk, expectAdvice, lookUp, openSetting } from '../fixtures/help-desk.ts';
import {
  answerMicrosoft,
  authorize,
  authorizeAgain,
  authorizeByPages,
  callbackOf,
  playFault,
  startAuthorization,
  startPath,
} from '../fixtures/microsoft-pages.ts';
import { arrivals, openPortlet, refreshUntil } from '../fixtures/portlet.ts';
import { setupApi } from '../fixtures/setup-api.ts';
import {
  enterSecretAnew,
  field,
  provePassword,
  rowAction,
  saveProvider,
  saveSettings,
} from '../fixtures/setup-pages.ts';
import { test } from '../fixtures/test.ts';

// docs/operations.md describes these twenty step by step: from the text that a user copied, to mail in the portlet
// again.

const mailOf = (page: Page) => expect(arrivals(page)).toHaveCount(10);

/** 基本設定 is open at the wrong field: corrects it. */
async function mendSetting(admin: Page, label: string, value: string): Promise<void> {
  await test.step(`管理者: 「${label}」を ${value} に直す`, async () => {
    await expect(field(admin, label)).toBeFocused();
    await field(admin, label).fill(value);
    await saveSettings(admin);
  });
}

/** The provider is open at the wrong field: corrects it. */
async function mendProvider(admin: Page, label: string, value: string): Promise<void> {
  await test.step(`管理者: 「${label}」を ${value} に直す`, async () => {
    await expect(field(admin, label)).toBeFocused();
    await field(admin, label).fill(value);
    await enterSecretAnew(admin);
    await saveProvider(admin);
  });
}

const tokenUrl = (fake: FakeMicrosoft) => `${fake.loginUrl}/${demoTenant.id}/oauth2/v2.0/token`;

test('手引き1: 認証プロバイダURL接尾辞の誤り', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  await setupApi(admin).settings({ authProviderUrlSuffix: 'Microsoft356' });
  await openPortlet(user);
  await lookUp(admin, await copyForHelpDesk(user), 'mail_provider_not_found');
  await openSetting(admin);
  await mendSetting(admin, '認証プロバイダURL接尾辞', 'Microsoft365');
  await openPortlet(user);
  await mailOf(user);
});

test('手引き2: リモートサイトが無効になっている', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  await setupApi(admin).site('Microsoft_Graph', false);
  await openPortlet(user);
  const text = await copyForHelpDesk(user);
  expect(text).toContain('接続先: ');
  await lookUp(admin, text, 'mail_site_not_registered');
  await expectAdvice(admin, { who: 'Argusの管理者', says: '登録されているが、有効でない' });
  await openSetting(admin);
  await test.step('管理者: 接続先のサイトを有効にし、直ったか確認する', async () => {
    await admin.getByRole('button', { name: '有効にする' }).click();
    await admin.getByRole('dialog').getByRole('button', { name: '有効にする' }).click();
    await admin.getByRole('button', { name: '直ったか確認' }).click();
    await expect(admin).toHaveURL(/\/admin\/diagnosis\?username=taro\.yamada%40argus\.example&run=/);
    await expect(admin.getByText('対象：taro.yamada@argus.example')).toBeVisible();
  });
  await openPortlet(user);
  await mailOf(user);
});

test('手引き3: トークンエンドポイントURLのホストの誤り', async ({ admin, user, fake }) => {
  await setupApi(admin).provider({ tokenEndpointUrl: tokenUrl(fake).replace('localhost', 'loclhost') });
  await user.goto(startPath);
  const text = await copyForHelpDesk(user);
  expect(text).toContain('接続先: loclhost');
  await lookUp(admin, text, 'authorization_site_not_registered');
  await openSetting(admin, 0);
  await mendProvider(admin, 'トークンエンドポイントURL', tokenUrl(fake));
  await authorize(user, fake, taroUpn);
  await openPortlet(user);
  await mailOf(user);
});

test('手引き4: トークンエンドポイントURLのパスの誤り', async ({ admin, user, fake }) => {
  await setupApi(admin).provider({ tokenEndpointUrl: tokenUrl(fake).replace('/token', '/tokens') });
  await user.goto(await callbackOf(user, fake, taroUpn));
  await lookUp(admin, await copyForHelpDesk(user), 'authorization_token_endpoint_not_found');
  await openSetting(admin);
  await mendProvider(admin, 'トークンエンドポイントURL', tokenUrl(fake));
  await authorize(user, fake, taroUpn);
  await openPortlet(user);
  await mailOf(user);
});

test('手引き5: コンシューマの秘密の誤り', async ({ admin, user, fake }) => {
  await setupApi(admin).provider({ consumerSecret: 'not-the-secret' });
  await user.goto(await callbackOf(user, fake, taroUpn));
  await lookUp(admin, await copyForHelpDesk(user), 'authorization_secret_wrong');
  await expectAdvice(admin, { who: 'Argusの管理者', says: '証明書とシークレット' });
  const { secret } = fake.control.rotateSecret();
  await openSetting(admin);
  await mendProvider(admin, 'コンシューマの秘密', secret);
  await authorize(user, fake, taroUpn);
  await openPortlet(user);
  await mailOf(user);
});

test('手引き6: コンシューマの秘密の期限切れ', async ({ admin, user, fake }) => {
  fake.control.setTokenLifetime(1);
  await authorize(user, fake, taroUpn);
  fake.control.setTokenLifetime(3600);
  fake.control.setSecretState('expired');
  // The token that was issued lives for a second, and is good as long.
  await user.waitForTimeout(1_100);
  await openPortlet(user);
  await lookUp(admin, await copyForHelpDesk(user), 'mail_secret_expired');
  await expectAdvice(admin, { who: 'Microsoft Entra・365の管理者', says: /新しいクライアント シークレットを作成/ });
  await test.step('Microsoft Entra の管理者: 新しいシークレットを作成する', async () => {
    fake.control.setSecretState('valid');
  });
  const { secret } = fake.control.rotateSecret();
  await openSetting(admin);
  await mendProvider(admin, 'コンシューマの秘密', secret);
  // Nobody has to authorize again.
  await refreshUntil(user, () => mailOf(user));
});

test('手引き7: メールのURLのホストの誤り', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  const mailUrl = `${fake.graphUrl}/v1.0/me/mailFolders/inbox/messages`;
  await setupApi(admin).settings({ mailUrl: mailUrl.replace('localhost', 'grpah.example') });
  await openPortlet(user);
  const text = await copyForHelpDesk(user);
  expect(text).toContain('接続先: grpah.example');
  await lookUp(admin, text, 'mail_site_not_registered');
  await openSetting(admin, 0);
  await mendSetting(admin, 'URL', mailUrl);
  await openPortlet(user);
  await mailOf(user);
});

test('手引き8: メールのURLのパスの誤り', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  const mailUrl = `${fake.graphUrl}/v1.0/me/mailFolders/inbox/messages`;
  await setupApi(admin).settings({ mailUrl: mailUrl.replace('/messages', '/mesages') });
  await openPortlet(user);
  await lookUp(admin, await copyForHelpDesk(user), 'mail_not_found');
  await openSetting(admin);
  await mendSetting(admin, 'URL', mailUrl);
  await openPortlet(user);
  await mailOf(user);
});

test('手引き9: 紐づけと異なるアカウントの認証', async ({ admin, user }) => {
  await startAuthorization(user);
  await answerMicrosoft(user, hanakoUpn);
  const text = await copyForHelpDesk(user);
  // Both accounts are in the text: no further question is needed.
  expect(text).toContain(taroUpn);
  expect(text).toContain(hanakoUpn);
  await lookUp(admin, text, 'authorization_mismatch');
  await openSetting(admin);
  await expect(admin.getByRole('row', { name: /山田 太郎/ })).toContainText(`認証されたアカウント：${hanakoUpn}`);
  await test.step('利用者: 「別のアカウントで認証」から、設定されたアカウントで認証する', async () => {
    await user.getByRole('link', { name: '別のアカウントで認証' }).click();
    await answerMicrosoft(user, taroUpn);
    await user.getByText('認証が完了しました').waitFor();
  });
  await openPortlet(user);
  await mailOf(user);
});

test('手引き10: 認証した後に紐づけが変更された', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  await openPortlet(user);
  await mailOf(user);
  const subject = await arrivals(user).first().locator('bdi').nth(1).textContent();
  await setupApi(admin).link(taro.username, 'hanako@contoso.example');
  await user.getByRole('button', { name: '再読み込み', exact: true }).click();
  await expectMessage(user, customerRows.B2.lines);
  await expect(user.locator('body')).not.toContainText(subject ?? '');
  await lookUp(admin, await copyForHelpDesk(user), 'mail_account_mismatch');
  await openSetting(admin);
  await test.step('管理者: アカウント情報で、紐づけを正しいアカウントに戻す', async () => {
    await expect(admin).toHaveURL(/\/admin\/account-links\?q=taro/);
    await expect(admin.getByRole('row')).toHaveCount(2);
    await rowAction(admin, '山田 太郎', '編集');
    await field(admin, 'Microsoft365アカウント').fill(taroUpn);
    await admin.getByRole('button', { name: '変更を保存' }).click();
    await expect(admin.getByText('紐づけを変更しました。')).toBeVisible();
  });
  await openPortlet(user);
  await mailOf(user);
});

test('手引き11: 認証画面で承諾しなかった', async ({ admin, user }) => {
  await startAuthorization(user);
  await answerMicrosoft(user, taroUpn, 'キャンセル');
  await expect(user.getByText('連携は行われていません')).toBeVisible();
  await lookUp(admin, await copyForHelpDesk(user), 'authorization_declined');
  await expectAdvice(admin, { who: '利用者本人', says: '認証を承諾してください' });
  await test.step('利用者: もう一度認証し、承諾する', async () => {
    await user.getByRole('link', { name: 'もう一度認証する' }).click();
    await answerMicrosoft(user, taroUpn);
    await user.getByText('認証が完了しました').waitFor();
  });
  await openPortlet(user);
  await mailOf(user);
});

test('手引き12: O20: デフォルトの範囲に offline_access がない', async ({ admin, user, fake }) => {
  await setupApi(admin).provider({ defaultScopes: 'openid profile email User.Read Mail.Read' });
  await user.goto(await callbackOf(user, fake, taroUpn));
  await lookUp(admin, await copyForHelpDesk(user), 'authorization_refresh_token_missing');
  await openSetting(admin);
  await expect(
    admin.getByText('「デフォルトの範囲」に offline_access がないため、認証を継続できません。'),
  ).toBeVisible();
  await mendProvider(admin, 'デフォルトの範囲', 'openid profile email offline_access User.Read Mail.Read');
  await authorize(user, fake, taroUpn);
  await openPortlet(user);
  await mailOf(user);
});

test('手引き13: メールボックスのライセンスがない', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  fake.control.setMailbox(taroUpn, false);
  await openPortlet(user);
  await lookUp(admin, await copyForHelpDesk(user), 'mail_mailbox_not_enabled');
  await expectAdvice(admin, { who: 'Microsoft Entra・365の管理者', says: /Exchange Online.*ライセンス/ });
  await test.step('Microsoft 365 の管理者: ライセンスを割り当てる', async () => {
    fake.control.setMailbox(taroUpn, true);
  });
  await refreshUntil(user, () => mailOf(user));
});

test('手引き14: Microsoft 365 による要求の制限', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  await playFault(fake, '要求の数を制限し、3秒待つように求める', {
    target: 'messages',
    kind: 'retryAfter',
    retryAfter: '3',
    times: 1,
  });
  await openPortlet(user);
  await lookUp(admin, await copyForHelpDesk(user), 'mail_throttled');
  await expectAdvice(admin, { who: 'Microsoft', says: '自動で再開します' });
  await refreshUntil(user, () => mailOf(user));
});

test('手引き15: Microsoft 側で認証が取り消された', async ({ admin, user, fake }) => {
  fake.control.setTokenLifetime(1);
  await authorize(user, fake, taroUpn);
  fake.control.setTokenLifetime(3600);
  fake.control.revokeSessions(taroUpn);
  await openPortlet(user);
  await lookUp(admin, await copyForHelpDesk(user), 'mail_grant_revoked');
  await expectAdvice(admin, { who: '利用者本人', says: /もう一度認証/ });
  await authorizeAgain(user, taroUpn);
  await openPortlet(user);
  await mailOf(user);
});

test('手引き16: field A2: デフォルトの範囲のつづりの誤り', async ({ admin, user, fake }) => {
  const right = 'openid profile email offline_access User.Read Mail.Read';
  await setupApi(admin).provider({ defaultScopes: right.replace('Mail.Read', 'Mail.Raed') });
  await startAuthorization(user);
  await lookUp(admin, await copyForHelpDesk(user), 'authorization_scope_invalid');
  await openSetting(admin);
  await mendProvider(admin, 'デフォルトの範囲', right);
  await authorize(user, fake, taroUpn);
  await openPortlet(user);
  await mailOf(user);
});

test('手引き17: field A4: Microsoft Graph が理由を示さない', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  await playFault(fake, 'メールボックスがオンプレミスにあり、理由のない404を返す', {
    target: 'messages',
    kind: 'status',
    status: 404,
    body: { code: 'UnknownError', message: '' },
  });
  await openPortlet(user);
  await lookUp(admin, await copyForHelpDesk(user), 'mail_unexplained');
  await expectAdvice(admin, { who: 'Microsoft Entra・365の管理者', says: /Exchange Online のライセンス/ });
  await openSetting(admin);
  // The mailbox comes before the URL, which is as usual: the account that the administrator of Microsoft 365 must look at.
  await expect(admin.getByRole('row', { name: /山田 太郎/ })).toContainText(taroUpn);
  await test.step('Microsoft 365 の管理者: メールボックスを Exchange Online に移す', async () => {
    fake.control.clearFaults();
  });
  await refreshUntil(user, () => mailOf(user));
});

test('手引き18: field C1: コンシューマ鍵が大文字でも認証でき、誤りとして扱われない', async ({ admin, user, fake }) => {
  const { clientId } = fake.control.app();
  await setupApi(admin).provider({ consumerKey: clientId.toUpperCase() });
  await authorizeByPages(user, taroUpn);
  await openPortlet(user);
  await mailOf(user);
});

test('手引き19: field C2: アカウントが削除され、同じ名前で作り直された', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  await test.step('Microsoft Entra の管理者: アカウントを削除し、同じ名前で作り直す', async () => {
    fake.control.deleteUser(taroUpn);
    fake.control.addUser({ userPrincipalName: taroUpn, displayName: '山田 太郎' });
  });
  await user.goto(await callbackOf(user, fake, taroUpn));
  await lookUp(admin, await copyForHelpDesk(user), 'authorization_account_recreated');
  await openSetting(admin);
  await test.step('管理者: アカウント情報で「このアカウントとして認め直す」を選ぶ', async () => {
    const accept = 'このアカウントとして認め直す';
    await rowAction(admin, '山田 太郎', accept);
    await admin.getByRole('dialog', { name: accept }).getByRole('button', { name: accept }).click();
    await provePassword(admin);
    await expect(admin.getByText('認め直しました。利用者に、もう一度認証してもらってください。')).toBeVisible();
  });
  await authorize(user, fake, taroUpn);
  await openPortlet(user);
  await expect(user.getByText('新着メールはありません。')).toBeVisible();
});

test('手引き20: field D5: 管理者の承認が必要', async ({ admin, user, page, fake }) => {
  await test.step('テナントの既定: 利用者はメールの範囲に同意できない', async () => {
    fake.control.dropConsent();
    fake.control.setSwitches({ managedConsentPolicy: true });
  });
  await startAuthorization(user);
  await user.getByRole('button', { name: taroUpn }).click();
  await expect(user.getByRole('heading', { name: '管理者の承認が必要です' })).toBeVisible();
  await user.getByRole('button', { name: '同意せずにアプリケーションに戻る' }).click();
  await lookUp(admin, await copyForHelpDesk(user), 'authorization_redirect_admin_consent_needed');
  await openSetting(admin);
  const section = admin.getByRole('region', { name: '管理者の同意' });
  await expect(section.getByRole('button', { name: '同意のURLをコピー' })).toBeFocused();
  const url = (await section.locator('.argus-code').textContent()) ?? '';
  await test.step('Microsoft Entra の管理者: 届いたURLを開き、承諾する', async () => {
    await page.goto(url);
    await page.getByRole('button', { name: '承諾', exact: true }).click();
    await expect(page.getByRole('heading', { name: '管理者の同意が完了しました' })).toBeVisible();
  });
  await authorizeAgain(user, taroUpn);
  await openPortlet(user);
  await mailOf(user);
});
