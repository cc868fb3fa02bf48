import { randomBytes } from 'node:crypto';
import { type Deadline, runWithDeadline } from '@argus/egress/deadline';
import { EgressFailure, refusalFact } from '@argus/egress/egress-failure';
import { fromWreckError } from '@argus/egress/from-wreck-error';
import { fromTokenEndpointError, parseTokenResponse, type TokenReply } from '@argus/microsoft/entra';
import { fromEgressFact, MicrosoftFailure } from '@argus/microsoft/fact';
import oauth2, { type FastifyOAuth2Options, type OAuth2Namespace } from '@fastify/oauth2';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Services } from '../../platform/services.ts';
import { UnsealError } from '../../platform/vault/seal.ts';
import { type AuthProvider, consumerSecretPlace } from '../records/auth-providers.ts';
import type { Settings } from '../records/settings.ts';
import { auditRefusedSeal } from '../refused-seal.ts';
import { originOf } from '../usable-grant.ts';
import { type TokenCallIds, tryClientCredentials } from './try-client-credentials.ts';

declare module 'fastify' {
  interface FastifyInstance {
    microsoft?: OAuth2Namespace;
  }
}

export const stateCookie = '__Host-argus-state';
export const verifierCookie = '__Host-argus-verifier';
/** How long a user may take to sign in at Microsoft. */
export const transactionLifeMs = 10 * 60_000;
const longestTokenReplyBytes = 1024 * 1024;
/** The time that a refresh has once it has begun, however short the deadline of its caller. */
const defaultLeastRefreshMs = 15_000;

/** The OAuth client of one auth provider. Failures are those of packages/microsoft, stage `token`. */
export interface ProviderClient {
  /** The authorize URL with a fresh state and PKCE challenge; sets the state and verifier cookies. */
  authorizeUrl(
    request: FastifyRequest,
    reply: FastifyReply,
    parameters: { loginHint: string; nonce: string },
  ): Promise<{ url: string; state: string }>;
  /** Redeems the code in the callback's query. The caller has checked the state. @throws MicrosoftFailure */
  redeemCode(request: FastifyRequest, reply: FastifyReply, deadline: Deadline): Promise<TokenReply>;
  /** @throws MicrosoftFailure */
  refresh(refreshToken: string, deadline: Deadline): Promise<TokenReply>;
  /**
   * Asks for a token of the app's own (RFC 6749, 4.4), which is dropped at once: only the secret is to be tried.
   * @throws MicrosoftFailure
   */
  tryClientCredentials(resource: string, deadline: Deadline): Promise<TokenCallIds>;
}

/** What the authorize URL carries beyond what the library adds. */
const ownParameters = { response_mode: 'query', prompt: 'select_account' } as const;

