import type { PGlite } from '@electric-sql/pglite';
import type pg from 'pg';

/** Statements of the job queue, whose tables are in their own schema beside Prisma's. */
export interface JobDatabase {
  readonly backend: 'pglite' | 'postgres';
  /** One statement with values, or several without; returns the rows of all of them. */
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** The job queue on PostgreSQL: single statements on the shared pool. */
export function createPostgresJobs(pool: pg.Pool): JobDatabase {
  return { backend: 'postgres', executeSql: (text, values) => pool.query(text, values) };
}

/**
 * The job queue on PGlite's single connection. A transaction that the queue writes as one text runs as a PGlite
 * transaction: if it fails midway, it is rolled back before anybody else's statement runs. pg-boss' own adapter rolls
 * back afterwards, and a statement in between would fail as well.
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
