import { expect, type Page } from '@playwright/test';
import { expectMessage } from '../fixtures/error-view.ts';
import { startAuthorization } from '../fixtures/microsoft-pages.ts';
import { type OtherMicrosoft, type OtherMicrosoftOptions, startOtherMicrosoft } from '../fixtures/other-microsoft.ts';
import { arrivals, refreshUntil } from '../fixtures/portlet.ts';
import { addSite, changeLink, changeSettings, field } from '../fixtures/setup-pages.ts';
import { test as base } from '../fixtures/test.ts';

const test = base.extend<OtherMicrosoftOptions & { other: OtherMicrosoft }>({
  dialect: ['v2', { option: true }],
  other: async ({ dialect }, use) => {
    const other = await startOtherMicrosoft({ dialect });
    await use(other);
    await other.close();
  },
});

/** Everything that an administrator does to connect Argus to another Microsoft 365, only in the admin menu. */
async function connect(admin: Page, other: OtherMicrosoft, more: () => Promise<void>): Promise<void> {
  await addSite(admin, 'Acme_Login', new URL(other.tokenUrl).origin);
  await addSite(admin, 'Acme_Mail', new URL(other.mailUrl).origin);
  await test.step('管理者: 認証プロバイダ Acme を作成する', async () => {
    await admin.goto('/admin/auth-providers/new');
    await field(admin, '名前').fill('Acme');
    await field(admin, 'URL接尾辞').fill('Acme_v1');
    await field(admin, 'コンシューマ鍵').fill(other.clientId);
    await field(admin, 'コンシューマの秘密').fill(other.clientSecret);
    await field(admin, '承認エンドポイントURL').fill(other.authorizeUrl);
    await field(admin, 'トークンエンドポイントURL').fill(other.tokenUrl);
    await field(admin, 'デフォルトの範囲').fill('openid offline_access Mail.Read');
    await more();
    await admin.getByRole('button', { name: '作成', exact: true }).click();
    await expect(admin.getByText('認証プロバイダを作成しました。', { exact: false })).toBeVisible();
  });
  await changeSettings(admin, { URL: other.mailUrl, 認証プロバイダURL接尾辞: 'Acme_v1' });
  await changeLink(admin, '山田 太郎', other.account.toLowerCase());
}

async function expectMail(user: Page): Promise<void> {
  await startAuthorization(user);
  await user.getByRole('link', { name: 'Continue to Argus' }).click();
  await expect(user.getByText('認証が完了しました')).toBeVisible();
  await user.goto('/');
  await expect(user.getByRole('heading', { name: '新着メール 未読 2' })).toBeVisible();
  const rows = arrivals(user);
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(0)).toContainText('他社製サーバからの見積書');
  await expect(rows.nth(0)).toContainText('営業窓口');
  await expect(rows.nth(0)).toContainText('重要度 高');
  await expect(rows.nth(1)).toContainText('(件名なし)');
  await expect(rows.nth(1)).toContainText('(差出人なし)');
  await expect(rows.nth(2)).toContainText('既読の連絡');
  await expect(rows.nth(2)).not.toContainText('添付ファイルあり');
}

test('他社が書いたMicrosoft 365（v2）: 画面の設定だけで接続でき、403の応答も読み取れる', async ({
  admin,
  user,
  other,
}) => {
  await connect(admin, other, async () => undefined);
  await expectMail(user);

  other.refuseMail();
  await refreshUntil(user, () => expect(user.getByRole('button', { name: '詳細' })).toBeVisible({ timeout: 1_000 }));
  await user.getByRole('button', { name: '詳細' }).click();
  await expectMessage(user, [
    'メールの取得に失敗しました。',
    'システム管理者に連絡してください。',
    'エラー：403 アクセスが拒否されました。',
  ]);
  await admin.goto('/admin/error-events?code=mail_access_denied');
  await admin.getByRole('rowheader').getByRole('button').first().click();
  const upstream = admin.getByLabel('応答の詳細');
  await expect(upstream).toContainText('accessDenied, gatewayPolicy');
  await expect(upstream).toContainText('b8d2d1ff-22a5-4d3f-8f25-5c6c4a35f0aa');
});

test.describe('v1', () => {
  test.use({ dialect: 'v1' });

  test('他社が書いたMicrosoft 365（v1）: 文字列の数値、id_tokenなし、リソース、ヘッダー認証でも接続できる', async ({
    admin,
    user,
    other,
  }) => {
    await connect(admin, other, async () => {
      await admin.getByText('詳細設定').click();
      await field(admin, 'リソース').fill('https://mail.gateway.example/');
      await field(admin, 'クライアント認証情報の送信方法').selectOption('ヘッダーで送信（client_secret_basic）');
    });
    await expectMail(user);
    // Saving has tried the secret before, with a request of its own.
    const redeemed = other.tokenCalls.find(({ grant_type: grant }) => grant === 'authorization_code');
    expect(redeemed).toMatchObject({
      grant_type: 'authorization_code',
      resource: 'https://mail.gateway.example/',
    });
  });
});
