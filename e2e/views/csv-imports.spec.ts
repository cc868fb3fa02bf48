import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import iconv from 'iconv-lite';
import { expectAccessible, expectNoSidewaysScroll } from '../fixtures/accessible.ts';
import { goro, hanakoUpn, ichiroAdmin, taro, taroUpn } from '../fixtures/accounts.ts';
import {
  applyImport,
  chooseFile,
  expectPreview,
  exportFile,
  linkFile,
  linkHeader,
  undoImport,
} from '../fixtures/csv-pages.ts';
import { expectCauses, expectMessage } from '../fixtures/error-view.ts';
import { authorize } from '../fixtures/microsoft-pages.ts';
import { arrivals } from '../fixtures/portlet.ts';
import { test } from '../fixtures/test.ts';

const c1 = 'エラー：CSVファイルが不正です。1行目はヘッダ情報を記入し、2行目以降にデータを入力してください。';
const c1Cause = {
  condition: '取り込みを実行したCSVファイルに不正があった場合。',
  place: '取り込みを実行したCSVファイル',
  remedy:
    'CSVファイルは1行目にヘッダ情報、2行目以降にデータを入力し、1列目の「ユーザ名」列を削除して保存してください。',
};
const goroUpn = 'goro.kobayashi@contoso.example';

function rows(admin: Page) {
  return admin
    .getByRole('table')
    .getByRole('row')
    .filter({ has: admin.getByRole('rowheader') });
}

test('CSV出力した取込用ファイルを編集し、取り込み、元に戻す。同じファイルは0件になる', async ({ admin }) => {
  await admin.goto('/admin/account-links');
  const { name, bytes } = await exportFile(admin, '取込用：ユーザ名なし（UTF-8）');
  expect(name).toMatch(/^アカウント情報_取込用_\d{4}-\d{2}-\d{2}\.csv$/);
  const text = bytes.toString('utf8');
  expect(text.startsWith(`\ufeff${linkHeader}\r\n`)).toBe(true);

  await chooseFile(admin, name, bytes);
  await expectPreview(admin, '変更なし 7');
  await expect(admin.getByText('変更はありません。')).toBeVisible();
  await expect(admin.getByRole('button', { name: '取り込む', exact: true })).toBeDisabled();

  const edited = `${text.replace(taroUpn, 'taro.new@contoso.example')}${goro.username},${goroUpn}\r\n`;
  await chooseFile(admin, 'edited.csv', Buffer.from(edited));
  await expectPreview(admin, '追加 1', '変更 1', '変更なし 6');
  await expect(rows(admin)).toHaveCount(1);
  await expect(rows(admin).first()).toContainText('taro.new@contoso.example');
  await expect(rows(admin).first().locator('del')).toHaveText(taroUpn);
  await applyImport(admin, 2);
  await admin.goto('/admin/account-links?q=taro');
  await expect(rows(admin)).toContainText(['taro.new@contoso.example']);

  await admin.goBack();
  await undoImport(admin);
  await admin.goto('/admin/account-links?q=taro');
  await expect(rows(admin)).toContainText([taroUpn]);
  await admin.goto('/admin/audit-events');
  await expect(rows(admin).filter({ hasText: 'edited.csv' })).toContainText([
    'CSV取込の取り消し',
    'CSV取込',
    'CSV取込の開始',
  ]);
});

test('C1: 1列目に「ユーザ名」があるファイルは、理由と対応方法が表示され、1回の操作で取り込める', async ({ admin }) => {
  await admin.goto('/admin/account-links');
  const { bytes } = await exportFile(admin, 'ユーザ名付き（UTF-8）');
  const withGoro = `${bytes.toString('utf8')}小林 五郎,${goro.username},${goroUpn}\r\n`;
  await chooseFile(admin, 'ユーザ名付き.csv', Buffer.from(withGoro));
  await expectMessage(admin, [c1]);
  await expect(admin.getByText('1列目に「ユーザ名」列があります。')).toBeVisible();
  await expectCauses(admin, [c1Cause]);
  await admin.getByRole('button', { name: 'ユーザ名列を除いて取り込む' }).click();
  await expectPreview(admin, '追加 1', '変更なし 7');
  await applyImport(admin, 1);
});

