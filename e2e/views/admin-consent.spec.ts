import { demoTenant } from '@argus/fake-microsoft/data/demo-company';
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../fixtures/accessible.ts';
import { taroUpn } from '../fixtures/accounts.ts';
import { startAuthorization } from '../fixtures/microsoft-pages.ts';
import { test } from '../fixtures/test.ts';

test('field D5: 管理者の同意のURLを開いて承諾すると、確認の画面に戻り、利用者は同意を求められない', async ({
  admin,
  user,
  page,
}) => {
  await admin.goto('/admin/auth-providers?field=adminConsent');
  const copy = admin.getByRole('button', { name: '同意のURLをコピー' });
  await expect(copy).toBeFocused();
  const section = admin.getByRole('region', { name: '管理者の同意' });
  const url = (await section.locator('.argus-code').textContent()) ?? '';
  expect(new URL(url).pathname).toBe(`/${demoTenant.id}/v2.0/adminconsent`);
  const text = section.locator('pre');
  await expect(text).toContainText('Microsoft Entra の管理者の方へ');
  await expect(text).toContainText(url);
  await expect(section.getByRole('button', { name: '文面をコピー' })).toBeVisible();
  await expectNoSidewaysScroll(admin, 320);

  // Somebody without an account in Argus.
  await page.goto(url);
  await page.getByRole('button', { name: '承諾', exact: true }).click();
  await expect(page).toHaveURL(/\/authorization\/admin-consent\?result=granted$/);
  await expect(page.getByRole('heading', { name: '管理者の同意が完了しました' })).toBeVisible();
  await expect(
    page.getByText('この通知によって Argus に保存されたものはありません。この画面は閉じてかまいません。'),
  ).toBeVisible();
  await expectAccessible(page, '管理者の同意の結果');
  await expectNoSidewaysScroll(page, 320);

  await startAuthorization(user);
  await user.getByRole('button', { name: taroUpn }).click();
  await expect(user.getByText('認証が完了しました')).toBeVisible();
  await admin.goto('/admin/error-events');
  await expect(admin.getByText('authorization_state_invalid')).toHaveCount(0);
});

test('field D5: 承諾しなかった場合と、Microsoft がエラーを返した場合は、そう表示される', async ({ page, argus }) => {
  const callback = `${argus.url}/services/authcallback/Microsoft365`;
  await page.goto(`${callback}?admin_consent=True&error=access_denied&error_description=AADSTS65004`);
  await expect(page.getByRole('heading', { name: '管理者の同意は行われませんでした' })).toBeVisible();
  await page.goto(`${callback}?admin_consent=True&error=invalid_client&error_description=AADSTS650051%3A+x&state=1`);
  await expect(page.getByRole('heading', { name: '管理者の同意を完了できませんでした' })).toBeVisible();
  await expect(
    page.getByText('Microsoft 365 のエラー番号：AADSTS650051（Argus のエラー辞典で検索できます）'),
  ).toBeVisible();
});

test('field D5: エラー辞典の同意のエラーから、管理者の同意へ進める', async ({ admin }) => {
  await admin.goto('/admin/error-catalogue/mail_consent_missing');
  await admin.locator('a[href$="/admin/auth-providers?field=adminConsent"]').first().click();
  await expect(admin.getByRole('button', { name: '同意のURLをコピー' })).toBeFocused();
});
