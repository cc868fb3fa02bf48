import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { applyMigrations } from '../../src/platform/database/migrate.ts';
import { migratePostgres } from '../../src/platform/database/migrate-postgres.ts';
import { type Database, type DatabaseConfig, openDatabase } from '../../src/platform/database/open-database.ts';
import { openPglite } from '../../src/platform/database/open-pglite.ts';
import { createPgliteAdapter } from '../../src/platform/database/pglite-adapter.ts';
import { readMigrations } from '../../src/platform/database/read-migrations.ts';

/** An empty, migrated database for one test file. */
export interface TestDatabase extends Database {
  /** For opening the same database again; only on PostgreSQL, as PGlite in memory belongs to one opener. */
  config: DatabaseConfig;
  /** Closes the database and drops it. */
  close(): Promise<void>;
}

const cacheFolder = resolve(import.meta.dirname, '../../../../node_modules/.cache/argus');

/** Changes with the migrations and with PGlite, whose data folders do not work with another version. */
async function templateKey(): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify((await readMigrations()).migrationDirectories));
  const pgliteEntry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  hash.update(await readFile(join(pgliteEntry, '../../package.json')));
  return hash.digest('hex').slice(0, 16);
}

/** A migrated PGlite as a tar file, created once and cached for all test files and runs. */
async function pgliteTemplate(): Promise<Blob> {
  const file = join(cacheFolder, `pglite-template-${await templateKey()}.tar`);
  try {
    return new Blob([await readFile(file)]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const pglite = await openPglite();
  await applyMigrations(createPgliteAdapter(pglite));
  const dump = await pglite.dumpDataDir('none');
  await pglite.close();
  await mkdir(cacheFolder, { recursive: true });
  // Several workers may get here at once; each renames a complete file into place.
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, Buffer.from(await dump.arrayBuffer()));
  await rename(draft, file);
  // Old templates take forty megabytes each, and are useless once the migrations have changed.
  for (const name of await readdir(cacheFolder)) {
    if (/^pglite-template-.*\.tar$/.test(name) && join(cacheFolder, name) !== file) {
      await rm(join(cacheFolder, name), { force: true });
    }
  }
  return dump;
}

async function withAdmin<T>(adminUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Creates a database from a migrated template, which is created first if it is missing. Returns its name. */
async function createFromTemplate(adminUrl: string): Promise<string> {
  const template = `argus_test_template_${await templateKey()}`;
  const name = `argus_test_${process.pid}_${randomUUID().slice(0, 8)}`;
  await withAdmin(adminUrl, async (client) => {
    // One worker creates the template, the others wait. The lock ends with the connection.
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [template]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (rowCount === 0) {
      const draft = `${name}_draft`;
      await client.query(`CREATE DATABASE ${draft}`);
      await migratePostgres(urlOf(adminUrl, draft), {
        connectionTimeoutMs: 5_000,
        mayBeAhead: false,
        onNotice: () => {},
      });
      await client.query(`ALTER DATABASE ${draft} RENAME TO ${template}`);
    }
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
    // No test survives a crash of the server: it need not wait for the disk.
    await client.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
  });
  return name;
}

/**
 * Opens an empty, migrated database for one test file: PGlite in memory, or a new database on the PostgreSQL server
 * at TEST_DATABASE_URL (with a role that may create databases). Takes a few tenths of a second.
 */
export async function buildDatabase(): Promise<TestDatabase> {
  const adminUrl = process.env.TEST_DATABASE_URL;
  if (!adminUrl) {
    const config: DatabaseConfig = { kind: 'pglite', dataDir: 'memory', template: await pgliteTemplate() };
    return { ...(await openDatabase(config)), config };
  }
  const name = await createFromTemplate(adminUrl);
  const config: DatabaseConfig = { kind: 'postgres', url: urlOf(adminUrl, name) };
  const opened = await openDatabase(config);
  return {
    ...opened,
    config,
    async close() {
      await opened.close();
      await withAdmin(adminUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}
