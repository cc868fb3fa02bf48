import { accountKey } from '@argus/contract/account-key';
import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import iconv from 'iconv-lite';
import { beforeAll, describe, expect, test } from 'vitest';
import { c1, company, stageCompany } from '../support/csv-company.ts';
import { apply, readFile, rowsOf, undo, upload } from '../support/csv-upload.ts';

stageCompany(['taro', 'hanako', 'jiro', 'saburo', 'shiro']);

/** The 32 columns of "Export users" in the Microsoft 365 admin center. */
const adminCenter =
  'Block credential,City,Country/Region,Department,DirSyncEnabled,Display name,Fax,First name,Last dirsync time,Last name,Last password change time stamp,License assignment details,Licenses,Mobile Phone,Oath token metadata,Object Id,Office,Password never expires,Phone number,Postal code,Preferred data location,Preferred language,Proxy addresses,Release track,Soft deletion time stamp,State,Street address,Strong password required,Title,Usage location,User principal name,When created'.split(
    ',',
  );
/** "Download users" in the Microsoft Entra admin center. */
const entra =
  'userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,accountEnabled,usageLocation,streetAddress,state,country,officeLocation,city,postalCode,telephoneNumber,mobilePhone,alternateEmailAddress,ageGroup,consentProvidedForMinor,legalAgeGroupClassification,companyName,creationType,directorySynced,invitationState,identityIssuer,createdDateTime'.split(
    ',',
  );

type Person = Readonly<Record<string, string>>;

/** A file of these columns; a cell that a person does not name is filled as the tool fills it. */
function listOf(columns: readonly string[], people: readonly Person[], cell = ''): string {
  const line = (cells: readonly string[]) => cells.map((text) => (text.includes(',') ? `"${text}"` : text)).join(',');
  return [line(columns), ...people.map((person) => line(columns.map((column) => person[column] ?? cell)))].join('\r\n');
}

const admins = (upn: string, name: string, addresses = '') => ({
  'User principal name': upn,
  'Display name': name,
  'Proxy addresses': addresses,
  Licenses: 'Microsoft 365 E3+Power BI',
  'Block credential': 'False',
});

async function rename(name: string, displayName: string): Promise<void> {
  await company.argus.database.prisma.account.update({
    where: { usernameKey: `${name}@argus.example` },
    data: { displayName, displayNameKey: accountKey(displayName) },
  });
}

beforeAll(async () => {
  await rename('taro', '山田 太郎');
  await rename('hanako', '佐藤 花子');
  await rename('jiro', '鈴木 次郎');
  await rename('saburo', '田中 三郎');
  await rename('shiro', '田中 三郎');
});

const matching = (found: CsvImportView) =>
  company.admin
    .call('POST /api/admin/csv-imports/:id/read', {
      params: { id: String(found.id) },
      body: { mode: 'merge', createAccounts: false, dropDisplayOnly: false, matchUsers: true },
    })
    .then(() => settledView(found.id));

