import { createHash, randomBytes } from 'node:crypto';
import { demoApp, demoTenant, demoUsers } from '../src/data/demo-company.ts';
import type { FakeMicrosoft } from '../src/start-fake-microsoft.ts';

export const redirectUri = 'http://localhost:3000/services/authcallback/Microsoft365';
export const secret = demoApp.secrets[0]?.value ?? '';
const defaultScope = 'openid profile email offline_access User.Read Mail.Read';

export interface TokenReply {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

export function authorizeUrl(
  fake: FakeMicrosoft,
  version: 1 | 2,
  more: Record<string, string> = {},
  tenant = demoTenant.id,
): string {
  const path = version === 2 ? 'oauth2/v2.0/authorize' : 'oauth2/authorize';
  const query = new URLSearchParams({
    client_id: demoApp.clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    state: 'a state & more',
    ...(version === 2 ? { scope: defaultScope } : { resource: 'https://graph.microsoft.com' }),
    ...more,
  });
  return `${fake.loginUrl}/${tenant}/${path}?${query}`;
}

/** Sends a form to a token endpoint. */
export async function postToken(
  fake: FakeMicrosoft,
  version: 1 | 2,
  form: Record<string, string>,
  headers: Record<string, string> = {},
  tenant = demoTenant.id,
): Promise<TokenReply> {
  const path = version === 2 ? 'oauth2/v2.0/token' : 'oauth2/token';
  const response = await fetch(`${fake.loginUrl}/${tenant}/${path}`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(form),
    signal: AbortSignal.timeout(5000),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

export const client = { client_id: demoApp.clientId, client_secret: secret };

export async function getCode(
  fake: FakeMicrosoft,
  version: 1 | 2 = 2,
  more: Record<string, string> = {},
  user: string = demoUsers.taro.oid,
) {
  const { redirectUrl } = await fake.control.signIn({ authorizeUrl: authorizeUrl(fake, version, more), user });
  return new URL(redirectUrl).searchParams.get('code') ?? '';
}

export function codeForm(code: string, more: Record<string, string> = {}): Record<string, string> {
  return { grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...client, ...more };
}

export function refreshForm(token: unknown, more: Record<string, string> = {}): Record<string, string> {
  return { grant_type: 'refresh_token', refresh_token: String(token), ...client, ...more };
}

/** Signs in and redeems the code. */
export async function getTokens(fake: FakeMicrosoft, user: string = demoUsers.taro.oid, scope: string = defaultScope) {
  const code = await getCode(fake, 2, { scope }, user);
  const { status, body } = await postToken(fake, 2, codeForm(code));
  if (status !== 200) throw new Error(`No token: ${JSON.stringify(body)}`);
  return body;
}

/** A Graph answer of any kind: a test looks at the fields it expects. */
interface GraphBody {
  value: Record<string, unknown>[];
  error: { code: string; message: string; innerError: Record<string, string> };
  [property: string]: unknown;
}

export interface GraphReply {
  status: number;
  headers: Headers;
  body: GraphBody;
  text: string;
}

export async function getGraph(
  fake: FakeMicrosoft,
  path: string,
  token: unknown,
  headers: Record<string, string> = {},
): Promise<GraphReply> {
  const response = await fetch(new URL(path, fake.graphUrl), {
    headers: { ...(token === null ? {} : { authorization: `Bearer ${String(token)}` }), ...headers },
    signal: AbortSignal.timeout(5000),
  });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') === true;
  return {
    status: response.status,
    headers: response.headers,
    body: (json ? JSON.parse(text) : {}) as GraphBody,
    text,
  };
}

export function newPkce() {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}
