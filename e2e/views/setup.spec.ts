import { expect, type Locator, type Page } from '@playwright/test';
import { ichiroAdmin, taroUpn } from '../fixtures/accounts.ts';
import { authorize, startAuthorization } from '../fixtures/microsoft-pages.ts';
import { arrivals } from '../fixtures/portlet.ts';
import {
  addSite,
  changeSecret,
  changeSettings,
  field,
  openProvider,
  rowAction,
  saveProvider,
} from '../fixtures/setup-pages.ts';
import { test } from '../fixtures/test.ts';

/** The error next to the field, which is announced with it. */
function errorOf(control: Locator): Promise<string> {
  return control.evaluate((element) => {
    const ids = (element.getAttribute('aria-describedby') ?? '').split(' ');
    const parts = ids.map((id) => document.getElementById(id)).filter((part) => part?.id.endsWith('-error'));
    return element.getAttribute('aria-invalid') === 'true' ? parts.map((part) => part?.textContent).join('') : '';
  });
}

async function expectFieldErrors(page: Page, errors: Readonly<Record<string, string>>, save = '変更を保存') {
  await page.getByRole('button', { name: save, exact: true }).click();
  for (const [label, message] of Object.entries(errors)) {
    await expect.poll(() => errorOf(field(page, label)), { message: label }).toBe(message);
  }
}

const suffixRule =
  'URL接尾辞には半角の英数字と _ だけを使用できます。先頭は英字とし、_ を続けたり末尾に置いたりすることはできません。';

