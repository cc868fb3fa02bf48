import { expect, type Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../fixtures/accessible.ts';
import { hanako, ichiroAdmin, taro } from '../fixtures/accounts.ts';
import { dayFromToday } from '../fixtures/day-from-today.ts';
import { setupApi } from '../fixtures/setup-api.ts';
import { changeSettings, field, openProvider, saveProvider } from '../fixtures/setup-pages.ts';
import { test } from '../fixtures/test.ts';

function notices(page: Page) {
  return page.getByRole('region', { name: '対応が必要なこと' });
}

async function changeExpiry(admin: Page, date: string): Promise<void> {
  await test.step(`管理者: コンシューマの秘密の有効期限を「${date}」にする`, async () => {
    await openProvider(admin);
    await field(admin, 'コンシューマの秘密の有効期限').fill(date);
    await saveProvider(admin);
  });
}

test('お知らせ: コンシューマの秘密の期限が近づくと、管理者メニューのどのページにも、重さに応じて示される', async ({
  admin,
  user,
}) => {
  await admin.goto('/admin/users');
  await admin.getByRole('table').waitFor();
  await expect(notices(admin)).toHaveCount(0);

  // Saving suffices: the page needs no reload.
  await changeExpiry(admin, dayFromToday(20));
  await expect(notices(admin)).toContainText(/警告 認証プロバイダ「Microsoft365」の.*（残り20日）/);
  for (const path of ['/admin/settings', '/admin/error-catalogue', '/admin/audit-events']) {
    await admin.goto(path);
    await expect(notices(admin).getByRole('listitem')).toHaveCount(1);
  }
  await notices(admin).getByRole('link', { name: 'コンシューマの秘密を更新 →' }).click();
  await expect(field(admin, 'コンシューマの秘密')).toBeFocused();
  for (const width of [1280, 768, 320]) {
    await expectNoSidewaysScroll(admin, width);
    await expectAccessible(admin, `お知らせ（${width} px）`);
  }
  await admin.setViewportSize({ width: 1280, height: 800 });

  await changeExpiry(admin, dayFromToday(45));
  await expect(notices(admin)).toContainText('情報 認証プロバイダ「Microsoft365」の');
  // It is an error once it has expired, not before.
  await changeExpiry(admin, dayFromToday(3));
  await expect(notices(admin)).toContainText(/警告 .*残り3日/);
  await changeExpiry(admin, dayFromToday(0));
  await expect(notices(admin)).toContainText(/警告 .*が期限です。/);
  await changeExpiry(admin, dayFromToday(-2));
  await expect(notices(admin)).toContainText(/エラー .*期限が切れています。/);
  await changeExpiry(admin, dayFromToday(61));
  await expect(notices(admin)).toHaveCount(0);

  // Users do not see it, and their pages do not even fetch it.
  const asked: string[] = [];
  user.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await user.goto('/');
  await user.getByText('Microsoft 365 と連携しましょう').waitFor();
  await user.goto('/admin/users');
  await user.getByText('このページを表示できるのは管理者だけです').waitFor();
  expect(asked.filter((path) => path.startsWith('/api/admin/'))).toEqual([]);
});

/**
 * States that take too long to wait for in a test: authorized three days ago; 山田 has had no mail for 26 hours, 佐藤
 * none at all.
 */
const silence = `INSERT INTO "Grant" (id, "accountId", "providerId", status, "sealedTokens", "microsoftAccount",
    "verifiedLinkKey", "authorizedAt", "refreshedAt", "lastSuccessAt", "lastErrorCode", "lastErrorAt", "updatedAt")
  SELECT gen_random_uuid(), a.id, p.id, 'authorized', 'unreadable', l."microsoftAccount", l."microsoftAccountKey",
    now() - interval '3 days', now(),
    CASE WHEN a.username = '${taro.username}' THEN now() - interval '26 hours 10 minutes' END,
    CASE WHEN a.username = '${taro.username}' THEN 'mail_timeout' END,
    CASE WHEN a.username = '${taro.username}' THEN now() - interval '2 hours' END, now()
  FROM "AccountLink" l JOIN "Account" a ON a.id = l."accountId" CROSS JOIN "AuthProvider" p
  WHERE a.username IN ('${taro.username}', '${hanako.username}')`;

test.describe(() => {
  const silent = test.extend({
    template: [
      async ({ template }, use) => {
        const storage = await template.copy();
        await storage.execute(silence);
        await use(storage);
        await storage.remove();
      },
      { scope: 'worker', timeout: 120_000 },
    ],
  });

  silent('お知らせ: エラーが1件もなくても、成功のない接続と利用者が示される', async ({ admin, fake }) => {
    await changeSettings(admin, { メールを取得できないときの警告: '24' });
    await admin.goto('/admin/remote-sites');
    await expect(notices(admin)).toContainText('エラー 26時間、メールを1件も取得できていません。');
    await notices(admin).getByRole('link', { name: 'エラーログを開く →' }).click();

    const overall = admin.getByRole('region', { name: '接続の状態' });
    await expect(overall.getByRole('alert')).toContainText('26時間、メールを1件も取得できていません。');
    await expect(overall).toContainText('認証済み 2人');
    await expect(admin.getByText('この期間にエラーはありません。')).toBeVisible();
    // The page shows it itself.
    await expect(notices(admin)).toHaveCount(0);

    await overall.getByRole('button', { name: '成功のない利用者 2人' }).click();
    await expect(admin).toHaveURL(/silent=all/);
    const users = admin.getByRole('table', { name: '成功のない利用者の一覧' });
    await expect(users.getByRole('rowheader')).toContainText([hanako.username, taro.username]);
    await expect(users.getByRole('row', { name: /hanako/ })).toContainText('ポートレットを開いていません');
    await expect(users.getByRole('row', { name: /taro/ }).getByRole('link', { name: 'mail_timeout' })).toHaveAttribute(
      'href',
      '/admin/error-catalogue/mail_timeout',
    );
    for (const width of [1280, 768, 320]) {
      await expectNoSidewaysScroll(admin, width);
      await expectAccessible(admin, `成功のない利用者（${width} px）`);
    }
    await admin.setViewportSize({ width: 1280, height: 800 });
    await admin.getByText('試して失敗した', { exact: true }).click();
    await expect(users.getByRole('rowheader')).toHaveCount(1);
    await admin.goBack();
    await expect(users.getByRole('rowheader')).toHaveCount(2);
    await users.getByRole('row', { name: /taro/ }).getByRole('link', { name: '接続診断' }).click();
    await expect(admin).toHaveURL(/\/admin\/diagnosis\?username=taro\.yamada%40argus\.example$/);
    // No page of the admin menu has called Microsoft.
    expect(fake.control.requests()).toEqual([]);
  });
});

test('お知らせ: ほかのブラウザでの変更は、次のページを開くと示される', async ({ admin, signedIn }) => {
  await admin.clock.install();
  await admin.goto('/admin/users');
  await admin.getByRole('table').waitFor();
  await expect(notices(admin)).toHaveCount(0);
  await setupApi(await signedIn(ichiroAdmin)).provider({ consumerSecretExpiresOn: dayFromToday(20) });
  await admin.clock.fastForward('00:15');
  await admin.getByRole('link', { name: 'リモートサイト', exact: true }).click();
  await expect(notices(admin)).toContainText('（残り20日）');
});
