import { createServer, request } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { demoUsers } from '../src/data/demo-company.ts';
import { type FakeMicrosoft, startFakeMicrosoft } from '../src/start-fake-microsoft.ts';
import {
  authorizeUrl,
  codeForm,
  getGraph,
  getTokens,
  postToken,
  redirectUri,
  refreshForm,
  secret,
} from './demo-client.ts';

const inbox = '/v1.0/me/mailFolders/inbox/messages';
const taro = demoUsers.taro.userPrincipalName;
let fake: FakeMicrosoft;
beforeAll(async () => {
  fake = await startFakeMicrosoft();
});
afterAll(() => fake.close());
beforeEach(() => fake.control.reset());

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${fake.controlUrl}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as Record<string, unknown> };
}

const newest = async () =>
  (await getGraph(fake, `${inbox}?$top=1`, (await getTokens(fake)).access_token)).body.value[0];

it('injects mail over HTTP, with nulls and with raw JSON', async () => {
  const { status, body } = await call('POST', '/mail', {
    user: taro,
    subject: '新しいメール',
    from: { name: '試験 係', address: 'test@example.jp' },
    preview: '本文',
    importance: 'high',
    hasAttachments: true,
    flagStatus: 'flagged',
  });
  expect(status).toBe(200);
  expect(await newest()).toMatchObject({
    id: body.id,
    subject: '新しいメール',
    from: { emailAddress: { name: '試験 係', address: 'test@example.jp' } },
    importance: 'high',
    isRead: false,
    flag: { flagStatus: 'flagged' },
  });
  const later = new Date(Date.now() + 60_000).toISOString();
  await call('POST', '/mail', {
    user: taro,
    receivedDateTime: later,
    subject: null,
    from: null,
    preview: null,
    body: null,
    importance: null,
    isRead: null,
    hasAttachments: null,
    flagStatus: null,
    webLink: null,
  });
  expect(await newest()).toMatchObject({
    subject: null,
    from: null,
    bodyPreview: null,
    importance: null,
    isRead: null,
    flag: null,
    webLink: null,
  });
  fake.control.injectMail({
    user: taro,
    receivedDateTime: new Date(Date.now() + 120_000).toISOString(),
    raw: { id: 7, subject: ['?'] },
  });
  expect(await newest()).toEqual({ id: 7, subject: ['?'] });
});

it('marks a mail as read, changes its etag, and deletes it', async () => {
  const { id } = fake.control.injectMail({ user: taro, subject: 'x' });
  const before = await newest();
  expect((await call('POST', '/mail/read', { user: taro, id })).status).toBe(204);
  const after = await newest();
  expect([before?.isRead, after?.isRead]).toEqual([false, true]);
  expect(after?.['@odata.etag']).not.toBe(before?.['@odata.etag']);
  expect((await call('POST', '/mail/delete', { user: taro, id })).status).toBe(204);
  expect((await newest())?.id).not.toBe(id);
  expect((await call('POST', '/mail/delete', { user: taro, id })).status).toBe(404);
  await call('POST', '/mail/clear', { user: taro });
  expect(await newest()).toBeUndefined();
});

it('sets switches and faults over HTTP and refuses what it does not know', async () => {
  expect((await call('POST', '/switches', { secretState: 'expired', tokenLifetimeSeconds: 60 })).body).toEqual({
    secretState: 'expired',
    tokenLifetimeSeconds: 60,
    strictRotation: false,
    withholdRefreshToken: false,
    legacyMessages: false,
    managedConsentPolicy: false,
    idTokenClaims: {},
  });
  expect((await call('POST', '/switches', { secretstate: 'valid' })).status).toBe(400);
  expect((await call('POST', '/switches', { secretState: 'gone' })).status).toBe(400);
  const fault = await call('POST', '/faults', { target: 'token', kind: 'status', status: 500, times: 2 });
  expect(fault.body).toMatchObject({ target: 'token', times: 2 });
  for (const wrong of [
    { target: 'tokens', kind: 'reset' },
    { target: 'token', kind: 'rest' },
    { target: 'token', kind: 'delay' },
    { target: 'token', kind: 'reset', ms: 1 },
    { target: 'token', kind: 'status', status: 99 },
  ]) {
    expect((await call('POST', '/faults', wrong)).status).toBe(400);
  }
  expect((await call('DELETE', `/faults/${fault.body.id}`)).status).toBe(204);
  expect((await call('DELETE', `/faults/${fault.body.id}`)).status).toBe(404);
  expect((await call('DELETE', '/faults')).status).toBe(204);
  expect((await call('GET', '/faults')).body).toEqual([]);
});

it('changes the directory', async () => {
  await call('POST', '/users', { userPrincipalName: 'new@contoso.example', displayName: '新 人' });
  expect(
    (await call('POST', '/users', { userPrincipalName: 'NEW@contoso.example', displayName: '新 人' })).status,
  ).toBe(409);
  fake.control.injectMail({ user: 'new@contoso.example', subject: 'ようこそ' });
  const { access_token } = await getTokens(fake, 'new@contoso.example');
  expect((await getGraph(fake, inbox, access_token)).body.value).toHaveLength(1);
  await call('POST', '/users/new@contoso.example/mailbox', { hasMailbox: false });
  expect((await getGraph(fake, inbox, access_token)).body.error.code).toBe('MailboxNotEnabledForRESTAPI');
  await call('POST', '/users/new@contoso.example/rename', { userPrincipalName: 'old@contoso.example' });
  expect((await getGraph(fake, '/v1.0/me', access_token)).body.userPrincipalName).toBe('old@contoso.example');
  expect((await call('DELETE', '/users/old@contoso.example')).status).toBe(204);
  expect((await getGraph(fake, '/v1.0/me', access_token)).body.error.code).toBe('Request_ResourceNotFound');
  expect((await call('POST', '/users/nobody/disable')).status).toBe(404);
});

