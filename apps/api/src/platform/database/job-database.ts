import type { PGlite } from '@electric-sql/pglite';
import type pg from 'pg';

/** Statements of the job queue, which keeps its tables in a schema of its own beside Prisma's. */
export interface JobDatabase {
  readonly backend: 'pglite' | 'postgres';
  /** One statement with values, or several without, of which every row comes back. */
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** The job queue on PostgreSQL: single statements on the pool that everything else uses. */
export function createPostgresJobs(pool: pg.Pool): JobDatabase {
  return { backend: 'postgres', executeSql: (text, values) => pool.query(text, values) };
}

/**
 * The job queue on PGlite's one connection. A transaction that the queue writes as one text runs as a transaction of PGlite:
 * where it fails midway it is rolled back before anybody else's statement has its turn. pg-boss' own adapter rolls back
 * afterwards, and a statement in between would fail with it.
 */
export function createPgliteJobs(pglite: PGlite): JobDatabase {
  return {
    backend: 'pglite',
    async executeSql(text, values) {
      if (values !== undefined && values.length > 0) return pglite.query(text, values);
      const results = /^\s*BEGIN\b/i.test(text)
        ? await pglite.transaction((tx) => tx.exec(text))
        : await pglite.exec(text);
      return { rows: results.flatMap(({ rows }) => rows) };
    },
  };
}
