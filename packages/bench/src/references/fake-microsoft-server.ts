import { createHash, randomBytes } from 'node:crypto';
import { demoApp, demoTenant, demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { startFakeMicrosoft } from '@argus/fake-microsoft/start-fake-microsoft';

// The fake Microsoft 365 in its own process, with an access token of one of its users.

const fake = await startFakeMicrosoft();
const endpoint = `${fake.loginUrl}/${demoTenant.id}/oauth2/v2.0`;
const redirect = 'http://localhost:3650/services/authcallback/Microsoft365';
const verifier = randomBytes(32).toString('base64url');
const authorizeUrl = `${endpoint}/authorize?${new URLSearchParams({
  client_id: demoApp.clientId,
  response_type: 'code',
  redirect_uri: redirect,
  scope: 'openid profile email offline_access User.Read Mail.Read',
  state: 'bench',
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
})}`;
const { redirectUrl } = await fake.control.signIn({ authorizeUrl, user: demoUsers.taro.userPrincipalName });
const reply = await fetch(`${endpoint}/token`, {
  method: 'POST',
  body: new URLSearchParams({
    client_id: demoApp.clientId,
    client_secret: demoApp.secrets[0]?.value ?? '',
    grant_type: 'authorization_code',
    code: new URL(redirectUrl).searchParams.get('code') ?? '',
    redirect_uri: redirect,
    code_verifier: verifier,
  }),
});
const tokens = (await reply.json()) as { access_token: string; refresh_token: string };
process.send?.({
  url: fake.graphUrl,
  loginUrl: fake.loginUrl,
  accessToken: tokens.access_token,
  refreshToken: tokens.refresh_token,
});
process.on('SIGTERM', () => process.exit(0));
