import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DirectoryUser } from '../data/demo-company.ts';
import { type AuthorizationCode, findUser, type RefreshToken, type World } from '../world.ts';
import { type ClientCredential, checkApp, checkCredential, resolveTenant } from './check-client.ts';
import { EntraError, entraErrorBody, entraStatus, entraTime, missingParameter, newErrorIds } from './entra-error.ts';
import { issueTokens } from './issue-tokens.ts';
import { consentMissing, invalidScope, isGraphResource, missingConsent, parseScopes } from './scopes.ts';

type Form = Record<string, string>;

const refreshTokenDays = 90;

/** POST /{tenant}/oauth2/v2.0/token and /{tenant}/oauth2/token. */
export function registerTokenRoutes(app: FastifyInstance, world: World): void {
  for (const version of [1, 2] as const) {
    const url = version === 2 ? '/:tenant/oauth2/v2.0/token' : '/:tenant/oauth2/token';
    app.route<{ Params: { tenant: string } }>({
      method: ['POST', 'GET', 'PUT', 'PATCH', 'DELETE'],
      url,
      handler: async (request, reply) => {
        noStore(reply);
        const ids = newErrorIds(world, request.headers['client-request-id']);
        reply.header('x-ms-request-id', ids.traceId).header('x-ms-ests-server', '2.1.0 - FAKE');
        try {
          if (request.method !== 'POST') {
            throw new EntraError(
              'invalid_request',
              900561,
              `The endpoint only accepts POST requests. Received a ${request.method} request.`,
            );
          }
          const body = await answerTokenRequest(world, version, request.params.tenant, request);
          return reply.header('x-ms-clitelem', '1,0,0,,').send(body);
        } catch (error) {
          if (!(error instanceof EntraError)) throw error;
          const code = error.codes.at(-1) ?? 0;
          return reply
            .code(entraStatus(error))
            .header('x-ms-clitelem', `1,${code},0,,`)
            .send(entraErrorBody(error, ids));
        }
      },
    });
  }
}

// The checks follow Entra's order: tenant, app, form of the request, form of the grant, credential, grant, consent.
async function answerTokenRequest(
  world: World,
  version: 1 | 2,
  tenantText: string,
  request: FastifyRequest,
): Promise<Record<string, unknown>> {
  const form = readForm(request.body);
  const tenant = resolveTenant(world, tenantText);
  const { clientId, credential } = readClient(form, request.headers.authorization);
  if (clientId === null) throw missingParameter('client_id');
  checkApp(world, clientId, tenantText);
  const grantType = form.grant_type ?? '';
  if (grantType === '') throw missingParameter('grant_type');
  if (version === 2 && form.resource !== undefined) {
    if (form.scope === undefined) throw missingParameter('scope');
    throw new EntraError('invalid_request', 901002, "The 'resource' request parameter isn't supported.");
  }
  if (request.headers.origin !== undefined) {
    throw new EntraError(
      'invalid_request',
      9002326,
      `Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: '${request.headers.origin}'.`,
    );
  }
  switch (grantType) {
    case 'authorization_code':
      return redeemCode(world, version, form, credential);
    case 'refresh_token':
      return redeemRefreshToken(world, version, form, credential);
    case 'client_credentials':
      return issueAppOnly(world, version, tenant === 'shared', form, credential);
    default:
      throw new EntraError(
        'unsupported_grant_type',
        70003,
        `The app requested an unsupported grant type '${grantType}'.`,
      );
  }
}

async function redeemCode(world: World, version: 1 | 2, form: Form, credential: ClientCredential) {
  if (form.code === undefined || form.code === '') throw missingParameter('code');
  if (!/^[01]\.A[\w-]{20,}$/.test(form.code)) throw malformedGrant();
  if (form.redirect_uri === undefined) throw missingParameter('redirect_uri');
  checkCredential(world, credential);
  const code = world.codes.get(form.code);
  if (code === undefined) throw new EntraError('invalid_grant', 70000, 'Provided grant is invalid or malformed.');
  if (code.redeemed) {
    throw new EntraError(
      'invalid_grant',
      54005,
      'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
    );
  }
  if (code.expiresAt <= world.now()) {
    throw new EntraError(
      'invalid_grant',
      70008,
      'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
    );
  }
  if (form.redirect_uri !== code.redirectUri) {
    throw new EntraError(
      'invalid_client',
      500112,
      `The reply address '${form.redirect_uri}' does not match the reply address '${code.redirectUri}' provided when requesting Authorization code.`,
    );
  }
  checkVerifier(code, form.code_verifier);
  const user = activeUser(world, code.oid);
  const scopes = narrowScopes(world, version, form.scope, code.scopes);
  if (missingConsent(world, user.oid, scopes).length > 0) throw consentMissing(world, 'invalid_grant');
  const resource = version === 1 ? requireResource(world, form.resource ?? code.resource) : null;
  code.redeemed = true;
  return issueTokens(world, { version, user, scopes, resource, nonce: code.nonce });
}

async function redeemRefreshToken(world: World, version: 1 | 2, form: Form, credential: ClientCredential) {
  if (form.refresh_token === undefined || form.refresh_token === '') throw missingParameter('refresh_token');
  if (!/^[01]\.A[\w-]{20,}$/.test(form.refresh_token)) throw malformedGrant();
  checkCredential(world, credential);
  const token = world.state.refreshTokens.get(form.refresh_token);
  if (token === undefined || token.state === 'rotated') {
    throw new EntraError('invalid_grant', 70000, 'Provided grant is invalid or malformed.');
  }
  const user = activeUser(world, token.oid);
  checkFreshness(world, token);
  const scopes = narrowScopes(world, version, form.scope, token.scopes);
  if (missingConsent(world, user.oid, scopes).length > 0) throw consentMissing(world, 'invalid_grant');
  const resource = version === 1 ? requireResource(world, form.resource ?? token.resource) : null;
  if (world.switches.strictRotation) {
    token.state = 'rotated';
    world.changed();
  }
  // The next refresh token keeps the grant's own scopes, even if this access token was requested with fewer.
  const granted =
    scopes.includes('offline_access') || !token.scopes.includes('offline_access')
      ? scopes
      : [...scopes, 'offline_access'];
  return issueTokens(world, { version, user, scopes: granted, resource, nonce: null });
}

