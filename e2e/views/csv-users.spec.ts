import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { applyImport, chooseFile, expectPreview, exportFile } from '../fixtures/csv-pages.ts';
import { provePassword } from '../fixtures/setup-pages.ts';
import { choosePassword, test } from '../fixtures/test.ts';

test('利用者をCSVで登録し、招待リンクを渡すと、本人がパスワードを設定してサインインできる', async ({
  admin,
  anotherBrowser,
}) => {
  await admin.goto('/admin/users');
  const { name, bytes } = await exportFile(admin, 'UTF-8');
  expect(name).toMatch(/^利用者_\d{4}-\d{2}-\d{2}\.csv$/);
  const text = bytes.toString('utf8');
  expect(text).toContain('\ufeffユーザ名,Salesforceアカウント,役割,有効\r\n');
  expect(text).toContain('管理 一郎,admin@argus.example,管理者,TRUE\r\n');

  await test.step('最後の管理者を外すファイルは、取り込めない', async () => {
    const locked = text.replace('admin@argus.example,管理者,TRUE', 'admin@argus.example,ユーザ,TRUE');
    await chooseFile(admin, 'locked-out.csv', Buffer.from(locked), 'users');
    await expectPreview(admin, 'エラー 1', '変更なし 7');
    await expect(admin.getByText('有効な管理者がいなくなります。管理者を1人以上残してください。')).toBeVisible();
  });

  const added = `${text}新人 七海,nanami@argus.example,ユーザ,TRUE\r\n新人 八雲,yakumo@argus.example,ユーザ,FALSE\r\n`;
  await chooseFile(admin, '新入社員.csv', Buffer.from(added), 'users');
  await expectPreview(admin, '追加 2', '変更なし 8');
  await applyImport(admin, 2);
  await admin.getByRole('link', { name: '招待リンクの発行へ' }).click();
  await expect(admin.getByRole('row', { name: /新人 七海/ })).toContainText('パスワード未設定');

  await admin.getByRole('button', { name: '招待リンクをCSVで発行' }).click();
  const dialog = admin.getByRole('dialog', { name: '招待リンクをCSVで発行' });
  await expect(dialog).toContainText('パスワードが未設定の、有効な利用者1人に招待リンクを発行し');
  const saved = admin.waitForEvent('download');
  await dialog.getByRole('button', { name: 'CSVで発行する' }).click();
  await provePassword(admin);
  const invitations = await readFile(await (await saved).path(), 'utf8');
  const link = /https?:\/\/\S+\/invitation#token=[\w-]{43}/.exec(invitations)?.[0] ?? '';

  const guest = await (await anotherBrowser()).newPage();
  await guest.goto(link);
  await choosePassword(guest, 'a long passphrase of mine');
  await expect(guest.getByRole('button', { name: 'アカウントメニュー： 新人 七海' })).toBeVisible();
});
