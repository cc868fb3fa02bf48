import { consumerTenant, tenantOf } from './entra-tenant.ts';

/** How the admin consent of a tenant ended, by the redirect back. */
export type AdminConsentResult = 'granted' | 'declined' | 'failed';

/**
 * Where an administrator consents for the whole tenant: at the cloud and tenant of an authorize endpoint. Undefined
 * where that does not have Entra's form, or is for personal accounts, which have no administrator.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
 */
export function adminConsentUrl(
  authorizeEndpointUrl: string,
  request: {
    readonly clientId: string;
    readonly redirectUri: string;
    readonly scopes: readonly string[];
    readonly state: string;
  },
): string | undefined {
  const tenant = tenantNameOf(authorizeEndpointUrl);
  if (tenant === undefined) return undefined;
  const { origin, pathname } = new URL(authorizeEndpointUrl);
  const isV2 = /\/v2\.0\//i.test(pathname);
  // v1 consents to the permissions that the app registration lists.
  if (isV2 && request.scopes.length === 0) return undefined;
  const url = new URL(`/${tenant}${isV2 ? '/v2.0' : ''}/adminconsent`, origin);
  url.searchParams.set('client_id', request.clientId);
  url.searchParams.set('redirect_uri', request.redirectUri);
  url.searchParams.set('state', request.state);
  if (isV2) url.searchParams.set('scope', request.scopes.join(' '));
  return url.href;
}

/** The tenant whose administrator consents: their own, where the endpoint is for all tenants. */
function tenantNameOf(authorizeEndpointUrl: string): string | undefined {
  const tenant = tenantOf(authorizeEndpointUrl);
  switch (tenant?.kind) {
    case 'id':
      return tenant.id === consumerTenant ? undefined : tenant.id;
    case 'domain':
      // AD FS has the same path, with `adfs` in place of a domain.
      return tenant.domain.includes('.') ? tenant.domain : undefined;
    case 'shared':
      return tenant.name === 'consumers' ? undefined : 'organizations';
    default:
      return undefined;
  }
}

/** What the redirect back says. It comes through a browser, and anybody can write it: nothing may follow from it. */
export function readAdminConsent(query: Readonly<Record<string, unknown>>): AdminConsentResult {
  const { error, admin_consent: given } = query;
  const isRefused = error === 'access_denied' || error === 'permission_denied';
  // v2 documents consent_required with AADSTS65004 for an administrator who declines.
  const isDeclined = error === 'consent_required' && /AADSTS65004\b/.test(String(query.error_description));
  if (isRefused || isDeclined) return 'declined';
  return error === undefined && typeof given === 'string' && given.toLowerCase() === 'true' ? 'granted' : 'failed';
}
