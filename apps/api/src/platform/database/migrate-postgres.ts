import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { shownValue } from '../shown.ts';
import { neverAsked, StopAsked, whenAborted } from '../stop.ts';
import { DatabaseStartFailure } from './database-start-failure.ts';
import { refusalOfSchema } from './judge-schema.ts';
import { applyMigrations, MigrationFailure, type MigrationRules, readMigrationStates } from './migrate.ts';
import { createPostgresAdapter } from './postgres-adapter.ts';
import { openPool, searchPath } from './postgres-pool.ts';
import { driverUrl, placeOf, schemaIn } from './postgres-url.ts';
import { isPooledByTransaction, oldestServer, readServerFacts, type ServerFacts, streamOf } from './server-facts.ts';
import { serverSentence } from './server-sentence.ts';

/** Any fixed number that other programs on the same database do not use. */
const migrationLock = 4_177_115;
/** How long to wait for another instance's migration, and for a migration itself. */
const migrationTimeoutMs = 300_000;
/** A wait that is longer than this is told. */
const quietWaitMs = 2_000;

/** How a database is to be opened. */
export interface MigrateOptions extends MigrationRules {
  readonly connectionTimeoutMs: number;
  /** Receives what an operator should know while Argus starts, one sentence in both languages. */
  readonly onNotice: (sentence: string) => void;
}

/** A server whose schema is up to date. */
export interface MigratedServer extends ServerFacts {
  readonly schema: string;
  /** Whether a pooler lends each transaction another connection. */
  readonly pooledByTransaction: boolean;
  /** The migrations applied now, oldest first. */
  readonly applied: readonly string[];
}

/**
 * Migrates a PostgreSQL database. Instances that start at the same time take turns.
 * @throws DatabaseStartFailure; StopAsked
 */
export async function migratePostgres(url: string, options: MigrateOptions): Promise<MigratedServer> {
  return withServer(url, options, async ({ facts, schema, lock, pooledByTransaction }) => {
    const limits = {
      poolMax: 2,
      connectionTimeoutMs: options.connectionTimeoutMs,
      statementTimeoutMs: migrationTimeoutMs,
      queryTimeoutMs: migrationTimeoutMs,
    };
    const pool = openPool(url, limits, searchPath(schema));
    let hasBegun = false;
    try {
      // Whoever applies nothing waits for nobody.
      if (options.mayApply !== false) await takeTurn(lock, options.onNotice);
      const factory = createPostgresAdapter(pool, schema);
      const refusal = await refusalOfSchema(lock, {
        ...{ place: placeOf(url), schema, isNamed: schemaIn(url) !== undefined, pooledByTransaction },
        migrations: await readMigrationStates(factory),
      });
      if (refusal) throw refusal;
      hasBegun = true;
      const applied = await applyMigrations(factory, options);
      return { ...facts, schema, pooledByTransaction, applied };
    } catch (error) {
      if (!hasBegun) options.stop?.asked.throwIfAborted();
      throw failureOf(url, error);
    } finally {
      await lock.query('ROLLBACK').catch(() => {});
      await pool.end();
    }
  });
}

/** A server that Argus can run on. */
export interface Server {
  readonly facts: ServerFacts;
  readonly schema: string;
  readonly pooledByTransaction: boolean;
  /** A connection of its own, for the lock. */
  readonly lock: pg.Client;
}

/** Connects, asks the server about itself, and refuses what Argus cannot run on. */
export async function withServer<T>(
  url: string,
  { connectionTimeoutMs, stop = neverAsked }: Pick<MigrateOptions, 'connectionTimeoutMs' | 'stop'>,
  work: (server: Server) => Promise<T>,
): Promise<T> {
  const place = placeOf(url);
  const clients: pg.Client[] = [];
  const connect = async () => {
    const client = new pg.Client({
      connectionString: driverUrl(url),
      application_name: 'argus',
      connectionTimeoutMillis: connectionTimeoutMs,
    });
    // A lost connection already fails the query in progress; the unhandled event would end the process.
    client.on('error', () => {});
    clients.push(client);
    stop.asked.throwIfAborted();
    await client.connect();
    return client;
  };
  const wanted = schemaIn(url);
  // Whatever a stop need not wait for ends at once: connecting, a server that is silent, the turn of another instance.
  const cut = () => {
    if (!stop.isHeld()) for (const client of clients) streamOf(client).destroy();
  };
  whenAborted(stop.asked, cut);
  try {
    let lock: pg.Client;
    let facts: ServerFacts;
    let pooledByTransaction: boolean;
    try {
      lock = await connect();
      facts = await readServerFacts(lock, wanted);
      const second = await connect();
      pooledByTransaction = await isPooledByTransaction(lock, second);
      await second.end();
    } catch (error) {
      throw unreachable(place, error);
    }
    if (Number.parseInt(facts.version, 10) < oldestServer) throw tooOld(place, facts.version);
    if (facts.readOnly) throw readOnly(place);
    if (facts.schema === null) throw schemaMissing(place, wanted);
    if (pooledByTransaction && wanted !== undefined) throw schemaUnderPooler(wanted);
    return await work({ facts, schema: facts.schema, pooledByTransaction, lock });
  } catch (error) {
    // What the cut connections say is no fault. One of a migration that was under way is.
    const isFault = error instanceof DatabaseStartFailure && error.isOfMigration;
    if (stop.asked.aborted && !isFault) throw stop.asked.reason;
    throw error;
  } finally {
    stop.asked.removeEventListener('abort', cut);
    await Promise.all(clients.map((client) => client.end().catch(() => {})));
  }
}

