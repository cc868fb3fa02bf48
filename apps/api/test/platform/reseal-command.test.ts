import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { consumerSecretPlace } from '../../src/connection/records/auth-providers.ts';
import { sealedColumns } from '../../src/connection/records/sealed-columns.ts';
import { type Database, type DatabaseConfig, openDatabase } from '../../src/platform/database/open-database.ts';
import { checkVaultKeys } from '../../src/platform/vault/check-vault-keys.ts';
import { countSealedValues } from '../../src/platform/vault/records/sealed-values.ts';
import { createVault } from '../../src/platform/vault/seal.ts';
import { buildDatabase, type TestDatabase } from '../support/build-database.ts';

// The command is a process of its own, and generates the Prisma client first.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

const k1 = { kid: 'k1', key: Buffer.alloc(32, 1) };
const k2 = { kid: 'k2', key: Buffer.alloc(32, 2) };
const keys = [k2, k1];
const count = 3_000;
const origin = 'https://login.example';

let folder: string;
let config: DatabaseConfig;
let server: TestDatabase | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'argus-reseal-'));
  config = { kind: 'pglite', dataDir: folder };
  if (process.env.TEST_DATABASE_URL) {
    server = await buildDatabase();
    config = server.config;
  }
  await inDatabase(async ({ prisma }) => {
    await check(prisma, keys);
    const vault = createVault([k1]);
    await prisma.authProvider.createMany({
      data: Array.from({ length: count }, (_, i) => {
        const id = crypto.randomUUID();
        return {
          id,
          name: `p${i}`,
          urlSuffix: `p${i}`,
          urlSuffixKey: `p${i}`,
          consumerKey: 'key',
          sealedConsumerSecret: vault.seal(`secret ${i}`, consumerSecretPlace(id, origin)),
          secretOrigin: origin,
          authorizeEndpointUrl: origin,
          tokenEndpointUrl: origin,
          defaultScopes: '',
        };
      }),
    });
  });
});
afterEach(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

const check = (db: Database['prisma'], present: readonly (typeof k1)[]) =>
  checkVaultKeys(db, createVault(present), present, { columns: sealedColumns, now: new Date() });

/** PGlite belongs to one process at a time: the command's, or this one. */
async function inDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(config);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

const counts = () => inDatabase(({ prisma }) => countSealedValues(prisma, sealedColumns, new Date()));

function startReseal(given = keys): ChildProcess {
  const run = join(import.meta.dirname, '../../../../packages/commands/src/run.mjs');
  return spawn(process.execPath, [run, 'reseal'], {
    env: {
      PATH: process.env.PATH ?? '',
      ARGUS_MODE: 'production',
      ARGUS_PUBLIC_URL: 'https://argus.example.com',
      ARGUS_VAULT_KEYS: given.map(({ kid, key }) => `${kid}:${key.toString('base64')}`).join(','),
      ARGUS_DATA_DIR: folder,
      ...(config.kind === 'postgres' ? { DATABASE_URL: config.url } : { ARGUS_EMBEDDED_DATABASE: 'yes' }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function resealed(given = keys) {
  const child = startReseal(given);
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('no output');
  const [out, err, [code]] = await Promise.all([text(stdout), text(stderr), once(child, 'exit')]);
  return { out, err, code };
}

test('V04: reseal that is killed midway leaves every value readable, and goes on when it is run again', async () => {
  const child = startReseal();
  for await (const chunk of child.stderr ?? []) if (String(chunk).includes('AuthProvider')) break;
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  const midway = await counts();
  expect(midway.get('k1')).toBeGreaterThan(0);
  expect(midway.get('k2')).toBeGreaterThan(0);

  const { out, err, code } = await resealed();
  expect(code, err).toBe(0);
  expect(out).toContain(`Protected ${midway.get('k1')} values again with the vault key k2.`);
  expect(err).toMatch(/^AuthProvider: \d+$/m);
  expect([...(await counts())]).toEqual([['k2', count]]);
  await inDatabase(async ({ prisma }) => {
    const vault = createVault([k2]);
    for (const { id, sealedConsumerSecret } of await prisma.authProvider.findMany()) {
      expect(vault.open(sealedConsumerSecret ?? '', consumerSecretPlace(id, origin))).toMatch(/^secret \d+$/);
    }
    await check(prisma, [k2]);
  });
});

test('V05: reseal exits with 1 and names the keys of values that do not open, and refuses a key that no Argus knows', async () => {
  await inDatabase(({ prisma }) =>
    prisma.authProvider.updateMany({ where: { name: { startsWith: 'p1' } }, data: { secretOrigin: 'https://moved' } }),
  );
  const { err, code } = await resealed();
  expect(code).toBe(1);
  expect(err).toMatch(/^.* \/ 1111 values protected by the vault key k1 could not be opened\.$/m);
  expect((await counts()).get('k1')).toBe(1111);

  const unknown = await resealed([{ kid: 'k3', key: Buffer.alloc(32, 3) }, ...keys]);
  expect(unknown).toMatchObject({ code: 1, out: '' });
  expect(unknown.err).toContain('No Argus has started with the vault key k3 yet');
});