test('C1: 空のファイル、見出しだけのファイル、見出しの誤り、Excelブックは、それぞれの理由が表示される', async ({
  admin,
}) => {
  const cases: readonly (readonly [string, Buffer, string])[] = [
    ['空.csv', Buffer.from(''), 'ファイルが空です。'],
    ['見出しのみ.csv', Buffer.from(`${linkHeader}\r\n`), '見出しだけで、データがありません。'],
    ['見出し違い.csv', Buffer.from(`アカウント,メール\r\n${goro.username},${goroUpn}\r\n`), '「Salesforceアカウント'],
    [
      'ブック.csv',
      Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.from('[Content_Types].xml xl/workbook.xml')]),
      'Excelブック',
    ],
  ];
  for (const [name, bytes, reason] of cases) {
    await chooseFile(admin, name, bytes);
    await expectMessage(admin, [c1]);
    await expect(admin.locator('.argus-refusal')).toContainText(reason);
  }
});

test('Excelが保存したShift_JISのファイルをそのまま取り込める。Shift_JISにない文字は出力の前に示される', async ({
  admin,
}) => {
  const content = `${linkHeader}\r\n${goro.username},表ソ能@contoso.example\r\n`;
  await chooseFile(admin, 'shift_jis.csv', iconv.encode(content, 'cp932'));
  await expectPreview(admin, '追加 1');
  await expect(admin.getByText('文字コード：Shift_JIS（CP932）、区切り：カンマ')).toBeVisible();
  await applyImport(admin, 1);
  await admin.goto('/admin/account-links');
  const { bytes } = await exportFile(admin, 'ユーザ名付き（Shift_JIS）');
  expect(iconv.decode(bytes, 'cp932')).toContain(`小林 五郎,${goro.username},表ソ能@contoso.example\r\n`);

  await chooseFile(admin, 'kanji.csv', linkFile([goro.username, '𠮷田@contoso.example']));
  await expectPreview(admin, '変更 1');
  await applyImport(admin, 1);
  await admin.goto('/admin/account-links');
  await admin.getByRole('button', { name: 'CSV出力' }).click();
  await admin.getByRole('menuitem', { name: '取込用：ユーザ名なし（Shift_JIS）' }).click();
  const dialog = admin.getByRole('dialog', { name: 'Shift_JIS（CP932）にない文字があります' });
  await expect(dialog.getByRole('table')).toContainText('𠮷');
  await expect(dialog.getByRole('table')).toContainText('U+20BB7');
  const saved = admin.waitForEvent('download');
  await dialog.getByRole('button', { name: 'UTF-8で出力する' }).click();
  const utf8 = await readFile(await (await saved).path(), 'utf8');
  expect(utf8).toContain('𠮷田@contoso.example');
});

test('1,000行のうち3行に誤りがあるファイルは取り込めず、誤りの行と列と対応が示され、保存できる', async ({ admin }) => {
  const lines = Array.from({ length: 1_000 }, (_, index) => [
    `new${index}@argus.example`,
    `new${index}@contoso.example`,
  ]);
  const wrong = (index: number, row: [string, string]) => lines.splice(index, 1, row);
  wrong(9, ['new9@argus.example', 'contoso.example']);
  wrong(499, ['new10@argus.example', 'new499@contoso.example']);
  await chooseFile(admin, '千行.csv', linkFile(...(lines as [string, string][])));
  await expectPreview(admin, 'エラー 1,000');
  // What most rows have wrong is one mistake, told once.
  await expect(admin.getByText('同じエラーの行があります。', { exact: false })).toBeVisible();
  await expect(admin.getByText(/— 999行（2、3、4、5、6 …行目）|— 1,000行（2、3、4、5、6 …行目）/)).toBeVisible();
  await admin.getByLabel('存在しない利用者を作成する').check();
  await expectPreview(admin, 'エラー 3', '追加 997');
  await expect(rows(admin)).toHaveCount(3);
  const line = (number: number) =>
    rows(admin).filter({ has: admin.getByRole('rowheader', { name: new RegExp(`^${number}行目`) }) });
  await expect(line(11)).toContainText('Microsoft365アカウント（例：taro@contoso.com）の形式で入力してください。');
  await expect(line(501)).toContainText('12, 501行目に重複しています');
  await expect(admin.getByRole('button', { name: '取り込む', exact: true })).toBeDisabled();
  const saved = admin.waitForEvent('download');
  await admin.getByRole('button', { name: 'エラー行をCSVで保存' }).click();
  const file = await readFile(await (await saved).path(), 'utf8');
  expect(file.split('\r\n')).toHaveLength(5);
  expect(file).toContain('エラー内容');
});

