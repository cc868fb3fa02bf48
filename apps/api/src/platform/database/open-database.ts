import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaClient } from '../../generated/prisma/client.ts';
import type { BulkDatabase } from './bulk-session.ts';
import { DatabaseStartFailure } from './database-start-failure.ts';
import { createPgliteJobs, createPostgresJobs, type JobDatabase } from './job-database.ts';
import { lockDataFolder } from './lock-data-folder.ts';
import { applyMigrations } from './migrate.ts';
import { migratePostgres } from './migrate-postgres.ts';
import { openPglite } from './open-pglite.ts';
import { createPgliteAdapter } from './pglite-adapter.ts';
import { createPgliteBulk } from './pglite-bulk.ts';
import { createPostgresAdapter, defaultPostgresLimits, openPool, type PostgresLimits } from './postgres-adapter.ts';
import { createPostgresBulk } from './postgres-bulk.ts';

export interface PgliteConfig {
  kind: 'pglite';
  /** Argus's data folder; the database is in its folder `database`. 'memory' stores nothing. */
  dataDir: string;
  /** The URL that this process serves; shown to a process that finds the folder locked. */
  servedAt?: string;
  /** A migrated data folder from `dumpDataDir`; 'memory' only. */
  template?: Blob;
}

export interface PostgresConfig extends Partial<PostgresLimits> {
  kind: 'postgres';
  url: string;
}

export type DatabaseConfig = PgliteConfig | PostgresConfig;

export interface Database {
  kind: DatabaseConfig['kind'];
  prisma: PrismaClient;
  /** For work on many rows. */
  bulk: BulkDatabase;
  /** For the job queue. */
  jobs: JobDatabase;
  /** How many connections there are, how many are idle, and how many statements wait for one; 0 on PGlite. */
  connections(): { total: number; idle: number; waiting: number };
  /** Whether the database answers within two seconds. Never rejects. */
  ready(): Promise<boolean>;
  /** Closes the connections and releases the data folder. May be called more than once. */
  close(): Promise<void>;
}

const readyTimeoutMs = 2_000;
const closeTimeoutMs = 5_000;

/** Settles when the work is done or the time is up, whichever is first. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const timer = new AbortController();
  try {
    return await Promise.race([work, sleep(ms, undefined, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}

function databaseOn(
  given: Pick<Database, 'kind' | 'bulk' | 'jobs' | 'connections'>,
  adapter: SqlMigrationAwareDriverAdapterFactory,
  closeDriver: () => Promise<void>,
): Database {
  const prisma = new PrismaClient({
    adapter,
    // Longer than Prisma's 2 s and 5 s: on PGlite, transactions wait for each other.
    transactionOptions: { maxWait: 5_000, timeout: 10_000 },
    // The other formats print a call's arguments, and with them stored data.
    errorFormat: 'minimal',
  });
  let probe: Promise<boolean> | undefined;
  let closed: Promise<void> | undefined;
  return {
    ...given,
    prisma,
    async ready() {
      if (closed) return false;
      // One probe at a time: while the server is frozen, each would occupy a connection.
      probe ??= prisma.$queryRaw`SELECT 1`
        .then(
          () => true,
          () => false,
        )
        .finally(() => {
          probe = undefined;
        });
      return (await within(readyTimeoutMs, probe)) ?? false;
    },
    close() {
      closed ??= prisma.$disconnect().then(closeDriver);
      return closed;
    },
  };
}

async function migratedPglite(folder: string | undefined, template: Blob | undefined): Promise<PGlite> {
  let pglite: PGlite | undefined;
  try {
    pglite = await openPglite(folder, template);
    await applyMigrations(createPgliteAdapter(pglite));
    return pglite;
  } catch (error) {
    await pglite?.close();
    const place = folder ?? 'memory';
    throw pglite
      ? new DatabaseStartFailure(
          'migration_failed',
          {
            ja: `データベース ${place} のマイグレーションに失敗しました。`,
            en: `The migrations of the database in ${place} failed.`,
          },
          error,
        )
      : new DatabaseStartFailure(
          'database_unusable',
          {
            ja: `データフォルダー内のデータベース ${place} を開けません。`,
            en: `The database in ${place} cannot be opened.`,
          },
          error,
        );
  }
}

function pgliteDatabase(pglite: PGlite, closeDriver: () => Promise<void>): Database {
  const bulk = createPgliteBulk(pglite);
  const jobs = createPgliteJobs(pglite);
  const connections = () => ({ total: 0, idle: 0, waiting: 0 });
  return databaseOn({ kind: 'pglite', bulk, jobs, connections }, createPgliteAdapter(pglite), closeDriver);
}

async function openEmbedded({ dataDir, servedAt, template }: PgliteConfig): Promise<Database> {
  if (dataDir === 'memory') {
    const pglite = await migratedPglite(undefined, template);
    return pgliteDatabase(pglite, () => pglite.close());
  }
  const folder = resolve(dataDir);
  const unlock = await lockDataFolder(folder, servedAt ?? null);
  try {
    const pglite = await migratedPglite(join(folder, 'database'), undefined);
    return pgliteDatabase(pglite, async () => {
      try {
        await pglite.close();
      } finally {
        await unlock();
      }
    });
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function openPostgres(config: PostgresConfig, onWaited: (seconds: number) => void): Promise<Database> {
  const { kind, url, ...given } = config;
  const limits = { ...defaultPostgresLimits, ...given };
  await migratePostgres(url, limits.connectionTimeoutMs);
  const pool = openPool(url, limits, '', onWaited);
  const bulk = createPostgresBulk(url, limits);
  const jobs = createPostgresJobs(pool);
  const connections = () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount });
  return databaseOn({ kind, bulk, jobs, connections }, createPostgresAdapter(pool), async () => {
    // On a frozen server, connections would never close.
    await within(closeTimeoutMs, Promise.all([pool.end(), bulk.close()]));
  });
}

/**
 * Opens the database and migrates it. PGlite's data folder is locked against other processes.
 *
 * A statement that the database cannot serve fails with {@link DatabaseUnavailable}, on either database.
 *
 * @param onWaited receives the seconds that each statement or transaction waited for a PostgreSQL connection
 * @throws DatabaseStartFailure, whose code says what to fix: the folder, its lock, the connection, the migrations
 */
export function openDatabase(
  config: DatabaseConfig,
  onWaited: (seconds: number) => void = () => {},
): Promise<Database> {
  return config.kind === 'pglite' ? openEmbedded(config) : openPostgres(config, onWaited);
}
