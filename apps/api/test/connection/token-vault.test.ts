import { randomUUID } from 'node:crypto';
import { startDeadline } from '@argus/egress/deadline';
import { demoApp } from '@argus/fake-microsoft/data/demo-company';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTokenVault } from '../../src/connection/grant-tokens.ts';
import { createTokenEndpoints } from '../../src/connection/oauth/token-client.ts';
import { findAuthProviderBySuffix } from '../../src/connection/records/auth-providers.ts';
import { findGrant, finishRefresh, takeRefreshLease } from '../../src/connection/records/grants.ts';
import { readSettings } from '../../src/connection/records/settings.ts';
import { suffix } from '../support/build-app.ts';
import { authorizeAnew, calmMicrosoft, tokenCalls } from '../support/calm-microsoft.ts';
import { taroUpn } from '../support/linked-taro.ts';
import { argus, stageLinkedTaro, user } from '../support/stage-argus.ts';
import { untilCalled } from '../support/wait-for.ts';

let accountId: string;

stageLinkedTaro();
beforeAll(async () => {
  accountId = (await argus.services.db.account.findFirstOrThrow({ where: { role: 'user' } })).id;
});
beforeEach(authorizeAnew);
afterEach(calmMicrosoft);

const refresh = { query: { refresh: true } };
const expire = () =>
  argus.services.db.grant.updateMany({ data: { accessExpiresAt: new Date(argus.services.now().getTime() - 1000) } });

/** Another process on the same database: it shares nothing in memory with the first. */
async function otherProcess() {
  const { db } = argus.services;
  const provider = await findAuthProviderBySuffix(db, suffix);
  if (!provider) throw new Error('no provider');
  const settings = await readSettings(db);
  const vault = createTokenVault(argus.services, createTokenEndpoints(argus.services));
  return {
    async accessToken() {
      const grant = await findGrant(db, accountId, provider.id);
      if (!grant) throw new Error('no grant');
      const deadline = startDeadline(5_000);
      return vault.withAccessToken({ purpose: 'mail', grant, provider, settings, deadline }, async (token) => token);
    },
  };
}

