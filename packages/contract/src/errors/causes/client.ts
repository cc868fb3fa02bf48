import { clientDisabledNumber, clientUnknownNumbers, resourceNumbers, scopeNumbers } from '../facts.ts';
import { checkSecret, checkTokenUrl } from '../guide-causes.ts';
import {
  argusAuthProvider,
  entraAppAuthentication,
  entraAppOverview,
  entraAppPermissions,
  entraAppSecrets,
  entraEnterpriseApp,
  microsoft365Licences,
} from '../places.ts';
import type { TokenErrors } from '../purposes/token-error.ts';

const notAuthorized = { ja: '401 権限がありません。', en: '401 Not authorized.' };
const notThere = { ja: '404 要求されたリソースは存在しません。', en: '404 The requested resource does not exist.' };
/** Whatever comes as `invalid_client` shows the message of A4 and B7. */
const clientRows = { authorization: 'A4', mail: 'B7' };

/**
 * What the token endpoint has against the app, the tenant or the request: no user can mend it, and no grant ends by it.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export const clientErrors = {
  secret_wrong: {
    rules: [{ aadsts: [7000215] }],
    says: notAuthorized,
    rows: clientRows,
    guide: checkSecret,
    retry: 'no',
    causes: [
      {
        condition: {
          ja: '認証プロバイダの「コンシューマの秘密」に誤りがある場合（シークレットの「値」の代わりに「シークレット ID」を入力した場合、前後に空白が入った場合など）。',
          en: '"Consumer Secret" of the auth. provider is wrong (the secret ID was entered instead of its value, spaces were copied along …).',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '認証プロバイダの「コンシューマの秘密」に、シークレットの「値」を入力し直してください。値が分からない場合は、Microsoft Entra の管理者が「Microsoft Entra 管理センター > アプリの登録 > (アプリ) > 証明書とシークレット」で新しいクライアント シークレットを作成し、その「値」を入力してください。',
          en: 'Enter the value of the secret in "Consumer Secret" of the auth. provider again. If nobody has the value, a Microsoft Entra administrator creates a new client secret under Microsoft Entra admin center > App registrations > (app) > Certificates & secrets; enter its value.',
        },
        mendAt: '/admin/auth-providers?field=consumerSecret',
        menders: ['portal_admin'],
      },
    ],
  },
  secret_expired: {
    rules: [{ aadsts: [7000222] }],
    says: notAuthorized,
    rows: clientRows,
    guide: checkSecret,
    retry: 'no',
    causes: [
      {
        condition: {
          ja: '認証プロバイダの「コンシューマの秘密」の有効期限が切れた場合。',
          en: '"Consumer Secret" of the auth. provider has expired.',
        },
        place: entraAppSecrets,
        remedy: {
          ja: '１）Microsoft Entra の管理者が「Microsoft Entra 管理センター > アプリの登録 > (アプリ) > 証明書とシークレット」で新しいクライアント シークレットを作成してください。２）その「値」を認証プロバイダの「コンシューマの秘密」に、期限を「コンシューマの秘密の有効期限」に入力してください。認証済みのユーザの認証のやり直しは不要です（認証の途中だったユーザは、もう一度認証してください）。',
          en: '1) A Microsoft Entra administrator creates a new client secret under Microsoft Entra admin center > App registrations > (app) > Certificates & secrets. 2) Enter its value in "Consumer Secret" of the auth. provider, and its date in "Consumer secret expires on". Users who are authorized need not authorize again; whoever was about to starts anew.',
        },
        mendAt: '/admin/auth-providers?field=consumerSecret',
        menders: ['entra_admin', 'portal_admin'],
      },
    ],
  },
  secret_missing: {
    rules: [{ aadsts: [7000218] }],
    says: notAuthorized,
    rows: clientRows,
    retry: 'no',
    causes: [
      {
        condition: {
          ja: '認証プロバイダに「コンシューマの秘密」が設定されていないか、秘密の送信方法が合っていない場合。',
          en: 'The auth. provider has no "Consumer Secret", or sends it in a way that is not understood.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '認証プロバイダの「コンシューマの秘密」を入力し、「クライアント認証情報の送信方法」を「本文で送信」にしてください。',
          en: 'Enter "Consumer Secret" of the auth. provider, and have "Client credentials are sent" in the body.',
        },
        mendAt: '/admin/auth-providers?field=consumerSecret',
        menders: ['portal_admin'],
      },
    ],
  },
  client_public: {
    rules: [{ aadsts: [700025] }],
    says: notAuthorized,
    rows: clientRows,
    retry: 'no',
    causes: [
      {
        condition: {
          ja: 'アプリが、秘密を使わないパブリック クライアントとして登録されている場合。',
          en: 'The app is registered as a public client, which has no secret.',
        },
        place: entraAppAuthentication,
        remedy: {
          ja: 'コールバックURLをプラットフォーム「Web」のリダイレクト URI として登録し、「パブリック クライアント フローを許可する」を「いいえ」にしてください。',
          en: 'Register the callback URL as a redirect URI of the platform "Web", and set "Allow public client flows" to No.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
  certificate_rejected: {
    rules: [{ aadsts: [700027, 700024, 700030, 5002730, 50027, 50064, 50048] }],
    says: notAuthorized,
    rows: clientRows,
    retry: 'no',
    causes: [
      {
        condition: {
          ja: 'アプリに登録された証明書と、署名に使った証明書（拇印、有効期限、時刻、方式）が合わない場合。',
          en: 'The certificate registered for the app and the one that signed (thumbprint, validity, clock, algorithm) do not match.',
        },
        place: entraAppSecrets,
        remedy: {
          ja: 'Argus は「コンシューマの秘密」で認証します。アプリにクライアント シークレットを作成し、その「値」を認証プロバイダに入力してください。証明書を使う中継がある場合は、登録された証明書の拇印と有効期限、サーバの時刻を確認してください。',
          en: 'Argus authenticates by "Consumer Secret". Create a client secret for the app and enter its value at the auth. provider. If something in between uses a certificate, check the thumbprint and validity of the registered one, and the clock of the server.',
        },
        mendAt: '/admin/auth-providers?field=consumerSecret',
        menders: ['entra_admin', 'portal_admin'],
      },
    ],
  },
  client_unknown: {
    rules: [{ aadsts: clientUnknownNumbers }, { oauth: ['unauthorized_client'] }],
    says: { ja: 'アプリ（コンシューマ鍵）が見つかりません。', en: 'The app (consumer key) was not found.' },
    retry: 'no',
    causes: [
      {
        condition: {
          ja: '「コンシューマ鍵」に誤りがある場合、またはURLのテナントが別の会社のものである場合。',
          en: '"Consumer Key" is wrong, or the tenant in the URLs is that of another company.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '認証プロバイダの「コンシューマ鍵」が「Microsoft Entra 管理センター > アプリの登録 > (アプリ) > 概要」の「アプリケーション (クライアント) ID」と同じで、URLのテナントが「ディレクトリ (テナント) ID」と同じであることを確認してください。',
          en: 'Check that "Consumer Key" of the auth. provider equals "Application (client) ID", and the tenant in its URLs "Directory (tenant) ID", under Microsoft Entra admin center > App registrations > (app) > Overview.',
        },
        mendAt: '/admin/auth-providers?field=consumerKey',
        menders: ['portal_admin'],
      },
      {
        condition: {
          ja: 'アプリがテナントから削除されたか、まだ同意されていない場合。',
          en: 'The app was deleted from the tenant, or nobody has consented to it yet.',
        },
        place: entraAppOverview,
        remedy: {
          ja: 'アプリの登録があることを確認し、管理者の同意を与えてください。',
          en: 'Check that the app registration is there, and grant admin consent.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
  client_disabled: {
    rules: [{ aadsts: [clientDisabledNumber] }],
    says: { ja: 'アプリが無効になっています。', en: 'The app is disabled.' },
    retry: 'no',
    causes: [
      {
        condition: {
          ja: 'Microsoft Entra の管理者がアプリのサインインを無効にした場合。',
          en: 'A Microsoft Entra administrator disabled sign-in to the app.',
        },
        place: entraEnterpriseApp,
        remedy: {
          ja: '「ユーザーのサインインが有効になっていますか?」を「はい」にしてください。',
          en: 'Set "Enabled for users to sign-in?" to Yes.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
  tenant_not_found: {
    rules: [{ aadsts: [90002, 900023, 90019, 50059] }, { oauth: ['invalid_tenant'] }],
    says: notThere,
    rows: { authorization: 'A5', mail: 'B-status' },
    guide: checkTokenUrl,
    retry: 'no',
    causes: [
      {
        condition: {
          ja: '認証プロバイダのトークンエンドポイントURLのテナント（ドメイン名またはID）に誤りがある場合、または別のクラウドのテナントである場合。',
          en: "The tenant (domain name or ID) in the auth. provider's token endpoint URL is wrong, or belongs to another cloud.",
        },
        place: argusAuthProvider,
        remedy: {
          ja: '「トークンエンドポイントURL」のテナントを、「Microsoft Entra 管理センター > アプリの登録 > (アプリ) > 概要」の「ディレクトリ (テナント) ID」に直してください。',
          en: 'Put "Directory (tenant) ID" of Microsoft Entra admin center > App registrations > (app) > Overview into "Token Endpoint URL".',
        },
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
  cloud_wrong: {
    rules: [{ aadsts: [50049, 90038, 900382, 900432] }, { oauth: ['invalid_instance'] }],
    says: { ja: '別のクラウドのエンドポイントです。', en: 'The endpoint belongs to another cloud.' },
    retry: 'no',
    causes: [
      {
        condition: {
          ja: 'トークンエンドポイントURLのホストが、テナントのあるクラウド（グローバル、米国政府、中国）のものではない場合。',
          en: 'The host of the token endpoint URL is not that of the cloud of the tenant (global, US government, China).',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '「承認エンドポイントURL」と「トークンエンドポイントURL」のホストを確認してください（グローバルは login.microsoftonline.com、米国政府は login.microsoftonline.us、中国は login.partner.microsoftonline.cn）。',
          en: 'Check the host of "Authorize Endpoint URL" and "Token Endpoint URL" (global: login.microsoftonline.com, US government: login.microsoftonline.us, China: login.partner.microsoftonline.cn).',
        },
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
  tenant_url_required: {
    rules: [{ aadsts: [50194, 9001023, 90010] }],
    says: { ja: '共通のテナント（common）は使用できません。', en: 'The shared tenant (common) cannot be used.' },
    retry: 'no',
    causes: [
      {
        condition: {
          ja: '単一テナントのアプリに、common などの共通のURLを使用している場合。',
          en: 'A shared URL such as common is used with a single-tenant app.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '「承認エンドポイントURL」と「トークンエンドポイントURL」の common を、「Microsoft Entra 管理センター > アプリの登録 > (アプリ) > 概要」の「ディレクトリ (テナント) ID」に置き換えてください。',
          en: 'Replace common in "Authorize Endpoint URL" and "Token Endpoint URL" by "Directory (tenant) ID" of Microsoft Entra admin center > App registrations > (app) > Overview.',
        },
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
  endpoint_version_mixed: {
    rules: [{ aadsts: [901002, 900144, 90014] }],
    says: {
      ja: 'エンドポイントの版（v1 と v2）が合っていません。',
      en: 'The endpoint versions (v1 and v2) do not match.',
    },
    retry: 'no',
    causes: [
      {
        condition: {
          ja: 'v2 のURLに「リソース」を送信している場合、または v1 のURLに「リソース」がない場合など、必要なパラメータが足りない場合。',
          en: 'A "Resource" is sent to a v2 URL, or none to a v1 URL, so that a parameter is missing.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '「承認エンドポイントURL」と「トークンエンドポイントURL」を同じ版にしてください。/oauth2/v2.0/ を含むURLでは「リソース」を空にして「デフォルトの範囲」を、/oauth2/ のURLでは「リソース」を入力してください。',
          en: 'Use one version in "Authorize Endpoint URL" and "Token Endpoint URL". With /oauth2/v2.0/ leave "Resource" empty and fill in "Default Scopes"; with /oauth2/ fill in "Resource".',
        },
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
  endpoints_swapped: {
    rules: [{ aadsts: [900561, 90056] }],
    says: { ja: '認証とトークンのURLが入れ替わっています。', en: 'The authorize and token URLs are swapped.' },
    retry: 'no',
    causes: [
      {
        condition: {
          ja: '「承認エンドポイントURL」と「トークンエンドポイントURL」が入れ替わっている場合。',
          en: '"Authorize Endpoint URL" and "Token Endpoint URL" are swapped.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '「承認エンドポイントURL」は /authorize で、「トークンエンドポイントURL」は /token で終わることを確認してください。',
          en: 'Check that "Authorize Endpoint URL" ends in /authorize and "Token Endpoint URL" in /token.',
        },
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
  scope_refused: {
    rules: [{ aadsts: scopeNumbers }, { oauth: ['invalid_scope'] }],
    says: { ja: 'アクセスの範囲（スコープ）に誤りがあります。', en: 'The scopes are wrong.' },
    retry: 'no',
    causes: [
      {
        condition: {
          ja: '「デフォルトの範囲」のつづりに誤りがある場合、.default と個別の範囲を混ぜた場合、または複数のリソースの範囲を混ぜた場合。',
          en: '"Default Scopes" are misspelt, mix .default with single scopes, or mix scopes of several resources.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '「デフォルトの範囲」を openid profile email offline_access User.Read Mail.Read のように、空白で区切って入力してください。',
          en: 'Enter "Default Scopes" separated by spaces, such as openid profile email offline_access User.Read Mail.Read.',
        },
        mendAt: '/admin/auth-providers?field=defaultScopes',
        menders: ['portal_admin'],
      },
    ],
  },
  resource_unknown: {
    rules: [{ aadsts: resourceNumbers }, { oauth: ['invalid_resource'] }],
    says: { ja: '要求したリソースがテナントにありません。', en: 'The tenant has no such resource.' },
    retry: 'no',
    causes: [
      {
        condition: {
          ja: '「デフォルトの範囲」または「リソース」のURLに誤りがある場合、またはサービスがテナントで無効になっている場合。',
          en: 'The URL in "Default Scopes" or "Resource" is wrong, or the tenant has disabled that service.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '「リソース」（v1）が https://graph.microsoft.com であること、「デフォルトの範囲」に別のクラウドやサービスのURLが付いていないことを確認してください。',
          en: 'Check that "Resource" (v1) is https://graph.microsoft.com, and that no scope in "Default Scopes" carries the URL of another cloud or service.',
        },
        mendAt: '/admin/auth-providers?field=defaultScopes',
        menders: ['portal_admin'],
      },
    ],
  },
  service_missing: {
    rules: [{ aadsts: [650052] }],
    says: { ja: 'テナントに必要なサービスの契約がありません。', en: 'The tenant has not subscribed to the service.' },
    retry: 'no',
    causes: [
      {
        condition: {
          ja: 'テナントに、アプリが使うサービス（Exchange Online など）の契約がないか、有効になっていない場合。',
          en: 'The tenant has no subscription to a service that the app uses (such as Exchange Online), or has not enabled it.',
        },
        place: microsoft365Licences,
        remedy: {
          ja: 'Exchange Online を含むライセンスを契約し、有効にしてください。',
          en: 'Buy and enable a licence that includes Exchange Online.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
  permission_missing: {
    rules: [{ aadsts: [650057, 650056, 65005] }],
    says: { ja: 'アプリに必要なアクセス許可がありません。', en: 'The app lacks a permission that it needs.' },
    retry: 'no',
    causes: [
      {
        condition: {
          ja: 'アプリの登録に、要求した「APIのアクセス許可」がないか、同意されていない場合。',
          en: 'The app registration does not list the permission that is asked for, or nobody consented to it.',
        },
        place: entraAppPermissions,
        remedy: {
          ja: 'Microsoft Graph の「委任されたアクセス許可」に、認証プロバイダの「デフォルトの範囲」と同じもの（User.Read、Mail.Read など）を追加し、管理者の同意を与えてください。',
          en: 'Add the delegated permissions of Microsoft Graph that "Default Scopes" of the auth. provider names (User.Read, Mail.Read …), and grant admin consent.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
  platform_spa: {
    rules: [{ aadsts: [9002327, 9002326] }],
    says: { ja: 'アプリのプラットフォームが「Web」ではありません。', en: 'The platform of the app is not "Web".' },
    retry: 'no',
    causes: [
      {
        condition: {
          ja: 'コールバックURLが「シングルページ アプリケーション」のリダイレクト URI として登録されている場合。',
          en: 'The callback URL is registered as a redirect URI of a single-page application.',
        },
        place: entraAppAuthentication,
        remedy: {
          ja: 'コールバックURLを「シングルページ アプリケーション」から削除し、プラットフォーム「Web」に登録してください。',
          en: 'Remove the callback URL from "Single-page application" and register it under the platform "Web".',
        },
        menders: ['entra_admin'],
      },
    ],
  },
} as const satisfies TokenErrors;
