import { randomBytes } from 'node:crypto';
import { present } from '@argus/fields/present';
import oauth2, { type OAuth2Namespace } from '@fastify/oauth2';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AuthProvider } from '../records/auth-providers.ts';
import { callbackUrl } from './flow-addresses.ts';

declare module 'fastify' {
  interface FastifyInstance {
    microsoft?: OAuth2Namespace;
  }
}

/** An authorization request (RFC 6749, 4.1.1), and what the browser stores to prove that it started it. */
export interface AuthorizationRequest {
  readonly url: string;
  readonly state: string;
  /** The PKCE verifier (RFC 7636): without it the code is worthless. */
  readonly verifier: string;
}

export type BeginAuthorizationRequest = (
  provider: AuthProvider,
  of: { readonly loginHint: string; readonly nonce: string },
) => Promise<AuthorizationRequest>;

const stateName = 'state';
const verifierName = 'verifier';

/**
 * Authorization requests by @fastify/oauth2, which generates state and PKCE. One registration serves every auth
 * provider: a provider's own parameters are set on its authorize URL. The plugin sets state and verifier as cookies;
 * they are captured here, as each flow has its own cookie.
 */
export async function authorizationRequests(
  app: FastifyInstance,
  publicUrl: string,
): Promise<BeginAuthorizationRequest> {
  await app.register(oauth2, {
    name: 'microsoft',
    // A placeholder; the URL below has the provider's own. This plugin never requests a token.
    credentials: { client: { id: 'provider', secret: '' }, auth: { tokenHost: publicUrl } },
    callbackUri: publicUrl,
    generateStateFunction: () => randomBytes(24).toString('base64url'),
    checkStateFunction: () => false,
    pkce: 'S256',
    redirectStateCookieName: stateName,
    verifierCookieName: verifierName,
  });
  const { microsoft } = app;
  if (!microsoft) throw new Error('@fastify/oauth2 did not decorate the app');
  return async (provider, { loginHint, nonce }) => {
    const given = new Map<string, string>();
    const collector = { setCookie: (name: string, value: string) => given.set(name, value) };
    const generated = new URL(
      await microsoft.generateAuthorizationUri({} as FastifyRequest, collector as unknown as FastifyReply),
    );
    const url = requestUrl(provider, publicUrl);
    for (const name of ['state', 'code_challenge', 'code_challenge_method']) {
      url.searchParams.set(name, generated.searchParams.get(name) ?? '');
    }
    url.searchParams.set('login_hint', loginHint);
    url.searchParams.set('nonce', nonce);
    return { url: url.href, state: given.get(stateName) ?? '', verifier: given.get(verifierName) ?? '' };
  };
}

/** The authorize URL for display, without the values of a single run: state, challenge, nonce, login hint. */
export function plainAuthorizeUrl(provider: AuthProvider, publicUrl: string): string {
  return requestUrl(provider, publicUrl).href;
}

/** デフォルトの範囲, split. */
export function scopesOf(provider: Pick<AuthProvider, 'defaultScopes'>): readonly string[] {
  return provider.defaultScopes.split(/\s+/).filter((scope) => scope !== '');
}

/** Query parameters that the administrator typed in the authorize URL stay. */
function requestUrl(provider: AuthProvider, publicUrl: string): URL {
  const url = new URL(provider.authorizeEndpointUrl);
  const parameters = {
    response_type: 'code',
    client_id: provider.consumerKey,
    redirect_uri: callbackUrl(publicUrl, provider.urlSuffix),
    scope: scopesOf(provider).join(' '),
    response_mode: 'query',
    prompt: 'select_account',
    ...present({ resource: provider.resource ?? undefined }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}
