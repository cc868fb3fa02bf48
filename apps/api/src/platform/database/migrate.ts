import { createHash } from 'node:crypto';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { neverAsked, StopAsked, type StopRequest } from '../stop.ts';
import { readMigrations } from './read-migrations.ts';
import { everything, openSchemaEngine } from './schema-engine.ts';

/** A migration and where it stands in a database. */
export interface MigrationState {
  readonly name: string;
  /**
   * `unfinished`: begun, and nobody knows whether it was done; `undone`: begun, and booked as not applied; `pending`:
   * never begun; `unknown`: of a newer Argus; `changed`: applied, and its file is another by now.
   */
  readonly state: 'applied' | 'unfinished' | 'undone' | 'pending' | 'unknown' | 'changed';
}

/** Why the migrations could not be applied. */
export class MigrationFailure extends Error {
  override readonly name = 'MigrationFailure';
  /**
   * `refused`: the database refused a statement, and the migration left nothing behind; `unfinished`: an earlier run
   * was cut off; `ahead`: the database is of a newer Argus; `pending`: they were to be applied already.
   */
  readonly kind: 'refused' | 'unfinished' | 'ahead' | 'pending';
  /** The migrations that it concerns; empty where the database refused the table of migrations itself. */
  readonly migrations: readonly string[];

  constructor(kind: MigrationFailure['kind'], migrations: readonly string[], cause?: unknown) {
    super(`${kind}: ${migrations.join(', ')}`, { cause });
    this.kind = kind;
    this.migrations = migrations;
  }
}

export interface MigrationRules {
  /** Whether the database may have migrations of a newer Argus. */
  readonly mayBeAhead?: boolean | undefined;
  /** Whether pending migrations may be applied. An operator's command leaves them to Argus itself. */
  readonly mayApply?: boolean | undefined;
  /** A stop is taken before a migration begins, never while one runs. */
  readonly stop?: StopRequest | undefined;
}

/** As Prisma computes it. */
function checksumOf(script: string): string {
  return createHash('sha256').update(script).digest('hex');
}

type Ask = (sql: string) => Promise<readonly (readonly unknown[])[]>;

const askOf =
  (adapter: SqlDriverAdapter): Ask =>
  async (sql) =>
    (await adapter.queryRaw({ sql, args: [], argTypes: [] })).rows;

/** Every migration of the code and of the database, oldest first. */
export async function readMigrationStates(
  factory: SqlMigrationAwareDriverAdapterFactory,
): Promise<readonly MigrationState[]> {
  const { migrationDirectories } = await readMigrations();
  const adapter = await factory.connect();
  try {
    const ask = askOf(adapter);
    const [table] = await ask(`SELECT to_regclass('_prisma_migrations') IS NOT NULL`);
    const booked = table?.[0] === true ? await ask(bookedSql) : [];
    const isUndone = ([, , , undone]: readonly unknown[]) => undone === true;
    const undone = new Set(booked.filter(isUndone).map(([name]) => name));
    const ofDatabase = new Map(
      booked
        .filter((row) => !isUndone(row))
        .map(([name, checksum, finished]) => [String(name), { checksum, finished }]),
    );
    const ofCode = migrationDirectories.map(({ path, migrationFile: { content } }): MigrationState => {
      const row = ofDatabase.get(path);
      ofDatabase.delete(path);
      if (!row) return { name: path, state: undone.has(path) ? 'undone' : 'pending' };
      if (row.finished !== true) return { name: path, state: 'unfinished' };
      const isSame = row.checksum === checksumOf(content.tag === 'ok' ? content.value : '');
      return { name: path, state: isSame ? 'applied' : 'changed' };
    });
    const others = [...ofDatabase].map(
      ([name, { finished }]): MigrationState => ({ name, state: finished === true ? 'unknown' : 'unfinished' }),
    );
    return [...ofCode, ...others].sort((a, b) => (a.name < b.name ? -1 : 1));
  } finally {
    await adapter.dispose();
  }
}

const bookedSql =
  'SELECT migration_name, checksum, finished_at IS NOT NULL, rolled_back_at IS NOT NULL FROM _prisma_migrations';

/**
 * Books an unfinished migration as applied or as not applied, or an undone one as applied. The caller must know which
 * is true: every script runs in one transaction, so it was applied as a whole or not at all.
 */
