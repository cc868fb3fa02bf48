import { expect } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../fixtures/accessible.ts';
import { goro, hanakoUpn, taro, taroUpn } from '../fixtures/accounts.ts';
import { answerMicrosoft, authorize, failToAuthorize, startAuthorization } from '../fixtures/microsoft-pages.ts';
import { arrivals } from '../fixtures/portlet.ts';
import { field, rowAction } from '../fixtures/setup-pages.ts';
import { signIn, test } from '../fixtures/test.ts';

// A dozen pages each, checked one after the other: the time depends on the machine.
test.describe.configure({ timeout: 240_000 });

test('WEB08: 利用者の画面に重大なアクセシビリティの問題がなく、320 px でも横にはみ出さない', async ({ page, fake }) => {
  await page.goto('/');
  await page.getByRole('heading', { name: 'サインイン' }).waitFor();
  await expectAccessible(page, 'サインイン');
  await page.getByRole('button', { name: 'サインイン', exact: true }).click();
  await expectAccessible(page, 'サインイン（入力の誤り）');
  await expectNoSidewaysScroll(page, 320);
  await signIn(page, taro);
  await page.getByText('Microsoft 365 と連携しましょう').waitFor();
  await expectAccessible(page, 'ホーム（未認証）');
  await expectNoSidewaysScroll(page, 320);

  await failToAuthorize(page, hanakoUpn);
  await expectAccessible(page, '認証の結果（失敗）');
  await expectNoSidewaysScroll(page, 320);
  await page.goto('/');
  await page.getByRole('alert').waitFor();
  await expectAccessible(page, 'ホーム（アカウント不一致）');
  await expectNoSidewaysScroll(page, 320);
  await page.goto('/authorization');
  await page.getByText('一致していません', { exact: true }).waitFor();
  await expectAccessible(page, '認証設定（アカウント不一致）');
  await page.getByRole('button', { name: '認証の取消' }).click();
  await expectAccessible(page, '認証の取消の確認');
  await page.getByRole('dialog').getByRole('button', { name: '認証の取消' }).click();

  await expect(page.getByText('認証を取り消しました。')).toBeVisible();

  await authorize(page, fake, taroUpn);
  await page.goto('/authorization');
  await page.getByText('認証済み', { exact: true }).waitFor();
  await expectAccessible(page, '認証設定（認証済み）');
  await expectNoSidewaysScroll(page, 320);
  await page.goto('/');
  await expect(arrivals(page)).toHaveCount(10);
  await expectAccessible(page, 'ホーム（一覧）');
  await expectNoSidewaysScroll(page, 320);
  await page.goto('/portlet');
  await expect(arrivals(page)).toHaveCount(10);
  await expectAccessible(page, '埋め込み用ポートレット');
  await expectNoSidewaysScroll(page, 320);
  fake.control.addFault({ target: 'messages', kind: 'status', status: 503 });
  await expect(async () => {
    await page.getByRole('button', { name: '再読み込み', exact: true }).first().click();
    await page.getByRole('button', { name: '詳細' }).click({ timeout: 1_000 });
  }).toPass();
  await expectAccessible(page, 'ポートレット（帯と詳細）');
  await expectNoSidewaysScroll(page, 320);

  await page.goto('/account');
  await page.getByRole('heading', { name: 'パスワードの変更' }).waitFor();
  await expectAccessible(page, 'パスワードの変更');
  await page.goto('/no/such/page');
  await page.getByText('ページが見つかりません').waitFor();
  await expectAccessible(page, 'ページが見つかりません');
});

test('WEB08: 紐づけのない利用者の画面と最初の管理者の画面に重大な問題がない', async ({ signedIn }) => {
  const page = await signedIn(goro);
  await page.goto('/');
  await page.getByText('Microsoft365アカウントが設定されていません。').waitFor();
  await expectAccessible(page, 'ホーム（未設定）');
  await expectNoSidewaysScroll(page, 320);
  await page.goto('/first-admin');
  await page.getByRole('heading', { name: '最初の管理者の作成' }).waitFor();
  await expectAccessible(page, '最初の管理者の作成');
});

test('WEB08: 管理者メニューの一覧と記録に重大な問題がなく、320 px でも横にはみ出さない', async ({
  admin,
  user,
  fake,
}) => {
  fake.control.addFault({ target: 'token', kind: 'status', status: 503, body: 'html' });
  await startAuthorization(user);
  await answerMicrosoft(user, taroUpn);
  await user.getByRole('alert').waitFor();
  for (const [path, title] of [
    ['/admin/auth-providers', '認証プロバイダ'],
    ['/admin/remote-sites', 'リモートサイト'],
    ['/admin/account-links', 'アカウント情報'],
    ['/admin/users', '利用者'],
    ['/admin/error-events', 'エラーログ'],
    ['/admin/audit-events', '監査ログ'],
  ] as const) {
    await admin.setViewportSize({ width: 1280, height: 800 });
    await admin.goto(path);
    await admin.getByRole('heading', { name: title, level: 1 }).waitFor();
    await admin.getByRole('table').waitFor();
    await expectAccessible(admin, title);
    await expectNoSidewaysScroll(admin, 320);
    await expectAccessible(admin, `${title}（320 px）`);
  }
  await admin.goto('/admin/error-events');
  await admin.getByRole('rowheader').getByRole('button').first().click();
  await admin.getByText('利用者に表示された内容').waitFor();
  await expectAccessible(admin, 'エラーログ（詳細）');
  await expectNoSidewaysScroll(admin, 320);
});

