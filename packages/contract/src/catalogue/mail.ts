import type { Lines, Text } from '../language.ts';
import type { CatalogueEntry, Cause } from './entry.ts';
import {
  adminMenu,
  authProviderSettings,
  checkConsumerSecret,
  checkMailUrl,
  checkRemoteSiteUrl,
  checkTokenEndpointUrl,
  congestion,
  entraAppRegistration,
  entraUsers,
  remoteSiteSettings,
} from './places.ts';

const area = 'mail';

function failedWith(ja: string[], en: string[]): Lines {
  return {
    ja: ['メールの取得に失敗しました。', 'システム管理者に連絡してください。', ...ja],
    en: ['The mail could not be fetched.', 'Contact your system administrator.', ...en],
  };
}

const checkMailSite = failedWith(
  ['・管理者メニューのURLを確認してください。', '・リモートサイト設定にURLが登録されていることを確認してください。'],
  ['- Check the URL in the admin menu.', '- Check that the URL is registered in the remote site settings.'],
);
const checkTokenSite = failedWith(
  [
    '・認証プロバイダのトークンエンドポイントURLを確認してください。',
    '・リモートサイト設定に認証プロバイダのトークンエンドポイントURLが登録されていることを確認してください。',
  ],
  [
    "- Check the auth. provider's token endpoint URL.",
    "- Check that the auth. provider's token endpoint URL is registered in the remote site settings.",
  ],
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
};
const tokenUrlWrong: Cause = {
  row: 'B6b',
  condition: {
    ja: '認証プロバイダのトークンエンドポイントURLに誤りがある場合。',
    en: "The auth. provider's token endpoint URL is wrong.",
  },
  place: authProviderSettings,
  remedy: checkTokenEndpointUrl,
  mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
};
const mailboxPlace: Pick<Cause, 'place' | 'mendAt'> = { place: entraUsers, mendAt: '/admin/account-links' };
const reconnect: Text = {
  ja: 'ユーザに「Microsoft 365 と認証する」からもう一度認証してもらってください。',
  en: 'Ask the user to authorize with Microsoft 365 again.',
};

