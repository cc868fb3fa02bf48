import { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { logOptions } from '../../src/platform/log-options.ts';
import { type Browser, buildArgus, type TestArgus } from '../support/build-app.ts';
import { visitFrom } from '../support/visit-from.ts';

// What people meet in the field behind proxies; the ids are those of an administrator's trials.

const wrong = 'not the password at all';
let argus: TestArgus;
let admin: Browser;
let log = '';
const logger = {
  ...logOptions({ log: { level: 'warn' } }),
  stream: new Writable({
    write(chunk, _encoding, done) {
      log += chunk;
      done();
    },
  }),
};

describe('ops T5: X-Forwarded-For of a trusted proxy', () => {
  beforeAll(async () => {
    argus = await buildArgus({ trustedProxies: '127.0.0.1', logger });
    admin = await argus.signedIn('admin@argus.example', 'admin');
    log = '';
  });
  afterAll(() => argus.close());
  beforeEach(async () => {
    await argus.database.prisma.signInThrottle.deleteMany({});
    await argus.database.prisma.auditEvent.deleteMany({});
  });

  const addresses = async () => {
    const { items } = await admin.call('GET /api/admin/audit-events', { query: { action: 'sign_in_failed' } });
    return [...new Set(items.map(({ address }) => address))];
  };

  test.each([
    ['an IPv4 address with a port', (n: number) => `203.0.113.7:${40_000 + n}`, '203.0.113.7'],
    ['an IPv6 address in brackets, with a port', (n: number) => `[2001:db8::5]:${40_000 + n}`, '2001:db8:0:0::/64'],
    ['an IPv6 address in brackets', () => '[2001:db8::5]', '2001:db8:0:0::/64'],
    ['an address behind a spoofed one', (n: number) => `198.51.100.${n}, 203.0.113.7:${40_000 + n}`, '203.0.113.7'],
  ])('ops T5: %s is one address, for the audit log and for the limit', async (_, headerOf, address) => {
    const statuses: number[] = [];
    for (let n = 0; n < 33; n += 1)
      statuses.push(await visitFrom(argus, headerOf(n)).tries(`nobody${n}@argus.example`, wrong));
    expect(await addresses()).toEqual([address]);
    expect(statuses.slice(0, 30)).toEqual(Array<number>(30).fill(401));
    expect(statuses.slice(30)).toEqual([429, 429, 429]);
    expect(log).toBe('');
  });

  test.each(['unknown', '_hidden', '203.0.113.7:40001:9', '<script>'])(
    'ops T5: a text that is not an address (%s) is not recorded as one',
    async (header) => {
      await visitFrom(argus, header).tries('nobody@argus.example', wrong);
      expect(await addresses()).toEqual(['127.0.0.1']);
    },
  );

  test.each([
    ['203.0.113.7:40001', '203.0.113.7'],
    ['[2001:db8::5]:40001', '2001:db8::5'],
    ['203.0.113.7%x', '127.0.0.1'],
    ['198.51.100.1, unknown', '127.0.0.1'],
    ['unknown, 203.0.113.7:40001', '203.0.113.7'],
  ])('ops T5: %s is %s in every entry of the audit log, and everywhere in Fastify', async (header, address) => {
    await visitFrom(argus, header).signsIn('admin@argus.example');
    const { items } = await admin.call('GET /api/admin/audit-events', { query: { action: 'sign_in' } });
    expect(items[0]?.address).toBe(address);
  });
});

describe('ops T6: X-Forwarded-For of a proxy that is not named', () => {
  test('ops T6: is ignored, and the log says so once, with the address to configure', async () => {
    const own = await buildArgus({ logger });
    try {
      log = '';
      for (const address of ['203.0.113.7', '203.0.113.8'])
        await visitFrom(own, address).tries('a@argus.example', wrong);
      const lines = log.split('\n').filter((line) => line.includes('ARGUS_TRUSTED_PROXIES'));
      expect(lines).toHaveLength(1);
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({ peer: expect.stringMatching(/127\.0\.0\.1$/) });
    } finally {
      await own.close();
    }
  });
});

describe('ops T1: a proxy that forwards requests under the host name of this machine', () => {
  test('ops T1: gets the page, and not an endless redirect to itself', async () => {
    const publicUrl = 'https://argus.example.com';
    const http = { host: '127.0.0.1', port: 0, publicUrl, trustedProxies: [], drainSeconds: 0 };
    const own = await buildArgus({ config: { http }, webRoot: new URL('../../../web', import.meta.url).pathname });
    try {
      const reply = await own.app.inject({ method: 'GET', url: '/admin', headers: { host: '127.0.0.1:3850' } });
      expect([reply.statusCode, reply.headers.location]).toEqual([200, undefined]);
      expect(reply.headers['content-type']).toContain('text/html');
    } finally {
      await own.close();
    }
  });
});

describe('ops T8: a page that was opened at an address other than the public one', () => {
  test.each([
    [
      'bypassing the proxy, by Argus’s own port',
      'https://argus.example.com:8443',
      'argus.example.com:8443',
      'same-origin',
    ],
    ['by a name that the proxy hides', 'https://www.argus.example.com', '127.0.0.1:3850', 'same-origin'],
    ['by its address, in a browser without Fetch Metadata', 'http://192.0.2.7:3650', '192.0.2.7:3650', undefined],
  ])('ops T8: %s: both addresses are named, in the log too', async (_, origin, host, site) => {
    const publicUrl = 'https://argus.example.com';
    const own = await buildArgus({
      config: { http: { host: '127.0.0.1', port: 0, publicUrl, trustedProxies: [], drainSeconds: 0 } },
      logger,
    });
    try {
      log = '';
      const headers = { host, origin, 'accept-language': 'ja', ...(site ? { 'sec-fetch-site': site } : {}) };
      const post = () => own.app.inject({ method: 'POST', url: '/api/session', headers, payload: {} });
      const reply = await post();
      expect(reply.statusCode).toBe(403);
      expect(reply.json()).toMatchObject({
        code: 'origin_mismatch',
        lines: [
          'この画面は、Argusの公開URLとは異なるアドレスで開かれているため、操作できません。',
          `・開いているアドレス：${origin}`,
          `・Argusの公開URL：${publicUrl}`,
          '公開URLで開き直してください。',
        ],
        retry: { kind: 'no' },
      });
      await post();
      expect(log.split('\n').filter((line) => line.includes('ARGUS_PUBLIC_URL'))).toHaveLength(1);
    } finally {
      await own.close();
    }
  });

  test('ops T8: a page of another site is refused as before, and learns nothing', async () => {
    const own = await buildArgus();
    try {
      const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
      const reply = await own.app.inject({ method: 'POST', url: '/api/session', headers, payload: {} });
      expect(reply.json()).toMatchObject({ code: 'csrf_token_invalid' });
    } finally {
      await own.close();
    }
  });
});
