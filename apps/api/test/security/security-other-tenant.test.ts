import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepAlive } from '../../src/connection/jobs/keep-alive.ts';
import { providerOf, suffix } from '../support/build-app.ts';
import { authorizeAnew, calmMicrosoft } from '../support/calm-microsoft.ts';
import { taroUpn } from '../support/linked-taro.ts';
import { runJob } from '../support/run-job.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';
import { expire, grant } from '../support/taros-grant.ts';
import { untilCalled } from '../support/wait-for.ts';

stageLinkedTaro({ leastRefreshMs: 1_000 });
beforeEach(authorizeAnew);
afterEach(async () => {
  calmMicrosoft();
  await change.restore();
});

const refresh = { query: { refresh: true } } as const;
const load = () => {
  argus.advance(20_000);
  return user.send('GET', '/api/new-arrivals?refresh=true');
};
const otherTenant = '99999999-8888-4777-8666-555555555555';
const inOtherTenant = () => {
  const { tokenEndpointUrl, authorizeEndpointUrl } = providerOf(argus.fake);
  const moved = (url: string) => url.replace(/\/[0-9a-f-]{36}\//, `/${otherTenant}/`);
  return { tokenEndpointUrl: moved(tokenEndpointUrl), authorizeEndpointUrl: moved(authorizeEndpointUrl) };
};

describe('S-2: another tenant at the same origin', () => {
  it('S-2: suspends the grants of the former, tells administrators, and restores them when it is put back', async () => {
    await user.call('GET /api/new-arrivals', refresh);
    const { id } = (await admin.call('GET /api/admin/auth-providers')).items[0] ?? { id: '' };
    const { tokenEndpointUrl } = inOtherTenant();
    const body = { tokenEndpointUrl };
    const preview = await admin.call('POST /api/admin/auth-providers/:id/origin-move', { params: { id }, body });
    expect(preview).toMatchObject({ moves: true, suspends: 1, names: ['taro@argus.example'], needsSecret: false });
    expect(preview.to).toBe(`${argus.fake.loginUrl}/${otherTenant}`);
    await change.provider(inOtherTenant());
    argus.fake.control.clearRequests();
    expect(await load()).toMatchObject({ status: 409, body: { code: 'mail_connection_moved' } });
    expect(argus.fake.control.requests()).toEqual([]);
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'reconnect_needed' });
    const { items } = await admin.call('GET /api/admin/notices');
    expect(items.filter(({ kind }) => kind === 'connection_moved')).not.toEqual([]);
    await change.provider({});
    expect(await load()).toMatchObject({ status: 200 });
    expect((await grant()).status).toBe('authorized');
  });

  it('S-2: stores no grant of a flow whose code is being redeemed at the former', async () => {
    await user.call('DELETE /api/authorization');
    argus.fake.control.clearRequests();
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 20_000, times: 1 });
    const flow = user.authorize(taroUpn);
    await untilCalled(argus, '/token');
    await change.provider(inOtherTenant());
    argus.fake.control.answerNow();
    await flow;
    expect(await argus.services.db.grant.count()).toBe(0);
  });

  it.each(['contoso.example', 'organizations'])('S-2: by way of /%s, too: each step counts', async (between) => {
    const { tokenEndpointUrl, authorizeEndpointUrl } = providerOf(argus.fake);
    const named = (url: string) => url.replace(/\/[0-9a-f-]{36}\//, `/${between}/`);
    const moves = () => argus.services.db.auditEvent.count({ where: { action: 'token_endpoint_moved' } });
    const before = await moves();
    await change.provider({
      tokenEndpointUrl: named(tokenEndpointUrl),
      authorizeEndpointUrl: named(authorizeEndpointUrl),
    });
    // A domain may be that of the same tenant.
    expect((await grant()).status).toBe('authorized');
    await user.send('GET', `/services/auth/oauth/${suffix}`);
    expect(await argus.services.db.authorizationTransaction.count({ where: { consumedAt: null } })).toBe(1);
    const { id } = (await admin.call('GET /api/admin/auth-providers')).items[0] ?? { id: '' };
    const body = { tokenEndpointUrl: inOtherTenant().tokenEndpointUrl };
    expect(await admin.call('POST /api/admin/auth-providers/:id/origin-move', { params: { id }, body })).toMatchObject({
      moves: true,
      suspends: 1,
      names: ['taro@argus.example'],
    });
    await change.provider(inOtherTenant());
    expect((await grant()).status).toBe('reconnect_needed');
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'reconnect_needed' });
    expect((await moves()) - before).toBe(2);
    expect(await argus.services.db.authorizationTransaction.count({ where: { consumedAt: null } })).toBe(0);
  });

  it('S-2: keep-alive leaves the suspended grants of the tenant that was left alone', async () => {
    await change.provider(inOtherTenant());
    const { db } = argus.services;
    const longAgo = new Date(0);
    await db.grant.updateMany({ data: { refreshedAt: longAgo, lastErrorAt: longAgo, refreshNotBefore: null } });
    await db.errorEvent.deleteMany();
    argus.fake.control.clearRequests();
    await runJob(argus, keepAlive);
    expect(argus.fake.control.requests()).toEqual([]);
    expect(await db.errorEvent.count()).toBe(0);
  });

  it('S-2: a shared name in place of a tenant, which may be the same, suspends nothing', async () => {
    const { tokenEndpointUrl } = providerOf(argus.fake);
    await change.provider({ tokenEndpointUrl: tokenEndpointUrl.replace(/\/[0-9a-f-]{36}\//, '/organizations/') });
    expect((await grant()).status).toBe('authorized');
  });
});

describe('S-7: a refusal by another app than the one that issued the tokens', () => {
  const otherApp = { consumerKey: '11111111-2222-4333-8444-555555555555', consumerSecret: 'other~secret' };
  /** As Entra says of a refresh token that another app was issued. */
  const notOurs = {
    json: { error: 'invalid_grant', error_codes: [70000], error_description: 'AADSTS70000: The grant is invalid.' },
  };
  const refuse = (times?: number) =>
    argus.fake.control.addFault({
      target: 'token',
      kind: 'status',
      status: 400,
      body: notOurs,
      ...(times === undefined ? {} : { times }),
    });

  it('S-7: deletes no tokens, and the former app, put back, goes on at once', async () => {
    await change.provider(otherApp);
    refuse();
    for (const _ of [1, 2, 3]) {
      await expire();
      await load();
      argus.advance(61_000);
    }
    expect(await grant()).toMatchObject({ status: 'reconnect_needed', sealedTokens: expect.any(String) });
    calmMicrosoft();
    await change.provider({});
    expect(await load()).toMatchObject({ status: 200 });
    expect((await grant()).status).toBe('authorized');
  });

  it('S-7: says nothing about the app that is named by the time it arrives', async () => {
    await change.provider(otherApp);
    refuse(1);
    await expire();
    await load();
    argus.advance(61_000);
    await expire();
    argus.fake.control.clearRequests();
    argus.fake.control.addFault({ target: 'token', kind: 'status', status: 400, body: notOurs, ms: 1_200, times: 1 });
    const late = load();
    await untilCalled(argus, '/token');
    await change.provider({});
    expect(await late).toMatchObject({ status: 200 });
    expect(await grant()).toMatchObject({ status: 'authorized', sealedTokens: expect.any(String) });
  });
});
