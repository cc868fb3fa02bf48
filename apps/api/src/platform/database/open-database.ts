import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { present } from '@argus/fields/present';
import type { PGlite } from '@electric-sql/pglite';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaClient } from '../../generated/prisma/client.ts';
import { neverAsked, StopAsked, type StopRequest } from '../stop.ts';
import type { BulkDatabase } from './bulk-session.ts';
import { DatabaseStartFailure } from './database-start-failure.ts';
import type { FolderLock, LockRules } from './folder-lock.ts';
import { createPgliteJobs, createPostgresJobs, type JobDatabase } from './job-database.ts';
import { lockDataFolder } from './lock-data-folder.ts';
import { applyMigrations, type MigrationRules } from './migrate.ts';
import { type MigratedServer, migratePostgres, migrationFailure } from './migrate-postgres.ts';
import { openPglite } from './open-pglite.ts';
import { createPgliteAdapter } from './pglite-adapter.ts';
import { createPgliteBulk } from './pglite-bulk.ts';
import { createPostgresAdapter } from './postgres-adapter.ts';
import { createPostgresBulk } from './postgres-bulk.ts';
import { defaultPostgresLimits, openPool, type PostgresLimits, searchPath } from './postgres-pool.ts';
import { placeOf } from './postgres-url.ts';
import { createPgliteReads, createPostgresReads, type PreparedReads } from './prepared-reads.ts';

export interface PgliteConfig {
  kind: 'pglite';
  /** Argus's data folder; the database is in its folder `database`. 'memory' stores nothing. */
  dataDir: string;
  /** The URL that this process serves; shown to a process that finds the folder locked. */
  servedAt?: string;
  /** Other rules for the lock of the data folder than the usual ones; only tests have any. */
  lock?: Partial<LockRules>;
  /** A migrated data folder from `dumpDataDir`; 'memory' only. */
  template?: Blob;
  /** Whether the database may have migrations of a newer Argus. */
  mayBeAhead?: boolean;
}

export interface PostgresConfig extends Partial<PostgresLimits> {
  kind: 'postgres';
  url: string;
  /** Whether the database may have migrations of a newer Argus. */
  mayBeAhead?: boolean;
}

export type DatabaseConfig = PgliteConfig | PostgresConfig;

export interface Database {
  kind: DatabaseConfig['kind'];
  prisma: PrismaClient;
  /** For work on many rows. */
  bulk: BulkDatabase;
  /** For the reads that every request needs. */
  reads: PreparedReads;
  /** For the job queue. */
  jobs: JobDatabase;
  /** How many connections there are, how many are idle, and how many statements wait for one; 0 on PGlite. */
  connections(): { total: number; idle: number; waiting: number };
  /** What Argus knows of its PostgreSQL server; null on PGlite. */
  server: MigratedServer | null;
  /** Whether the database answers within two seconds, and takes writes. Never rejects. */
  readiness(): Promise<Readiness>;
  /** Closes the connections and releases the data folder. May be called more than once. */
  close(): Promise<void>;
}

/** `stopping`: this process will soon be gone. */
export type Readiness = 'ok' | 'unreachable' | 'read_only' | 'stopping';

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
  given: Pick<Database, 'kind' | 'bulk' | 'reads' | 'jobs' | 'connections' | 'server'>,
  adapter: SqlMigrationAwareDriverAdapterFactory,
  closeDriver: () => Promise<void>,
  onReadOnly: () => void = () => {},
): Database {
  const prisma = new PrismaClient({
    adapter,
    // Longer than Prisma's 2 s and 5 s: on PGlite, transactions wait for each other.
    transactionOptions: { maxWait: 5_000, timeout: 10_000 },
    // The other formats print a call's arguments, and with them stored data.
    errorFormat: 'minimal',
  });
  let probe: Promise<Readiness> | undefined;
  let closed: Promise<void> | undefined;

  async function askReadiness(): Promise<Readiness> {
    try {
      const [row] = await prisma.$queryRaw<{ writable: boolean }[]>`
        SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' AS writable`;
      if (row?.writable === true) return 'ok';
      onReadOnly();
      return 'read_only';
    } catch {
      return 'unreachable';
    }
  }

  return {
    ...given,
    prisma,
    async readiness() {
      if (closed) return 'unreachable';
      // One probe at a time: while the server is frozen, each would occupy a connection.
      probe ??= askReadiness().finally(() => {
        probe = undefined;
      });
      return (await within(readyTimeoutMs, probe)) ?? 'unreachable';
    },
    close() {
      closed ??= prisma.$disconnect().then(closeDriver);
      return closed;
    },
  };
}

/** Less than PostgreSQL writes at once. Bytes. */
const leastFree = 1_000_000;

/** Whether the disk of a folder is full. What PGlite says where it is depends on what it was writing. */
async function isFull(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(dirname(folder)).catch(() => ({ bavail: Infinity, bsize: 1 }));
  return bavail * bsize < leastFree;
}

