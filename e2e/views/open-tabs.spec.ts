import { expect, type Page } from '@playwright/test';
import { taroUpn } from '../fixtures/accounts.ts';
import { authorize } from '../fixtures/microsoft-pages.ts';
import { arrivals, openPortlet } from '../fixtures/portlet.ts';
import { test } from '../fixtures/test.ts';

async function signOut(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: /アカウントメニュー/ }).click();
  await page.getByRole('button', { name: 'サインアウト' }).click();
  await expect(page.getByRole('heading', { name: 'サインイン' })).toBeVisible();
}

test('S-1: 結果の画面に戻っているタブも、ほかのタブのサインアウトを知り、前の利用者のメールを表示しない', async ({
  user,
  fake,
}) => {
  await authorize(user, fake, taroUpn);
  await user.goto('/services/auth/oauth/Microsoft365');
  await user.getByText('キャンセル', { exact: true }).first().click();
  await user
    .getByRole('link', { name: /認証設定/ })
    .last()
    .click();
  await user.getByRole('link', { name: 'ホーム', exact: true }).click();
  await expect(arrivals(user)).toHaveCount(10);
  await user.goBack();
  await user.goBack();
  await expect(user).toHaveURL(/\/outcome\//);

  await signOut(await user.context().newPage());
  await user.goForward();
  await user.goForward();
  await expect(user.getByRole('dialog')).toBeVisible();
  await expect(arrivals(user)).toHaveCount(0);
  await expect(user.getByText(taroUpn)).toHaveCount(0);
});

test('S-1: セッションが終わると、開いたままのメールは画面から消え、もう一度サインインすると戻る', async ({
  user,
  fake,
}) => {
  await authorize(user, fake, taroUpn);
  await openPortlet(user);
  await user.goto('/');
  await expect(arrivals(user)).toHaveCount(10);
  await user.context().clearCookies();
  await user.getByRole('button', { name: '再読み込み', exact: true }).first().click();
  await expect(user.getByRole('dialog', { name: /サインイン/ })).toBeVisible();
  await expect(arrivals(user)).toHaveCount(0);
});

const sessionMissing = {
  status: 401,
  contentType: 'application/problem+json',
  json: {
    type: '/errors/session_missing',
    title: 'x',
    status: 401,
    detail: 'x',
    code: 'session_missing',
    lines: ['サインインが必要です。'],
    retry: { kind: 'no' },
    occurredAt: '2026-11-21T09:00:00Z',
  },
};

test('S-14: 前のセッションIDへの 401 が届いても、サインインしたままならその画面が続く', async ({ user, fake }) => {
  await authorize(user, fake, taroUpn);
  await openPortlet(user);
  await expect(arrivals(user)).toHaveCount(10);
  // As after a password proof in another tab, while the cookie with the new id is on its way.
  let refused = 0;
  await user.route('**/api/new-arrivals*', async (route) => {
    refused += 1;
    await (refused === 1 ? route.fulfill(sessionMissing) : route.continue());
  });
  await user.getByRole('button', { name: '再読み込み', exact: true }).first().click();
  await expect.poll(() => refused).toBe(2);
  await expect(arrivals(user)).toHaveCount(10);
  await expect(user.getByRole('dialog')).toHaveCount(0);
});

test('S-1: 埋め込み用の画面でも、別のタブのサインアウトや 401 の後は、誰のメールか分かるまで表示しない', async ({
  user,
  fake,
}) => {
  await authorize(user, fake, taroUpn);
  await user.goto('/portlet');
  await expect(arrivals(user)).toHaveCount(10);
  await user.route('**/api/session', (route) => route.fulfill({ ...sessionMissing, status: 500 }));
  await user.route('**/api/new-arrivals*', (route) => route.fulfill(sessionMissing));
  await user.getByRole('button', { name: '再読み込み', exact: true }).first().click();
  await expect(arrivals(user)).toHaveCount(0);

  await user.unrouteAll();
  await user.reload();
  await expect(arrivals(user)).toHaveCount(10);
  await user.route('**/api/session', (route) => route.fulfill({ ...sessionMissing, status: 500 }));
  await user.route('**/api/new-arrivals*', (route) => route.abort());
  await signOut(await user.context().newPage());
  await expect(arrivals(user)).toHaveCount(0);

  await user.unrouteAll();
  await user.reload();
  await expect(user.getByLabel('パスワード', { exact: true })).toBeVisible();
});
