import { vi } from 'vitest';
import type { TestDatabase } from './build-database.ts';

type Table =
  | 'Account'
  | 'AccountLink'
  | 'AuditEvent'
  | 'AuthorizationTicket'
  | 'AuthorizationTransaction'
  | 'CsvImportRow'
  | 'ErrorCause'
  | 'Grant'
  | 'Invitation'
  | 'MailCache'
  | 'Session'
  | 'SignInThrottle';

/**
 * On PostgreSQL: makes writes to a table hang half-way, as a busy machine or work on very many rows would.
 * @param when SQL condition on the rows; written ones are `new`, deleted ones `old`
 * @returns a function that lets them continue
 */
export async function hangOnWrite(
  { prisma }: TestDatabase,
  table: Table,
  { when = 'true', on = 'INSERT OR UPDATE' }: { when?: string; on?: 'INSERT OR UPDATE' | 'DELETE' } = {},
): Promise<() => Promise<void>> {
  await prisma.$executeRawUnsafe('CREATE TABLE IF NOT EXISTS test_hang ()');
  await prisma.$executeRawUnsafe('INSERT INTO test_hang DEFAULT VALUES');
  // Not a lock, as an import stops waiting for one.
  await prisma.$executeRawUnsafe(`CREATE OR REPLACE FUNCTION test_hang() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN WHILE EXISTS (SELECT FROM test_hang) LOOP PERFORM pg_sleep(0.02); END LOOP;
     RETURN CASE TG_OP WHEN ''DELETE'' THEN OLD ELSE NEW END; END'`);
  // PostgreSQL 13 has no CREATE OR REPLACE TRIGGER.
  await prisma.$executeRawUnsafe(`DROP TRIGGER IF EXISTS test_hang ON "${table}"`);
  await prisma.$executeRawUnsafe(`CREATE TRIGGER test_hang BEFORE ${on} ON "${table}" FOR EACH ROW
    WHEN (${when}) EXECUTE FUNCTION test_hang()`);
  return async () => {
    await prisma.$executeRawUnsafe('DELETE FROM test_hang');
    await prisma.$executeRawUnsafe(`DROP TRIGGER IF EXISTS test_hang ON "${table}"`);
  };
}

/** As {@link hangOnWrite}, for a link to this Microsoft 365 account. */
export function hangOnLink(database: TestDatabase, microsoftAccount: string): Promise<() => Promise<void>> {
  return hangOnWrite(database, 'AccountLink', { when: `new."microsoftAccount" = '${microsoftAccount}'` });
}

/** Waits until this many writes hang. */
export async function untilHanging({ prisma }: TestDatabase, writes = 1): Promise<void> {
  await vi.waitFor(async () => {
    const hanging = await prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`;
    if (hanging.length < writes) throw new Error(`${hanging.length} writes hang`);
  }, 10_000);
}

/** Waits until `work` has ended, or something waits for a lock of the hanging write. */
export async function untilEndedOrWaiting({ prisma }: TestDatabase, work: Promise<unknown>): Promise<void> {
  let ended = false;
  const end = () => {
    ended = true;
  };
  work.then(end, end);
  await vi.waitFor(async () => {
    if (ended) return;
    const waiting = await prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    if (waiting.length === 0) throw new Error('neither ended nor waiting');
  }, 10_000);
}
