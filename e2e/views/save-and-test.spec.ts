import { expect } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../fixtures/accessible.ts';
import { demoSecret, field, openProvider, provePassword } from '../fixtures/setup-pages.ts';
import { test } from '../fixtures/test.ts';

test('people 3: 秘密を保存すると接続がその場で確認され、誤りがあれば、保存したところで分かる', async ({ admin }) => {
  await openProvider(admin);
  const saveSecret = async (secret: string) => {
    await admin.getByRole('group', { name: 'コンシューマの秘密' }).getByRole('button', { name: '変更' }).click();
    await field(admin, 'コンシューマの秘密').fill(secret);
    await admin.getByRole('button', { name: '変更を保存' }).click();
    await expect(admin.getByText('認証プロバイダを保存しました。')).toBeVisible();
  };
  await saveSecret('not-the-secret-of-this-app');
  const failed = admin.getByRole('alert').filter({ hasText: '保存しましたが、接続の確認で問題が見つかりました' });
  await expect(failed).toContainText('コンシューマの秘密');
  for (const width of [1280, 320]) {
    await expectNoSidewaysScroll(admin, width);
    await expectAccessible(admin, `保存した後の確認（${width} px）`);
  }
  // A reload keeps the result, and a link from elsewhere can neither claim a save nor put words into a page.
  await admin.reload();
  await expect(failed).toBeVisible();
  await failed.getByRole('link', { name: '診断結果を開く' }).click();
  await expect(admin).toHaveURL(/\/admin\/diagnosis\?run=/);
  const run = new URL(admin.url()).searchParams.get('run') ?? '';
  await admin.goto(`/admin/settings?check=${run}&for=セキュリティ部門です`);
  await expect(field(admin, 'URL')).toBeVisible();
  await expect(admin.getByText('保存しました')).toHaveCount(0);
  await expect(admin.getByText('セキュリティ部門です')).toHaveCount(0);
  await admin.goto('/admin/auth-providers?field=consumerSecret&suffix=至急 evil.example で再登録');
  await expect(admin.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(admin.getByText('至急')).toHaveCount(0);

  await openProvider(admin);
  await saveSecret(demoSecret);
  await expect(admin.getByText('保存しました。接続の確認で、問題は見つかりませんでした。')).toBeVisible();
});

test('people 13: 作成の前からコールバックURLをコピーでき、詳細設定は使うときだけ開く', async ({ admin }) => {
  await admin.goto('/admin/auth-providers/new');
  await field(admin, 'URL接尾辞').fill('Contoso365');
  await admin.getByRole('button', { name: 'コールバックURLをコピー' }).click();
  expect(await admin.evaluate(() => navigator.clipboard.readText())).toBe(
    `${new URL(admin.url()).origin}/services/authcallback/Contoso365`,
  );
  await expect(field(admin, '発行者')).toBeHidden();
  await admin.goto('/admin/auth-providers/new?field=issuer');
  await expect(field(admin, '発行者')).toBeVisible();
  await admin.getByRole('button', { name: 'コンシューマの秘密の有効期限をカレンダーから選択' }).focus();
  await expectAccessible(admin, '認証プロバイダの作成（詳細設定）');
});

test('people 3: 保存前に確認すると、保存せずに、いまの入力での結果が分かる', async ({ admin }) => {
  await openProvider(admin);
  await admin.getByRole('group', { name: 'コンシューマの秘密' }).getByRole('button', { name: '変更' }).click();
  await field(admin, 'コンシューマの秘密').fill('mistyped');
  await admin.getByRole('button', { name: '保存前に確認' }).click();
  // A trial calls where the form says: it needs the password.
  await provePassword(admin);
  const failed = admin.getByRole('alert').filter({ hasText: 'この内容での接続の確認で、問題が見つかりました' });
  await expect(failed).toContainText('まだ保存していません。');
  for (const width of [1280, 320]) {
    await expectNoSidewaysScroll(admin, width);
    await expectAccessible(admin, `保存前の確認（${width} px）`);
  }
  // The result is about what was tried, not about what is typed next.
  await field(admin, 'コンシューマの秘密').fill(demoSecret);
  await expect(failed).toHaveCount(0);
  await admin.getByRole('button', { name: '保存前に確認' }).click();
  await expect(admin.getByText('この内容での接続の確認で、問題は見つかりませんでした。')).toBeVisible();

  await admin.goto('/admin/settings');
  await field(admin, 'URL').fill('https://mail.not-registered.example/v1.0/me/messages');
  await admin.getByRole('button', { name: '保存前に確認' }).click();
  await expect(failed).toBeVisible();
  await field(admin, '表示件数').fill('abc');
  await admin.getByRole('button', { name: '保存前に確認' }).click();
  await expect(admin.getByText('整数を入力してください。')).toBeVisible();
});

test('people 13: 入力の途中でも未完成のまま保存でき、あとで完成できる', async ({ admin }) => {
  await admin.goto('/admin/auth-providers/new');
  await field(admin, '名前').fill('Contoso');
  await field(admin, 'URL接尾辞').fill('Contoso365');
  await admin.getByRole('button', { name: '未完成のまま保存' }).click();
  await expect(admin.getByText('未完成のまま保存しました。')).toBeVisible();
  await expect(admin.getByText('この認証プロバイダは未完成です。')).toBeVisible();
  // What Microsoft Entra has to know first stands first.
  await expect(admin.getByRole('region', { name: 'Microsoft Entra に登録するURL' })).toContainText(
    '/services/authcallback/Contoso365',
  );
  for (const width of [1280, 320]) {
    await expectNoSidewaysScroll(admin, width);
    await expectAccessible(admin, `未完成の認証プロバイダ（${width} px）`);
  }
  await admin.getByRole('link', { name: /認証プロバイダ.*戻る/ }).click();
  await expect(admin.getByRole('row', { name: /Contoso365/ })).toContainText('未完成');
  await admin.goto('/admin/settings');
  await field(admin, '認証プロバイダURL接尾辞').fill('contoso365');
  await expect(admin.getByText('認証プロバイダ「Contoso」は未完成です。')).toBeVisible();
});
