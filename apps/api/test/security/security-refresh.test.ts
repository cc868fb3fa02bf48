import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { markRefused } from '../../src/connection/records/grants.ts';
import { resealValues } from '../../src/connection/reseal.ts';
import { inTransaction } from '../../src/platform/database/db.ts';
import { createVault } from '../../src/platform/vault/seal.ts';
import { authorizeAnew, tokenCalls } from '../support/calm-microsoft.ts';
import { cookieHeader } from '../support/cookie-header.ts';
import { taroUpn } from '../support/linked-taro.ts';
import { argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';
import { startAnotherInstance } from '../support/start-another-instance.ts';
import { expire, grant, settled } from '../support/taros-grant.ts';
import { untilCalled } from '../support/wait-for.ts';

const onPostgres = Boolean(process.env.TEST_DATABASE_URL);

/** How long the portlet waits, and the least time of a refresh. Milliseconds. */
const totalMs = 1_000;
const leastRefreshMs = 4_000;
const refresh = { query: { refresh: true } };
const challenge = {
  'www-authenticate': 'Bearer realm="", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="',
};

const former = { kid: 'k1', key: Buffer.alloc(32, 1) };
const promoted = { kid: 'k2', key: Buffer.alloc(32, 2) };

let other: Awaited<ReturnType<typeof startAnotherInstance>>;

stageLinkedTaro({ leastRefreshMs, config: { vaultKeys: [former, promoted] } });
beforeAll(async () => {
  await change.settings({ totalTimeoutSeconds: totalMs / 1000, connectTimeoutSeconds: 1 });
  other = await startAnotherInstance(argus);
});
afterAll(() => other?.close());
beforeEach(async () => {
  await authorizeAnew();
  argus.fake.control.setStrictRotation(true);
});
afterEach(() => {
  argus.fake.control.clearFaults();
  argus.fake.control.setStrictRotation(false);
});

/**
 * Whether mail arrives, with any refresh that it needs. On a busy machine a first load may exceed the portlet's wait.
 */
async function works() {
  await expire();
  for (let attempt = 0; attempt < 3; attempt += 1) {
    argus.advance(20_000);
    const reply = await user.send('GET', '/api/new-arrivals?refresh=true');
    if (reply.status === 200 && (reply.body as { problem?: unknown }).problem === undefined) return true;
    await settled();
  }
  return false;
}

describe('S-6: a refresh that its caller does not wait for', () => {
  it('S-6: continues on its own time budget, and its tokens are saved', async () => {
    await expire();
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 1_500, times: 1 });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_timeout' });
    await settled();
    expect(await grant()).toMatchObject({ status: 'authorized' });
    expect(await works()).toBe(true);
  });

  it('S-6: is joined by later callers, in both processes, instead of being repeated', async () => {
    await expire();
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 1_500, times: 1 });
    await user.fails('GET /api/new-arrivals', refresh);
    const both = await Promise.all([
      user.send('GET', '/api/new-arrivals?refresh=true'),
      user.send('GET', `${other.url}/api/new-arrivals?refresh=true`),
    ]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(argus.fake.control.requests().filter(({ path }) => path.endsWith('/token'))).toHaveLength(1);
  });

  it('S-6: a late 401 of Graph leaves the refresh its full time budget', async () => {
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 401, ms: 700, times: 1 });
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 1_000, times: 1 });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_timeout' });
    await settled();
    expect(await works()).toBe(true);
  });

  it('S-6: a refresh that waited for the lease of a killed process is sent with a whole budget', async () => {
    await expire();
    argus.fake.control.clearRequests();
    // An ordinary answer, which takes two seconds on the wire.
    argus.fake.control.addFault({ target: 'token', kind: 'slowDrip', bytesPerSecond: 1_700, times: 1 });
    const refreshLeaseUntil = new Date(argus.services.now().getTime() + leastRefreshMs - 500);
    await argus.services.db.grant.updateMany({ data: { refreshLeaseId: randomUUID(), refreshLeaseUntil } });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_timeout' });
    await untilCalled(argus, '/token');
    await settled();
    expect(await grant()).toMatchObject({ status: 'authorized', lastErrorCode: 'mail_timeout' });
    expect(await works()).toBe(true);
  });

  it('S-6: a refresh that begins anew because the grant was replaced has a whole budget again', async () => {
    await expire();
    argus.fake.control.clearRequests();
    argus.fake.control.addFault({ target: 'token', kind: 'slowDrip', bytesPerSecond: 1_000, times: 1 });
    const first = user.fails('GET /api/new-arrivals', refresh);
    await untilCalled(argus, '/token');
    await user.authorize(taroUpn);
    await expire();
    argus.fake.control.addFault({ target: 'token', kind: 'slowDrip', bytesPerSecond: 1_000, times: 1 });
    await first;
    await sleep(leastRefreshMs + 2_500);
    await settled();
    expect(await works()).toBe(true);
  });

  // PGlite has one connection: nothing waits for a row there.
  it.runIf(onPostgres)(
    'S-6: a lease that is obtained late, as another held the row, lasts as long as the call',
    async () => {
      await expire();
      const { id } = await grant();
      argus.fake.control.clearRequests();
      const holding = inTransaction(argus.services.db, async (tx) => {
        await tx.grant.update({ where: { id }, data: { throttledUntil: null } });
        await sleep(leastRefreshMs + 2_500);
      });
      await sleep(100);
      // An answer of more than three seconds.
      argus.fake.control.addFault({ target: 'token', kind: 'slowDrip', bytesPerSecond: 900, times: 1 });
      const first = load();
      await holding;
      await untilCalled(argus, '/token');
      const { refreshLeaseUntil } = await grant();
      expect((refreshLeaseUntil?.getTime() ?? 0) - argus.services.now().getTime()).toBeGreaterThan(leastRefreshMs);
      await first;
      await settled();
      expect(tokenCalls()).toHaveLength(1);
      expect(await works()).toBe(true);
    },
  );

  it.each([
    ['', async () => {}],
    [', also sealed anew meanwhile', async () => resealValues(argus.services.db, createVault([promoted, former]))],
  ])(
    'S-6: the tokens of a holder that lost its lease are kept while the grant has those that it spent%s',
    async (_, reseal) => {
      await resealValues(argus.services.db, createVault([former, promoted]));
      await expire();
      argus.fake.control.clearRequests();
      argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 1_500, times: 1 });
      const first = load();
      await untilCalled(argus, '/token');
      // Another has taken the lease since, and has not sent anything yet.
      const refreshLeaseUntil = new Date(argus.services.now().getTime() + 60_000);
      await argus.services.db.grant.updateMany({ data: { refreshLeaseId: randomUUID(), refreshLeaseUntil } });
      await reseal();
      const { sealedTokens } = await grant();
      await first;
      await settled();
      expect((await grant()).sealedTokens).not.toBe(sealedTokens);
      expect(await works()).toBe(true);
    },
  );

  it('S-6: a browser that hangs up aborts nothing', async () => {
    await expire();
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 500, times: 1 });
    await hangUpDuring('/token');
    await settled();
    expect(await works()).toBe(true);
  });
});

