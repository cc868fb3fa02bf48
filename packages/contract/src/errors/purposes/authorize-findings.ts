import type { Causes } from '../entry.ts';
import { neverServedStatuses, notSentFaults, unreachableFaults, unreadableFaults } from '../facts.ts';
import { somethingBetween } from '../guide-rows.ts';
import { argusAuthProvider, argusRemoteSites, entraAppPermissions } from '../places.ts';

/** What else Argus itself detects during authorization: about the flow, who signed in, the link. */
export const authorizationFindings = {
  refresh_token_missing: {
    call: 'token',
    retry: 'no',
    says: {
      ja: '認証を継続するための権限（offline_access）がありません。',
      en: 'the permission to stay authorized (offline_access) is missing.',
    },
    guide: [
      {
        condition: {
          ja: '認証プロバイダの「デフォルトの範囲」に offline_access が含まれていない場合。',
          en: '"Default Scopes" of the auth. provider does not include offline_access.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '認証プロバイダの「デフォルトの範囲」に offline_access を追加し、利用者にもう一度認証してもらってください。',
          en: 'Add offline_access to "Default Scopes" of the auth. provider, then ask the user to authorize again.',
        },
        mendAt: '/admin/auth-providers?field=defaultScopes',
        menders: ['portal_admin', 'user'],
      },
    ],
  },
  mail_permission_missing: {
    call: 'token',
    retry: 'no',
    says: {
      ja: 'メールを読む権限（Mail.ReadBasic）への同意がありません。',
      en: 'consent to the permission to read mail (Mail.ReadBasic) is missing.',
    },
    guide: [
      {
        condition: {
          ja: '認証プロバイダの「デフォルトの範囲」に、メールを読む権限が含まれていない場合。',
          en: '"Default Scopes" of the auth. provider does not include a permission to read mail.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '認証プロバイダの「デフォルトの範囲」に Mail.ReadBasic（本文プレビューを表示する場合は Mail.Read）を追加し、利用者にもう一度認証してもらってください。',
          en: 'Add Mail.ReadBasic (Mail.Read to show previews) to "Default Scopes" of the auth. provider, then ask the user to authorize again.',
        },
        mendAt: '/admin/auth-providers?field=defaultScopes',
        menders: ['portal_admin', 'user'],
        refutedBy: ['scopes_with_mail'],
      },
      {
        condition: {
          ja: 'アプリへの同意に、メールを読む権限が含まれていない場合（同意の後に権限が追加された場合など）。',
          en: 'The consent granted to the app does not include the permission to read mail (for example, because the permission was added after consent was granted).',
        },
        place: entraAppPermissions,
        remedy: {
          ja: 'Microsoft Graph の「委任されたアクセス許可」に Mail.ReadBasic（本文プレビューを表示する場合は Mail.Read）を追加し、「(テナント) に管理者の同意を与えます」を実行してから、利用者にもう一度認証してもらってください。',
          en: 'Add Mail.ReadBasic (Mail.Read to show previews) to the delegated permissions of Microsoft Graph, choose "Grant admin consent for (tenant)", then ask the user to authorize again.',
        },
        menders: ['entra_admin', 'user'],
      },
    ],
  },
  authorize_url_invalid: {
    call: 'settings',
    status: 503,
    retry: 'no',
    says: {
      ja: '承認エンドポイントURLを開けません。',
      en: 'the authorize endpoint URL cannot be opened.',
    },
    guide: [
      {
        condition: {
          ja: '認証プロバイダの「承認エンドポイントURL」が、ブラウザで開けるURLではない場合。または、https:// で始まらない場合。',
          en: '"Authorize Endpoint URL" of the auth. provider is not a URL that a browser can open, or does not begin with https://.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '「承認エンドポイントURL」に誤りがないか確認してください（例：https://login.microsoftonline.com/(テナントID)/oauth2/v2.0/authorize）。',
          en: 'Check that "Authorize Endpoint URL" is correct (for example https://login.microsoftonline.com/(tenant ID)/oauth2/v2.0/authorize).',
        },
        mendAt: '/admin/auth-providers?field=authorizeEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
  identity_unconfirmed: {
    call: 'identity',
    match: [
      { call: 'identity', network: [...notSentFaults, ...unreachableFaults, ...unreadableFaults] },
      { call: 'identity', malformed: true },
      { call: 'identity', status: '4xx' },
      { call: 'identity', status: neverServedStatuses },
    ],
    catchesAll: ['identity'],
    retry: 'now',
    says: {
      ja: '認証したアカウントを確認できませんでした。',
      en: 'the account you connected could not be confirmed.',
    },
    guide: [
      {
        condition: {
          ja: 'IDトークンにアカウントの情報がなく、Microsoft Graph の /me からも取得できなかった場合。',
          en: 'The ID token has no account information, and it could not be obtained from Microsoft Graph /me either.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '認証プロバイダの「デフォルトの範囲」に openid profile User.Read を含め、リモートサイトにメールのURLのサイトが登録されていることを確認してください。',
          en: 'Include openid profile User.Read in "Default Scopes", and check that the site of the mail URL is registered as a remote site.',
        },
        mendAt: '/admin/auth-providers?field=defaultScopes',
        menders: ['portal_admin'],
        refutedBy: ['scopes_with_profile'],
      },
      {
        condition: {
          ja: 'Microsoft Graph の /me が応答しなかったか、要求を受け付けなかった場合（途中の中継、一時的な障害、アカウントの準備中など）。',
          en: 'Microsoft Graph /me did not respond or refused the request (for example, because of an intermediary, a temporary fault or an account that is still being set up).',
        },
        place: argusRemoteSites,
        remedy: {
          ja: 'もう一度認証してください。続く場合は、リモートサイトにメールのURLのサイトが登録されていることと、応答のエラーコードを確認してください。',
          en: 'Authorize again. If the problem continues, check that the site of the mail URL is registered as a remote site, and check the error code in the response.',
        },
        mendAt: '/admin/remote-sites',
        menders: ['user', 'portal_admin'],
      },
    ],
  },
  identity_refused: {
    call: 'identity',
    match: [
      { call: 'identity', status: [403] },
      { call: 'identity', graph: ['Authorization_RequestDenied', 'ErrorAccessDenied', 'accessDenied'] },
    ],
    retry: 'no',
    says: {
      ja: '認証したアカウントを確認する権限（User.Read）がありません。',
      en: 'the permission to confirm the account you connected (User.Read) is missing.',
    },
    guide: [
      {
        condition: {
          ja: '認証プロバイダの「デフォルトの範囲」に User.Read が含まれていない場合。',
          en: '"Default Scopes" of the auth. provider does not include User.Read.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '認証プロバイダの「デフォルトの範囲」に User.Read を追加し、利用者にもう一度認証してもらってください。',
          en: 'Add User.Read to "Default Scopes" of the auth. provider, then ask the user to authorize again.',
        },
        mendAt: '/admin/auth-providers?field=defaultScopes',
        menders: ['portal_admin', 'user'],
        refutedBy: ['scopes_with_profile'],
      },
      {
        condition: {
          ja: 'アプリへの同意に User.Read が含まれていないか、会社が利用者自身の情報の読み取りを制限している場合。',
          en: 'The consent granted to the app does not include User.Read, or the company restricts users from reading their own profile.',
        },
        place: entraAppPermissions,
        remedy: {
          ja: 'Microsoft Graph の「委任されたアクセス許可」に User.Read を追加し、「(テナント) に管理者の同意を与えます」を実行してから、利用者にもう一度認証してもらってください。',
          en: 'Add User.Read to the delegated permissions of Microsoft Graph, choose "Grant admin consent for (tenant)", then ask the user to authorize again.',
        },
        menders: ['entra_admin', 'user'],
      },
      somethingBetween,
    ],
  },
  issuer_mismatch: {
    call: 'authorize',
    status: 400,
    retry: 'no',
    says: {
      ja: '認証プロバイダの発行者が一致しません。',
      en: "the auth. provider's issuer does not match.",
    },
    guide: [
      {
        condition: {
          ja: 'Microsoft 365 からの戻り（リダイレクト）の iss が、認証プロバイダの「発行者」と一致しないか、含まれていない場合。Microsoft Entra は iss を送りません。',
          en: 'The iss in the redirect back from Microsoft 365 does not match "Token Issuer" of the auth. provider, or is missing. Microsoft Entra does not send iss.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '認証プロバイダの「発行者」に誤りがないか確認してください。Microsoft Entra では空欄にしてください。',
          en: 'Check that "Token Issuer" of the auth. provider is correct. Leave it empty for Microsoft Entra.',
        },
        mendAt: '/admin/auth-providers?field=issuer',
        menders: ['portal_admin'],
      },
    ],
  },
  tenant_mismatch: {
    call: 'identity',
    retry: 'no',
    says: {
      ja: '認証したアカウントのテナントが、認証プロバイダの設定と異なります。',
      en: 'the tenant of the account you connected does not match the auth. provider settings.',
    },
    guide: [
      {
        condition: {
          ja: 'IDトークンのテナント（tid）が、「トークンエンドポイントURL」のテナントと異なる場合。または、発行者（iss）がそのテナントのものではない場合。',
          en: 'The tenant (tid) in the ID token is different from the tenant in "Token Endpoint URL", or the issuer (iss) does not belong to that tenant.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '「トークンエンドポイントURL」のテナントが、利用者のテナントの「ディレクトリ (テナント) ID」であることを確認してください。正しい場合は、トークンエンドポイントの応答が途中で書き換えられていないか、ネットワークの管理者に確認してください。',
          en: 'Check that the tenant in "Token Endpoint URL" is the "Directory (tenant) ID" of the users\' tenant. If it is correct, ask your network administrator whether responses from the token endpoint are being altered in transit.',
        },
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
  ticket_invalid: {
    call: 'settings',
    status: 410,
    retry: 'no',
    message: {
      ja: [
        'この認証のリンクは使えません。',
        '既に使われたか、有効期限（1分）が切れています。元の画面に戻り、もう一度認証を開始してください。',
      ],
      en: [
        'This connection link cannot be used.',
        'It has already been used or has expired (after 1 minute). Go back to the previous screen and start connecting again.',
      ],
    },
    guide: [],
    logged: false,
  },
  state_invalid: {
    call: 'authorize',
    suffixFromAddress: true,
    status: 400,
    retry: 'now',
    message: {
      ja: [
        'この認証の手続きは無効です。',
        '別の画面で手続きが済んでいるか、開始したときと異なるブラウザで開かれています。もう一度、認証を開始してください。',
      ],
      en: [
        'This connection attempt is not valid.',
        'It was completed on another screen, or was opened in a different browser from the one where you started. Start connecting again.',
      ],
    },
    guide: [
      {
        condition: {
          ja: 'state が一致しないか使用済みの場合、または開始したブラウザのCookieがない場合。',
          en: 'The state does not match or was already used, or the cookie of the browser that started the authorization is missing.',
        },
        remedy: { ja: 'もう一度、認証を開始してください。', en: 'Start the authorization again.' },
        menders: ['user'],
      },
    ],
  },
  state_expired: {
    call: 'authorize',
    status: 400,
    retry: 'now',
    message: {
      ja: ['認証の手続きの有効期限（10分）が切れました。', 'もう一度、認証を開始してください。'],
      en: ['The time allowed for connecting (10 minutes) has passed.', 'Start connecting again.'],
    },
    guide: [
      {
        condition: {
          ja: '認証の開始から10分を過ぎて、Microsoft 365 から戻った場合。',
          en: 'More than 10 minutes passed between starting the authorization and returning from Microsoft 365.',
        },
        remedy: { ja: 'もう一度、認証を開始してください。', en: 'Start the authorization again.' },
        menders: ['user'],
      },
    ],
  },
} as const satisfies Causes;
