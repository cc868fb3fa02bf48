import pg from 'pg';
import { DatabaseStartFailure } from './database-start-failure.ts';
import { applyMigrations } from './migrate.ts';
import { createPostgresAdapter, openPool } from './postgres-adapter.ts';

/** Any fixed number that other programs on the same database do not use. */
const migrationLock = 4_177_115;
/** How long to wait for another instance's migration, and for a migration itself. */
const migrationTimeoutMs = 300_000;

/** The location of a database, without its password: `host:port/name`. */
function placeOf(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `${hostname || 'localhost'}:${port || '5432'}${pathname}`;
  } catch {
    return 'DATABASE_URL';
  }
}

function unreachable(url: string, cause: unknown): DatabaseStartFailure {
  const place = placeOf(url);
  const { code, message } = cause as NodeJS.ErrnoException;
  const why = code || message;
  return new DatabaseStartFailure(
    'database_unreachable',
    {
      ja: `データベース ${place} に接続できません(${why})。`,
      en: `The database at ${place} cannot be reached (${why}).`,
    },
    cause,
  );
}

/**
 * Migrates a PostgreSQL database. Instances that start at the same time take turns.
 *
 * @throws DatabaseStartFailure `database_unreachable` or `migration_failed`
 */
export async function migratePostgres(url: string, connectionTimeoutMs: number): Promise<string[]> {
  const lock = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectionTimeoutMs });
  // A lost connection already fails the query in progress; the unhandled event would end the process.
  lock.on('error', () => {});
  const limits = {
    poolMax: 2,
    connectionTimeoutMs,
    statementTimeoutMs: migrationTimeoutMs,
    queryTimeoutMs: migrationTimeoutMs,
  };
  try {
    await lock.connect();
  } catch (error) {
    await lock.end().catch(() => {});
    throw unreachable(url, error);
  }
  const pool = openPool(url, limits);
  try {
    await lock.query(`SET statement_timeout = ${migrationTimeoutMs}`);
    await lock.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    return await applyMigrations(createPostgresAdapter(pool));
  } catch (error) {
    throw new DatabaseStartFailure(
      'migration_failed',
      {
        ja: `データベース ${placeOf(url)} のマイグレーションに失敗しました。`,
        en: `The migrations of the database at ${placeOf(url)} failed.`,
      },
      error,
    );
  } finally {
    await pool.end();
    await lock.end();
  }
}
