import { expect, type Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../fixtures/accessible.ts';
import { goro, ichiroAdmin, taroUpn } from '../fixtures/accounts.ts';
import { authorize } from '../fixtures/microsoft-pages.ts';
import { arrivals, openPortlet } from '../fixtures/portlet.ts';
import { changeLink, field, provePassword, rowAction } from '../fixtures/setup-pages.ts';
import { test } from '../fixtures/test.ts';

/** The names in the table, top to bottom. */
function names(admin: Page) {
  return admin.getByRole('table', { name: 'アカウント情報の一覧' }).getByRole('rowheader');
}

/**
 * Creates `count` more portal accounts, each with a link, by the API and the page's own session: only the table is
 * tested.
 */
async function addLinks(admin: Page, count: number): Promise<void> {
  const add = async ({ howMany, password }: { howMany: number; password: string }) => {
    const session = (await (await fetch('/api/session')).json()) as { csrfToken: string };
    let { csrfToken } = session;
    const post = async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json', 'x-csrf-token': csrfToken };
      const reply = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
      if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
      return (await reply.json()) as { csrfToken?: string };
    };
    // Creating users asks for the administrator's password.
    const proved = await post('/api/session/reauthentication', { password });
    csrfToken = proved.csrfToken ?? csrfToken;
    for (let index = 1; index <= howMany; index += 1) {
      const number = String(index).padStart(2, '0');
      const username = `extra${number}@argus.example`;
      const account = { username, displayName: `追加 ${number}`, role: 'user', salesforceId: null };
      await post('/api/admin/users', { ...account, password: `a long password ${number}` });
      await post('/api/admin/account-links', { username, microsoftAccount: `extra${number}@contoso.example` });
    }
  };
  await admin.evaluate(add, { howMany: count, password: ichiroAdmin.password });
}

test('検索には長い貼り付けも入れられ、APIが受け取れる長さに切り詰められる', async ({ admin }) => {
  await admin.goto('/admin/account-links');
  await admin.getByRole('searchbox').fill('あ'.repeat(20_000));
  await expect(admin.getByText('条件に一致するデータはありません。')).toBeVisible();
  await admin.reload();
  await expect(admin.getByRole('searchbox')).toHaveValue('あ'.repeat(320));
  await admin.goto('/admin/audit-events');
  const actor = admin.getByLabel('操作した人');
  await admin.evaluate((text) => navigator.clipboard.writeText(text), 'あ'.repeat(20_000));
  await actor.focus();
  await admin.keyboard.press('Control+V');
  await expect(admin.getByText('条件に一致するデータはありません。')).toBeVisible();
});

