import { expect } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../fixtures/accessible.ts';
import { taro, taroUpn } from '../fixtures/accounts.ts';
import { customerRows } from '../fixtures/customer-rows.ts';
import { diagnose, expectEnded, expectFirstFailure, expectSteps, lineOf, step } from '../fixtures/doctor-page.ts';
import { followToField } from '../fixtures/error-view.ts';
import { authorize, playFault } from '../fixtures/microsoft-pages.ts';
import { changeSecret, changeSettings, field, rowAction, switchSite } from '../fixtures/setup-pages.ts';
import { test } from '../fixtures/test.ts';

test('接続診断: 問題のない利用者は、メールの取得まですべて成功し、メールの内容は表示されない', async ({
  admin,
  user,
  fake,
}) => {
  await authorize(user, fake, taroUpn);
  await admin.goto('/admin/account-links');
  await rowAction(admin, '山田 太郎', '接続診断');
  // Nothing is called before somebody starts it.
  await expect(admin.getByLabel('診断する利用者')).toHaveValue(taro.username);
  await expect(admin.locator('[data-run-state]')).toHaveCount(0);
  await admin.getByRole('button', { name: '診断を開始' }).click();
  await expectEnded(admin);
  await expectSteps(admin, {
    suffix: '成功',
    provider: '成功',
    authorize_url: '成功',
    token_site: '成功',
    mail_site: '成功',
    token_dns: '成功',
    mail_dns: '成功',
    token_endpoint: '成功',
    client_secret: '成功',
    link: '成功',
    grant: '成功',
    refresh: '成功',
    identity: '成功',
    account_match: '成功',
    mailbox: '成功',
    messages: '成功',
    // The fake uses plain http: a missing certificate does not count as good.
    token_tls: '確認できません',
    mail_tls: '確認できません',
  });
  await expect(admin.getByText('失敗した手順はありません。確認していない手順が2件あります。').first()).toBeVisible();
  await lineOf(admin, 'messages').click();
  await expect(step(admin, 'messages').getByText('取得した件数')).toBeVisible();
  await expect(step(admin, 'account_match')).toContainText(taroUpn);
  await expect(admin.locator('main')).not.toContainText('見積書');

  // The run has its own address: it survives a reload, and back leads to the choice.
  await expect(admin).toHaveURL(/\/admin\/diagnosis\?username=taro\.yamada%40argus\.example&run=[0-9a-f-]{36}$/);
  await admin.reload();
  await expectSteps(admin, { messages: '成功' });
  await admin.getByRole('button', { name: '診断結果をコピー' }).click();
  const copied = await admin.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain('18. メールの取得: 成功');
  expect(copied).toContain(taroUpn);
  const row = admin.getByRole('row', { name: /失敗なし/ });
  await expect(row).toContainText(taro.username);
});

test('接続診断: 「もう一度診断」と「戻る」で、診断ごとのURLを行き来できる', async ({ admin }) => {
  await diagnose(admin, taro.username);
  const first = admin.url();
  // A slow start is announced; the pressed button disappears with the previous run.
  await admin.route('**/api/admin/doctor-runs', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await route.continue();
  });
  await admin.getByRole('button', { name: 'もう一度診断' }).click();
  await expect(admin.getByRole('button', { name: '診断を開始しています…' })).toBeVisible();
  await expect(admin).not.toHaveURL(first);
  await expect(admin.getByRole('heading', { name: '診断結果' })).toBeFocused();
  await admin.unrouteAll({ behavior: 'wait' });
  await expectEnded(admin);
  await admin.goBack();
  await expect(admin).toHaveURL(first);
  await expectEnded(admin);
  await admin.goForward();
  await expect(admin).not.toHaveURL(first);
  await expect(admin.getByRole('row', { name: /失敗 認証の有無/ })).toHaveCount(2);
  // Opened from the list, a past run has the focus.
  await admin
    .getByRole('row', { name: /失敗 認証の有無/ })
    .last()
    .getByRole('link')
    .click();
  await expect(admin).toHaveURL(first);
  await expect(admin.getByRole('heading', { name: '診断結果' })).toBeFocused();
  await admin.goto(first.replace(/run=.{8}/, 'run=00000000'));
  await expect(admin.getByRole('alert')).toBeVisible();
});

