import type { Text } from '../../language.ts';
import { clientErrors } from '../causes/client.ts';
import { refreshErrors } from '../causes/grant.ts';
import { signInErrors } from '../causes/identity.ts';
import { mailServerErrors } from '../causes/mail-server.ts';
import { mailboxErrors } from '../causes/mailbox.ts';
import { serviceErrors } from '../causes/service.ts';
import type { CatalogueEntry, Cause } from '../entry.ts';
import { notSentFaults, timeoutFaults, unreachableFaults, unreadableFaults } from '../facts.ts';
import { checkTokenSite, failedWith, mailFailed, tokenUrlWrong } from '../messages.ts';
import {
  adminMenu,
  argusAuthProvider,
  authProviderSettings,
  checkConsumerSecret,
  checkMailUrl,
  checkRemoteSiteUrl,
  congestion,
  correctTokenEndpointUrl,
  remoteSiteSettings,
  secretWrongOrExpired,
  tokenPathWrong,
} from '../places.ts';
import { mailAccountMismatch } from './mail-account-mismatch.ts';
import { tokenErrorsOf } from './token-error.ts';

const area = 'mail';

const checkMailSite = failedWith(
  mailFailed,
  ['・管理者メニューのURLを確認してください。', '・リモートサイト設定にURLが登録されていることを確認してください。'],
  ['- Check the URL in the admin menu.', '- Check that the URL is registered in the remote site settings.'],
);
const mailUrlWrong: Cause = {
  row: 'B5b',
  condition: {
    ja: '管理者メニューのエンドポイントURLに誤りがある場合。',
    en: 'The endpoint URL in the admin menu is wrong.',
  },
  place: adminMenu,
  remedy: checkMailUrl,
  mendAt: '/admin/settings?field=mailUrl',
  menders: ['portal_admin'],
};
const reconnect: Text = {
  ja: 'ユーザに「Microsoft 365 と認証する」からもう一度認証してもらってください。',
  en: 'Ask the user to authorize with Microsoft 365 again.',
};

