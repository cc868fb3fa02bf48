import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fromDriver } from '../../src/platform/database/database-unavailable.ts';
import { buildDatabase, type TestDatabase } from '../support/build-database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await buildDatabase();
});

afterAll(() => database.close());

beforeEach(async () => {
  await database.prisma.remoteSite.deleteMany();
});

function site(name: string) {
  return { name, nameKey: name, url: `https://${name}.example`, origin: `https://${name}.example` };
}

test('a value that must be unique is refused with the name of its index', async () => {
  const { remoteSite } = database.prisma;
  await remoteSite.create({ data: site('a') });
  await expect(remoteSite.create({ data: { ...site('b'), nameKey: 'a' } })).rejects.toMatchObject({
    code: 'P2002',
    meta: { driverAdapterError: { cause: { constraint: { index: 'RemoteSite_nameKey_key' } } } },
  });
});

test('times are kept to the millisecond and agree with the clock of the database', async () => {
  const updatedAt = new Date('2026-03-29T01:30:00.123Z');
  const { id } = await database.prisma.remoteSite.create({ data: { ...site('a'), updatedAt } });
  const read = await database.prisma.remoteSite.findUniqueOrThrow({ where: { id } });
  expect(read.updatedAt).toEqual(updatedAt);
  const [row] = await database.prisma.$queryRaw<{ epoch: number; now: Date }[]>`
    SELECT extract(epoch FROM "updatedAt")::float8 AS epoch, now() AS now FROM "RemoteSite"`;
  expect(row?.epoch).toBe(updatedAt.getTime() / 1000);
  expect(Math.abs((row?.now.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
});

test('prefix searches have an index that serves them in every locale: keys in byte order, or the operator class', async () => {
  const columns = await database.prisma.$queryRaw<{ name: string }[]>`
    SELECT table_name || '.' || column_name AS name FROM information_schema.columns
    WHERE table_schema = 'public' AND collation_name = 'C' ORDER BY 1`;
  expect(columns.map(({ name }) => name)).toEqual([
    'Account.displayNameKey',
    'Account.nameOrderKey',
    'Account.searchText',
    'Account.usernameKey',
    'AccountLink.microsoftAccountKey',
    'AccountLink.searchText',
    'ErrorCauseUser.usernameKey',
  ]);
  const indexes = await database.prisma.$queryRaw<{ indexname: string }[]>`
    SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%text_pattern_ops%'`;
  expect(indexes.map(({ indexname }) => indexname)).toEqual(['ErrorEvent_usernameKey_occurredAt_idx']);
});

test('a transaction that throws leaves nothing behind', async () => {
  const attempt = database.prisma.$transaction(async (tx) => {
    await tx.remoteSite.create({ data: site('a') });
    throw new Error('changed my mind');
  });
  await expect(attempt).rejects.toThrow('changed my mind');
  expect(await database.prisma.remoteSite.count()).toBe(0);
});

test('a transaction inside a transaction may fail alone', async () => {
  await database.prisma.$transaction(async (tx) => {
    await tx.remoteSite.create({ data: site('a') });
    const inner = tx.$transaction(async (nested) => {
      await nested.remoteSite.create({ data: site('b') });
      await nested.remoteSite.create({ data: site('a') });
    });
    await expect(inner).rejects.toMatchObject({ code: 'P2002' });
  });
  const names = await database.prisma.remoteSite.findMany({ select: { name: true } });
  expect(names).toEqual([{ name: 'a' }]);
});

test('a commit that the database refuses is not reported as done', async () => {
  await database.prisma.$executeRaw`CREATE TABLE deferred (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)`;
  const attempt = database.prisma.$transaction(async (tx) => {
    await tx.$executeRaw`INSERT INTO deferred VALUES (1), (1)`;
  });
  await expect(attempt).rejects.toThrow();
  const rows = await database.prisma.$queryRaw`SELECT n FROM deferred`;
  expect(rows).toEqual([]);
});

test('a serializable transaction is truly serializable', async () => {
  const level = await database.prisma.$transaction(
    (tx) => tx.$queryRaw<{ level: string }[]>`SELECT current_setting('transaction_isolation') AS level`,
    { isolationLevel: 'Serializable' },
  );
  expect(level).toEqual([{ level: 'serializable' }]);
});

test('D08: a full disk is an unavailable database, and data stays intact', async () => {
  await database.prisma.remoteSite.create({ data: site('a') });
  const attempt = database.prisma.$transaction(async (tx) => {
    await tx.remoteSite.create({ data: site('b') });
    await tx.$executeRaw`DO $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$`;
  });
  await expect(attempt).rejects.toMatchObject({ name: 'DatabaseUnavailable', reason: 'full' });
  expect(await database.prisma.remoteSite.count()).toBe(1);
});

test('an invalid statement is not reported as an unavailable database', async () => {
  const attempt = database.prisma.$queryRaw`SELECT nonsense`;
  await expect(attempt).rejects.toMatchObject({ name: 'PrismaClientKnownRequestError' });
  const mistake = new TypeError('x is undefined');
  expect(fromDriver(mistake)).toBe(mistake);
});

test.runIf(!process.env.TEST_DATABASE_URL)(
  'using the outer client inside a transaction ends with the transaction’s time, not never',
  async () => {
    const attempt = database.prisma.$transaction(() => database.prisma.remoteSite.count(), { timeout: 300 });
    await expect(attempt).rejects.toMatchObject({ code: 'P2028' });
    expect(await database.prisma.remoteSite.count()).toBe(0);
  },
);

test('ready reports whether the database answers, and is false after close', async () => {
  const own = await buildDatabase();
  expect(await own.readiness()).toBe('ok');
  await own.close();
  expect(await own.readiness()).toBe('unreachable');
});
