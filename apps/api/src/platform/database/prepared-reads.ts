import type { PGlite } from '@electric-sql/pglite';
import DataLoader from 'dataloader';
import pg from 'pg';
import { fromSqlError } from './database-unavailable.ts';

/**
 * A statement that is asked often. It answers any number of questions: each is a row of `asked`, of which `$1`, `$2` … are the columns, as
 * arrays of text, with its number as `nth`, which the rows of its answer repeat.
 */
export interface PreparedRead {
  /** Of this statement alone: PostgreSQL keeps the plan under it, for each connection. */
  readonly name: string;
  readonly text: string;
}

/** The table `asked` of a prepared read, with these columns. */
export function askedBy(...columns: readonly string[]): string {
  const arrays = columns.map((_, index) => `$${index + 1}::text[]`);
  return `unnest(${arrays.join(', ')}) WITH ORDINALITY AS asked(${columns.map((name) => `"${name}"`).join(', ')}, nth)`;
}

/**
 * Reads by prepared statements, besides Prisma, which takes longer over a short statement than PostgreSQL. For the few reads that every request
 * of the portlet needs; records use it, as they use bulk sessions. A statement that the database cannot serve fails with
 * DatabaseUnavailable, as elsewhere.
 */
export interface PreparedReads {
  /**
   * The rows that answer a question. Those who ask the same at once share a statement, as most of its cost is its way there and back, and
   * its start. Nobody is answered by a statement that was sent before they asked; one who asks alone waits for nobody.
   */
  ask<Row extends object>(statement: PreparedRead, question: readonly string[]): Promise<readonly Row[]>;
}

/** What a route reads of the signed-in account, in the statement that finds the session. */
export interface Alongside {
  readonly name: string;
  /** A SELECT of one row at most. `a` is the account, and `asked.known` what is known to the process already. */
  readonly sql: string;
  readonly known: (session: string) => string;
}

/** What was read, as the database had it when it had the session and its account. */
export interface FoundAlong {
  /** The session, as `known` was asked. */
  readonly by: string;
  /** Its columns are null where there is no row. */
  readonly row: object;
}

type Question = readonly string[];
type Answered = { readonly nth: number };
type Run = (statement: PreparedRead, columns: readonly (readonly string[])[]) => Promise<readonly Answered[]>;

/** How many times one statement runs at once; who asks meanwhile goes with the next. */
const mostRunning = 2;
const mostAtOnce = 100;

function loaderOf(statement: PreparedRead, run: Run): DataLoader<Question, readonly object[]> {
  let running = 0;
  const waiting: (() => void)[] = [];

  async function answer(questions: readonly Question[]): Promise<readonly (readonly object[])[]> {
    const keys = questions.map((question) => JSON.stringify(question));
    const places = new Map<string, number>();
    const asked: Question[] = [];
    for (const [index, question] of questions.entries()) {
      const key = keys[index] ?? '';
      if (!places.has(key)) places.set(key, asked.push(question));
    }
    const columns = (questions[0] ?? []).map((_, column) => asked.map((question) => question[column] ?? ''));
    const found = asked.map((): object[] => []);
    for (const row of await run(statement, columns)) found[row.nth - 1]?.push(row);
    return keys.map((key) => found[(places.get(key) ?? 0) - 1] ?? []);
  }

  return new DataLoader(
    async (questions) => {
      running += 1;
      try {
        return await answer(questions);
      } finally {
        running -= 1;
        waiting.shift()?.();
      }
    },
    {
      // What the database said a moment ago is not asked for.
      cache: false,
      maxBatchSize: mostAtOnce,
      batchScheduleFn: (send) => {
        if (running < mostRunning) setImmediate(send);
        else waiting.push(send);
      },
    },
  );
}

function readsBy(run: Run): PreparedReads {
  const loaders = new Map<string, DataLoader<Question, readonly object[]>>();
  return {
    async ask<Row extends object>(statement: PreparedRead, question: Question) {
      let loader = loaders.get(statement.name);
      if (!loader) {
        loader = loaderOf(statement, run);
        loaders.set(statement.name, loader);
      }
      return (await loader.load(question)) as readonly Row[];
    },
  };
}

/**
 * SQLSTATEs of a server session that does not know the statement under its name, or knows another: a pooler in between leads to another
 * session each time. 0A000: another instance's migration changed a result.
 */
const nameFaults: ReadonlySet<string> = new Set(['26000', '42P05', '0A000']);

/** @param keepsSessions whether a connection always leads to the same session of the server; not so behind PgBouncer's transaction mode */
export function createPostgresReads(pool: pg.Pool, keepsSessions: boolean): PreparedReads {
  let mayName = keepsSessions;
  const run: Run = async (statement, columns) => {
    const { name, text } = statement;
    try {
      return (await pool.query({ ...(mayName ? { name } : {}), text, values: [...columns] })).rows;
    } catch (error) {
      const isOfName = mayName && error instanceof pg.DatabaseError && nameFaults.has(error.code ?? '');
      if (!isOfName) throw fromSqlError(error);
      mayName = false;
      return run(statement, columns);
    }
  };
  return readsBy(run);
}

/** On PGlite, which has no plan to keep for another connection. */
export function createPgliteReads(pglite: PGlite): PreparedReads {
  return readsBy(async ({ text }, columns) => {
    try {
      return (await pglite.query<Answered>(text, [...columns])).rows;
    } catch (error) {
      throw fromSqlError(error);
    }
  });
}
