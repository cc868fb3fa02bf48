import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { demoApp, demoTenant, demoUsers } from '../src/data/demo-company.ts';
import { type FakeMicrosoft, startFakeMicrosoft } from '../src/start-fake-microsoft.ts';
import { authorizeUrl, redirectUri } from './demo-client.ts';

let fake: FakeMicrosoft;
beforeAll(async () => {
  fake = await startFakeMicrosoft();
});
afterAll(() => fake.close());
beforeEach(() => fake.control.reset());

async function open(url: string, cookie?: string) {
  const response = await fetch(url, { redirect: 'manual', ...(cookie === undefined ? {} : { headers: { cookie } }) });
  return { response, page: await response.text(), location: response.headers.get('location') };
}

async function press(form: Record<string, string>) {
  const response = await fetch(`${fake.loginUrl}/login`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(form),
  });
  return { response, page: await response.text(), location: response.headers.get('location') };
}

const carried = (url: string) => url.slice(fake.loginUrl.length);
const answerOf = (location: string | null) => new URL(location ?? 'http://nowhere.example').searchParams;

it('shows the account picker with the hinted account first, and refuses framing', async () => {
  const { response, page } = await open(
    authorizeUrl(fake, 2, { prompt: 'select_account', login_hint: 'HANAKO.SATO@contoso.example' }),
  );
  expect(response.status).toBe(200);
  expect(response.headers.get('x-frame-options')).toBe('DENY');
  expect(page).toContain('Microsoft 365 <span class="badge">(デモ)</span>');
  const accounts = [...page.matchAll(/name="account" value="([^"]+)"/g)].map((match) => match[1]);
  expect(accounts[0]).toBe(demoUsers.hanako.oid);
  expect(new Set(accounts)).toEqual(new Set(Object.values(demoUsers).map((user) => user.oid)));
  expect(page.indexOf('アプリが指定したアカウント')).toBeLessThan(page.indexOf('別のアカウントを使用'));
});

it('field D1: every answer of the sign-in pages cuts the window off from its opener, as Entra’s do', async () => {
  const url = authorizeUrl(fake, 2);
  const account = demoUsers.taro.oid;
  const answers = [
    await open(url),
    await open(authorizeUrl(fake, 2, { redirect_uri: 'http://localhost:3000/elsewhere' })),
    await press({ request: carried(url), step: 'account', account }),
    await press({ request: carried(url), step: 'consent', account, decision: 'accept' }),
    await press({ request: carried(url), step: 'cancel' }),
  ];
  expect(answers.map(({ response }) => [response.status, response.headers.get('cross-origin-opener-policy')])).toEqual(
    [200, 400, 200, 302, 302].map((status) => [status, 'same-origin']),
  );
});

it('redirects back with session_state, and with client_info if it was requested', async () => {
  const back = async (more: Record<string, string>) =>
    answerOf(
      (await fake.control.signIn({ authorizeUrl: authorizeUrl(fake, 2, more), user: demoUsers.taro.oid })).redirectUrl,
    );
  const plain = await back({});
  expect(plain.get('session_state')).toMatch(/^[\da-f-]{36}$/);
  expect(plain.has('client_info')).toBe(false);
  const info = (await back({ client_info: '1' })).get('client_info') ?? '';
  expect(JSON.parse(Buffer.from(info, 'base64url').toString())).toEqual({
    uid: demoUsers.taro.oid,
    utid: demoTenant.id,
  });
});

it('field D5: an administrator consents for everybody, or declines, and is redirected back either way', async () => {
  const query = { client_id: demoApp.clientId, redirect_uri: redirectUri, state: 'own', scope: 'openid Mail.Read' };
  const path = `/${demoTenant.id}/v2.0/adminconsent?${new URLSearchParams(query)}`;
  const { page } = await open(`${fake.loginUrl}${path}`);
  expect(page).toContain('組織の代理としての同意');
  expect(page).toContain('あなたのメールの読み取り');
  const decide = async (decision: string) => {
    const body = new URLSearchParams({ request: path, decision });
    const response = await fetch(`${fake.loginUrl}/adminconsent`, { method: 'POST', redirect: 'manual', body });
    return Object.fromEntries(answerOf(response.headers.get('location')));
  };
  expect(await decide('cancel')).toMatchObject({ error: 'access_denied', admin_consent: 'True', state: 'own' });
  const url = authorizeUrl(fake, 2, { scope: 'openid Mail.Read' });
  const pick = () => press({ request: carried(url), step: 'account', account: demoUsers.taro.oid });
  expect((await pick()).response.status).toBe(200);
  expect(await decide('accept')).toEqual({ admin_consent: 'True', tenant: demoTenant.id, state: 'own' });
  // Nobody is asked any more.
  expect(answerOf((await pick()).location).get('code')).not.toBeNull();
  // No scope, and a tenant that stands for anybody: neither is a request.
  expect((await open(`${fake.loginUrl}/${demoTenant.id}/v2.0/adminconsent?client_id=x`)).response.status).toBe(400);
  expect((await open(`${fake.loginUrl}${path.replace(demoTenant.id, 'common')}`)).response.status).toBe(400);
});

