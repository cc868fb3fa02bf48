import { connectionCauses } from '../causes/connection.ts';
import type { Cause, Causes } from '../entry.ts';
import { adminMenu, checkMailUrl } from '../places.ts';

/** Microsoft Graph rejects the query for mail. */
export const mailQueryCauses = {
  folder_not_found: {
    match: [{ call: 'graph', graph: ['ErrorFolderNotFound', 'ErrorItemNotFound', 'ErrorInvalidIdMalformed'] }],
    says: { ja: '404 メールのフォルダが見つかりません。', en: '404 The mail folder was not found.' },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: '管理者メニューの「URL」のフォルダ名またはフォルダIDが、利用者のメールボックスにない場合。',
          en: 'The folder name or folder ID in "URL" in the admin menu does not exist in the user\'s mailbox.',
        },
        place: adminMenu,
        remedy: {
          ja: '「URL」のフォルダに、すべてのメールボックスにある名前（inbox など）を使用してください（例：https://graph.microsoft.com/v1.0/me/mailFolders/inbox/messages）。',
          en: 'In "URL", use a folder name that every mailbox has, such as inbox (for example https://graph.microsoft.com/v1.0/me/mailFolders/inbox/messages).',
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
          'ErrorInvalidUrlQuery',
          'ErrorInvalidUrlQueryFilter',
          'ErrorInvalidProperty',
          'SearchWithFilter',
          'SearchWithOrderBy',
        ],
      },
      {
        call: 'graph',
        graph: ['BadRequest', 'RequestBroker--ParseUri'],
        status: [400],
        knows: ['mail_query_typed'],
      },
    ],
    says: { ja: '400 メールの検索条件を処理できません。', en: '400 The query for mail cannot be processed.' },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: '管理者メニューの「URL」の ? 以降（$filter、$orderby、$expand など）を Microsoft Graph が処理できない場合。',
          en: 'Microsoft Graph cannot process the part after the ? in "URL" in the admin menu (such as $filter, $orderby or $expand).',
        },
        place: adminMenu,
        remedy: {
          ja: `「URL」から ? 以降を取り除いてください。${checkMailUrl.ja}`,
          en: `Remove the ? and everything after it from "URL". ${checkMailUrl.en}`,
        },
        mendAt: '/admin/settings?field=mailUrl',
        menders: ['portal_admin'],
        unlikelyWith: ['mail_query_none'],
      },
      {
        condition: {
          ja: '「URL」に ? 以降がない場合は、「URL」のフォルダまたは宛先が、メールの一覧を返す Microsoft Graph のものではないことがあります。',
          en: 'If "URL" has nothing after a ?, its folder or host may not be one in Microsoft Graph that returns a list of mail.',
        },
        place: adminMenu,
        remedy: checkMailUrl,
        mendAt: '/admin/settings?field=mailUrl',
        menders: ['portal_admin'],
        unlikelyWith: ['mail_query_typed', 'worked_before'],
      },
    ],
  },
} as const satisfies Causes;

/** B2: an account other than the linked one has authorized. */
export const accountMismatch = {
  ...connectionCauses.account_mismatch,
  row: 'B2',
  guide: [
    {
      row: 'B2',
      condition: {
        ja: '１）ユーザが管理者設定と違うアカウントを認証した場合。２）管理者が違うアカウントを設定した場合。',
        en: '1) The user authorized a different account from the one the administrator assigned. 2) The administrator assigned the wrong account.',
      },
      place: adminMenu,
      remedy: {
        ja: 'Argus管理者メニューから現在のアカウント情報をCSV出力を実行し、出力したCSVファイルからMicrosoft365アカウントとSalesforceアカウントの紐づけ情報に誤りがないか確認してください。',
        en: 'Export the account links as CSV from the Argus admin menu, and check in that file that the links between Microsoft 365 accounts and Salesforce accounts are correct.',
      },
      mendAt: '/admin/account-links',
      menders: ['portal_admin'],
      unlikelyWith: ['name_unchanged'],
    },
    ...connectionCauses.account_mismatch.guide,
  ],
} as const satisfies Cause;
