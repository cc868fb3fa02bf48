import { setImmediate } from 'node:timers/promises';
import type { PGlite, Transaction } from '@electric-sql/pglite';
import type { BulkDatabase, BulkSession } from './bulk-session.ts';
import { fromSqlError } from './database-unavailable.ts';

type Runner = Pick<PGlite | Transaction, 'query'>;

/**
 * Runs a statement and translates its error by {@link fromSqlError}. Afterwards it yields to the event loop: PGlite
 * answers without doing so, and a thousand statements in a row would stall the process.
 */
async function stated<T>(statement: () => Promise<T>): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    throw fromSqlError(error);
  } finally {
    await setImmediate();
  }
}

function sessionOn(runner: Runner, transaction: BulkSession['transaction']): BulkSession {
  return {
    query: (sql, values = []) => stated(async () => (await runner.query(sql, [...values])).rows as never),
    execute: (sql, values = []) => stated(async () => (await runner.query(sql, [...values])).affectedRows ?? 0),
    copy: (table, columns, lines) =>
      stated(async () => {
        const target = `${table} (${columns.map((column) => `"${column}"`).join(', ')})`;
        await runner.query(`COPY ${target} FROM '/dev/blob'`, [], { blob: new Blob([lines]) });
      }),
    transaction,
  };
}

function nested(): never {
  throw new Error('A bulk session has one transaction at a time.');
}

/** Bulk work on PGlite's single connection, which blocks the process while a statement runs. */
export function createPgliteBulk(pglite: PGlite): BulkDatabase {
  return {
    rowsPerStatement: 1_000,
    rowsPerScan: 1_000,
    exclusive: true,
    session: (work) => work(sessionOn(pglite, (inner) => pglite.transaction((tx) => inner(sessionOn(tx, nested))))),
  };
}