test('すべて置き換えは、削除する紐づけを示し、件数の入力を求める。切れた接続は元に戻すと再開する', async ({
  admin,
  user,
  fake,
}) => {
  await authorize(user, fake, taroUpn);
  await user.goto('/');
  await expect(arrivals(user)).toHaveCount(10);

  await chooseFile(admin, '置き換え.csv', linkFile([goro.username, goroUpn], ['hanako.sato@argus.example', hanakoUpn]));
  await expectPreview(admin, '追加 1', '変更なし 1');
  await admin.getByLabel('すべて置き換え').check();
  await expectPreview(admin, '追加 1', '変更なし 1', '削除 6');
  await expect(admin.getByText('認証済みの1人の接続が切れます。')).toBeVisible();
  await expect(rows(admin)).toHaveCount(6);
  await admin.getByLabel('削除する件数').fill('5');
  await admin.getByRole('button', { name: '7件を取り込む' }).click();
  await expect(admin.getByText('削除する件数（6）を入力してください。')).toBeVisible();
  await admin.getByLabel('削除する件数').fill('6');
  await applyImport(admin, 7);
  await user.reload();
  await expect(arrivals(user)).toHaveCount(0);

  await undoImport(admin);
  await user.reload();
  await expect(arrivals(user)).toHaveCount(10);
});

test('2人の管理者が同時に取り込むと、一方だけが取り込まれ、もう一方は確認し直す', async ({ admin, signedIn }) => {
  const other = await signedIn(ichiroAdmin);
  const first = linkFile([goro.username, goroUpn], ['shiro.kato@argus.example', 'shiro2@contoso.example']);
  await chooseFile(admin, '一人目.csv', first);
  await expectPreview(admin, '追加 1', '変更 1');
  await chooseFile(other, '二人目.csv', linkFile([goro.username, 'goro2@contoso.example']));
  await expectPreview(other, '追加 1');
  await applyImport(admin, 2);
  await other.getByRole('button', { name: '1件を取り込む' }).click();
  await expectMessage(other, [
    '確認した後に、データが変更されました。何も取り込んでいません。',
    '「もう一度確認する」から、最新のデータとの差分を確認してください。',
  ]);
  await other.getByRole('button', { name: 'もう一度確認する' }).click();
  await expectPreview(other, '変更 1');
  await expect(rows(other).first().locator('del')).toHaveText(goroUpn);

  await test.step('取り込んだ後に変更された行は、元に戻さずに示される', async () => {
    await applyImport(other, 1);
    await admin.getByRole('button', { name: '取り込みを元に戻す' }).click();
    await admin.getByRole('dialog').getByRole('button', { name: '元に戻す', exact: true }).click();
    await expectMessage(admin, [
      '取り込んだ後に変更されたデータがあるため、元に戻せません。何も変更していません。',
      '下の一覧の行を確認してください。ほかの行だけを元に戻すこともできます。',
    ]);
    await expect(rows(admin)).toContainText([goro.username]);
  });
  await test.step('people 22: ほかの行は元に戻し、残した行は理由とともに示される', async () => {
    for (const width of [1280, 320]) {
      await expectNoSidewaysScroll(admin, width);
      await expectAccessible(admin, `元に戻せない行（${width} px）`);
    }
    await admin.getByRole('button', { name: 'ほかの行を元に戻す' }).click();
    const asked = admin.getByRole('dialog', { name: 'ほかの行を元に戻す' });
    await expect(asked).toContainText('変更されていない1件を取り込む前のデータに戻し');
    await asked.getByRole('button', { name: '元に戻す', exact: true }).click();
    await expect(admin.getByText('1件の変更を、取り込む前のデータに戻しました。')).toBeVisible();
    await expect(admin.getByText('1件は、取り込んだ後に変更されていたため、そのまま残しました。')).toBeVisible();
    await expect(admin.getByText('取り込んだ後に変更されました。')).toBeVisible();
    await expect(rows(admin)).toContainText([goro.username]);
    await admin.goto('/admin/account-links?q=shiro');
    await expect(rows(admin)).toContainText(['shiro.kato@contoso.example']);
  });
});

