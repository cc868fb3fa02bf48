import { clientErrors } from '../causes/client.ts';
import { codeErrors } from '../causes/grant.ts';
import { signInErrors } from '../causes/identity.ts';
import { redirectErrors } from '../causes/redirect.ts';
import { redirectClasses } from '../causes/redirect-classes.ts';
import { serviceErrors } from '../causes/service.ts';
import type { CatalogueEntry } from '../entry.ts';
import {
  notSentFaults,
  serviceErrorNames,
  serviceNumbers,
  tenantThrottledNumber,
  timeoutFaults,
  unreachableFaults,
  unreadableFaults,
} from '../facts.ts';
import { checkTokenUrl } from '../guide-causes.ts';
import { authorizationFailed, checkTokenSite, failedWith, tokenUrlWrong } from '../messages.ts';
import {
  adminMenu,
  argusAuthProvider,
  authProviderSettings,
  checkConsumerSecret,
  checkRemoteSiteUrl,
  congestion,
  correctTokenEndpointUrl,
  remoteSiteSettings,
  secretWrongOrExpired,
} from '../places.ts';
import { authorizationFindings } from './authorize-findings.ts';
import { tokenErrorsOf } from './token-error.ts';

const area = 'authorization';
/** Errors on the authorization page (認証ページ), from the start of the code flow to its callback. */
export const authorizationErrors = {
  ...redirectErrors,
  ...tokenErrorsOf('authorization', clientErrors),
  ...tokenErrorsOf('authorization', serviceErrors),
  ...tokenErrorsOf('authorization', signInErrors),
  ...tokenErrorsOf('authorization', codeErrors),
  authorization_provider_not_found: {
    row: 'A1',
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
        row: 'A1',
        condition: {
          ja: '管理者メニューに入力した認証プロバイダ接尾辞に対応する認証プロバイダが設定されていない場合。',
          en: 'No auth. provider is set up for the URL suffix entered in the admin menu.',
        },
        place: adminMenu,
        remedy: {
          ja: 'Argusの管理者メニューから「認証プロバイダURL接尾辞」を設定してください。',
          en: 'Set "Auth. Provider URL Suffix" in the Argus admin menu.',
        },
        mendAt: '/admin/settings?field=authProviderUrlSuffix',
        menders: ['portal_admin'],
      },
    ],
    logged: true,
  },
  ...redirectClasses,
  authorization_site_not_registered: {
    row: 'A3',
    area,
    stage: 'token',
    match: [{ call: 'token', network: notSentFaults }],
    status: 503,
    retry: 'no',
    message: checkTokenSite(authorizationFailed),
    causes: [
      tokenUrlWrong('A3b'),
      {
        row: 'A3',
        condition: {
          ja: 'リモートサイト設定に、認証プロバイダのトークンエンドポイントURLが未登録の場合。',
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
  authorization_token_endpoint_unreachable: {
    row: 'A3b',
    area,
    stage: 'token',
    match: [{ call: 'token', network: unreachableFaults }],
    status: 502,
    retry: 'no',
    message: checkTokenSite(authorizationFailed),
    causes: [tokenUrlWrong('A3b')],
    logged: true,
  },
  authorization_client_rejected: {
    row: 'A4',
    area,
    stage: 'token',
    match: [
      { call: 'token', oauth: ['invalid_client'] },
      { call: 'token', aadsts: [70002, 50012] },
    ],
    status: 502,
    retry: 'no',
    message: failedWith(authorizationFailed, ['エラー：401 権限がありません。'], ['Error: 401 Not authorized.']),
    causes: [
      {
        row: 'A4',
        condition: secretWrongOrExpired,
        place: authProviderSettings,
        remedy: checkConsumerSecret,
        mendAt: '/admin/auth-providers?field=consumerSecret',
        menders: ['portal_admin'],
      },
    ],
    logged: true,
  },
  authorization_token_endpoint_not_found: {
    row: 'A5',
    area,
    stage: 'token',
    match: [{ call: 'token', status: [404] }],
    status: 502,
    retry: 'no',
    message: failedWith(
      authorizationFailed,
      ['エラー：404 要求されたリソースは存在しません。'],
      ['Error: 404 The requested resource does not exist.'],
    ),
    causes: [
      { row: 'A5', ...checkTokenUrl },
      {
        condition: {
          ja: '「トークンエンドポイントURL」のパスにつづりの誤りなどがあり、その場所に何もない場合。',
          en: 'The path of "Token Endpoint URL" is misspelt, and there is nothing at that place.',
        },
        place: argusAuthProvider,
        remedy: correctTokenEndpointUrl,
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
    logged: true,
  },
  authorization_timeout: {
    row: 'A6',
    area,
    stage: 'token',
    match: [
      { call: 'token', network: timeoutFaults },
      { call: 'identity', network: timeoutFaults },
    ],
    status: 504,
    retry: 'later',
    retryAfterSeconds: 20,
    message: {
      ja: [
        '認証実行にタイムアウトが発生しました。',
        '・時間を置いてから、もう一度認証を実行してください。',
        '・何度もこの画面が出る場合はシステム管理者に連絡してください。',
      ],
      en: [
        'The authorization timed out.',
        '- Wait a while, then authorize again.',
        '- If you see this screen repeatedly, contact your system administrator.',
      ],
    },
    causes: [
      {
        row: 'A6',
        condition: congestion,
        remedy: {
          ja: 'しばらく時間を置いてから、もう一度認証設定を実行してください。',
          en: 'Wait a while, then authorize again.',
        },
        mendAt: '/admin/settings?field=totalTimeoutSeconds',
        menders: ['user'],
      },
    ],
    logged: true,
  },
  authorization_rejected: {
    row: 'A-status',
    area,
    stage: 'token',
    catchesAll: ['token'],
    status: 502,
    retry: 'no',
    message: failedWith(authorizationFailed, ['エラー：{status} {reason}'], ['Error: {status} {reason}']),
    causes: [
      {
        condition: {
          ja: 'トークンエンドポイントが要求を受け付けなかった場合（カタログにない応答）。',
          en: 'The token endpoint refused the request (a reply that is not catalogued).',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '応答のエラー名とAADSTS番号を確認し、認証プロバイダの設定を見直してください。',
          en: 'Look at the error name and AADSTS number of the reply, then at the auth. provider.',
        },
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
    logged: true,
  },
  authorization_code_rejected: {
    row: 'A-status',
    area,
    stage: 'token',
    match: [{ call: 'token', oauth: ['invalid_grant', 'interaction_required', 'login_required'] }],
    status: 502,
    retry: 'now',
    message: failedWith(authorizationFailed, ['エラー：{status} {reason}'], ['Error: {status} {reason}']),
    causes: [
      {
        condition: {
          ja: '承認コードが期限切れか使用済みの場合、または条件付きアクセスなどで拒否された場合。',
          en: 'The authorization code has expired or was used, or a policy such as conditional access refused it.',
        },
        remedy: {
          ja: 'もう一度認証を実行してください。続く場合は応答のAADSTS番号を確認してください。',
          en: 'Authorize again. If it persists, look at the AADSTS number of the reply.',
        },
        menders: ['user'],
      },
    ],
    logged: true,
  },
  authorization_forbidden: {
    row: 'A-status',
    area,
    stage: 'token',
    match: [{ call: 'token', status: [403] }],
    status: 502,
    retry: 'no',
    message: failedWith(
      authorizationFailed,
      ['エラー：403 アクセスが拒否されました。'],
      ['Error: 403 Access was denied.'],
    ),
    causes: [
      {
        condition: {
          ja: 'トークンエンドポイントがアクセスを拒否した場合。',
          en: 'The token endpoint denied access.',
        },
        place: argusAuthProvider,
        remedy: correctTokenEndpointUrl,
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
    logged: true,
  },
  authorization_throttled: {
    row: 'A-status',
    area,
    stage: 'token',
    match: [
      { call: 'token', status: [429] },
      { call: 'token', aadsts: [tenantThrottledNumber] },
      { call: 'token', oauth: serviceErrorNames, status: [429] },
      { call: 'identity', status: [429] },
    ],
    status: 503,
    retry: 'later',
    retryAfterSeconds: 30,
    message: failedWith(
      authorizationFailed,
      ['エラー：429 要求が多すぎます。時間を置いてから、もう一度認証を実行してください。'],
      ['Error: 429 Too many requests. Wait a while, then authorize again.'],
    ),
    causes: [
      {
        condition: { ja: 'Microsoft 365 が要求の数を制限した場合。', en: 'Microsoft 365 throttled the requests.' },
        remedy: {
          ja: '表示された時間が過ぎてから、もう一度認証を実行してください。',
          en: 'Authorize again after the time shown.',
        },
        menders: ['user'],
      },
    ],
    logged: true,
  },
  authorization_upstream_error: {
    row: 'A-status',
    area,
    stage: 'token',
    match: [
      { call: 'token', status: '5xx' },
      { call: 'token', aadsts: serviceNumbers, status: '5xx' },
      { call: 'token', oauth: serviceErrorNames, status: '5xx' },
      { call: 'identity', status: '5xx' },
    ],
    status: 502,
    retry: 'later',
    retryAfterSeconds: 30,
    message: failedWith(authorizationFailed, ['エラー：{status} {reason}'], ['Error: {status} {reason}']),
    causes: [
      {
        condition: { ja: 'Microsoft 365 側でエラーが発生した場合。', en: 'Microsoft 365 met an error of its own.' },
        remedy: {
          ja: 'しばらく時間を置いてから、もう一度認証設定を実行してください。続く場合は Microsoft 365 のサービス正常性を確認してください。',
          en: 'Wait a while, then authorize again. If it persists, look at the Microsoft 365 service health.',
        },
        menders: ['microsoft'],
      },
    ],
    logged: true,
  },
  authorization_reply_malformed: {
    row: 'A-status',
    area,
    stage: 'token',
    match: [
      { call: 'token', malformed: true },
      { call: 'token', network: unreadableFaults },
    ],
    status: 502,
    retry: 'no',
    message: failedWith(
      authorizationFailed,
      ['エラー：トークンエンドポイントの応答を読み取れません。'],
      ['Error: the reply of the token endpoint cannot be read.'],
    ),
    causes: [
      {
        condition: {
          ja: 'トークンエンドポイントURLが、トークンを返さない別のURLを指している場合（HTMLや転送の応答など）。',
          en: 'The token endpoint URL points at something that returns no token (HTML, a redirect …).',
        },
        place: argusAuthProvider,
        remedy: correctTokenEndpointUrl,
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
    logged: true,
  },
  authorization_refresh_token_missing: {
    area,
    stage: 'token',
    status: 502,
    retry: 'no',
    message: failedWith(
      authorizationFailed,
      ['エラー：認証を継続するための権限（offline_access）がありません。'],
      ['Error: the permission to stay authorized (offline_access) is missing.'],
    ),
    causes: [
      {
        condition: {
          ja: '認証プロバイダの「デフォルトの範囲」に offline_access が含まれていない場合。',
          en: '"Default Scopes" of the auth. provider do not contain offline_access.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '認証プロバイダの「デフォルトの範囲」に offline_access を追加し、ユーザにもう一度認証してもらってください。',
          en: 'Add offline_access to "Default Scopes" of the auth. provider; then the user authorizes again.',
        },
        mendAt: '/admin/auth-providers?field=defaultScopes',
        menders: ['portal_admin', 'user'],
      },
    ],
    logged: true,
  },
  ...authorizationFindings,
} as const satisfies Record<string, CatalogueEntry>;