async function issueAppOnly(
  world: World,
  version: 1 | 2,
  sharedTenant: boolean,
  form: Form,
  credential: ClientCredential,
) {
  if (sharedTenant) {
    throw new EntraError(
      'invalid_request',
      9001023,
      'The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.',
    );
  }
  if (version === 2) {
    if (form.scope === undefined || form.scope === '') throw missingParameter('scope');
    const resource = /^(.+)\/\.default$/.exec(form.scope)?.[1];
    if (resource === undefined) throw invalidScope(form.scope);
    requireResource(world, resource);
  }
  const resource = version === 1 ? requireResource(world, form.resource ?? null) : null;
  checkCredential(world, credential);
  return issueTokens(world, { version, user: null, scopes: [], resource, nonce: null });
}

function checkVerifier(code: AuthorizationCode, verifier: string | undefined): void {
  if (code.challenge === null && verifier === undefined) return;
  if (code.challenge !== null && verifier !== undefined) {
    const given =
      code.challenge.method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url');
    if (equalText(given, code.challenge.value)) return;
  }
  throw new EntraError(
    'invalid_grant',
    501481,
    'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  );
}

function checkFreshness(world: World, token: RefreshToken): void {
  const validFrom = world.state.tokensValidFrom[token.oid];
  if (validFrom !== undefined && token.issuedAt <= validFrom) {
    throw new EntraError(
      'invalid_grant',
      50173,
      `The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on '${entraTime(token.issuedAt)}' and the TokensValidFrom date (before which tokens are not valid) for this user is '${entraTime(validFrom)}'.`,
      { suberror: 'bad_token' },
    );
  }
  const oldest = world.now() - refreshTokenDays * 86_400_000;
  if (token.state === 'inactive' || token.issuedAt < oldest) {
    throw new EntraError(
      'invalid_grant',
      700082,
      `The refresh token has expired due to inactivity. The token was issued on ${entraTime(token.issuedAt)} and was inactive for 90.00:00:00.`,
    );
  }
}

function activeUser(world: World, oid: string): DirectoryUser {
  const user = findUser(world.state, oid);
  if (user === undefined) {
    throw new EntraError(
      'invalid_grant',
      50034,
      `The user account {EUII Hidden} does not exist in the ${world.state.tenant.id} directory. To sign into this application, the account must be added to the directory.`,
    );
  }
  if (!user.accountEnabled) throw new EntraError('invalid_grant', 50057, 'The user account is disabled.');
  return user;
}

/** Under v2 a token request may ask for fewer (or other, consented) scopes; v1 has no scopes. */
function narrowScopes(world: World, version: 1 | 2, asked: string | undefined, granted: string[]): string[] {
  if (version === 1 || asked === undefined || asked.trim() === '') return granted;
  const scopes = parseScopes(world, asked);
  return scopes.length === 0 ? granted : scopes;
}

/** @throws EntraError 50001 (none given) or 500011 (unknown) */
function requireResource(world: World, resource: string | null): string {
  if (resource === null || resource === '') {
    throw new EntraError('invalid_resource', 50001, 'Resource identifier is not provided.');
  }
  // Outlook is a real resource too, but its tokens are invalid at Graph.
  if (isGraphResource(world, resource) || /^https:\/\/outlook\.office(365)?\.com\/?$/.test(resource)) return resource;
  throw new EntraError(
    'invalid_resource',
    500011,
    `The resource principal named ${resource} was not found in the tenant named ${world.state.tenant.displayName}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
  );
}

function malformedGrant(): EntraError {
  return new EntraError('invalid_grant', 9002313, 'Invalid request. Request is malformed or invalid.', {
    suberror: 'bad_token',
  });
}

/** Client id and credential from the body or from HTTP Basic (both parts URL-encoded, RFC 6749 §2.3.1). */
function readClient(
  form: Form,
  authorization: string | undefined,
): { clientId: string | null; credential: ClientCredential } {
  const basic = /^Basic\s+(.+)$/i.exec(authorization ?? '')?.[1];
  const pair = basic === undefined ? '' : Buffer.from(basic, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const header = colon < 0 ? null : { id: decode(pair.slice(0, colon)), secret: decode(pair.slice(colon + 1)) };
  return {
    clientId: form.client_id || header?.id || null,
    credential: { secret: form.client_secret ?? header?.secret ?? null, assertion: form.client_assertion ?? null },
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** A form body; of a repeated field the first value counts. */
export function readForm(body: unknown): Form {
  const form: Form = {};
  if (typeof body !== 'object' || body === null) return form;
  for (const [key, value] of Object.entries(body)) {
    const first: unknown = Array.isArray(value) ? value[0] : value;
    if (typeof first === 'string') form[key] = first;
  }
  return form;
}

function noStore(reply: FastifyReply): void {
  reply
    .header('cache-control', 'no-store, no-cache')
    .header('pragma', 'no-cache')
    .header('strict-transport-security', 'max-age=31536000; includeSubDomains')
    .header('x-content-type-options', 'nosniff')
    .header('p3p', 'CP="DSP CUR OTPi IND OTRi ONL FIN"');
}

function equalText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
