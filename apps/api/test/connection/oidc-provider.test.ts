import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startDeadline } from '@argus/egress/deadline';
import Provider, { interactionPolicy } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTokenVault } from '../../src/connection/grant-tokens.ts';
import { createTokenEndpoints } from '../../src/connection/oauth/token-client.ts';
import { findAuthProviderBySuffix } from '../../src/connection/records/auth-providers.ts';
import { findGrant } from '../../src/connection/records/grants.ts';
import { readSettings } from '../../src/connection/records/settings.ts';
import { type Browser, buildArgus, type TestArgus } from '../support/build-app.ts';

const oidOf = (upn: string) => `oid-of-${upn.split('@')[0]}`;

/** A genuine third-party OpenID provider, whose users sign in without a password. */
async function startProvider(
  redirectUri: string,
): Promise<{ issuer: string; signInAs(upn: string): void; server: Server }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  let upn = '';
  const policy = interactionPolicy.base();
  policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0);
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'argus',
        client_secret: 'a secret: with/odd+characters',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub', 'upn', 'oid', 'tid'] },
    conformIdTokenClaims: false,
    scopes: ['openid', 'offline_access'],
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: () => ({ sub, upn: sub, oid: oidOf(sub), tid: 'one-tenant' }),
    }),
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    interactions: { policy, url: (_, interaction) => `/sign-in/${interaction.uid}` },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['for this test only'] },
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 60,
      IdToken: 3600,
      RefreshToken: 86_400,
      Interaction: 600,
      Session: 600,
      Grant: 86_400,
    },
  });
  const callback = provider.callback();
  /** Graph's /me for the account of an access token. */
  async function answerMe({ headers }: IncomingMessage, response: ServerResponse) {
    const token = await provider.AccessToken.find(headers.authorization?.replace(/^Bearer /, '') ?? '');
    const sub = token?.accountId;
    response.writeHead(sub ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify(sub ? { id: oidOf(sub), userPrincipalName: sub } : { error: {} }));
  }
  server.on('request', async (request, response) => {
    if (request.url?.startsWith('/v1.0/me')) return answerMe(request, response);
    if (!request.url?.startsWith('/sign-in/')) return callback(request, response);
    const details = await provider.interactionDetails(request, response);
    const grant = new provider.Grant({ accountId: upn, clientId: String(details.params.client_id) });
    grant.addOIDCScope(String(details.params.scope));
    const result = { login: { accountId: upn }, select_account: {}, consent: { grantId: await grant.save() } };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
  });
  return {
    issuer,
    server,
    signInAs(next) {
      upn = next;
    },
  };
}

/** Follows the provider's redirects with cookies, like a browser, until one returns to Argus. */
async function walk(authorizeUrl: string, back: string): Promise<string> {
  const cookies = new Map<string, string>();
  let url = authorizeUrl;
  for (let step = 0; step < 10; step++) {
    if (url.startsWith(back)) return url.slice(back.length);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const reply = await fetch(url, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } });
    for (const line of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = reply.headers.get('location');
    if (!location) throw new Error(`the provider stopped at ${reply.status}: ${await reply.text()}`);
    url = new URL(location, url).href;
  }
  throw new Error('too many redirects');
}

let argus: TestArgus;
let user: Browser;
let provider: Awaited<ReturnType<typeof startProvider>>;

beforeAll(async () => {
  argus = await buildArgus();
  const admin = await argus.connect();
  provider = await startProvider(`${argus.url}/services/authcallback/Genuine`);
  await admin.call('POST /api/admin/remote-sites', {
    body: { name: 'genuine', url: provider.issuer, disableProtocolSecurity: true, active: true, description: '' },
  });
  await admin.call('POST /api/admin/auth-providers', {
    body: {
      name: 'Genuine',
      urlSuffix: 'Genuine',
      consumerKey: 'argus',
      consumerSecret: 'a secret: with/odd+characters',
      authorizeEndpointUrl: `${provider.issuer}/auth`,
      tokenEndpointUrl: `${provider.issuer}/token`,
      issuer: provider.issuer,
      defaultScopes: 'openid offline_access',
      resource: null,
      clientAuthentication: 'header',
      consumerSecretExpiresOn: null,
    },
  });
  const {
    version,
    coverage: _,
    warnings: __,
    updatedAt: ___,
    ...settings
  } = await admin.call('GET /api/admin/settings');
  await admin.call('PUT /api/admin/settings', {
    body: { ...settings, mailUrl: `${provider.issuer}/v1.0/me/messages`, authProviderUrlSuffix: 'Genuine', version },
  });
  user = await argus.signedIn('keiko@argus.example');
  await admin.call('POST /api/admin/account-links', {
    body: { username: 'keiko@argus.example', microsoftAccount: 'keiko@genuine.example' },
  });
});
afterAll(async () => {
  provider.server.closeAllConnections();
  provider.server.close();
  await argus.close();
});

async function authorizeAs(upn: string) {
  provider.signInAs(upn);
  const start = await user.send('GET', '/services/auth/oauth/Genuine');
  const path = await walk(start.headers.get('location') ?? '', argus.url);
  return user.send('GET', path);
}

describe('a genuine OpenID provider', () => {
  it('O07: the code flow passes with PKCE, nonce, issuer and Basic client authentication', async () => {
    expect((await authorizeAs('keiko@genuine.example')).status).toBe(303);
    expect(await user.call('GET /api/authorization')).toMatchObject({
      state: 'authorized',
      authorizedAccount: 'keiko@genuine.example',
    });
  });

  it('refreshes repeatedly, with rotation', async () => {
    await authorizeAs('keiko@genuine.example');
    const { services } = argus;
    const account = await services.db.account.findUniqueOrThrow({ where: { usernameKey: 'keiko@argus.example' } });
    const authProvider = await findAuthProviderBySuffix(services.db, 'Genuine');
    if (!authProvider) throw new Error('no provider');
    const vault = createTokenVault(services, createTokenEndpoints(services));
    const tokens = new Set<string>();
    for (let round = 0; round < 3; round++) {
      await services.db.grant.updateMany({ data: { accessExpiresAt: new Date(0) } });
      const grant = await findGrant(services.db, account.id, authProvider.id);
      if (!grant) throw new Error('no grant');
      const request = {
        purpose: 'mail' as const,
        grant,
        provider: authProvider,
        settings: await readSettings(services.db),
        deadline: startDeadline(5_000),
      };
      tokens.add(await vault.withAccessToken(request, async (token) => token));
    }
    expect(tokens.size).toBe(3);
  });

  it('O14: another account of the provider leads to a mismatch', async () => {
    await user.call('DELETE /api/authorization');
    const { db } = argus.services;
    await db.accountLink.updateMany({ data: { pinnedObjectId: null, pinnedTenantId: null } });
    expect((await authorizeAs('somebody@genuine.example')).status).toBe(303);
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'mismatch' });
  });
});