/** Errors when the portlet 「新着メール」 refreshes. */
export const mailErrors = {
  ...tokenErrorsOf('mail', clientErrors),
  ...tokenErrorsOf('mail', serviceErrors),
  ...tokenErrorsOf('mail', signInErrors),
  ...tokenErrorsOf('mail', refreshErrors),
  ...mailboxErrors,
  mail_timeout: {
    row: 'B1',
    area,
    stage: 'mail',
    match: [
      { call: 'token', network: timeoutFaults },
      { call: 'mail', network: timeoutFaults },
    ],
    status: 504,
    retry: 'later',
    retryAfterSeconds: 20,
    message: {
      ja: [
        'メール取得実行時にタイムアウトが発生しました。',
        '・時間を置いてから、再度読み込みを行ってください。',
        '・何度もこの画面が出る場合はシステム管理者に連絡してください。',
      ],
      en: [
        'Fetching the mail timed out.',
        '- Wait a while, then reload.',
        '- If you see this screen repeatedly, contact your system administrator.',
      ],
    },
    causes: [
      {
        row: 'B1',
        condition: congestion,
        remedy: {
          ja: 'しばらく時間を置いてから、画面を再描画（更新）してください。',
          en: 'Wait a while, then refresh the screen.',
        },
        mendAt: '/admin/settings?field=totalTimeoutSeconds',
        menders: ['user'],
      },
    ],
    logged: true,
  },
  mail_account_mismatch: mailAccountMismatch,
  mail_provider_not_found: {
    row: 'B3',
    area,
    stage: 'configuration',
    status: 503,
    retry: 'no',
    message: {
      ja: ['認証プロバイダ情報の取得に失敗しました。', 'システム管理者に連絡してください。'],
      en: ['The auth. provider could not be found.', 'Contact your system administrator.'],
    },
    causes: [
      {
        row: 'B3',
        condition: {
          ja: '管理者メニューに入力した認証プロバイダ接尾辞に誤りがある場合。',
          en: 'The auth. provider URL suffix entered in the admin menu is wrong.',
        },
        place: adminMenu,
        remedy: {
          ja: 'Argus管理者メニューから「認証プロバイダURL接尾辞」に誤りがないか確認してください。',
          en: 'In the Argus admin menu, check that "Auth. Provider URL Suffix" is right.',
        },
        mendAt: '/admin/settings?field=authProviderUrlSuffix',
        menders: ['portal_admin'],
      },
    ],
    logged: true,
  },
  mail_not_found: {
    row: 'B4',
    area,
    stage: 'mail',
    match: [
      { call: 'mail', segmentNotFound: true },
      { call: 'mail', graph: ['BadRequest', 'RequestBroker--ParseUri'], segmentNotFound: true },
      { call: 'mail', status: [404] },
    ],
    status: 502,
    retry: 'no',
    message: failedWith(
      mailFailed,
      ['エラー：404 要求されたリソースは存在しません。'],
      ['Error: 404 The requested resource does not exist.'],
    ),
    causes: [
      {
        row: 'B4',
        condition: {
          ja: '管理者メニューのエンドポイントURLのリソース先に誤りがある場合。',
          en: 'The path of the endpoint URL in the admin menu is wrong.',
        },
        place: adminMenu,
        remedy: checkMailUrl,
        mendAt: '/admin/settings?field=mailUrl',
        menders: ['portal_admin'],
      },
    ],
    logged: true,
  },
  mail_site_not_registered: {
    row: 'B5',
    area,
    stage: 'mail',
    match: [{ call: 'mail', network: notSentFaults }],
    status: 503,
    retry: 'no',
    message: checkMailSite,
    causes: [
      mailUrlWrong,
      {
        row: 'B5',
        condition: {
          ja: 'リモートサイト設定に管理者メニューに設定したエンドポイントURLが登録されていない場合。',
          en: 'The endpoint URL of the admin menu is not registered in the remote site settings.',
        },
        place: remoteSiteSettings,
        remedy: checkRemoteSiteUrl,
        mendAt: '/admin/remote-sites',
        menders: ['portal_admin'],
      },
    ],
    logged: true,
  },
  mail_endpoint_unreachable: {
    row: 'B5b',
    area,
    stage: 'mail',
    match: [{ call: 'mail', network: unreachableFaults }],
    status: 502,
    retry: 'no',
    message: checkMailSite,
    causes: [mailUrlWrong],
    logged: true,
  },
  mail_token_site_not_registered: {
    row: 'B6',
    area,
    stage: 'token',
    match: [{ call: 'token', network: notSentFaults }],
    status: 503,
    retry: 'no',
    message: checkTokenSite(mailFailed),
    causes: [
      tokenUrlWrong('B6b'),
      {
        row: 'B6',
        condition: {
          ja: 'リモートサイト設定に認証プロバイダのトークンエンドポイントURLが登録されていない場合。',
          en: "The auth. provider's token endpoint URL is not registered in the remote site settings.",
        },
        place: remoteSiteSettings,
        remedy: checkRemoteSiteUrl,
        mendAt: '/admin/remote-sites',
        menders: ['portal_admin'],
      },
    ],
    logged: true,
  },
  mail_token_endpoint_unreachable: {
    row: 'B6b',
    area,
    stage: 'token',
    match: [
      { call: 'token', network: unreachableFaults },
      { call: 'token', network: unreadableFaults },
      { call: 'token', malformed: true },
    ],
    status: 502,
    retry: 'no',
    message: checkTokenSite(mailFailed),
    causes: [tokenUrlWrong('B6b')],
    logged: true,
  },
  mail_client_rejected: {
    row: 'B7',
    area,
    stage: 'token',
    match: [
      { call: 'token', oauth: ['invalid_client'] },
      { call: 'token', aadsts: [70002, 50012] },
    ],
    status: 502,
    retry: 'no',
    message: failedWith(mailFailed, ['エラー：401 権限がありません。'], ['Error: 401 Not authorized.']),
    causes: [
      {
        row: 'B7',
        condition: secretWrongOrExpired,
        place: authProviderSettings,
        remedy: checkConsumerSecret,
        mendAt: '/admin/auth-providers?field=consumerSecret',
        menders: ['portal_admin'],
      },
    ],
    logged: true,
  },
  mail_token_endpoint_not_found: {
    row: 'B-status',
    area,
    stage: 'token',
    match: [{ call: 'token', status: [404] }],
    status: 502,
    retry: 'no',
    message: failedWith(
      mailFailed,
      ['エラー：404 要求されたリソースは存在しません。'],
      ['Error: 404 The requested resource does not exist.'],
    ),
    causes: [
      {
        condition: tokenPathWrong,
        place: argusAuthProvider,
        remedy: correctTokenEndpointUrl,
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
    logged: true,
  },
  ...mailServerErrors,
  mail_not_linked: {
    area,
    stage: 'configuration',
    status: 409,
    retry: 'no',
    message: {
      ja: [
        'Microsoft365アカウントが設定されていません。',
        'システム管理者に、アカウント情報への登録を依頼してください。',
      ],
      en: [
        'No Microsoft 365 account is set for you.',
        'Ask your system administrator to register you in the account links.',
      ],
    },
    causes: [
      {
        condition: {
          ja: 'アカウント情報に、このユーザの紐づけがない場合。',
          en: 'The account links hold no link for this user.',
        },
        place: adminMenu,
        remedy: {
          ja: '管理者メニューの「アカウント情報」に、このユーザのMicrosoft365アカウントを追加してください。',
          en: 'Add the Microsoft 365 account of this user to the account links in the admin menu.',
        },
        mendAt: '/admin/account-links',
        menders: ['portal_admin'],
      },
    ],
    logged: false,
  },
  mail_not_authorized: {
    area,
    stage: 'configuration',
    status: 409,
    retry: 'after_reconnect',
    message: {
      ja: ['新着メールを表示するには、Microsoft 365 との認証が必要です。'],
      en: ['To see your new mail, authorize with Microsoft 365.'],
    },
    causes: [
      {
        condition: { ja: 'ユーザがまだ認証していない場合。', en: 'The user has not authorized yet.' },
        remedy: reconnect,
        menders: ['user'],
      },
    ],
    logged: false,
  },
  mail_reconnect_needed: {
    area,
    stage: 'token',
    match: [{ call: 'token', oauth: ['invalid_grant', 'interaction_required', 'login_required'] }],
    status: 409,
    retry: 'after_reconnect',
    message: {
      ja: ['Microsoft 365 との認証の有効期限が切れたか、取り消されました。', 'もう一度、認証してください。'],
      en: ['Your authorization with Microsoft 365 has expired or was revoked.', 'Authorize again.'],
    },
    causes: [
      {
        condition: {
          ja: '更新トークンが失効した場合（90日以上の未使用、パスワードの再設定、セッションの取り消し、条件付きアクセスなど）。',
          en: 'The refresh token is no longer valid (90 idle days, a password reset, revoked sessions, conditional access …).',
        },
        remedy: reconnect,
        menders: ['user'],
      },
    ],
    logged: true,
  },
  mail_connection_moved: {
    area,
    stage: 'configuration',
    status: 409,
    retry: 'after_reconnect',
    message: {
      ja: ['システム管理者が Microsoft 365 への接続先を変更しました。', 'もう一度、認証してください。'],
      en: ['Your administrator has changed where Microsoft 365 is connected.', 'Authorize again.'],
    },
    causes: [
      {
        condition: {
          ja: '認証の後に、認証プロバイダの「トークンエンドポイントURL」または管理者メニューの「URL」が別のサイトに変更された場合。以前の認証は停止され、トークンは新しいサイトに送信されません。',
          en: '"Token Endpoint URL" of the auth. provider or "URL" in the admin menu was changed to another site after the user authorized. The earlier authorization is suspended; its tokens are not sent to the new site.',
        },
        place: adminMenu,
        remedy: {
          ja: '変更が正しい場合は、ユーザにもう一度認証してもらってください。誤りの場合は、元のURLに戻してください。戻すと、以前の認証が再び有効になります。',
          en: 'If the change is right, ask the user to authorize again. If it was a mistake, restore the URL: the earlier authorization is valid again.',
        },
        mendAt: '/admin/settings?field=mailUrl',
        menders: ['portal_admin', 'user'],
      },
    ],
    logged: true,
  },
} as const satisfies Record<string, CatalogueEntry>;
