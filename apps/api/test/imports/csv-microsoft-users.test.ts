import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { c1, company } from '../support/csv-company.ts';
import { apply, readFile, rowsOf, undo, upload } from '../support/csv-upload.ts';
import {
  adminCenter,
  admins,
  entra,
  listOf,
  matching,
  matchList,
  planned,
  rename,
  stageNamedCompany,
} from '../support/microsoft-users.ts';

stageNamedCompany();

describe("Microsoft 365's list of users", () => {
  const people = [admins('taro@argus.example', '山田 太郎')];
  const japanese = adminCenter.map((name) =>
    name === 'User principal name' ? 'ユーザー プリンシパル名' : name === 'Display name' ? '表示名' : `${name}（列）`,
  );

  test.each([
    ['the admin center', Buffer.from(`\ufeff${listOf(adminCenter, people)}`), 'User principal name'],
    ['the admin center in Japanese', Buffer.from(`\ufeff${listOf(japanese, [{}], 'x')}`), 'ユーザー プリンシパル名'],
    [
      'the same, saved by Excel as CP932',
      iconv.encode(listOf(japanese, [{}], 'x'), 'cp932'),
      'ユーザー プリンシパル名',
    ],
    ['Entra', Buffer.from(listOf(entra, [{ userPrincipalName: 'taro@argus.example' }])), 'userPrincipalName'],
    [
      'PowerShell: Get-MgUser | Export-Csv',
      Buffer.from('#TYPE Microsoft.Graph.User\r\n"UserPrincipalName","DisplayName"\r\n"taro@argus.example","x"\r\n'),
      'UserPrincipalName',
    ],
  ])('field F3: the list of %s is C1, says what it is, and offers to match it', async (_, bytes, column) => {
    const found = await upload(company.admin, bytes);
    const line = column === 'UserPrincipalName' ? 2 : 1;
    expect(found).toMatchObject({ state: 'refused', refusal: { reason: 'microsoft_users', repair: 'match_users' } });
    expect(found.problem?.lines).toContain(c1);
    expect(found.refusal?.message).toBe(
      `これはMicrosoft 365の利用者の一覧です（${line}行目に「${column}」列があり、「Salesforceアカウント」「Microsoft365アカウント」列がありません）。「利用者と照合する」を選択すると、Salesforceアカウントがユーザー プリンシパル名またはメールアドレスと等しい利用者、または表示名が等しいただ1人の利用者に、紐づけを追加する案を表示します。`,
    );
  });

  test('field F3: in the import of users it is C1 without an offer, and says where it belongs', async () => {
    const found = await upload(company.admin, listOf(adminCenter, people), { table: 'users' });
    expect(found).toMatchObject({ state: 'refused', refusal: { reason: 'microsoft_users_elsewhere', repair: null } });
    expect(found.refusal?.message).toContain('「アカウント情報」のCSV取込でこのファイルを選択してください');
  });

  test('field F3: a column of UPNs beside one of Argus is no list of Microsoft 365: the missing column is named', async () => {
    const found = await upload(company.admin, 'Salesforceアカウント,User principal name\na@b.example,c@d.example\n');
    expect(found).toMatchObject({ state: 'refused', refusal: { reason: 'header_missing', repair: null } });
  });

  test('field F3: lines are matched by username, by mail address, and by a display name that is the only one', async () => {
    const list = [
      admins('TARO@argus.example', 'Taro Yamada'),
      admins('h.sato@contoso.example', '佐藤　花子さん', 'smtp:x@contoso.example+SMTP:Hanako@argus.example'),
      admins('jiro@contoso.example', '鈴木次郎'),
      admins('saburo@contoso.example', '田中 三郎'),
      admins('nobody@contoso.example', '知らない人'),
      admins('guest_gmail.com#EXT#@contoso.example', ''),
      admins('not an address', '誰か'),
    ];
    const found = await matchList(adminCenter, list);
    expect(found).toMatchObject({ state: 'ready', matchUsers: true, mode: 'merge', problem: null, refusal: null });
    expect(found.counts).toMatchObject({
      added: 3,
      unmatched: 4,
      error: 0,
      changed: 0,
      removed: 0,
      accountsCreated: 0,
    });
    expect(await planned(found, 'added')).toEqual([
      [2, 'taro@argus.example', 'TARO@argus.example', 'username'],
      [3, 'hanako@argus.example', 'h.sato@contoso.example', 'mail'],
      [4, 'jiro@argus.example', 'jiro@contoso.example', 'displayName'],
    ]);
    expect(await planned(found, 'unmatched')).toEqual([
      // Two users of the portal have this name.
      [5, '', 'saburo@contoso.example', null, 'csv_match_ambiguous'],
      [6, '', 'nobody@contoso.example', null, 'csv_match_none'],
      [7, '', 'guest_gmail.com#EXT#@contoso.example', null, 'csv_match_none'],
      [8, '', 'not an address', null, 'upn_malformed'],
    ]);
    const saved = await company.admin.send('GET', `/api/admin/csv-imports/${found.id}/failed-rows`);
    expect(decodeURIComponent(saved.headers.get('content-disposition') ?? '')).toContain('照合できない行.csv');
    expect(saved.text.split('\r\n')).toHaveLength(1 + 4 + 1);
    expect(saved.text).toMatch(/^6,,nobody@contoso\.example,./m);
    expect(await apply(company.admin, found)).toMatchObject({ state: 'applied' });
    expect(await company.links()).toEqual({
      taro: 'TARO@argus.example',
      hanako: 'h.sato@contoso.example',
      jiro: 'jiro@contoso.example',
    });
    const again = await matchList(adminCenter, list);
    expect(again.counts).toMatchObject({ added: 0, unchanged: 3, unmatched: 4, error: 0 });
    expect(await undo(company.admin, found)).toMatchObject({ state: 'undone' });
    expect(await company.links()).toEqual({});
  });

  test('field F3: a match by display name is not applied to a user who was renamed after the preview', async () => {
    const list = [{ userPrincipalName: 'taro.yamada@contoso.example', displayName: '山田 太郎' }];
    const found = await matchList(entra, list);
    expect(await planned(found, 'added')).toHaveLength(1);
    await rename('taro', '全く別の人');
    try {
      expect(await apply(company.admin, found)).toMatchObject({ problem: { code: 'csv_import_outdated' } });
      expect(await company.links()).toEqual({});
    } finally {
      await rename('taro', '山田 太郎');
    }
  });

  test('field F3: existing links stay: no account is replaced, and none is taken from its user', async () => {
    await company.link({ taro: 'other@contoso.example', shiro: 'hanako@argus.example', jiro: 'Jiro@argus.example' });
    const list = ['taro', 'hanako', 'jiro', 'saburo'].map((name) => `${name}@argus.example`);
    const found = await matchList(
      entra,
      list.map((userPrincipalName) => ({ userPrincipalName })),
    );
    expect(await planned(found, 'unchanged')).toEqual([[4, 'jiro@argus.example', 'Jiro@argus.example', 'username']]);
    expect(await planned(found, 'unmatched')).toEqual([
      [2, 'taro@argus.example', 'taro@argus.example', 'username', 'account_linked'],
      [3, 'hanako@argus.example', 'hanako@argus.example', 'username', 'upn_linked'],
    ]);
    const [taken] = await rowsOf(company.admin, found, 'unmatched');
    expect(taken?.faults[0]).toMatchObject({
      header: 'Salesforceアカウント',
      message: 'このSalesforceアカウントには、既に other@contoso.example が紐づけられています。',
    });
    expect(await apply(company.admin, found)).toMatchObject({ state: 'applied', counts: { added: 1, unmatched: 2 } });
    expect(await company.links()).toEqual({
      taro: 'other@contoso.example',
      shiro: 'hanako@argus.example',
      jiro: 'Jiro@argus.example',
      saburo: 'saburo@argus.example',
    });
  });

  test('field F3: matching removes no link and creates no user, and is not for the import of users', async () => {
    const found = await upload(company.admin, listOf(adminCenter, people));
    const refusalOf = async (id: number, change: object) => {
      const asIs = { mode: 'merge', createAccounts: false, dropDisplayOnly: false, matchUsers: true };
      const body = { ...asIs, ...change };
      return (await company.admin.send('POST', `/api/admin/csv-imports/${id}/read`, { body })).status;
    };
    expect(await refusalOf(found.id, { mode: 'replace' })).toBe(400);
    expect(await refusalOf(found.id, { createAccounts: true })).toBe(400);
    const users = await upload(company.admin, listOf(adminCenter, people), { table: 'users' });
    expect(await refusalOf(users.id, {})).toBe(400);
    // Read as what it is again, it is refused again.
    expect(await readFile(company.admin, (await matching(found)).id)).toMatchObject({
      state: 'refused',
      matchUsers: false,
    });
  });

  test('field F3: a file without UPNs cannot be matched', async () => {
    const found = await matching(await upload(company.admin, 'Display name,Mail\nx,y@z.example\n'));
    expect(found).toMatchObject({ state: 'refused', refusal: { reason: 'header_missing' } });
    expect(found.refusal?.message).toContain('「ユーザー プリンシパル名」');
  });
});
