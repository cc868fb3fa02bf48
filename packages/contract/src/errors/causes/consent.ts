import type { Causes } from '../entry.ts';
import { resourceNumbers, scopeNumbers } from '../facts.ts';
import {
  argusAuthProvider,
  entraAppPermissions,
  entraAssignments,
  entraConsentRequests,
  entraEnterpriseApp,
  entraUsers,
  microsoft365Licences,
} from '../places.ts';

/** The token endpoint rejects the scopes, or the services behind them: no user can fix it, and it ends no grant. */
export const scopeCauses = {
  scope_refused: {
    match: [
      { call: 'token', aadsts: scopeNumbers },
      { call: 'token', oauth: ['invalid_scope'] },
    ],
    says: { ja: 'アクセスの範囲（スコープ）に誤りがあります。', en: 'The access scopes are wrong.' },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: '「デフォルトの範囲」のつづりに誤りがある場合、.default と個別の範囲を混ぜた場合、または複数のリソースの範囲を混ぜた場合。',
          en: '"Default Scopes" contains misspellings, mixes .default with individual scopes, or mixes scopes for several resources.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '「デフォルトの範囲」を openid profile email offline_access User.Read Mail.Read のように、空白で区切って入力してください。',
          en: 'Enter "Default Scopes" separated by spaces, such as openid profile email offline_access User.Read Mail.Read.',
        },
        mendAt: '/admin/auth-providers?field=defaultScopes',
        menders: ['portal_admin'],
        refutedBy: ['scopes_standard'],
      },
      {
        condition: {
          ja: '「デフォルトの範囲」の名前は正しく、URLのクラウド（グローバル、米国政府、中国）の Microsoft Graph に、その権限がない場合。',
          en: 'The names in "Default Scopes" are correct, but Microsoft Graph in the cloud of the URLs (global, US government, China) does not have that permission.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '「承認エンドポイントURL」と「トークンエンドポイントURL」のホストが、テナントのあるクラウドのものであることを確認してください。',
          en: 'Check that the hosts of "Authorize Endpoint URL" and "Token Endpoint URL" are those of the cloud the tenant is in.',
        },
        mendAt: '/admin/auth-providers?field=tokenEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
  resource_unknown: {
    match: [
      { call: 'token', aadsts: resourceNumbers },
      { call: 'token', oauth: ['invalid_resource'] },
    ],
    says: {
      ja: '要求したリソースがテナントにありません。',
      en: 'The requested resource does not exist in the tenant.',
    },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: '「デフォルトの範囲」または「リソース」のURLに誤りがある場合、またはサービスがテナントで無効になっている場合。',
          en: 'The URL in "Default Scopes" or "Resource" is wrong, or the service is disabled in the tenant.',
        },
        place: argusAuthProvider,
        remedy: {
          ja: '「リソース」（v1）が https://graph.microsoft.com であること、「デフォルトの範囲」に別のクラウドやサービスのURLが付いていないことを確認してください。',
          en: 'Check that "Resource" (v1) is https://graph.microsoft.com, and that no scope in "Default Scopes" includes the URL of a different cloud or service.',
        },
        mendAt: '/admin/auth-providers?field=defaultScopes',
        menders: ['portal_admin'],
        unlikelyWith: ['scopes_standard'],
      },
      {
        condition: {
          ja: 'アプリの登録の「API のアクセス許可」に、テナントから削除されたリソースがある場合。',
          en: 'The "API permissions" of the app registration include a resource that was deleted from the tenant.',
        },
        place: entraAppPermissions,
        remedy: {
          ja: '「API のアクセス許可」から使われていないAPIを削除し、「(テナント) に管理者の同意を与えます」を実行してください。',
          en: 'Remove unused APIs from "API permissions", then choose "Grant admin consent for (tenant)".',
        },
        menders: ['entra_admin'],
      },
    ],
  },
  service_missing: {
    match: [{ call: 'token', aadsts: [650052, 500014] }],
    says: {
      ja: 'テナントに必要なサービスの契約がありません。',
      en: 'The tenant has no subscription to a required service.',
    },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'テナントに、アプリが使うサービス（Exchange Online など）の契約がないか、有効になっていない場合。',
          en: 'The tenant has no subscription to a service that the app uses (such as Exchange Online), or the service is not enabled.',
        },
        place: microsoft365Licences,
        remedy: {
          ja: 'Exchange Online を含むライセンスを契約し、有効にしてください。',
          en: 'Subscribe to a license that includes Exchange Online and enable it.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
  permission_missing: {
    match: [{ call: 'token', aadsts: [650057, 650056, 65005, 65002] }],
    says: { ja: 'アプリに必要なアクセス許可がありません。', en: 'The app does not have a permission that it needs.' },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'アプリの登録に、要求した「APIのアクセス許可」がないか、同意されていない場合。',
          en: 'The app registration does not have the requested API permission, or consent for it has not been granted.',
        },
        place: entraAppPermissions,
        remedy: {
          ja: 'Microsoft Graph の「委任されたアクセス許可」に、認証プロバイダの「デフォルトの範囲」と同じもの（User.Read、Mail.Read など）を追加し、管理者の同意を与えてください。',
          en: 'Add the same delegated permissions of Microsoft Graph as in "Default Scopes" of the auth. provider (such as User.Read and Mail.Read), and grant admin consent.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
} as const satisfies Causes;

/** Missing consent or assignment: once somebody gives it, the user authorizes again. */
export const consentCauses = {
  app_not_added: {
    match: [{ call: 'token', aadsts: [650051] }],
    says: {
      ja: 'アプリをテナントに追加できませんでした。',
      en: 'The app could not be added to the tenant.',
    },
    retry: 'mend_and_reconnect',
    endsGrant: true,
    guide: [
      {
        condition: {
          ja: '同意のとき、同じアプリがテナントに追加されている途中か、削除された直後だった場合。',
          en: 'When consent was given, the same app was still being added to the tenant or had just been deleted from it.',
        },
        place: entraEnterpriseApp,
        remedy: {
          ja: '15分ほど待ってから、もう一度認証してください。続く場合は、「(テナント) に管理者の同意を与えます」を実行してから、利用者にもう一度認証してもらってください。',
          en: 'Wait about 15 minutes, then authorize again. If the problem continues, choose "Grant admin consent for (tenant)", then ask the user to authorize again.',
        },
        menders: ['user', 'entra_admin'],
      },
      {
        condition: {
          ja: 'テナントが、ドメインの所有者が確認されていない（管理されていない）ものの場合。',
          en: 'The tenant is unmanaged (the ownership of its domain has not been verified).',
        },
        place: entraUsers,
        remedy: {
          ja: 'ドメインの所有者が、Microsoft 365 管理センターでドメインを確認し、テナントの管理者になってください。',
          en: 'Ask the owner of the domain to verify it in the Microsoft 365 admin center and become an administrator of the tenant.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
  consent_missing: {
    match: [
      { call: 'token', aadsts: [65001, 90008] },
      { call: 'token', suberror: ['consent_required'] },
      { call: 'token', oauth: ['consent_required'] },
    ],
    says: { ja: 'アプリへの同意がありません。', en: 'Consent has not been granted to the app.' },
    retry: 'mend_and_reconnect',
    endsGrant: true,
    guide: [
      {
        condition: {
          ja: '同意が取り消されたか、「デフォルトの範囲」に同意していない範囲が追加された場合。',
          en: 'Consent was withdrawn, or a scope without consent was added to "Default Scopes".',
        },
        place: entraAppPermissions,
        remedy: {
          ja: '「(テナント) に管理者の同意を与えます」を実行するか、認証プロバイダの「管理者の同意」のURLを Microsoft Entra の管理者に開いてもらってから、利用者にもう一度認証してもらってください。利用者の同意が許可されていれば、認証のやり直しだけで直ります。',
          en: 'Choose "Grant admin consent for (tenant)", or ask a Microsoft Entra administrator to open the URL under "Admin consent" of the auth. provider, then ask the user to authorize again. If users are allowed to consent themselves, authorizing again is enough.',
        },
        mendAt: '/admin/auth-providers?field=adminConsent',
        menders: ['entra_admin', 'user'],
      },
    ],
  },
  admin_consent_needed: {
    match: [{ call: 'token', aadsts: [90094, 90095, 90093, 900941] }],
    says: { ja: 'アプリの利用に管理者の承認が必要です。', en: 'An administrator needs to approve the app.' },
    retry: 'mend_and_reconnect',
    endsGrant: true,
    guide: [
      {
        condition: {
          ja: '「デフォルトの範囲」に管理者だけが同意できる範囲がある場合、または利用者の同意が許可されていない場合。',
          en: '"Default Scopes" includes a scope that only an administrator can consent to, or user consent is not allowed.',
        },
        place: entraAppPermissions,
        remedy: {
          ja: '「(テナント) に管理者の同意を与えます」を実行するか、認証プロバイダの「管理者の同意」のURLを Microsoft Entra の管理者に開いてもらってから、利用者にもう一度認証してもらってください。',
          en: 'Choose "Grant admin consent for (tenant)", or ask a Microsoft Entra administrator to open the URL under "Admin consent" of the auth. provider, then ask the user to authorize again.',
        },
        mendAt: '/admin/auth-providers?field=adminConsent',
        menders: ['entra_admin', 'user'],
      },
      {
        condition: {
          ja: '利用者が承認を要求し、まだ承認されていない場合。',
          en: 'The user requested approval, but it has not been granted yet.',
        },
        place: entraConsentRequests,
        remedy: {
          ja: 'アプリへの要求を確認し、承認してください。',
          en: 'Review the request for the app and approve it.',
        },
        menders: ['entra_admin'],
      },
    ],
  },
  assignment_required: {
    match: [{ call: 'token', aadsts: [50105] }],
    says: { ja: 'アプリの利用者に割り当てられていません。', en: 'You are not assigned to the app.' },
    retry: 'mend_and_reconnect',
    endsGrant: true,
    guide: [
      {
        condition: {
          ja: 'アプリに「割り当てが必要」が設定され、利用者またはそのグループが割り当てられていない場合（Interaction required）。',
          en: 'Assignment is required for the app, and neither the user nor any of their groups is assigned (Interaction required).',
        },
        place: entraAssignments,
        remedy: {
          ja: '利用者またはグループをアプリに割り当てるか、「プロパティ」の「割り当てが必要ですか?」を「いいえ」にしてから、利用者にもう一度認証してもらってください。',
          en: 'Assign the user or a group to the app, or set "Assignment required?" under Properties to No, then ask the user to authorize again.',
        },
        menders: ['entra_admin', 'user'],
      },
    ],
  },
} as const satisfies Causes;