/**
 * Waits until no other instance migrates this database. A transaction holds the lock: a pooler may keep the connection
 * when this process has gone, and a lock of the session would stay with it.
 */
async function takeTurn(lock: pg.Client, onNotice: (sentence: string) => void): Promise<void> {
  await lock.query(
    `BEGIN; SET LOCAL statement_timeout = ${migrationTimeoutMs}; SET LOCAL idle_in_transaction_session_timeout = 0`,
  );
  const told = new AbortController();
  sleep(quietWaitMs, undefined, { signal: told.signal }).then(
    () =>
      onNotice(
        '別の Argus がデータベースをマイグレーションしています。終わるのを待っています… / Waiting for another Argus that is migrating the database…',
      ),
    () => {},
  );
  try {
    await lock.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
  } finally {
    told.abort();
  }
}

function unreachable(place: string, cause: unknown): DatabaseStartFailure {
  const why = serverSentence(cause);
  return new DatabaseStartFailure(
    'database_unreachable',
    {
      ja: `データベース ${place} に接続できません (${why})。`,
      en: `The database at ${place} cannot be reached (${why}).`,
    },
    cause,
  );
}

function tooOld(place: string, version: string): DatabaseStartFailure {
  return new DatabaseStartFailure('database_unusable', {
    ja: `データベース ${place} の PostgreSQL は ${version} です。${oldestServer} 以降が必要です。`,
    en: `PostgreSQL at ${place} is version ${version}. Argus needs ${oldestServer} or later.`,
  });
}

function readOnly(place: string): DatabaseStartFailure {
  return new DatabaseStartFailure('database_read_only', {
    ja: `データベース ${place} は読み取り専用です (スタンバイ、または default_transaction_read_only)。書き込めるサーバーを指定してください。`,
    en: `The database at ${place} is read-only (a standby, or default_transaction_read_only). Specify a server that can be written to.`,
  });
}

function schemaMissing(place: string, wanted: string | undefined): DatabaseStartFailure {
  const shown = shownValue(wanted ?? '', 'identifier');
  const name = wanted === undefined ? { ja: '', en: '' } : { ja: ` ${shown.ja} `, en: ` ${shown.en}` };
  return new DatabaseStartFailure('schema_missing', {
    ja: `データベース ${place} に、使用できるスキーマ${name.ja}がありません。CREATE SCHEMA … AUTHORIZATION … で作成するか、search_path を設定してください。`,
    en: `The database at ${place} has no schema${name.en} that this role can use. Create one with CREATE SCHEMA … AUTHORIZATION …, or set the search_path.`,
  });
}

function schemaUnderPooler(wanted: string): DatabaseStartFailure {
  const { ja, en } = shownValue(wanted, 'identifier');
  return new DatabaseStartFailure('schema_missing', {
    ja: `接続プーラーがトランザクションごとに接続を替えるため、DATABASE_URL の schema=${ja} は使用できません。ALTER ROLE … SET search_path = "${ja}" を設定し、DATABASE_URL から schema を外してください。`,
    en: `A connection pooler switches connections between transactions, so schema=${en} in DATABASE_URL cannot be used. Run ALTER ROLE … SET search_path = "${en}", and remove schema from DATABASE_URL.`,
  });
}

/** The sentence for migrations that could not be applied. `place`: where the database is, without a password. */
export function migrationFailure(place: string, error: unknown): DatabaseStartFailure {
  const names = error instanceof MigrationFailure ? error.migrations.join(', ') : '';
  if (error instanceof MigrationFailure && error.kind === 'ahead') {
    return new DatabaseStartFailure(
      'database_ahead',
      {
        ja: `データベース ${place} は、この Argus より新しい版のものです (${names})。新しい版を使用するか、更新前のバックアップを復元してください。1つ前の版に戻すだけなら ARGUS_ALLOW_NEWER_DATABASE=yes で起動できます。`,
        en: `The database at ${place} belongs to a newer version of Argus (${names}). Use that version, or restore the backup from before the upgrade. To go back by one version only, start with ARGUS_ALLOW_NEWER_DATABASE=yes.`,
      },
      error,
    );
  }
  if (error instanceof MigrationFailure && error.kind === 'unfinished') {
    return new DatabaseStartFailure(
      'migration_unfinished',
      {
        ja: `データベース ${place} のマイグレーション ${names} が途中で切れています。npx --yes pnpm migrations で状態と直し方を確認してください。`,
        en: `The migration ${names} of the database at ${place} was interrupted. Run npx --yes pnpm migrations to see how to fix it.`,
      },
      error,
    );
  }
  if (error instanceof MigrationFailure && error.kind === 'pending') {
    return new DatabaseStartFailure(
      'database_behind',
      {
        ja: `データベース ${place} は、まだこの版の Argus のものではありません。先に Argus を起動してください (未適用: ${error.migrations.length} 件)。`,
        en: `The database at ${place} has not been updated for this version of Argus yet. Start Argus first (${error.migrations.length} migrations to apply).`,
      },
      error,
    );
  }
  const why = serverSentence(error instanceof MigrationFailure ? error.cause : error);
  const what = names === '' ? '' : ` ${names}`;
  return new DatabaseStartFailure(
    'migration_failed',
    {
      ja: `データベース ${place} のマイグレーション${what === '' ? '' : `${what} `}に失敗しました (${why})。`,
      en: `The migration${what === '' ? 's' : what} of the database at ${place} failed (${why}).`,
    },
    error,
  );
}

function failureOf(url: string, error: unknown): Error {
  return error instanceof DatabaseStartFailure || error instanceof StopAsked
    ? error
    : migrationFailure(placeOf(url), error);
}
