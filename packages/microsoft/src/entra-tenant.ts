import { clouds } from '@argus/contract/clouds';

/**
 * Tenants and issuers of Microsoft Entra, by the hosts of each cloud.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 * @see https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
 */

/** Tenants that stand for any account of a kind. */
export const sharedTenants = ['common', 'organizations', 'consumers'] as const;
export type SharedTenant = (typeof sharedTenants)[number];

/** The tenant in the path of one of Entra's endpoints. */
export type EndpointTenant =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'domain'; readonly domain: string }
  | { readonly kind: 'shared'; readonly name: SharedTenant };

/** The tenant of all personal accounts. */
export const consumerTenant = '9188040d-6c67-4c5b-b112-36a304b66dad';
const guid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const endpointPath = /^\/([^/]+)\/oauth2(?:\/v2\.0)?\/(?:token|authorize)\/?$/i;

/** The tenant that an endpoint names; undefined where its path does not have Entra's form. */
export function tenantOf(endpointUrl: string): EndpointTenant | undefined {
  if (!URL.canParse(endpointUrl)) return undefined;
  const text = endpointPath.exec(new URL(endpointUrl).pathname)?.[1]?.toLowerCase();
  if (text === undefined) return undefined;
  const shared = sharedTenants.find((name) => name === text);
  if (shared) return { kind: 'shared', name: shared };
  return guid.test(text) ? { kind: 'id', id: text } : { kind: 'domain', domain: text };
}

/** The issuers whose tokens an endpoint can issue; a host outside the known clouds may be a gateway for any of them. */
function issuersOf(endpointUrl: string): readonly string[] {
  const { hostname, origin } = new URL(endpointUrl);
  const cloud = clouds.find(({ loginHosts }) => loginHosts.includes(hostname));
  if (cloud) return cloud.issuers;
  return [`${origin}/{tenant}/v2.0`, `${origin}/{tenant}/`, ...clouds.flatMap(({ issuers }) => issuers)];
}

/**
 * Whether an id_token's issuer matches its endpoint. Needs no setting, only the endpoint; an endpoint without Entra's
 * form is not judged.
 *
 * `tenant`: the account belongs to another tenant than the endpoint names. `issuer`: `iss` is not one that this cloud
 * sends for the token's own tenant.
 */
export function judgeIssuer(
  claims: { readonly iss?: string | undefined; readonly tid?: string | undefined },
  endpointUrl: string,
): 'fits' | 'tenant' | 'issuer' {
  const tenant = tenantOf(endpointUrl);
  if (tenant === undefined) return 'fits';
  const tid = claims.tid?.toLowerCase();
  if (tid === undefined) return 'issuer';
  const isConsumer = tid === consumerTenant;
  if (tenant.kind === 'id' && tid !== tenant.id) return 'tenant';
  if (tenant.kind === 'domain' && isConsumer) return 'tenant';
  if (tenant.kind === 'shared' && tenant.name === 'organizations' && isConsumer) return 'tenant';
  if (tenant.kind === 'shared' && tenant.name === 'consumers' && !isConsumer) return 'tenant';
  const issuer = claims.iss?.toLowerCase();
  return issuersOf(endpointUrl).some((form) => form.replace('{tenant}', tid) === issuer) ? 'fits' : 'issuer';
}