it('signs in for a test that has no browser, and declines for it', async () => {
  const order = { authorizeUrl: authorizeUrl(fake, 2), user: taro };
  const accepted = await call('POST', '/sign-in', order);
  const answer = new URL(String(accepted.body.redirectUrl));
  expect(`${answer.origin}${answer.pathname}`).toBe(redirectUri);
  expect((await postToken(fake, 2, codeForm(answer.searchParams.get('code') ?? ''))).status).toBe(200);
  const declined = await call('POST', '/sign-in', { ...order, accept: false });
  expect(new URL(String(declined.body.redirectUrl)).searchParams.get('error_subcode')).toBe('cancel');
  const stopped = await call('POST', '/sign-in', {
    ...order,
    authorizeUrl: authorizeUrl(fake, 2, { redirect_uri: 'http://evil.example' }),
  });
  expect(stopped.status).toBe(409);
  expect(String(stopped.body.page)).toContain('AADSTS50011');
});

it('takes another redirect URI when it is registered', async () => {
  fake.control.setApp({ redirectUris: ['https://argus.example/services/authcallback/*'] });
  const order = (uri: string) =>
    fake.control.signIn({ authorizeUrl: authorizeUrl(fake, 2, { redirect_uri: uri }), user: taro });
  expect((await order('https://argus.example/services/authcallback/M365')).redirectUrl).toContain('code=');
  await expect(order('https://argus.example/services/authcallback/a/b')).rejects.toThrow();
  await expect(order('https://argusXexample/services/authcallback/a')).rejects.toThrow();
  await expect(order(redirectUri)).rejects.toThrow();
});

it('records every call without a secret in it', async () => {
  const tokens = await getTokens(fake);
  await postToken(fake, 2, refreshForm(tokens.refresh_token));
  await getGraph(fake, `${inbox}?$top=1`, tokens.access_token, { 'client-request-id': 'abc' });
  const records = fake.control.requests();
  expect(records.filter((entry) => entry.grantType === 'refresh_token')).toHaveLength(1);
  expect(records.at(-1)).toMatchObject({
    listener: 'graph',
    method: 'GET',
    path: inbox,
    query: { $top: '1' },
    user: taro,
    status: 200,
    aborted: false,
    headers: { 'client-request-id': 'abc' },
  });
  const text = JSON.stringify(records);
  for (const value of [secret, tokens.access_token, tokens.refresh_token, 'a state & more'])
    expect(text).not.toContain(String(value));
  expect(text).not.toContain('_control');
  await call('DELETE', '/requests');
  expect((await call('GET', '/requests')).body).toEqual([]);
});

it('answers to this machine only: no other origin, no other host name', async () => {
  expect((await call('POST', '/reset', undefined, { origin: 'http://evil.example' })).status).toBe(403);
  // fetch does not let a caller set Host.
  const rebound = await new Promise<number>((resolve) => {
    request(`${fake.controlUrl}/`, { headers: { host: 'evil.example' } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).end();
  });
  expect(rebound).toBe(403);
  expect((await call('GET', '/')).body).toMatchObject({ graphUrl: fake.graphUrl, loginUrl: fake.loginUrl });
  expect(JSON.stringify((await call('GET', '/')).body)).not.toContain(secret);
});

it('returns to its initial state on reset', async () => {
  fake.control.rotateSecret();
  fake.control.deleteUser(taro);
  fake.control.setSecretState('wrong');
  fake.control.addFault({ target: 'login', kind: 'reset' });
  expect((await call('POST', '/reset')).status).toBe(204);
  expect((await getTokens(fake)).token_type).toBe('Bearer');
  expect(fake.control.faults()).toEqual([]);
});

it('listens on loopback only, and says which port is taken', async () => {
  const port = Number(new URL(fake.loginUrl).port);
  await expect(startFakeMicrosoft({ loginPort: port })).rejects.toMatchObject({ code: 'EADDRINUSE', port });
  const holder = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  const address = holder.address();
  const graphPort = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(startFakeMicrosoft({ graphPort })).rejects.toMatchObject({ code: 'EADDRINUSE', port: graphPort });
  holder.close();
});

it('keeps adding mail to every mailbox when asked to', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const lively = await startFakeMicrosoft({ liveMail: { everySeconds: 30 } });
  try {
    const { access_token } = await getTokens(lively);
    const count = async () =>
      (await getGraph(lively, `${inbox}?$count=true&$top=1`, access_token)).body['@odata.count'];
    expect(await count()).toBe(26);
    vi.advanceTimersByTime(90_000);
    expect(await count()).toBe(29);
    vi.advanceTimersByTime(30_000 * 600);
    expect(await count()).toBe(500);
  } finally {
    await lively.close();
    vi.useRealTimers();
  }
});