test('接続診断: コンシューマの秘密の誤りは、その手順で失敗し、項目へ導かれ、直すと成功する', async ({
  admin,
  user,
  fake,
}) => {
  await authorize(user, fake, taroUpn);
  await changeSecret(admin, 'mistyped-secret');
  await diagnose(admin, taro.username);
  await expectFirstFailure(
    admin,
    'client_secret',
    customerRows.B7.lines,
    '「コンシューマの秘密」に誤りがないか、または期限が切れていないか確認してください。',
  );
  await expect(step(admin, 'client_secret')).toContainText('7000215');
  await expect(admin.getByText('「コンシューマ鍵とコンシューマの秘密」で失敗しました。').first()).toBeVisible();
  await expectSteps(admin, { token_endpoint: '成功', messages: '未到達' });
  await followToField(admin, 'コンシューマの秘密');
  await field(admin, 'コンシューマの秘密').fill('demo~8Q2tXw7Lr.not-a-secret_K5vZp');
  await admin.getByRole('button', { name: '変更を保存' }).click();
  await expect(admin.getByText('認証プロバイダを保存しました。')).toBeVisible();
  await diagnose(admin, taro.username);
  await expectSteps(admin, { client_secret: '成功', messages: '成功' });
});

test('接続診断: 期限切れの秘密は、誤った秘密と区別される', async ({ admin, fake }) => {
  fake.control.setSecretState('expired');
  await diagnose(admin, null);
  await expectSteps(admin, { token_endpoint: '成功', client_secret: '失敗' });
  await expect(step(admin, 'client_secret')).toContainText('7000222');
});

test('接続診断: リモートサイトの不足は、そこから登録し、元の診断に戻って確かめられる', async ({
  admin,
  user,
  fake,
}) => {
  await authorize(user, fake, taroUpn);
  await admin.goto('/admin/remote-sites');
  await rowAction(admin, 'Microsoft_Graph', '削除');
  await admin.getByRole('dialog').getByRole('button', { name: '削除' }).click();
  await expect(admin.getByText('リモートサイトを削除しました。')).toBeVisible();
  fake.control.clearRequests();
  await diagnose(admin, taro.username);
  await expectFirstFailure(
    admin,
    'mail_site',
    customerRows.B5.lines,
    'Salesforce リモートサイトの設定から「リモートサイトのURL」に誤りがないか確認してください。',
  );
  await expectSteps(admin, { token_site: '成功', mail_dns: '未到達', messages: '未到達' });
  expect(fake.control.requests().filter(({ path }) => path.startsWith('/v1.0'))).toEqual([]);
  const run = admin.url();

  await step(admin, 'mail_site').getByRole('link', { name: 'このサイトを追加 →' }).click();
  await expect(field(admin, 'リモートサイトのURL')).toHaveValue(fake.graphUrl);
  await admin.getByLabel(`${fake.graphUrl} で間違いないことを確認しました`).check();
  await field(admin, '名前').fill('Microsoft_Graph');
  await field(admin, 'プロトコルセキュリティの無効化').check();
  await admin.getByRole('button', { name: 'リモートサイトを追加' }).click();
  await expect(admin).toHaveURL(run);
  await admin.getByRole('button', { name: 'もう一度診断' }).click();
  await expect(admin).not.toHaveURL(run);
  await expectEnded(admin);
  await expectSteps(admin, { mail_site: '成功', messages: '成功' });
});

