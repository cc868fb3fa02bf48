import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Browser, buildArgus, type TestArgus } from '../support/build-app.ts';
import { buildLinkedTaro, taroUpn } from '../support/linked-taro.ts';
import { misconfigure } from '../support/misconfigure.ts';

const token = 'metrics-token-of-the-test-0123456789';
const bearer = { authorization: `Bearer ${token}` };
let argus: TestArgus;
/** The demo, which has no token. */
let demo: TestArgus;
let admin: Browser;
let user: Browser;

beforeAll(async () => {
  [{ argus, admin, user }, demo] = await Promise.all([
    buildLinkedTaro({ leastRefreshMs: 1_000, config: { metrics: { token } } }),
    buildArgus({ config: { mode: 'demo' } }),
  ]);
});
afterAll(async () => {
  await argus?.close();
  await demo?.close();
});
afterEach(() => argus.fake.control.clearFaults());

/** Scrapes the metrics as Prometheus does; `host` is the Host header. */
async function scrape(from: TestArgus, headers: Record<string, string> = {}) {
  const { port } = new URL(from.url);
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path: '/metrics', headers }, (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text }));
    });
    call.on('error', reject).end();
  });
}

/** The value of a series, by its name and labels in the text format; 0 if it is absent. */
async function readSeries(series: string): Promise<number> {
  const { text } = await scrape(argus, bearer);
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? 0 : Number(line.slice(series.length + 1));
}

/** How much series grow during `act`. */
async function growth(series: readonly string[], act: () => Promise<unknown>): Promise<number[]> {
  const before = await Promise.all(series.map(readSeries));
  await act();
  const after = await Promise.all(series.map(readSeries));
  return after.map((value, index) => value - (before[index] ?? 0));
}

const expireAccess = () => argus.services.db.grant.updateMany({ data: { accessExpiresAt: new Date(0) } });
const refresh = { query: { refresh: true } };
/** 再読み込み calls Microsoft again only after a while. */
const later = () => argus.advance(20_000);

describe('/metrics', () => {
  it('is Prometheus text that is not cached and needs no session', async () => {
    const { status, headers, text } = await scrape(argus, bearer);
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['set-cookie']).toBeUndefined();
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
    expect(text).toMatch(/^# TYPE argus_upstream_request_duration_seconds histogram$/m);
  });

  it.each([
    [{ 'x-forwarded-for': '203.0.113.7' }],
    [{ 'x-forwarded-for': 'unknown' }],
    [{ forwarded: 'for=203.0.113.7' }],
    [{ 'x-real-ip': '203.0.113.7' }],
    [{ via: '1.1 proxy' }],
    [{ host: 'argus.example.com' }],
    [{ host: 'localhost.evil.example' }],
  ])('does not exist for a request through a proxy or under another host name: %j', async (headers) => {
    expect(await scrape(demo, headers)).toMatchObject({ status: 404 });
  });

  it('does not exist for another machine', async () => {
    const at = (remoteAddress: string) =>
      demo.app.inject({ url: '/metrics', headers: { host: 'localhost' }, remoteAddress });
    for (const own of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) expect((await at(own)).statusCode).toBe(200);
    for (const other of ['192.0.2.7', '10.127.0.0', '2001:db8::1']) expect((await at(other)).statusCode).toBe(404);
  });

  it('with a token set, everybody needs it, and only the whole token is accepted', async () => {
    const withToken = (authorization: string) => scrape(argus, { authorization, 'x-forwarded-for': '203.0.113.7' });
    expect(await withToken(`Bearer ${token}`)).toMatchObject({ status: 200 });
    expect(await withToken(`bearer ${token}`)).toMatchObject({ status: 200 });
    for (const wrong of [`Bearer ${token}x`, `Bearer ${token.slice(0, -1)}`, 'Bearer ', token, `Basic ${token}`]) {
      expect(await withToken(wrong)).toMatchObject({ status: 404 });
    }
    expect(await scrape(argus)).toMatchObject({ status: 404 });
  });
});

describe('what the metrics count', () => {
  it('a portlet request that needs an action of its user does not count as a failure', async () => {
    const series = ['argus_portlet_requests_total{outcome="user"}', 'argus_errors_total{code="mail_not_authorized"}'];
    expect(await growth(series, () => user.fails('GET /api/new-arrivals'))).toEqual([1, 1]);
  });

  it('lists that were fetched, stored and shared', async () => {
    await user.authorize(taroUpn);
    const series = [
      'argus_portlet_requests_total{outcome="ok"}',
      'argus_mail_cache_total{result="miss"}',
      'argus_mail_cache_total{result="shared"}',
      'argus_mail_cache_total{result="hit"}',
    ];
    argus.fake.control.addFault({ target: 'messages', kind: 'delay', ms: 200 });
    const seen = await growth(series, async () => {
      await Promise.all([user.call('GET /api/new-arrivals'), user.call('GET /api/new-arrivals')]);
      await user.call('GET /api/new-arrivals');
    });
    expect(seen).toEqual([3, 1, 1, 1]);
  });

  it('an old list that is shown because of a fault, with the code and the answer of the host', async () => {
    later();
    const { host } = new URL(argus.fake.graphUrl);
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 503 });
    const series = [
      'argus_portlet_requests_total{outcome="kept"}',
      'argus_errors_total{code="mail_upstream_error"}',
      `argus_upstream_request_duration_seconds_count{host="${host}",outcome="5xx"}`,
    ];
    expect(await growth(series, () => user.call('GET /api/new-arrivals', refresh))).toEqual([1, 1, 1]);
  });

  it('refreshes, their wait, and the answers of the token endpoint', async () => {
    const { host } = new URL(argus.fake.loginUrl);
    const series = [
      'argus_token_refreshes_total{outcome="ok"}',
      'argus_refresh_lease_wait_seconds_count',
      `argus_upstream_request_duration_seconds_count{host="${host}",outcome="2xx"}`,
    ];
    later();
    await expireAccess();
    expect(await growth(series, () => user.call('GET /api/new-arrivals', refresh))).toEqual([1, 1, 1]);

    const failed = [
      'argus_token_refreshes_total{outcome="mail_timeout"}',
      `argus_upstream_request_duration_seconds_count{host="${host}",outcome="timeout"}`,
      `argus_upstream_request_duration_seconds_sum{host="${host}",outcome="timeout"}`,
    ];
    later();
    await expireAccess();
    argus.fake.control.addFault({ target: 'token', kind: 'hangBeforeHeaders' });
    const [codes, calls, seconds] = await growth(failed, async () => {
      await user.call('GET /api/new-arrivals', refresh);
      // The refresh ends by its own time budget, which is as long here.
      await vi.waitFor(async () => expect(await readSeries(failed[0] ?? '')).toBeGreaterThan(0));
    });
    expect([codes, calls]).toEqual([1, 1]);
    // The whole time budget of the settings is five seconds.
    expect(seconds).toBeGreaterThan(4);
    expect(seconds).toBeLessThan(7);
  });

  it('no host that the remote sites do not cover, and nothing that names a user', async () => {
    later();
    await misconfigure(argus, admin).settings({ mailUrl: 'https://not-listed.example/v1.0/me/messages' });
    await user.send('GET', '/api/new-arrivals?refresh=true');
    const { text } = await scrape(argus, bearer);
    expect(text).toContain('mail_site_not_registered');
    expect(text).not.toContain('not-listed.example');
    for (const secret of ['taro', 'Microsoft365', taroUpn, 'eyJ']) expect(text).not.toContain(secret);
  });
});
