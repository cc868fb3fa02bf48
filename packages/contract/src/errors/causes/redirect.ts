import type { CatalogueEntry, Cause, MatchRule } from '../entry.ts';
import { entraAppAuthentication } from '../places.ts';
import type { TokenError } from '../purposes/token-error.ts';
import { clientErrors } from './client.ts';
import { codeErrors } from './grant.ts';
import { signInErrors } from './identity.ts';

/** A2's message: whatever comes back on the redirect instead of a code shows it. */
export const notObtained = {
  ja: ['承認コード取得に失敗しました。', 'システム管理者に連絡してください。'],
  en: ['The authorization code could not be obtained.', 'Contact your system administrator.'],
} as const;

/** The `error` values with which Microsoft turns a user away, and those with which it turns a request away. */
const turnsUserAway = ['access_denied', 'interaction_required', 'consent_required', 'login_required', 'invalid_grant'];
const turnsRequestAway = ['invalid_request', 'unauthorized_client', 'invalid_client', 'invalid_resource'];

function onRedirect(
  error: {
    readonly oauth: readonly string[];
    readonly aadsts: readonly number[];
    readonly causes: readonly [Cause, ...Cause[]];
  },
  retry: 'no' | 'now' = error.causes[0].menders[0] === 'user' ? 'now' : 'no',
): CatalogueEntry {
  const { oauth, aadsts, causes } = error;
  const match: MatchRule = { call: 'authorize', oauth, aadsts };
  return {
    row: 'A2+',
    area: 'authorization',
    stage: 'redirect',
    match: [match],
    status: 403,
    retry,
    message: notObtained,
    causes,
    logged: true,
  };
}

/** An error that the token endpoint knows too: the same numbers, causes and remedies. */
function alsoOnRedirect({ rules, causes }: TokenError, oauth: readonly string[]): CatalogueEntry {
  return onRedirect({ oauth, aadsts: rules.flatMap((rule) => rule.aadsts ?? []), causes });
}

/** Errors of the redirect that an AADSTS number tells apart from the class of their OAuth error. */
export const redirectErrors = {
  authorization_redirect_admin_consent_needed: alsoOnRedirect(signInErrors.admin_consent_needed, turnsUserAway),
  authorization_redirect_assignment_required: alsoOnRedirect(signInErrors.assignment_required, turnsUserAway),
  authorization_redirect_mfa_required: alsoOnRedirect(signInErrors.mfa_required, turnsUserAway),
  authorization_redirect_access_blocked: alsoOnRedirect(signInErrors.access_blocked, turnsUserAway),
  authorization_redirect_device_not_accepted: alsoOnRedirect(signInErrors.device_not_accepted, turnsUserAway),
  authorization_redirect_risk_blocked: alsoOnRedirect(signInErrors.risk_blocked, turnsUserAway),
  authorization_redirect_account_of_another_tenant: alsoOnRedirect(
    signInErrors.account_of_another_tenant,
    turnsUserAway,
  ),
  authorization_redirect_several_sessions: onRedirect({
    oauth: turnsUserAway,
    aadsts: [16000],
    causes: [
      {
        condition: {
          ja: 'ブラウザが複数のアカウントで Microsoft 365 にサインインしていて、別のアカウントが自動的に選ばれた場合。',
          en: 'The browser is signed in to Microsoft 365 with several accounts, and another one was chosen by itself.',
        },
        remedy: {
          ja: 'Microsoft 365（https://www.office.com）の右上のプロフィール写真からサインアウトし、もう一度認証を実行して、設定されているアカウントを選択してください。',
          en: 'Sign out by the profile picture at the top right of Microsoft 365 (https://www.office.com), authorize again, and choose the account that is set.',
        },
        menders: ['user'],
      },
    ],
  }),
  authorization_redirect_service_missing: alsoOnRedirect(clientErrors.service_missing, turnsRequestAway),
  authorization_redirect_permission_missing: alsoOnRedirect(clientErrors.permission_missing, turnsRequestAway),
  authorization_redirect_tenant_url_required: alsoOnRedirect(clientErrors.tenant_url_required, turnsRequestAway),
  authorization_redirect_endpoint_version_mixed: alsoOnRedirect(clientErrors.endpoint_version_mixed, turnsRequestAway),
  authorization_redirect_pkce_failed: alsoOnRedirect(codeErrors.pkce_failed, turnsRequestAway),
  authorization_redirect_response_type_refused: onRedirect({
    oauth: ['unsupported_response_type'],
    aadsts: [700054, 70005],
    causes: [
      {
        condition: {
          ja: '「承認エンドポイントURL」に response_type が付いているか、アプリで応答の種類が許可されていない場合。',
          en: '"Authorize Endpoint URL" carries a response_type, or the app does not allow that type of response.',
        },
        place: entraAppAuthentication,
        remedy: {
          ja: '「承認エンドポイントURL」から ? 以降を取り除いてください。Argus は response_type=code を使用します。',
          en: 'Remove everything from the ? on from "Authorize Endpoint URL". Argus uses response_type=code.',
        },
        mendAt: '/admin/auth-providers?field=authorizeEndpointUrl',
        menders: ['portal_admin'],
      },
    ],
  }),
  authorization_redirect_client_disabled: alsoOnRedirect(clientErrors.client_disabled, turnsRequestAway),
  authorization_redirect_client_unknown: alsoOnRedirect(clientErrors.client_unknown, turnsRequestAway),
} as const satisfies Record<string, CatalogueEntry>;
