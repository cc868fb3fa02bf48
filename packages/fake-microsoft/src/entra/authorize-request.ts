import { randomBytes } from 'node:crypto';
import { present } from '@argus/fields/present';
import type { DirectoryUser } from '../data/demo-company.ts';
import type { World } from '../world.ts';
import { checkApp, resolveTenant } from './check-client.ts';
import { describeEntraError, EntraError, type ErrorIds, missingParameter } from './entra-error.ts';
import { consentMissing, missingConsent, needsAdminConsent, oidcScopes, parseScopes } from './scopes.ts';

const codeLifetime = 10 * 60_000;

export interface AuthorizeRequest {
  version: 1 | 2;
  clientId: string;
  redirectUri: string;
  responseMode: 'query' | 'fragment' | 'form_post';
  state: string | undefined;
  nonce: string | null;
  prompt: Set<string>;
  loginHint: string | null;
  scopes: string[];
  resource: string | null;
  /** The client asked for `client_info=1`, as MSAL does. */
  clientInfo: boolean;
  challenge: { value: string; method: 'S256' | 'plain' } | null;
}

/** Where an answer goes; known once the redirect URI is found to be registered. */
export type ReturnAddress = Pick<AuthorizeRequest, 'redirectUri' | 'responseMode' | 'state'>;

/** An error that may be redirected to the client; a bare EntraError is only shown on a page. */
export class RedirectError extends Error {
  override readonly name = 'RedirectError';
  readonly to: ReturnAddress;
  readonly entra: EntraError;
  readonly subcode: string | undefined;

  constructor(to: ReturnAddress, entra: EntraError, subcode?: string) {
    super(entra.message);
    this.to = to;
    this.entra = entra;
    this.subcode = subcode;
  }
}

/**
 * Validates an authorize request.
 * @throws EntraError for the page: tenant, client and redirect URI
 * @throws RedirectError for everything after that
 */
export function readAuthorizeRequest(
  world: World,
  version: 1 | 2,
  tenantText: string,
  query: Record<string, string>,
): AuthorizeRequest {
  resolveTenant(world, tenantText);
  if (!query.client_id) throw missingParameter('client_id');
  checkApp(world, query.client_id, tenantText);
  const redirectUri = requireRedirectUri(world, query.redirect_uri);
  if (!query.response_type) throw missingParameter('response_type');
  const responseMode = query.response_mode ?? 'query';
  if (responseMode !== 'query' && responseMode !== 'fragment' && responseMode !== 'form_post') {
    throw new EntraError('invalid_request', 70007, `'${responseMode}' is not a supported value of 'response_mode'.`);
  }
  const to: ReturnAddress = { redirectUri, responseMode, state: query.state };
  const refuse = (error: string, code: number, text: string) =>
    new RedirectError(to, new EntraError(error, code, text));

  if (query.response_type !== 'code') {
    throw refuse(
      'unsupported_response_type',
      700054,
      `response_type '${query.response_type}' is not enabled for the application.`,
    );
  }
  let scopes: string[];
  try {
    scopes = version === 2 ? readScopes(world, query) : v1Scopes(world, query);
  } catch (error) {
    if (error instanceof EntraError) throw new RedirectError(to, error);
    throw error;
  }
  return {
    ...to,
    version,
    clientId: world.state.app.clientId,
    nonce: query.nonce ?? null,
    prompt: readPrompt(query.prompt, refuse),
    loginHint: query.login_hint || null,
    scopes,
    resource: version === 1 ? (query.resource ?? null) : null,
    clientInfo: query.client_info === '1',
    challenge: readChallenge(query, refuse),
  };
}

/** @throws EntraError 900144 (missing) or 50011 (not registered) */
export function requireRedirectUri(world: World, redirectUri: string | undefined): string {
  if (!redirectUri) throw missingParameter('redirect_uri');
  if (isRegistered(world.state.app.redirectUris, redirectUri)) return redirectUri;
  throw new EntraError(
    'invalid_request',
    50011,
    `The redirect URI '${redirectUri}' specified in the request does not match the redirect URIs configured for the application '${world.state.app.clientId}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal.`,
  );
}

type Refuse = (error: string, code: number, text: string) => RedirectError;

function readScopes(world: World, query: Record<string, string>): string[] {
  if (query.resource !== undefined) {
    throw new EntraError('invalid_request', 901002, "The 'resource' request parameter isn't supported.");
  }
  if (!query.scope?.trim()) throw missingParameter('scope');
  return parseScopes(world, query.scope);
}

// v1 grants what the app registration lists; only the OIDC words of `scope` have a meaning.
function v1Scopes(world: World, query: Record<string, string>): string[] {
  const asked = (query.scope ?? '').split(/\s+/).filter((word) => oidcScopes.has(word));
  const permissions = world.state.app.delegatedPermissions.filter((name) => !oidcScopes.has(name));
  return [...new Set([...asked, ...permissions])];
}

