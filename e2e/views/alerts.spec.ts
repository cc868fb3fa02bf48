import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../fixtures/accessible.ts';
import { provePassword } from '../fixtures/setup-pages.ts';
import { test } from '../fixtures/test.ts';

test('people 11: アラートの送信先を追加し、リモートサイトをその場で登録し、テスト送信が届いたこと、届かなかった理由がわかる', async ({
  admin,
}) => {
  const received: string[] = [];
  let status = 200;
  const hook = createServer((request, response) => {
    received.push(request.url ?? '');
    request.resume();
    request.on('end', () => response.writeHead(status).end());
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  const origin = `http://localhost:${(hook.address() as AddressInfo).port}`;

  await admin.goto('/admin/alerts');
  await expect(admin.getByText('アラートの送信先がありません。')).toBeVisible();
  await expectAccessible(admin, 'アラート（空）');
  await admin.getByRole('button', { name: '送信先を追加' }).click();
  await admin.getByLabel('名前').fill('情報システム部のチャネル');
  await admin.getByLabel('形式').selectOption('slack');
  // A typing mistake is told at its field, and nothing is lost.
  await admin.getByLabel('Webhook URL').fill('http://hooks.example/services/T0');
  await admin.getByRole('button', { name: '送信先を追加' }).click();
  await expect(admin.getByText('https:// から始まるURLを入力してください。', { exact: false })).toBeVisible();
  await admin.getByLabel('Webhook URL').fill(`${origin}/services/T0/B0/secret`);
  await admin.getByRole('button', { name: 'このサイトを追加' }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByLabel(`${origin} で間違いないことを確認しました`).check();
  await dialog.getByLabel('プロトコルセキュリティの無効化').check();
  await dialog.getByRole('button', { name: 'リモートサイトを追加' }).click();
  await expect(dialog).toBeHidden();
  await admin.getByRole('button', { name: '送信先を追加' }).click();
  // Whoever says where alerts go decides who hears of a taken-over connection.
  await provePassword(admin);
  await expect(admin.getByRole('heading', { name: '情報システム部のチャネル' })).toBeVisible();

  await admin.getByRole('button', { name: 'テスト送信' }).click();
  await expect(admin.getByText('テストを送信しました', { exact: false })).toBeVisible();
  expect(received).toEqual(['/services/T0/B0/secret']);
  await expect(admin.getByText('最後の送信：', { exact: false })).toBeVisible();
  await expect(admin.locator('body')).not.toContainText('/services/T0/B0/secret');
  for (const width of [320, 768, 1280]) await expectNoSidewaysScroll(admin, width);
  await expectAccessible(admin, 'アラートの送信先');

  status = 404;
  await admin.getByRole('button', { name: 'テスト送信' }).click();
  await expect(admin.getByText('アラートを送信できませんでした。')).toBeVisible();
  await expect(admin.getByText('エラー：404', { exact: false }).first()).toBeVisible();
  await admin.getByRole('link', { name: 'アラートへ戻る', exact: false }).click();
  await expect(admin.getByText('送信できません', { exact: true })).toBeVisible();
  for (const width of [320, 768, 1280]) await expectNoSidewaysScroll(admin, width);
  await expectAccessible(admin, 'アラート');
  await admin.getByRole('button', { name: '情報システム部のチャネル', exact: false }).click();
  await admin.getByRole('menuitem', { name: '削除' }).click();
  await admin.getByRole('dialog').getByRole('button', { name: '削除' }).click();
  await expect(admin.getByText('アラートの送信先がありません。')).toBeVisible();
  hook.closeAllConnections();
  hook.close();
});
