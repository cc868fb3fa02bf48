import type { Cause, Causes, MatchRule } from '../entry.ts';
import { contactAdmin, linesOf } from '../messages.ts';
import { entraAppAuthentication } from '../places.ts';
import { clientCauses } from './client.ts';
import { codeCauses } from './code.ts';
import { consentCauses, scopeCauses } from './consent.ts';
import { identityCauses } from './identity.ts';
import { cloudCauses } from './tenant.ts';

/** A2's message, shown for any redirect without a code. */
const notObtained = linesOf(
  { ja: '承認コード取得に失敗しました。', en: 'The authorization code could not be obtained.' },
  contactAdmin,
);

/** What all causes of the redirect have in common. */
export const onRedirect = { call: 'authorize', status: 403, message: notObtained } as const satisfies Partial<Cause>;

/**
 * The `error` values with which Microsoft rejects a user or a request. It does not use the same one each time for a
 * number: the same fault comes as `invalid_client` here and as `access_denied` there. Faults of its own service are not
 * among them.
 */
export const turnsAway = [
  'access_denied',
  'interaction_required',
  'consent_required',
  'login_required',
  'invalid_grant',
  'invalid_request',
  'unauthorized_client',
  'invalid_client',
  'invalid_resource',
  'invalid_scope',
  'invalid_tenant',
];

/**
 * Causes that the token endpoint has too: the same numbers, reasons and remedies. `x` becomes `redirect_x` on the
 * redirect, if an OAuth error that turns somebody away comes with its number.
 */
function alsoOnRedirect<T extends Causes>(causes: T): { readonly [K in keyof T & string as `redirect_${K}`]: Cause } {
  const entries = Object.entries(causes).map(([name, { match = [], retry, guide }]) => {
    const rule: MatchRule = { call: 'authorize', oauth: turnsAway, aadsts: match.flatMap(({ aadsts = [] }) => aadsts) };
    // A rejected user has given no grant yet that could be renewed.
    const again = retry === 'reconnect' ? 'now' : 'no';
    return [`redirect_${name}`, { ...onRedirect, match: [rule], retry: again, guide } satisfies Cause];
  });
  return Object.fromEntries(entries);
}

/** Causes on the redirect that an AADSTS number separates from the class of their OAuth error. */
export const redirectCauses = {
  ...alsoOnRedirect({
    admin_consent_needed: consentCauses.admin_consent_needed,
    assignment_required: consentCauses.assignment_required,
    mfa_required: identityCauses.mfa_required,
    access_blocked: identityCauses.access_blocked,
    device_not_accepted: identityCauses.device_not_accepted,
    risk_blocked: identityCauses.risk_blocked,
    account_of_another_tenant: identityCauses.account_of_another_tenant,
    account_deleted: identityCauses.account_deleted,
    account_disabled: identityCauses.account_disabled,
    account_locked: identityCauses.account_locked,
    password_expired: identityCauses.password_expired,
    app_not_added: consentCauses.app_not_added,
    service_missing: scopeCauses.service_missing,
    permission_missing: scopeCauses.permission_missing,
    cloud_wrong: cloudCauses.cloud_wrong,
    tenant_url_required: cloudCauses.tenant_url_required,
    endpoint_version_mixed: cloudCauses.endpoint_version_mixed,
    pkce_failed: codeCauses.pkce_failed,
    client_disabled: clientCauses.client_disabled,
    client_unknown: clientCauses.client_unknown,
  }),
  redirect_several_sessions: {
    ...onRedirect,
    match: [{ call: 'authorize', oauth: turnsAway, aadsts: [16000, 16001, 16002, 160021] }],
    retry: 'now',
    guide: [
      {
        condition: {
          ja: 'ブラウザが複数のアカウントで Microsoft 365 にサインインしていて、別のアカウントが自動的に選ばれた場合。',
          en: 'The browser is signed in to Microsoft 365 with several accounts, and a different account was chosen automatically.',
        },
        remedy: {
          ja: 'Microsoft 365（https://www.office.com）の右上のプロフィール写真からサインアウトし、もう一度認証を実行して、設定されているアカウントを選択してください。',
          en: 'Sign out of Microsoft 365 (https://www.office.com) from the profile picture at the top right, authorize again, and choose the account assigned to you.',
        },
        menders: ['user'],
      },
    ],
  },
  redirect_response_type_refused: {
    ...onRedirect,
    match: [{ call: 'authorize', oauth: ['unsupported_response_type'], aadsts: [700054, 70005] }],
    retry: 'no',
    guide: [
      {
        condition: {
          ja: '「承認エンドポイントURL」に response_type が付いているか、アプリで応答の種類が許可されていない場合。',
          en: '"Authorize Endpoint URL" includes a response_type, or the app does not allow that type of response.',
        },
        place: entraAppAuthentication,
        remedy: {
          ja: '「承認エンドポイントURL」から ? 以降を取り除いてください。Argus は response_type=code を使用します。',
          en: 'Remove the ? and everything after it from "Authorize Endpoint URL". Argus uses response_type=code.',
        },
        mendAt: '/admin/auth-providers?field=authorizeEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  },
} as const satisfies Causes;
