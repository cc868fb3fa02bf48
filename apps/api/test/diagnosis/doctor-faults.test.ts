import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { DoctorRunView, DoctorStepId } from '@argus/contract/endpoints/diagnosis';
import { demoTenant, demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { selfSigned } from '../../../../packages/egress/test/self-signed.ts';
import { providerOf } from '../support/build-app.ts';
import { authorizeAnew, calmMicrosoft } from '../support/calm-microsoft.ts';
import { taroUpn, username } from '../support/linked-taro.ts';
import { factOf, runDoctor, stepOf, stepsThat } from '../support/run-doctor.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';

const hanakoUpn = demoUsers.hanako.userPrincipalName;

stageLinkedTaro();
beforeEach(authorizeAnew);
afterEach(async () => {
  calmMicrosoft();
  argus.fake.control.setMailbox(taroUpn, true);
  await change.restore();
});

/** The run's first failure is this one, with its remedy, and independent steps ran all the same. */
function expectFailure(run: DoctorRunView, step: DoctorStepId, code: string, othersOk: readonly DoctorStepId[]) {
  expect(run).toMatchObject({ state: 'ended', firstFailure: step });
  const { problem } = stepOf(run, step);
  expect(problem?.code).toBe(code);
  expect(problem?.admin?.causes[0]?.remedy).toBeTruthy();
  expect(problem?.lines.length).toBeGreaterThan(0);
  expect(stepsThat(run, 'ok')).toEqual(expect.arrayContaining([...othersOk]));
  expect(stepsThat(run, 'running')).toEqual([]);
  expect(stepsThat(run, 'waiting')).toEqual([]);
}

describe('each fault ends at its step', () => {
  it('wrong suffix: B3 for a user with an authorization, A1 for one without, and A1 without a user', async () => {
    await change.settings({ authProviderUrlSuffix: 'Wrong' });
    expectFailure(await runDoctor(admin, username), 'provider', 'mail_provider_not_found', ['mail_dns', 'link']);
    await user.call('DELETE /api/authorization');
    expectFailure(await runDoctor(admin, username), 'provider', 'authorization_provider_not_found', ['mail_dns']);
    expectFailure(await runDoctor(admin, null), 'provider', 'authorization_provider_not_found', ['mail_dns']);
  });

  it('a step that Microsoft refused names the ids that Microsoft’s support asks for', async () => {
    argus.fake.control.setSwitches({ secretState: 'wrong' });
    const run = await runDoctor(admin, username);
    const ids = new Map(stepOf(run, 'token_endpoint').facts.map(({ name, value }) => [name, value]));
    for (const name of ['requestId', 'traceId', 'correlationId'] as const) {
      expect(ids.get(name), name).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    }
    expect(new Set([ids.get('traceId'), ids.get('correlationId')]).size).toBe(2);
  });

  it('no suffix at all', async () => {
    await change.settings({ authProviderUrlSuffix: '' });
    expectFailure(await runDoctor(admin, null), 'suffix', 'authorization_provider_not_found', ['mail_dns']);
  });

  it('remote site of the token endpoint missing: B6, with the near misses, and no request is sent', async () => {
    await change.site('login', false);
    const run = await runDoctor(admin, username);
    expectFailure(run, 'token_site', 'mail_token_site_not_registered', ['mail_dns', 'link', 'grant']);
    const { origin, nearMisses } = stepOf(run, 'token_site').problem?.admin ?? {};
    expect(origin).toBe(argus.fake.loginUrl);
    expect(nearMisses?.[0]).toMatchObject({ origin: argus.fake.loginUrl, difference: 'inactive' });
    expect(argus.fake.control.requests()).toEqual([]);
  });

  it('remote site of the mail URL missing: B5, while the token endpoint and the refresh are examined', async () => {
    await change.site('graph', false);
    const run = await runDoctor(admin, username);
    expectFailure(run, 'mail_site', 'mail_site_not_registered', ['token_endpoint', 'client_secret', 'refresh']);
    expect(argus.fake.control.requests().every(({ listener }) => listener === 'login')).toBe(true);
  });

  it('token endpoint wrong in its host: not registered, or registered and unreachable', async () => {
    const path = `/${demoTenant.id}/oauth2/v2.0/token`;
    await change.provider({ tokenEndpointUrl: `http://localhost:9${path}` });
    const unknown = await runDoctor(admin, username);
    expectFailure(unknown, 'token_site', 'mail_token_site_not_registered', ['mail_dns']);
    const closed = await change.closedSite();
    await change.provider({ tokenEndpointUrl: `${closed}${path}` });
    const unreachable = await runDoctor(admin, username);
    expectFailure(unreachable, 'token_tls', 'mail_token_endpoint_unreachable', ['token_dns', 'mail_dns']);
    expect(stepsThat(unreachable, 'not_reached')).toContain('refresh');
  });

  it('token endpoint wrong in its path: a missing page and an unknown tenant', async () => {
    const { loginUrl } = argus.fake;
    await change.provider({ tokenEndpointUrl: `${loginUrl}/nowhere/at/all` });
    expectFailure(await runDoctor(admin, username), 'token_endpoint', 'mail_token_endpoint_not_found', ['mail_dns']);
    await change.provider({ tokenEndpointUrl: `${loginUrl}/other.example/oauth2/v2.0/token` });
    const noTenant = await runDoctor(admin, username);
    expect(noTenant.firstFailure).toBe('token_endpoint');
    expect(stepOf(noTenant, 'token_endpoint').problem?.admin?.upstream?.aadstsCodes).toEqual([90002]);
  });

  it('a single-tenant app cannot use the token endpoint of /common', async () => {
    const tokenEndpointUrl = providerOf(argus.fake).tokenEndpointUrl.replace(demoTenant.id, 'common');
    await change.provider({ tokenEndpointUrl });
    const run = await runDoctor(admin, null);
    expect(run.firstFailure).toBe('token_endpoint');
    expect(stepOf(run, 'token_endpoint').problem?.admin?.upstream?.aadstsCodes).toEqual([50194]);
  });

  it('a consumer key that the tenant does not know fails the step of the secret', async () => {
    await change.provider({ consumerKey: '11111111-2222-4333-8444-555555555555' });
    const run = await runDoctor(admin, username);
    expect(run.firstFailure).toBe('client_secret');
    expect(stepOf(run, 'client_secret').problem?.admin?.upstream?.aadstsCodes).toEqual([700016]);
  });

  it('a wrong and an expired secret are distinguished', async () => {
    const codes: (string | undefined)[] = [];
    for (const [state, aadsts] of [
      ['wrong', 7000215],
      ['expired', 7000222],
    ] as const) {
      argus.fake.control.setSecretState(state);
      const run = await runDoctor(admin, username);
      expect(run.firstFailure).toBe('client_secret');
      expect(stepsThat(run, 'ok')).toEqual(expect.arrayContaining(['token_endpoint', 'grant', 'mail_dns']));
      const { problem } = stepOf(run, 'client_secret');
      expect(problem?.admin?.upstream?.aadstsCodes).toEqual([aadsts]);
      codes.push(problem?.code);
    }
    expect(codes[0]).not.toBe(codes[1]);
  });

  it('mail URL wrong in its host, and in its path', async () => {
    const path = '/v1.0/me/mailFolders/inbox/messages';
    await change.settings({ mailUrl: `http://localhost:9${path}` });
    expectFailure(await runDoctor(admin, username), 'mail_site', 'mail_site_not_registered', ['client_secret']);
    const closed = await change.closedSite();
    await change.settings({ mailUrl: `${closed}${path}` });
    const unreachable = await runDoctor(admin, username);
    expectFailure(unreachable, 'mail_tls', 'mail_endpoint_unreachable', ['client_secret', 'mail_dns']);
    expect(stepOf(unreachable, 'grant')).toMatchObject({ state: 'cannot_check', reason: 'suspended' });
    await change.settings({ mailUrl: `${argus.fake.graphUrl}/v1.0/me/nowhere` });
    const wrongPath = await runDoctor(admin, username);
    expectFailure(wrongPath, 'messages', 'mail_not_found', ['refresh', 'identity', 'account_match']);
    expect(stepOf(wrongPath, 'mailbox')).toMatchObject({ state: 'cannot_check', reason: 'no_folder' });
  });

  it('wrong account: B2 names both', async () => {
    await user.call('DELETE /api/authorization');
    await user.authorize(hanakoUpn);
    const run = await runDoctor(admin, username);
    expectFailure(run, 'account_match', 'mail_account_mismatch', ['client_secret', 'link']);
    expect(stepOf(run, 'account_match').problem?.accounts).toEqual({ linked: taroUpn, authorized: hanakoUpn });
  });

  it('no link, and consent declined: ordinary states', async () => {
    await user.call('DELETE /api/authorization');
    await user.authorize(taroUpn, false);
    expectFailure(await runDoctor(admin, username), 'grant', 'mail_not_authorized', ['client_secret', 'link']);
    const unlinked = 'jiro@argus.example';
    await argus.addAccount(unlinked);
    expectFailure(await runDoctor(admin, unlinked), 'link', 'mail_not_linked', ['client_secret', 'mail_dns']);
  });

  it('offline_access missing from the default scopes', async () => {
    await change.provider({ defaultScopes: 'openid profile email User.Read Mail.Read' });
    const run = await runDoctor(admin, username);
    expectFailure(run, 'authorize_url', 'authorization_refresh_token_missing', ['client_secret', 'messages']);
    expect(factOf(run, 'authorize_url', 'authorizeUrl')).toContain('scope=openid+profile');
  });

  it('no mailbox licence', async () => {
    argus.fake.control.setMailbox(taroUpn, false);
    const run = await runDoctor(admin, username);
    expectFailure(run, 'mailbox', 'mail_mailbox_not_enabled', ['refresh', 'identity', 'account_match']);
    expect(stepOf(run, 'messages').state).toBe('failed');
  });

  it('throttling: by Graph and by the token endpoint, with the wait; Graph is then not called', async () => {
    argus.fake.control.addFault({ target: 'me', kind: 'retryAfter', retryAfter: '30' });
    const graph = await runDoctor(admin, username);
    expectFailure(graph, 'identity', 'mail_throttled', ['refresh', 'client_secret']);
    expect(stepsThat(graph, 'not_reached')).toEqual(['account_match', 'mailbox', 'messages']);
    argus.fake.control.clearFaults();
    argus.fake.control.addFault({ target: 'token', kind: 'retryAfter', retryAfter: '30' });
    const token = await runDoctor(admin, username);
    expect(token.firstFailure).toBe('token_endpoint');
    expect(stepOf(token, 'token_endpoint').problem?.admin?.upstream).toMatchObject({ status: 429 });
    expect(stepsThat(token, 'not_reached')).toContain('refresh');
    expect(stepOf(token, 'token_endpoint').problem?.retry).toMatchObject({ kind: 'later', afterSeconds: 30 });
  });

  it('a grant that was revoked at Microsoft asks for a new authorization, in this run and in the next', async () => {
    argus.fake.control.revokeSessions(taroUpn);
    const run = await runDoctor(admin, username);
    expect(run.firstFailure).toBe('refresh');
    const { problem } = stepOf(run, 'refresh');
    expect(problem).toMatchObject({ retry: { kind: 'after_reconnect' } });
    expect(problem?.admin?.upstream?.aadstsCodes).toEqual([50173]);
    expect(stepOf(run, 'client_secret').state).toBe('ok');
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'reconnect_needed' });
    const again = await runDoctor(admin, username);
    expectFailure(again, 'grant', problem?.code ?? '', ['client_secret']);
    expect(await user.fails('GET /api/new-arrivals')).toMatchObject({ code: problem?.code });
  });
});

