import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type Database, openDatabase, type PostgresConfig } from '../../src/platform/database/open-database.ts';

/** The server of the tests; empty where TEST_DATABASE_URL is not set. */
export const adminUrl = process.env.TEST_DATABASE_URL ?? '';

/** An empty database with a role of its own, as a DBA hands it out, and everything that a test opened on it. */
export interface GivenDatabase {
  readonly name: string;
  readonly role: string;
  /** As the role, which owns nothing yet. */
  url(query?: string, port?: number): string;
  /** As the superuser, in this database. */
  admin<Row extends object>(sql: string): Promise<Row[]>;
  open(config?: Partial<PostgresConfig>, onNotice?: (sentence: string) => void): Promise<Database>;
  close(): Promise<void>;
}

const password = 'pw';

/** @param how further words for CREATE DATABASE: its locale */
export async function giveDatabase(how = ''): Promise<GivenDatabase> {
  const id = `${process.pid}_${randomUUID().slice(0, 8)}`;
  const name = `argus_test_${id}`;
  const role = `argus_role_${id}`;
  const opened: Database[] = [];

  async function run<Row extends object>(database: string, sql: string): Promise<Row[]> {
    const url = new URL(adminUrl);
    if (database !== '') url.pathname = `/${database}`;
    const client = new pg.Client(url.href);
    await client.connect();
    try {
      const result = (await client.query(sql)) as pg.QueryResult<Row> | pg.QueryResult<Row>[];
      return (Array.isArray(result) ? result.at(-1) : result)?.rows ?? [];
    } finally {
      await client.end();
    }
  }

  await run('', `CREATE ROLE ${role} LOGIN PASSWORD '${password}'`);
  await run('', `CREATE DATABASE ${name} ${how}`);
  await run('', `GRANT CREATE ON DATABASE ${name} TO ${role}`);

  // As PostgreSQL 15 and later have it from the start.
  await run(name, 'REVOKE CREATE ON SCHEMA public FROM PUBLIC');

  const given: GivenDatabase = {
    name,
    role,
    url(query = '', port) {
      const url = new URL(adminUrl);
      Object.assign(url, { username: role, password, pathname: `/${name}`, search: query });
      if (port !== undefined) Object.assign(url, { hostname: '127.0.0.1', port: String(port) });
      return url.href;
    },
    admin: (sql) => run(name, sql),
    async open(config = {}, onNotice = () => {}) {
      const database = await openDatabase({ kind: 'postgres', url: given.url(), ...config }, { onNotice });
      opened.push(database);
      return database;
    },
    async close() {
      await Promise.all(opened.map((database) => database.close()));
      await run('', `DROP DATABASE ${name} WITH (FORCE)`);
      await run('', `DROP ROLE ${role}`);
    },
  };
  return given;
}
