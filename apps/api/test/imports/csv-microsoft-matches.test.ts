import { describe, expect, test } from 'vitest';
import { company } from '../support/csv-company.ts';
import { apply } from '../support/csv-upload.ts';
import {
  adminCenter,
  admins,
  entra,
  matchList,
  planned,
  rename,
  stageNamedCompany,
} from '../support/microsoft-users.ts';

stageNamedCompany();

describe('the user who matches a line of Microsoft 365’s list', () => {
  test('field F3: nothing is guessed: a name on several lines, a user claimed twice, two users for one line', async () => {
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
    const found = await matchList(entra, list);
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

  test('field F3: an unusable line still prevents a guess about the user whom it names', async () => {
    const list = [
      { userPrincipalName: 'taro@argus.example', mail: 'hanako@argus.example' },
      { userPrincipalName: 'other@contoso.example', displayName: '山田 太郎' },
      { userPrincipalName: 'not an address', mail: 'jiro@argus.example' },
      { userPrincipalName: 'j2@contoso.example', displayName: '鈴木 次郎' },
    ];
    const found = await matchList(entra, list);
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
      const found = await matchList(entra, list);
      expect(await planned(found, 'added')).toEqual([[7, 'shiro@argus.example', 'shiro@argus.example', 'username']]);
      expect((await planned(found, 'unmatched')).map(([line, , , , code]) => [line, code])).toEqual([
        [2, 'csv_match_none'],
        [3, 'csv_match_none'],
        [4, 'csv_match_none'],
        [5, 'csv_match_inactive'],
        [6, 'csv_match_inactive'],
      ]);
      const blocked = [{ ...admins('b@contoso.example', '山田 太郎'), 'Block credential': 'True' }];
      expect(await planned(await matchList(adminCenter, blocked), 'added')).toEqual([]);
    } finally {
      await prisma.account.update({ ...jiro, data: { active: true } });
    }
  });

  test.each([
    ['a guest by their UPN alone', { 'User principal name': 'eve_gmail.com#EXT#@contoso.example' }],
    ['one whose sign-in is blocked, in Japanese', { 'Block credential': 'はい' }],
    ['a deleted one', { 'Soft deletion time stamp': '2026-11-01 09:00:00Z' }],
  ])('field F3: %s is not matched by name or address, whichever the list', async (_, more) => {
    const person = { ...admins('eve@contoso.example', '山田 太郎', 'SMTP:hanako@argus.example'), ...more };
    expect(await planned(await matchList(adminCenter, [person]), 'added')).toEqual([]);
  });

  test.each([{ userType: 'ゲスト' }, { userType: 'external' }, { accountEnabled: '0' }, { accountEnabled: 'いいえ' }])(
    'field F3: a person whom the list describes as %o is not matched by name or address either',
    async (more) => {
      const person = { userPrincipalName: 'eve@contoso.example', displayName: '山田 太郎', ...more };
      expect(await planned(await matchList(entra, [person]), 'added')).toEqual([]);
    },
  );

  test('field F3: members and enabled accounts are matched, whichever words the list uses for them', async () => {
    const people = [
      {
        userPrincipalName: 't@contoso.example',
        displayName: '山田 太郎',
        userType: 'メンバー',
        accountEnabled: 'はい',
      },
      { userPrincipalName: 'h@contoso.example', displayName: '佐藤 花子', userType: 'Member', accountEnabled: '1' },
    ];
    expect(await planned(await matchList(entra, people), 'added')).toHaveLength(2);
  });

  test.each(['\u1680', '\u2028', '\ufeff', '\u200b', '\u3000'])(
    'field F3: two users whose names differ only in a blank or an invisible mark (%j) are namesakes',
    async (blank) => {
      await rename('shiro', `山田${blank}太郎`);
      try {
        const list = [{ userPrincipalName: 'y@contoso.example', displayName: '山田 太郎' }];
        const found = await matchList(entra, list);
        expect((await planned(found, 'unmatched'))[0]?.at(-1)).toBe('csv_match_ambiguous');
      } finally {
        await rename('shiro', '田中 三郎');
      }
    },
  );

  test('field F3: a former user of the same name makes a match by name doubtful', async () => {
    const { prisma } = company.argus.database;
    const shiro = { where: { usernameKey: 'shiro@argus.example' } };
    await rename('shiro', '山田 太郎');
    await prisma.account.update({ ...shiro, data: { active: false } });
    try {
      const list = [{ userPrincipalName: 'y@contoso.example', displayName: '山田 太郎' }];
      const found = await matchList(entra, list);
      expect((await planned(found, 'unmatched'))[0]?.at(-1)).toBe('csv_match_ambiguous');
    } finally {
      await prisma.account.update({ ...shiro, data: { active: true } });
      await rename('shiro', '田中 三郎');
    }
  });

  test.each([
    ['UPN', { userPrincipalName: 'new@contoso.example', displayName: '山田 太郎' }],
    ['address', { userPrincipalName: 'x@contoso.example', displayName: '山田 太郎', mail: 'new@contoso.example' }],
  ])(
    'field F3: a user who was created after the preview with the %s as username makes a match outdated',
    async (_, person) => {
      const found = await matchList(entra, [person]);
      expect(await planned(found, 'added')).toHaveLength(1);
      const body = {
        username: 'new@contoso.example',
        displayName: '新しい人',
        role: 'user',
        salesforceId: null,
      } as const;
      const made = await company.admin.call('POST /api/admin/users', {
        body: { ...body, password: 'a-long-password-2026' },
      });
      try {
        expect(await apply(company.admin, found)).toMatchObject({ problem: { code: 'csv_import_outdated' } });
        expect(await company.links()).toEqual({});
      } finally {
        await company.argus.database.prisma.account.delete({ where: { id: made.id } });
      }
    },
  );

  test('field F3: a mail address counts only where no other line claims its user, usable or not', async () => {
    const list = [
      { userPrincipalName: 'taro@argus.example', mail: 'hanako@argus.example' },
      { userPrincipalName: 'evil@contoso.example', mail: 'taro@argus.example' },
      { userPrincipalName: 'not an address', mail: 'jiro@argus.example' },
      { userPrincipalName: 'evil2@contoso.example', mail: 'jiro@argus.example' },
    ];
    const found = await matchList(entra, list);
    expect(await planned(found, 'added')).toEqual([]);
  });

  test('field F3: a namesake created after the preview makes a match by name outdated', async () => {
    const list = [{ userPrincipalName: 'taro.yamada@contoso.example', displayName: '山田 太郎' }];
    const found = await matchList(entra, list);
    await rename('shiro', '山田太郎');
    try {
      expect(await apply(company.admin, found)).toMatchObject({ problem: { code: 'csv_import_outdated' } });
    } finally {
      await rename('shiro', '田中 三郎');
    }
  });
});
