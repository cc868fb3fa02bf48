import type { Lines, Text } from '../language.ts';
import type { CatalogueEntry, Cause } from './entry.ts';
import {
  adminMenu,
  authProviderSettings,
  checkConsumerSecret,
  checkRemoteSiteUrl,
  checkTokenEndpointUrl,
  congestion,
  entraAppRegistration,
  remoteSiteSettings,
} from './places.ts';

const area = 'authorization';
const failed: Text = { ja: '認証に失敗しました。', en: 'Authorization failed.' };
const contactAdmin: Text = { ja: 'システム管理者に連絡してください。', en: 'Contact your system administrator.' };

function failedWith(ja: string[], en: string[]): Lines {
  return { ja: [failed.ja, contactAdmin.ja, ...ja], en: [failed.en, contactAdmin.en, ...en] };
}

const notObtained: Lines = {
  ja: ['承認コード取得に失敗しました。', 'システム管理者に連絡してください。'],
  en: ['The authorization code could not be obtained.', 'Contact your system administrator.'],
};
const checkTokenSite: Lines = failedWith(
  [
    '・認証プロバイダのトークンエンドポイントURLを確認してください。',
    '・リモートサイト設定に認証プロバイダのトークンエンドポイントURLが登録されていることを確認してください。',
  ],
  [
    "- Check the auth. provider's token endpoint URL.",
    "- Check that the auth. provider's token endpoint URL is registered in the remote site settings.",
  ],
);

const tokenUrlWrong: Cause = {
  row: 'A3b',
  condition: {
    ja: '認証プロバイダのトークンエンドポイントURLに誤りがある場合。',
    en: "The auth. provider's token endpoint URL is wrong.",
  },
  place: authProviderSettings,
  remedy: checkTokenEndpointUrl,
  mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
};

/** An error of the redirect that is not a refusal: A2's message, its own code and cause. */
function notObtainedBecause(condition: Text, remedy: Text, rest: Partial<Pick<Cause, 'place' | 'mendAt'>> = {}) {
  return {
    row: 'A2+',
    area,
    status: 403,
    retry: 'no',
    message: notObtained,
    causes: [{ condition, remedy, ...rest }],
    logged: true,
  } as const satisfies CatalogueEntry;
}

const askEntraAdmin: Text = {
  ja: 'Microsoft Entra の管理者に、アプリへの同意とユーザーの割り当てを確認してもらってください。',
  en: 'Ask a Microsoft Entra administrator to check the consent given to the app and the users assigned to it.',
};

