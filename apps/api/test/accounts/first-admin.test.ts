import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFirstAdminLink, offerFirstAdmin, tellDemoAccountsOnly } from '../../src/accounts/first-admin.ts';
import { hashPassword } from '../../src/accounts/password.ts';
import { createAccount } from '../../src/accounts/records/accounts.ts';
import { isFirstAdminInvitationValid } from '../../src/accounts/records/first-admin-invitations.ts';
import { readConfig } from '../../src/platform/config.ts';
import { openDatabase } from '../../src/platform/database/open-database.ts';
import { hashToken } from '../../src/platform/vault/hash-token.ts';
import { buildDatabase, type TestDatabase } from '../support/build-database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await buildDatabase();
});
afterEach(() => database.close());

const plain = readConfig({ ARGUS_PUBLIC_URL: 'http://localhost:3650' });
const offer = (isTerminal: boolean, now = new Date()) => offerFirstAdmin(database.prisma, plain, { now, isTerminal });
const tokenIn = (text: string) => /#token=(\S+)/.exec(text)?.[1];
const isValid = (token = '') => isFirstAdminInvitationValid(database.prisma, hashToken(token), new Date());

it('ops T25: off a terminal no link is printed, as a log keeps what is printed there', async () => {
  const text = await offer(false);
  expect(text).not.toContain('token');
  expect(text).toContain('pnpm first-admin');
  expect(await database.prisma.firstAdminInvitation.count()).toBe(0);
});

it('ops T25: a link stays valid at a second start, and two instances that start at once make one', async () => {
  const texts = await Promise.all([offer(true), offer(true), offer(true)]);
  const tokens = texts.flatMap((text) => tokenIn(text) ?? []);
  expect(tokens).toHaveLength(1);
  expect(texts.filter((text) => text.includes('valid until'))).toHaveLength(2);
  expect(await isValid(tokens[0])).toBe(true);
  // A day later it has expired, and the next start makes another.
  expect(tokenIn(await offer(true, new Date(Date.now() + 25 * 3600_000)))).toBeDefined();
});

it('there is no link once there is an account', async () => {
  await createAccount(database.prisma, {
    username: 'taro@argus.example',
    displayName: 'Taro',
    role: 'user',
    salesforceId: null,
    passwordHash: null,
  });
  expect(await offer(true)).toBe('');
});

it('ops T23: production with nobody but administrators of the demo says so, as their passwords are refused', async () => {
  const demo = { username: 'admin@argus.example', displayName: 'Admin', role: 'admin', salesforceId: null } as const;
  expect(await tellDemoAccountsOnly(database.prisma)).toBe('');
  const { id } = await createAccount(database.prisma, { ...demo, passwordHash: await hashPassword('demo-admin-2026') });
  expect(await tellDemoAccountsOnly(database.prisma)).toContain('pnpm unlock-admin');
  await database.prisma.account.update({ where: { id }, data: { passwordHash: await hashPassword('of their own') } });
  expect(await tellDemoAccountsOnly(database.prisma)).toBe('');
});

it.runIf(process.env.TEST_DATABASE_URL)(
  'ops T25: the command makes a new link while Argus runs, and voids those before',
  async () => {
    const before = tokenIn(await offer(true));
    const config = {
      ...readConfig({ ARGUS_PUBLIC_URL: 'http://localhost:3650' }),
      database: database.config as { kind: 'postgres'; url: string; poolMax: number },
    };
    const printed = tokenIn(await makeFirstAdminLink(config));
    expect([await isValid(before), await isValid(printed)]).toEqual([false, true]);
    await createAccount(database.prisma, {
      username: 'a@argus.example',
      displayName: 'A',
      role: 'admin',
      salesforceId: null,
      passwordHash: null,
    });
    await expect(makeFirstAdminLink(config)).rejects.toMatchObject({ name: 'FirstAdminFailure' });
  },
);

it('ops T25: on the embedded database the command works before the first start, and says how while Argus runs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'argus-first-'));
  try {
    const config = readConfig({
      ARGUS_MODE: 'production',
      ARGUS_PUBLIC_URL: 'https://argus.example.com',
      ARGUS_VAULT_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
      ARGUS_EMBEDDED_DATABASE: 'yes',
      ARGUS_DATA_DIR: folder,
    });
    // No command of the demo makes a database.
    await expect(makeFirstAdminLink({ ...config, mode: 'demo' })).rejects.toMatchObject({ code: 'database_missing' });
    const printed = await makeFirstAdminLink(config);
    expect(printed).toContain(`Made a new database: ${join(folder, 'database')}`);
    const started = await openDatabase(config.database);
    try {
      const hash = hashToken(tokenIn(printed) ?? '');
      expect(await isFirstAdminInvitationValid(started.prisma, hash, new Date())).toBe(true);
      const told = await offerFirstAdmin(started.prisma, config, { now: new Date(), isTerminal: false });
      expect(told).toContain('Stop Argus and run npx --yes pnpm first-admin');
      await expect(makeFirstAdminLink(config)).rejects.toMatchObject({
        code: 'database_locked',
        en: expect.stringContaining('Stop Argus, then run this again. Then start Argus'),
      });
    } finally {
      await started.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