it('asks for consent once, in words, and then remembers it', async () => {
  const url = authorizeUrl(fake, 2);
  const account = demoUsers.taro.oid;
  const picked = await press({ request: carried(url), step: 'account', account });
  expect(picked.response.status).toBe(200);
  expect(picked.page).toContain('あなたのメールの読み取り');
  const accepted = await press({ request: carried(url), step: 'consent', account, decision: 'accept' });
  expect(accepted.response.status).toBe(302);
  expect(accepted.location?.startsWith(`${redirectUri}?`)).toBe(true);
  expect(answerOf(accepted.location).get('state')).toBe('a state & more');

  const again = await press({ request: carried(url), step: 'account', account });
  expect(again.response.status).toBe(302);
  expect(answerOf(again.location).get('code')).not.toBeNull();

  const forced = authorizeUrl(fake, 2, { prompt: 'consent' });
  expect((await press({ request: carried(forced), step: 'account', account })).response.status).toBe(200);

  fake.control.dropConsent('taro.yamada@contoso.example');
  expect((await press({ request: carried(url), step: 'account', account })).response.status).toBe(200);
});

it('redirects back with access_denied and error_subcode=cancel when the user declines', async () => {
  const url = authorizeUrl(fake, 2);
  const declined = await press({
    request: carried(url),
    step: 'consent',
    account: demoUsers.taro.oid,
    decision: 'cancel',
  });
  const answer = answerOf(declined.location);
  expect(answer.get('error')).toBe('access_denied');
  expect(answer.get('error_subcode')).toBe('cancel');
  expect(answer.get('error_description')).toContain('AADSTS65004');
  expect(answer.get('state')).toBe('a state & more');
  expect(answer.has('code')).toBe(false);
  const cancelled = await press({ request: carried(url), step: 'cancel' });
  expect(answerOf(cancelled.location).get('error_subcode')).toBe('cancel');
});

it('signs in silently with a session, and always shows the picker for select_account', async () => {
  const url = authorizeUrl(fake, 2);
  const form = { request: carried(url), step: 'consent', account: demoUsers.taro.oid, decision: 'accept' };
  const cookie = (await press(form)).response.headers.get('set-cookie')?.split(';')[0] ?? '';
  expect(answerOf((await open(url, cookie)).location).get('code')).not.toBeNull();
  expect(answerOf((await open(authorizeUrl(fake, 2, { prompt: 'none' }), cookie)).location).get('code')).not.toBeNull();
  expect((await open(authorizeUrl(fake, 2, { prompt: 'select_account' }), cookie)).response.status).toBe(200);
  const other = authorizeUrl(fake, 2, { login_hint: 'jiro.suzuki@contoso.example' });
  expect((await open(other, cookie)).response.status).toBe(200);

  fake.control.dropConsent();
  const silent = answerOf((await open(authorizeUrl(fake, 2, { prompt: 'none' }), cookie)).location);
  expect(silent.get('error')).toBe('interaction_required');
  expect(answerOf((await open(authorizeUrl(fake, 2, { prompt: 'none' }))).location).get('error')).toBe(
    'login_required',
  );
});

it.each([
  ['an unregistered redirect URI', { redirect_uri: 'http://localhost:3000/elsewhere' }, demoTenant.id, 'AADSTS50011'],
  ['an unknown client', { client_id: '00000000-0000-0000-0000-000000000001' }, demoTenant.id, 'AADSTS700016'],
  ['an unknown tenant', {}, '11111111-1111-1111-1111-111111111111', 'AADSTS90002'],
  ['a tenant that is not a name at all', {}, 'no_tenant', 'AADSTS900023'],
  ['the shared tenant name for a single-tenant app', {}, 'common', 'AADSTS50194'],
])('shows %s on a page and never redirects it', async (_what, more, tenant, code) => {
  const { response, page, location } = await open(authorizeUrl(fake, 2, more, tenant));
  expect(response.status).toBe(400);
  expect(location).toBeNull();
  expect(page).toContain(code);
});