describe('over TLS', () => {
  const identity = selfSigned(['localhost'], 30);
  let requests = 0;
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    server = createServer(identity, (_request, response) => {
      requests += 1;
      response.writeHead(404).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    origin = `https://localhost:${(server.address() as AddressInfo).port}`;
    const site = { disableProtocolSecurity: false, active: true, description: '' };
    await admin.call('POST /api/admin/remote-sites', { body: { name: 'tls', url: origin, ...site } });
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('an untrusted certificate fails its step; a verified one is shown with its expiry date', async () => {
    await change.settings({ mailUrl: `${origin}/v1.0/me/mailFolders/inbox/messages` });
    const untrusted = await runDoctor(admin, username);
    expectFailure(untrusted, 'mail_tls', 'mail_endpoint_unreachable', ['mail_dns', 'client_secret']);
    expect(stepOf(untrusted, 'mail_tls').problem?.admin?.upstream).toMatchObject({
      networkCode: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    setDefaultCACertificates([...getCACertificates('default'), identity.cert]);
    const trusted = await runDoctor(admin, username);
    // What the user granted for another site is not sent to this one.
    expectFailure(trusted, 'grant', 'mail_connection_moved', ['mail_tls']);
    expect(requests).toBe(0);
    const days = (Date.parse(factOf(trusted, 'mail_tls', 'validUntil') ?? '') - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(28);
    expect(days).toBeLessThan(30.01);
    expect(factOf(trusted, 'mail_tls', 'certificateIssuer')).toBe('localhost');
  });
});

describe('hostile replies', () => {
  it.each([
    ['a page instead of JSON', { kind: 'html' as const }],
    ['a reply without end', { kind: 'hugeBody' as const, bytes: 30_000_000 }],
    ['a bomb', { kind: 'gzipBomb' as const }],
    ['broken JSON', { kind: 'malformedJson' as const }],
    ['other types', { kind: 'wrongTypes' as const }],
  ])('%s fails the step that received it, at the token endpoint and at Graph', async (_name, fault) => {
    argus.fake.control.addFault({ target: 'token', ...fault });
    const token = await runDoctor(admin, username);
    expect(token.firstFailure).toBe('token_endpoint');
    expect(stepOf(token, 'client_secret').state).toBe('not_reached');
    argus.fake.control.clearFaults();
    argus.fake.control.addFault({ target: 'messages', ...fault });
    const graph = await runDoctor(admin, username);
    expect(graph.firstFailure).toBe('messages');
    expect(stepOf(graph, 'messages').problem?.code).toBe('mail_reply_malformed');
  });

  it('a malformed name or id fails the step that asked for it, and is not stored', async () => {
    const { oid: id, userPrincipalName } = demoUsers.taro;
    for (const json of [
      { id, userPrincipalName: 'evil\0\ud800@contoso.example' },
      { id, userPrincipalName: 'evil\u202e@contoso.example' },
      { id, userPrincipalName: 'x'.repeat(1_000_000) },
      { id: 'x'.repeat(1_000_000), userPrincipalName },
    ]) {
      argus.fake.control.addFault({ target: 'me', kind: 'status', status: 200, body: { json }, times: 1 });
      const run = await runDoctor(admin, username);
      expect(run).toMatchObject({ state: 'ended', firstFailure: 'identity' });
      expect(stepOf(run, 'identity').problem?.code).toBe('mail_reply_malformed');
      expect(factOf(run, 'identity', 'authorizedAccount')).toBeUndefined();
      expect(JSON.stringify(run)).not.toMatch(/evil|xxxx/);
    }
  });

  it('a redirect is not followed: the secret is sent once, and to no other host', async () => {
    const location = `${argus.fake.graphUrl}/v1.0/elsewhere`;
    argus.fake.control.addFault({ target: 'token', kind: 'redirect', location, status: 307 });
    const run = await runDoctor(admin, username);
    expect(run.firstFailure).toBe('token_endpoint');
    await sleep(50);
    expect(argus.fake.control.requests().map(({ listener }) => listener)).toEqual(['login']);
  });
});
