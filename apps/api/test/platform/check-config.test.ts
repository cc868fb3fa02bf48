import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkConfig, type Finding } from '../../src/check-config.ts';
import { resolveUnfinished, showMigrations } from '../../src/platform/database/operate-migrations.ts';
import { checkVaultKeys } from '../../src/platform/vault/check-vault-keys.ts';
import { createVault } from '../../src/platform/vault/seal.ts';
import { freePort } from '../support/free-port.ts';
import { hasPgbouncer, startPgbouncer } from '../support/pgbouncer.ts';
import { adminUrl, type GivenDatabase, giveDatabase } from '../support/postgres-server.ts';

const secret = Buffer.alloc(32, 1).toString('base64');

describe.runIf(adminUrl)('pnpm check-config', () => {
  let given: GivenDatabase;
  let env: Record<string, string>;
  beforeEach(async () => {
    given = await giveDatabase();
    await given.admin(`GRANT CREATE ON SCHEMA public TO ${given.role}`);
    env = {
      ARGUS_MODE: 'production',
      ARGUS_PUBLIC_URL: 'https://argus.example.com',
      ARGUS_VAULT_KEYS: `k1:${secret}`,
      DATABASE_URL: given.url(),
    };
  });
  afterEach(() => given.close());

  const faultsOf = (findings: readonly Finding[]) => findings.filter(({ state }) => state === 'fault');

  it('tells every fault of the configuration at once, and no secret', async () => {
    const findings = await checkConfig({
      ...env,
      ARGUS_PORT: '0x',
      ARGUS_TYPO: '1',
      DATABASE_URL: 'postgres://a:canary@h1,h2/x',
    });
    expect(faultsOf(findings)).toHaveLength(3);
    expect(JSON.stringify(findings)).not.toMatch(/canary|AQEB/);
    // Each text is whole, whatever slashes are in it.
    for (const { ja, en } of findings) expect([ja.endsWith('。'), /^[A-Z“]/.test(en)]).toEqual([true, true]);
  });

  it('tells of settings that do nothing beside others', async () => {
    const findings = await checkConfig({ ...env, ARGUS_EMBEDDED_DATABASE: 'yes', ARGUS_NO_PROXY: 'a.example' });
    const warned = findings.filter(({ about, state }) => about === 'configuration' && state === 'warning');
    expect(warned.map(({ en }) => en.split(' ')[0])).toEqual(['ARGUS_EMBEDDED_DATABASE', 'ARGUS_NO_PROXY']);
    expect(faultsOf(findings)).toEqual([]);
  });

  it('tells of parameters of the URL that do nothing', async () => {
    const findings = await checkConfig({
      ...env,
      DATABASE_URL: given.url('?connection_limit=5&application_name=x&pgbouncer=true'),
    });
    const [warning] = findings.filter(({ about, state }) => about === 'configuration' && state === 'warning');
    expect(warning?.en).toContain('connection_limit, pgbouncer.');
    expect(faultsOf(findings)).toEqual([]);
  });

  it('ops T13: tells of a schema that Argus would not use, as the start does', async () => {
    await given.admin('CREATE TABLE orders ()');
    expect(faultsOf(await checkConfig(env))).toMatchObject([
      { about: 'database', en: expect.stringContaining('(orders)') },
    ]);
    await given.admin(`CREATE SCHEMA argus AUTHORIZATION ${given.role}`);
    await given.open({ url: given.url('?schema=argus') });
    expect(faultsOf(await checkConfig(env))).toMatchObject([{ en: expect.stringContaining('?schema=argus') }]);
    expect(faultsOf(await checkConfig({ ...env, DATABASE_URL: given.url('?schema=argus') }))).toEqual([]);
  });

  it('ops T23: an embedded database that the first start will make is no fault', async () => {
    const { DATABASE_URL: _, ...rest } = env;
    const folder = await mkdtemp(join(tmpdir(), 'argus-check-'));
    const findings = await checkConfig({ ...rest, ARGUS_EMBEDDED_DATABASE: 'yes', ARGUS_DATA_DIR: folder });
    await rm(folder, { recursive: true, force: true });
    expect(faultsOf(findings)).toEqual([]);
    expect(findings.filter(({ about }) => about === 'database')).toMatchObject([{ state: 'warning' }]);
  });

  it('tells what a database without the rights lacks, before Argus has ever started on it', async () => {
    await given.admin(
      `REVOKE CREATE ON SCHEMA public FROM ${given.role}; REVOKE CREATE ON DATABASE ${given.name} FROM ${given.role}`,
    );
    const faults = faultsOf(await checkConfig(env));
    expect(faults.map(({ about }) => about).toSorted()).toEqual(['database', 'jobs']);
    expect(await given.admin(`SELECT FROM pg_tables WHERE schemaname = 'public'`)).toEqual([]);
  });

  it.runIf(hasPgbouncer)(
    'ops T15: in transaction mode, it asks for settings of the role until there are some',
    async () => {
      const pgbouncer = await startPgbouncer(given.role, 'transaction');
      try {
        const pooled = { ...env, DATABASE_URL: given.url('', pgbouncer.port) };
        const warnings = async () =>
          (await checkConfig(pooled)).filter(({ en }) => en.includes('transaction mode. Put the settings on the role'));
        expect(await warnings()).toHaveLength(1);
        await given.admin(`ALTER ROLE ${given.role} SET statement_timeout = '10s'`);
        expect(await warnings()).toEqual([]);
      } finally {
        await pgbouncer.close();
      }
    },
  );

  it('alert-18: asks the mail server, where there is one', async () => {
    const port = await freePort();
    await given.open();
    const mail = { ARGUS_SMTP_URL: `smtp://127.0.0.1:${port}?tls=none`, ARGUS_MAIL_FROM: 'argus@example.com' };
    const findings = await checkConfig({ ...env, ...mail });
    expect(faultsOf(findings)).toMatchObject([{ about: 'outbound', en: expect.stringContaining(`127.0.0.1:${port}`) }]);
  });

  it('asks every active site for a connection, as a call would make it', async () => {
    const { prisma } = await given.open();
    const port = await freePort();
    const site = (name: string, host: string) => ({ name, nameKey: name, url: host, origin: host });
    await prisma.remoteSite.create({ data: site('here', `http://127.0.0.1:${port}`) });
    await prisma.remoteSite.create({ data: { ...site('off', 'https://off.invalid'), active: false } });
    const findings = await checkConfig(env);
    expect(faultsOf(findings)).toMatchObject([{ about: 'outbound', en: expect.stringContaining(`127.0.0.1:${port}`) }]);
    await prisma.remoteSite.deleteMany();
    expect(faultsOf(await checkConfig(env))).toEqual([]);
    // It has remembered no key. Another one under a name that Argus has used is a fault.
    expect(await prisma.vaultKey.count()).toBe(0);
    const key = { kid: 'k1', key: Buffer.alloc(32, 1) };
    await checkVaultKeys(prisma, createVault([key]), [key], { columns: [], now: new Date() });
    const other = { ...env, ARGUS_VAULT_KEYS: `k1:${Buffer.alloc(32, 2).toString('base64')}` };
    expect(faultsOf(await checkConfig(other))).toMatchObject([{ about: 'keys' }]);
  });

  it.each(['applied', 'not-applied'] as const)(
    'ops T11: a migration that was cut off is shown, and resolved as %s',
    async (as) => {
      await given.open();
      const config = { kind: 'postgres', url: given.url() } as const;
      const last = (await showMigrations(config)).at(-1)?.name ?? '';
      await given.admin(`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '${last}'`);
      expect(faultsOf(await checkConfig(env))).toMatchObject([{ en: expect.stringContaining(last) }]);
      await expect(given.open()).rejects.toMatchObject({
        code: 'migration_unfinished',
        en: expect.stringContaining(last),
      });
      await expect(resolveUnfinished(config, '20261121192040_init', as)).rejects.toMatchObject({
        name: 'MigrationRefused',
      });
      await resolveUnfinished(config, last, as);
      const state = as === 'applied' ? 'applied' : 'undone';
      expect((await showMigrations(config)).at(-1)).toEqual({ name: last, state });
      if (as === 'applied') return void (await given.open());
      // The operator said what is not so: the script fails, with its cause, and can still be booked as applied.
      await expect(given.open()).rejects.toMatchObject({ code: 'migration_failed', en: expect.stringContaining(last) });
      await resolveUnfinished(config, last, 'applied');
      await given.open();
    },
  );
});
