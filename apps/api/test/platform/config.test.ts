import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig, withDemoKey } from '../../src/platform/config.ts';
import { isPlain } from '../../src/platform/database/postgres-url.ts';

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const production = {
  ARGUS_MODE: 'production',
  ARGUS_PUBLIC_URL: 'https://argus.example.com',
  ARGUS_VAULT_KEYS: `k1:${key(1)}`,
  DATABASE_URL: 'postgres://argus@db/argus',
};

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('is the demo by default: listens on loopback only, embedded database, may call loopback', () => {
    expect(readConfig({ PATH: '/bin' })).toMatchObject({
      mode: 'demo',
      http: { host: '127.0.0.1', port: 3650, publicUrl: 'http://localhost:3650' },
      database: { kind: 'pglite' },
      egress: { privateNetwork: 'loopback' },
      frameAncestors: [],
      demo: undefined,
    });
  });

  it('accepts production with its own address and keys, and PostgreSQL by DATABASE_URL', () => {
    expect(readConfig({ ...production, DATABASE_URL: 'postgres://argus@db/argus' })).toMatchObject({
      mode: 'production',
      http: { host: '0.0.0.0', publicUrl: 'https://argus.example.com' },
      database: { kind: 'postgres', url: 'postgres://argus@db/argus' },
      egress: { privateNetwork: 'none' },
      vaultKeys: [{ kid: 'k1' }],
    });
  });

  it.each(['foo', '10.0.0.0/33', 'a;b', 'true', '*', '10.1.2.3:443', 'proxy.example.com', '10.0.0.1/x'])(
    'ops T7: ARGUS_TRUSTED_PROXIES=%s is reported like any other fault, in a sentence',
    (entry) => {
      const faults = faultsOf({ ...production, ARGUS_TRUSTED_PROXIES: `10.0.0.5, ${entry}`, ARGUS_PORT: '70000' });
      expect(faults).toHaveLength(2);
      expect(faults.join()).toContain(`ARGUS_TRUSTED_PROXIES の「${entry}」は`);
    },
  );

  it('ops T7: a range of everybody is refused for what it is', () => {
    const faults = faultsOf({ ...production, ARGUS_TRUSTED_PROXIES: '0.0.0.0/0, ::/0' });
    expect(faults).toHaveLength(2);
    for (const fault of faults) expect(fault).toContain('would trust everyone');
  });

  it('ops T7: addresses and ranges of proxies are separated by commas or blanks', () => {
    const { http } = readConfig({ ...production, ARGUS_TRUSTED_PROXIES: ' 10.0.0.5, 10.1.0.0/16 2001:db8::/32, ' });
    expect(http.trustedProxies).toEqual(['10.0.0.5', '10.1.0.0/16', '2001:db8::/32']);
  });

  it('ops T21: variables that Kubernetes sets for a Service of the same name are not settings', () => {
    const links = {
      ARGUS_PORT: 'tcp://10.96.4.7:3650',
      ARGUS_SERVICE_HOST: '10.96.4.7',
      ARGUS_SERVICE_PORT: '3650',
      ARGUS_SERVICE_PORT_HTTP: '3650',
      ARGUS_PORT_3650_TCP: 'tcp://10.96.4.7:3650',
      ARGUS_PORT_3650_TCP_PROTO: 'tcp',
      ARGUS_PORT_3650_TCP_PORT: '3650',
      ARGUS_PORT_3650_TCP_ADDR: '10.96.4.7',
    };
    expect(readConfig({ ...production, ...links })).toMatchObject({ http: { port: 3650 } });
    expect(faultsOf({ ...production, ARGUS_SERVICES_HOST: 'x' })).toHaveLength(1);
  });

  it.each(['DB', 'METRICS', 'POSTGRESQL', 'DEMO_LOGIN', 'A_B2'])(
    'ops T21: nor are those for a Service argus-…, here %s',
    (service) => {
      const address = 'tcp://10.96.4.8:5432';
      const links = {
        [`ARGUS_${service}_SERVICE_HOST`]: '10.96.4.8',
        [`ARGUS_${service}_SERVICE_PORT`]: '5432',
        [`ARGUS_${service}_SERVICE_PORT_HTTP`]: '5432',
        [`ARGUS_${service}_PORT`]: address,
        [`ARGUS_${service}_PORT_5432_TCP`]: address,
        [`ARGUS_${service}_PORT_5432_TCP_PROTO`]: 'tcp',
        [`ARGUS_${service}_PORT_5432_TCP_PORT`]: '5432',
        [`ARGUS_${service}_PORT_5432_TCP_ADDR`]: '10.96.4.8',
      };
      expect(faultsOf({ ...production, ...links })).toEqual([]);
    },
  );

  it('ops T21: a setting stays one, whatever a Service could be called', () => {
    expect(readConfig({ ...production, ARGUS_PORT: '1' }).http.port).toBe(1);
    // Kubernetes would give an address.
    expect(faultsOf({ ...production, ARGUS_HTTP_PORT: '3650' })).toHaveLength(1);
    expect(faultsOf({ ...production, ARGUS_PUBLIC_URL: 'tcp://10.96.4.7:3650' })).toHaveLength(1);
  });

  it('ops T21: one proxy for several is a slip that is guessed', () => {
    expect(faultsOf({ ...production, ARGUS_TRUSTED_PROXY: '10.0.0.1' })).toEqual([
      expect.stringContaining('Did you mean ARGUS_TRUSTED_PROXIES?'),
    ]);
  });

  it.each([
    [{ ARGUS_VAULT_KEY: `k1:${key(1)}` }, 'ARGUS_VAULT_KEYS'],
    [{ ARGUS_VAULT_KEYS_FILES: '/run/keys' }, 'ARGUS_VAULT_KEYS_FILE'],
    [{ ARGUS_VAULT_KEYS_FILE: '/nowhere/keys' }, undefined],
  ])('ops T23: with %o instead of the keys, the one fault is that, and no advice to make new keys', (env, meant) => {
    const { ARGUS_VAULT_KEYS: _, ...rest } = production;
    const [fault, ...others] = faultsOf({ ...rest, ...(env as Record<string, string>) });
    expect(others).toEqual([]);
    expect(fault).not.toContain('openssl');
    if (meant !== undefined) expect(fault).toContain(`Did you mean ${meant}?`);
  });

  it.each([
    ['ARGUS_MDOE', 'ARGUS_MODE'],
    ['argus_mode', 'ARGUS_MODE'],
    ['ARGUS_DATABASE_URL', 'DATABASE_URL'],
  ])('ops T23: %s is a slip for %s, and said once', (slip, meant) => {
    const { [meant as keyof typeof production]: value = '', ...rest } = production;
    expect(faultsOf({ ...rest, [slip]: value })).toEqual([expect.stringContaining(`Did you mean ${meant}?`)]);
  });

  it.each([
    [{ DATABASE_URL: 'postgres://argus@db/argus' }],
    [{ ARGUS_VAULT_KEYS: `k1:${key(1)}` }],
    [{ ARGUS_PUBLIC_URL: 'https://argus.example.com' }],
  ])('ops T23: with %o and no mode it starts nothing, in particular no demo', (env) => {
    expect(faultsOf(env)).toEqual([expect.stringContaining('ARGUS_MODE')]);
    expect(
      faultsOf({ ...env, ARGUS_MODE: 'demo' }).filter((fault) => fault.includes('ARGUS_MODE がありません')),
    ).toEqual([]);
  });

  it('lists every fault at once', () => {
    const faults = faultsOf({
      ARGUS_MODE: 'production',
      ARGUS_PORT: '70000',
      ARGUS_VAULT_KEY: 'mistyped',
      ARGUS_DEMO_LOGIN_URL: 'http://localhost:1',
      DATABASE_URL: 'mysql://db',
      ARGUS_FRAME_ANCESTORS: 'example.com',
    });
    for (const name of [
      'ARGUS_PORT',
      'ARGUS_VAULT_KEY という設定はありません。ARGUS_VAULT_KEYS',
      'ARGUS_PUBLIC_URL',
      'ARGUS_DEMO_GRAPH_URL',
      'DATABASE_URL',
      'ARGUS_FRAME_ANCESTORS',
    ]) {
      expect(
        faults.some((fault) => fault.includes(name)),
        name,
      ).toBe(true);
    }
  });

  it.each([
    ['a mode that does not exist', { ARGUS_MODE: 'test' }],
    ['a demo that others could reach', { ARGUS_HOST: '0.0.0.0' }],
    ['half a fake', { ARGUS_DEMO_GRAPH_URL: 'http://localhost:1' }],
    ['plain http in production', { ...production, ARGUS_PUBLIC_URL: 'http://argus.example.com' }],
    ['an address with a path', { ...production, ARGUS_PUBLIC_URL: 'https://example.com/argus' }],
    ['private addresses in production', { ...production, ARGUS_PRIVATE_NETWORK: 'loopback' }],
    ['the fake in production', { ...production, ARGUS_DEMO_LOGIN_URL: 'http://a', ARGUS_DEMO_GRAPH_URL: 'http://b' }],
    ['a key that is too short', { ...production, ARGUS_VAULT_KEYS: 'k1:c2hvcnQ=' }],
    ['the same key name twice', { ...production, ARGUS_VAULT_KEYS: `k1:${key(1)},k1:${key(2)}` }],
  ])('refuses %s', (_, env) => {
    expect(faultsOf(env)).toHaveLength(1);
  });

  it('generates a key for the demo, once, readable only by its owner', () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'argus-config-'));
    const config = readConfig({ ARGUS_DATA_DIR: dataDir });
    const first = withDemoKey(config);
    expect(first.vaultKeys).toHaveLength(1);
    expect(withDemoKey(config).vaultKeys).toEqual(first.vaultKeys);
    expect(statSync(join(dataDir, 'vault-key')).mode & 0o077).toBe(0);
    expect(readFileSync(join(dataDir, 'vault-key'), 'utf8')).toBe(first.vaultKeys[0]?.key.toString('base64'));
  });

  it('accepts only a token for /metrics that is hard to guess', () => {
    const token = 'a-token-of-sixteen+/==';
    expect(readConfig({ ARGUS_METRICS_TOKEN: token }).metrics).toEqual({ token });
    expect(readConfig({}).metrics).toEqual({ token: undefined });
    for (const weak of ['short', 'fifteen-chars-x', 'with spaces in it, long', '日本語の長い長い長い長いトークン']) {
      expect(faultsOf({ ARGUS_METRICS_TOKEN: weak })).toEqual([expect.stringContaining('ARGUS_METRICS_TOKEN')]);
    }
  });

  it.each([
    ['http://proxy.example:3128', { scheme: 'http', host: 'proxy.example', port: 3128 }],
    ['http://proxy.example', { scheme: 'http', host: 'proxy.example', port: 80 }],
    ['https://proxy.example/', { scheme: 'https', host: 'proxy.example', port: 443 }],
    ['http://[fd00::1]:3128', { scheme: 'http', host: 'fd00::1', port: 3128 }],
    [
      'http://DOMAIN%5Cargus:p%C3%A4:ss%40%23@10.0.0.5:8080',
      { host: '10.0.0.5', port: 8080, credentials: { username: 'DOMAIN\\argus', password: 'pä:ss@#' } },
    ],
  ])('ops T30: takes ARGUS_OUTBOUND_PROXY=%s', (text, proxy) => {
    expect(readConfig({ ...production, ARGUS_OUTBOUND_PROXY: text }).egress.proxy).toMatchObject(proxy);
  });

  it.each([
    'proxy.example:3128',
    'socks5://argus:secret@proxy.example:1080',
    'http://argus:se#cret@proxy.example:3128',
    'http://argus:se/cret@proxy.example:3128',
    'http://argus:secret%@proxy.example:3128',
    'http://argus:secret%0A@proxy.example:3128',
    'http://ar%3Agus:secret@proxy.example:3128',
    'http://argus:secret@proxy.example:3128/path',
    'http://argus:secret@proxy.example:0',
    'None',
  ])('ops T30: refuses ARGUS_OUTBOUND_PROXY=%s with one sentence, without the password', (text) => {
    const faults = faultsOf({ ...production, ARGUS_OUTBOUND_PROXY: text });
    expect(faults).toEqual([expect.stringMatching(/^ARGUS_OUTBOUND_PROXY は .*percent-encode special/)]);
    expect(faults.join()).not.toMatch(/se.?cret|gus:/);
  });

  it.each([
    ['smtps://argus:p%40ss@mail.example', { host: 'mail.example', port: 465, encryption: 'implicit' }],
    ['smtp://mail.example', { port: 587, encryption: 'starttls' }],
    ['smtp://10.0.0.5?tls=none', { host: '10.0.0.5', port: 25, encryption: 'none' }],
  ])('alert-17: takes ARGUS_SMTP_URL=%s', (text, server) => {
    const { mail } = readConfig({ ...production, ARGUS_SMTP_URL: text, ARGUS_MAIL_FROM: 'argus@example.com' });
    expect(mail).toMatchObject({ server, from: 'argus@example.com' });
  });

  it.each(['mail.example:25', 'smtps://argus:se#cret@mail.example', 'smtp://argus:secret@mail.example/x?tls=no'])(
    'alert-17: refuses ARGUS_SMTP_URL=%s with one sentence, without the password',
    (text) => {
      const faults = faultsOf({ ...production, ARGUS_SMTP_URL: text, ARGUS_MAIL_FROM: 'argus@example.com' });
      expect(faults).toEqual([expect.stringMatching(/^ARGUS_SMTP_URL は /)]);
      expect(faults.join()).not.toMatch(/se.?cret/);
    },
  );

  it('alert-17: a mail server without a sender, or a sender without one, is a fault', () => {
    expect(faultsOf({ ...production, ARGUS_SMTP_URL: 'smtp://mail.example' })).toHaveLength(1);
    expect(faultsOf({ ...production, ARGUS_MAIL_FROM: 'argus@example.com' })).toHaveLength(1);
  });

  it('ops T16: a Unix socket crosses no network, in either form of the URL', () => {
    for (const url of ['postgres://argus@%2Ftmp%2Fpg:5432/argus', 'postgres://argus@localhost/argus?host=/tmp/pg'])
      expect(isPlain(url, false)).toBe(false);
    expect(isPlain('postgres://argus@db/argus', false)).toBe(true);
  });

  it('ops T30: ARGUS_NO_PROXY names what goes directly, and its faults', () => {
    const proxied = { ...production, ARGUS_OUTBOUND_PROXY: 'http://proxy.example:3128' };
    const { proxy } = readConfig({ ...proxied, ARGUS_NO_PROXY: '.internal, 10.0.0.0/8' }).egress;
    expect(proxy?.goesDirectly('gateway.internal', 443)).toBe(true);
    expect(proxy?.goesDirectly('graph.example', 443)).toBe(false);
    const faults = faultsOf({ ...proxied, ARGUS_NO_PROXY: 'good.example, http://bad.example/' });
    expect(faults).toEqual([expect.stringContaining('ARGUS_NO_PROXY の「http://bad.example/」は')]);
  });

  it('ops T30: a proxy that only other programs use is named, unless Argus is told what to do', () => {
    const others = { HTTPS_PROXY: 'http://proxy.example:3128', no_proxy: 'localhost' };
    expect(readConfig({ ...production, ...others }).egress).toMatchObject({
      proxy: undefined,
      unusedVariable: 'HTTPS_PROXY',
    });
    for (const text of ['none', 'http://proxy.example:3128']) {
      const { egress } = readConfig({ ...production, ...others, ARGUS_OUTBOUND_PROXY: text });
      expect(egress.unusedVariable).toBeUndefined();
    }
    expect(readConfig(production).egress.unusedVariable).toBeUndefined();
    expect(readConfig({ ...production, HTTPS_PROXY: ' ' }).egress.unusedVariable).toBeUndefined();
  });

  it.each([
    ['ARGUS_VAULT_KEYS', `k1:${key(1)},k2:${key(1)}`, 'has the value of another key'],
    ['DATABASE_URL', 'postgres://argus:pw@db:5432', 'names no database'],
    ['DATABASE_URL', 'postgres://argus:p#w@db/argus', 'write # / ? @ % as'],
    ['DATABASE_URL', 'postgres://argus:12/34@db/argus', 'write # / ? @ % as'],
    ['DATABASE_URL', 'postgres://argus:pw@db1,db2/argus', 'only one host'],
    ['DATABASE_URL', 'mysql://argus@db/argus', 'must have the form postgres://'],
    ['DATABASE_URL', 'postgres://argus:pw@db/argusPGPASSWORD=p#w', 'write # / ? @ % as'],
    ['DATABASE_URL', 'postgres://argus:pw@db/argusPGPASSWORD=AQEB', 'A line break may be missing'],
    ['DATABASE_URL', 'postgres://argus%3AAQEB@db/argus', 'not as %3A and %40'],
    ['DATABASE_URL', 'postgres://AQEB%40db/argus', 'not as %3A and %40'],
    ['DATABASE_URL', 'postgres://argus:pw@db/argus?SSLMODE=require', 'SSLMODE of DATABASE_URL must be written sslmode'],
  ])('ops T12, T22: %s=%s is one fault in both languages, without the secret', (name, value, said) => {
    const faults = faultsOf({ ...production, [name]: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(said);
    expect(faults[0]).not.toMatch(/p#w|12.34|AQEB/);
  });
});