test('WEB08: 管理者メニューのフォームとダイアログに重大な問題がない', async ({ admin }) => {
  for (const [path, label] of [
    ['/admin/settings', 'URL'],
    ['/admin/auth-providers/new', 'URL接尾辞'],
    ['/admin/remote-sites/new?url=https%3A%2F%2Fgraph.example', 'リモートサイトのURL'],
  ] as const) {
    await admin.setViewportSize({ width: 1280, height: 800 });
    await admin.goto(path);
    await field(admin, label).waitFor();
    await expectAccessible(admin, path);
    await field(admin, label).fill('x y');
    await admin.getByRole('button', { name: /^(変更を保存|作成|リモートサイトを追加)$/ }).click();
    await expectAccessible(admin, `${path}（入力の誤り）`);
    await expectNoSidewaysScroll(admin, 320);
    admin.once('dialog', (dialog) => void dialog.accept());
  }
  await admin.setViewportSize({ width: 1280, height: 800 });
  await admin.goto('/admin/auth-providers');
  await admin.getByRole('link', { name: 'Microsoft365', exact: true }).click();
  await field(admin, 'URL接尾辞').waitFor();
  await expectAccessible(admin, '認証プロバイダの詳細');
  await admin.getByRole('button', { name: '削除' }).click();
  await expectAccessible(admin, '認証プロバイダの削除の確認');
  await admin.goto('/admin/account-links');
  await admin.getByRole('button', { name: '山田 太郎の操作' }).click();
  await expectAccessible(admin, '行のメニュー');
  await admin.getByRole('menuitem', { name: '編集' }).click();
  await expectAccessible(admin, '紐づけの編集');
  await admin.goto('/admin/users');
  await rowAction(admin, '山田 太郎', '編集');
  await expectAccessible(admin, '利用者の編集');
});

test('WEB08: キーボードだけで、サインインから認証、メールを開くところまで操作できる', async ({ page, fake }) => {
  /** Tabs until the element with this name has the focus; it must come within 40 steps. */
  const tabTo = async (name: RegExp | string) => {
    for (let step = 0; step < 40; step += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const element = document.activeElement ?? document.body;
        const { outlineStyle, boxShadow } = getComputedStyle(element);
        const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined;
        return {
          name: (element.getAttribute('aria-label') ?? label ?? element.textContent ?? '').trim(),
          visible: outlineStyle !== 'none' || boxShadow !== 'none',
        };
      });
      if (typeof name === 'string' ? focused.name === name : name.test(focused.name)) {
        // Keyboard users must see where they are.
        expect(focused.visible, `the focus on ${name} can be seen`).toBe(true);
        return;
      }
    }
    throw new Error(`${name} is not reached by Tab`);
  };
  await page.goto('/');
  await page.getByRole('heading', { name: 'サインイン' }).waitFor();
  await tabTo('Salesforceアカウント');
  await page.keyboard.type(taro.username);
  await tabTo('パスワード');
  await page.keyboard.type(taro.password);
  await page.keyboard.press('Enter');
  await page.getByText('Microsoft 365 と連携しましょう').waitFor();
  await page.reload();
  await page.getByText('Microsoft 365 と連携しましょう').waitFor();
  await tabTo('本文へ移動');
  await page.keyboard.press('Enter');
  await tabTo('Microsoft 365 と認証する');
  await page.keyboard.press('Enter');
  await answerMicrosoft(page, taroUpn);
  await expect(arrivals(page)).toHaveCount(10);
  fake.control.clearRequests();
  await tabTo('再読み込み');
  await page.keyboard.press('Enter');
  await tabTo(/新しいタブで開きます/);
  await expect(page.locator(':focus')).toHaveAttribute('target', '_blank');

  await page.goto('/authorization');
  await page.getByText('認証済み', { exact: true }).waitFor();
  await tabTo('認証の取消');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: '認証の取消' })).toBeFocused();
});

test('WEB08: 行のメニューは矢印キーで動き、Escapeで閉じて元に戻る', async ({ admin }) => {
  await admin.goto('/admin/account-links');
  const button = admin.getByRole('button', { name: '山田 太郎の操作' });
  await button.focus();
  await admin.keyboard.press('Enter');
  await expect(admin.getByRole('menuitem', { name: '編集' })).toBeFocused();
  await admin.keyboard.press('ArrowDown');
  await expect(admin.getByRole('menuitem', { name: '接続診断' })).toBeFocused();
  await admin.keyboard.press('ArrowDown');
  await expect(admin.getByRole('menuitem', { name: '削除' })).toBeFocused();
  await admin.keyboard.press('Home');
  await expect(admin.getByRole('menuitem', { name: '編集' })).toBeFocused();
  await admin.keyboard.press('Escape');
  await expect(button).toBeFocused();
});
