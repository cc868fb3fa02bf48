import type { Problem } from '@argus/contract/errors/problem';
import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { present } from '@argus/fields/present';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keepAlive } from '../../src/connection/jobs/keep-alive.ts';
import { noteBusyReply } from '../../src/connection/records/token-pauses.ts';
import { type Browser, providerOf } from '../support/build-app.ts';
import { misconfigure } from '../support/misconfigure.ts';
import { runDoctor, runSelfCheck, stepOf } from '../support/run-doctor.ts';
import { runJob } from '../support/run-job.ts';
import { admin, argus, stageConnected } from '../support/stage-argus.ts';

const dayMs = 24 * 3600_000;
const people = Object.values(demoUsers).map(({ userPrincipalName }) => ({
  upn: userPrincipalName,
  username: userPrincipalName.toLowerCase().replace('contoso', 'portal'),
}));
const [first, second, third] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];

const browsers = new Map<string, Browser>();

stageConnected();
beforeAll(async () => {
  for (const { upn, username } of people) {
    browsers.set(username, await argus.signedIn(username));
    await admin.call('POST /api/admin/account-links', { body: { username, microsoftAccount: upn } });
  }
});
beforeEach(async () => {
  argus.fake.control.clearFaults();
  await misconfigure(argus, admin).restore();
  await misconfigure(argus, admin).provider({});
  await argus.services.db.tokenPause.deleteMany();
  for (const { upn, username } of people) {
    await of(username).call('DELETE /api/authorization');
    await of(username).authorize(upn);
  }
  await setIdle(46);
  await argus.services.db.errorEvent.deleteMany({});
  argus.fake.control.clearRequests();
});

function of(username: string): Browser {
  const browser = browsers.get(username);
  if (!browser) throw new Error(`nobody is ${username}`);
  return browser;
}

const daysAgo = (days: number) => new Date(argus.services.now().getTime() - days * dayMs);
async function setIdle(days: number, username?: string) {
  await argus.services.db.grant.updateMany({
    where: username === undefined ? {} : { account: { username } },
    data: { refreshedAt: daysAgo(days) },
  });
}
const grants = () => argus.services.db.grant.findMany({ orderBy: { id: 'asc' } });
const grantOf = (username: string) => argus.services.db.grant.findFirstOrThrow({ where: { account: { username } } });
/** As if the waits that Microsoft asked for were over. */
async function forgetWaits() {
  await argus.services.db.grant.updateMany({ data: { refreshNotBefore: null, tokenWaitUntil: null } });
  await argus.services.db.tokenPause.deleteMany();
}
const tokenCalls = () => argus.fake.control.requests().filter(({ path }) => path.endsWith('/token')).length;
const events = async () => {
  const { items } = await admin.call('GET /api/admin/error-events');
  return items.map(({ code, username }) => ({ code, username }));
};