/** Errors on the authorization page (認証ページ), from the start of the code flow to its callback. */
export const authorizationErrors = {
  authorization_provider_not_found: {
    row: 'A1',
    area,
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
      },
    ],
    logged: true,
  },
  authorization_declined: {
    row: 'A2',
    area,
    status: 403,
    retry: 'now',
    message: notObtained,
    causes: [
      {
        row: 'A2',
        condition: {
          ja: 'アカウント認証画面で認証を承諾しなかった場合。',
          en: 'Consent was not given on the sign-in page.',
        },
        remedy: {
          ja: '再度認証設定を行い、認証を承諾してください。',
          en: 'Authorize again and give consent.',
        },
      },
    ],
    logged: true,
  },
  authorization_consent_required: notObtainedBecause(
    { ja: 'アプリに必要な同意が与えられていない場合。', en: 'The app lacks a consent that it needs.' },
    askEntraAdmin,
    { place: entraAppRegistration },
  ),
  authorization_interaction_required: notObtainedBecause(
    {
      ja: 'Microsoft 365 がユーザの操作（多要素認証、割り当て、条件付きアクセスなど）を求めた場合。',
      en: 'Microsoft 365 asked for interaction (multi-factor authentication, assignment, conditional access …).',
    },
    askEntraAdmin,
    { place: entraAppRegistration },
  ),
  authorization_login_required: {
    ...notObtainedBecause(
      { ja: 'Microsoft 365 にサインインしていない場合。', en: 'Nobody is signed in to Microsoft 365.' },
      { ja: 'もう一度認証を実行し、サインインしてください。', en: 'Authorize again and sign in.' },
    ),
    retry: 'now',
  },
  authorization_server_error: {
    ...notObtainedBecause(
      { ja: 'Microsoft 365 側でエラーが発生した場合。', en: 'Microsoft 365 met an error of its own.' },
      {
        ja: 'しばらく時間を置いてから、もう一度認証設定を実行してください。',
        en: 'Wait a while, then authorize again.',
      },
    ),
    retry: 'later',
    retryAfterSeconds: 30,
  },
  authorization_client_not_allowed: notObtainedBecause(
    {
      ja: 'コンシューマ鍵のアプリが、このテナントで認証を許可されていない場合。',
      en: "The consumer key's app may not authorize users in this tenant.",
    },
    {
      ja: '認証プロバイダの「コンシューマ鍵」と、Microsoft Entra のアプリの登録を確認してください。',
      en: 'Check "Consumer Key" of the auth. provider and the app registration in Microsoft Entra.',
    },
    { place: authProviderSettings, mendAt: '/admin/auth-providers?field=consumerKey' },
  ),
  authorization_scope_invalid: notObtainedBecause(
    {
      ja: '認証プロバイダの「デフォルトの範囲」に誤りがある場合。',
      en: '"Default Scopes" of the auth. provider are wrong.',
    },
    {
      ja: '認証プロバイダの「デフォルトの範囲」に誤りがないか確認してください。',
      en: 'Check "Default Scopes" of the auth. provider.',
    },
    { place: authProviderSettings, mendAt: '/admin/auth-providers?field=defaultScopes' },
  ),
  authorization_redirect_error: notObtainedBecause(
    {
      ja: 'Microsoft 365 が承認コードの代わりにエラーを返した場合。',
      en: 'Microsoft 365 returned an error instead of an authorization code.',
    },
    {
      ja: '応答のエラー名とAADSTS番号を確認し、認証プロバイダの設定とMicrosoft Entra のアプリの登録を見直してください。',
      en: 'Look at the error name and AADSTS number of the reply, then at the auth. provider and the app registration.',
    },
    { place: authProviderSettings, mendAt: '/admin/auth-providers?field=consumerKey' },
  ),
  authorization_site_not_registered: {
    row: 'A3',
    area,
    status: 503,
    retry: 'no',
    message: checkTokenSite,
    causes: [
      tokenUrlWrong,
      {
        row: 'A3',
        condition: {
          ja: 'リモートサイト設定に、認証プロバイダのトークンエンドポイントURLが未登録の場合。',
          en: "The auth. provider's token endpoint URL is not registered in the remote site settings.",
        },
        place: remoteSiteSettings,
        remedy: checkRemoteSiteUrl,
        mendAt: '/admin/remote-sites',
      },
    ],
    logged: true,
  },
  authorization_token_endpoint_unreachable: {
    row: 'A3b',
    area,
    status: 502,
    retry: 'no',
    message: checkTokenSite,
    causes: [tokenUrlWrong],
    logged: true,
  },
  authorization_client_rejected: {
    row: 'A4',
    area,
    status: 502,
    retry: 'no',
    message: failedWith(['エラー：401 権限がありません。'], ['Error: 401 Not authorized.']),
    causes: [
      {
        row: 'A4',
        condition: {
          ja: '認証プロバイダのシークレットキーに誤りがある、または期限切れの場合。',
          en: "The auth. provider's secret is wrong or has expired.",
        },
        place: authProviderSettings,
        remedy: checkConsumerSecret,
        mendAt: '/admin/auth-providers?field=consumerSecret',
      },
    ],
    logged: true,
  },
  authorization_token_endpoint_not_found: {
    row: 'A5',
    area,
    status: 502,
    retry: 'no',
    message: failedWith(
      ['エラー：404 要求されたリソースは存在しません。'],
      ['Error: 404 The requested resource does not exist.'],
    ),
    causes: [
      {
        row: 'A5',
        condition: {
          ja: '認証プロバイダのトークンエンドポイントURLのリソース先に誤りがある場合。',
          en: "The path of the auth. provider's token endpoint URL is wrong.",
        },
        place: authProviderSettings,
        remedy: {
          ja: 'Salesforce 認証プロバイダの設定から「トークンエンドポイントURL」に誤りがないか確認して下さい。',
          en: checkTokenEndpointUrl.en,
        },
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
      },
    ],
    logged: true,
  },
  authorization_timeout: {
    row: 'A6',
    area,
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
      },
    ],
    logged: true,
  },
  authorization_rejected: {
    row: 'A-status',
    area,
    status: 502,
    retry: 'no',
    message: failedWith(['エラー：{status} {reason}'], ['Error: {status} {reason}']),
    causes: [
      {
        condition: {
          ja: 'トークンエンドポイントが要求を受け付けなかった場合（カタログにない応答）。',
          en: 'The token endpoint refused the request (a reply that is not catalogued).',
        },
        place: authProviderSettings,
        remedy: {
          ja: '応答のエラー名とAADSTS番号を確認し、認証プロバイダの設定を見直してください。',
          en: 'Look at the error name and AADSTS number of the reply, then at the auth. provider.',
        },
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
      },
    ],
    logged: true,
  },
  authorization_code_rejected: {
    row: 'A-status',
    area,
    status: 502,
    retry: 'now',
    message: failedWith(['エラー：{status} {reason}'], ['Error: {status} {reason}']),
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
      },
    ],
    logged: true,
  },
  authorization_forbidden: {
    row: 'A-status',
    area,
    status: 502,
    retry: 'no',
    message: failedWith(['エラー：403 アクセスが拒否されました。'], ['Error: 403 Access was denied.']),
    causes: [
      {
        condition: {
          ja: 'トークンエンドポイントがアクセスを拒否した場合。',
          en: 'The token endpoint denied access.',
        },
        place: authProviderSettings,
        remedy: checkTokenEndpointUrl,
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
      },
    ],
    logged: true,
  },
  authorization_throttled: {
    row: 'A-status',
    area,
    status: 503,
    retry: 'later',
    retryAfterSeconds: 30,
    message: failedWith(
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
      },
    ],
    logged: true,
  },
  authorization_upstream_error: {
    row: 'A-status',
    area,
    status: 502,
    retry: 'later',
    retryAfterSeconds: 30,
    message: failedWith(['エラー：{status} {reason}'], ['Error: {status} {reason}']),
    causes: [
      {
        condition: { ja: 'Microsoft 365 側でエラーが発生した場合。', en: 'Microsoft 365 met an error of its own.' },
        remedy: {
          ja: 'しばらく時間を置いてから、もう一度認証設定を実行してください。続く場合は Microsoft 365 のサービス正常性を確認してください。',
          en: 'Wait a while, then authorize again. If it persists, look at the Microsoft 365 service health.',
        },
      },
    ],
    logged: true,
  },
  authorization_reply_malformed: {
    row: 'A-status',
    area,
    status: 502,
    retry: 'no',
    message: failedWith(
      ['エラー：トークンエンドポイントの応答を読み取れません。'],
      ['Error: the reply of the token endpoint cannot be read.'],
    ),
    causes: [
      {
        condition: {
          ja: 'トークンエンドポイントURLが、トークンを返さない別のURLを指している場合（HTMLや転送の応答など）。',
          en: 'The token endpoint URL points at something that returns no token (HTML, a redirect …).',
        },
        place: authProviderSettings,
        remedy: checkTokenEndpointUrl,
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
      },
    ],
    logged: true,
  },
  authorization_refresh_token_missing: {
    area,
    status: 502,
    retry: 'no',
    message: failedWith(
      ['エラー：認証を継続するための権限（offline_access）がありません。'],
      ['Error: the permission to stay authorized (offline_access) is missing.'],
    ),
    causes: [
      {
        condition: {
          ja: '認証プロバイダの「デフォルトの範囲」に offline_access が含まれていない場合。',
          en: '"Default Scopes" of the auth. provider do not contain offline_access.',
        },
        place: authProviderSettings,
        remedy: {
          ja: '認証プロバイダの「デフォルトの範囲」に offline_access を追加してください。',
          en: 'Add offline_access to "Default Scopes" of the auth. provider.',
        },
        mendAt: '/admin/auth-providers?field=defaultScopes',
      },
    ],
    logged: true,
  },
  authorization_mismatch: {
    row: 'A-mismatch',
    area,
    status: 409,
    retry: 'now',
    message: {
      ja: [
        '管理者が設定したアカウントと異なるアカウントで認証されました。',
        '・設定されているアカウント：{linkedAccount}',
        '・認証されたアカウント：{authorizedAccount}',
        '「別のアカウントで認証」から、設定されているアカウントで認証してください。',
      ],
      en: [
        'You authorized with another account than the one your administrator set.',
        '- Account set: {linkedAccount}',
        '- Account authorized: {authorizedAccount}',
        'Choose "Authorize with another account" and use the account that is set.',
      ],
    },
    causes: [
      {
        condition: {
          ja: '１）ユーザが管理者設定と違うアカウントを認証した場合。２）管理者が違うアカウントを設定した場合。',
          en: '1) The user authorized another account than the administrator set. 2) The administrator set a wrong account.',
        },
        place: adminMenu,
        remedy: {
          ja: 'アカウント情報で、このユーザのMicrosoft365アカウントに誤りがないか確認してください。',
          en: 'In the account links, check the Microsoft 365 account of this user.',
        },
        mendAt: '/admin/account-links',
      },
    ],
    logged: true,
  },
  authorization_not_linked: {
    area,
    status: 409,
    retry: 'no',
    message: {
      ja: [
        'Microsoft365アカウントが設定されていないため、認証できません。',
        'システム管理者に、アカウント情報への登録を依頼してください。',
      ],
      en: [
        'No Microsoft 365 account is set for you, so you cannot authorize.',
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
      },
    ],
    logged: true,
  },
  authorization_identity_unconfirmed: {
    area,
    status: 502,
    retry: 'now',
    message: failedWith(
      ['エラー：認証したアカウントを確認できませんでした。'],
      ['Error: the account that authorized could not be confirmed.'],
    ),
    causes: [
      {
        condition: {
          ja: 'IDトークンにアカウントの情報がなく、Microsoft Graph の /me からも取得できなかった場合。',
          en: 'The ID token names no account, and /me of Microsoft Graph did not either.',
        },
        place: authProviderSettings,
        remedy: {
          ja: '認証プロバイダの「デフォルトの範囲」に openid profile User.Read を含め、リモートサイトにメールのURLのサイトが登録されていることを確認してください。',
          en: 'Include openid profile User.Read in "Default Scopes", and check that the site of the mail URL is a remote site.',
        },
        mendAt: '/admin/auth-providers?field=defaultScopes',
      },
    ],
    logged: true,
  },
  authorization_issuer_mismatch: {
    area,
    status: 400,
    retry: 'no',
    message: failedWith(
      ['エラー：認証プロバイダの発行者が一致しません。'],
      ["Error: the auth. provider's issuer does not match."],
    ),
    causes: [
      {
        condition: {
          ja: '応答の発行者（iss）が、認証プロバイダの「発行者」と一致しないか、含まれていない場合。',
          en: 'The issuer (iss) of the reply differs from "Issuer" of the auth. provider, or is absent.',
        },
        place: authProviderSettings,
        remedy: {
          ja: '認証プロバイダの「発行者」に誤りがないか確認してください。',
          en: 'Check "Issuer" of the auth. provider.',
        },
        mendAt: '/admin/auth-providers?field=issuer',
      },
    ],
    logged: true,
  },
  authorization_state_invalid: {
    area,
    status: 400,
    retry: 'now',
    message: {
      ja: [
        'この認証の手続きは無効です。',
        '別の画面で手続きが済んでいるか、開始したときと異なるブラウザで開かれています。もう一度、認証を開始してください。',
      ],
      en: [
        'This authorization is not valid.',
        'It was finished elsewhere, or opened in another browser than it began in. Start the authorization again.',
      ],
    },
    causes: [
      {
        condition: {
          ja: 'state が一致しないか使用済みの場合、または開始したブラウザのCookieがない場合。',
          en: 'The state does not match or was used, or the cookie of the browser that started is missing.',
        },
        remedy: { ja: 'もう一度、認証を開始してください。', en: 'Start the authorization again.' },
      },
    ],
    logged: true,
  },
  authorization_state_expired: {
    area,
    status: 400,
    retry: 'now',
    message: {
      ja: ['認証の手続きの有効期限（10分）が切れました。', 'もう一度、認証を開始してください。'],
      en: ['The time to finish the authorization (10 minutes) is over.', 'Start the authorization again.'],
    },
    causes: [
      {
        condition: {
          ja: '認証の開始から10分を過ぎて、Microsoft 365 から戻った場合。',
          en: 'More than 10 minutes passed between the start and the return from Microsoft 365.',
        },
        remedy: { ja: 'もう一度、認証を開始してください。', en: 'Start the authorization again.' },
      },
    ],
    logged: true,
  },
} as const satisfies Record<string, CatalogueEntry>;
