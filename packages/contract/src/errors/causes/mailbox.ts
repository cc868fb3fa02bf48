import type { Lines, Text } from '../../language.ts';
import type { CatalogueEntry, Cause } from '../entry.ts';
import { contactAdmin, mailFailed } from '../messages.ts';
import {
  adminMenu,
  checkMailUrl,
  entraConditionalAccess,
  entraUsers,
  microsoft365Health,
  microsoft365Licences,
} from '../places.ts';

function lines(...texts: readonly Text[]): Lines {
  return { ja: texts.map((text) => text.ja), en: texts.map((text) => text.en) };
}

/** An error of Graph that its code tells apart from the class of its status. */
function graphError(graph: readonly string[], told: Text, causes: readonly [Cause, ...Cause[]]): CatalogueEntry {
  return {
    row: 'B-status',
    area: 'mail',
    stage: 'mail',
    match: [{ call: 'mail', graph }],
    status: 502,
    retry: 'no',
    message: lines(mailFailed, contactAdmin, told),
    causes,
    logged: true,
  };
}

/** What Microsoft Graph has against the mailbox, the folder or the question. */
export const mailboxErrors = {
  mail_personal_account_unsupported: graphError(
    ['MailboxNotSupportedForRESTAPI'],
    {
      ja: 'エラー：404 個人用アカウントのメールは利用できません。',
      en: 'Error: 404 The mail of a personal account cannot be used.',
    },
    [
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
  ),
  mail_exchange_online_missing: graphError(
    ['OrganizationFromTenantGuidNotFound'],
    { ja: 'エラー：401 会社に Exchange Online がありません。', en: 'Error: 401 The company has no Exchange Online.' },
    [
      {
        condition: {
          ja: 'テナントに Exchange Online の契約がない場合、または個人用のアカウントの場合。',
          en: 'The tenant has no Exchange Online subscription, or the account is a personal one.',
        },
        place: microsoft365Licences,
        remedy: {
          ja: 'Exchange Online を含むライセンスを契約し、ユーザに割り当ててください。',
          en: 'Buy a licence that includes Exchange Online and assign it to the users.',
        },
        mendAt: '/admin/account-links',
        menders: ['entra_admin'],
      },
    ],
  ),
  mail_mailbox_hybrid: graphError(
    ['extensionError'],
    { ja: 'エラー：メールボックスがクラウドにありません。', en: 'Error: the mailbox is not in the cloud.' },
    [
      {
        condition: {
          ja: 'メールボックスがオンプレミスの Exchange にある場合（ハイブリッド構成）、またはアクセス ポリシーで拒否された場合。',
          en: 'The mailbox is on an Exchange server of the company (hybrid), or an access policy refuses it.',
        },
        place: entraUsers,
        remedy: {
          ja: 'メールボックスを Exchange Online に移行するか、Exchange の管理者に、アプリのアクセス ポリシーを確認してもらってください。',
          en: 'Move the mailbox to Exchange Online, or ask the Exchange administrator to check the access policies of the app.',
        },
        mendAt: '/admin/account-links',
        menders: ['entra_admin'],
      },
    ],
  ),
  mail_mailbox_busy: {
    row: 'B-status',
    area: 'mail',
    stage: 'mail',
    match: [{ call: 'mail', graph: ['ErrorMailboxMoveInProgress', 'ErrorMailboxStoreUnavailable', 'ErrorServerBusy'] }],
    status: 503,
    retry: 'later',
    retryAfterSeconds: 60,
    message: lines(
      mailFailed,
      { ja: 'エラー：メールボックスを一時的に利用できません。', en: 'Error: the mailbox is temporarily unavailable.' },
      { ja: '時間を置いてから、再度読み込みを行ってください。', en: 'Wait a while, then reload.' },
    ),
    causes: [
      {
        condition: {
          ja: 'メールボックスの移行中か、Exchange Online が混み合っている場合。',
          en: 'The mailbox is being moved, or Exchange Online is busy.',
        },
        place: microsoft365Health,
        remedy: {
          ja: 'しばらく待ってください。移行が終わると自動で再開します。続く場合は「Microsoft 365 管理センター > 正常性 > サービス正常性」を確認してください。',
          en: 'Wait a while; it goes on by itself once the move is over. If it persists, see Microsoft 365 admin center > Health > Service health.',
        },
        menders: ['microsoft'],
      },
    ],
    logged: true,
  },
  mail_folder_not_found: graphError(
    ['ErrorFolderNotFound', 'ErrorItemNotFound', 'ErrorInvalidIdMalformed'],
    { ja: 'エラー：404 メールのフォルダが見つかりません。', en: 'Error: 404 The mail folder was not found.' },
    [
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
  ),
  mail_query_refused: graphError(
    [
      'InefficientFilter',
      'Request_UnsupportedQuery',
      'ExpandNotSupported',
      'ErrorInvalidRequest',
      'ErrorInvalidArgument',
    ],
    { ja: 'エラー：400 メールの検索条件を処理できません。', en: 'Error: 400 The query for mail cannot be processed.' },
    [
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
  ),
  mail_claims_challenge: {
    area: 'mail',
    stage: 'mail',
    match: [
      { call: 'mail', claimsChallenge: true },
      {
        call: 'mail',
        graph: ['InvalidAuthenticationToken', 'AuthenticationError', 'unauthenticated', 'ErrorAccessDenied'],
        claimsChallenge: true,
      },
      { call: 'mail', graph: ['insufficient_claims'] },
    ],
    status: 409,
    retry: 'after_reconnect',
    message: lines(
      mailFailed,
      {
        ja: 'エラー：会社のセキュリティの設定により、もう一度サインインが必要です。',
        en: 'Error: the security settings of your company ask for another sign-in.',
      },
      { ja: 'もう一度、認証してください。', en: 'Authorize again.' },
    ),
    causes: [
      {
        condition: {
          ja: 'セッションの取り消し、パスワードの変更、条件付きアクセスの変更などのため、Microsoft 365 が新しいサインインを求めた場合（継続的アクセス評価）。',
          en: 'Revoked sessions, a new password or a changed Conditional Access policy made Microsoft 365 ask for a new sign-in (continuous access evaluation).',
        },
        remedy: {
          ja: 'もう一度認証を実行し、Microsoft 365 の画面の指示に従ってください。',
          en: 'Authorize again and follow the Microsoft 365 screens.',
        },
        menders: ['user'],
      },
      {
        condition: {
          ja: '認証のやり直しを繰り返し求められる場合。',
          en: 'Users are asked to authorize again and again.',
        },
        place: entraConditionalAccess,
        remedy: {
          ja: '条件付きアクセスのポリシーが、Argus のサーバの場所を対象としていないか確認してください。',
          en: 'Check whether a Conditional Access policy meets the location of the Argus server.',
        },
        menders: ['entra_admin'],
      },
    ],
    logged: true,
  },
} as const satisfies Record<string, CatalogueEntry>;
