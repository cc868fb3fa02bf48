import type { ReplyOf } from '@argus/contract/endpoint-map';
import { expect, type Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../fixtures/accessible.ts';
import {
  hanako,
  hanakoUpn,
  ichiroAdmin,
  jiro,
  jiroUpn,
  type PortalAccount,
  taro,
  taroUpn,
} from '../fixtures/accounts.ts';
import { exportFile } from '../fixtures/csv-pages.ts';
import { authorize, authorizeAgain, failToAuthorize, playFault } from '../fixtures/microsoft-pages.ts';
import { arrivals, openPortlet } from '../fixtures/portlet.ts';
import { changeSecret, field } from '../fixtures/setup-pages.ts';
import { test } from '../fixtures/test.ts';

/** The incidents on the board, those with the most users first. */
function causes(admin: Page) {
  return admin.getByRole('list', { name: 'エラーの原因' }).locator(':scope > li');
}

/** The rows of 発生したエラー. */
function events(admin: Page) {
  return admin.getByRole('table', { name: 'エラーの一覧' }).getByRole('rowheader');
}

test('エラーログ: 同じ原因のエラーは利用者の数とともに1件にまとまり、対応する場所と接続診断へ進める', async ({
  admin,
  signedIn,
  fake,
}) => {
  await admin.goto('/admin/error-events');
  await expect(admin.getByText('この期間にエラーはありません。')).toBeVisible();
  await expect(admin.getByText('認証済みの利用者はいません。')).toBeVisible();

  await changeSecret(admin, 'not-the-secret');
  const people: [PortalAccount, string][] = [
    [taro, taroUpn],
    [hanako, hanakoUpn],
    [jiro, jiroUpn],
  ];
  const pages: Page[] = [];
  for (const [account, upn] of people) {
    const page = await signedIn(account);
    await failToAuthorize(page, upn);
    pages.push(page);
  }

  await admin.goto('/admin/error-events');
  await expect(causes(admin)).toHaveCount(1);
  const cause = causes(admin).first();
  await expect(cause).toContainText('3人');
  await expect(cause).toContainText(/(\d{1,2}:\d{2})から/);
  await expect(cause.getByRole('heading')).toHaveText('認証に失敗しました。 エラー：401 権限がありません。');
  await expect(cause).toContainText('authorization_secret_wrong');
  await expect(cause).toContainText('対応する人：Argusの管理者');
  await expect(cause.getByRole('img')).toHaveAccessibleName('24時間の推移：合計3件。最も多いのは直近1時間の3件。');
  await expect(events(admin)).toHaveCount(3);

  await cause.getByRole('button', { name: '詳細と影響した利用者' }).click();
  await expect(admin).toHaveURL(/[?&]cause=\d+/);
  const users = cause.getByRole('table', { name: 'この原因の影響を受けた利用者の一覧' });
  await expect(users.getByRole('rowheader')).toHaveCount(3);
  const hanakosRow = users.getByRole('row', { name: /hanako/ });
  await hanakosRow.getByRole('link', { name: '接続診断' }).click();
  await expect(admin).toHaveURL(/\/admin\/diagnosis\?username=hanako\.sato%40argus\.example$/);
  await admin.goBack();
  await expect(users.getByRole('rowheader')).toHaveCount(3);
  await admin.reload();
  await hanakosRow.getByRole('link', { name: 'エラーの一覧' }).click();
  await expect(events(admin)).toHaveCount(1);
  await admin.goBack();

  await cause.getByRole('link', { name: '対応する場所を開く →' }).click();
  await expect(field(admin, 'コンシューマの秘密')).toBeFocused();
  await changeSecret(admin, fake.control.rotateSecret().secret);
  const [tarosPage] = pages as [Page];
  await authorizeAgain(tarosPage, taroUpn);
  await openPortlet(tarosPage);
  await expect(arrivals(tarosPage)).toHaveCount(10);
  await admin.goto('/admin/error-events');
  await expect(cause).toContainText('うち1人は回復');
  await expect(admin.getByRole('region', { name: '接続の状態' })).toContainText('最後の成功 たった今 · 認証済み 1人');
});

test('エラーログ: 期間と絞り込み、原因ごとの一覧とCSV出力は、アドレスに残り、戻るボタンで戻る', async ({
  admin,
  signedIn,
  user,
  fake,
}) => {
  await authorize(user, fake, taroUpn);
  await playFault(fake, 'メールボックスがない', {
    target: 'messages',
    kind: 'status',
    status: 404,
    body: { code: 'MailboxNotEnabledForRESTAPI', message: 'REST API is not yet supported for this mailbox.' },
  });
  await openPortlet(user);
  await user.getByRole('alert').waitFor();
  const hanakosPage = await signedIn(hanako);
  await playFault(fake, 'トークンエンドポイントが503を返す', { target: 'token', kind: 'status', status: 503 });
  await failToAuthorize(hanakosPage, hanakoUpn);

  await admin.goto('/admin/error-events?window=7d');
  await expect(causes(admin)).toHaveCount(2);
  await expect(admin.getByRole('radio', { name: '7日間' })).toBeChecked();
  await admin.getByLabel('場面').selectOption('新着メール');
  await expect(causes(admin)).toHaveCount(1);
  await expect(causes(admin)).toContainText('mail_mailbox_not_enabled');
  await expect(admin).toHaveURL(/window=7d.*area=mail/);
  await admin.reload();
  await expect(causes(admin)).toHaveCount(1);
  await admin.getByLabel('対応する人').selectOption('利用者本人');
  await expect(admin.getByText('条件に一致するデータはありません。')).toBeVisible();
  await admin.goBack();
  await expect(causes(admin)).toHaveCount(1);

  // The errors of only one incident: they are on top, and the file has what the table shows.
  await causes(admin).getByRole('button', { name: '詳細と影響した利用者' }).click();
  await causes(admin).getByRole('link', { name: 'このエラーの一覧' }).click();
  await expect(events(admin)).toHaveCount(1);
  await expect(causes(admin)).toHaveCount(0);
  await expect(admin.getByText(/^原因：メールの取得に失敗しました。/)).toBeVisible();
  const { name, bytes } = await exportFile(admin, 'UTF-8');
  expect(name).toMatch(/\.csv$/);
  const lines = bytes.toString('utf8').trim().split('\r\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('mail_mailbox_not_enabled');
  expect(lines[1]).toContain(taro.username);
  await admin.getByRole('button', { name: '原因による絞り込みを解除' }).click();
  await expect(events(admin)).toHaveCount(2);
  await expect(causes(admin)).toHaveCount(1);

  // Input without an ID is reported as such, and nothing of the previous ID remains.
  await admin.goto('/admin/error-events?errorId=7F3K-29QD');
  await expect(admin.getByText('条件に一致するデータはありません。')).toBeVisible();
  const errorId = admin.getByLabel('エラーID', { exact: true });
  await errorId.fill('abc');
  await errorId.press('Enter');
  await expect(errorId).toHaveAccessibleDescription(/エラーID（例：7F3K-29QD）が見つかりません。/);
  await expect(admin).not.toHaveURL(/errorId/);
  await expect(errorId).toHaveValue('abc');
  await expect(events(admin)).toHaveCount(2);

  // One error: the next step is a click away.
  await admin.goto(`/admin/error-events?username=${encodeURIComponent(taro.username)}`);
  await events(admin).getByRole('button').click();
  const detail = admin.getByRole('row').filter({ hasText: '利用者に表示された内容' });
  await expect(detail.getByRole('link', { name: 'この利用者を接続診断' })).toHaveAttribute(
    'href',
    '/admin/diagnosis?username=taro.yamada%40argus.example',
  );
  await expect(detail).toContainText('段階メールの取得 messages');
  await detail.getByRole('link', { name: 'エラー辞典で見る →' }).click();
  await expect(admin).toHaveURL(/\/admin\/error-catalogue\/mail_mailbox_not_enabled\?errorId=/);
});

test('エラーログ: 辞典にない応答は、Microsoftが返した値とともに示される', async ({ admin, user, fake }) => {
  await playFault(fake, '辞典にないエラーを返す', {
    target: 'token',
    kind: 'status',
    status: 400,
    body: { error: 'invalid_request', error_codes: [59999], error_description: 'AADSTS59999: Something new.' },
  });
  await failToAuthorize(user, taroUpn);
  await admin.goto('/admin/error-events');
  await admin.getByLabel('種類').selectOption('辞典にない応答');
  await expect(causes(admin)).toHaveCount(1);
  await expect(causes(admin)).toContainText('辞典にない応答');
  await expect(causes(admin)).toContainText(/Microsoftの応答：.*AADSTS59999/);
  await expect(causes(admin)).not.toContainText('Something new');

  await admin.goto('/admin/error-events?cause=2000000000');
  await expect(admin.getByText('この原因の記録はありません。')).toBeVisible();
});

test('エラーログ: キーボードだけで原因を開いて利用者を確認でき、どの幅でも重大な問題がない', async ({
  signedIn,
  user,
  fake,
}) => {
  fake.control.addFault({ target: 'token', kind: 'status', status: 503 });
  await failToAuthorize(user, taroUpn);
  const admin = await signedIn(ichiroAdmin);
  await admin.goto('/admin/error-events');
  await causes(admin).waitFor();
  const details = causes(admin).getByRole('button', { name: '詳細と影響した利用者' });
  const opened = causes(admin).getByRole('table');
  await expect(async () => {
    await admin.keyboard.press('Tab');
    await expect(details).toBeFocused({ timeout: 50 });
  }).toPass({ intervals: [0] });
  await admin.keyboard.press('Enter');
  await expect(opened).toBeVisible();
  await expect(details).toBeFocused();
  await expect(details).toHaveAttribute('aria-expanded', 'true');
  for (const width of [1280, 768, 320]) {
    await expectNoSidewaysScroll(admin, width);
    await expectAccessible(admin, `エラーログ（${width} px）`);
  }
  await admin.keyboard.press('Enter');
  await expect(opened).toHaveCount(0);
});

/** The board with its one incident and thirteen similar ones, which affected no named user. */
async function withManyCauses(admin: Page): Promise<void> {
  await admin.route(/\/api\/admin\/error-causes(\?|$)/, async (route) => {
    const response = await route.fetch();
    const board = (await response.json()) as ReplyOf<'GET /api/admin/error-causes'>;
    const [first] = board.items;
    const others = Array.from({ length: 13 }, (_, index) => ({
      ...(first as NonNullable<typeof first>),
      id: 1000 + index,
      users: 0,
      origin: `https://host-${index}.example`,
    }));
    await route.fulfill({ response, json: { ...board, items: [...board.items, ...others], total: 14 } });
  });
}

test('エラーログ: 開閉しても画面の位置は変わらず、リンクで開いた原因とエラーは見える位置に表示される', async ({
  admin,
  user,
  fake,
}) => {
  fake.control.addFault({ target: 'token', kind: 'status', status: 503 });
  await failToAuthorize(user, taroUpn);
  await withManyCauses(admin);
  await admin.goto('/admin/error-events');
  await expect(causes(admin)).toHaveCount(10);
  await expect(causes(admin).nth(9)).toContainText('接続先：https://host-8.example');

  await admin.getByRole('button', { name: 'ほか4件の原因を表示' }).click();
  await expect(causes(admin)).toHaveCount(14);
  await expect(causes(admin).nth(10).getByRole('button')).toBeFocused();

  const offset = () => admin.evaluate(() => window.scrollY);
  const ninth = causes(admin).nth(8).getByRole('button');
  await ninth.scrollIntoViewIfNeeded();
  const row = events(admin).first().getByRole('button');
  for (const toggle of [ninth, row]) {
    await toggle.scrollIntoViewIfNeeded();
    const before = await offset();
    expect(before).toBeGreaterThan(0);
    for (const open of [true, false, true]) {
      await toggle.click();
      await expect(toggle).toHaveAttribute('aria-expanded', String(open));
      await expect(admin).toHaveURL(
        open ? /[?&](cause=1007|open=[0-9A-Z])/ : /error-events(\?open=-|\?cause=1007&open=-)?$/,
      );
      expect(await offset()).toBe(before);
    }
  }

  const opened = admin.getByRole('row').filter({ hasText: '利用者に表示された内容' });
  const errorId = /open=([0-9A-Z-]+)/.exec(admin.url())?.[1] ?? '';
  await admin.goto('about:blank');
  await admin.goto(`/admin/error-events?open=${errorId}`);
  await expect(row).toBeInViewport();
  await expect(opened.getByRole('alert')).toBeInViewport();
  await admin.goto('about:blank');
  await admin.goto('/admin/error-events?cause=1012');
  await expect(causes(admin).nth(13).getByRole('heading')).toBeInViewport();
});