test.describe('基本設定', () => {
  test('誤った入力は項目の横に示され、何も保存されない', async ({ admin }) => {
    await admin.goto('/admin/settings');
    const url = await field(admin, 'URL').inputValue();
    const cases: [Record<string, string>, Record<string, string>][] = [
      [{ URL: 'graph microsoft' }, { URL: 'URLの形式が正しくありません。https:// から始まるURLを入力してください。' }],
      [{ URL: 'ftp://graph.example/v1.0' }, { URL: 'https:// または http:// から始まるURLを入力してください。' }],
      [
        { URL: 'https://user:pass@graph.example/' },
        { URL: 'URLにユーザ名やパスワード（@ の前）を含めることはできません。' },
      ],
      [{ URL: 'https://graph.example/#x' }, { URL: 'URLに # を含めることはできません。' }],
      [{ 認証プロバイダURL接尾辞: '1st' }, { 認証プロバイダURL接尾辞: suffixRule }],
      [{ 認証プロバイダURL接尾辞: 'a__b' }, { 認証プロバイダURL接尾辞: suffixRule }],
      [{ 認証プロバイダURL接尾辞: 'a_' }, { 認証プロバイダURL接尾辞: suffixRule }],
      [{ 認証プロバイダURL接尾辞: 'マイクロソフト' }, { 認証プロバイダURL接尾辞: suffixRule }],
      [{ 表示件数: '0' }, { 表示件数: '1から50までの整数を入力してください。' }],
      [{ 表示件数: '51' }, { 表示件数: '1から50までの整数を入力してください。' }],
      [{ 表示件数: 'abc' }, { 表示件数: '整数を入力してください。' }],
      [{ 全体のタイムアウト: '121' }, { 全体のタイムアウト: '1から120までの整数を入力してください。' }],
      [
        { 全体のタイムアウト: '3', 接続のタイムアウト: '4' },
        { 接続のタイムアウト: '接続のタイムアウトは、全体のタイムアウト以下にしてください。' },
      ],
    ];
    for (const [values, errors] of cases) {
      for (const [label, value] of Object.entries(values)) await field(admin, label).fill(value);
      await expectFieldErrors(admin, errors);
      await admin.getByRole('button', { name: '元に戻す' }).click();
    }
    // Several at once; the first of them has the focus.
    await field(admin, 'URL').fill('');
    await field(admin, '表示件数').fill('99');
    await expectFieldErrors(admin, { URL: '入力してください。', 表示件数: '1から50までの整数を入力してください。' });
    await expect(admin.getByText('2個の項目を確認してください。')).toBeVisible();
    await expect(field(admin, 'URL')).toBeFocused();
    await admin.getByRole('button', { name: '元に戻す' }).click();
    await admin.reload();
    await expect(field(admin, 'URL')).toHaveValue(url);
    await expect(field(admin, '表示件数')).toHaveValue('10');
    await expect(field(admin, '認証プロバイダURL接尾辞')).toHaveValue('Microsoft365');
  });

  test('形式は正しいが誤っていそうな値は、警告とともに保存される', async ({ admin }) => {
    await changeSettings(admin, {
      URL: 'https://graph.no-such-host.invalid/v1.0/me/messages',
      認証プロバイダURL接尾辞: 'Later',
    });
    for (const warning of [
      'この接尾辞の認証プロバイダはありません。登録されている接尾辞：Microsoft365。別の認証プロバイダを使用する場合は、「認証プロバイダ」で作成してください。',
      'https://graph.no-such-host.invalid はリモートサイトに登録されていません。登録するまで、この呼び出しはできません。',
      'URLが …/mailFolders/…/messages の形ではないため、未読件数は表示されません。',
      'graph.no-such-host.invalid が見つかりません（DNS）。ホスト名に誤りがないか確認してください。',
    ]) {
      await expect(admin.getByText(warning)).toBeVisible();
    }
    await admin.reload();
    await expect(field(admin, '認証プロバイダURL接尾辞')).toHaveValue('Later');
    // Once registered, the host is looked up: now it is reported as not resolving.
    await addSite(admin, 'No_Such_Host', 'https://graph.no-such-host.invalid').catch(() => undefined);
    await admin.goto('/admin/settings');
  });

  test('URLを入力すると、どのサイトを呼び出し、登録されているかがその場で分かる', async ({ admin, fake }) => {
    await admin.goto('/admin/settings');
    await expect(
      admin.getByText(`${fake.graphUrl} は、リモートサイト「Microsoft_Graph」に登録されています。`),
    ).toBeVisible();
    await field(admin, 'URL').fill('https://graph.micorsoft.example/v1.0/me/messages');
    await expect(
      admin.getByText(
        'https://graph.micorsoft.example はリモートサイトに登録されていません。このままでは呼び出せません。',
      ),
    ).toBeVisible();
    await field(admin, '認証プロバイダURL接尾辞').fill('Nowhere');
    await expect(admin.getByText('URL接尾辞が Nowhere の認証プロバイダはありません。')).toBeVisible();
    await admin.getByRole('button', { name: '元に戻す' }).click();
  });

  test('別の管理者が先に保存したとき、入力は失われず、最新を読み込んで保存できる', async ({ admin, signedIn }) => {
    const other = await signedIn(ichiroAdmin);
    await admin.goto('/admin/settings');
    await field(admin, '表示件数').fill('12');
    await changeSettings(other, { 自動更新の間隔: '120' });
    await admin.getByRole('button', { name: '変更を保存' }).click();
    await expect(admin.getByText('別の管理者がこのデータを変更しました。')).toBeVisible();
    await admin.getByRole('button', { name: '最新を読み込む' }).click();
    await expect(field(admin, '表示件数')).toHaveValue('12');
    await expect(field(admin, '自動更新の間隔')).toHaveValue('120');
    await admin.getByRole('button', { name: '変更を保存' }).click();
    await expect(admin.getByText(/^変更を保存しました。/)).toBeVisible();
  });

  test('保存せずに移動しようとすると確認される', async ({ admin }) => {
    await admin.goto('/admin/settings');
    await field(admin, '表示件数').fill('7');
    await admin.getByRole('link', { name: 'リモートサイト', exact: true }).click();
    const dialog = admin.getByRole('dialog', { name: '変更は保存されていません' });
    await dialog.getByRole('button', { name: 'このページに留まる' }).click();
    await expect(field(admin, '表示件数')).toHaveValue('7');
    await admin.getByRole('link', { name: 'リモートサイト', exact: true }).click();
    await dialog.getByRole('button', { name: '保存せずに移動' }).click();
    await expect(admin.getByRole('heading', { name: 'リモートサイト', level: 1 })).toBeVisible();
  });
});

