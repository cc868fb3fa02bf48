import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from } from 'pg-copy-streams';
import type { BulkDatabase, BulkSession } from './bulk-session.ts';
import { fromSqlError } from './database-unavailable.ts';
import { openPool, type PostgresLimits } from './postgres-pool.ts';

/** Runs a statement and translates its error by {@link fromSqlError}. */
async function stated<T>(statement: () => Promise<T>): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    throw fromSqlError(error);
  }
}

/**
 * Statements over many rows take longer than any that a page waits for. Each running import holds a connection to its
 * end; concurrent imports and uploads need some more.
 */
const limits = { statementTimeoutMs: 120_000, queryTimeoutMs: 130_000, poolMax: 6 };

/** This joins whole tables and collects lines; by default that spills to disk beyond a few megabytes. */
const memory = "SET temp_buffers = '32MB'";

/**
 * A transaction is always open while a session is lent: a pooler that changes the connection with each transaction
 * would lose the session's temporary tables in between. The settings are the transaction's for the same reason.
 */
const begin = [
  'BEGIN',
  `SET LOCAL statement_timeout = ${limits.statementTimeoutMs}`,
  `SET LOCAL idle_in_transaction_session_timeout = ${limits.statementTimeoutMs * 3}`,
  "SET LOCAL work_mem = '64MB'",
].join('; ');

/** Bulk work on PostgreSQL, on its own connections: however long it takes, no page waits for one of them. */
export function createPostgresBulk(
  url: string,
  given: PostgresLimits,
  settings: string,
): BulkDatabase & { close(): Promise<void> } {
  const pool = openPool(url, { ...given, ...limits }, `${settings}; ${memory}`);
  const sessionOn = (client: pg.PoolClient): BulkSession => {
    let inTransaction = false;
    /** Ends what is open and begins anew, in one message: the connection is never given back in between. */
    const endWith = (end: 'COMMIT' | 'ROLLBACK') => stated(() => client.query(`${end}; ${begin}`));
    /** One statement, committed by itself unless a transaction of the caller is open. */
    async function statement<T>(run: () => Promise<T>): Promise<T> {
      try {
        const result = await stated(run);
        if (!inTransaction) await endWith('COMMIT');
        return result;
      } catch (error) {
        // A lost connection has already rolled back.
        if (!inTransaction) await endWith('ROLLBACK').catch(() => {});
        throw error;
      }
    }
    const session: BulkSession = {
      query: (sql, values = []) => statement(async () => (await client.query(sql, [...values])).rows),
      execute: (sql, values = []) => statement(async () => (await client.query(sql, [...values])).rowCount ?? 0),
      copy: (table, columns, lines) =>
        statement(async () => {
          const target = `${table} (${columns.map((column) => `"${column}"`).join(', ')})`;
          const stream = await client.query(from(`COPY ${target} FROM STDIN`));
          await pipeline(Readable.from([lines]), stream);
        }),
      async transaction(work) {
        inTransaction = true;
        try {
          const result = await work(session);
          await endWith('COMMIT');
          return result;
        } catch (error) {
          await endWith('ROLLBACK').catch(() => {});
          throw error;
        } finally {
          inTransaction = false;
        }
      },
    };
    return session;
  };
  return {
    rowsPerStatement: 20_000,
    rowsPerScan: 500_000,
    exclusive: false,
    async session(work) {
      const client = await stated(() => pool.connect());
      let broken: unknown;
      try {
        await stated(() => client.query(begin));
        const result = await work(sessionOn(client));
        // Its temporary tables would go to whoever gets the connection next.
        await stated(() => client.query('ROLLBACK; DISCARD TEMP'));
        return result;
      } catch (error) {
        broken = error;
        throw error;
      } finally {
        // After a failure, the state of the session is unknown.
        client.release(broken === undefined ? undefined : true);
      }
    },
    close: () => pool.end(),
  };
}
