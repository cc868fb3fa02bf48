import type { Causes } from '../entry.ts';
import { accountRecreated } from '../guide-rows.ts';
import { argusAccountLinks, chooseLinkedAccount, reconnect } from '../places.ts';
import { endedGrantCauses } from './grant.ts';
import { settingsCauses } from './settings.ts';

/** Reasons why Argus does not call Microsoft for a user. Every purpose that uses a grant has them. */
export const connectionCauses = {
  provider_not_found: settingsCauses.provider_not_found,
  // An expected state rather than an error: the screen gives the user a text for the administrator.
  not_linked: { ...settingsCauses.not_linked, logged: false },
  // Another expected state: the screen asks the user to authorize.
  not_authorized: {
    call: 'settings',
    retry: 'reconnect',
    endsGrant: true,
    isWithoutGrant: true,
    hidesKeptData: true,
    message: ({ data, shown = data }) => ({
      ja: [`${shown.ja}を表示するには、Microsoft 365 との認証が必要です。`],
      en: [`To see ${shown.en}, connect Microsoft 365.`],
    }),
    guide: [
      {
        condition: { ja: '利用者がまだ認証していない場合。', en: 'The user has not authorized yet.' },
        remedy: reconnect,
        menders: ['user'],
      },
    ],
    logged: false,
  },
  account_mismatch: {
    call: 'identity',
    retry: 'reconnect',
    endsGrant: true,
    hidesKeptData: true,
    offersOtherAccount: true,
    message: ({ failed }) => ({
      ja: [
        failed.ja,
        'Argusで設定されているアカウントと異なるアカウントが認証されています。',
        'システム管理者に問い合わせ、認証の取消を実行してください。',
      ],
      en: [
        failed.en,
        'The connected account is different from the one assigned to you in Argus.',
        'Contact your system administrator, then choose "Disconnect".',
      ],
    }),
    guide: [
      {
        condition: {
          ja: '利用者が認証した後に、紐づけが違うアカウントに変更された場合（編集、CSV取込）。',
          en: 'After the user authorized, the link was changed to a different account (by editing or by CSV import).',
        },
        place: argusAccountLinks,
        remedy: {
          ja: 'アカウント情報の「編集」で、この利用者のMicrosoft365アカウントを正しいものに直してください（以前の値は監査ログで分かります）。利用者が認証したアカウントに戻した場合、認証のやり直しは不要です。',
          en: 'In the account links, choose "Edit" and correct the Microsoft 365 account of this user (the earlier value is in the audit log). If you change it back to the account the user authorized, they do not need to authorize again.',
        },
        mendAt: '/admin/account-links',
        menders: ['portal_admin'],
        refutedBy: ['name_unchanged'],
      },
      {
        condition: {
          ja: '紐づけは正しく、利用者が違うアカウントで認証している場合。',
          en: 'The link is correct, but the user has authorized a different account.',
        },
        remedy: chooseLinkedAccount,
        menders: ['user'],
        refutedBy: ['name_unchanged'],
      },
      { ...accountRecreated, refutedBy: ['name_differs'] },
    ],
  },
  ...endedGrantCauses,
} as const satisfies Causes;
