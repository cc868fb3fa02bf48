import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/platform/config.ts';
import { placeOf } from '../../src/platform/database/postgres-url.ts';
import { settingNames } from '../../src/platform/setting-names.ts';
import { shownName, shownValue } from '../../src/platform/shown.ts';

const keyText = 'Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm8=';
const databaseUrl = 'postgres://argus:canary@db.example/argus';
const production = {
  ARGUS_MODE: 'production',
  ARGUS_PUBLIC_URL: 'https://argus.example.com',
  ARGUS_VAULT_KEYS: `k1:${keyText}`,
  DATABASE_URL: databaseUrl,
};
const secrets = /canary|Zm9v/;

function complaintOf(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

/** What a lost line break, a lost quote or a wrong line puts in place of a value. */
const slips: Record<string, (value: string) => string> = {
  'a URL with a password': () => databaseUrl,
  'a vault key': () => `k1:${keyText}`,
  'a vault key without its padding': () => keyText.slice(0, -1),
  'a token in hexadecimal': () => 'canary'.padEnd(64, '0123456789abcdef'),
  'its value and the next setting': (value) => `${value} DATABASE_URL=${databaseUrl}`,
  'its value and the next setting without a blank': (value) => `${value}ARGUS_VAULT_KEYS=k1:${keyText}`,
  'its value and the next setting behind a CR': (value) => `${value}\rARGUS_METRICS_TOKEN=canary-canary-canary`,
  'its value and a setting in YAML': (value) => `${value} ARGUS_VAULT_KEYS: k1:${keyText}`,
  'its value and the password of another program': (value) => `${value} PGPASSWORD=canary`,
};

describe('what a fault of the configuration repeats', () => {
  it.each(Object.entries(slips))('ops T22: is no secret where any variable has %s', (_slip, make) => {
    const leaks = settingNames.filter((name) => {
      const { [name as keyof typeof production]: own = '5', ...others } = production;
      const env: Record<string, string> = { ...others, [name]: make(own) };
      const isFile = name.endsWith('_FILE');
      if (isFile) delete env[name.replace(/_FILE$/, '')];
      return secrets.test(complaintOf(env));
    });
    expect(leaks).toEqual([]);
  });

  it.each([
    `ARGUS_VAULT_KEYS: k1:${keyText}`,
    `ARGUS_VAULT_KEYS:k1:${keyText}`,
    'ARGUS_MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43UOV3HO6DZPI',
    `ARGUS_${'X'.repeat(60)}`,
  ])('ops T22: is no name that cannot be one: %s', (name) => {
    const said = complaintOf({ ...production, [name]: '1' });
    expect(said).toContain('(非表示)');
    expect(said).toContain('(not shown)');
    expect(said).not.toMatch(/Zm9v|MFRGG|XXX/);
  });

  it('ops T22: is the value where it is short and looks like one, up to the first blank', () => {
    expect(shownValue('prodution', 'word').en).toBe('prodution');
    expect(shownValue('debug x', 'word')).toEqual({ ja: 'debug …', en: 'debug …' });
    expect(shownValue('10.0.0.0/33', 'address').ja).toBe('10.0.0.0/33');
    expect(shownValue('2001:db8::1/129', 'address').ja).toBe('2001:db8::1/129');
    expect(shownValue('https://example.com:8443/argus', 'address').en).toBe('https://example.com:8443/argus');
    expect(shownValue('argus:canary', 'address')).toEqual({ ja: '(非表示)', en: '(not shown)' });
    expect(shownValue('/run/secrets/argus-keys', 'file').en).toBe('/run/secrets/argus-keys');
    expect(shownValue('canary', 'file').en).toBe('(not shown)');
    expect(shownName('ARGUS_TYPO').en).toBe('ARGUS_TYPO');
  });

  it('ops T22: says which setting stands in the value of another one, and nothing else', () => {
    const said = complaintOf({ ARGUS_LOG_LEVEL: `debug DATABASE_URL=${databaseUrl}`, ARGUS_TYPO: '1' });
    expect(said.split('\n')).toHaveLength(2);
    expect(said).toContain('The value of ARGUS_LOG_LEVEL contains DATABASE_URL.');
  });

  it('ops T22: is nothing of a database name that has the next setting in it', () => {
    expect(placeOf(`postgres://a:canary@db/argusPGPASSWORD=canary`)).toBe('db:5432/(非表示) (not shown)');
    expect(placeOf('postgres://a:canary@db.example:6432/argus')).toBe('db.example:6432/argus');
    expect(placeOf('postgres:///argus?host=/var/run/postgresql')).toBe('/var/run/postgresql:5432/argus');
  });
});
