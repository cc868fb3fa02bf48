import type { Lines } from '../language.ts';
import { clientCauses } from './causes/client.ts';
import { consentCauses } from './causes/consent.ts';
import { identityCauses } from './causes/identity.ts';
import { cloudCauses } from './causes/tenant.ts';
import type { GuideRow } from './entry.ts';
import {
  argusAuthProvider,
  entraAppAuthentication,
  entraExternalAccess,
  entraSignInLogs,
  entraUserMethods,
} from './places.ts';

/**
 * A Microsoft page on which a sign-in ends. It never returns to Argus, so there is no event: the user reads its
 * AADSTS number to somebody, who looks it up.
 */
export interface SignInPage {
  readonly aadsts: readonly [number, ...number[]];
  /** A summary of the page. */
  readonly message: Lines;
  /** Most likely cause first. */
  readonly causes: readonly GuideRow[];
}

const appNotUsable = {
  ja: '申し訳ありませんが、サインイン中に問題が発生しました。',
  en: "Sorry, but we're having trouble signing you in.",
};
const askTheUser = { ja: 'Microsoft 365 のサインイン画面', en: 'The Microsoft 365 sign-in page' };

function says(ja: string, en: string): Lines {
  return { ja: [appNotUsable.ja, ja], en: [appNotUsable.en, en] };
}

