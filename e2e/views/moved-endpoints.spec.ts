import { demoTenant } from '@argus/fake-microsoft/data/demo-company';
import { expect, type Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../fixtures/accessible.ts';
import { hanako, hanakoUpn, ichiroAdmin, taro, taroUpn } from '../fixtures/accounts.ts';
import { expectMessage } from '../fixtures/error-view.ts';
import { authorize } from '../fixtures/microsoft-pages.ts';
import { arrivals, openPortlet, refreshUntil } from '../fixtures/portlet.ts';
import {
  addSite,
  changeProvider,
  changeSettings,
  demoSecret,
  field,
  moveDialog,
  openProvider,
} from '../fixtures/setup-pages.ts';
import { test } from '../fixtures/test.ts';

/** The same server under another name is another site. */
const elsewhere = (url: string) => url.replace('localhost', '127.0.0.1');
const movedLines = ['システム管理者が Microsoft 365 への接続先を変更しました。', 'もう一度、認証してください。'];
const save = (admin: Page) => admin.getByRole('button', { name: '変更を保存' });

test('S-2: トークンエンドポイントURLを別のサイトに変更するには、秘密とパスワードが要り、影響する利用者が示され、戻すと元に戻る', async ({
  admin,
  user,
  signedIn,
  fake,
}) => {
  await authorize(user, fake, taroUpn);
  await authorize(await signedIn(hanako), fake, hanakoUpn);
  const place = `${fake.loginUrl}/${demoTenant.id}`;
  const tokenUrl = `${place}/oauth2/v2.0/token`;
  await addSite(admin, 'Other_Login', elsewhere(fake.loginUrl));
  await openProvider(admin);

  // The secret is required again while the URL is typed, and the API reports the same at its field.
  await field(admin, 'トークンエンドポイントURL').fill(elsewhere(tokenUrl));
  const secret = field(admin, 'コンシューマの秘密');
  await expect(secret).toHaveValue('');
  await expect(admin.getByText(`保存されている秘密は ${fake.loginUrl} にしか送信されません。`)).toBeVisible();
  await save(admin).click();
  await expect(secret).toBeFocused();
  await expect(secret).toHaveAttribute('aria-invalid', 'true');
  await secret.fill(demoSecret);

  await save(admin).click();
  const dialog = moveDialog(admin);
  await expect(dialog.locator('.argus-move dd')).toHaveText([place, elsewhere(place)]);
  await expect(dialog).toContainText('トークンは、変更後のサイトには送信されません。');
  await expect(dialog.getByText('2人の利用者に、もう一度認証が必要になります。')).toBeVisible();
  await expect(dialog.getByRole('listitem')).toHaveText([hanako.username, taro.username]);
  await expect(dialog.getByRole('link', { name: /^アカウント情報を開く/ })).toHaveAttribute(
    'href',
    '/admin/account-links?state=authorized',
  );
  for (const width of [1280, 768, 320]) {
    await expectNoSidewaysScroll(admin, width);
    await expectAccessible(admin, `接続先の変更の確認（${width} px）`);
  }
  await admin.setViewportSize({ width: 1280, height: 800 });

  // Nothing is saved before the password is right; the keyboard suffices.
  await admin.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(save(admin)).toBeFocused();
  await save(admin).click();
  const password = field(dialog, 'あなたのパスワード');
  await expect(password).toHaveAttribute('autocomplete', 'current-password');
  await dialog.getByRole('button', { name: '変更を保存' }).click();
  await expect(dialog.getByText('入力してください。')).toBeVisible();
  await expect(password).toBeFocused();
  await password.fill('not my password');
  await password.press('Enter');
  await expect(password).toHaveAttribute('aria-invalid', 'true');
  await expect(password).toBeFocused();
  await openPortlet(user);
  await expect(arrivals(user)).toHaveCount(10);
  await password.fill(ichiroAdmin.password);
  await password.press('Enter');
  await expect(admin.getByText('認証プロバイダを保存しました。')).toBeVisible();

  // Mail fetched by way of the origin that was left is not shown any more: only the required action is.
  await openPortlet(user);
  await expectMessage(user, movedLines);
  await expect(user.getByRole('link', { name: 'もう一度認証する' })).toBeVisible();
  await expect(arrivals(user)).toHaveCount(0);
  await user.goto('/authorization');
  await expect(user.locator('[data-state="reconnect_needed"]')).toBeVisible();

  // Every administrator is notified, on every page.
  const colleague = await signedIn(ichiroAdmin);
  await colleague.goto('/admin/users');
  const notices = colleague.getByRole('region', { name: '対応が必要なこと' });
  await expect(notices).toContainText(
    `${ichiroAdmin.username} が、認証プロバイダ「Microsoft365」のトークンエンドポイントURLのサイトを ${place} から ${elsewhere(place)} に変更しました。`,
  );
  for (const width of [1280, 768, 320]) await expectNoSidewaysScroll(colleague, width);
  await notices.getByRole('link', { name: '監査ログを開く →' }).click();
  await expect(colleague).toHaveURL(/\/admin\/audit-events\?action=token_endpoint_moved$/);
  await expect(colleague.getByRole('row').filter({ hasText: elsewhere(fake.loginUrl) })).toHaveCount(1);

  await changeProvider(admin, { トークンエンドポイントURL: tokenUrl });
  await openPortlet(user);
  await refreshUntil(user, async () => {
    await expect(user.getByRole('link', { name: 'もう一度認証する' })).toHaveCount(0, { timeout: 2_000 });
    await expect(arrivals(user)).toHaveCount(10, { timeout: 2_000 });
  });
});

test('S-2: URLを別のサイトに変更するときも同じで、パスワードの確認は10分間有効であり、戻すと何人の認証が戻るかが示される', async ({
  admin,
  user,
  fake,
}) => {
  await authorize(user, fake, taroUpn);
  await addSite(admin, 'Other_Graph', elsewhere(fake.graphUrl));
  const mailUrl = `${fake.graphUrl}/v1.0/me/mailFolders/inbox/messages`;
  await changeSettings(admin, { URL: elsewhere(mailUrl) });
  await openPortlet(user);
  await expectMessage(user, movedLines);

  await field(admin, 'URL').fill(mailUrl);
  await save(admin).click();
  const dialog = moveDialog(admin);
  await expect(dialog.getByText('もう一度認証が必要になる利用者はいません。')).toBeVisible();
  await expect(dialog.getByText('停止していた1人の認証が、再び有効になります。')).toBeVisible();
  // Their tokens were given for this very site.
  await expect(dialog).not.toContainText('変更後のサイトには送信されません');
  await expect(field(dialog, 'あなたのパスワード')).toHaveCount(0);
  await dialog.getByRole('button', { name: '変更を保存' }).click();
  await expect(admin.getByText(/^変更を保存しました。/).last()).toBeVisible();
  await refreshUntil(user, () => expect(arrivals(user)).toHaveCount(10, { timeout: 2_000 }));
  // Another path at the same site redirects nobody.
  await changeSettings(admin, { URL: `${mailUrl}?$top=5` });
});

test('S-2: 影響が分からないとき、パスワードの確認が切れたとき、待たなければならないときも、次にすることが分かる', async ({
  admin,
  fake,
}) => {
  await admin.goto('/admin/settings');
  await field(admin, 'URL').fill(`${elsewhere(fake.graphUrl)}/v1.0/me/mailFolders/inbox/messages`);
  await admin.route('**/origin-move', (route) => route.abort());
  await save(admin).click();
  const dialog = moveDialog(admin);
  await expect(dialog.getByText('もう一度認証が必要になる利用者を確認できませんでした。')).toBeVisible();
  await admin.unroute('**/origin-move');
  await dialog.getByRole('button', { name: '再読み込み' }).click();
  await expect(dialog.getByText('もう一度認証が必要になる利用者はいません。')).toBeVisible();

  // The ten minutes may end while the dialog is open.
  const problem = (status: number, code: string, retry: object) => ({
    status,
    contentType: 'application/problem+json',
    body: JSON.stringify({
      type: `/errors/${code}`,
      status,
      code,
      title: code,
      detail: code,
      lines: [code],
      retry,
      occurredAt: new Date().toISOString(),
    }),
  });
  let refused = false;
  await admin.route('**/api/admin/settings', (route) => {
    if (refused || route.request().method() !== 'PUT') return route.fallback();
    refused = true;
    return route.fulfill(problem(403, 'reauthentication_needed', { kind: 'no' }));
  });
  await field(dialog, 'あなたのパスワード').fill(ichiroAdmin.password);
  await dialog.getByRole('button', { name: '変更を保存' }).click();
  const gate = admin.getByRole('dialog', { name: 'パスワードの確認' });
  const password = field(gate, 'あなたのパスワード');
  await expect(password).toBeFocused();

  await admin.route(
    '**/api/session/reauthentication',
    (route) => route.fulfill(problem(429, 'sign_in_throttled', { kind: 'later', afterSeconds: 2 })),
    { times: 1 },
  );
  await password.fill(ichiroAdmin.password);
  await password.press('Enter');
  await expect(gate.getByRole('alert')).toContainText('sign_in_throttled');
  await expect(gate.getByRole('button', { name: /^確認して続ける \(0:0[12]\)$/ })).toBeVisible();
  await gate.getByRole('button', { name: '確認して続ける', exact: true }).click();
  await expect(admin.getByText(/^変更を保存しました。/)).toBeVisible();
});
