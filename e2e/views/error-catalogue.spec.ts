import { expect, type Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../fixtures/accessible.ts';
import { taro, taroUpn } from '../fixtures/accounts.ts';
import { expectForUser } from '../fixtures/error-view.ts';
import { answerMicrosoft, startAuthorization } from '../fixtures/microsoft-pages.ts';
import { test } from '../fixtures/test.ts';

/** The codes of the listed entries, best match first. */
function codes(admin: Page) {
  return admin.getByRole('table', { name: 'エラーの一覧' }).getByRole('rowheader').locator('.argus-code');
}

function search(admin: Page) {
  return admin.getByRole('searchbox', { name: 'エラー辞典を検索' });
}

async function paste(admin: Page, text: string): Promise<void> {
  await test.step('検索欄に貼り付ける', async () => {
    await search(admin).fill('');
    await admin.evaluate((pasted) => navigator.clipboard.writeText(pasted), text);
    await search(admin).focus();
    await admin.keyboard.press('ControlOrMeta+V');
  });
}

test('エラー辞典: AADSTS番号、Graphのコード、日本語の言葉、Microsoftのエラーの全文から見つかる', async ({ admin }) => {
  await admin.goto('/admin/settings');
  await admin.getByRole('link', { name: 'エラー辞典' }).click();
  await expect(admin.getByRole('heading', { name: 'エラー辞典', level: 1 })).toBeFocused();
  await expect(codes(admin)).toHaveCount(50);
  await admin.getByRole('button', { name: /^ほか\d+件を表示$/ }).click();
  expect(await codes(admin).count()).toBeGreaterThan(100);

  await search(admin).fill('AADSTS7000222');
  await expect(codes(admin)).toHaveText(['authorization_secret_expired', 'mail_secret_expired']);
  await expect(admin).toHaveURL(/q=AADSTS7000222/);
  await search(admin).fill('mailboxnotenabledforrestapi');
  await expect(codes(admin).first()).toHaveText('mail_mailbox_not_enabled');
  await search(admin).fill('シークレット 期限');
  await expect(codes(admin).first()).toHaveText(/_secret_/);
  // Entra's whole reply, over several lines.
  await paste(
    admin,
    '{\n "error": "invalid_client",\n "error_description": "AADSTS7000215: Invalid client secret provided.\\r\\nTrace ID: 1",\n "error_codes": [7000215]\n}',
  );
  await expect(codes(admin).first()).toHaveText(/_secret_wrong$/);
  await admin.reload();
  await expect(codes(admin).first()).toHaveText(/_secret_wrong$/);

  await search(admin).fill('xyzzyplugh');
  await expect(admin.getByText('一致するエラーはありません。')).toBeVisible();
  await admin.getByRole('button', { name: '条件をクリア' }).click();
  await admin.getByLabel('対応する人').selectOption('利用者本人');
  await expect(admin).toHaveURL(/mender=user/);
  await admin.getByLabel('場面').selectOption('認証');
  await expect(codes(admin).first()).toHaveText(/^authorization_/);
  await admin.goBack();
  await admin.goBack();
  await expect(admin.getByLabel('対応する人')).toHaveValue('');
});

test('エラー辞典: 利用者がコピーしたテキストを貼り付けると、その記録とエラーの説明が開き、設定へ進める', async ({
  admin,
  user,
  fake,
}) => {
  fake.control.setSecretState('expired');
  await startAuthorization(user);
  await answerMicrosoft(user, taroUpn);
  const errorId = await expectForUser(user);
  const text = await user.evaluate(() => navigator.clipboard.readText());

  await admin.goto('/admin/error-catalogue');
  await paste(admin, `ヘルプデスク様\n\n${text}\n\nよろしくお願いします。`);
  await expect(search(admin)).toHaveValue(/^ヘルプデスク様 認証に失敗しました。 システム管理者に連絡してください。 /);
  const found = admin.getByRole('region', { name: `エラーID ${errorId} の記録` });
  await expect(found).toContainText(taro.username);
  // What happened is certain: no merely similar entries.
  await expect(codes(admin)).toHaveText(['authorization_secret_expired']);
  await expect(found.getByRole('link', { name: 'エラーログで見る' })).toHaveAttribute(
    'href',
    `/admin/error-events?errorId=${errorId}`,
  );
  await expect(found.getByRole('link', { name: '接続診断' })).toHaveAttribute(
    'href',
    '/admin/diagnosis?username=taro.yamada%40argus.example',
  );
  await found.getByRole('link', { name: 'このエラーの説明' }).click();

  await expect(admin).toHaveURL(/\/admin\/error-catalogue\/authorization_secret_expired\?errorId=/);
  // What is explained is this occurrence: its record comes first, and its links lead to the provider that failed.
  const record = admin.getByRole('region', { name: 'この発生の記録' });
  await expect(record).toContainText(taro.username);
  await expect(record).toContainText('AADSTS7000222');
  await expect(admin.getByRole('link', { name: '設定を開く →' }).first()).toHaveAttribute(
    'href',
    /suffix=Microsoft365&for=[\da-f-]{36}$/,
  );
  const shown = admin.getByRole('region', { name: '画面に表示される内容' });
  await expect(shown.locator('.argus-lines p')).toHaveText([
    '認証に失敗しました。',
    'システム管理者に連絡してください。',
    'エラー：401 権限がありません。',
  ]);
  await expect(admin.getByRole('region', { name: '見分ける値' })).toContainText('AADSTS7000222');
  await expect(admin.getByRole('region', { name: '直近30日の発生状況' })).toContainText('1件 · 1人');
  await admin.getByRole('button', { name: 'リンクをコピー' }).click();
  expect(await admin.evaluate(() => navigator.clipboard.readText())).toBe(admin.url().replace(/\?.*/, ''));
  await expect(admin.getByRole('link', { name: 'エラーログで一覧を見る →' })).toHaveAttribute(
    'href',
    '/admin/error-events?code=authorization_secret_expired',
  );
  await admin.getByRole('link', { name: 'エラー辞典へ戻る' }).click();
  await expect(found).toBeVisible();

  await paste(admin, 'エラーID: 0000-0000');
  await expect(admin.getByText('エラーID 0000-0000 の記録は見つかりません。')).toBeVisible();
});

test('エラー辞典: Microsoftの画面だけに表示されるエラーと、変わる値のあるメッセージが分かる', async ({ admin }) => {
  await admin.goto('/admin/error-catalogue?q=AADSTS50011');
  await expect(admin.getByText('Microsoftの画面に表示されるエラー').first()).toBeVisible();
  await admin.getByRole('rowheader').first().getByRole('link').click();
  await expect(admin.getByText(/Argusには戻りません/)).toBeVisible();
  await admin.goto('/admin/error-catalogue/mail_rejected');
  await expect(admin.getByText('エラー：〔状態コード〕 〔状態の説明〕', { exact: true })).toBeVisible();
  await admin.goto('/admin/error-catalogue/no_such_code');
  await expect(admin.getByRole('alert')).toBeVisible();
});

test('エラー辞典: キーボードだけで検索して開け、どの幅でも重大な問題がない', async ({ admin }) => {
  await admin.goto('/admin/error-catalogue');
  await search(admin).focus();
  await admin.keyboard.type('AADSTS7000222');
  await admin.keyboard.press('Enter');
  await expect(codes(admin)).toHaveCount(2);
  const first = admin.getByRole('rowheader').first().getByRole('link');
  for (const width of [1280, 768, 320]) {
    await expectNoSidewaysScroll(admin, width);
    await expectAccessible(admin, `エラー辞典（${width} px）`);
  }
  await expect(async () => {
    await admin.keyboard.press('Tab');
    await expect(first).toBeFocused({ timeout: 50 });
  }).toPass({ intervals: [0] });
  await admin.keyboard.press('Enter');
  await expect(admin.getByRole('heading', { level: 1, name: '認証に失敗しました。' })).toBeFocused();
  for (const width of [1280, 768, 320]) {
    await expectNoSidewaysScroll(admin, width);
    await expectAccessible(admin, `エラー辞典の1項目（${width} px）`);
  }
});
