import { doctorStepIds } from '@argus/contract/endpoints/diagnosis';
import { demoApp, demoTenant, demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { providerOf, suffix } from '../support/build-app.ts';
import { authorizeAnew, callsTo, calmMicrosoft } from '../support/calm-microsoft.ts';
import { changeLink } from '../support/change-link.ts';
import { taroUpn, username } from '../support/linked-taro.ts';
import { factOf, runDoctor, stepOf, stepsThat } from '../support/run-doctor.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';

const hanakoUpn = demoUsers.hanako.userPrincipalName;
const plainHttp = ['token_tls', 'mail_tls'];
const ofUser = ['link', 'grant', 'refresh', 'identity', 'account_match', 'mailbox', 'messages'];

stageLinkedTaro();
beforeEach(authorizeAnew);
afterEach(async () => {
  calmMicrosoft();
  argus.fake.control.setApp({ multiTenant: false, clientId: demoApp.clientId });
  await change.restore();
});

const tokenCalls = (grantType: string) => callsTo('/token').filter((request) => request.grantType === grantType);
const grantRow = () => argus.services.db.grant.findFirstOrThrow();

const relink = (microsoftAccount: string) => changeLink(admin, username, microsoftAccount);

describe('a healthy connection', () => {
  it('every step is ok, with its findings; over plain http there is no certificate to check', async () => {
    const run = await runDoctor(admin, username);
    expect(run).toMatchObject({ state: 'ended', username, startedBy: 'admin@argus.example', firstFailure: null });
    expect(run.steps.map(({ id }) => id)).toEqual([...doctorStepIds]);
    expect(stepsThat(run, 'cannot_check')).toEqual(plainHttp);
    expect(stepsThat(run, 'ok')).toEqual(doctorStepIds.filter((id) => !plainHttp.includes(id)));
    expect(stepOf(run, 'mail_tls').reason).toBe('plain_http');
    expect(factOf(run, 'token_site', 'origin')).toBe(argus.fake.loginUrl);
    expect(factOf(run, 'mail_site', 'siteName')).toBe('graph');
    expect(factOf(run, 'token_dns', 'address')).toMatch(/^(127\.0\.0\.1|::1)$/);
    expect(factOf(run, 'client_secret', 'evidence')).toBe('client_credentials');
    expect(factOf(run, 'identity', 'authorizedAccount')).toBe(taroUpn);
    expect(factOf(run, 'identity', 'objectId')).toBe(demoUsers.taro.oid);
    expect(factOf(run, 'messages', 'messageCount')).toBe('10');
    for (const id of ['token_endpoint', 'identity', 'mailbox', 'messages'] as const) {
      expect(factOf(run, id, 'clientRequestId')).toMatch(/^[\da-f-]{36}$/);
      expect(stepOf(run, id).latencyMs).toBeGreaterThanOrEqual(0);
    }
    for (const id of ['suffix', 'provider', 'link'] as const) expect(stepOf(run, id).latencyMs).toBeNull();
  });

  it('shows the very URL to which the user’s browser is sent, without state, challenge, nonce and login hint', async () => {
    const run = await runDoctor(admin, null);
    const start = await user.send('GET', `/services/auth/oauth/${suffix}`);
    const sent = new URL(start.headers.get('location') ?? '');
    for (const name of ['state', 'code_challenge', 'code_challenge_method', 'nonce', 'login_hint']) {
      sent.searchParams.delete(name);
    }
    const shown = new URL(factOf(run, 'authorize_url', 'authorizeUrl') ?? '');
    sent.searchParams.sort();
    shown.searchParams.sort();
    expect(shown.href).toBe(sent.href);
  });

  it('without a user only the configuration is diagnosed, and client credentials prove the secret', async () => {
    const run = await runDoctor(admin, null);
    expect(run).toMatchObject({ state: 'ended', username: null, firstFailure: null });
    expect(stepsThat(run, 'cannot_check')).toEqual([...plainHttp, ...ofUser]);
    for (const id of ofUser) {
      expect(run.steps.find((step) => step.id === id)).toMatchObject({ reason: 'no_user', latencyMs: null });
    }
    expect(stepOf(run, 'client_secret').state).toBe('ok');
    expect(callsTo('/v1.0/')).toHaveLength(0);
  });

  it('v1 endpoints are asked with a resource, and need no offline_access', async () => {
    const v1 = `${argus.fake.loginUrl}/${demoTenant.id}/oauth2`;
    await change.provider({
      authorizeEndpointUrl: `${v1}/authorize`,
      tokenEndpointUrl: `${v1}/token`,
      resource: 'https://graph.microsoft.com',
      defaultScopes: 'openid',
    });
    const run = await runDoctor(admin, null);
    expect(run.firstFailure).toBeNull();
    expect(stepOf(run, 'client_secret').state).toBe('ok');
  });

  it('a secret that is sent in the header is tested in the header', async () => {
    await change.provider({ clientAuthentication: 'header' });
    expect(stepOf(await runDoctor(admin, null), 'client_secret').state).toBe('ok');
    expect(tokenCalls('client_credentials').map(({ clientAuth }) => clientAuth)).toEqual(['basic']);
  });
});

describe('the grant changes as by one refresh, and in no other way', () => {
  it('one refresh, whose rotated token is stored', async () => {
    argus.fake.control.setStrictRotation(true);
    const before = await grantRow();
    const run = await runDoctor(admin, username);
    expect(run.firstFailure).toBeNull();
    expect(tokenCalls('refresh_token')).toHaveLength(1);
    const { sealedTokens, accessExpiresAt, refreshedAt, version, updatedAt, ...rest } = await grantRow();
    expect(sealedTokens).not.toBe(before.sealedTokens);
    expect(version).toBe(before.version + 1);
    expect(before).toMatchObject(rest);
    // The old refresh token is dead at Microsoft: the new one was stored.
    expect((await runDoctor(admin, username)).firstFailure).toBeNull();
    expect((await user.call('GET /api/new-arrivals')).items.length).toBeGreaterThan(0);
  });

  it('while Microsoft throttles, Graph is not called at all', async () => {
    argus.fake.control.addFault({ target: 'messages', kind: 'retryAfter', retryAfter: '120' });
    const first = await runDoctor(admin, username);
    expect(first.firstFailure).toBe('messages');
    expect(stepOf(first, 'messages').problem).toMatchObject({ code: 'mail_throttled', retry: { afterSeconds: 120 } });
    expect(await user.fails('GET /api/new-arrivals')).toMatchObject({ code: 'mail_throttled' });
    argus.fake.control.clearFaults();
    argus.fake.control.clearRequests();
    const second = await runDoctor(admin, username);
    expect(second.firstFailure).toBe('identity');
    expect(stepOf(second, 'identity').problem).toMatchObject({ code: 'mail_throttled' });
    expect(stepsThat(second, 'not_reached')).toEqual(['account_match', 'mailbox', 'messages']);
    expect(callsTo('/v1.0/')).toHaveLength(0);
  });
});

describe('the secret is never reported as correct by inference', () => {
  it('a wrong one is rejected at a tenant URL, and the refresh is not tried', async () => {
    await change.provider({ consumerSecret: 'bogus' });
    const before = await grantRow();
    const run = await runDoctor(admin, username);
    expect(stepOf(run, 'token_endpoint').state).toBe('ok');
    expect(run.firstFailure).toBe('client_secret');
    expect(stepOf(run, 'client_secret').problem?.admin?.upstream).toMatchObject({ aadstsCodes: [7000215] });
    expect(stepOf(run, 'refresh').state).toBe('not_reached');
    expect(tokenCalls('refresh_token')).toHaveLength(0);
    expect(await grantRow()).toEqual(before);
  });

  it('on /common nothing can be proved without a user, whatever the secret is', async () => {
    argus.fake.control.setApp({ multiTenant: true });
    const { tokenEndpointUrl } = providerOf(argus.fake);
    const common = tokenEndpointUrl.replace(demoTenant.id, 'common');
    for (const consumerSecret of ['bogus', providerOf(argus.fake).consumerSecret]) {
      await change.provider({ tokenEndpointUrl: common, consumerSecret });
      const run = await runDoctor(admin, null);
      expect(stepOf(run, 'token_endpoint').state).toBe('ok');
      expect(stepOf(run, 'client_secret')).toMatchObject({ state: 'cannot_check', reason: 'shared_tenant' });
    }
  });

  it('on /common a user’s refresh proves it, or refutes it', async () => {
    argus.fake.control.setApp({ multiTenant: true });
    const tokenEndpointUrl = providerOf(argus.fake).tokenEndpointUrl.replace(demoTenant.id, 'common');
    await change.provider({ tokenEndpointUrl });
    const good = await runDoctor(admin, username);
    expect(stepOf(good, 'client_secret').state).toBe('ok');
    expect(factOf(good, 'client_secret', 'evidence')).toBe('refresh_token');
    await change.provider({ tokenEndpointUrl, consumerSecret: 'bogus' });
    const bad = await runDoctor(admin, username);
    expect(bad.firstFailure).toBe('client_secret');
    expect(stepOf(bad, 'client_secret').problem?.code).toBe(stepOf(bad, 'refresh').problem?.code);
  });

  it('a mail URL whose API the tenant does not know does not hide a wrong secret', async () => {
    const mailUrl = 'http://localhost:9/v1.0/me/mailFolders/inbox/messages';
    await change.settings({ mailUrl });
    await change.provider({ consumerSecret: 'bogus' });
    const run = await runDoctor(admin, null);
    expect(run.firstFailure).toBe('mail_site');
    expect(stepOf(run, 'client_secret').state).toBe('failed');
  });

  it('a reply about something else proves nothing', async () => {
    argus.fake.control.addFault({
      target: 'token',
      kind: 'status',
      status: 400,
      body: { error: 'interaction_required', error_codes: [50079] },
    });
    const run = await runDoctor(admin, null);
    expect(stepOf(run, 'client_secret')).toMatchObject({ state: 'cannot_check', reason: 'reply_inconclusive' });
  });
});

describe('the account', () => {
  it('a changed link is compared with the account that signed in, whose mail is not read', async () => {
    await relink(hanakoUpn);
    try {
      const run = await runDoctor(admin, username);
      expect(run.firstFailure).toBe('account_match');
      expect(stepOf(run, 'account_match').problem).toMatchObject({
        code: 'mail_account_mismatch',
        accounts: { linked: hanakoUpn, authorized: taroUpn },
      });
      expect(stepsThat(run, 'not_reached')).toEqual(['mailbox', 'messages']);
      expect(callsTo('/messages')).toHaveLength(0);
    } finally {
      await relink(taroUpn);
    }
  });

  it('another account that signed in, without a stored token, is reported from the stored authorization', async () => {
    await user.call('DELETE /api/authorization');
    await user.authorize(hanakoUpn);
    const run = await runDoctor(admin, username);
    expect(run.firstFailure).toBe('account_match');
    expect(stepOf(run, 'grant')).toMatchObject({ state: 'cannot_check', reason: 'no_grant' });
    expect(stepOf(run, 'account_match').problem).toMatchObject({ code: 'mail_account_mismatch' });
    expect(stepsThat(run, 'not_reached')).toEqual(['mailbox', 'messages']);
    expect(tokenCalls('refresh_token')).toHaveLength(0);
  });

  it('if /me fails, the mail of a matching authorization is still examined', async () => {
    argus.fake.control.addFault({ target: 'me', kind: 'status', status: 403, body: 'graph' });
    const run = await runDoctor(admin, username);
    expect(run.firstFailure).toBe('identity');
    expect(stepOf(run, 'account_match').state).toBe('not_reached');
    expect(stepOf(run, 'messages').state).toBe('ok');
  });

  it('a mail URL without a folder leaves the mailbox unchecked and lists the messages', async () => {
    await change.settings({ mailUrl: `${argus.fake.graphUrl}/v1.0/me/messages` });
    const run = await runDoctor(admin, username);
    expect(stepOf(run, 'mailbox')).toMatchObject({ state: 'cannot_check', reason: 'no_folder' });
    expect(stepOf(run, 'messages').state).toBe('ok');
  });
});

describe('who may see what', () => {
  it('an unknown user is not found, and no run is made', async () => {
    const before = await argus.services.db.doctorRun.count();
    expect(
      await admin.fails('POST /api/admin/doctor-runs', { body: { username: 'nobody@argus.example' } }),
    ).toMatchObject({ code: 'not_found' });
    expect(await argus.services.db.doctorRun.count()).toBe(before);
  });

  it('runs of everybody or of one user are listed, newest first, and audited', async () => {
    const own = await runDoctor(admin, username);
    const general = await runDoctor(admin, null);
    const all = await admin.call('GET /api/admin/doctor-runs');
    expect(all.items.slice(0, 2).map(({ id }) => id)).toEqual([general.id, own.id]);
    const ofTaro = await admin.call('GET /api/admin/doctor-runs', { query: { username } });
    expect(ofTaro.items[0]).toMatchObject({ id: own.id, username, state: 'ended', firstFailure: null });
    expect(ofTaro.items.every((item) => item.username === username)).toBe(true);
    const { items } = await admin.call('GET /api/admin/audit-events', { query: { action: 'connection_diagnosed' } });
    expect(items[0]).toMatchObject({ targetName: null, actorUsername: 'admin@argus.example' });
    expect(items[1]).toMatchObject({ targetKind: 'account', targetName: username });
  });

  it('a run of an administrator writes nothing into the error log', async () => {
    await change.provider({ consumerSecret: 'bogus' });
    const before = await argus.services.db.errorEvent.count();
    await runDoctor(admin, username);
    expect(await argus.services.db.errorEvent.count()).toBe(before);
  });

  it('neither a mail nor a token, code or secret is in the row or in the reply', async () => {
    const subject = 'canary-subject 見積書';
    argus.fake.control.injectMail({
      user: taroUpn,
      subject,
      from: { name: 'canary-name', address: 'canary-address@x.example' },
      preview: 'canary-preview',
    });
    const tokens = await argus.services.db.grant.findFirstOrThrow();
    const run = await runDoctor(admin, username);
    const text = JSON.stringify([run, await argus.services.db.doctorRun.findUniqueOrThrow({ where: { id: run.id } })]);
    expect(text).not.toMatch(/canary|見積書/);
    expect(text).not.toContain(providerOf(argus.fake).consumerSecret);
    expect(text).not.toContain(tokens.sealedTokens);
    // A JWT, or an opaque token of Entra's form.
    expect(text).not.toMatch(/eyJ[\w-]{10,}|[01]\.A[\w-]{20,}/);
  });
});
