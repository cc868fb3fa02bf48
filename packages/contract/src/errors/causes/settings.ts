import type { Causes } from '../entry.ts';
import { contactAdmin, linesOf } from '../messages.ts';
import { adminMenu } from '../places.ts';

/** What is missing in Argus's own settings, found before any call. */
export const settingsCauses = {
  provider_not_found: {
    call: 'settings',
    status: 503,
    retry: 'no',
    message: linesOf(
      { ja: '認証プロバイダ情報の取得に失敗しました。', en: 'The auth. provider information could not be found.' },
      contactAdmin,
    ),
    guide: [
      {
        condition: {
          ja: '管理者メニューに入力した認証プロバイダ接尾辞に誤りがある場合。',
          en: 'The auth. provider URL suffix entered in the admin menu is wrong.',
        },
        place: adminMenu,
        remedy: {
          ja: 'Argus管理者メニューから「認証プロバイダURL接尾辞」に誤りがないか確認してください。',
          en: 'In the Argus admin menu, check that "Auth. Provider URL Suffix" is correct.',
        },
        mendAt: '/admin/settings?field=authProviderUrlSuffix',
        menders: ['portal_admin'],
      },
    ],
  },
  not_linked: {
    call: 'settings',
    status: 409,
    retry: 'no',
    hidesKeptData: true,
    asksForLink: true,
    message: {
      ja: [
        'Microsoft365アカウントが設定されていません。',
        'システム管理者に、アカウント情報への登録を依頼してください。',
      ],
      en: [
        'No Microsoft 365 account is assigned to you.',
        'Ask your system administrator to register you under "Account links".',
      ],
    },
    guide: [
      {
        condition: {
          ja: 'アカウント情報に、この利用者の紐づけがない場合。',
          en: 'There is no link for this user in the account links.',
        },
        place: adminMenu,
        remedy: {
          ja: '管理者メニューの「アカウント情報」に、この利用者のMicrosoft365アカウントを追加してください。',
          en: 'Add the Microsoft 365 account of this user under "Account links" in the admin menu.',
        },
        mendAt: '/admin/account-links',
        menders: ['portal_admin'],
      },
    ],
  },
} as const satisfies Causes;