describe('keep-alive', () => {
  it('refreshes every grant that nobody used for 45 days, and no other', async () => {
    await setIdle(44, first.username);
    const before = await grantOf(first.username);
    await runJob(argus, keepAlive);
    expect(tokenCalls()).toBe(people.length - 1);
    expect(await grantOf(first.username)).toEqual(before);
    const renewed = await grantOf(second.username);
    expect(renewed.refreshedAt.getTime()).toBeGreaterThan(daysAgo(1).getTime());
    expect(renewed).toMatchObject({ status: 'authorized', lastSuccessAt: null, lastErrorCode: null });
    expect((await of(second.username).call('GET /api/new-arrivals')).items.length).toBeGreaterThan(0);
    argus.fake.control.clearRequests();
    await runJob(argus, keepAlive);
    expect(tokenCalls()).toBe(0);
    expect(await events()).toEqual([]);
  });

  it('leaves out grants that nobody can use', async () => {
    const { db } = argus.services;
    const [inactive, unlinked, other, ended, ...rest] = people.map(({ username }) => username);
    await db.account.updateMany({ where: { username: inactive ?? '' }, data: { active: false } });
    const link = await db.accountLink.findFirstOrThrow({ where: { account: { username: unlinked ?? '' } } });
    await db.accountLink.delete({ where: { id: link.id } });
    const otherLink = await db.accountLink.findFirstOrThrow({ where: { account: { username: other ?? '' } } });
    await db.grant.updateMany({
      where: { accountId: otherLink.accountId },
      data: { verifiedLinkKey: 'somebody@contoso.example', refutedLinkKey: otherLink.microsoftAccountKey },
    });
    await db.grant.updateMany({
      where: { account: { username: ended ?? '' } },
      data: { status: 'reconnect_needed', sealedTokens: null },
    });
    try {
      await runJob(argus, keepAlive);
      expect(tokenCalls()).toBe(rest.length);
      expect((await grantOf(inactive ?? '')).refreshedAt.getTime()).toBeLessThan(daysAgo(45).getTime());
    } finally {
      await db.account.updateMany({ data: { active: true } });
      await db.accountLink.create({ data: link });
    }
  });

  it('S-7: a grant that Microsoft refused for a while is tried again, and works', async () => {
    const refused = { status: 'reconnect_needed', refreshNotBefore: daysAgo(40), lastErrorAt: daysAgo(40) } as const;
    const { id } = await grantOf(first.username);
    await argus.services.db.grant.update({
      where: { id },
      data: { ...refused, lastErrorCode: 'mail_account_disabled' },
    });
    await runJob(argus, keepAlive);
    const after = await grantOf(first.username);
    expect(after).toMatchObject({ status: 'authorized' });
    expect(after.refreshedAt.getTime()).toBeGreaterThan(daysAgo(1).getTime());
  });

  it('a user whose grant was revoked at Microsoft is asked to authorize again, with the reason', async () => {
    argus.fake.control.revokeSessions(first.upn);
    await runJob(argus, keepAlive);
    const grant = await grantOf(first.username);
    expect(grant).toMatchObject({ status: 'reconnect_needed', sealedTokens: null });
    expect(await events()).toEqual([{ code: grant.lastErrorCode, username: first.username }]);
    expect(await of(first.username).call('GET /api/authorization')).toMatchObject({ state: 'reconnect_needed' });
    expect(await of(first.username).fails('GET /api/new-arrivals')).toMatchObject({
      code: grant.lastErrorCode,
      retry: { kind: 'after_reconnect' },
    });
    expect((await grantOf(second.username)).refreshedAt.getTime()).toBeGreaterThan(daysAgo(1).getTime());
    // And Microsoft is not asked about it again.
    argus.fake.control.clearRequests();
    await runJob(argus, keepAlive);
    expect(tokenCalls()).toBe(0);
  });

  it('a fault of the whole connection stops it, changes no grant, and is reported once', async () => {
    const change = misconfigure(argus, admin);
    const codes: string[] = [];
    for (const setUp of [
      () => change.provider({ consumerSecret: 'wrong-secret' }),
      () => change.site('login', false),
      () => argus.fake.control.addFault({ target: 'token', kind: 'retryAfter', retryAfter: '30' }),
      () => argus.fake.control.addFault({ target: 'token', kind: 'status', status: 503 }),
      () => argus.fake.control.addFault({ target: 'token', kind: 'hangBeforeHeaders' }),
    ]) {
      await setUp();
      await forgetWaits();
      const before = await grants();
      await argus.services.db.errorEvent.deleteMany({});
      argus.fake.control.clearRequests();
      const since = performance.now();
      const runId = await runJob(argus, keepAlive);
      // Five seconds are the whole time budget of the settings.
      expect(performance.now() - since).toBeLessThan(8_000);
      expect(tokenCalls()).toBeLessThanOrEqual(4);
      const unlike = (await grants()).map((grant, index) => ({
        ...grant,
        // The pause that the endpoint asked for is stored, as after any refresh.
        refreshNotBefore: null,
        tokenWaitUntil: null,
        tokenWaitBy: null,
        keptAliveAt: before[index]?.keptAliveAt,
        updatedAt: before[index]?.updatedAt,
      }));
      expect(unlike).toEqual(before);
      const { items } = await admin.call('GET /api/admin/error-events');
      expect(items).toMatchObject([{ username: null, requestId: runId }]);
      codes.push(items[0]?.code ?? '');
      argus.fake.control.clearFaults();
      await change.restore();
      await change.provider({});
    }
    expect(codes).toEqual([
      expect.stringMatching(/^mail_(secret_|client_rejected)/),
      'mail_token_site_not_registered',
      expect.stringMatching(/^mail_(token_)?throttled$/),
      'mail_upstream_error',
      'mail_timeout',
    ]);
    await forgetWaits();
    await runJob(argus, keepAlive);
    expect((await grants()).every(({ refreshedAt }) => refreshedAt > daysAgo(1))).toBe(true);
  });

  it('an unknown answer about one user delays that user for a day, and nobody else', async () => {
    const body = { error: 'invalid_request', error_codes: [50999] };
    argus.fake.control.addFault({ target: 'token', kind: 'status', status: 400, body, user: first.upn });
    await setIdle(60, first.username);
    await runJob(argus, keepAlive);
    expect(await grantOf(first.username)).toMatchObject({ status: 'authorized', lastErrorCode: 'mail_rejected' });
    expect(await events()).toEqual([{ code: 'mail_rejected', username: first.username }]);
    expect((await grantOf(third.username)).refreshedAt.getTime()).toBeGreaterThan(daysAgo(1).getTime());
    argus.fake.control.clearRequests();
    await runJob(argus, keepAlive);
    expect(tokenCalls()).toBe(0);
    argus.fake.control.clearFaults();
    await runJob(argus, keepAlive, { laterMs: dayMs });
    expect(tokenCalls()).toBe(1);
    expect((await grantOf(first.username)).refreshedAt.getTime()).toBeGreaterThan(daysAgo(1).getTime());
  });

  it('the same unknown answer for everybody stops it after a few users', async () => {
    const body = { error: 'invalid_request', error_codes: [50999] };
    argus.fake.control.addFault({ target: 'token', kind: 'status', status: 400, body });
    await runJob(argus, keepAlive);
    expect(tokenCalls()).toBeLessThan(people.length);
    expect((await events()).filter(({ username }) => username === null)).toEqual([
      { code: 'mail_rejected', username: null },
    ]);
  });

  it('an unreachable provider does not delay other providers', async () => {
    const broken = await admin.call('POST /api/admin/auth-providers', {
      body: {
        ...providerOf(argus.fake),
        name: 'A broken one, first by name',
        urlSuffix: 'Broken',
        tokenEndpointUrl: `${await misconfigure(argus, admin).closedSite()}/token`,
      },
    });
    const grant = await grantOf(first.username);
    await argus.services.db.grant.update({ where: { id: grant.id }, data: { providerId: broken.id } });
    await runJob(argus, keepAlive);
    expect(tokenCalls()).toBe(people.length - 1);
    expect(await events()).toEqual([{ code: 'mail_token_endpoint_unreachable', username: null }]);
    await admin.call('DELETE /api/admin/auth-providers/:id', { params: { id: broken.id } });
  });

  it('starts nothing once Argus stops', async () => {
    await runJob(argus, keepAlive, { signal: AbortSignal.abort() });
    expect(tokenCalls()).toBe(0);
  });
});

