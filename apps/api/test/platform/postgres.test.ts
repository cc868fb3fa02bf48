import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readPolicySites } from '../../src/connection/records/remote-sites.ts';
import { isDatabaseUnavailable } from '../../src/platform/database/database-unavailable.ts';
import { type Database, openDatabase, type PostgresConfig } from '../../src/platform/database/open-database.ts';
import { type FlakyProxy, startFlakyProxy } from '../support/flaky-proxy.ts';

const adminUrl = process.env.TEST_DATABASE_URL ?? '';

/** Faults that only a database server can cause. Runs if TEST_DATABASE_URL is set. */
describe.runIf(adminUrl)('PostgreSQL', () => {
  let name: string;
  let proxy: FlakyProxy;
  let opened: Database[];

  async function admin(sql: string): Promise<void> {
    const client = new pg.Client(adminUrl);
    await client.connect();
    await client.query(sql);
    await client.end();
  }

  function urlOf(port: number): string {
    const url = new URL(adminUrl);
    url.hostname = '127.0.0.1';
    url.port = String(port);
    url.pathname = `/${name}`;
    return url.href;
  }

  async function open(limits: Partial<PostgresConfig> = {}): Promise<Database> {
    const database = await openDatabase({ ...limits, kind: 'postgres', url: urlOf(proxy.port) });
    opened.push(database);
    return database;
  }

  beforeEach(async () => {
    name = `argus_test_${process.pid}_${randomUUID().slice(0, 8)}`;
    opened = [];
    const { hostname, port } = new URL(adminUrl);
    proxy = await startFlakyProxy(hostname, Number(port || 5432));
    await admin(`CREATE DATABASE ${name}`);
  });

  afterEach(async () => {
    proxy.thaw();
    await Promise.all(opened.map((database) => database.close()));
    await proxy.down();
    await admin(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin(`DROP ROLE IF EXISTS ${name}`);
  });

  test('instances that start at once on an empty database migrate it once', async () => {
    const [{ prisma }] = await Promise.all([open(), open(), open()]);
    const booked = await prisma.$queryRaw<{ times: number }[]>`
      SELECT count(*)::int AS times FROM _prisma_migrations WHERE finished_at IS NOT NULL GROUP BY migration_name`;
    expect(new Set(booked.map(({ times }) => times))).toEqual(new Set([1]));
    expect(await prisma.account.count()).toBe(0);
  });

  test('a database whose own time zone is not UTC keeps the right times', async () => {
    await admin(`ALTER DATABASE ${name} SET timezone TO 'Asia/Tokyo'`);
    const { prisma } = await open();
    const createdAt = new Date('2026-01-01T00:00:00.000Z');
    await prisma.vaultKey.create({ data: { kid: 'a', sealedCheck: 'x', createdAt } });
    const [row] = await prisma.$queryRaw<{ epoch: number; now: Date }[]>`
      SELECT extract(epoch FROM "createdAt")::float8 AS epoch, now() AS now FROM "VaultKey"`;
    expect(row?.epoch).toBe(createdAt.getTime() / 1000);
    expect(Math.abs((row?.now.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  const refusals = [
    ['it may not log in', () => `ALTER ROLE ${name} NOLOGIN`],
    ['it may not connect', () => `REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC, ${name}`],
    ['the database takes no connections', () => `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`],
  ] as const;
  test.each(refusals)(
    'ops T18: where PostgreSQL refuses the role because %s, it is an outage to every statement',
    async (_, refuse) => {
      await admin(`CREATE ROLE ${name} LOGIN PASSWORD 'first'; ALTER DATABASE ${name} OWNER TO ${name}`);
      const url = new URL(urlOf(proxy.port));
      [url.username, url.password] = [name, 'first'];
      const database = await openDatabase({ kind: 'postgres', url: url.href });
      const statements = [() => readPolicySites(database.reads), () => database.prisma.account.count()];
      try {
        await Promise.all(statements.map((run) => run()));
        await admin(refuse());
        await admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${name}'`);
        // A statement that meets the end of its own connection says so; the next one asks for a new one.
        for (const run of [...statements, ...statements]) {
          const error = await run().catch((failure: unknown) => failure);
          expect(isDatabaseUnavailable(error)).toBe(true);
        }
      } finally {
        await database.close();
        await admin(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
      }
    },
  );

  test('reports a failed migration as such, and undoes its statements', async () => {
    await open();
    // As if the first migration had never run; its first statement then succeeds and its second fails.
    const client = new pg.Client(urlOf(proxy.port));
    await client.connect();
    await client.query('DELETE FROM _prisma_migrations; DROP TABLE "Account" CASCADE; DROP TYPE "Role"');
    await expect(open()).rejects.toMatchObject({ code: 'migration_failed' });
    const { rows } = await client.query(`SELECT to_regtype('"Role"') AS role`);
    await client.end();
    expect(rows).toEqual([{ role: null }]);
  });

  test('reports an unreachable server in one sentence that names its location but no password', async () => {
    await proxy.down();
    const url = new URL(urlOf(proxy.port));
    url.password = 'canary';
    const attempt = openDatabase({ kind: 'postgres', url: url.href });
    await expect(attempt).rejects.toMatchObject({
      code: 'database_unreachable',
      en: `The database at 127.0.0.1:${proxy.port}/${name} cannot be reached (connect ECONNREFUSED 127.0.0.1:${proxy.port}).`,
    });
    await expect(attempt).rejects.not.toThrow('canary');
    await proxy.up();
  });

  test('a server that accepts but stays silent is reported as unreachable within the connection timeout', async () => {
    proxy.freeze();
    const from = Date.now();
    await expect(open({ connectionTimeoutMs: 300 })).rejects.toMatchObject({ code: 'database_unreachable' });
    expect(Date.now() - from).toBeLessThan(3_000);
  });

  test('D01: recovers from an outage automatically', async () => {
    const database = await open({ connectionTimeoutMs: 500 });
    expect(await database.readiness()).toBe('ok');
    await proxy.down();
    expect(await database.readiness()).toBe('unreachable');
    await proxy.up();
    await expect.poll(() => database.readiness(), { timeout: 5_000 }).toBe('ok');
  });

  test('D02: a connection killed mid-query fails that statement, and the next one works', async () => {
    const { prisma } = await open();
    const attempt = expect(prisma.$queryRaw`SELECT pg_sleep(30)::text`).rejects.toMatchObject({
      name: 'DatabaseUnavailable',
      reason: 'unreachable',
    });
    await expect
      .poll(async () => {
        const [row] = await prisma.$queryRaw<{ ended: number }[]>`
          SELECT count(pg_terminate_backend(pid))::int AS ended FROM pg_stat_activity
          WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep%' AND pid <> pg_backend_pid()`;
        return row?.ended;
      })
      .toBe(1);
    await attempt;
    expect(await prisma.account.count()).toBe(0);
  });

  test('D05: with the pool exhausted a statement fails in bounded time', async () => {
    const { prisma } = await open({ poolMax: 1, connectionTimeoutMs: 300 });
    await prisma.$transaction(async (tx) => {
      await tx.account.count();
      const from = Date.now();
      await expect(prisma.account.count()).rejects.toMatchObject({ name: 'DatabaseUnavailable', reason: 'timeout' });
      expect(Date.now() - from).toBeLessThan(2_000);
    });
    expect(await prisma.account.count()).toBe(0);
  });

  test('a statement that takes too long is ended by the server', async () => {
    const { prisma } = await open({ statementTimeoutMs: 200 });
    await expect(prisma.$queryRaw`SELECT pg_sleep(30)::text`).rejects.toMatchObject({
      name: 'DatabaseUnavailable',
      reason: 'timeout',
    });
  });

  test('D06: with the server frozen a statement fails after the query timeout, and its connection is not used again', async () => {
    const { prisma } = await open({ poolMax: 1, queryTimeoutMs: 500, statementTimeoutMs: 400 });
    const attempt = prisma.$transaction(async (tx) => {
      await tx.account.count();
      proxy.freeze();
      await tx.account.count();
    });
    const from = Date.now();
    await expect(attempt).rejects.toMatchObject({ name: 'DatabaseUnavailable' });
    expect(Date.now() - from).toBeLessThan(2_000);
    proxy.thaw();
    expect(await prisma.account.count()).toBe(0);
  });
});
