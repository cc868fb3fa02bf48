import { expect } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessible.ts';
import { ichiroAdmin, taro, taroUpn } from '../fixtures/accounts.ts';
import { authorize } from '../fixtures/microsoft-pages.ts';
import { field, provePassword, rowAction } from '../fixtures/setup-pages.ts';
import { signIn, test } from '../fixtures/test.ts';

test('利用者の作成: 作成した利用者がサインインでき、誤った入力と重複は項目の横に示される', async ({
  admin,
  signedIn,
}) => {
  await admin.goto('/admin/users');
  await admin.getByRole('button', { name: '利用者を作成' }).click();
  const dialog = admin.getByRole('dialog', { name: '利用者の作成' });
  const create = dialog.getByRole('button', { name: '利用者を作成' });
  await create.click();
  await expect(dialog.getByText('入力してください。')).not.toHaveCount(0);
  await field(admin, 'ユーザ名').fill('渡辺 直美');
  await field(admin, 'Salesforceアカウント').fill('TARO.yamada@argus.example');
  await field(admin, 'Salesforce ID').fill('0055g00000AbCdE');
  await field(admin, 'はじめてのサインイン').selectOption('ここでパスワードを決めて渡す');
  await field(admin, 'パスワード').fill('short');
  await create.click();
  await expect(dialog.getByText(/^パスワードは\d+文字以上にしてください。$/)).toBeVisible();
  await field(admin, 'パスワード').fill('a password for naomi');
  await create.click();
  await provePassword(admin);
  await expect(dialog.getByText('このSalesforceアカウントは既に使用されています。')).toBeVisible();
  await field(admin, 'Salesforceアカウント').fill('naomi.watanabe@argus.example');
  await create.click();
  await expect(admin.getByText('利用者を作成しました。')).toBeVisible();
  await expect(admin.getByRole('row', { name: /渡辺 直美/ })).toContainText('有効');
  const naomi = await signedIn({
    username: 'Naomi.Watanabe@argus.example',
    password: 'a password for naomi',
    displayName: '渡辺 直美',
  });
  await expect(naomi.getByText('アカウント未設定', { exact: true })).toBeVisible();
});

test('people 23: パスワードを決めずに利用者を作成し、紐づけも登録して、続けて招待リンクを発行する', async ({
  admin,
}) => {
  await admin.goto('/admin/users');
  await admin.getByRole('button', { name: '利用者を作成' }).click();
  const dialog = admin.getByRole('dialog', { name: '利用者の作成' });
  await expect(field(dialog, 'パスワード')).toHaveCount(0);
  await field(dialog, 'ユーザ名').fill('招待 太郎');
  await field(dialog, 'Salesforceアカウント').fill('invited@argus.example');
  await field(dialog, 'Microsoft365アカウント').fill(taroUpn);
  await expectAccessible(admin, '利用者の作成');
  await dialog.getByRole('button', { name: '利用者を作成' }).click();
  await provePassword(admin);
  await expect(
    dialog.getByText(`このMicrosoft365アカウントは、既に ${taro.username} に紐づけられています。`),
  ).toBeVisible();
  await field(dialog, 'Microsoft365アカウント').fill('invited@contoso.example');
  await dialog.getByRole('button', { name: '利用者を作成' }).click();
  const invitation = admin.getByRole('dialog', { name: '招待リンクを発行' });
  await invitation.getByRole('button', { name: '発行する' }).click();
  await expect(invitation).toContainText('/invitation#token=');
  await invitation.getByRole('button', { name: '閉じる' }).last().click();
  await expect(admin.getByRole('row', { name: /招待 太郎/ })).toContainText('招待中');
  await admin.goto('/admin/account-links?q=invited');
  await expect(admin.getByRole('row', { name: /招待 太郎/ })).toContainText('invited@contoso.example');
});

