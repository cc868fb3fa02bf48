import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BulkSession, copyLine } from '../../src/platform/database/bulk-session.ts';
import type { DatabaseStartFailure } from '../../src/platform/database/database-start-failure.ts';
import { type Database, openDatabase } from '../../src/platform/database/open-database.ts';
import { askedBy } from '../../src/platform/database/prepared-reads.ts';
import { hasPgbouncer, startPgbouncer } from '../support/pgbouncer.ts';
import { adminUrl, type GivenDatabase, giveDatabase } from '../support/postgres-server.ts';

describe.runIf(adminUrl)('PostgreSQL as a DBA hands it out', () => {
  let given: GivenDatabase;

  beforeEach(async () => {
    given = await giveDatabase();
  });
  afterEach(() => given.close());

  const grantPublic = () => given.admin(`GRANT CREATE ON SCHEMA public TO ${given.role}`);

  /** Uses Prisma, its raw statements, and a bulk session. */
  async function useAll({ prisma, bulk }: Database): Promise<void> {
    await prisma.vaultKey.create({ data: { kid: 'a', sealedCheck: 'a' } });
    await prisma.$executeRaw`UPDATE "VaultKey" SET kid = 'b'`;
    await bulk.session(async (session) => {
      await session.execute('CREATE TEMP TABLE lines (name text)');
      await session.copy('lines', ['name'], copyLine(['c']));
      await session.transaction((tx) => tx.execute('UPDATE "VaultKey" SET kid = lines.name FROM lines'));
      await session.execute('DROP TABLE lines');
    });
    expect(await prisma.vaultKey.findMany()).toMatchObject([{ kid: 'c' }]);
  }

  async function keepsTemporaryTables(session: BulkSession): Promise<void> {
    await session.execute('CREATE TEMP TABLE own (name text)');
    for (const name of ['a', 'b', 'c']) await session.copy('own', ['name'], copyLine([name]));
    await expect(session.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
    await expect(
      session.transaction(async (tx) => {
        await tx.execute('DELETE FROM own');
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await session.query('SELECT name FROM own ORDER BY 1')).toHaveLength(3);
  }

  async function schemasOfTables(): Promise<string[]> {
    const rows = await given.admin<{ schemaname: string }>(
      `SELECT DISTINCT schemaname FROM pg_tables WHERE tablename IN ('VaultKey', '_prisma_migrations')`,
    );
    return rows.map(({ schemaname }) => schemaname);
  }

  async function refusal(url = given.url()): Promise<DatabaseStartFailure> {
    return openDatabase({ kind: 'postgres', url, connectionTimeoutMs: 2_000 }).then(
      async (database) => {
        await database.close();
        throw new Error('It has opened.');
      },
      (error: DatabaseStartFailure) => error,
    );
  }

  const ways: Record<string, () => Promise<string>> = {
    'is named like the role': async () => {
      await given.admin(`CREATE SCHEMA ${given.role} AUTHORIZATION ${given.role}`);
      return '';
    },
    'the URL names by schema=': async () => {
      await given.admin(`CREATE SCHEMA "Of Argus" AUTHORIZATION ${given.role}`);
      return '?schema=Of%20Argus';
    },
    'the URL names by options=': async () => {
      await given.admin(`CREATE SCHEMA argus AUTHORIZATION ${given.role}`);
      return '?options=-c%20search_path%3Dargus';
    },
    'the database has in its search path': async () => {
      await given.admin(`CREATE SCHEMA argus AUTHORIZATION ${given.role}`);
      await given.admin(`ALTER DATABASE ${given.name} SET search_path = argus, public`);
      return '';
    },
  };
  it.each(Object.entries(ways))(
    'ops T13: Argus lives in the schema that %s, and in no other',
    async (_way, prepare) => {
      const url = given.url(await prepare());
      await useAll(await given.open({ url }));
      const [schema, ...others] = await schemasOfTables();
      expect(schema).not.toBe('public');
      expect(others).toEqual([]);
      // It starts again on what is there.
      expect((await given.open({ url })).server).toMatchObject({ schema, applied: [] });
    },
  );

  it('ops T13: a schema that is made later hides nothing: Argus goes on where its tables are', async () => {
    await grantPublic();
    await given.open();
    await given.admin(`CREATE SCHEMA ${given.role} AUTHORIZATION ${given.role}`);
    const { server } = await given.open();
    expect(server).toMatchObject({ schema: 'public', applied: [] });
  });

  it('ops T13: a schema that does not exist is refused before anything is made', async () => {
    expect(await refusal(given.url('?schema=argos'))).toMatchObject({
      code: 'schema_missing',
      en: expect.stringContaining('no schema argos'),
    });
    expect(await schemasOfTables()).toEqual([]);
  });

  it('ops T13: a schema with tables of somebody else is refused in words for its operator, naming three', async () => {
    await grantPublic();
    await given.admin('CREATE TABLE a1 (); CREATE TABLE a2 (); CREATE TABLE a3 (); CREATE TABLE a4 ()');
    const { code, ja, en } = await refusal();
    expect(code).toBe('schema_of_others');
    expect(en).toMatch(/\(a1, a2, a3 and 1 more\).*a schema only for Argus/);
    expect(ja).toMatch(/\(a1, a2, a3、ほか 1\).*\?schema=/);
    expect(`${ja}${en}`).not.toMatch(/P3005|baselin|pris\.ly/);
    expect(await schemasOfTables()).toEqual([]);
    // A schema of its own is the way out that the sentence names.
    await given.admin(`CREATE SCHEMA own AUTHORIZATION ${given.role}`);
    await useAll(await given.open({ url: given.url('?schema=own') }));
  });

  it('ops T13: tables of an extension count, as the engine refuses them; its views and types do not', async () => {
    await grantPublic();
    await given.admin(
      'CREATE EXTENSION pg_stat_statements; CREATE EXTENSION citext; CREATE VIEW v AS SELECT 1; CREATE TABLE spatial_ref_sys (); ALTER EXTENSION citext ADD TABLE spatial_ref_sys',
    );
    expect(await refusal()).toMatchObject({ code: 'schema_of_others', en: expect.stringContaining('spatial_ref_sys') });
    await given.admin('ALTER EXTENSION citext DROP TABLE spatial_ref_sys; DROP TABLE spatial_ref_sys');
    await useAll(await given.open());
  });

  it("ops T13: another program's migrations are no newer Argus", async () => {
    await grantPublic();
    await given.admin(`CREATE TABLE "Orders" (); CREATE TABLE _prisma_migrations (migration_name text, checksum text,
      finished_at timestamptz, rolled_back_at timestamptz);
      INSERT INTO _prisma_migrations VALUES ('20200101000000_orders', 'x', now(), NULL);
      GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${given.role}`);
    expect(await refusal()).toMatchObject({ code: 'schema_of_others', en: expect.stringContaining('(Orders)') });
  });

  it('ops T13: where an Argus lives in another schema, a new one is made only in a schema that is named', async () => {
    await grantPublic();
    await given.admin(`CREATE SCHEMA "of argus" AUTHORIZATION ${given.role}`);
    const named = given.url('?schema=of%20argus');
    await useAll(await given.open({ url: named }));
    const { code, ja, en } = await refusal();
    expect(code).toBe('schema_elsewhere');
    for (const text of [ja, en]) {
      expect(text).toContain('?schema=of%20argus');
      expect(text).toContain('?schema=public');
    }
    await expect(openDatabase({ kind: 'postgres', url: given.url() }, { mayApply: false })).rejects.toMatchObject({
      code,
    });
    await given.open({ url: named });
    // Whoever insists says so, in the URL or for the role.
    await given.open({ url: given.url('?schema=public') });
    expect(await schemasOfTables()).toHaveLength(2);
    await given.open();
    await given.admin(
      `CREATE SCHEMA third AUTHORIZATION ${given.role}; ALTER ROLE ${given.role} SET search_path = third`,
    );
    await given.open();
    expect(await schemasOfTables()).toHaveLength(3);
  });

  it('ops T11: a role without rights is refused with what PostgreSQL says', async () => {
    expect(await refusal()).toMatchObject({
      code: 'migration_failed',
      ja: expect.stringContaining('(42501: permission denied for schema public)'),
    });
  });

  it('ops T11: a migration that fails is named with its cause, and the next start tries it again', async () => {
    await grantPublic();
    await given.admin('CREATE TYPE "Role" AS ENUM ()');
    const { code, en } = await refusal();
    expect(code).toBe('migration_failed');
    expect(en).toMatch(/^The migration \d+_init of .* failed \(42710: type "Role" already exists\)\.$/);
    expect(await refusal()).toMatchObject({ en });
    await given.admin('DROP TYPE "Role"');
    await useAll(await given.open());
  });

  it('ops T12: what PostgreSQL says of a wrong database or role stands in the sentence', async () => {
    const elsewhere = given.url().replace(given.name, 'argus_nowhere');
    expect((await refusal(elsewhere)).en).toContain('(3D000: database "argus_nowhere" does not exist)');
    expect((await refusal(given.url().replace(given.role, 'argus_nobody'))).en).toContain(
      '28000: role "argus_nobody" does not exist',
    );
    expect((await refusal(given.url('?sslmode=verify-full&sslrootcert=/nope.pem'))).en).toContain(
      "ENOENT: no such file or directory, open '/nope.pem'",
    );
  });

  it('ops T37: a database of a newer Argus is refused, unless its operator goes back by one version', async () => {
    await grantPublic();
    await given.open();
    await given.admin(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at)
       VALUES ('x', 'x', '29990101000000_of_tomorrow', now(), now())`,
    );
    expect(await refusal()).toMatchObject({
      code: 'database_ahead',
      en: expect.stringContaining('29990101000000_of_tomorrow'),
    });
    await useAll(await given.open({ mayBeAhead: true }));
  });

  describe.runIf(hasPgbouncer)('behind PgBouncer as installed', () => {
    const advisoryLocks = () =>
      given.admin(`SELECT objid FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE l.locktype = 'advisory' AND d.datname = '${given.name}'`);

    it.each(['session', 'transaction'] as const)(
      'ops T14, T15: two instances start and work in %s mode, and leave no lock behind',
      async (mode) => {
        await grantPublic();
        // A server that keeps other habits than Argus: the times must be right all the same.
        await given.admin(`ALTER DATABASE ${given.name} SET timezone TO 'Asia/Tokyo'`);
        const pgbouncer = await startPgbouncer(given.role, mode);
        try {
          const url = given.url('', pgbouncer.port);
          const [one, two] = await Promise.all([given.open({ url }), given.open({ url })]);
          expect(await advisoryLocks()).toEqual([]);
          expect(one.server).toMatchObject({ pooledByTransaction: mode === 'transaction', schema: 'public' });
          await Promise.all(Array.from({ length: 20 }, () => Promise.all([one.readiness(), two.readiness()])));
          await useAll(one);
          const text = `SELECT asked.nth::int AS nth, v.kid FROM ${askedBy('kid')} JOIN "VaultKey" AS v ON v.kid = asked.kid`;
          for (let turn = 0; turn < 10; turn += 1) {
            const asking = [one, two].map(({ reads }) => reads.ask({ name: 'test', text }, ['c']));
            expect(await Promise.all(asking)).toMatchObject([[{ kid: 'c' }], [{ kid: 'c' }]]);
          }
          await Promise.all([1, 2, 3].map(() => two.bulk.session(keepsTemporaryTables)));
          const createdAt = new Date('2026-01-01T00:00:00.000Z');
          await two.prisma.vaultKey.update({ where: { kid: 'c' }, data: { createdAt } });
          const found = await Promise.all(Array.from({ length: 10 }, () => one.prisma.vaultKey.findFirst()));
          expect(new Set(found.map((row) => row?.createdAt.toISOString()))).toEqual(new Set([createdAt.toISOString()]));
          expect(await advisoryLocks()).toEqual([]);
        } finally {
          await pgbouncer.close();
        }
      },
    );

    it('ops T15: a schema of the URL, which transaction mode would lose, is refused with the way that works', async () => {
      await given.admin(`CREATE SCHEMA argus AUTHORIZATION ${given.role}`);
      const before = await startPgbouncer(given.role, 'transaction');
      expect((await refusal(given.url('?schema=argus', before.port))).en).toContain('ALTER ROLE … SET search_path');
      await before.close();
      await given.admin(`ALTER ROLE ${given.role} SET search_path = argus`);
      const after = await startPgbouncer(given.role, 'transaction');
      await useAll(await given.open({ url: given.url('', after.port) }));
      expect(await schemasOfTables()).toEqual(['argus']);
      await after.close();
    });
  });

  it('ops T15: an instance that waits while another one migrates says so', async () => {
    await grantPublic();
    const notices: string[] = [];
    const holder = new pg.Client(given.url());
    await holder.connect();
    await holder.query('BEGIN; SELECT pg_advisory_xact_lock(4177115)');
    const opening = given.open({}, (sentence) => notices.push(sentence));
    await vi.waitFor(() => expect(notices.join()).toContain('Waiting for another Argus'), { timeout: 10_000 });
    await holder.end();
    await opening;
  });

  describe('read-only, as after a failover', () => {
    const readOnly = (setting: 'on' | 'off') =>
      given.admin(`ALTER ROLE ${given.role} SET default_transaction_read_only = ${setting}`);
    const cutAll = () =>
      given.admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${given.role}'`);

    it('ops T10: Argus does not start on it, and makes nothing', async () => {
      await grantPublic();
      await readOnly('on');
      expect(await refusal()).toMatchObject({ code: 'database_read_only' });
      expect(await schemasOfTables()).toEqual([]);
    });

    it('ops T10: Argus is not ready, says why, and leaves the connections that lead there', async () => {
      await grantPublic();
      const database = await given.open();
      const { prisma, bulk, jobs } = database;
      await readOnly('on');
      await cutAll();
      await vi.waitFor(async () => expect(await database.readiness()).toBe('read_only'), { timeout: 5_000 });
      const write = () => prisma.vaultKey.create({ data: { kid: `k${Math.random()}`, sealedCheck: 'x' } });
      await expect(write()).rejects.toMatchObject({ name: 'DatabaseUnavailable', reason: 'read_only' });
      await expect(prisma.$transaction((tx) => tx.vaultKey.deleteMany())).rejects.toMatchObject({
        reason: 'read_only',
      });
      await expect(bulk.session((tx) => tx.execute('DELETE FROM "VaultKey"'))).rejects.toMatchObject({
        reason: 'read_only',
      });
      await expect(jobs.executeSql('DELETE FROM "VaultKey"')).rejects.toThrow('read-only');
      // The new primary is there. What is open still leads to the former one, and no connection breaks.
      await readOnly('off');
      await expect(write().catch(write)).resolves.toBeTruthy();
      expect(await database.readiness()).toBe('ok');
      await bulk.session((tx) => tx.execute('DELETE FROM "VaultKey"'));
    });

    it('ops T10: the first write that is refused replaces every connection, not only its own', async () => {
      await grantPublic();
      const { prisma } = await given.open();
      await readOnly('on');
      await cutAll();
      const several = () => Promise.all([1, 2, 3, 4].map(() => prisma.$queryRaw`SELECT 1 FROM pg_sleep(0.2)`));
      await vi.waitFor(several, { timeout: 5_000 });
      await readOnly('off');
      const write = () => prisma.vaultKey.create({ data: { kid: `k${Math.random()}`, sealedCheck: 'x' } });
      await expect(write()).rejects.toMatchObject({ reason: 'read_only' });
      await expect(Promise.all([write(), write(), write()])).resolves.toHaveLength(3);
    });
  });
});
