import { providerOf, suffix } from './build-app.ts';
import { taroUpn } from './linked-taro.ts';
import {
  authorize,
  doing,
  entra,
  jiroUpn,
  type Play,
  type PlaysOf,
  playsOf,
  problemAt,
  redirect,
} from './wire-play.ts';
import { proxyPlays } from './wire-plays-of-proxy.ts';
import { legacySecret, tokenPlays } from './wire-plays-of-token.ts';

const startPath = `/services/auth/oauth/${suffix}`;
const aliasUpn = 'outlook_0a1b2c3d4e5f@outlook.com';

/** Another tenant ends the flows under way, so an administrator names it before one begins. */
function beforehand({ arrange, ...play }: Play): Play {
  return { ...play, ...(arrange ? { before: arrange } : {}) };
}

/** How to provoke each error of the authorization page. */
export const authorizationPlays: PlaysOf<'authorization'> = {
  ...playsOf('authorization', {
    ...tokenPlays,
    tenant_not_found: tokenPlays.tenant_not_found.map(beforehand),
    tenant_url_required: tokenPlays.tenant_url_required.map(beforehand),
  }),
  ...playsOf('authorization', proxyPlays, {}),
  ...playsOf('authorization', {
    code_expired: [entra(400, 'invalid_grant', [70008])],
    code_used_twice: [entra(400, 'invalid_grant', [54005])],
    code_damaged: [
      {
        when: 'the code is damaged on its way',
        meet: async (stage) =>
          problemAt(stage, (await stage.user.consent(taroUpn)).replace(/code=[^&]+/, 'code=damaged')),
      },
      entra(400, 'invalid_grant', [70000]),
    ],
    pkce_failed: [entra(400, 'invalid_grant', [501481]), entra(400, 'invalid_request', [501491])],
    tenants_differ: [entra(400, 'invalid_grant', [700005])],
    redirect_uri_differs: [entra(401, 'invalid_client', [500112])],
  }),

  authorization_provider_not_found: [
    { when: 'no provider has that suffix', meet: (stage) => problemAt(stage, '/services/auth/oauth/Mistyped') },
  ],
  authorization_not_linked: [
    {
      when: 'the user has no account link',
      meet: async (stage) => {
        const user = await stage.argus.signedIn('unlinked@argus.example');
        return problemAt({ ...stage, user }, startPath);
      },
    },
  ],
  authorization_authorize_url_invalid: [
    {
      when: 'the stored authorize endpoint URL is none',
      meet: async (stage) => {
        const { authProvider } = stage.argus.services.db;
        const { authorizeEndpointUrl } = providerOf(stage.argus.fake);
        await authProvider.updateMany({ data: { authorizeEndpointUrl: 'mailto:admin@example.com' } });
        const problem = await problemAt(stage, startPath);
        await authProvider.updateMany({ data: { authorizeEndpointUrl } });
        return problem;
      },
    },
  ],
  authorization_declined: [
    {
      when: 'the user declines',
      meet: async (stage) => problemAt(stage, await stage.user.consent(taroUpn, false)),
    },
    redirect('access_denied', undefined, 'cancel'),
    redirect('consent_required', 65004),
  ],
  authorization_consent_required: [redirect('consent_required'), redirect('interaction_required', 65001)],
  authorization_interaction_required: [redirect('interaction_required')],
  authorization_login_required: [redirect('login_required', 50058)],
  authorization_server_error: [redirect('server_error', 90036), redirect('temporarily_unavailable')],
  authorization_client_not_allowed: [redirect('unauthorized_client')],
  authorization_scope_invalid: [
    redirect('invalid_client', 650053),
    redirect('invalid_scope', 70011),
    redirect('invalid_resource', 500011),
  ],
  authorization_redirect_error: [
    { ...redirect('invalid_request', 90023), uncatalogued: true },
    { ...redirect('something_of_tomorrow'), uncatalogued: true },
  ],
  authorization_redirect_admin_consent_needed: [redirect('access_denied', 90094), redirect('consent_required', 90095)],
  authorization_redirect_assignment_required: [redirect('interaction_required', 50105)],
  authorization_redirect_mfa_required: [redirect('interaction_required', 50076)],
  authorization_redirect_access_blocked: [redirect('access_denied', 53003), redirect('interaction_required', 530032)],
  authorization_redirect_device_not_accepted: [redirect('interaction_required', 53000)],
  authorization_redirect_risk_blocked: [redirect('interaction_required', 53004)],
  authorization_redirect_account_of_another_tenant: [redirect('interaction_required', 50020)],
  authorization_redirect_account_deleted: [redirect('access_denied', 50034)],
  authorization_redirect_account_disabled: [redirect('access_denied', 500571)],
  authorization_redirect_account_locked: [redirect('invalid_grant', 50053)],
  authorization_redirect_password_expired: [redirect('invalid_grant', 50055)],
  authorization_redirect_app_not_added: [redirect('invalid_client', 650051)],
  authorization_redirect_cloud_wrong: [redirect('invalid_request', 90038)],
  authorization_redirect_several_sessions: [redirect('interaction_required', 16000)],
  authorization_redirect_service_missing: [redirect('unauthorized_client', 650052)],
  authorization_redirect_permission_missing: [redirect('invalid_client', 650056)],
  authorization_redirect_tenant_url_required: [redirect('invalid_request', 50194)],
  authorization_redirect_endpoint_version_mixed: [redirect('invalid_request', 901002)],
  authorization_redirect_pkce_failed: [redirect('invalid_request', 501491)],
  authorization_redirect_response_type_refused: [redirect('unsupported_response_type', 700054)],
  authorization_redirect_client_disabled: [redirect('unauthorized_client', 7000112)],
  authorization_redirect_client_unknown: [
    redirect('unauthorized_client', 700016),
    redirect('unauthorized_client', 70001),
  ],

  authorization_state_invalid: [
    {
      when: 'the callback brings neither code nor error',
      meet: async (stage) => problemAt(stage, (await stage.user.consent(taroUpn)).replace(/code=[^&]+&?/, '')),
    },
  ],
  authorization_tenant_mismatch: [
    doing('the id_token is of another tenant', ({ control }) =>
      control.setIdTokenClaims({ tid: '99999999-0d6e-4b7a-9c1d-5e2f8a7b6c40' }),
    ),
    doing('the id_token is of another issuer', ({ control }) =>
      control.setIdTokenClaims({ iss: 'https://login.evil.example/v2.0' }),
    ),
  ],
  authorization_ticket_invalid: [
    {
      when: 'the link of a pop-up was used before',
      meet: ({ user }) => user.fails('POST /api/authorization/tickets/take', { body: { ticket: 'used' } }),
    },
  ],
  authorization_state_expired: [doing('ten minutes pass at Microsoft', ({ argus }) => argus.advance(11 * 60_000))],
  authorization_issuer_mismatch: [
    doing('the issuer of the provider is not in the reply', ({ change }) =>
      change.provider({ issuer: 'https://issuer.example' }),
    ),
  ],
  authorization_site_not_registered: [
    doing('the token site is switched off', ({ change }) => change.site('login', false)),
    {
      when: 'the host of the token URL is mistyped',
      meet: async (stage) => {
        await stage.change.provider({ tokenEndpointUrl: 'https://login.microsoftonline.example/t/oauth2/v2.0/token' });
        return problemAt(stage, startPath);
      },
    },
  ],
  authorization_token_endpoint_unreachable: [
    {
      when: 'nobody listens at the token URL',
      before: async ({ change }) =>
        change.provider({ tokenEndpointUrl: `${await change.closedSite()}/oauth2/v2.0/token` }),
    },
    doing('the connection is reset', ({ control }) => control.addFault({ target: 'token', kind: 'reset' })),
  ],
  authorization_client_rejected: [legacySecret, entra(401, 'invalid_client'), entra(400, 'invalid_client')],
  authorization_token_endpoint_not_found: [
    doing('the path of the token URL is mistyped', ({ argus, change }) =>
      change.provider({ tokenEndpointUrl: providerOf(argus.fake).tokenEndpointUrl.replace('/token', '/tokne') }),
    ),
  ],
  authorization_timeout: [
    doing('the token endpoint hangs', async ({ control, change }) => {
      await change.settings({ totalTimeoutSeconds: 1, connectTimeoutSeconds: 1 });
      control.addFault({ target: 'token', kind: 'hangBeforeHeaders' });
    }),
  ],
  authorization_rejected: [
    { ...entra(400, 'invalid_request', [90013]), values: { status: 400 }, uncatalogued: true },
    { ...entra(409, 'something_of_tomorrow'), values: { status: 409 }, uncatalogued: true },
  ],
  authorization_code_rejected: [
    { ...entra(400, 'invalid_grant'), values: { status: 400 } },
    { ...entra(400, 'invalid_grant', [4242424]), values: { status: 400 }, uncatalogued: true },
    { ...entra(400, 'interaction_required'), values: { status: 400 } },
  ],
  authorization_forbidden: [
    doing('a gateway denies access', ({ control }) =>
      control.addFault({ target: 'token', kind: 'status', status: 403, body: 'html' }),
    ),
  ],
  authorization_throttled: [
    { ...entra(429, 'temporarily_unavailable', [90055], { retryAfter: '7' }), afterSeconds: 7 },
    entra(400, 'temporarily_unavailable', [90055]),
    entra(429, 'temporarily_unavailable'),
  ],
  authorization_upstream_error: [
    doing(
      'a gateway answers 502',
      ({ control }) => control.addFault({ target: 'token', kind: 'status', status: 502, body: 'html' }),
      { values: { status: 502 } },
    ),
    { ...entra(503, 'temporarily_unavailable', [90033]), values: { status: 503 } },
    { ...entra(500, 'server_error', [90036]), values: { status: 500 } },
  ],
  authorization_reply_malformed: [
    doing('the token URL shows a web page', ({ control }) => control.addFault({ target: 'token', kind: 'html' })),
    doing('the reply is cut short', ({ control }) => control.addFault({ target: 'token', kind: 'malformedJson' })),
    doing('the token URL redirects', ({ control }) =>
      control.addFault({ target: 'token', kind: 'redirect', location: 'https://elsewhere.example/' }),
    ),
  ],
  authorization_refresh_token_missing: [
    doing('Microsoft gives no refresh token', ({ control }) => control.setWithholdRefreshToken(true)),
    {
      when: 'offline_access is not asked for',
      before: ({ change }) => change.provider({ defaultScopes: 'openid profile email User.Read Mail.Read' }),
    },
  ],
  authorization_identity_unconfirmed: [
    {
      when: 'there is no id_token and /me gives no answer',
      before: async ({ control, change }) => {
        await change.provider({ defaultScopes: 'offline_access User.Read Mail.Read' });
        control.addFault({ target: 'me', kind: 'status', status: 400, body: 'empty' });
      },
    },
  ],
  authorization_identity_refused: [
    {
      when: 'there is no id_token and User.Read is not asked for',
      before: ({ change }) => change.provider({ defaultScopes: 'offline_access Mail.Read' }),
    },
  ],
  authorization_mismatch: [
    {
      when: 'another account signs in',
      meet: (stage) => authorize(stage, { when: '' }, jiroUpn),
      values: { linkedAccount: taroUpn, authorizedAccount: jiroUpn },
    },
  ],
  authorization_account_recreated: [
    {
      when: 'the account was deleted and made again under the same name',
      meet: async (stage) => {
        const { accountLink } = stage.argus.services.db;
        await accountLink.updateMany({ data: { pinnedObjectId: 'a1f0c0de-0009-4a6b-9c11-0d5a6e1f0009' } });
        try {
          return await authorize(stage, { when: '' });
        } finally {
          await accountLink.updateMany({ data: { pinnedObjectId: null, pinnedTenantId: null } });
        }
      },
      values: { linkedAccount: taroUpn, authorizedAccount: taroUpn },
    },
  ],
  authorization_mail_permission_missing: [
    {
      when: 'no mail is asked for',
      before: ({ change }) => change.provider({ defaultScopes: 'openid profile email offline_access User.Read' }),
    },
    doing('the consent lacks mail', ({ control }) =>
      control.addFault({ target: 'token', kind: 'altered', fields: { scope: 'openid profile email User.Read' } }),
    ),
  ],
  authorization_alias_account: [
    {
      when: 'a personal account signs in that is known by an alias',
      meet: async (stage) => {
        stage.control.addUser({ userPrincipalName: aliasUpn, displayName: '個人 用' });
        try {
          return await authorize(stage, { when: '' }, aliasUpn);
        } finally {
          stage.control.deleteUser(aliasUpn);
        }
      },
      values: { linkedAccount: taroUpn, authorizedAccount: aliasUpn },
    },
  ],
};