test('利用者の無効化: すぐにサインアウトされ、サインインできず、認証とメールも消える', async ({
  admin,
  user,
  fake,
}) => {
  await authorize(user, fake, taroUpn);
  await admin.goto('/admin/users');
  await rowAction(admin, '山田 太郎', '編集');
  await field(admin.getByRole('dialog'), '有効').uncheck();
  await admin.getByRole('dialog').getByRole('button', { name: '変更を保存' }).click();
  await expect(admin.getByText('利用者を変更しました。')).toBeVisible();

  await user.goto('/');
  await user.getByLabel('Salesforceアカウント', { exact: true }).fill(taro.username);
  await user.getByLabel('パスワード', { exact: true }).fill(taro.password);
  await user.getByRole('button', { name: 'サインイン', exact: true }).click();
  await expect(user.getByText('サインインできませんでした。')).toBeVisible();

  await admin.getByText('無効', { exact: true }).first().click();
  await rowAction(admin, '山田 太郎', '編集');
  await field(admin.getByRole('dialog'), '有効').check();
  await admin.getByRole('dialog').getByRole('button', { name: '変更を保存' }).click();
  await expect(admin.getByText('利用者を変更しました。').last()).toBeVisible();
  await user.goto('/');
  await signIn(user, taro);
  await expect(user.getByText('新着メールを表示するには、Microsoft 365 との認証が必要です。')).toBeVisible();
});

test('パスワードの設定: その利用者はサインアウトされ、新しいパスワードでサインインする', async ({ admin, user }) => {
  await admin.goto('/admin/users');
  await rowAction(admin, '山田 太郎', 'パスワードを設定');
  const dialog = admin.getByRole('dialog', { name: 'パスワードの設定' });
  await field(admin, 'パスワード').fill('set by the administrator');
  await dialog.getByRole('button', { name: 'パスワードを設定' }).click();
  await provePassword(admin);
  await expect(admin.getByText('パスワードを設定しました。')).toBeVisible();
  await user.goto('/');
  await expect(user.getByRole('heading', { name: 'サインイン' })).toBeVisible();
  await signIn(user, { ...taro, password: 'set by the administrator' });
});

test('最後の管理者は守られる: 自分の役割と状態は変えられず、APIも拒否する', async ({ admin, user, signedIn }) => {
  await admin.goto('/admin/users');
  await rowAction(admin, '管理 一郎', '編集');
  await expect(field(admin.getByRole('dialog'), '役割')).toBeDisabled();
  await expect(field(admin.getByRole('dialog'), '有効')).toBeDisabled();
  await expect(admin.getByText('自分の役割は変更できません。', { exact: false })).toBeVisible();
  await admin.getByRole('dialog').getByRole('button', { name: 'キャンセル' }).click();
  const refused = await admin.evaluate(async () => {
    const { csrfToken } = (await (await fetch('/api/session')).json()) as { csrfToken: string };
    const page = (await (await fetch('/api/admin/users?role=admin')).json()) as {
      items: { id: string; username: string; displayName: string; salesforceId: null; version: number }[];
    };
    const own = page.items[0];
    const { username, displayName, salesforceId, version } = own ?? {};
    const reply = await fetch(`/api/admin/users/${own?.id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'x-csrf-token': csrfToken },
      body: JSON.stringify({ username, displayName, salesforceId, version, role: 'user', active: true }),
    });
    return { status: reply.status, ...((await reply.json()) as { code: string }) };
  });
  expect(refused).toMatchObject({ status: 409, code: 'last_admin_protected' });

  // A second administrator may demote the first one, whose session then ends.
  await rowAction(admin, '山田 太郎', '編集');
  await field(admin.getByRole('dialog'), '役割').selectOption('管理者');
  await admin.getByRole('dialog').getByRole('button', { name: '変更を保存' }).click();
  await provePassword(admin);
  await expect(admin.getByText('利用者を変更しました。')).toBeVisible();
  await user.goto('/admin/users');
  await signIn(user, taro);
  await rowAction(user, '管理 一郎', '編集');
  await field(user.getByRole('dialog'), '役割').selectOption('一般ユーザ');
  await user.getByRole('dialog').getByRole('button', { name: '変更を保存' }).click();
  await provePassword(user, taro.password);
  await expect(user.getByText('利用者を変更しました。')).toBeVisible();
  await admin.goto('/admin/users');
  await expect(admin.getByRole('heading', { name: 'サインイン' })).toBeVisible();
  const former = await signedIn(ichiroAdmin);
  await expect(former.getByRole('link', { name: '管理者メニュー' })).toHaveCount(0);
});