export async function resolveMigration(
  factory: SqlMigrationAwareDriverAdapterFactory,
  { name: migrationName, state }: MigrationState,
  as: 'applied' | 'not-applied',
): Promise<void> {
  const engine = await openSchemaEngine(factory);
  try {
    if (state === 'unfinished') await engine.markMigrationRolledBack({ migrationName });
    if (as === 'applied') {
      await engine.markMigrationApplied({ migrationName, migrationsList: await readMigrations() });
    }
  } finally {
    engine.free();
  }
}

/**
 * Applies the pending migrations and records them in `_prisma_migrations`, as the Prisma CLI would. The caller must
 * ensure that only one process at a time does so.
 *
 * @param rules whether the database may have migrations of a newer Argus, and whether any may be applied now
 * @returns the names of the migrations applied now, oldest first
 * @throws MigrationFailure; StopAsked
 */
export async function applyMigrations(
  factory: SqlMigrationAwareDriverAdapterFactory,
  { mayBeAhead = false, mayApply = true, stop = neverAsked }: MigrationRules = {},
): Promise<string[]> {
  const states = await readMigrationStates(factory);
  const named = (state: MigrationState['state']) =>
    states.filter((each) => each.state === state).map(({ name }) => name);
  const unfinished = named('unfinished');
  if (unfinished.length > 0) throw new MigrationFailure('unfinished', unfinished);
  const unknown = named('unknown');
  if (unknown.length > 0 && !mayBeAhead) throw new MigrationFailure('ahead', unknown);
  const pending = [...named('undone'), ...named('pending')];
  if (pending.length === 0) return [];
  if (!mayApply) throw new MigrationFailure('pending', pending);
  const { refusal, watched } = watchRefusals(factory, stop);
  const engine = await openSchemaEngine(watched);
  const migrationsList = await readMigrations();
  try {
    stop.asked.throwIfAborted();
    const { appliedMigrationNames } = await stop.hold(() =>
      engine.applyMigrations({ migrationsList, filters: everything }),
    );
    return appliedMigrationNames;
  } catch (error) {
    const refused = refusal();
    if (refused instanceof StopAsked) throw refused;
    if (refused === undefined) throw error;
    const name = /migration_name="([^"]+)"/.exec(String(error))?.[1];
    // Its script ran in one transaction, which the database has rolled back: the next start tries it again.
    if (name !== undefined) await engine.markMigrationRolledBack({ migrationName: name }).catch(() => {});
    throw new MigrationFailure('refused', name === undefined ? [] : [name], refused);
  } finally {
    engine.free();
  }
}

/**
 * The engine's own lock on PostgreSQL, of the session: behind a pooler it would outlive this process. Our caller holds
 * a better one.
 */
const engineLock = /^SELECT pg_advisory_lock\(72707369\)$/;
/** How the engine books that it begins a migration: before that, nothing of it is there. */
const bookedBegin = /^INSERT INTO "?_prisma_migrations"?/;

/** The factory, remembering what the database refused last: the engine's own error does not say. */
function watchRefusals(
  factory: SqlMigrationAwareDriverAdapterFactory,
  { asked }: StopRequest,
): {
  watched: SqlMigrationAwareDriverAdapterFactory;
  refusal: () => unknown;
} {
  let last: unknown;
  const noting = async <T>(call: Promise<T>): Promise<T> => {
    try {
      return await call;
    } catch (error) {
      last = error;
      throw error;
    }
  };
  const unlessStopped = async <T>(sql: string, call: () => Promise<T>): Promise<T> => {
    if (bookedBegin.test(sql)) asked.throwIfAborted();
    return call();
  };
  return {
    refusal: () => last,
    watched: {
      provider: factory.provider,
      adapterName: factory.adapterName,
      connectToShadowDb: () => factory.connectToShadowDb(),
      connect: async () => {
        const adapter = await factory.connect();
        return {
          provider: adapter.provider,
          adapterName: adapter.adapterName,
          queryRaw: (query) => noting(unlessStopped(query.sql, () => adapter.queryRaw(query))),
          executeRaw: async (query) =>
            engineLock.test(query.sql) ? 0 : noting(unlessStopped(query.sql, () => adapter.executeRaw(query))),
          executeScript: (script) => noting(adapter.executeScript(script)),
          startTransaction: (level) => adapter.startTransaction(level),
          getConnectionInfo: () => adapter.getConnectionInfo?.() ?? { supportsRelationJoins: false },
          dispose: () => adapter.dispose(),
        };
      },
    },
  };
}
