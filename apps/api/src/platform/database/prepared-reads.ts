import type { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import type { SqlValue } from './bulk-session.ts';
import { fromSqlError } from './database-unavailable.ts';

/** A value of a read; a list is an array of PostgreSQL. */
type ReadValue = SqlValue | readonly string[];

/** A statement that is asked often. Its name is its own: PostgreSQL keeps the plan under it, for each connection. */
export interface PreparedRead {
  readonly name: string;
  /** With `$1`, `$2` … for its values. */
  readonly text: string;
}

/**
 * Reads by prepared statements, besides Prisma, which plans each of its statements anew and takes longer over it than
 * PostgreSQL. For the few reads that every request needs; records use it, as they use bulk sessions. A statement that the
 * database cannot serve fails with DatabaseUnavailable, as elsewhere.
 */
export interface PreparedReads {
  read<Row extends object>(statement: PreparedRead, values: readonly ReadValue[]): Promise<readonly Row[]>;
}

/**
 * SQLSTATEs of a server that does not know the statement under its name, or knows another: behind PgBouncer's transaction
 * mode, a connection leads to another server session each time. 0A000: another instance's migration changed a result.
 */
const nameFaults: ReadonlySet<string> = new Set(['26000', '42P05', '0A000']);

export function createPostgresReads(pool: pg.Pool): PreparedReads {
  let mayName = true;
  return {
    async read(statement, values) {
      const { name, text } = statement;
      try {
        if (!mayName) return (await pool.query(text, [...values])).rows;
        return (await pool.query({ name, text, values: [...values] })).rows;
      } catch (error) {
        const isOfName = mayName && error instanceof pg.DatabaseError && nameFaults.has(error.code ?? '');
        if (!isOfName) throw fromSqlError(error);
        mayName = false;
        return this.read(statement, values);
      }
    },
  };
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

/** On PGlite, which has no plan to keep for another connection. */
export function createPgliteReads(pglite: PGlite): PreparedReads {
  return {
    async read({ text }, values) {
      try {
        return (await pglite.query(text, [...values])).rows as never;
      } catch (error) {
        throw fromSqlError(error);
      }
    },
  };
}