it.each([
  ['a misspelt scope', { scope: 'openid Mail.Raed' }, 'invalid_client', 'AADSTS650053'],
  ['a resource together with scopes', { resource: 'https://graph.microsoft.com' }, 'invalid_request', 'AADSTS901002'],
  ['another response type', { response_type: 'token' }, 'unsupported_response_type', 'AADSTS700054'],
  ['the scope of another resource', { scope: 'api://nobody/read' }, 'invalid_resource', 'AADSTS500011'],
])('redirects back with an error for %s', async (_what, more, error, code) => {
  const answer = answerOf((await open(authorizeUrl(fake, 2, more))).location);
  expect(answer.get('error')).toBe(error);
  expect(answer.get('error_description')).toContain(code);
  expect(answer.get('error_description')).toMatch(/\r\nTrace ID: [0-9a-f-]{36}\r\nCorrelation ID: .*\r\nTimestamp: /);
});

it('asks for an administrator for all mail under the managed consent policy, until one has consented', async () => {
  fake.control.dropConsent();
  fake.control.setSwitches({ managedConsentPolicy: true });
  const url = authorizeUrl(fake, 2, { scope: 'openid User.Read Mail.ReadBasic' });
  const step = { request: carried(url), step: 'account', account: demoUsers.taro.oid };
  expect((await press(step)).page).toContain('管理者の承認が必要です');
  const consent = new URL(`${fake.loginUrl}/${demoTenant.id}/v2.0/adminconsent`);
  consent.search = new URL(url).search;
  const given = new URLSearchParams({ request: `${consent.pathname}${consent.search}`, decision: 'accept' });
  await fetch(`${fake.loginUrl}/adminconsent`, { method: 'POST', redirect: 'manual', body: given });
  expect(answerOf((await press(step)).location).get('code')).not.toBeNull();
});

it('asks for an administrator where a scope needs one', async () => {
  const url = authorizeUrl(fake, 2, { scope: 'openid User.Read.All' });
  const picked = await press({ request: carried(url), step: 'account', account: demoUsers.taro.oid });
  expect(picked.page).toContain('管理者の承認が必要です');
  const forged = await press({
    request: carried(url),
    step: 'consent',
    account: demoUsers.taro.oid,
    decision: 'accept',
  });
  expect(forged.location).toBeNull();
  const back = answerOf((await press({ request: carried(url), step: 'approval' })).location);
  expect(back.get('error_description')).toContain('AADSTS90094');
});

it('answers response_mode=form_post with a form that works without a script', async () => {
  const url = authorizeUrl(fake, 2, { response_mode: 'form_post', state: '"><b>' });
  const { response, page } = await press({
    request: carried(url),
    step: 'consent',
    account: demoUsers.taro.oid,
    decision: 'accept',
  });
  expect(response.status).toBe(200);
  expect(page).toContain(`action="${redirectUri}"`);
  expect(page).toContain('name="state" value="&quot;&gt;&lt;b&gt;"');
  expect(page).toContain('続行');
});

it('shows disabled and unknown accounts on the page', async () => {
  fake.control.setUserEnabled(demoUsers.jiro.oid, false);
  const url = carried(authorizeUrl(fake, 2));
  expect((await press({ request: url, step: 'account', account: demoUsers.jiro.oid })).page).toContain('AADSTS50057');
  expect((await press({ request: url, step: 'account', account: '<nobody>' })).page).toContain(
    '「&lt;nobody&gt;」は見つかりません (AADSTS50034)',
  );
});

it('publishes discovery and keys, and knows no other path', async () => {
  const discovery = (await (
    await fetch(`${fake.loginUrl}/${demoTenant.domain}/v2.0/.well-known/openid-configuration`)
  ).json()) as Record<string, unknown>;
  expect(discovery.issuer).toBe(`${fake.loginUrl}/${demoTenant.id}/v2.0`);
  expect(discovery.authorization_endpoint).toBe(`${fake.loginUrl}/${demoTenant.domain}/oauth2/v2.0/authorize`);
  const keys = (await (await fetch(String(discovery.jwks_uri))).json()) as { keys: Record<string, unknown>[] };
  expect(keys.keys[0]).toMatchObject({ kty: 'RSA', use: 'sig' });
  expect(keys.keys[0]).not.toHaveProperty('d');
  const v1 = (await (
    await fetch(`${fake.loginUrl}/${demoTenant.id}/.well-known/openid-configuration`)
  ).json()) as Record<string, unknown>;
  expect(v1.issuer).toBe(`https://sts.windows.net/${demoTenant.id}/`);
  const lost = await open(`${fake.loginUrl}/${demoTenant.id}/oauth2/v2.0/tokens`);
  expect(lost.response.status).toBe(404);
  expect(lost.page).toContain('<html>');
  expect(demoApp.multiTenant).toBe(false);
});