/** Requests the portlet's list and cuts the connection as soon as Microsoft has been called. */
async function hangUpDuring(part: string): Promise<void> {
  const { port } = new URL(argus.url);
  const cookie = cookieHeader(user);
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => {});
  socket.write(`GET /api/new-arrivals?refresh=true HTTP/1.1\r\nhost: localhost:${port}\r\ncookie: ${cookie}\r\n\r\n`);
  await Promise.race([untilCalled(argus, part), sleep(500)]);
  socket.destroy();
}

const late = { target: 'messages', kind: 'status', status: 401, headers: challenge, ms: totalMs, times: 1 } as const;

describe('S-7: a claims challenge', () => {
  it('S-7: that comes late, for a token that another process has replaced, ends no grant', async () => {
    argus.fake.control.addFault(late);
    const before = (await grant()).version;
    const fetching = user.send('GET', '/api/new-arrivals?refresh=true');
    await untilCalled(argus, '/messages');
    await expire();
    expect((await user.send('GET', `${other.url}/api/new-arrivals?refresh=true`)).status).toBe(200);
    argus.fake.control.answerNow();
    // The newer token is tried once, and works.
    expect((await fetching).status).toBe(200);
    expect((await grant()).version).toBeGreaterThan(before);
    expect(await grant()).toMatchObject({ status: 'authorized' });
    expect(await works()).toBe(true);
  });

  it('S-7: counts only for the tokens of its version, even if they are replaced at that very moment', async () => {
    const before = await grant();
    expect(await works()).toBe(true);
    const refusal = { status: 'reconnect_needed', retryAt: null, asked: null } as const;
    expect(await markRefused(argus.services.db, before, refusal, new Date())).toBe(false);
    expect(await grant()).toMatchObject({ status: 'authorized' });
  });

  it('S-7: for the stored token asks the user to authorize again, and the grant works again once it has passed', async () => {
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 401, headers: challenge });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ retry: { kind: 'after_reconnect' } });
    expect(await grant()).toMatchObject({ status: 'reconnect_needed', accessExpiresAt: null });
    argus.fake.control.clearFaults();
    argus.fake.control.clearRequests();
    // For a while Microsoft is not asked again.
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ retry: { kind: 'after_reconnect' } });
    expect(argus.fake.control.requests()).toEqual([]);
    argus.advance(15 * 60_000);
    expect((await user.call('GET /api/new-arrivals', refresh)).problem).toBeUndefined();
    expect(await grant()).toMatchObject({ status: 'authorized', lastErrorCode: null });
  });

  it('S-7: that comes while a refresh is under way waits for its token, which is tried once', async () => {
    await change.settings({ totalTimeoutSeconds: 8, connectTimeoutSeconds: 1 });
    try {
      argus.fake.control.addFault({ ...late, ms: 8_000 });
      const fetching = user.send('GET', '/api/new-arrivals?refresh=true');
      await untilCalled(argus, '/messages');
      // Another process is refreshing, and is stopped before it ends.
      const refreshLeaseUntil = new Date(argus.services.now().getTime() + 1_500);
      await argus.services.db.grant.updateMany({ data: { refreshLeaseId: randomUUID(), refreshLeaseUntil } });
      argus.fake.control.answerNow();
      const reply = await fetching;
      expect(reply).toMatchObject({ status: 200 });
      expect(reply.body).not.toHaveProperty('problem');
      expect(await grant()).toMatchObject({ status: 'authorized' });
      expect(await works()).toBe(true);
    } finally {
      await change.settings({ totalTimeoutSeconds: totalMs / 1000, connectTimeoutSeconds: 1 });
    }
  });
});