async function settledView(id: number): Promise<CsvImportView> {
  for (;;) {
    const view = await company.admin.call('GET /api/admin/csv-imports/:id', { params: { id: String(id) } });
    if (view.state !== 'reading') return view;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function planned(found: CsvImportView, kind: 'added' | 'unchanged' | 'unmatched') {
  const rows = await rowsOf(company.admin, found, kind);
  return rows.map(({ line, username, matchedBy, cells, faults }) => [
    line,
    username,
    cells[1]?.to,
    matchedBy,
    ...faults.map(({ code }) => code),
  ]);
}

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
    const found = await matching(await upload(company.admin, listOf(adminCenter, list)));
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
    const again = await matching(await upload(company.admin, listOf(adminCenter, list)));
    expect(again.counts).toMatchObject({ added: 0, unchanged: 3, unmatched: 4, error: 0 });
    expect(await undo(company.admin, found)).toMatchObject({ state: 'undone' });
    expect(await company.links()).toEqual({});
  });

  test('field F3: nothing is guessed: names of several lines, users claimed twice, and two users for one line', async () => {
    const list = [
      { userPrincipalName: 'y1@contoso.example', displayName: '山田 太郎' },
      { userPrincipalName: 'y2@contoso.example', displayName: '山田太郎' },
      { userPrincipalName: 'hanako@argus.example', displayName: 'x' },
      { userPrincipalName: 'h2@contoso.example', displayName: 'y', mail: 'hanako@argus.example' },
      { userPrincipalName: 'saburo@argus.example', mail: 'shiro@argus.example' },
      { userPrincipalName: 'jiro@argus.example', displayName: '別の人' },
      { userPrincipalName: 'j2@contoso.example', displayName: '鈴木 次郎' },
      { userPrincipalName: 'twice@contoso.example', mail: 'shiro@argus.example' },
      { userPrincipalName: 'Twice@contoso.example' },
    ];
    const found = await matching(await upload(company.admin, listOf(entra, list)));
    expect(await planned(found, 'added')).toEqual([[7, 'jiro@argus.example', 'jiro@argus.example', 'username']]);
    expect(await planned(found, 'unmatched')).toEqual([
      [2, '', 'y1@contoso.example', null, 'csv_match_ambiguous'],
      [3, '', 'y2@contoso.example', null, 'csv_match_ambiguous'],
      [4, 'hanako@argus.example', 'hanako@argus.example', 'username', 'csv_match_ambiguous'],
      [5, 'hanako@argus.example', 'h2@contoso.example', 'mail', 'csv_match_ambiguous'],
      [6, '', 'saburo@argus.example', null, 'csv_match_ambiguous'],
      [8, '', 'j2@contoso.example', null, 'csv_match_ambiguous'],
      [9, 'shiro@argus.example', 'twice@contoso.example', 'mail', 'csv_upn_repeated'],
      [10, '', 'Twice@contoso.example', null, 'csv_upn_repeated'],
    ]);
  });

  test('field F3: a line that cannot be used itself keeps the user whom it names from being guessed', async () => {
    const list = [
      { userPrincipalName: 'taro@argus.example', mail: 'hanako@argus.example' },
      { userPrincipalName: 'other@contoso.example', displayName: '山田 太郎' },
      { userPrincipalName: 'not an address', mail: 'jiro@argus.example' },
      { userPrincipalName: 'j2@contoso.example', displayName: '鈴木 次郎' },
    ];
    const found = await matching(await upload(company.admin, listOf(entra, list)));
    expect(await planned(found, 'added')).toEqual([]);
    expect((await planned(found, 'unmatched')).map(([, , , , code]) => code)).toEqual([
      ...Array<string>(2).fill('csv_match_ambiguous'),
      'upn_malformed',
      'csv_match_ambiguous',
    ]);
  });

  test('field F3: guests and blocked accounts count by their UPN alone, and inactive users are not matched', async () => {
    const { prisma } = company.argus.database;
    const jiro = { where: { usernameKey: 'jiro@argus.example' } };
    await prisma.account.update({ ...jiro, data: { active: false } });
    try {
      const list = [
        { userPrincipalName: 'g_x#EXT#@contoso.example', displayName: '山田 太郎', userType: 'Guest' },
        { userPrincipalName: 'h_x#EXT#@contoso.example', mail: 'hanako@argus.example', userType: 'guest' },
        { userPrincipalName: 'off@contoso.example', displayName: '佐藤 花子', accountEnabled: 'False' },
        { userPrincipalName: 'jiro@argus.example', displayName: '佐藤 花子' },
        { userPrincipalName: 'j2@contoso.example', displayName: '山田 太郎', mail: 'jiro@argus.example' },
        { userPrincipalName: 'shiro@argus.example', userType: 'Guest', accountEnabled: 'False' },
      ];
      const found = await matching(await upload(company.admin, listOf(entra, list)));
      expect(await planned(found, 'added')).toEqual([[7, 'shiro@argus.example', 'shiro@argus.example', 'username']]);
      expect((await planned(found, 'unmatched')).map(([line, , , , code]) => [line, code])).toEqual([
        [2, 'csv_match_none'],
        [3, 'csv_match_none'],
        [4, 'csv_match_none'],
        [5, 'csv_match_inactive'],
        [6, 'csv_match_inactive'],
      ]);
      const blocked = [{ ...admins('b@contoso.example', '山田 太郎'), 'Block credential': 'True' }];
      expect(await planned(await matching(await upload(company.admin, listOf(adminCenter, blocked))), 'added')).toEqual(
        [],
      );
    } finally {
      await prisma.account.update({ ...jiro, data: { active: true } });
    }
  });

  test('field F3: a mail address counts only where no other line claims its user, usable or not', async () => {
    const list = [
      { userPrincipalName: 'taro@argus.example', mail: 'hanako@argus.example' },
      { userPrincipalName: 'evil@contoso.example', mail: 'taro@argus.example' },
      { userPrincipalName: 'not an address', mail: 'jiro@argus.example' },
      { userPrincipalName: 'evil2@contoso.example', mail: 'jiro@argus.example' },
    ];
    const found = await matching(await upload(company.admin, listOf(entra, list)));
    expect(await planned(found, 'added')).toEqual([]);
  });

  test('field F3: a namesake who came after the preview makes a match by name outdated', async () => {
    const list = [{ userPrincipalName: 'taro.yamada@contoso.example', displayName: '山田 太郎' }];
    const found = await matching(await upload(company.admin, listOf(entra, list)));
    await rename('shiro', '山田太郎');
    try {
      expect(await apply(company.admin, found)).toMatchObject({ problem: { code: 'csv_import_outdated' } });
    } finally {
      await rename('shiro', '田中 三郎');
    }
  });

  test('field F3: what was shown by a display name is applied to nobody of another name', async () => {
    const list = [{ userPrincipalName: 'taro.yamada@contoso.example', displayName: '山田 太郎' }];
    const found = await matching(await upload(company.admin, listOf(entra, list)));
    expect(await planned(found, 'added')).toHaveLength(1);
    await rename('taro', '全く別の人');
    try {
      expect(await apply(company.admin, found)).toMatchObject({ problem: { code: 'csv_import_outdated' } });
      expect(await company.links()).toEqual({});
    } finally {
      await rename('taro', '山田 太郎');
    }
  });

  test('field F3: links that exist are kept: another account is not replaced, and a linked one is not taken', async () => {
    await company.link({ taro: 'other@contoso.example', shiro: 'hanako@argus.example', jiro: 'Jiro@argus.example' });
    const list = ['taro', 'hanako', 'jiro', 'saburo'].map((name) => `${name}@argus.example`);
    const found = await matching(
      await upload(
        company.admin,
        listOf(
          entra,
          list.map((userPrincipalName) => ({ userPrincipalName })),
        ),
      ),
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
