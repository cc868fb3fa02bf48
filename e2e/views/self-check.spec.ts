import { expect, type Page } from '@playwright/test';
import { hanakoUpn, taro, taroUpn } from '../fixtures/accounts.ts';
import { expectInErrorLog } from '../fixtures/error-view.ts';
import { authorize, failToAuthorize } from '../fixtures/microsoft-pages.ts';
import { changeSecret, switchSite } from '../fixtures/setup-pages.ts';
import { test } from '../fixtures/test.ts';

/** 認証設定 > 接続を確認, up to its result. */
async function checkConnection(user: Page): Promise<void> {
  await test.step('認証設定で「接続を確認」を押す', async () => {
    await user.goto('/authorization');
    await user.getByRole('button', { name: '接続を確認' }).click();
    await expect(user.getByRole('button', { name: /^もう一度確認/ })).toBeVisible({ timeout: 30_000 });
  });
}

/** 設定, Microsoft 365への接続, 認証, メール. */
async function expectParts(user: Page, states: readonly string[]): Promise<void> {
  await expect(user.locator('[data-part] .argus-check__state')).toHaveText([...states]);
}

async function copied(user: Page): Promise<string> {
  await user.getByRole('button', { name: 'ヘルプデスク用にコピー' }).last().click();
  await expect(user.getByRole('button', { name: 'コピーしました' })).toBeVisible();
  return user.evaluate(() => navigator.clipboard.readText());
}

test('接続を確認: 問題のない利用者に、問題がないと伝える', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  await checkConnection(user);
  // The fake uses plain http, so its certificates cannot be checked.
  await expectParts(user, ['問題なし', '問題なし（一部は確認できません）', '問題なし', '問題なし']);
  await expect(user.getByText('接続に問題はありません。新着メールを表示できます。')).toBeVisible();
  const text = await copied(user);
  expect(text).toContain('接続の確認で問題は見つかりませんでした。');
  await expect(user.locator('body')).not.toContainText('見積書');
  await test.step('確認: エラー辞典は、問題のない結果だと伝える', async () => {
    await admin.goto(`/admin/error-catalogue?${new URLSearchParams({ q: text })}`);
    await expect(admin.getByText('このテキストは、問題が見つからなかった確認の結果です。')).toBeVisible();
  });
  await test.step('セッションが終わってから確認し、サインインし直すと、警告は消える', async () => {
    await user.context().clearCookies();
    await user.getByRole('button', { name: 'もう一度確認' }).click();
    const dialog = user.getByRole('dialog', { name: 'もう一度サインインしてください' });
    await expect(user.locator('.argus-error')).toHaveCount(1);
    await dialog.getByLabel('パスワード', { exact: true }).fill(taro.password);
    await dialog.getByRole('button', { name: 'サインイン', exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(user.locator('.argus-error')).toHaveCount(0);
    await user.getByRole('button', { name: 'もう一度確認' }).click();
    await expectParts(user, ['問題なし', '問題なし（一部は確認できません）', '問題なし', '問題なし']);
  });
});

test('接続を確認: コピーした内容をエラーログに貼り付けると、管理者は原因と対応方法が分かる', async ({
  admin,
  user,
  fake,
}) => {
  await authorize(user, fake, taroUpn);
  await changeSecret(admin, 'mistyped-secret');
  await checkConnection(user);
  const lines = [
    'メールの取得に失敗しました。',
    'システム管理者に連絡してください。',
    'エラー：401 権限がありません。',
  ];
  await expectParts(user, ['問題なし', '問題があります', '未確認', '未確認']);
  await expect(user.locator('.argus-check__trouble .argus-lines p')).toHaveText(lines);
  await expect(
    user.getByText('「ヘルプデスク用にコピー」でコピーした内容を、システム管理者に送ってください。'),
  ).toBeVisible();
  const text = await copied(user);
  const errorId = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text)?.[0] ?? '';
  expect(text).toContain(lines[2]);
  // Details for administrators are neither on the page nor in the copied text.
  for (const secret of ['管理者向け', '対応方法', '7000215', 'AADSTS', 'mistyped-secret', taroUpn])
    expect(text).not.toContain(secret);
  await expect(user.locator('body')).not.toContainText('7000215');
  await expectInErrorLog(admin, errorId, lines, [
    {
      condition:
        '認証プロバイダの「コンシューマの秘密」に誤りがある場合（シークレットの「値」の代わりに「シークレット ID」を入力した場合、前後に空白が入った場合など）。',
      place: 'Argus 管理者メニュー > 認証プロバイダ',
      remedy:
        '認証プロバイダの「コンシューマの秘密」に、シークレットの「値」を入力し直してください。値が分からない場合は、Microsoft Entra の管理者が「Microsoft Entra 管理センター > アプリの登録 > (アプリ) > 証明書とシークレット」で新しいクライアント シークレットを作成し、その「値」を入力してください。',
    },
    {
      condition: '認証プロバイダのシークレットキーに誤りがある、または期限切れの場合。',
      place: 'Salesforce 認証プロバイダの設定',
      remedy:
        'Salesforce 認証プロバイダの設定から「コンシューマの秘密」に誤りがないか、または期限が切れていないか確認してください。',
    },
  ]);
});

test('接続を確認: リモートサイトの不足は、設定の問題として伝えられる', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  await switchSite(admin, 'Microsoft_Graph', false);
  await checkConnection(user);
  await expect(user.locator('[data-part="settings"]')).toContainText('問題があります');
  await expect(user.locator('.argus-check__trouble .argus-lines p').first()).toHaveText('メールの取得に失敗しました。');
  // Users do not see which hosts are involved.
  await expect(user.locator('.argus-check__trouble')).not.toContainText('http');
});

test('接続を確認: 認証していない利用者と、異なるアカウントで認証した利用者に、次にすることを伝える', async ({
  user,
}) => {
  await checkConnection(user);
  await expect(user.locator('[data-part="authorization"]')).toContainText('問題があります');
  await expect(user.locator('.argus-check__trouble')).toContainText('上の「アカウント」から、認証してください。');
  await failToAuthorize(user, hanakoUpn);
  await checkConnection(user);
  await expect(user.locator('[data-part="authorization"]')).toContainText('問題があります');
  await expect(user.locator('[data-part="mail"]')).toContainText('未確認');
});

test('接続を確認: Microsoft 365 で認証が取り消されたことが分かり、認証し直すと直る', async ({ user, fake }) => {
  await authorize(user, fake, taroUpn);
  fake.control.revokeSessions(taroUpn, { accessTokens: true });
  await checkConnection(user);
  await expect(user.locator('[data-part="authorization"]')).toContainText('問題があります');
  await expect(user.getByText('上の「アカウント」から、もう一度認証してください。')).toBeVisible();
  // By now the facts above show it, too.
  await expect(user.getByText('再認証が必要', { exact: true })).toBeVisible();
  await user.getByRole('link', { name: '再認証' }).click();
  await user.getByRole('button', { name: taroUpn }).click();
  await expect(user.getByText('認証が完了しました')).toBeVisible();
  await checkConnection(user);
  await expect(user.getByText('接続に問題はありません。新着メールを表示できます。')).toBeVisible();
});
