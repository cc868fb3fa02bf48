import { expect } from '@playwright/test';
import { taroUpn } from '../fixtures/accounts.ts';
import { customerRows } from '../fixtures/customer-rows.ts';
import { expectCauses, expectForUser, expectInErrorLog, expectMessage, followToField } from '../fixtures/error-view.ts';
import { authorize, playFault, startAuthorization } from '../fixtures/microsoft-pages.ts';
import { arrivals, openPortlet, refreshUntil } from '../fixtures/portlet.ts';
import { setupApi } from '../fixtures/setup-api.ts';
import { test } from '../fixtures/test.ts';

// Three rows as users and administrators see them, from the error to the repaired connection. The same view shows
// every other row.

test('A3: リモートサイト設定に、トークンエンドポイントURLが未登録', async ({ admin, user, fake }) => {
  const { lines, causes } = customerRows.A3;
  const setup = setupApi(admin);
  const addAgain = await setup.removeSite('Microsoft_Login');
  await startAuthorization(user);
  await expectMessage(user, lines);
  const errorId = await expectForUser(user, causes);
  // Checked before the user is sent to Microsoft.
  expect(fake.control.requests()).toEqual([]);

  // The administrator sees more: in the log, and on the same screen when they encounter the error themselves.
  await expectInErrorLog(admin, errorId, lines, causes);
  await expect(admin.getByText('対象のサイト').locator('xpath=following-sibling::dd[1]')).toContainText(fake.loginUrl);
  await startAuthorization(admin);
  await expectMessage(admin, lines);
  await expectCauses(admin, causes);
  await followToField(admin, 'トークンエンドポイントURL');

  await addAgain();
  await authorize(user, fake, taroUpn);
});

test('B1: メールの取得がタイムアウトする', async ({ admin, user, fake }) => {
  const { lines, causes } = customerRows.B1;
  await authorize(user, fake, taroUpn);
  await setupApi(admin).settings({ totalTimeoutSeconds: 2, connectTimeoutSeconds: 1 });
  await playFault(fake, 'メールの応答が返らない', { target: 'messages', kind: 'hangBeforeHeaders' });
  await openPortlet(user);
  await expectMessage(user, lines);
  await expect(user.getByRole('button', { name: /^再読み込み \(0:[0-2]\d\)$/ })).toBeDisabled();
  const errorId = await expectForUser(user, causes);
  await expectInErrorLog(admin, errorId, lines, causes);
  await followToField(admin, '全体のタイムアウト');

  fake.control.clearFaults();
  await openPortlet(user);
  await expect(arrivals(user)).toHaveCount(10);
});

test('B4: エンドポイントURLのリソース先に誤りがある', async ({ admin, user, fake }) => {
  const { lines, causes } = customerRows.B4;
  const setup = setupApi(admin);
  await authorize(user, fake, taroUpn);
  await authorize(admin, fake, 'admin@contoso.example');
  await setup.settings({ mailUrl: `${fake.graphUrl}/v1.0/me/mailFolderz/inbox/messages` });
  await openPortlet(user);
  await expectMessage(user, lines);
  const errorId = await expectForUser(user, causes);
  await expectInErrorLog(admin, errorId, lines, causes);

  // In the administrator's own portlet, the same screen shows more.
  await openPortlet(admin);
  await expectMessage(admin, lines);
  await expectCauses(admin, causes);
  await expect(admin.getByLabel('応答の詳細')).toContainText('HTTPステータス400');
  await followToField(admin, 'URL');

  await setup.settings({ mailUrl: `${fake.graphUrl}/v1.0/me/mailFolders/inbox/messages` });
  await refreshUntil(user, () => expect(arrivals(user)).toHaveCount(10, { timeout: 2_000 }));
});