test('接続診断: 無効なリモートサイトは、そこから有効にし、元の診断に戻れる', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  await switchSite(admin, 'Microsoft_Graph', false);
  await diagnose(admin, taro.username);
  await expectSteps(admin, { mail_site: '失敗' });
  await expect(step(admin, 'mail_site')).toContainText('登録されているサイト（無効）');
  const run = admin.url();
  await step(admin, 'mail_site').getByRole('link', { name: 'このサイトを有効にする →' }).click();
  // It is already registered, so it is not added again.
  await expect(admin.getByText(`${fake.graphUrl} は登録されていますが、有効ではありません。`)).toBeVisible();
  await admin.getByRole('button', { name: '有効にする' }).click();
  await admin.getByRole('dialog').getByRole('button', { name: '有効にする' }).click();
  await expect(
    admin.getByText(`${fake.graphUrl} は、リモートサイト「Microsoft_Graph」に登録されています。`),
  ).toBeVisible();
  await admin.getByRole('button', { name: '元の画面へ戻る' }).click();
  await expect(admin).toHaveURL(run);
});

test('接続診断: メールボックスのライセンスがない', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  fake.control.setMailbox(taroUpn, false);
  await diagnose(admin, taro.username);
  await expectSteps(admin, { identity: '成功', account_match: '成功', mailbox: '失敗' });
  await expect(step(admin, 'mailbox')).toContainText('MailboxNotEnabledForRESTAPI');
  await expect(step(admin, 'mailbox').locator('.argus-lines p').first()).toBeVisible();
});

test('接続診断: 応答しない相手がいても、タイムアウトの時間内に終わる', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  await changeSettings(admin, { 全体のタイムアウト: '3', 接続のタイムアウト: '1' });
  await playFault(fake, 'メールの応答が返らない', { target: 'messages', kind: 'hangBeforeHeaders' });
  await diagnose(admin, taro.username);
  await expectSteps(admin, { mailbox: '成功', messages: '失敗' });
  await expect(step(admin, 'messages').locator('.argus-lines p').first()).toHaveText(
    'メール取得実行時にタイムアウトが発生しました。',
  );
});

test('接続診断: 利用者を選ばなければ、設定だけを確かめ、利用者ごとの手順は確認しない', async ({ admin }) => {
  await diagnose(admin, null);
  await expectSteps(admin, {
    client_secret: '成功',
    link: '確認できません',
    grant: '確認できません',
    messages: '確認できません',
  });
  await expect(step(admin, 'link')).toContainText('利用者を選んでいないため、確認していません。');
  await lineOf(admin, 'client_secret').click();
  await expect(step(admin, 'client_secret')).toContainText('client_credentialsによる確認');
  await expect(admin.getByRole('row', { name: /設定だけ（利用者なし）/ })).toBeVisible();
});

test('接続診断: 存在しない利用者と空欄は、項目の横に示される', async ({ admin }) => {
  await admin.goto('/admin/diagnosis');
  const username = admin.getByLabel('診断する利用者');
  await admin.getByRole('button', { name: '診断を開始' }).click();
  await expect(admin.getByText('利用者を入力してください。利用者を選ばずに診断することもできます。')).toBeVisible();
  await expect(username).toBeFocused();
  await username.fill('nobody@argus.example');
  await admin.keyboard.press('Enter');
  await expect(admin.getByText('この利用者は見つかりません。候補から選択してください。')).toBeVisible();
  // A display name that only one user has is enough.
  await username.fill('山田 太郎');
  await expect(admin.locator('datalist option')).toHaveCount(1);
  await admin.keyboard.press('Enter');
  await expectEnded(admin);
  await expect(admin).toHaveURL(/username=taro\.yamada/);
});

