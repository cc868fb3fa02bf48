import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { present } from '@argus/fields/present';
import { SignJWT } from 'jose';
import type { DirectoryUser } from '../data/demo-company.ts';
import type { RefreshToken, World } from '../world.ts';
import { tenantIdOf } from './personal-account.ts';
import { isGraphResource, oidcScopes } from './scopes.ts';

export const graphAudience = 'https://graph.microsoft.com';
/** Old refresh tokens are kept, as they stay valid at Entra, but only up to a limit. */
const keptRefreshTokens = 50_000;

export interface Issue {
  version: 1 | 2;
  /** Null: an app-only token. */
  user: DirectoryUser | null;
  scopes: string[];
  /** The v1 resource as the client named it; null under v2. */
  resource: string | null;
  nonce: string | null;
}

/** The success body of the token endpoint; under v1 every number is a string. */
export async function issueTokens(world: World, issue: Issue): Promise<Record<string, unknown>> {
  // The claims only have whole seconds.
  const now = Math.floor(world.now() / 1000);
  const lifetime = world.switches.tokenLifetimeSeconds;
  const accessToken = await signAccessToken(world, issue, now, lifetime);
  const refreshToken = issue.user === null ? null : newRefreshToken(world, issue.user, issue);
  const idToken =
    issue.user !== null && issue.scopes.includes('openid') ? await signIdToken(world, issue.user, issue, now) : null;
  const scope = issue.scopes.filter((name) => name !== 'offline_access').join(' ');
  const tokens = {
    access_token: accessToken,
    ...present({ refresh_token: refreshToken ?? undefined, id_token: idToken ?? undefined }),
  };
  if (issue.version === 2) {
    return {
      token_type: 'Bearer',
      ...(issue.user === null ? {} : { scope }),
      expires_in: lifetime,
      ext_expires_in: lifetime,
      ...tokens,
    };
  }
  return {
    token_type: 'Bearer',
    ...(issue.user === null
      ? {}
      : {
          scope: scope
            .split(' ')
            .filter((name) => !oidcScopes.has(name))
            .join(' '),
        }),
    expires_in: String(lifetime),
    ext_expires_in: String(lifetime),
    expires_on: String(now + lifetime),
    not_before: String(now - 300),
    resource: issue.resource,
    ...tokens,
  };
}

async function signAccessToken(world: World, issue: Issue, now: number, lifetime: number): Promise<string> {
  const { tenant, app } = world.state;
  const audience =
    issue.resource === null || isGraphResource(world, issue.resource)
      ? graphAudience
      : issue.resource.replace(/\/+$/, '');
  const claims =
    issue.user === null
      ? {
          idtyp: 'app',
          // Without a consented application permission, Entra omits `roles`.
          ...(app.applicationPermissions.length === 0 ? {} : { roles: app.applicationPermissions }),
        }
      : {
          idtyp: 'user',
          oid: issue.user.oid,
          upn: issue.user.userPrincipalName,
          unique_name: issue.user.userPrincipalName,
          name: issue.user.displayName,
          scp: issue.scopes.filter((name) => name !== 'offline_access').join(' '),
          // Milliseconds, to distinguish a revocation from a later sign-in in the same second.
          xms_issued: issuedNow(world, issue.user.oid),
        };
  return new SignJWT({ ...claims, appid: app.clientId, app_displayname: app.displayName, tid: tenant.id, ver: '1.0' })
    .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: world.keys.kid })
    .setIssuer(`https://sts.windows.net/${tenant.id}/`)
    .setAudience(audience)
    .setIssuedAt(now)
    .setNotBefore(now - 300)
    .setExpirationTime(now + lifetime)
    .setJti(randomUUID())
    .sign(world.keys.privateKey);
}

async function signIdToken(world: World, user: DirectoryUser, issue: Issue, now: number): Promise<string> {
  const { app } = world.state;
  const names =
    issue.version === 2
      ? { preferred_username: user.userPrincipalName }
      : { upn: user.userPrincipalName, unique_name: user.userPrincipalName };
  return (
    new SignJWT({
      ...names,
      ...present({ nonce: issue.nonce ?? undefined }),
      ...(issue.scopes.includes('email') && user.mail !== null ? { email: user.mail } : {}),
      name: user.displayName,
      given_name: user.givenName,
      family_name: user.surname,
      oid: user.oid,
      tid: tenantIdOf(user, world.state.tenant.id),
      iss: issuerOf(world, issue.version, user),
      ver: issue.version === 2 ? '2.0' : '1.0',
      ...world.switches.idTokenClaims,
    })
      .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: world.keys.kid })
      // Entra sends it in lower case, however the client wrote it.
      .setAudience(app.clientId.toLowerCase())
      .setSubject(pairwiseSubject(app.clientId, user.oid))
      .setIssuedAt(now)
      .setNotBefore(now - 300)
      .setExpirationTime(now + 3600)
      .sign(world.keys.privateKey)
  );
}

/** The `issuer` of discovery and of id_tokens. v1 names Microsoft's security token service on any host. */
export function issuerOf(world: World, version: 1 | 2, user: DirectoryUser | null = null): string {
  const id = tenantIdOf(user, world.state.tenant.id);
  return version === 2 ? `${world.loginUrl}/${id}/v2.0` : `https://sts.windows.net/${id}/`;
}

function newRefreshToken(world: World, user: DirectoryUser, issue: Issue): string | null {
  if (world.switches.withholdRefreshToken) return null;
  if (issue.version === 2 && !issue.scopes.includes('offline_access')) return null;
  const { refreshTokens } = world.state;
  const token: RefreshToken = {
    value: `1.A${randomBytes(96).toString('base64url')}`,
    oid: user.oid,
    clientId: world.state.app.clientId,
    scopes: issue.scopes,
    resource: issue.resource,
    issuedAt: issuedNow(world, user.oid),
    state: 'valid',
  };
  refreshTokens.set(token.value, token);
  for (const oldest of refreshTokens.keys()) {
    if (refreshTokens.size <= keptRefreshTokens) break;
    refreshTokens.delete(oldest);
  }
  world.changed();
  return token.value;
}

// A revocation in this very millisecond must not affect tokens issued after it.
function issuedNow(world: World, oid: string): number {
  return Math.max(world.now(), (world.state.tokensValidFrom[oid] ?? 0) + 1);
}

function pairwiseSubject(clientId: string, oid: string): string {
  return createHash('sha256').update(`${clientId}/${oid}`).digest('base64url');
}
