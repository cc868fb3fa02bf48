import type { TestDatabase } from './build-database.ts';

/**
 * On PostgreSQL: has whatever writes a link to this Microsoft 365 account hang half-way, as work on very many rows would.
 * @returns what lets it go on
 */
export async function hangOnLink(database: TestDatabase, microsoftAccount: string): Promise<() => Promise<void>> {
  const db = database.prisma;
  await db.$executeRawUnsafe('CREATE TABLE IF NOT EXISTS test_hang ()');
  await db.$executeRawUnsafe('INSERT INTO test_hang DEFAULT VALUES');
  // No lock, as the import gives up waiting for one.
  await db.$executeRawUnsafe(`CREATE OR REPLACE FUNCTION test_hang() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN WHILE EXISTS (SELECT FROM test_hang) LOOP PERFORM pg_sleep(0.02); END LOOP; RETURN NEW; END'`);
  await db.$executeRawUnsafe(`CREATE OR REPLACE TRIGGER test_hang BEFORE INSERT OR UPDATE ON "AccountLink" FOR EACH ROW
    WHEN (NEW."microsoftAccount" = '${microsoftAccount}') EXECUTE FUNCTION test_hang()`);
  return async () => {
    await db.$executeRawUnsafe('DELETE FROM test_hang');
  };
}
