import { demoApp, demoTenant, demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { providerOf } from '../support/build-app.ts';
import { calmMicrosoft } from '../support/calm-microsoft.ts';
import { taroUpn, username } from '../support/linked-taro.ts';
import { outcomeOf } from '../support/read-outcome.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';

stageLinkedTaro();
beforeEach(async () => {
  await admin.call('DELETE /api/admin/account-links/:id/authorization', { params: { id: (await row()).id } });
});
afterEach(async () => {
  calmMicrosoft();
  await change.restore();
});

async function row() {
  const [found] = (await admin.call('GET /api/admin/account-links', { query: { q: username } })).items;
  if (!found) throw new Error('no link');
  return found;
}
const authorize = async (upn: string) => outcomeOf(user, await user.authorize(upn));
const mail = () => user.send('GET', '/api/new-arrivals?refresh=true');

describe('field C1: GUIDs are compared without case', () => {
  it('field C1: a コンシューマ鍵 in capitals, whose aud comes back in lower case', async () => {
    await change.provider({ consumerKey: demoApp.clientId.toUpperCase() });
    expect(await authorize(taroUpn)).toMatchObject({ result: 'authorized' });
    // Pinned now: the ids of the id_token decide.
    expect(await authorize(taroUpn)).toMatchObject({ result: 'authorized' });
    expect((await mail()).status).toBe(200);
  });

  it('field C1: a tenant in capitals in both URLs', async () => {
    const { authorizeEndpointUrl, tokenEndpointUrl } = providerOf(argus.fake);
    const capitals = (url: string) => url.replace(demoTenant.id, demoTenant.id.toUpperCase());
    await change.provider({
      authorizeEndpointUrl: capitals(authorizeEndpointUrl),
      tokenEndpointUrl: capitals(tokenEndpointUrl),
    });
    expect(await authorize(taroUpn)).toMatchObject({ result: 'authorized' });
  });

  it('field C1: 発行者 with a tenant in capitals', async () => {
    await change.provider({ issuer: `${argus.fake.loginUrl}/${demoTenant.id.toUpperCase()}/v2.0` });
    const path = await user.consent(taroUpn);
    const iss = encodeURIComponent(`${argus.fake.loginUrl}/${demoTenant.id}/v2.0`);
    expect(await outcomeOf(user, await user.send('GET', `${path}&iss=${iss}`))).toMatchObject({ result: 'authorized' });
  });

  it('field C1: ids that were pinned in capitals', async () => {
    await authorize(taroUpn);
    await argus.services.db.accountLink.updateMany({
      data: { pinnedObjectId: demoUsers.taro.oid.toUpperCase(), pinnedTenantId: demoTenant.id.toUpperCase() },
    });
    expect(await authorize(taroUpn)).toMatchObject({ result: 'authorized' });
  });
});

describe('field C2: the account was deleted and created again under the same name', () => {
  const again = 'b2f0c0de-0001-4a6b-9c11-0d5a6e1f0001';

  /** As an Entra administrator does. */
  function recreate() {
    const { control } = argus.fake;
    control.deleteUser(taroUpn);
    control.addUser({ userPrincipalName: taroUpn, displayName: '山田 太郎', oid: again });
  }
  function restore() {
    const { control } = argus.fake;
    control.deleteUser(taroUpn);
    control.addUser({ userPrincipalName: taroUpn, displayName: '山田 太郎', oid: demoUsers.taro.oid });
  }
  afterEach(restore);

  it('field C2: it is refused; the message names the account once, and how an administrator accepts it', async () => {
    await authorize(taroUpn);
    recreate();
    const outcome = await authorize(taroUpn);
    expect(outcome.problem).toMatchObject({
      code: 'authorization_account_recreated',
      lines: [
        '設定されているアカウントと同じ名前の、別のMicrosoft365アカウントで認証されました。',
        `・アカウント：${taroUpn}`,
        'アカウントが削除され、同じ名前で作り直された可能性があります。システム管理者に連絡してください。',
      ],
    });
    const query = { errorId: outcome.problem?.errorId ?? '' };
    const [event] = (await admin.call('GET /api/admin/error-events', { query })).items;
    expect(event?.problem.admin?.causes[0]).toMatchObject({
      mendAt: '/admin/account-links?q=taro%40argus.example',
      menders: ['portal_admin', 'user'],
    });
    expect(event?.problem.admin?.causes[0]?.remedy).toContain('「このアカウントとして認め直す」');
    expect(await argus.services.db.grant.findFirst()).toMatchObject({ status: 'mismatch', sealedTokens: null });
    expect(await row()).toMatchObject({ state: 'mismatch', hint: 'account_recreated', authorizedAccount: taroUpn });
  });

  it('field C2: the portlet keeps the words of B2, and shows the administrator the true reason first', async () => {
    await authorize(taroUpn);
    recreate();
    await authorize(taroUpn);
    const problem = await user.fails('GET /api/new-arrivals', { query: { refresh: true } });
    expect(problem).toMatchObject({ code: 'mail_account_mismatch' });
    const query = { errorId: problem.errorId ?? '' };
    const [event] = (await admin.call('GET /api/admin/error-events', { query })).items;
    const causes = event?.problem.admin?.causes ?? [];
    expect(causes[0]?.condition).toContain('同じ名前（UPN）で作り直された場合');
    expect(causes.map(({ condition }) => condition).join()).not.toContain('利用者が違うアカウントで認証している場合');
  });

  it('field C2: an administrator accepts it by one call, which is audited; then it is authorized and pinned', async () => {
    await authorize(taroUpn);
    recreate();
    await authorize(taroUpn);
    const { id } = await row();
    await admin.call('DELETE /api/admin/account-links/:id/pinned-identity', { params: { id } });
    expect(await row()).toMatchObject({ state: 'not_authorized', hint: null });
    const audited = await argus.services.db.auditEvent.findFirst({ where: { action: 'account_pin_cleared' } });
    expect(audited).toMatchObject({ targetName: username });
    expect(await authorize(taroUpn)).toMatchObject({ result: 'authorized' });
    expect(await argus.services.db.accountLink.findFirst()).toMatchObject({ pinnedObjectId: again });
    expect((await mail()).status).toBe(200);
  });

  it('field C2: without a pin there is nothing to accept, and a working grant stays', async () => {
    const { id } = await row();
    const accept = { params: { id } };
    const count = () => argus.services.db.auditEvent.count({ where: { action: 'account_pin_cleared' } });
    const before = await count();
    await admin.call('DELETE /api/admin/account-links/:id/pinned-identity', accept);
    expect(await count()).toBe(before);
    await authorize(taroUpn);
    await admin.call('DELETE /api/admin/account-links/:id/pinned-identity', accept);
    expect((await mail()).status).toBe(200);
    expect(await user.fails('DELETE /api/admin/account-links/:id/pinned-identity', accept)).toMatchObject({
      status: 403,
    });
  });

  it('field C2: a name in an id_token that only resembles the link is not reported as the linked account', async () => {
    await authorize(taroUpn);
    argus.fake.control.setIdTokenClaims({ preferred_username: taroUpn });
    const outcome = await authorize(demoUsers.jiro.userPrincipalName);
    expect(outcome.problem).toMatchObject({ code: 'authorization_mismatch' });
    expect(outcome.authorizedAccount).toBe(demoUsers.jiro.userPrincipalName);
  });
});

describe('field C3: a personal account has one id', () => {
  const personal = 'taro.personal@outlook.example';

  beforeEach(async () => {
    const { control, loginUrl } = argus.fake;
    control.setApp({ multiTenant: true });
    control.addUser({
      userPrincipalName: personal,
      displayName: '個人 太郎',
      oid: '00000000-0000-0000-48d3-1887ad55a21a',
    });
    await change.provider({
      authorizeEndpointUrl: `${loginUrl}/common/oauth2/v2.0/authorize`,
      tokenEndpointUrl: `${loginUrl}/common/oauth2/v2.0/token`,
    });
    const { id, version } = await row();
    await admin.proveSelf();
    const body = { microsoftAccount: personal, version };
    await admin.call('PUT /api/admin/account-links/:id', { params: { id }, body });
  });
  afterEach(async () => {
    argus.fake.control.setApp({ multiTenant: false });
    argus.fake.control.deleteUser(personal);
    const { id, version } = await row();
    await admin.call('PUT /api/admin/account-links/:id', {
      params: { id },
      body: { microsoftAccount: taroUpn, version },
    });
  });

  it('field C3: the second authorization, by the id_token, is the same account as the first, by /me', async () => {
    expect(await authorize(personal)).toMatchObject({ result: 'authorized' });
    expect(await argus.services.db.accountLink.findFirst()).toMatchObject({ pinnedObjectId: '48d31887ad55a21a' });
    expect(await authorize(personal)).toMatchObject({ result: 'authorized' });
  });

  it('field C3: the same applies to ids that were pinned in the other form', async () => {
    await authorize(personal);
    await argus.services.db.accountLink.updateMany({
      data: { pinnedObjectId: '00000000-0000-0000-48D3-1887AD55A21A' },
    });
    expect(await authorize(personal)).toMatchObject({ result: 'authorized' });
  });
});

describe('field C4: the issuer of the redirect and that of the id_token are separate', () => {
  it('field C4: with no 発行者 set, the issuer of the id_token is checked against tenant and cloud', async () => {
    argus.fake.control.setIdTokenClaims({ iss: 'https://login.microsoftonline.com/other/v2.0' });
    expect(await authorize(taroUpn)).toMatchObject({ problem: { code: 'authorization_tenant_mismatch' } });
  });

  it('field C4: with 発行者 set, an iss of the redirect must equal it', async () => {
    await change.provider({ issuer: `${argus.fake.loginUrl}/${demoTenant.id}/v2.0` });
    const path = await user.consent(taroUpn);
    const reply = await user.send('GET', `${path}&iss=${encodeURIComponent('https://elsewhere.example/')}`);
    expect(reply.status).toBe(400);
  });
});

describe('field C5: /me decides whenever nothing is pinned', () => {
  it('field C5: a preferred_username that equals the link is not enough', async () => {
    argus.fake.control.setIdTokenClaims({ preferred_username: taroUpn });
    expect(await authorize(demoUsers.jiro.userPrincipalName)).toMatchObject({
      problem: { code: 'authorization_mismatch' },
    });
  });

  it('field C5: the same applies after an administrator has accepted another account', async () => {
    await authorize(taroUpn);
    await admin.call('DELETE /api/admin/account-links/:id/pinned-identity', { params: { id: (await row()).id } });
    argus.fake.control.setIdTokenClaims({ preferred_username: taroUpn });
    expect(await authorize(demoUsers.jiro.userPrincipalName)).toMatchObject({
      problem: { code: 'authorization_mismatch' },
    });
  });
});