/** What can happen to a grant under strict rotation that Microsoft still honours afterwards. */
const events = {
  /** The token endpoint takes longer than the portlet waits. */
  async slowRefresh() {
    await expire();
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: totalMs + 200, times: 1 });
    await load();
  },
  async hangUp() {
    await expire();
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 200, times: 1 });
    await hangUpDuring('/token');
  },
  async lateUnauthorized() {
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 401, ms: 300, times: 1 });
    await load();
  },
  async unauthorizedWhileOthersRefresh() {
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 401, ms: 300, times: 1 });
    const first = load();
    await untilCalled(argus, '/messages');
    await expire();
    await Promise.all([first, load(other.url)]);
  },
  async lateChallenge() {
    const before = await grant();
    argus.fake.control.addFault({ ...late, ms: totalMs });
    const first = load();
    await untilCalled(argus, '/messages');
    await expire();
    await load(other.url);
    await settled();
    argus.fake.control.answerNow();
    await first;
    // It was late only if somebody had refreshed by then.
    expect((await grant()).version).toBeGreaterThan(before.version);
  },
  async refused() {
    await expire();
    argus.fake.control.addFault({ target: 'token', kind: 'status', status: 503, times: 1 });
    await load();
  },
  async connectionReset() {
    await expire();
    argus.fake.control.addFault({ target: 'token', kind: 'reset', times: 1 });
    await load();
  },
  async crowd() {
    await expire();
    await Promise.all([load(), load(other.url), load(), load(other.url)]);
  },
} satisfies Record<string, () => Promise<void>>;

/** Loads the portlet, with any result. */
async function load(origin = argus.url): Promise<void> {
  argus.advance(20_000);
  argus.fake.control.clearRequests();
  await user.send('GET', `${origin}/api/new-arrivals?refresh=true`);
}

it('S-6, S-7: no sequence of timeouts, hang-ups, 401s and late challenges loses a grant that Microsoft still honours', {
  timeout: 120_000,
}, async () => {
  const names = fc.constantFrom(...(Object.keys(events) as (keyof typeof events)[]));
  await fc.assert(
    fc.asyncProperty(fc.array(names, { minLength: 2, maxLength: 6 }), async (sequence) => {
      await user.call('DELETE /api/authorization');
      await user.authorize(taroUpn);
      for (const name of sequence) {
        await events[name]();
        await settled();
        argus.fake.control.clearFaults();
        await argus.services.db.grant.updateMany({
          data: { refreshNotBefore: null, tokenWaitUntil: null, throttledUntil: null },
        });
      }
      expect(await grant()).toMatchObject({ status: 'authorized' });
      // Microsoft honours the stored token: under strict rotation it accepts only the latest refresh token.
      expect(await works()).toBe(true);
    }),
    { numRuns: 6, endOnFailure: true },
  );
});