test('検索・並べ替え・ページ切り替えはアドレスに残り、戻るボタンで戻る', async ({ admin }) => {
  await admin.goto('/admin/account-links');
  await expect(names(admin)).toHaveCount(7);
  await addLinks(admin, 34);
  await admin.goto('/admin/account-links?size=20');
  await expect(admin.getByText('41件中 1–20件')).toBeVisible();
  await admin.getByRole('button', { name: '次のページ' }).click();
  await expect(admin.getByText('41件中 21–40件')).toBeVisible();
  await expect(names(admin)).toHaveCount(20);
  // The next page is read from its start.
  await expect(names(admin).first()).toBeInViewport();
  await expect(admin).toHaveURL(/page=2/);
  await admin.reload();
  await expect(admin.getByText('41件中 21–40件')).toBeVisible();
  await admin.getByRole('button', { name: '先頭', exact: true }).click();
  await expect(admin.getByText('41件中 1–20件')).toBeVisible();
  await expect(admin.getByRole('button', { name: '前のページ' })).toBeDisabled();
  await admin.goBack();
  await expect(admin.getByText('41件中 21–40件')).toBeVisible();
  await admin.getByRole('button', { name: '前のページ' }).click();
  await expect(admin.getByText('41件中 1–20件')).toBeVisible();
  await admin.goBack();
  await admin.getByLabel('表示件数').selectOption('50');
  await expect(admin.getByText('41件中 1–41件')).toBeVisible();
  await expect(admin).not.toHaveURL(/after=|before=/);
  // An invalid cursor leads to the first page.
  await admin.goto('/admin/account-links?size=20&after=x&page=2');
  await expect(admin.getByText('41件中 1–20件')).toBeVisible();

  await admin.getByRole('button', { name: 'Microsoft365アカウント' }).click();
  await expect(names(admin).first()).toContainText('管理 一郎');
  await admin.getByRole('button', { name: 'Microsoft365アカウント' }).click();
  await expect(names(admin).first()).toContainText('山田 太郎');
  await expect(admin).toHaveURL(/sort=microsoftAccount/);

  // Full-width letters and capitals find the same, by any part.
  const search = admin.getByLabel('ユーザ名・アカウントの一部で検索');
  await search.fill('ＥＸＴＲＡ０');
  await expect(names(admin)).toHaveCount(9);
  await search.fill('山田');
  await expect(names(admin)).toHaveCount(1);
  await admin.reload();
  await expect(names(admin)).toHaveText(['山田 太郎']);
  await search.fill('tra0');
  await expect(names(admin)).toHaveCount(9);
  await search.fill('fabrikam');
  await expect(admin.getByText('条件に一致するデータはありません。')).toBeVisible();
  await admin.getByRole('button', { name: '条件をクリア' }).click();
  await expect(admin.getByText(/^41件中/)).toBeVisible();
});