describe('the token vault', () => {
  it('V01: a dump of the database holds no token, secret or code in clear', async () => {
    await user.call('GET /api/new-arrivals');
    const { db } = argus.services;
    const dump = JSON.stringify(
      await Promise.all([
        db.grant.findMany(),
        db.authProvider.findMany(),
        db.authorizationTransaction.findMany(),
        db.authorizationTicket.findMany(),
        db.session.findMany(),
        db.mailCache.findMany(),
        db.auditEvent.findMany(),
        db.errorEvent.findMany(),
      ]),
    );
    const other = await otherProcess();
    const token = await other.accessToken();
    expect(token.length).toBeGreaterThan(20);
    expect(dump).not.toContain(token);
    expect(dump).not.toContain(demoApp.secrets[0]?.value);
    expect(dump).not.toMatch(/eyJ[\w-]+\.eyJ/);
    for (const cookie of user.cookies.values()) expect(dump).not.toContain(cookie.split('.')[0]);
  });

  it('V02: a sealed value moved to another row is refused, and that is audited', async () => {
    const { db } = argus.services;
    const grant = await db.grant.findFirstOrThrow();
    const stranger = await argus.addAccount(`stranger-${randomUUID()}@argus.example`);
    const { id: _, ...columns } = grant;
    const moved = await db.grant.create({ data: { ...columns, accountId: stranger } });
    await db.grant.delete({ where: { id: grant.id } });
    await db.grant.update({ where: { id: moved.id }, data: { accountId } });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'sealed_value_unreadable' });
    expect(await db.auditEvent.count({ where: { action: 'sealed_value_refused' } })).toBeGreaterThan(0);
  });

  it('V06: two processes and 100 callers refresh an expired token once', async () => {
    await expire();
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 300 });
    const processes = [await otherProcess(), await otherProcess()];
    const tokens = await Promise.all(
      Array.from({ length: 100 }, (_, i) => (processes[i % 2] as (typeof processes)[0]).accessToken()),
    );
    expect(new Set(tokens).size).toBe(1);
    expect(tokenCalls()).toHaveLength(1);
  });

  it('V07: a holder that was paused beyond its lease cannot overwrite the tokens of its successor', async () => {
    const { db, now } = argus.services;
    const provider = await findAuthProviderBySuffix(db, suffix);
    const grant = await findGrant(db, accountId, provider?.id ?? '');
    if (!provider || !grant) throw new Error('no grant');
    const stopped = randomUUID();
    expect(await takeRefreshLease(db, grant, { id: stopped, now: now(), until: new Date(now().getTime() - 1) })).toBe(
      true,
    );
    await expire();
    const token = await (await otherProcess()).accessToken();
    const stale = {
      sealedTokens: 'stale',
      accessExpiresAt: new Date(),
      refreshedAt: new Date(),
      clientId: provider.consumerKey,
      secretSetAt: null,
    };
    expect(await finishRefresh(db, grant, { id: stopped, isSpent: () => false }, stale, provider)).toBe(false);
    expect(await (await otherProcess()).accessToken()).toBe(token);
  });

  it('V08: tokens that were rotated and not saved end in "reconnect", without a loop', async () => {
    argus.fake.control.setStrictRotation(true);
    const { db } = argus.services;
    const before = await db.grant.findFirstOrThrow();
    await expire();
    await (await otherProcess()).accessToken();
    // The crash: the tokens that the server rotated were never stored.
    await db.grant.updateMany({ data: { sealedTokens: before.sealedTokens } });
    await expire();
    argus.fake.control.clearRequests();
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_refresh_refused_once' });
    argus.advance(61_000);
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_grant_damaged' });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_grant_damaged' });
    expect(tokenCalls()).toHaveLength(2);
  });

  it('V09: invalid_grant asks the user to authorize again, once', async () => {
    argus.fake.control.revokeSessions(taroUpn);
    await expire();
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_grant_revoked' });
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'reconnect_needed' });
    await user.fails('GET /api/new-arrivals', refresh);
    expect(tokenCalls()).toHaveLength(1);
    await user.authorize(taroUpn);
    expect((await user.call('GET /api/new-arrivals', refresh)).items.length).toBeGreaterThan(0);
  });

  it('V10: a 503 on refresh keeps the token and backs off', async () => {
    await expire();
    argus.fake.control.addFault({ target: 'token', kind: 'status', status: 503, times: 1 });
    const { code, retry } = await user.fails('GET /api/new-arrivals', refresh);
    expect({ code, ...retry }).toMatchObject({ code: 'mail_upstream_error', kind: 'later', afterSeconds: 20 });
    argus.advance(19_000);
    // field B1: the wait that is shown is kept, also for the token endpoint.
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_upstream_error' });
    expect(tokenCalls()).toHaveLength(1);
    argus.advance(2_000);
    expect((await user.call('GET /api/new-arrivals', refresh)).items.length).toBeGreaterThan(0);
  });

  it('V13: a refresh that brings no new refresh token keeps the old one', async () => {
    argus.fake.control.setWithholdRefreshToken(true);
    await expire();
    await (await otherProcess()).accessToken();
    await expire();
    await (await otherProcess()).accessToken();
    expect(tokenCalls()).toHaveLength(2);
  });

  it('V14: a revocation during a refresh stays in force', async () => {
    await expire();
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 20_000 });
    const refreshing = user.fails('GET /api/new-arrivals', refresh);
    await untilCalled(argus, '/token');
    await user.call('DELETE /api/authorization');
    argus.fake.control.answerNow();
    expect(await refreshing).toMatchObject({ code: 'mail_not_authorized' });
    expect(await argus.services.db.grant.count({ where: { accountId } })).toBe(0);
  });
});