/** Errors of Microsoft's own sign-in pages, under codes of ours. */
export const signInPages = {
  sign_in_page_redirect_uri: {
    aadsts: [50011, 500113, 900971],
    message: says(
      '要求で指定されたリダイレクト URI が、アプリに登録されたものと一致しません。',
      'The redirect URI specified in the request does not match those registered for the app.',
    ),
    causes: [
      {
        condition: {
          ja: 'Argus のコールバックURLが、アプリのリダイレクト URI に登録されていないか、大文字・小文字、末尾の /、http と https などが異なる場合。接尾辞を変更した後にも起こります。',
          en: 'The callback URL of Argus is not registered as a redirect URI of the app, or is different in, for example, upper and lower case, a trailing slash, or http and https. This also happens after the suffix was changed.',
        },
        place: entraAppAuthentication,
        remedy: {
          ja: '認証プロバイダの画面で「コールバックURL」をコピーし、「アプリの登録 > (アプリ) > 認証」のプラットフォーム「Web」のリダイレクト URI に、そのまま登録してください。',
          en: 'Copy the "Callback URL" from the auth. provider page and register it, unchanged, as a redirect URI of the platform "Web" under App registrations > (app) > Authentication.',
        },
        mendAt: '/admin/auth-providers?field=authorizeEndpointUrl',
        menders: ['entra_admin'],
      },
    ],
  },
  sign_in_page_client_unknown: {
    aadsts: [700016, 70001, 700011],
    message: says('アプリがディレクトリに見つかりませんでした。', 'The app was not found in the directory.'),
    causes: clientCauses.client_unknown.guide,
  },
  sign_in_page_client_disabled: {
    aadsts: [7000112],
    message: says('アプリは無効になっています。', 'The app is disabled.'),
    causes: clientCauses.client_disabled.guide,
  },
  sign_in_page_tenant_not_found: {
    aadsts: [90002, 900023],
    message: says('テナントが見つかりません。', 'The tenant was not found.'),
    causes: [
      {
        condition: {
          ja: '認証プロバイダの「承認エンドポイントURL」のテナントに誤りがある場合。',
          en: 'The tenant in "Authorize Endpoint URL" of the auth. provider is wrong.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '「承認エンドポイントURL」のテナントを、「Microsoft Entra 管理センター > アプリの登録 > (アプリ) > 概要」の「ディレクトリ (テナント) ID」に直してください。',
          en: 'Set the tenant in "Authorize Endpoint URL" to the "Directory (tenant) ID" shown under Microsoft Entra admin center > App registrations > (app) > Overview.',
        },
        mendAt: '/admin/auth-providers?field=authorizeEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
  sign_in_page_tenant_url_required: {
    aadsts: [50194],
    message: says(
      'アプリがマルチテナント アプリケーションとして構成されていません。',
      'The app is not configured as a multi-tenant application.',
    ),
    causes: cloudCauses.tenant_url_required.guide,
  },
  sign_in_page_authorize_url_wrong: {
    aadsts: [900144, 90014, 900561, 901002],
    message: says(
      '要求に必要なパラメータがないか、正しくありません。',
      'A parameter of the request is missing or not valid.',
    ),
    causes: [cloudCauses.endpoints_swapped.guide[0], cloudCauses.endpoint_version_mixed.guide[0]],
  },
  sign_in_page_account_of_another_tenant: {
    aadsts: [50020, 51004, 50014, 90072, 50177, 50178, 16003, 500208, 500211],
    message: says(
      '選択したユーザー アカウントはテナントに存在しません。',
      'The selected user account does not exist in the tenant.',
    ),
    causes: identityCauses.account_of_another_tenant.guide,
  },
  sign_in_page_user_unknown: {
    aadsts: [50034],
    message: says(
      'ユーザー アカウントがディレクトリに存在しません。',
      'The user account does not exist in the directory.',
    ),
    causes: [
      {
        condition: {
          ja: 'ユーザ名を間違えたか、アカウント情報に設定されたMicrosoft365アカウントに誤りがある場合。',
          en: 'The user name was mistyped, or the Microsoft 365 account in the account links is wrong.',
        },
        place: { ja: 'Argus 管理者メニュー', en: 'Argus admin menu' },
        remedy: {
          ja: 'アカウント情報のMicrosoft365アカウントが、「Microsoft Entra 管理センター > ユーザー」の「ユーザー プリンシパル名」と同じか確認してください。',
          en: 'Check that the Microsoft 365 account in the account links is the same as the "User principal name" under Microsoft Entra admin center > Users.',
        },
        mendAt: '/admin/account-links',
        menders: ['portal_admin'],
      },
    ],
  },
  sign_in_page_assignment_required: {
    aadsts: [50105],
    message: says(
      'サインインしているユーザーは、アプリのロールに割り当てられていません。',
      'The signed-in user is not assigned to a role for the app.',
    ),
    causes: consentCauses.assignment_required.guide,
  },
  sign_in_page_admin_consent_needed: {
    aadsts: [90094, 90095, 65001],
    message: {
      ja: ['管理者の承認が必要です', 'アプリには、組織内のリソースにアクセスするためのアクセス許可が必要です。'],
      en: ['Need admin approval', 'The app needs permission to access resources in your organization.'],
    },
    causes: consentCauses.admin_consent_needed.guide,
  },
  sign_in_page_password_wrong: {
    aadsts: [50126, 50056],
    message: {
      ja: ['アカウントまたはパスワードが正しくありません。'],
      en: ['Your account or password is incorrect.'],
    },
    causes: [
      {
        condition: { ja: 'ユーザ名またはパスワードを間違えた場合。', en: 'The user name or password is wrong.' },
        place: askTheUser,
        remedy: {
          ja: '正しいパスワードを入力するか、「パスワードを忘れた場合」から再設定してください。',
          en: 'Enter the correct password, or choose "Forgot my password" to reset it.',
        },
        menders: ['user'],
      },
    ],
  },
  sign_in_page_account_locked: {
    aadsts: [50053],
    message: {
      ja: ['アカウントが一時的にロックされています。'],
      en: ['Your account is temporarily locked.'],
    },
    causes: identityCauses.account_locked.guide,
  },
  sign_in_page_account_disabled: {
    aadsts: [50057, 500571],
    message: { ja: ['アカウントがロックされています。'], en: ['Your account has been locked.'] },
    causes: identityCauses.account_disabled.guide,
  },
  sign_in_page_password_expired: {
    aadsts: [50055, 50144],
    message: { ja: ['パスワードの更新'], en: ['Update your password'] },
    causes: identityCauses.password_expired.guide,
  },
  sign_in_page_mfa_registration: {
    aadsts: [50072, 50079],
    message: {
      ja: ['詳細情報が必要', '組織は、アカウントのセキュリティを維持するために詳細情報を必要としています。'],
      en: ['More information required', 'Your organization needs more information to keep your account secure.'],
    },
    causes: [
      {
        condition: {
          ja: '利用者が多要素認証の方法をまだ登録していない場合。',
          en: 'The user has not registered a method for multi-factor authentication.',
        },
        place: askTheUser,
        remedy: {
          ja: '画面の指示に従って、認証方法を登録してください。',
          en: 'Follow the instructions on the page to register a method.',
        },
        menders: ['user'],
      },
      {
        condition: {
          ja: '利用者が以前の認証方法を使えなくなった場合（機種変更など）。',
          en: 'The user can no longer use their previous method (for example, because of a new phone).',
        },
        place: entraUserMethods,
        remedy: {
          ja: '「多要素認証の再登録を要求」を実行するか、一時アクセス パスを発行してください。',
          en: 'Choose "Require re-register multifactor authentication", or issue a Temporary Access Pass.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
  sign_in_page_access_blocked: {
    aadsts: [53003, 530031, 530032, 530035, 530084, 53002, 53009, 50005, 50131, 50158],
    message: {
      ja: [
        '現在、これにアクセスできません',
        'サインインは成功しましたが、リソースにアクセスするための条件を満たしていません。',
      ],
      en: [
        'You cannot access this right now',
        'Your sign-in was successful but does not meet the criteria to access this resource.',
      ],
    },
    causes: identityCauses.access_blocked.guide,
  },
  sign_in_page_device_not_accepted: {
    aadsts: [53000, 53001, 530003, 530004, 50097, 50129],
    message: {
      ja: ['ここからアクセスすることはできません', 'このアプリには、組織が管理する端末からのみアクセスできます。'],
      en: [
        "You can't get there from here",
        'This app can only be accessed from a device that your organization manages.',
      ],
    },
    causes: identityCauses.device_not_accepted.guide,
  },
  sign_in_page_risk_blocked: {
    aadsts: [53004, 53010, 53011, 530034],
    message: {
      ja: ['アカウントがブロックされています', 'アカウントに不審なアクティビティが検出されました。'],
      en: ['Your account is blocked', "We've detected suspicious activity on your account."],
    },
    causes: identityCauses.risk_blocked.guide,
  },
  sign_in_page_tenant_restricted: {
    aadsts: [500021, 500022, 50002],
    message: {
      ja: ['ネットワーク管理者によってアクセスがブロックされています'],
      en: ['Access is blocked by your network administrator'],
    },
    causes: [
      {
        condition: {
          ja: '会社のプロキシが、許可されたテナントへのサインインだけを通す場合（テナント制限）。',
          en: "The company's proxy only lets through sign-ins to permitted tenants (tenant restrictions).",
        },
        place: {
          ja: '会社のプロキシのテナント制限（Restrict-Access-To-Tenants）',
          en: "The tenant restrictions of the company's proxy (Restrict-Access-To-Tenants)",
        },
        remedy: {
          ja: 'プロキシの許可リストに、認証プロバイダのURLのテナントを追加してください。',
          en: "Add the tenant in the auth. provider's URLs to the proxy's list of permitted tenants.",
        },
        menders: ['entra_admin'],
      },
    ],
  },
  sign_in_page_cross_tenant_blocked: {
    aadsts: [500212, 500213],
    message: says(
      'テナント間アクセスのポリシーによってブロックされました。',
      'A cross-tenant access policy blocked access.',
    ),
    causes: [
      {
        condition: {
          ja: '利用者の会社またはアプリの会社が、相手のテナントとの利用を許可していない場合。',
          en: "The user's company or the app's company does not allow use with the other tenant.",
        },
        place: entraExternalAccess,
        remedy: {
          ja: '受信と送信のアクセス設定で、相手のテナントとアプリを許可してください。',
          en: 'Allow the other tenant and the app in the inbound and outbound access settings.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
  sign_in_page_on_premises_sign_in: {
    aadsts: [80001, 80002, 80007, 80012, 80013, 80014],
    message: says('社内の認証サーバに接続できませんでした。', "The company's own sign-in server could not be reached."),
    causes: [
      {
        condition: {
          ja: 'パススルー認証のエージェント、または社内の Active Directory に問題がある場合。',
          en: "There is a problem with the pass-through authentication agents or the company's Active Directory.",
        },
        place: entraSignInLogs,
        remedy: {
          ja: 'パススルー認証エージェントの状態と、Active Directory への接続を確認してください。',
          en: 'Check the status of the pass-through authentication agents and their connection to Active Directory.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
} as const satisfies Record<string, SignInPage>;
