import { globalCloud } from '@argus/contract/clouds';

/** The scopes that the new arrivals portlet needs: who signed in, a refresh token, and mail without bodies. */
export const entraDefaultScopes = 'openid profile email offline_access User.Read Mail.ReadBasic';

const [loginHost] = globalCloud.loginHosts;
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const domain = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i;

/**
 * The v2.0 endpoints of a Microsoft Entra tenant (global cloud), by its directory ID or a verified domain. Undefined
 * where the text is neither: `common` and the like are not offered, because a tenant's own app cannot be used there
 * (AADSTS50194). Source: Microsoft identity platform, "OAuth 2.0 authorization code flow".
 */
export function entraEndpoints(tenant: string): { authorizeEndpointUrl: string; tokenEndpointUrl: string } | undefined {
  const id = tenant.normalize('NFKC').trim();
  if (!guid.test(id) && !domain.test(id)) return undefined;
  const base = `https://${loginHost}/${id.toLowerCase()}/oauth2/v2.0`;
  return { authorizeEndpointUrl: `${base}/authorize`, tokenEndpointUrl: `${base}/token` };
}

/** The tenant in such a URL, even if the rest of its path is wrong; empty where there is none. */
export function tenantOf(url: string): string {
  const { hostname, pathname } = URL.parse(url.trim()) ?? {};
  const tenant = pathname?.split('/')[1] ?? '';
  return hostname === loginHost && entraEndpoints(tenant) !== undefined ? tenant : '';
}
