import { errors, jwtVerify } from 'jose';
import { graphAudience } from '../entra/issue-tokens.ts';
import type { World } from '../world.ts';
import { GraphError } from './graph-error.ts';

export interface Caller {
  /** Null for an app-only token. */
  oid: string | null;
  /** Delegated scopes or application roles. */
  permissions: Set<string>;
}

/**
 * Validates the bearer token of a Graph call.
 * @throws GraphError 401 InvalidAuthenticationToken
 */
export async function authenticate(world: World, authorization: string | undefined): Promise<Caller> {
  const token = /^Bearer\s+(.*)$/i.exec(authorization ?? '')?.[1]?.trim() ?? '';
  if (token === '') throw unauthorized(world, 'Access token is empty.');
  const payload = await verify(world, token);
  if (payload.aud !== graphAudience) throw unauthorized(world, 'Access token validation failure. Invalid audience.');
  const oid = typeof payload.oid === 'string' ? payload.oid : null;
  if (oid !== null) checkNotRevoked(world, oid, payload.xms_issued);
  const words = oid === null ? payload.roles : typeof payload.scp === 'string' ? payload.scp.split(' ') : [];
  const permissions = new Set(Array.isArray(words) ? words.filter((word) => typeof word === 'string') : []);
  return { oid, permissions };
}

async function verify(world: World, token: string) {
  try {
    const { payload } = await jwtVerify(token, world.keys.publicKey, {
      algorithms: ['RS256'],
      issuer: `https://sts.windows.net/${world.state.tenant.id}/`,
      currentDate: new Date(world.now()),
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      throw unauthorized(world, 'Lifetime validation failed, the token is expired.');
    }
    if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWTClaimValidationFailed) {
      throw unauthorized(world, 'Access token validation failure.');
    }
    throw unauthorized(world, 'CompactToken parsing failed with error code: 80049217');
  }
}

// Continuous access evaluation: the token is valid, but the user's sessions were revoked after it was issued.
function checkNotRevoked(world: World, oid: string, issued: unknown): void {
  const validFrom = world.state.accessTokensValidFrom[oid];
  if (validFrom === undefined || (typeof issued === 'number' && issued > validFrom)) return;
  const claims = { access_token: { nbf: { essential: true, value: String(Math.ceil(validFrom / 1000)) } } };
  const encoded = Buffer.from(JSON.stringify(claims)).toString('base64');
  throw new GraphError(
    401,
    'InvalidAuthenticationToken',
    'Continuous access evaluation resulted in claims challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp',
    { 'www-authenticate': `${challenge(world)}, error="insufficient_claims", claims="${encoded}"` },
  );
}

function unauthorized(world: World, message: string): GraphError {
  return new GraphError(401, 'InvalidAuthenticationToken', message, { 'www-authenticate': challenge(world) });
}

function challenge(world: World): string {
  return `Bearer realm="", authorization_uri="${world.loginUrl}/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"`;
}
