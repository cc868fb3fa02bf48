import { demoTenant, demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { providerOf } from '../support/build-app.ts';
import { calmMicrosoft } from '../support/calm-microsoft.ts';
import { taroUpn, username } from '../support/linked-taro.ts';
import { outcomeOf } from '../support/read-outcome.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';

const jiroUpn = demoUsers.jiro.userPrincipalName;
const foreignTenant = '99999999-0d6e-4b7a-9c1d-5e2f8a7b6c40';

stageLinkedTaro();
beforeEach(async () => {
  const [link] = (await admin.call('GET /api/admin/account-links', { query: { q: username } })).items;
  // As an administrator does it: revoking the authorization clears the pins.
  await admin.call('DELETE /api/admin/account-links/:id/authorization', { params: { id: link?.id ?? '' } });
  argus.fake.control.clearRequests();
});
afterEach(async () => {
  calmMicrosoft();
  await change.restore();
});

const link = () => argus.services.db.accountLink.findFirstOrThrow();
const calls = (path: string) => argus.fake.control.requests().filter((request) => request.path.endsWith(path));
const outcome = async (upn: string) => outcomeOf(user, await user.authorize(upn));

describe('S-4: who signed in', () => {
  it('S-4: a name in an id_token that reads like the link does not suffice: /me decides, and nobody is pinned', async () => {
    argus.fake.control.setIdTokenClaims({ preferred_username: taroUpn });
    expect(await outcome(jiroUpn)).toMatchObject({
      result: 'failed',
      authorizedAccount: jiroUpn,
      problem: { code: 'authorization_mismatch' },
    });
    expect(calls('/me')).toHaveLength(1);
    expect(await link()).toMatchObject({ pinnedObjectId: null, pinnedTenantId: null });
    expect(await argus.services.db.grant.findFirstOrThrow()).toMatchObject({ status: 'mismatch', sealedTokens: null });
    argus.fake.control.setIdTokenClaims({});
    expect(await outcome(taroUpn)).toMatchObject({ result: 'authorized' });
  });

  it('S-4: an id_token of another tenant is refused though everything else fits', async () => {
    argus.fake.control.setIdTokenClaims({ tid: foreignTenant, iss: `${argus.fake.loginUrl}/${foreignTenant}/v2.0` });
    expect(await outcome(taroUpn)).toMatchObject({
      result: 'failed',
      problem: { code: 'authorization_tenant_mismatch' },
    });
    expect(await argus.services.db.grant.count()).toBe(0);
    expect(await link()).toMatchObject({ pinnedObjectId: null, pinnedTenantId: null });
  });

  it.each([
    ['of another tenant', () => `${argus.fake.loginUrl}/${foreignTenant}/v2.0`],
    ['of somebody else', () => 'https://login.evil.example/v2.0'],
    ['that only begins the same', () => `${argus.fake.loginUrl}/${demoTenant.id}/v2.0/x`],
  ])('S-4: an issuer %s is refused, without 発行者 being set', async (_name, iss) => {
    argus.fake.control.setIdTokenClaims({ iss: iss() });
    expect(await outcome(taroUpn)).toMatchObject({ problem: { code: 'authorization_tenant_mismatch' } });
  });

  it('S-4: if /me cannot be called, an id_token alone authorizes nobody', async () => {
    argus.fake.control.addFault({ target: 'me', kind: 'status', status: 403 });
    expect(await outcome(taroUpn)).toMatchObject({ result: 'failed' });
    expect(await argus.services.db.grant.count()).toBe(0);
  });

  const faults = [
    { kind: 'status', status: 503 },
    { kind: 'status', status: 403 },
    { kind: 'retryAfter', retryAfter: '30' },
    { kind: 'reset' },
  ] as const;
  for (const fault of faults) {
    const answer = 'status' in fault ? fault.status : fault.kind;
    it(`S-4: while /me fails (${answer}), a name in an id_token refutes nobody: its own error is told, as for the linked name`, async () => {
      const told: (string | undefined)[] = [];
      for (const claims of [{}, { preferred_username: 'taro@brand.example' }]) {
        argus.fake.control.setIdTokenClaims(claims);
        argus.fake.control.addFault({ target: 'me', ...fault });
        const { problem } = await outcome(taroUpn);
        told.push(problem?.code);
        argus.fake.control.clearFaults();
      }
      expect(told[1]).toBe(told[0]);
      expect(told[1]).not.toContain('mismatch');
      expect(await argus.services.db.grant.count()).toBe(0);
    });
  }

  it('S-4: while /me fails, an authorization under another name leaves a working grant without a pin as it is', async () => {
    await outcome(taroUpn);
    const [given] = (await admin.call('GET /api/admin/account-links', { query: { q: username } })).items;
    await admin.call('DELETE /api/admin/account-links/:id/pinned-identity', { params: { id: given?.id ?? '' } });
    const before = await argus.services.db.grant.findFirstOrThrow();
    expect(before).toMatchObject({ status: 'authorized' });
    argus.fake.control.setIdTokenClaims({ preferred_username: 'taro@brand.example' });
    argus.fake.control.addFault({ target: 'me', kind: 'status', status: 503 });
    expect(await outcome(taroUpn)).toMatchObject({ result: 'failed' });
    const { status, sealedTokens } = await argus.services.db.grant.findFirstOrThrow();
    expect({ status, sealedTokens }).toEqual({ status: 'authorized', sealedTokens: before.sealedTokens });
    argus.fake.control.clearFaults();
    expect((await user.send('GET', '/api/new-arrivals?refresh=true')).status).toBe(200);
  });

  it('S-4: once the account is pinned, another id in the id_token refutes it also while /me fails', async () => {
    await outcome(taroUpn);
    argus.fake.control.setIdTokenClaims({ oid: demoUsers.jiro.oid });
    argus.fake.control.addFault({ target: 'me', kind: 'status', status: 503 });
    expect(await outcome(taroUpn)).toMatchObject({ problem: { code: 'authorization_mismatch' } });
    expect(await argus.services.db.grant.findFirstOrThrow()).toMatchObject({ status: 'mismatch', sealedTokens: null });
  });

  it('S-4: once the account is pinned, its ids in the id_token decide, and /me is not asked again', async () => {
    await outcome(taroUpn);
    expect(await link()).toMatchObject({ pinnedObjectId: demoUsers.taro.oid, pinnedTenantId: demoTenant.id });
    argus.fake.control.clearRequests();
    expect(await outcome(taroUpn)).toMatchObject({ result: 'authorized' });
    expect(calls('/me')).toEqual([]);
    argus.fake.control.setIdTokenClaims({ oid: demoUsers.jiro.oid });
    expect(await outcome(taroUpn)).toMatchObject({ problem: { code: 'authorization_mismatch' } });
  });

  it('S-4: 発行者 keeps one meaning, the iss of the redirect; it says nothing of the id_token', async () => {
    await change.provider({ issuer: `${argus.fake.loginUrl}/${demoTenant.id}/v2.0` });
    // Entra sends no iss on the redirect.
    const callback = await user.consent(taroUpn);
    expect((await user.send('GET', callback)).status).toBe(400);
    const withIssuer = await user.consent(taroUpn);
    const iss = encodeURIComponent(`${argus.fake.loginUrl}/${demoTenant.id}/v2.0`);
    argus.fake.control.setIdTokenClaims({ iss: 'https://sts.windows.net/elsewhere/' });
    expect(await outcomeOf(user, await user.send('GET', `${withIssuer}&iss=${iss}`))).toMatchObject({
      problem: { code: 'authorization_tenant_mismatch' },
    });
  });

  it('S-4: a tenant given by its domain name accepts the tenant’s own tokens', async () => {
    const { tokenEndpointUrl } = providerOf(argus.fake);
    await change.provider({ tokenEndpointUrl: tokenEndpointUrl.replace(demoTenant.id, demoTenant.domain) });
    expect(await outcome(taroUpn)).toMatchObject({ result: 'authorized' });
  });
});
