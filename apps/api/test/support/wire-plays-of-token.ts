import { demoApp } from '@argus/fake-microsoft/data/demo-company';
import { providerOf } from './build-app.ts';
import { taroUpn } from './linked-taro.ts';
import { doing, entra, type Play, type SharedName, type Stage } from './wire-play.ts';

const tenant = /\/[0-9a-f-]{36}\//;

/** The administrator replaces the tenant in the token URL. */
function tenantOfTokenUrl({ argus, change }: Stage, text: string) {
  const { tokenEndpointUrl } = providerOf(argus.fake);
  return change.provider({ tokenEndpointUrl: tokenEndpointUrl.replace(tenant, `/${text}/`) });
}

/** By a domain: another id would be a move, which suspends grants and ends flows. */
const unknownTenant = 'no-such-tenant.example';
const unknownClient = '11111111-1111-4111-8111-111111111111';

/** The token endpoint's answers, equal for authorizing and for the portlet's refresh. */
export const tokenPlays: Readonly<Record<SharedName, readonly Play[]>> = {
  secret_wrong: [
    doing('the secret at Microsoft is another one', ({ control }) => control.setSecretState('wrong')),
    doing('the administrator mistypes the secret', ({ change }) => change.provider({ consumerSecret: 'mistyped' })),
    entra(401, 'invalid_client', [], { description: 'AADSTS7000215: Invalid client secret provided.' }),
  ],
  secret_expired: [
    doing('the secret has expired', ({ control }) => control.setSecretState('expired')),
    entra(400, 'invalid_client', [7000222]),
  ],
  secret_missing: [entra(401, 'invalid_client', [7000218])],
  client_public: [entra(401, 'invalid_client', [700025])],
  certificate_rejected: [
    entra(401, 'invalid_client', [700027]),
    // 2015: the general number, then what was wrong with the certificate.
    entra(400, 'unauthorized_client', [70002, 50064], {
      description: 'Error validating credentials. AADSTS50064: Credential validation failed.',
    }),
  ],
  client_unknown: [
    doing('the app is not in the tenant', ({ control }) => control.setApp({ clientId: unknownClient })),
    doing('the app is not in the tenant, in the words of 2015', ({ control }) => {
      control.setLegacyMessages(true);
      control.setApp({ clientId: unknownClient });
    }),
    entra(400, 'unauthorized_client'),
  ],
  client_disabled: [doing('the app is disabled', ({ control }) => control.setApp({ enabled: false }))],
  tenant_not_found: [
    doing('the tenant of the URL does not exist', (stage) => tenantOfTokenUrl(stage, unknownTenant)),
    doing('the tenant of the URL does not exist, in the words of 2015', (stage) => {
      stage.control.setLegacyMessages(true);
      return tenantOfTokenUrl(stage, unknownTenant);
    }),
    doing('the tenant of the URL is none', (stage) => tenantOfTokenUrl(stage, 'not_a_tenant')),
    entra(400, 'invalid_tenant'),
  ],
  tenant_blocked: [entra(400, 'invalid_grant', [5000225]), entra(400, 'invalid_request', [5000225])],
  cross_tenant_blocked: [entra(400, 'invalid_grant', [500213]), entra(400, 'interaction_required', [5000211])],
  cloud_wrong: [entra(400, 'invalid_instance', [50049]), entra(400, 'invalid_request', [900432])],
  tenant_url_required: [doing('common is used with a single-tenant app', (stage) => tenantOfTokenUrl(stage, 'common'))],
  endpoint_version_mixed: [
    doing('a resource is sent to a v2 URL', ({ change }) =>
      change.provider({ resource: 'https://graph.microsoft.com' }),
    ),
    entra(400, 'invalid_request', [900144]),
  ],
  endpoints_swapped: [entra(400, 'invalid_request', [900561])],
  scope_refused: [
    entra(400, 'invalid_scope', [70011]),
    entra(401, 'invalid_client', [650053]),
    entra(400, 'invalid_scope'),
    entra(400, 'invalid_request', [28003]),
  ],
  resource_unknown: [entra(400, 'invalid_resource', [500011]), entra(400, 'invalid_resource', [50001])],
  service_missing: [entra(400, 'invalid_resource', [650052])],
  permission_missing: [entra(401, 'invalid_client', [650056]), entra(400, 'invalid_resource', [650057])],
  platform_spa: [entra(400, 'invalid_request', [9002327])],
  request_loop: [entra(400, 'invalid_grant', [50196])],
  sign_in_service_unavailable: [
    entra(400, 'temporarily_unavailable', [90033]),
    entra(400, 'server_error', [90036]),
    entra(400, 'temporarily_unavailable'),
  ],
  app_not_added: [entra(401, 'invalid_client', [650051])],
  consent_missing: [
    doing('the consent is withdrawn', ({ control }) => control.dropConsent(taroUpn), { endsGrant: true }),
    entra(400, 'invalid_grant', [], { suberror: 'consent_required' }),
    entra(400, 'consent_required'),
  ],
  admin_consent_needed: [entra(400, 'consent_required', [90094]), entra(400, 'invalid_grant', [90095])],
  assignment_required: [entra(400, 'interaction_required', [50105]), entra(400, 'invalid_grant', [50105])],
  mfa_required: [
    entra(400, 'invalid_grant', [50076], { suberror: 'basic_action', claims: '{"access_token":{}}' }),
    entra(400, 'interaction_required', [50079], { claims: '{"access_token":{"polids":{"essential":true}}}' }),
  ],
  access_blocked: [
    entra(400, 'invalid_grant', [53003]),
    entra(400, 'interaction_required', [53003]),
    entra(400, 'access_denied', [530032]),
    entra(400, 'invalid_grant', [], { suberror: 'message_only' }),
  ],
  device_not_accepted: [entra(400, 'interaction_required', [53000]), entra(400, 'invalid_grant', [530003])],
  risk_blocked: [entra(400, 'interaction_required', [53004])],
  account_of_another_tenant: [entra(400, 'invalid_grant', [50020])],
  account_deleted: [entra(400, 'invalid_grant', [50034])],
  account_disabled: [doing('the account is disabled', ({ control }) => control.setUserEnabled(taroUpn, false))],
  account_locked: [entra(400, 'invalid_grant', [50053])],
  password_expired: [
    entra(400, 'invalid_grant', [50055], { suberror: 'user_password_expired' }),
    entra(400, 'invalid_grant', [], { suberror: 'user_password_expired' }),
  ],
  grant_revoked: [
    entra(400, 'invalid_grant', [50173], { suberror: 'bad_token' }),
    entra(400, 'invalid_grant', [50133]),
  ],
};

/** Entra's general error of 2015 for a wrong or expired secret. */
export const legacySecret: Play = doing('the secret is wrong, in the words of 2015', ({ control }) => {
  control.setLegacyMessages(true);
  control.setSecretState('wrong');
});

export const registeredApp = { clientId: demoApp.clientId, enabled: true } as const;
