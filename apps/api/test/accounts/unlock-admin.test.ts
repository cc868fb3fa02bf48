import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hashPassword, verifyPassword } from '../../src/accounts/password.ts';
import { createAccount, findAccountByUsername } from '../../src/accounts/records/accounts.ts';
import { saveSession } from '../../src/accounts/records/sessions.ts';
import { beginAttempt } from '../../src/accounts/sign-in-throttle.ts';
import { UnlockFailure, unlockAdmin } from '../../src/accounts/unlock-admin.ts';
import { listAuditEvents } from '../../src/audit/records/audit-events.ts';
import { type Config, readConfig } from '../../src/platform/config.ts';
import { type Database, openDatabase } from '../../src/platform/database/open-database.ts';
import { buildDatabase, type TestDatabase } from '../support/build-database.ts';

// Each test opens the embedded database from a folder several times: half a second each, more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
let postgres: TestDatabase | undefined;
let config: Config;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'argus-unlock-'));
  config = readConfig({ ARGUS_DATA_DIR: folder });
  if (!process.env.TEST_DATABASE_URL) return;
  postgres = await buildDatabase();
  if (postgres.config.kind === 'postgres') {
    config = { ...config, database: { kind: 'postgres', url: postgres.config.url, poolMax: 4 } };
  }
});
afterEach(async () => {
  await postgres?.close();
  postgres = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(config.database);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

const username = 'locked@argus.example';
const stranger = {
  username,
  canSignIn: true,
  origin: { browser: undefined, address: { kind: 'address', key: '192.0.2.1' } },
} as const;

async function addLockedOutAccount({ prisma }: Database): Promise<void> {
  const passwordHash = await hashPassword('a forgotten password');
  const { id } = await createAccount(prisma, {
    username,
    displayName: 'Locked',
    role: 'user',
    salesforceId: null,
    passwordHash,
  });
  await prisma.account.update({ where: { id }, data: { active: false } });
  const session = { accountId: id, data: {}, expiresAt: new Date(Date.now() + 60_000) };
  await saveSession(prisma, 'session', session);
  for (let i = 0; i < 5; i++) await beginAttempt(prisma, { ...stranger, accountId: id }, new Date());
}

test('a locked-out account can sign in as an administrator, with the password that was printed', async () => {
  await withDatabase(addLockedOutAccount);
  const printed = await unlockAdmin(config, 'LOCKED@argus.example');
  const password = /Password: (\S+)$/.exec(printed)?.[1] ?? '';
  expect(password.length).toBeGreaterThanOrEqual(25);
  await withDatabase(async ({ prisma }) => {
    const account = await findAccountByUsername(prisma, username);
    expect(account).toMatchObject({ role: 'admin', active: true });
    expect(await verifyPassword(account?.passwordHash ?? null, password)).toBe(true);
    expect(await prisma.session.count()).toBe(0);
    await beginAttempt(prisma, { ...stranger, accountId: account?.id }, new Date());
    const { items } = await listAuditEvents(prisma, {}, { skip: 0, take: 10 });
    expect(items.map(({ action }) => action).toSorted()).toEqual(['password_set', 'user_changed']);
    expect(items.find(({ action }) => action === 'user_changed')?.changes).toEqual([
      { field: 'role', from: 'user', to: 'admin' },
      { field: 'active', from: 'false', to: 'true' },
    ]);
    expect(JSON.stringify(items)).not.toContain(password);
  });
});

test('a database that cannot be opened for another reason is reported as such, not as held by Argus', async () => {
  await writeFile(join(folder, 'database'), '');
  const broken = { ...config, database: { kind: 'pglite', dataDir: folder } } as const;
  await expect(unlockAdmin(broken, username)).rejects.toMatchObject({
    name: 'DatabaseStartFailure',
    code: 'database_unusable',
  });
});

test('ops T26: where there is no database, the command says where it looked, and makes none', async () => {
  const nowhere = join(folder, 'nowhere');
  const attempt = unlockAdmin({ ...config, database: { kind: 'pglite', dataDir: nowhere } }, username);
  await expect(attempt).rejects.toMatchObject({ code: 'database_missing', message: expect.stringContaining(nowhere) });
  expect(existsSync(nowhere)).toBe(false);
});

test('an unknown account is reported in one sentence, and nothing is created', async () => {
  await withDatabase(async () => {});
  await expect(unlockAdmin(config, 'nobody@argus.example')).rejects.toThrow(UnlockFailure);
  await withDatabase(async ({ prisma }) => expect(await prisma.account.count()).toBe(0));
});

test.skipIf(process.env.TEST_DATABASE_URL)(
  'while Argus runs on the embedded database, the command says to stop it first',
  async () => {
    await withDatabase(async () => {
      await expect(unlockAdmin(config, username)).rejects.toThrow(/Argus を停止してから.*Stop Argus/s);
    });
  },
);