test('100,000行のファイルは進み具合が示され、ページを離れても続き、戻ると見つかる', async ({ admin }) => {
  test.slow();
  const lines = Array.from({ length: 100_000 }, (_, index): [string, string] => {
    const number = String(index).padStart(6, '0');
    return [`bulk${number}@argus.example`, `bulk${number}@contoso.example`];
  });
  await chooseFile(admin, '十万行.csv', linkFile(...lines));
  await expect(admin.getByRole('progressbar')).toBeVisible();
  await expect(admin.getByText(/[\d,]+行を読み込みました · 残り/)).toBeVisible({ timeout: 30_000 });
  await test.step('ページを離れ、別のページを使う', async () => {
    await admin.goto('/admin/account-links?q=taro');
    await expect(rows(admin)).toContainText([taro.username]);
  });
  await test.step('CSV取込に戻る', async () => {
    await admin.getByRole('link', { name: 'CSV取込' }).click();
    await admin
      .getByRole('row', { name: /十万行\.csv/ })
      .getByRole('link')
      .first()
      .click();
  });
  await expect(admin.getByRole('radiogroup', { name: '種類' }).locator('label')).toHaveText(['エラー 100,000'], {
    timeout: 120_000,
  });
  await admin.getByRole('button', { name: '取り消す' }).click();
  await expect(admin.getByText('取り消しました。何も取り込んでいません。')).toBeVisible();
});

test('field F3: Microsoft 365の利用者の一覧を選ぶと何の一覧かが示され、利用者と照合して紐づけを追加できる', async ({
  admin,
}) => {
  const list = [
    'Block credential,Display name,Licenses,User principal name,When created',
    `False,小林 五郎,Microsoft 365 E3,${goroUpn},2026-01-05`,
    'False,会議室A,,room-a@contoso.example,2026-01-05',
  ].join('\r\n');
  await chooseFile(admin, 'users_2026_11_29.csv', Buffer.from(list));
  await expectMessage(admin, [c1]);
  await expect(admin.locator('.argus-refusal')).toContainText('これはMicrosoft 365の利用者の一覧です');
  await admin.getByRole('button', { name: '利用者と照合する' }).click();
  await expectPreview(admin, '追加 1', '照合できない行 1');
  await expect(rows(admin)).toContainText([goroUpn]);
  await expect(rows(admin)).toContainText(['表示名で照合']);
  await expect(admin.getByText('1行は、利用者と照合できませんでした')).toBeVisible();
  await admin.getByRole('radiogroup', { name: '種類' }).getByText('照合できない行 1').click();
  await expect(rows(admin)).toContainText(['room-a@contoso.example']);
  await expect(rows(admin)).toContainText(['対応する利用者がありません。']);
  await applyImport(admin, 1);
  await admin.goto('/admin/account-links?q=goro');
  await expect(rows(admin)).toContainText([goroUpn]);
});