test('認証状況で絞り込め、最終成功と最終取得エラーが分かる', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  await user.goto('/');
  await expect(arrivals(user)).toHaveCount(10);
  await admin.goto('/admin/account-links');
  await admin.getByText('認証済み', { exact: true }).first().click();
  await expect(names(admin)).toHaveText(['山田 太郎']);
  const row = admin.getByRole('row', { name: /山田 太郎/ });
  await expect(row.locator('time').first()).toHaveText(/^(たった今|\d{1,2}\s?分前)$/);
  fake.control.addFault({ target: 'messages', kind: 'status', status: 403 });
  await expect(async () => {
    await user.getByRole('button', { name: '再読み込み', exact: true }).first().click();
    await expect(user.getByRole('button', { name: '詳細' })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await admin.reload();
  await expect(admin.getByRole('columnheader', { name: '最終取得エラー' })).toBeVisible();
  await row.getByRole('link', { name: 'メールの取得に失敗しました。' }).click();
  await expect(admin).toHaveURL(/\/admin\/error-events\?username=taro\.yamada.*code=mail_access_denied/);
  await expect(admin.getByRole('rowheader')).toHaveCount(1);
});

test('紐づけの追加: 誤った入力と、両側の重複は項目の横に示される', async ({ admin }) => {
  await admin.goto('/admin/account-links');
  await admin.getByRole('button', { name: '紐づけを追加' }).click();
  const dialog = admin.getByRole('dialog', { name: '紐づけの追加' });
  const attempt = async (username: string, microsoftAccount: string, message: string) => {
    await dialog.getByLabel('Salesforceアカウント').fill(username);
    await dialog.getByLabel('Microsoft365アカウント').fill(microsoftAccount);
    await dialog.getByRole('button', { name: '紐づけを追加' }).click();
    await expect(dialog.getByText(message)).toBeVisible();
  };
  await attempt(
    'nobody@argus.example',
    'x@contoso.example',
    'このSalesforceアカウントは存在しません。先に「利用者」で登録してください。',
  );
  await attempt(
    goro.username,
    'contoso.example',
    'Microsoft365アカウント（例：taro@contoso.com）の形式で入力してください。',
  );
  // One to one, in both directions, regardless of case and width.
  await attempt(
    goro.username,
    'ＴＡＲＯ.YAMADA@contoso.example',
    'このMicrosoft365アカウントは、既に taro.yamada@argus.example に紐づけられています。',
  );
  await attempt(
    'TARO.YAMADA@argus.example',
    'new@contoso.example',
    'このSalesforceアカウントには、既に taro.yamada@contoso.example が紐づけられています。',
  );
  await dialog.getByRole('button', { name: 'キャンセル' }).click();
  await expect(names(admin)).toHaveCount(7);
  await rowAction(admin, '山田 太郎', '編集');
  await admin.getByRole('dialog').getByLabel('Microsoft365アカウント').fill('hanako.sato@contoso.example');
  await admin.getByRole('dialog').getByRole('button', { name: '変更を保存' }).click();
  await expect(
    admin.getByText('このMicrosoft365アカウントは、既に hanako.sato@argus.example に紐づけられています。'),
  ).toBeVisible();
});

test('S-13: ほかの人が認証したMicrosoft365アカウントを紐づけるには、管理者自身のパスワードが要る', async ({
  admin,
  user,
  fake,
}) => {
  await authorize(user, fake, taroUpn);
  await changeLink(admin, '山田 太郎', 'moved@contoso.example');
  await admin.getByRole('button', { name: '紐づけを追加' }).click();
  const form = admin.getByRole('dialog', { name: '紐づけの追加' });
  await form.getByLabel('Salesforceアカウント').fill(goro.username);
  await form.getByLabel('Microsoft365アカウント').fill(taroUpn);
  const add = form.getByRole('button', { name: '紐づけを追加' });
  await add.click();

  const gate = admin.getByRole('dialog', { name: 'パスワードの確認' });
  const password = field(gate, 'あなたのパスワード');
  await expect(password).toBeFocused();
  for (const width of [1280, 768, 320]) {
    await expectNoSidewaysScroll(admin, width);
    await expectAccessible(admin, `パスワードの確認（${width} px）`);
  }
  await password.fill('wrong password');
  await password.press('Enter');
  await expect(password).toHaveAttribute('aria-invalid', 'true');

  // Without the password nothing is changed, and the input is still there.
  await admin.keyboard.press('Escape');
  await expect(gate).toHaveCount(0);
  await expect(form.getByLabel('Microsoft365アカウント')).toHaveValue(taroUpn);
  await expect(form.getByRole('alert')).toBeVisible();
  await add.click();
  await provePassword(admin);
  await expect(admin.getByText('紐づけを追加しました。')).toBeVisible();
  await expect(admin.getByRole('row', { name: /小林 五郎/ })).toContainText(taroUpn);
});

test('people 20: 選択した紐づけをまとめて削除し、元に戻せて、認証も再び有効になる', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  await openPortlet(user);
  await expect(arrivals(user)).toHaveCount(10);
  await admin.goto('/admin/account-links');
  for (const name of ['山田 太郎', '佐藤 花子']) await admin.getByRole('checkbox', { name: `${name}を選択` }).check();
  await expectAccessible(admin, 'アカウント情報（選択）');
  await admin.getByRole('button', { name: '2件の紐づけを削除' }).click();
  const dialog = admin.getByRole('dialog', { name: '選択した紐づけを削除する' });
  await dialog.getByRole('button', { name: '削除', exact: true }).click();
  await expect(dialog.getByText('2件が完了しました。')).toBeVisible();
  await expect(names(admin).filter({ hasText: '山田 太郎' })).toHaveCount(0);
  await user.reload();
  await expect(user.getByText('Microsoft365アカウントが設定されていません。')).toBeVisible();
  await dialog.getByRole('button', { name: '元に戻す' }).click();
  await expect(dialog.getByText('2件を元に戻しました。')).toBeVisible();
  await dialog.getByRole('button', { name: '閉じる' }).last().click();
  await expect(names(admin).filter({ hasText: '山田 太郎' })).toHaveCount(1);
  await user.reload();
  await expect(arrivals(user)).toHaveCount(10);
});