test('WEB08: 接続診断はキーボードだけで操作でき、結果は読み上げられる', async ({ admin }) => {
  await admin.goto('/admin/diagnosis');
  await admin.getByLabel('診断する利用者').focus();
  await admin.keyboard.type(taro.username);
  await admin.keyboard.press('Tab');
  await expect(admin.getByRole('button', { name: '診断を開始' })).toBeFocused();
  await admin.keyboard.press('Enter');
  await expectEnded(admin);
  await expect(
    admin
      .getByRole('status')
      .filter({ hasText: /診断が終わりました。接続の設定に問題はありません。.* がMicrosoft 365と認証すると/ }),
  ).toHaveCount(1);
  // The focus stayed where it was while the page loaded.
  await expect(admin.getByRole('button', { name: '診断を開始' })).toBeFocused();
  for (let count = 0; count < 6; count += 1) {
    await admin.keyboard.press('Tab');
    if (await admin.getByRole('button', { name: '手順を見る' }).evaluate((e) => e === document.activeElement)) break;
  }
  await admin.keyboard.press('Enter');
  await expect(lineOf(admin, 'grant')).toBeFocused();
  await admin.keyboard.press('Enter');
  await expect(step(admin, 'grant').locator('.argus-step-row__fold')).not.toHaveAttribute('open');
  await admin.keyboard.press('Enter');
  await expect(step(admin, 'grant').locator('.argus-step-row__fold')).toHaveAttribute('open');
});

test('接続診断: 動いている診断は、動いていると分かり、終わるまで手順が進む', async ({ admin, user, fake }) => {
  await authorize(user, fake, taroUpn);
  await playFault(fake, 'メールの応答が4秒遅れる', { target: 'messages', kind: 'delay', ms: 4_000 });
  await admin.goto(`/admin/diagnosis?username=${encodeURIComponent(taro.username)}`);
  await admin.getByRole('button', { name: '診断を開始' }).click();
  await expect(lineOf(admin, 'messages')).toContainText('実行中');
  await expect(admin.getByText('確認中：メールの取得')).toBeVisible();
  // Another start meanwhile joins the same run.
  const run = admin.url();
  await admin.getByRole('button', { name: '診断を開始' }).click();
  await expect(admin.getByText('実行中の診断を表示しています。')).toBeVisible();
  await expectEnded(admin);
  await expect(admin).toHaveURL(run);
  await expectSteps(admin, { messages: '成功' });
});

test('WEB08: 接続診断、接続の確認、サイトの追加と影響の確認に重大な問題がなく、320 px でも横にはみ出さない', async ({
  admin,
  user,
  fake,
}) => {
  await authorize(user, fake, taroUpn);
  // While the URL points elsewhere, the authorization is suspended, and no site affects anybody.
  await admin.goto('/admin/remote-sites');
  await admin.getByRole('switch', { name: 'Microsoft_Loginを有効にする' }).click();
  await admin.getByText('1人のメール取得が止まります。').waitFor();
  await expectAccessible(admin, '影響の確認');
  const host = `graph.${'a-very-long-name-of-a-department.'.repeat(3)}example.invalid`;
  await changeSettings(admin, { URL: `https://${host}/v1.0/me/mailFolders/inbox/messages` });
  await admin.getByRole('button', { name: 'このサイトを追加' }).first().click();
  await admin.getByRole('dialog').getByText('このサイトを登録してよいか、確認してください。').waitFor();
  await expectAccessible(admin, 'サイトの追加');
  await expectNoSidewaysScroll(admin, 320);
  await admin.setViewportSize({ width: 1280, height: 800 });
  await diagnose(admin, taro.username);
  await expectSteps(admin, { mail_site: '失敗' });
  await expectAccessible(admin, '接続診断（失敗）');
  await expectNoSidewaysScroll(admin, 320);
  await admin.setViewportSize({ width: 1280, height: 800 });

  await user.goto('/authorization');
  await user.getByRole('button', { name: '接続を確認' }).click();
  await user.getByRole('button', { name: /^もう一度確認/ }).waitFor();
  await expectAccessible(user, '接続の確認');
  await expectNoSidewaysScroll(user, 320);
});