/** The authorize URL to show, without what belongs to one run alone: state, challenge, nonce, login hint. */
export function plainAuthorizeUrl(provider: AuthProvider, publicUrl: string): string {
  const url = new URL(provider.authorizeEndpointUrl);
  const parameters = {
    response_type: 'code',
    client_id: provider.consumerKey,
    redirect_uri: callbackUrl(publicUrl, provider.urlSuffix),
    scope: scopesOf(provider).join(' '),
    ...ownParameters,
    ...(provider.resource === null ? {} : { resource: provider.resource }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** デフォルトの範囲, one by one. */
export function scopesOf(provider: Pick<AuthProvider, 'defaultScopes'>): readonly string[] {
  return provider.defaultScopes.split(/\s+/).filter((scope) => scope !== '');
}

export interface ProviderClients {
  /** How long one call to the token endpoint may take where no deadline ends it sooner. Milliseconds. */
  tokenCallMs(settings: Pick<Settings, 'totalTimeoutSeconds'>): number;
  of(provider: AuthProvider, settings: Settings): Promise<ProviderClient>;
}

/** `{PUBLIC_URL}/services/authcallback/{suffix}`, as Salesforce names it. */
export function callbackUrl(publicUrl: string, suffix: string): string {
  return `${publicUrl}/services/authcallback/${encodeURIComponent(suffix)}`;
}

/** Where the code flow starts: `{PUBLIC_URL}/services/auth/oauth/{suffix}`, as Salesforce names it. */
export function startUrl(publicUrl: string, suffix: string): string {
  return `${publicUrl}/services/auth/oauth/${encodeURIComponent(suffix)}`;
}

const mostClients = 20;

/**
 * OAuth clients on @fastify/oauth2. The plugin's configuration is fixed at registration, and an app that has booted
 * takes no more plugins; so each revision of a provider gets a small Fastify instance of its own, which never listens.
 */
export function createProviderClients(
  services: Services,
  { leastRefreshMs = defaultLeastRefreshMs }: { readonly leastRefreshMs?: number | undefined } = {},
): ProviderClients {
  const clients = new Map<string, Promise<ProviderClient>>();
  const tokenCallMs: ProviderClients['tokenCallMs'] = ({ totalTimeoutSeconds }) =>
    Math.max(totalTimeoutSeconds * 1000, leastRefreshMs);
  return {
    tokenCallMs,
    of(provider, settings) {
      const key = [provider.id, provider.version, settings.connectTimeoutSeconds, settings.totalTimeoutSeconds].join(
        '/',
      );
      const known = clients.get(key);
      if (known) return known;
      const client = buildClient(services, provider, settings, tokenCallMs(settings));
      clients.set(key, client);
      client.catch(() => clients.delete(key));
      const [oldest] = clients.keys();
      if (oldest !== undefined && clients.size > mostClients) clients.delete(oldest);
      return client;
    },
  };
}

/**
 * The plugin throws at credentials that it does not like, where nobody could catch it: the process would end, and its
 * last words would be the secret. What comes of it instead does not name its cause for the same reason.
 */
const oauth2Client = fp<FastifyOAuth2Options>((host, options, done) => {
  try {
    oauth2(host, options, done);
  } catch {
    done(new Error('@fastify/oauth2 refused the settings of the auth. provider'));
  }
});

/** The consumer secret, which opens for the origin of this very token endpoint alone. @throws UnsealError */
async function openConsumerSecret({ db, vault }: Services, provider: AuthProvider): Promise<string> {
  const { id, name, sealedConsumerSecret, tokenEndpointUrl } = provider;
  if (sealedConsumerSecret === null) return '';
  try {
    return vault.open(sealedConsumerSecret, consumerSecretPlace(id, originOf(tokenEndpointUrl)));
  } catch (error) {
    if (error instanceof UnsealError) await auditRefusedSeal(db, { kind: 'auth_provider', id, name });
    throw error;
  }
}

async function buildClient(
  services: Services,
  provider: AuthProvider,
  settings: Settings,
  longestCallMs: number,
): Promise<ProviderClient> {
  const { config, egress, metrics } = services;
  const tokenUrl = new URL(provider.tokenEndpointUrl);
  const authorizeUrl = new URL(provider.authorizeEndpointUrl);
  const secret = await openConsumerSecret(services, provider);
  const resource = provider.resource === null ? {} : { resource: provider.resource };
  const host = Fastify({ logger: false });
  await host.register(oauth2Client, {
    name: 'microsoft',
    scope: [...scopesOf(provider)],
    credentials: {
      client: { id: provider.consumerKey, secret },
      auth: {
        tokenHost: tokenUrl.origin,
        tokenPath: tokenUrl.pathname + tokenUrl.search,
        authorizeHost: authorizeUrl.origin,
        authorizePath: authorizeUrl.pathname + authorizeUrl.search,
      },
      http: egress.wreckOptions(longestCallMs, {
        maxBytes: longestTokenReplyBytes,
        connectTimeoutMs: settings.connectTimeoutSeconds * 1000,
      }),
      options: { authorizationMethod: provider.clientAuthentication },
    },
    callbackUri: callbackUrl(config.http.publicUrl, provider.urlSuffix),
    tokenRequestParams: resource,
    generateStateFunction: () => randomBytes(24).toString('base64url'),
    // The callback has compared the state with the stored transaction and with the cookie before it comes here.
    checkStateFunction: () => true,
    pkce: 'S256',
    redirectStateCookieName: stateCookie,
    verifierCookieName: verifierCookie,
    cookie: { secure: true, httpOnly: true, sameSite: 'lax', path: '/', maxAge: transactionLifeMs / 1000 },
    userAgent: 'Argus/0.1',
  });
  await host.ready();
  const client = host.microsoft;
  if (!client) throw new Error('@fastify/oauth2 did not decorate its instance');

  /** Runs a token call under the budget that is left, and translates what it ends with. */
  async function tokenCall(deadline: Deadline, call: () => Promise<{ token: object }>): Promise<TokenReply> {
    const decision = await egress.check(provider.tokenEndpointUrl);
    if (!decision.allowed) {
      const failure = new EgressFailure(refusalFact(decision));
      throw fromEgressFact('token', failure.fact, failure);
    }
    return metrics.upstream(tokenUrl.host, async () => {
      let payload: unknown;
      try {
        payload = (await runWithDeadline(deadline, call)).token;
      } catch (cause) {
        const outcome = fromWreckError(cause, tokenUrl.origin, deadline);
        if (outcome.kind === 'egress') throw fromEgressFact('token', outcome.fact, cause);
        if (outcome.status < 400)
          throw new MicrosoftFailure({ stage: 'token', kind: 'malformed', status: outcome.status }, { cause });
        throw fromTokenEndpointError({ ...outcome, cause });
      }
      return parseTokenResponse(payload);
    });
  }

  return {
    async authorizeUrl(request, reply, { loginHint, nonce }) {
      const generated = new URL(await client.generateAuthorizationUri(request, reply));
      // What the administrator typed behind the ? of the authorize URL stays.
      const url = new URL(provider.authorizeEndpointUrl);
      for (const [name, value] of generated.searchParams) url.searchParams.set(name, value);
      const own = { ...ownParameters, login_hint: loginHint, nonce, ...resource };
      for (const [name, value] of Object.entries(own)) url.searchParams.set(name, value);
      return { url: url.href, state: url.searchParams.get('state') ?? '' };
    },
    redeemCode: (request, reply, deadline) =>
      tokenCall(deadline, () => client.getAccessTokenFromAuthorizationCodeFlow(request, reply)),
    refresh: (refreshToken, deadline) =>
      tokenCall(deadline, () =>
        client.getNewAccessTokenUsingRefreshToken(
          { refresh_token: refreshToken } as Parameters<OAuth2Namespace['getNewAccessTokenUsingRefreshToken']>[0],
          resource,
        ),
      ),
    tryClientCredentials: (asked, deadline) =>
      tryClientCredentials(
        egress,
        { ...provider, consumerSecret: secret },
        { resource: asked, deadline, connectTimeoutMs: settings.connectTimeoutSeconds * 1000 },
      ),
  };
}
