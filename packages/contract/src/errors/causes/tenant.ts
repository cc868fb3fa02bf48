import type { Causes } from '../entry.ts';
import { checkTokenUrl } from '../guide-rows.ts';
import { argusAuthProvider, entraAppOverview, entraExternalAccess } from '../places.ts';

/** The tenant in the token endpoint's URL does not exist. */
export const tenantCauses = {
  tenant_not_found: {
    match: [
      { call: 'token', aadsts: [90002, 900023, 90019, 50059, 50128, 50029] },
      { call: 'token', oauth: ['invalid_tenant'] },
    ],
    says: { ja: '404 要求されたリソースは存在しません。', en: '404 The requested resource does not exist.' },
    tableGuide: checkTokenUrl,
    retry: 'no',
    guide: [
      {
        condition: {
          ja: '認証プロバイダのトークンエンドポイントURLのテナント（ドメイン名またはID）に誤りがある場合、または別のクラウドのテナントである場合。',
          en: "The tenant (domain name or ID) in the auth. provider's token endpoint URL is wrong, or belongs to another cloud.",
        },
        place: argusAuthProvider,
        remedy: {
          ja: '「トークンエンドポイントURL」のテナントを、「Microsoft Entra 管理センター > アプリの登録 > (アプリ) > 概要」の「ディレクトリ (テナント) ID」に直してください。',
          en: 'Set the tenant in "Token Endpoint URL" to the "Directory (tenant) ID" shown under Microsoft Entra admin center > App registrations > (app) > Overview.',
        },
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
  tenant_blocked: {
    match: [{ call: 'token', aadsts: [5000225, 5000224] }],
    says: { ja: 'テナントの利用が停止されています。', en: 'The tenant is blocked.' },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'テナントが、長期間使用されていないなどの理由で、Microsoft によって停止された場合。',
          en: 'Microsoft has blocked the tenant, for example because it was not used for a long time.',
        },
        place: entraAppOverview,
        remedy: {
          ja: '全体管理者が Microsoft Entra 管理センターにサインインし、テナントを再開してください（停止から20日以内）。できないときは Microsoft サポートに連絡してください。',
          en: 'Ask a Global Administrator to sign in to the Microsoft Entra admin center and reactivate the tenant (within 20 days of the block). If that is not possible, contact Microsoft support.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
  cross_tenant_blocked: {
    match: [{ call: 'token', aadsts: [500212, 500213, 5000211, 500021, 500022] }],
    says: {
      ja: 'テナント間アクセスのポリシーによってブロックされました。',
      en: 'A cross-tenant access policy blocked access.',
    },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: '利用者の会社またはアプリの会社が、相手のテナントとの利用を許可していない場合（テナントの制限を含む）。',
          en: "The user's company or the app's company does not allow use with the other tenant (including through tenant restrictions).",
        },
        place: entraExternalAccess,
        remedy: {
          ja: '受信と送信のアクセス設定、およびテナントの制限（社内のプロキシが付けるヘッダを含む）で、相手のテナントとアプリを許可してください。認証のやり直しでは直りません。',
          en: 'Allow the other tenant and the app in the inbound and outbound access settings and in the tenant restrictions (including the header that a company proxy adds). Authorizing again does not help.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
} as const satisfies Causes;

/** The token endpoint rejects its own URL, or what was sent there. */
export const cloudCauses = {
  cloud_wrong: {
    match: [
      { call: 'token', aadsts: [50049, 90038, 900382, 900432, 90043, 90051, 1000104] },
      { call: 'token', oauth: ['invalid_instance'] },
    ],
    says: { ja: '別のクラウドのエンドポイントです。', en: 'The endpoint belongs to another cloud.' },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'トークンエンドポイントURLのホストが、テナントのあるクラウド（グローバル、米国政府、中国）のものではない場合。',
          en: 'The host of the token endpoint URL is not that of the cloud the tenant is in (global, US government, China).',
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
    match: [{ call: 'token', aadsts: [50194, 9001023, 90010, 90124, 90130, 9002332] }],
    says: { ja: '共通のテナント（common）は使用できません。', en: 'The shared tenant (common) cannot be used.' },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: '単一テナントのアプリに、common などの共通のURLを使用している場合。',
          en: 'A shared URL such as common is used with a single-tenant app.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '「承認エンドポイントURL」と「トークンエンドポイントURL」の common を、「Microsoft Entra 管理センター > アプリの登録 > (アプリ) > 概要」の「ディレクトリ (テナント) ID」に置き換えてください。',
          en: 'Replace common in "Authorize Endpoint URL" and "Token Endpoint URL" with the "Directory (tenant) ID" shown under Microsoft Entra admin center > App registrations > (app) > Overview.',
        },
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
  endpoint_version_mixed: {
    match: [{ call: 'token', aadsts: [901002, 900144, 90014] }],
    says: {
      ja: 'エンドポイントの版（v1 と v2）が合っていません。',
      en: 'The endpoint versions (v1 and v2) do not match.',
    },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'v2 のURLに「リソース」を送信している場合、または v1 のURLに「リソース」がない場合など、必要なパラメータが足りない場合。',
          en: 'A required parameter is missing, for example because "Resource" is sent to a v2 URL, or is not sent to a v1 URL.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '「承認エンドポイントURL」と「トークンエンドポイントURL」を同じ版にしてください。/oauth2/v2.0/ を含むURLでは「リソース」を空にして「デフォルトの範囲」を、/oauth2/ のURLでは「リソース」を入力してください。',
          en: 'Use the same version in "Authorize Endpoint URL" and "Token Endpoint URL". For URLs with /oauth2/v2.0/, leave "Resource" empty and fill in "Default Scopes". For URLs with /oauth2/, fill in "Resource".',
        },
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
  endpoints_swapped: {
    match: [{ call: 'token', aadsts: [900561, 90056] }],
    says: { ja: '認証とトークンのURLが入れ替わっています。', en: 'The authorize and token URLs are swapped.' },
    retry: 'no',
    guide: [
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
} as const satisfies Causes;
