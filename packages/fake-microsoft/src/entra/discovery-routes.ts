import type { FastifyInstance, FastifyReply } from 'fastify';
import type { World } from '../world.ts';
import { resolveTenant } from './check-client.ts';
import { EntraError, entraErrorBody, entraStatus, newErrorIds } from './entra-error.ts';
import { issuerOf } from './issue-tokens.ts';

type TenantParams = { Params: { tenant: string } };

/** OpenID Connect discovery and the published keys. */
export function registerDiscoveryRoutes(app: FastifyInstance, world: World): void {
  for (const [version, prefix] of [
    [2, '/v2.0'],
    [1, ''],
  ] as const) {
    app.get<TenantParams>(`/:tenant${prefix}/.well-known/openid-configuration`, (request, reply) =>
      answer(world, request.params.tenant, reply, () => metadata(world, version, request.params.tenant)),
    );
  }
  for (const path of ['/:tenant/discovery/v2.0/keys', '/:tenant/discovery/keys']) {
    app.get<TenantParams>(path, (request, reply) =>
      answer(world, request.params.tenant, reply, () => ({ keys: [{ ...world.keys.publicJwk, x5t: world.keys.kid }] })),
    );
  }
}

function answer(
  world: World,
  tenantText: string,
  reply: FastifyReply,
  body: () => Record<string, unknown>,
): FastifyReply {
  try {
    resolveTenant(world, tenantText);
    return reply
      .header('access-control-allow-origin', '*')
      .header('cache-control', 'max-age=86400, private')
      .send(body());
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    return reply.code(entraStatus(error)).send(entraErrorBody(error, newErrorIds(world, undefined)));
  }
}

function metadata(world: World, version: 1 | 2, tenantText: string): Record<string, unknown> {
  const { loginUrl, graphUrl } = world;
  const base = `${loginUrl}/${tenantText}`;
  const oauth = version === 2 ? `${base}/oauth2/v2.0` : `${base}/oauth2`;
  return {
    token_endpoint: `${oauth}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: version === 2 ? `${base}/discovery/v2.0/keys` : `${base}/discovery/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: issuerOf(world, version),
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${graphUrl}/oidc/userinfo`,
    authorization_endpoint: `${oauth}/authorize`,
    device_authorization_endpoint: `${oauth}/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${oauth}/logout`,
    claims_supported: [
      'sub',
      'iss',
      'cloud_instance_name',
      'aud',
      'exp',
      'iat',
      'nonce',
      'preferred_username',
      'name',
      'tid',
      'ver',
      'email',
    ],
    tenant_region_scope: 'AS',
    cloud_instance_name: 'microsoftonline.com',
    msgraph_host: 'graph.microsoft.com',
    rbac_url: 'https://pas.windows.net',
  };
}
