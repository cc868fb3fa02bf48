import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from } from 'pg-copy-streams';
import type { BulkDatabase, BulkSession } from './bulk-session.ts';
import { fromSqlError } from './database-unavailable.ts';
import { openPool, type PostgresLimits } from './postgres-adapter.ts';

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
const memory = "SET work_mem = '64MB'; SET temp_buffers = '32MB'";

/** Bulk work on PostgreSQL, on its own connections: however long it takes, no page waits for one of them. */
export function createPostgresBulk(url: string, given: PostgresLimits): BulkDatabase & { close(): Promise<void> } {
  const pool = openPool(url, { ...given, ...limits }, memory);
  const sessionOn = (client: pg.PoolClient): BulkSession => {
    const session: BulkSession = {
      query: (sql, values = []) => stated(async () => (await client.query(sql, [...values])).rows),
      execute: (sql, values = []) => stated(async () => (await client.query(sql, [...values])).rowCount ?? 0),
      copy: (table, columns, lines) =>
        stated(async () => {
          const target = `${table} (${columns.map((column) => `"${column}"`).join(', ')})`;
          const stream = await client.query(from(`COPY ${target} FROM STDIN`));
          await pipeline(Readable.from([lines]), stream);
        }),
      async transaction(work) {
        await session.execute('BEGIN');
        try {
          const result = await work(session);
          await session.execute('COMMIT');
          return result;
        } catch (error) {
          // A lost connection has already rolled back.
          await session.execute('ROLLBACK').catch(() => {});
          throw error;
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
        return await work(sessionOn(client));
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
