import { expect, type Page } from '@playwright/test';
import { startAuthorization } from '../fixtures/microsoft-pages.ts';
import { type OtherMicrosoft, startOtherMicrosoft } from '../fixtures/other-microsoft.ts';
import { arrivals, refreshUntil } from '../fixtures/portlet.ts';
import { addSite, changeLink, changeSettings, field } from '../fixtures/setup-pages.ts';
import { test as base } from '../fixtures/test.ts';

const test = base.extend<{ other: OtherMicrosoft }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies from the pattern
  other: async ({}, use) => {
    const other = await startOtherMicrosoft({ dialect: 'v2' });
    await use(other);
    await other.close();
  },
});

test.use({ argusEnv: { ARGUS_LOG_LEVEL: 'debug' } });

/** Every URL and Referer that a page's requests carried. */
function watchRequests(page: Page): { url: string; referer: string }[] {
  const seen: { url: string; referer: string }[] = [];
  page.context().on('request', (request) => {
    seen.push({ url: request.url(), referer: request.headers().referer ?? '' });
  });
  return seen;
}

async function storedInBrowser(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const databases = (await indexedDB.databases()).map(({ name }) => name);
    const caches = await window.caches.keys();
    return JSON.stringify({ local: { ...localStorage }, session: { ...sessionStorage }, databases, caches });
  });
}

test('S01: 秘密、承認コード、state、トークン、メールの本文は、ログ・URL・Referer・ブラウザの保存領域に現れない', async ({
  admin,
  user,
  argus,
  other,
}) => {
  const requests = [user, admin].map(watchRequests);
  await addSite(admin, 'Acme_Login', new URL(other.tokenUrl).origin);
  await addSite(admin, 'Acme_Mail', new URL(other.mailUrl).origin);
  await admin.goto('/admin/auth-providers/new');
  for (const [label, value] of Object.entries({
    名前: 'Acme',
    URL接尾辞: 'Acme',
    コンシューマ鍵: other.clientId,
    コンシューマの秘密: other.clientSecret,
    承認エンドポイントURL: other.authorizeUrl,
    トークンエンドポイントURL: other.tokenUrl,
    デフォルトの範囲: 'openid offline_access Mail.Read',
  })) {
    await field(admin, label).fill(value);
  }
  await admin.getByRole('button', { name: '作成', exact: true }).click();
  await expect(admin.getByText('認証プロバイダを作成しました。', { exact: false })).toBeVisible();
  await changeSettings(admin, { URL: other.mailUrl, 認証プロバイダURL接尾辞: 'Acme' });
  await changeLink(admin, '山田 太郎', other.account);

  await startAuthorization(user);
  await user.getByRole('link', { name: 'Continue to Argus' }).click();
  await expect(user.getByText('認証が完了しました')).toBeVisible();
  expect(new URL(user.url()).search).toBe('');
  await user.goto('/');
  await expect(arrivals(user)).toHaveCount(3);
  // A failure also goes through log, error event and help-desk text.
  other.refuseMail();
  await refreshUntil(user, () => expect(user.getByRole('button', { name: '詳細' })).toBeVisible({ timeout: 1_000 }));
  await user.getByRole('button', { name: '詳細' }).click();
  await user.getByRole('button', { name: 'ヘルプデスク用にコピー' }).click();
  const helpDeskText = await user.evaluate(() => navigator.clipboard.readText());
  const pages: string[] = [helpDeskText];
  for (const path of ['/admin/error-events', '/admin/audit-events', '/admin/auth-providers', '/admin/account-links']) {
    await admin.goto(path);
    await admin.getByRole('table').waitFor();
    if (path === '/admin/error-events') await admin.getByRole('rowheader').getByRole('button').first().click();
    pages.push(await admin.content());
  }

  const callbacks = requests.flat().filter(({ url }) => url.includes('/services/authcallback/'));
  expect(callbacks).toHaveLength(1);
  const callback = new URL(callbacks[0]?.url ?? '');
  const state = callback.searchParams.get('state') ?? '';
  const code = callback.searchParams.get('code') ?? '';
  expect(state.length).toBeGreaterThan(20);
  expect(code.length).toBeGreaterThan(20);
  expect(other.issuedTokens.length).toBeGreaterThanOrEqual(2);
  const canaries: Record<string, string> = {
    コンシューマの秘密: other.clientSecret,
    承認コード: code,
    state,
    件名: '他社製サーバからの見積書',
    本文: '本文の冒頭です。',
    ...Object.fromEntries(other.issuedTokens.map((token, index) => [`トークン${index}`, token])),
  };
  const leaked = (text: string, except: readonly string[] = []) =>
    Object.entries(canaries)
      .filter(([name]) => !except.includes(name))
      .filter(([, value]) => text.includes(value) || text.includes(encodeURIComponent(value)))
      .map(([name]) => name);

  expect(argus.output()).toContain('/services/authcallback/Acme');
  expect(leaked(argus.output()), 'ログ').toEqual([]);
  for (const html of pages) expect(leaked(html), '画面').toEqual([]);
  for (const page of [user, admin]) expect(leaked(await storedInBrowser(page)), 'ブラウザの保存領域').toEqual([]);
  for (const { url, referer } of requests.flat()) {
    // Between Microsoft and Argus they must be in the address: the state on the way there, both on the way back.
    const byNecessity = url.startsWith(`${argus.url}/services/authcallback/`)
      ? ['承認コード', 'state']
      : url.startsWith(other.authorizeUrl)
        ? ['state']
        : [];
    expect(leaked(url, byNecessity), url.split('?', 1)[0]).toEqual([]);
    expect(leaked(referer), 'Referer').toEqual([]);
  }
});

test('ログイン後の応答は保存されない（no-store）', async ({ user, argus }) => {
  const replies: { url: string; cacheControl: string }[] = [];
  user.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.startsWith('/api/')) return;
    replies.push({ url: pathname, cacheControl: response.headers()['cache-control'] ?? '' });
  });
  await user.goto(`${argus.url}/`);
  await user.getByText('Microsoft 365 と連携しましょう').waitFor();
  await expect.poll(() => replies.length).toBeGreaterThanOrEqual(3);
  for (const { url, cacheControl } of replies) expect(cacheControl, url).toContain('no-store');
});
