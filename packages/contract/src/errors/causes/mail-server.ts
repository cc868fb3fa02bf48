import type { CatalogueEntry, Cause } from '../entry.ts';
import { serviceErrorNames, serviceNumbers, tenantThrottledNumber, unreadableFaults } from '../facts.ts';
import { failedWith, mailFailed } from '../messages.ts';
import { adminMenu, argusAuthProvider, checkMailUrl, entraAppRegistration, entraUsers } from '../places.ts';

const area = 'mail';

const mailboxPlace: Pick<Cause, 'place' | 'mendAt'> = { place: entraUsers, mendAt: '/admin/account-links' };
/** What the mail server answers, as far as no code of Graph says more; and what nobody catalogued. */
export const mailServerErrors = {
  mail_unauthorized: {
    row: 'B-status',
    area,
    stage: 'mail',
    match: [
      { call: 'mail', status: [401] },
      { call: 'mail', graph: ['InvalidAuthenticationToken', 'AuthenticationError', 'unauthenticated'] },
    ],
    status: 502,
    retry: 'no',
    message: failedWith(
      mailFailed,
      ['エラー：401 メールサーバがアクセストークンを受け付けません。'],
      ['Error: 401 The mail server does not accept the access token.'],
    ),
    causes: [
      {
        condition: {
          ja: '新しいアクセストークンも、メールのURLのサーバに受け付けられなかった場合（別のリソースやクラウドのトークンなど）。',
          en: 'The server of the mail URL refused even a fresh access token (a token for another resource or cloud …).',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '認証プロバイダの「デフォルトの範囲」（v1ではリソース）と、管理者メニューの「URL」が同じサービスのものか確認してください。',
          en: 'Check that "Default Scopes" (v1: resource) of the auth. provider and "URL" of the admin menu belong to the same service.',
        },
        mendAt: '/admin/auth-providers?field=defaultScopes',
        menders: ['portal_admin'],
      },
    ],
    logged: true,
  },
  mail_access_denied: {
    row: 'B-status',
    area,
    stage: 'mail',
    match: [
      { call: 'mail', status: [403] },
      { call: 'mail', graph: ['ErrorAccessDenied', 'Authorization_RequestDenied', 'accessDenied'] },
    ],
    status: 502,
    retry: 'no',
    message: failedWith(mailFailed, ['エラー：403 アクセスが拒否されました。'], ['Error: 403 Access was denied.']),
    causes: [
      {
        condition: {
          ja: 'アプリにメールを読む権限（Mail.ReadBasic または Mail.Read）がないか、メールボックスへのアクセスが制限されている場合。',
          en: 'The app lacks the permission to read mail (Mail.ReadBasic or Mail.Read), or access to the mailbox is restricted.',
        },
        place: entraAppRegistration,
        remedy: {
          ja: '「デフォルトの範囲」とアプリの「APIのアクセス許可」に Mail.ReadBasic（本文プレビューを表示する場合は Mail.Read）があることを確認し、ユーザにもう一度認証してもらってください。',
          en: 'Check that "Default Scopes" and the API permissions of the app hold Mail.ReadBasic (Mail.Read for previews), then ask the user to authorize again.',
        },
        mendAt: '/admin/auth-providers?field=defaultScopes',
        menders: ['entra_admin', 'user'],
      },
    ],
    logged: true,
  },
  mail_mailbox_not_enabled: {
    row: 'B-status',
    area,
    stage: 'mail',
    match: [{ call: 'mail', graph: ['MailboxNotEnabledForRESTAPI'] }],
    status: 502,
    retry: 'no',
    message: failedWith(
      mailFailed,
      ['エラー：404 メールボックスを利用できません。'],
      ['Error: 404 The mailbox cannot be used.'],
    ),
    causes: [
      {
        condition: {
          ja: 'Exchange Online のライセンスがない、メールボックスが準備中・移行中である、またはオンプレミスにある場合。',
          en: 'There is no Exchange Online licence, or the mailbox is being made or moved, or it is on-premises.',
        },
        ...mailboxPlace,
        remedy: {
          ja: 'Microsoft 365 の管理者に、このユーザのMicrosoft365アカウント（アカウント情報に表示されます）を伝え、Exchange Online のライセンスが割り当てられていることを確認してもらってください。割り当て直後は利用できるまで時間がかかります。',
          en: 'Tell a Microsoft 365 administrator the Microsoft 365 account of this user (the account links show it), who checks that it has an Exchange Online licence. After it is assigned, the mailbox takes a while to appear.',
        },
        menders: ['entra_admin'],
      },
    ],
    logged: true,
  },
  mail_mailbox_not_found: {
    row: 'B-status',
    area,
    stage: 'mail',
    match: [{ call: 'mail', graph: ['ErrorInvalidUser', 'ResourceNotFound', 'ErrorNonExistentMailbox'] }],
    status: 502,
    retry: 'no',
    message: failedWith(
      mailFailed,
      ['エラー：404 メールボックスが見つかりません。'],
      ['Error: 404 The mailbox was not found.'],
    ),
    causes: [
      {
        condition: {
          ja: 'アカウントまたはメールボックスが Exchange Online に存在しない場合。',
          en: 'The account or its mailbox does not exist in Exchange Online.',
        },
        ...mailboxPlace,
        remedy: {
          ja: 'アカウント情報のMicrosoft365アカウントと、そのライセンスを確認してください。',
          en: 'Check the Microsoft 365 account in the account links, and its licence.',
        },
        menders: ['portal_admin'],
      },
    ],
    logged: true,
  },
  mail_throttled: {
    row: 'B-status',
    area,
    stage: 'mail',
    match: [
      { call: 'token', status: [429] },
      { call: 'token', aadsts: [tenantThrottledNumber] },
      { call: 'token', oauth: serviceErrorNames, status: [429] },
      { call: 'mail', status: [429] },
      { call: 'mail', graph: ['ApplicationThrottled', 'TooManyRequests', 'activityLimitReached', 'throttledRequest'] },
      { call: 'mail', graph: ['UnknownError'], status: [429] },
    ],
    status: 503,
    retry: 'later',
    retryAfterSeconds: 30,
    message: {
      ja: [
        'メールの取得に失敗しました。',
        'Microsoft 365 が混み合っています。表示された時間を置いてから、再度読み込みを行ってください。',
        'エラー：429 要求が多すぎます。',
      ],
      en: [
        'The mail could not be fetched.',
        'Microsoft 365 is busy. Reload after the time shown.',
        'Error: 429 Too many requests.',
      ],
    },
    causes: [
      {
        condition: { ja: 'Microsoft 365 が要求の数を制限した場合。', en: 'Microsoft 365 throttled the requests.' },
        remedy: {
          ja: 'お待ちください。表示された時間が過ぎると、自動で再開します。',
          en: 'Wait. It goes on by itself after the time shown.',
        },
        menders: ['microsoft'],
      },
      {
        condition: {
          ja: '自動更新の間隔が短く、要求が多すぎる場合（繰り返し発生する場合）。',
          en: 'The interval of the automatic refresh is short, and the requests are too many (if it happens again and again).',
        },
        place: adminMenu,
        remedy: {
          ja: '基本設定の「自動更新の間隔」を長くしてください。',
          en: 'Make "Automatic refresh every" longer in the settings.',
        },
        mendAt: '/admin/settings?field=refreshIntervalSeconds',
        menders: ['portal_admin'],
      },
    ],
    logged: true,
  },
  mail_upstream_error: {
    row: 'B-status',
    area,
    stage: 'mail',
    match: [
      { call: 'token', status: '5xx' },
      { call: 'token', aadsts: serviceNumbers, status: '5xx' },
      { call: 'token', oauth: serviceErrorNames, status: '5xx' },
      { call: 'mail', status: '5xx' },
      {
        call: 'mail',
        graph: [
          'GatewayTimeout',
          'serviceNotAvailable',
          'ServiceUnavailable',
          'generalException',
          'InternalServerError',
          'ErrorInternalServerError',
          'ErrorInternalServerTransientError',
        ],
      },
      { call: 'mail', graph: ['UnknownError'], status: '5xx' },
    ],
    status: 502,
    retry: 'later',
    retryAfterSeconds: 20,
    message: failedWith(mailFailed, ['エラー：{status} {reason}'], ['Error: {status} {reason}']),
    causes: [
      {
        condition: { ja: 'Microsoft 365 側でエラーが発生した場合。', en: 'Microsoft 365 met an error of its own.' },
        remedy: {
          ja: 'しばらく時間を置いてから、再度読み込みを行ってください。続く場合は Microsoft 365 のサービス正常性を確認してください。',
          en: 'Wait a while, then reload. If it persists, look at the Microsoft 365 service health.',
        },
        menders: ['microsoft'],
      },
    ],
    logged: true,
  },
  mail_rejected: {
    row: 'B-status',
    area,
    stage: 'mail',
    catchesAll: ['token', 'mail'],
    status: 502,
    retry: 'no',
    message: failedWith(mailFailed, ['エラー：{status} {reason}'], ['Error: {status} {reason}']),
    causes: [
      {
        condition: {
          ja: 'メールサーバまたはトークンエンドポイントが要求を受け付けなかった場合（カタログにない応答）。',
          en: 'The mail server or the token endpoint refused the request (a reply that is not catalogued).',
        },
        place: adminMenu,
        remedy: {
          ja: '応答のエラーコードを確認し、管理者メニューの「URL」と認証プロバイダの設定を見直してください。',
          en: 'Look at the error code of the reply, then at "URL" in the admin menu and at the auth. provider.',
        },
        mendAt: '/admin/settings?field=mailUrl',
        menders: ['portal_admin'],
      },
    ],
    logged: true,
  },
  mail_reply_malformed: {
    row: 'B-status',
    area,
    stage: 'mail',
    match: [
      { call: 'mail', malformed: true },
      { call: 'mail', network: unreadableFaults },
    ],
    status: 502,
    retry: 'no',
    message: failedWith(
      mailFailed,
      ['エラー：メールサーバの応答を読み取れません。'],
      ['Error: the reply of the mail server cannot be read.'],
    ),
    causes: [
      {
        condition: {
          ja: '応答がメールの一覧ではない場合（HTML、転送、途中で切れた応答、大きすぎる応答など）。',
          en: 'The reply is no list of mail (HTML, a redirect, a reply cut short or too large …).',
        },
        place: adminMenu,
        remedy: checkMailUrl,
        mendAt: '/admin/settings?field=mailUrl',
        menders: ['portal_admin'],
      },
    ],
    logged: true,
  },
} as const satisfies Record<string, CatalogueEntry>;