test.describe('認証プロバイダ', () => {
  test('誤った入力と重複は項目の横に示される', async ({ admin }) => {
    await admin.goto('/admin/auth-providers/new');
    await expectFieldErrors(
      admin,
      {
        名前: '入力してください。',
        URL接尾辞: '入力してください。',
        コンシューマ鍵: '入力してください。',
        承認エンドポイントURL: '入力してください。',
        トークンエンドポイントURL: '入力してください。',
        デフォルトの範囲: '入力してください。',
      },
      '作成',
    );
    await field(admin, '名前').fill('二つ目');
    await field(admin, 'URL接尾辞').fill('microsoft365');
    await field(admin, 'コンシューマ鍵').fill('client');
    await field(admin, '承認エンドポイントURL').fill('mailto:someone@example.com');
    await field(admin, 'トークンエンドポイントURL').fill('https://');
    await field(admin, 'デフォルトの範囲').fill('openid メール');
    await field(admin, 'コンシューマの秘密の有効期限').fill('2027/02/30');
    await expectFieldErrors(
      admin,
      {
        承認エンドポイントURL: 'https:// または http:// から始まるURLを入力してください。',
        トークンエンドポイントURL: 'URLの形式が正しくありません。https:// から始まるURLを入力してください。',
        デフォルトの範囲: '範囲は半角の文字を空白で区切って入力してください。',
        コンシューマの秘密の有効期限: '日付は 2027/05/20 または 2027-05-20 の形式で入力してください。',
      },
      '作成',
    );
    await field(admin, '承認エンドポイントURL').fill('https://login.example/authorize');
    await field(admin, 'トークンエンドポイントURL').fill('https://login.example/token');
    await field(admin, 'デフォルトの範囲').fill('openid offline_access');
    await field(admin, 'コンシューマの秘密の有効期限').fill('2027/05/20');
    // Suffixes are case-insensitive, as in Salesforce.
    await expectFieldErrors(admin, { URL接尾辞: 'このURL接尾辞は既に使用されています。' }, '作成');
    await admin.getByRole('link', { name: '認証プロバイダへ戻る' }).click();
    await admin.getByRole('button', { name: '保存せずに移動' }).click();
    await expect(admin.getByRole('row')).toHaveCount(2);
  });

  test('コンシューマの秘密は書き込み専用で、どの応答にも画面にも現れない', async ({ admin, argus }) => {
    const secret = 'canary~write-only-9f3b';
    const replies: Promise<string>[] = [];
    admin.on('response', (response) => {
      if (response.url().startsWith(`${argus.url}/api/`)) replies.push(response.text().catch(() => ''));
    });
    await changeSecret(admin, secret);
    await admin.reload();
    await expect(admin.getByText(/^設定済み · \d{4}\/\d{2}\/\d{2}$/)).toBeVisible();
    await admin.getByRole('button', { name: '変更', exact: true }).click();
    await expect(field(admin, 'コンシューマの秘密')).toHaveValue('');
    // An emptied field is refused; keeping the stored one is a separate choice.
    await expectFieldErrors(admin, { コンシューマの秘密: '入力してください。' });
    await admin.getByRole('button', { name: '変更しない' }).click();
    await field(admin, 'コンシューマの秘密の有効期限').fill('2099-01-31');
    await saveProvider(admin);
    await expect(admin.getByText('期限 2099/01/31', { exact: false })).toBeVisible();
    await admin.goto('/admin/audit-events');
    await expect(admin.getByRole('row').filter({ hasText: '認証プロバイダの変更' }).first()).toBeVisible();
    expect((await Promise.all(replies)).join('\n')).not.toContain(secret);
    expect(await admin.content()).not.toContain(secret);
    expect(argus.output()).not.toContain(secret);
  });

  test('コールバックURLと認証開始URLをコピーでき、認証開始URLから認証を始められる', async ({ admin, user, argus }) => {
    await openProvider(admin);
    await admin.getByRole('button', { name: 'コールバックURLをコピー' }).click();
    const clipboard = () => admin.evaluate(() => navigator.clipboard.readText());
    expect(await clipboard()).toBe(`${argus.url}/services/authcallback/Microsoft365`);
    await admin.getByRole('button', { name: '認証開始URLをコピー' }).click();
    const startUrl = await clipboard();
    expect(startUrl).toBe(`${argus.url}/services/auth/oauth/Microsoft365`);
    await user.goto(startUrl);
    await expect(user.getByRole('button', { name: taroUpn })).toBeVisible();
  });

  test('Microsoft Entraの入力補助は、テナントからエンドポイントURLと範囲を入力する', async ({ admin }) => {
    await admin.goto('/admin/auth-providers/new');
    await field(admin, 'テナント').fill('contoso.onmicrosoft.com');
    await admin.getByRole('button', { name: '入力する' }).click();
    await expect(field(admin, 'トークンエンドポイントURL')).toHaveValue(
      'https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token',
    );
    await expect(field(admin, '承認エンドポイントURL')).toHaveValue(
      'https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/authorize',
    );
    await expect(field(admin, 'デフォルトの範囲')).toHaveValue(/offline_access/);
  });

  test('保存済みの認証プロバイダでも、入力補助と例からエンドポイントURLを直せ、ほかの項目は変わらない', async ({
    admin,
  }) => {
    await openProvider(admin);
    await expect(
      admin.getByText('例：https://login.microsoftonline.com/(テナントID)/oauth2/v2.0/authorize'),
    ).toBeVisible();
    await expect(admin.getByText('例：https://login.microsoftonline.com/(テナントID)/oauth2/v2.0/token')).toBeVisible();
    // A registered site says nothing about the path.
    await expect(admin.getByText('URLのパスは確認していません。')).toBeVisible();
    const token = field(admin, 'トークンエンドポイントURL');
    const stored = await token.inputValue();
    const scopes = await field(admin, 'デフォルトの範囲').inputValue();
    await field(admin, 'テナント').fill('contoso.onmicrosoft.com');
    await admin.getByRole('button', { name: '入力する' }).click();
    await expect(token).toHaveValue('https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token');
    await expect(field(admin, '承認エンドポイントURL')).toHaveValue(
      'https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/authorize',
    );
    await expect(field(admin, 'デフォルトの範囲')).toHaveValue(scopes);
    // Nothing was saved.
    await admin.getByRole('button', { name: '元に戻す' }).click();
    await expect(token).toHaveValue(stored);
  });
});

