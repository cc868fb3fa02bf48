import type { Causes } from '../entry.ts';
import { adminMenu, checkMailUrl, reconnect } from '../places.ts';

/** Microsoft Graph rejects the query for mail. */
export const mailQueryCauses = {
  personal_account_unsupported: {
    match: [{ call: 'graph', graph: ['MailboxNotSupportedForRESTAPI'] }],
    says: {
      ja: '404 個人用アカウントのメールは利用できません。',
      en: '404 The mail of a personal account cannot be used.',
    },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: '個人用の Microsoft アカウントのメールボックスで、APIが有効になっていない場合。',
          en: 'The mailbox is that of a personal Microsoft account whose API is not enabled.',
        },
        place: adminMenu,
        remedy: {
          ja: 'アカウント情報のMicrosoft365アカウントを、会社のアカウントに直してください。',
          en: 'Put the company account into the account links.',
        },
        mendAt: '/admin/account-links',
        menders: ['portal_admin'],
      },
    ],
  },
  folder_not_found: {
    match: [{ call: 'graph', graph: ['ErrorFolderNotFound', 'ErrorItemNotFound', 'ErrorInvalidIdMalformed'] }],
    says: { ja: '404 メールのフォルダが見つかりません。', en: '404 The mail folder was not found.' },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: '管理者メニューの「URL」のフォルダ名またはフォルダIDが、ユーザのメールボックスにない場合。',
          en: 'The folder name or id in "URL" of the admin menu is not in the mailbox of the user.',
        },
        place: adminMenu,
        remedy: {
          ja: '「URL」のフォルダに、すべてのメールボックスにある名前（inbox など）を使用してください（例：https://graph.microsoft.com/v1.0/me/mailFolders/inbox/messages）。',
          en: 'In "URL" use a folder that every mailbox has, such as inbox (https://graph.microsoft.com/v1.0/me/mailFolders/inbox/messages).',
        },
        mendAt: '/admin/settings?field=mailUrl',
        menders: ['portal_admin'],
      },
    ],
  },
  query_refused: {
    match: [
      {
        call: 'graph',
        graph: [
          'InefficientFilter',
          'Request_UnsupportedQuery',
          'ExpandNotSupported',
          'ErrorInvalidRequest',
          'ErrorInvalidArgument',
        ],
      },
    ],
    says: { ja: '400 メールの検索条件を処理できません。', en: '400 The query for mail cannot be processed.' },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: '管理者メニューの「URL」の ? 以降（$filter、$orderby、$expand など）を Microsoft Graph が処理できない場合。',
          en: 'Microsoft Graph cannot process what stands behind the ? of "URL" in the admin menu ($filter, $orderby, $expand …).',
        },
        place: adminMenu,
        remedy: {
          ja: `「URL」から ? 以降を取り除いてください。${checkMailUrl.ja}`,
          en: `Remove everything from the ? on from "URL". ${checkMailUrl.en}`,
        },
        mendAt: '/admin/settings?field=mailUrl',
        menders: ['portal_admin'],
      },
    ],
  },
} as const satisfies Causes;

/** An expected state rather than an error: the portlet asks the user to authorize. */
export const mailFindings = {
  not_authorized: {
    call: 'settings',
    retry: 'reconnect',
    endsGrant: true,
    isWithoutGrant: true,
    hidesKeptData: true,
    message: {
      ja: ['新着メールを表示するには、Microsoft 365 との認証が必要です。'],
      en: ['To see your new mail, authorize with Microsoft 365.'],
    },
    guide: [
      {
        condition: { ja: 'ユーザがまだ認証していない場合。', en: 'The user has not authorized yet.' },
        remedy: reconnect,
        menders: ['user'],
      },
    ],
    logged: false,
  },
} as const satisfies Causes;