/** Errors when the portlet 「新着メール」 refreshes. */
export const mailErrors = {
  mail_timeout: {
    row: 'B1',
    area,
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
      },
    ],
    logged: true,
  },
  mail_account_mismatch: {
    row: 'B2',
    area,
    status: 409,
    retry: 'after_reconnect',
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
    causes: [
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
      },
    ],
    logged: true,
  },
  mail_provider_not_found: {
    row: 'B3',
    area,
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
      },
    ],
    logged: true,
  },
  mail_not_found: {
    row: 'B4',
    area,
    status: 502,
    retry: 'no',
    message: failedWith(
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
      },
    ],
    logged: true,
  },
  mail_site_not_registered: {
    row: 'B5',
    area,
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
      },
    ],
    logged: true,
  },
  mail_endpoint_unreachable: {
    row: 'B5b',
    area,
    status: 502,
    retry: 'no',
    message: checkMailSite,
    causes: [mailUrlWrong],
    logged: true,
  },
  mail_token_site_not_registered: {
    row: 'B6',
    area,
    status: 503,
    retry: 'no',
    message: checkTokenSite,
    causes: [
      tokenUrlWrong,
      {
        row: 'B6',
        condition: {
          ja: 'リモートサイト設定に認証プロバイダのトークンエンドポイントURLが登録されていない場合。',
          en: "The auth. provider's token endpoint URL is not registered in the remote site settings.",
        },
        place: remoteSiteSettings,
        remedy: checkRemoteSiteUrl,
        mendAt: '/admin/remote-sites',
      },
    ],
    logged: true,
  },
  mail_token_endpoint_unreachable: {
    row: 'B6b',
    area,
    status: 502,
    retry: 'no',
    message: checkTokenSite,
    causes: [tokenUrlWrong],
    logged: true,
  },
  mail_client_rejected: {
    row: 'B7',
    area,
    status: 502,
    retry: 'no',
    message: failedWith(['エラー：401 権限がありません。'], ['Error: 401 Not authorized.']),
    causes: [
      {
        row: 'B7',
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
  mail_token_endpoint_not_found: {
    row: 'B-status',
    area,
    status: 502,
    retry: 'no',
    message: failedWith(
      ['エラー：404 要求されたリソースは存在しません。'],
      ['Error: 404 The requested resource does not exist.'],
    ),
    causes: [
      {
        condition: {
          ja: '認証プロバイダのトークンエンドポイントURLのリソース先に誤りがある場合。',
          en: "The path of the auth. provider's token endpoint URL is wrong.",
        },
        place: authProviderSettings,
        remedy: checkTokenEndpointUrl,
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
      },
    ],
    logged: true,
  },
  mail_unauthorized: {
    row: 'B-status',
    area,
    status: 502,
    retry: 'no',
    message: failedWith(
      ['エラー：401 メールサーバがアクセストークンを受け付けません。'],
      ['Error: 401 The mail server does not accept the access token.'],
    ),
    causes: [
      {
        condition: {
          ja: '新しいアクセストークンも、メールのURLのサーバに受け付けられなかった場合（別のリソースやクラウドのトークンなど）。',
          en: 'The server of the mail URL refused even a fresh access token (a token for another resource or cloud …).',
        },
        place: authProviderSettings,
        remedy: {
          ja: '認証プロバイダの「デフォルトの範囲」（v1ではリソース）と、管理者メニューの「URL」が同じサービスのものか確認してください。',
          en: 'Check that "Default Scopes" (v1: resource) of the auth. provider and "URL" of the admin menu belong to the same service.',
        },
        mendAt: '/admin/auth-providers?field=defaultScopes',
      },
    ],
    logged: true,
  },
  mail_access_denied: {
    row: 'B-status',
    area,
    status: 502,
    retry: 'no',
    message: failedWith(['エラー：403 アクセスが拒否されました。'], ['Error: 403 Access was denied.']),
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
      },
    ],
    logged: true,
  },
  mail_mailbox_not_enabled: {
    row: 'B-status',
    area,
    status: 502,
    retry: 'no',
    message: failedWith(['エラー：404 メールボックスを利用できません。'], ['Error: 404 The mailbox cannot be used.']),
    causes: [
      {
        condition: {
          ja: 'Exchange Online のライセンスがない、メールボックスが準備中・移行中である、またはオンプレミスにある場合。',
          en: 'There is no Exchange Online licence, or the mailbox is being made or moved, or it is on-premises.',
        },
        ...mailboxPlace,
        remedy: {
          ja: 'ユーザに Exchange Online のライセンスが割り当てられていることを確認してください。割り当て直後は利用できるまで時間がかかります。',
          en: 'Check that the user has an Exchange Online licence. After it is assigned, the mailbox takes a while to appear.',
        },
      },
    ],
    logged: true,
  },
  mail_mailbox_not_found: {
    row: 'B-status',
    area,
    status: 502,
    retry: 'no',
    message: failedWith(['エラー：404 メールボックスが見つかりません。'], ['Error: 404 The mailbox was not found.']),
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
      },
    ],
    logged: true,
  },
  mail_throttled: {
    row: 'B-status',
    area,
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
          ja: '自動更新の間隔を長くしてください。表示された時間が過ぎると、自動で再開します。',
          en: 'Make the interval of the automatic refresh longer. It goes on by itself after the time shown.',
        },
      },
    ],
    logged: true,
  },
  mail_upstream_error: {
    row: 'B-status',
    area,
    status: 502,
    retry: 'later',
    retryAfterSeconds: 20,
    message: failedWith(['エラー：{status} {reason}'], ['Error: {status} {reason}']),
    causes: [
      {
        condition: { ja: 'Microsoft 365 側でエラーが発生した場合。', en: 'Microsoft 365 met an error of its own.' },
        remedy: {
          ja: 'しばらく時間を置いてから、再度読み込みを行ってください。続く場合は Microsoft 365 のサービス正常性を確認してください。',
          en: 'Wait a while, then reload. If it persists, look at the Microsoft 365 service health.',
        },
      },
    ],
    logged: true,
  },
  mail_rejected: {
    row: 'B-status',
    area,
    status: 502,
    retry: 'no',
    message: failedWith(['エラー：{status} {reason}'], ['Error: {status} {reason}']),
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
      },
    ],
    logged: true,
  },
  mail_reply_malformed: {
    row: 'B-status',
    area,
    status: 502,
    retry: 'no',
    message: failedWith(
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
      },
    ],
    logged: true,
  },
  mail_not_linked: {
    area,
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
      },
    ],
    logged: false,
  },
  mail_not_authorized: {
    area,
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
      },
    ],
    logged: false,
  },
  mail_reconnect_needed: {
    area,
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
      },
    ],
    logged: true,
  },
} as const satisfies Record<string, CatalogueEntry>;
