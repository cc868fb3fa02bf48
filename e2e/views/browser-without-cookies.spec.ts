import { expect, type Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../fixtures/accessible.ts';
import { taro } from '../fixtures/accounts.ts';
import { test } from '../fixtures/test.ts';

/** As Safari on http://localhost: every cookie of Argus is Secure, so none is kept and none is sent. */
async function dropSecureCookies(page: Page): Promise<void> {
  await page.route('**/*', async (route) => {
    const request = route.request();
    // Not by `route.fetch`, which keeps cookies.
    const reply = await fetch(request.url(), {
      method: request.method(),
      headers: request.headers(),
      ...(request.postData() === null ? {} : { body: request.postData() }),
    });
    const dropped = new Set(['set-cookie', 'content-encoding', 'content-length', 'transfer-encoding']);
    const headers = Object.fromEntries([...reply.headers].filter(([name]) => !dropped.has(name)));
    await route.fulfill({ status: reply.status, headers, body: Buffer.from(await reply.arrayBuffer()) });
  });
}

const lines = [
  'このブラウザは Argus の Cookie を保存しないため、サインインできません。',
  'Safari は、http:// で始まるアドレスの Argus（デモなど）では使用できません。Chrome、Edge または Firefox で開いてください。',
  'ほかのブラウザの場合は、Cookie がブロックされていないか確認し、このページを再読み込みしてください。',
];

test('field D8: Secure の Cookie を保存しないブラウザには、サインインの前に、使えるブラウザを示す', async ({
  page,
}) => {
  await dropSecureCookies(page);
  await page.goto('/');
  const alert = page.getByRole('alert');
  await expect(alert.locator('p')).toHaveText(lines);
  await expectAccessible(page, 'Cookie を保存しないブラウザ');
  await expectNoSidewaysScroll(page, 320);
  // Whoever tries all the same is told the same, and is not led in a circle.
  await page.getByLabel('Salesforceアカウント', { exact: true }).fill(taro.username);
  await page.getByLabel('パスワード', { exact: true }).fill(taro.password);
  await page.getByRole('button', { name: 'サインイン', exact: true }).click();
  await expect(alert.locator('p')).toHaveText(lines);
  await page.goto('/invitation#token=x');
  await expect(page.getByRole('alert').first().locator('p')).toHaveText(lines);
});

test('field D8: Cookie を保存するブラウザには、何も示さない', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByLabel('Salesforceアカウント', { exact: true })).toBeVisible();
  await page.waitForTimeout(1_000);
  await expect(page.getByRole('alert')).toHaveCount(0);
});