test.describe('リモートサイト', () => {
  test('誤った入力と重複は項目の横に示される', async ({ admin, fake }) => {
    await admin.goto('/admin/remote-sites/new');
    const create = 'リモートサイトを追加';
    await expectFieldErrors(admin, { 名前: '入力してください。', リモートサイトのURL: '入力してください。' }, create);
    await field(admin, '名前').fill('Plain');
    await field(admin, 'リモートサイトのURL').fill('http://plain.example');
    await expectFieldErrors(
      admin,
      { リモートサイトのURL: 'http:// のサイトを登録するには「プロトコルセキュリティの無効化」を選択してください。' },
      create,
    );
    await field(admin, 'リモートサイトのURL').fill(`${fake.graphUrl.toUpperCase().replace('HTTP', 'http')}/v1.0`);
    await field(admin, 'プロトコルセキュリティの無効化').check();
    await expectFieldErrors(
      admin,
      { リモートサイトのURL: 'このサイトは「Microsoft_Graph」として既に登録されています。' },
      create,
    );
    await field(admin, '名前').fill('Microsoft_Graph');
    await field(admin, 'リモートサイトのURL').fill('http://plain.example');
    await expectFieldErrors(admin, { 名前: 'この名前は既に使用されています。' }, create);
  });

  test('ops T31: 許可するアドレス範囲は、許可できるものだけが保存され、一覧に表示される', async ({ admin }) => {
    await admin.goto('/admin/remote-sites');
    await admin.getByRole('link', { name: 'Microsoft_Graph' }).click();
    const ranges = field(admin, '許可するアドレス範囲');
    await ranges.fill('10.1.0.0/16\n169.254.169.254');
    await admin.getByRole('button', { name: '変更を保存' }).click();
    await expect(admin.getByText('「169.254.169.254」は許可できません。')).toBeVisible();
    await ranges.fill('10.1.2.3/16 100.64.0.0/10');
    await admin.getByRole('button', { name: '変更を保存' }).click();
    await expect(ranges).toHaveValue('10.1.0.0/16\n100.64.0.0/10');
    await admin.goto('/admin/remote-sites');
    await expect(admin.getByText('許可するアドレス：10.1.0.0/16, 100.64.0.0/10')).toBeVisible();
    // The switch of the list leaves them.
    await admin.getByRole('switch', { name: 'Microsoft_Graphを有効にする' }).click();
    await admin.getByRole('dialog').getByRole('button', { name: '無効にする' }).click();
    await expect(admin.getByText('「Microsoft_Graph」を無効にしました。')).toBeVisible();
    await expect(admin.getByText('許可するアドレス：10.1.0.0/16, 100.64.0.0/10')).toBeVisible();
  });

  test('エラー画面の「このサイトを追加」から、確認のうえ登録すると、メールが表示される', async ({
    admin,
    user,
    fake,
  }) => {
    await admin.goto('/admin/remote-sites');
    await rowAction(admin, 'Microsoft_Login', '削除');
    await admin.getByRole('dialog').getByRole('button', { name: '削除' }).click();
    await expect(admin.getByText('リモートサイトを削除しました。')).toBeVisible();

    await startAuthorization(admin);
    await admin.getByText('管理者向け：原因と対応方法').click();
    await admin.getByRole('link', { name: 'このサイトを追加 →' }).click();
    await expect(field(admin, 'リモートサイトのURL')).toHaveValue(fake.loginUrl);
    await expect(
      admin.getByText(
        'URLの入力誤りかもしれません。登録したサイトには、コンシューマの秘密やアクセストークンが送信されることがあります。',
      ),
    ).toBeVisible();
    const create = admin.getByRole('button', { name: 'リモートサイトを追加' });
    await create.click();
    await expect(admin.getByText('呼び出し先を確認し、チェックを入れてください。')).toBeVisible();
    await admin.getByLabel(`${fake.loginUrl} で間違いないことを確認しました`).check();
    await field(admin, '名前').fill('Microsoft_Login');
    await field(admin, 'プロトコルセキュリティの無効化').check();
    await create.click();
    await expect(admin.getByText('リモートサイトを追加しました。')).toBeVisible();

    await authorize(user, fake, taroUpn);
    await user.goto('/');
    await expect(arrivals(user)).toHaveCount(10);
  });
});

test('監査ログ: 誰が何をどう変えたかが残り、期間で絞り込める', async ({ admin }) => {
  await changeSettings(admin, { 表示件数: '25' });
  await admin.goto('/admin/audit-events');
  const row = admin.getByRole('row').filter({ hasText: '基本設定の変更' }).first();
  for (const text of ['admin@argus.example', '表示件数', '10', '25']) await expect(row).toContainText(text);
  const until = admin.getByLabel('終了日時');
  const hint = admin.getByText('終了日時には、開始日時より後の日時を入力してください。');
  await admin.getByLabel('開始日時').fill('2026-01-02T00:00');
  await until.fill('2026-01-01T00:00');
  await expect(hint).toBeVisible();
  await expect(until).toHaveAttribute('aria-invalid', 'true');
  await until.fill('2100-01-01T00:00');
  await expect(hint).toHaveCount(0);
  await expect(row).toBeVisible();
});
