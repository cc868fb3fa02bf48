import type { Cause } from '../entry.ts';
import { adminMenu, argusAccountLinks, chooseLinkedAccount } from '../places.ts';

/** B2: another account than the linked one has authorized. */
export const accountMismatch = {
  row: 'B2',
  call: 'identity',
  retry: 'reconnect',
  endsGrant: true,
  hidesKeptData: true,
  message: {
    ja: [
      'メールの取得に失敗しました。',
      'Argusで設定されているアカウントと異なるアカウントが認証されています。',
      'システム管理者に問い合わせ、認証の取消を実行してください。',
    ],
    en: [
      'The mail could not be fetched.',
      'Another account than the one set in Argus is authorized.',
      'Ask your system administrator, and revoke the authorization.',
    ],
  },
  guide: [
    {
      row: 'B2',
      condition: {
        ja: '１）ユーザが管理者設定と違うアカウントを認証した場合。２）管理者が違うアカウントを設定した場合。',
        en: '1) The user authorized another account than the administrator set. 2) The administrator set a wrong account.',
      },
      place: adminMenu,
      remedy: {
        ja: 'Argus管理者メニューから現在のアカウント情報をCSV出力を実行し、出力したCSVファイルからMicrosoft365アカウントとSalesforceアカウントの紐づけ情報に誤りがないか確認してください。',
        en: 'Export the account links as CSV from the Argus admin menu, and check the link of Microsoft 365 account and Salesforce account in that file.',
      },
      mendAt: '/admin/account-links',
      menders: ['portal_admin'],
    },
    {
      condition: {
        ja: 'ユーザが認証した後に、紐づけが違うアカウントに変更された場合（編集、CSV取込）。',
        en: 'After the user had authorized, the link was changed to another account (by hand or by a CSV import).',
      },
      place: argusAccountLinks,
      remedy: {
        ja: 'アカウント情報の「編集」で、このユーザのMicrosoft365アカウントを正しいものに直してください（以前の値は監査ログで分かります）。ユーザが認証したアカウントに戻した場合、認証のやり直しは不要です。',
        en: 'In the account links, choose Edit and correct the Microsoft 365 account of this user (the audit log holds the former one). If it is the account that the user authorized, nobody has to authorize again.',
      },
      mendAt: '/admin/account-links',
      menders: ['portal_admin'],
    },
    {
      condition: {
        ja: '紐づけは正しく、ユーザが違うアカウントで認証している場合。',
        en: 'The link is right, and the user has authorized another account.',
      },
      remedy: chooseLinkedAccount,
      menders: ['user'],
    },
  ],
} as const satisfies Cause;