function readPrompt(text: string | undefined, refuse: Refuse): Set<string> {
  const words = (text ?? '').split(/\s+/).filter((word) => word !== '');
  for (const word of words) {
    if (!['login', 'none', 'consent', 'select_account'].includes(word)) {
      throw refuse('invalid_request', 90023, `Unsupported 'prompt' value '${word}'.`);
    }
  }
  return new Set(words);
}

function readChallenge(query: Record<string, string>, refuse: Refuse): AuthorizeRequest['challenge'] {
  const value = query.code_challenge;
  if (value === undefined) return null;
  const method = query.code_challenge_method ?? 'plain';
  if (method !== 'S256' && method !== 'plain') {
    throw refuse('invalid_request', 50147, `The code_challenge_method '${method}' is not supported.`);
  }
  if (value.length < 43 || value.length > 128) {
    throw refuse('invalid_request', 501491, 'Invalid size of Code_Challenge parameter.');
  }
  return { value, method };
}

/** Whether the app registration lists this redirect URI. */
function isRegistered(patterns: readonly string[], redirectUri: string): boolean {
  return patterns.some((pattern) => {
    const source = pattern
      .split('*')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^/?#]+');
    return new RegExp(`^${source}$`).test(redirectUri);
  });
}

/** Whether the consent page must be shown before issuing a code. */
export function needsConsent(world: World, request: AuthorizeRequest, user: DirectoryUser): boolean {
  return request.prompt.has('consent') || missingConsent(world, user.oid, request.scopes).length > 0;
}

/** Scopes that only an administrator can grant (AADSTS90094). */
export function adminOnlyScopes(world: World, request: AuthorizeRequest, user: DirectoryUser): string[] {
  return missingConsent(world, user.oid, request.scopes).filter((scope) => needsAdminConsent(world, scope));
}

/** Issues a code for a user who signed in and consented. */
export function grantCode(
  world: World,
  request: AuthorizeRequest,
  user: DirectoryUser,
  sessionId: string,
): Record<string, string> {
  const value = `1.A${randomBytes(64).toString('base64url')}`;
  const now = world.now();
  for (const [key, code] of world.codes) if (code.expiresAt + codeLifetime < now) world.codes.delete(key);
  world.codes.set(value, {
    value,
    oid: user.oid,
    clientId: request.clientId,
    redirectUri: request.redirectUri,
    version: request.version,
    scopes: request.scopes,
    resource: request.resource,
    nonce: request.nonce,
    challenge: request.challenge,
    expiresAt: now + codeLifetime,
    redeemed: false,
  });
  return {
    code: value,
    ...(request.clientInfo ? { client_info: clientInfoOf(world, user) } : {}),
    ...present({ state: request.state }),
    session_state: sessionId,
  };
}

/** Who signed in, in the form that MSAL reads: base64url of `{uid, utid}`. */
function clientInfoOf(world: World, user: DirectoryUser): string {
  return Buffer.from(JSON.stringify({ uid: user.oid, utid: world.state.tenant.id })).toString('base64url');
}

/** Remembers the consent, as Entra does until somebody removes it. */
export function rememberConsent(world: World, request: AuthorizeRequest, user: DirectoryUser): void {
  const given = world.state.consents[user.oid] ?? [];
  world.state.consents[user.oid] = [...new Set([...given, ...request.scopes])];
  world.changed();
}

/** The parameters of an error redirect. */
export function errorParameters(error: RedirectError, ids: ErrorIds): Record<string, string> {
  const code = error.entra.codes.at(-1);
  return {
    error: error.entra.error,
    error_description: describeEntraError(error.entra, ids),
    ...(code === undefined ? {} : { error_uri: `https://login.microsoftonline.com/error?code=${code}` }),
    ...present({ error_subcode: error.subcode, state: error.to.state }),
  };
}

/** The user declined. */
export function declined(request: ReturnAddress): RedirectError {
  return new RedirectError(
    request,
    new EntraError('access_denied', 65004, 'User declined to consent to access the app.'),
    'cancel',
  );
}

/** `prompt=none` cannot show a page, so the error names the page that would have been needed. */
export function refuseSilently(world: World, request: AuthorizeRequest, user: DirectoryUser | null): RedirectError {
  if (user === null) {
    return new RedirectError(
      request,
      new EntraError('login_required', 50058, 'A silent sign-in request was sent but no user is signed in.'),
    );
  }
  return new RedirectError(request, consentMissing(world, 'interaction_required'));
}

/** The URL of a query or fragment answer. */
export function redirectUrl(to: ReturnAddress, parameters: Record<string, string>): string {
  const url = new URL(to.redirectUri);
  if (to.responseMode === 'fragment') {
    url.hash = new URLSearchParams(parameters).toString();
    return url.href;
  }
  for (const [key, value] of Object.entries(parameters)) url.searchParams.append(key, value);
  return url.href;
}