async function migratedPglite(
  on: { readonly folder: string; readonly lock: FolderLock } | undefined,
  { template, ...rules }: Pick<PgliteConfig, 'template'> & MigrationRules,
): Promise<PGlite> {
  let pglite: PGlite | undefined;
  try {
    // Half of a new database would keep every later start from opening it.
    pglite = await (rules.stop ?? neverAsked).hold(() => openPglite(on, template));
    await applyMigrations(createPgliteAdapter(pglite), rules);
    return pglite;
  } catch (error) {
    await pglite?.close();
    if (error instanceof StopAsked) throw error;
    const place = on?.folder ?? 'memory';
    if (on && (await isFull(on.folder))) {
      throw new DatabaseStartFailure(
        'disk_full',
        {
          ja: `${place} のディスクに空きがありません。空きを増やしてから、もう一度起動してください。`,
          en: `The disk of ${place} is full. Free some space and start again.`,
        },
        error,
      );
    }
    throw pglite
      ? migrationFailure(place, error)
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
  const reads = createPgliteReads(pglite);
  const jobs = createPgliteJobs(pglite);
  const connections = () => ({ total: 0, idle: 0, waiting: 0 });
  return databaseOn(
    { kind: 'pglite', bulk, reads, jobs, connections, server: null },
    createPgliteAdapter(pglite),
    closeDriver,
  );
}

async function openEmbedded(config: PgliteConfig, { mayApply, stop }: OpenOptions): Promise<Database> {
  const { dataDir, servedAt, template, mayBeAhead, lock: lockRules } = config;
  const rules = { mayBeAhead, mayApply, stop };
  if (dataDir === 'memory') {
    const pglite = await migratedPglite(undefined, { ...present({ template }), ...rules });
    return pgliteDatabase(pglite, () => pglite.close());
  }
  const folder = resolve(dataDir);
  const lock = await lockDataFolder(folder, servedAt ?? null, lockRules);
  try {
    const pglite = await migratedPglite({ folder: join(folder, 'database'), lock }, rules);
    return pgliteDatabase(pglite, async () => {
      try {
        await pglite.close();
      } finally {
        lock.release();
      }
    });
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openPostgres(config: PostgresConfig, { onWaited, ...options }: OpenOptions): Promise<Database> {
  const { kind, url, mayBeAhead = false, ...given } = config;
  const limits = { ...defaultPostgresLimits, ...given };
  const { connectionTimeoutMs } = limits;
  const server = await migratePostgres(url, { connectionTimeoutMs, mayBeAhead, ...options });
  const path = searchPath(server.schema);
  const pool = openPool(url, limits, path, onWaited);
  const bulk = createPostgresBulk(url, limits, path);
  const reads = createPostgresReads(pool, !server.pooledByTransaction);
  const jobs = createPostgresJobs(pool);
  const connections = () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount });
  return databaseOn(
    { kind, bulk, reads, jobs, connections, server },
    createPostgresAdapter(pool, server.schema),
    async () => {
      // On a frozen server, connections would never close.
      await within(closeTimeoutMs, Promise.all([pool.end(), bulk.close()]));
    },
    () => pool.renew(),
  );
}

export interface OpenOptions {
  /** Receives the seconds that each statement or transaction waited for a PostgreSQL connection. */
  readonly onWaited: (seconds: number) => void;
  /** Receives what an operator should know while the database opens, one sentence in both languages. */
  readonly onNotice: (sentence: string) => void;
  /** Whether pending migrations may be applied. */
  readonly mayApply: boolean;
  /** Ends the opening early, but no migration. */
  readonly stop: StopRequest;
}

/**
 * Opens the database and migrates it. PGlite's data folder is locked against other processes.
 *
 * A statement that the database cannot serve fails with {@link DatabaseUnavailable}, on either database.
 *
 * @throws DatabaseStartFailure, whose code says what to fix: the folder, its lock, the connection, the migrations; StopAsked
 */
export function openDatabase(config: DatabaseConfig, options: Partial<OpenOptions> = {}): Promise<Database> {
  const given = { onWaited: () => {}, onNotice: () => {}, mayApply: true, stop: neverAsked, ...options };
  return config.kind === 'pglite' ? openEmbedded(config, given) : openPostgres(config, given);
}

/** Where a database is, for an operator; without a password. */
export function databasePlace(config: DatabaseConfig): string {
  return config.kind === 'postgres' ? placeOf(config.url) : join(resolve(config.dataDir), 'database');
}

/** @throws DatabaseStartFailure where there is no embedded database: an operator's command makes none */
export function requireExisting(config: DatabaseConfig): void {
  const place = databasePlace(config);
  if (config.kind !== 'pglite' || existsSync(place)) return;
  throw new DatabaseStartFailure('database_missing', {
    ja: `${place} にデータベースはありません。サービスと同じ環境変数 (DATABASE_URL または ARGUS_DATA_DIR) を設定して実行してください。`,
    en: `There is no database in ${place}. Run this with the same environment variables as the service (DATABASE_URL or ARGUS_DATA_DIR).`,
  });
}

/**
 * Opens a database that Argus has used, for an operator's command: it makes none, and applies no migration.
 * @throws DatabaseStartFailure
 */
export async function openExistingDatabase(config: DatabaseConfig): Promise<Database> {
  requireExisting(config);
  try {
    return await openDatabase(config, { mayApply: false });
  } catch (error) {
    if (!(error instanceof DatabaseStartFailure) || error.code !== 'database_locked') throw error;
    throw new DatabaseStartFailure(
      'database_locked',
      {
        ja: `${error.ja}Argus を停止してから、もう一度実行してください。`,
        en: `${error.en} Stop Argus, then run this again.`,
      },
      error,
    );
  }
}