describe('field B1: a token endpoint that asks Argus to wait', () => {
  const expire = () => argus.services.db.grant.updateMany({ data: { accessExpiresAt: daysAgo(1) } });
  const load = async ({ username }: { username: string }) => {
    await expire();
    await argus.services.db.mailCache.deleteMany();
    const { status, body } = await of(username).send('GET', '/api/new-arrivals?refresh=true');
    return status === 200 ? (body as { problem?: Problem }).problem : (body as Problem);
  };
  const busy = (retryAfter: string, user?: string) =>
    argus.fake.control.addFault({ target: 'token', kind: 'retryAfter', retryAfter, ...present({ user }) });

  it('field B1: is not called for any user, the job or a diagnosis, once it has asked two users to wait', async () => {
    busy('40');
    for (const person of [first, second]) {
      expect(await load(person)).toMatchObject({ code: 'mail_throttled', retry: { kind: 'later', afterSeconds: 40 } });
    }
    argus.fake.control.clearRequests();
    expect(await load(third)).toMatchObject({ code: 'mail_throttled', retry: { kind: 'later' } });
    expect(stepOf(await runDoctor(admin, third.username), 'token_endpoint')).toMatchObject({ state: 'failed' });
    await runJob(argus, keepAlive);
    expect(tokenCalls()).toBe(0);
    argus.fake.control.clearFaults();
    argus.advance(41_000);
    for (const person of [third, first, second]) expect(await load(person)).toBeUndefined();
    expect(await argus.services.db.tokenPause.count()).toBe(0);
  });

  it('field B1: is left alone for longer each time it asks again', async () => {
    busy('10');
    const pauses: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      for (const person of [first, second]) await load(person);
      const { seconds } = await argus.services.db.tokenPause.findFirstOrThrow();
      pauses.push(seconds);
      await forgetOwnWaits();
      argus.advance((seconds + 1) * 1000);
    }
    const [one = 0, two = 0, three = 0] = pauses;
    expect(one).toBe(10);
    expect(two).toBeGreaterThanOrEqual(20);
    expect(three).toBeGreaterThanOrEqual(2 * two);
    expect(three).toBeLessThanOrEqual(58);
  });

  it('field B1: is not called by the own check of a waiting user, which does not shorten the next wait', async () => {
    busy('20');
    let former = 0;
    for (let round = 0; round < 3; round += 1) {
      const { afterSeconds = 0 } = (await load(first))?.retry ?? {};
      expect(afterSeconds).toBeGreaterThanOrEqual(Math.max(20, 2 * former));
      former = afterSeconds;
      argus.advance((afterSeconds - 3) * 1000);
      argus.fake.control.clearRequests();
      expect(await load(first)).toMatchObject({ code: 'mail_throttled' });
      await runSelfCheck(of(first.username));
      expect(tokenCalls()).toBe(0);
      argus.advance(4_000);
    }
  });

  it('field B1: delays nobody else if it asks one user to wait for an hour', async () => {
    busy('1', first.upn);
    let former = 0;
    for (let round = 0; round < 8; round += 1) {
      const problem = await load(first);
      expect(problem).toMatchObject({ code: 'mail_throttled' });
      const { afterSeconds = 0 } = problem?.retry ?? {};
      expect(afterSeconds).toBeGreaterThanOrEqual(Math.min(900, 2 * former));
      former = afterSeconds;
      if (round % 2 === 1) for (const person of [second, third]) expect(await load(person)).toBeUndefined();
      argus.advance((afterSeconds + 1) * 1000);
    }
    expect(await load(third)).toBeUndefined();
  });

  it.each([
    [50173, 'mail_grant_revoked'],
    [50057, 'mail_account_disabled'],
    [53003, 'mail_access_blocked'],
    [50196, 'mail_request_loop'],
  ])('field B1: a refusal of two users (AADSTS%d) affects only them, even with Retry-After', async (number, code) => {
    const body = { error: 'invalid_grant', error_codes: [number] };
    for (const { upn } of [first, second]) {
      argus.fake.control.addFault({ target: 'token', kind: 'status', status: 400, body, retryAfter: '240', user: upn });
    }
    for (const person of [first, second]) expect(await load(person)).toMatchObject({ code });
    expect(await load(third)).toBeUndefined();
  });

  it('field B1: is called at once after an administrator names another, or somebody authorizes there', async () => {
    const meetIt = async () => {
      busy('300');
      for (const person of [first, second]) await load(person);
      argus.fake.control.clearFaults();
      expect(await load(third)).toMatchObject({ code: 'mail_throttled' });
    };
    await meetIt();
    await of(second.username).authorize(second.upn);
    expect(await load(third)).toBeUndefined();
    await forgetWaits();
    await meetIt();
    const other = providerOf(argus.fake).tokenEndpointUrl.replace('/oauth2/v2.0/', '/oauth2/V2.0/');
    await misconfigure(argus, admin).provider({ tokenEndpointUrl: other });
    for (const person of [first, second, third]) expect((await load(person))?.code).not.toBe('mail_throttled');
  });

  it('field B1: one user alone delays nobody else, not even with two authorizations in a row', async () => {
    const { db, now } = argus.services;
    const provider = await db.authProvider.findFirstOrThrow();
    const meet = async (username: string) =>
      noteBusyReply(db, provider, {
        ...{ grant: await grantOf(username), code: 'mail_throttled', at: now() },
        waitAfter: () => 300,
      });
    const former = await grantOf(first.username);
    expect(await meet(first.username)).toBeNull();
    await of(first.username).authorize(first.upn);
    expect(await meet(first.username)).toBeNull();
    expect(await meet(first.username)).toBeNull();
    // The late answer to a grant that has been replaced counts for nobody.
    const late = {
      grant: { ...former, accountId: (await grantOf(second.username)).accountId },
      code: 'mail_throttled',
    };
    expect(await noteBusyReply(db, provider, { ...late, at: now(), waitAfter: () => 300 })).toBeNull();
    expect(await meet(second.username)).toMatchObject({ code: 'mail_throttled' });
  });

  it('field B1: a late answer of a former endpoint causes no wait for its successor', async () => {
    const { db } = argus.services;
    const { id } = await db.authProvider.findFirstOrThrow();
    const former = { id, tokenEndpointUrl: 'https://login.example/former/token' };
    for (const { username } of [first, second]) {
      const grant = await grantOf(username);
      const reply = { grant, code: 'mail_throttled', at: argus.services.now(), waitAfter: () => 300 };
      expect(await noteBusyReply(db, former, reply)).toBeNull();
    }
    expect(await db.tokenPause.count()).toBe(0);
  });

  it('a few grants that always fail do not prevent the others from being kept alive', async () => {
    const bad = people.slice(0, 2);
    for (const [place, { username, upn }] of bad.entries()) {
      await setIdle(60 - place, username);
      argus.fake.control.addFault({ target: 'token', kind: 'status', status: 503, user: upn });
    }
    for (let run = 0; run < 6; run += 1) await runJob(argus, keepAlive, { laterMs: run * 3600_000 });
    for (const { username } of people.slice(2)) {
      expect((await grantOf(username)).refreshedAt.getTime()).toBeGreaterThan(daysAgo(1).getTime());
    }
  });

  /** As if the waits of single grants were over; that of the endpoint is not. */
  async function forgetOwnWaits() {
    await argus.services.db.grant.updateMany({ data: { refreshNotBefore: null, tokenWaitUntil: null } });
  }
});
