import type { TestArgus } from './build-app.ts';

type Table = 'Grant' | 'ErrorEvent' | 'AuthorizationOutcome' | 'Session' | 'KnownPlace' | 'AuditEvent';

/**
 * Makes the database cut the connection (SQLSTATE 57P01) on `times` writes to a table, after `skip` that pass. A
 * sequence counts them, as a rollback does not undo it. Returns a function that ends it.
 */
export async function failWrites(
  { services: { db } }: TestArgus,
  table: Table,
  { times, skip = 0 }: { times: number; skip?: number },
): Promise<() => Promise<void>> {
  const name = `fail_${table.toLowerCase()}`;
  const end = async () => {
    await db.$executeRawUnsafe(`DROP TRIGGER IF EXISTS ${name} ON "${table}"`);
    await db.$executeRawUnsafe(`DROP FUNCTION IF EXISTS ${name}()`);
    await db.$executeRawUnsafe(`DROP SEQUENCE IF EXISTS ${name}_count`);
  };
  await end();
  await db.$executeRawUnsafe(`CREATE SEQUENCE ${name}_count`);
  await db.$executeRawUnsafe(`CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE n bigint := nextval('${name}_count');
    BEGIN
      IF n > ${skip} AND n <= ${skip + times} THEN
        RAISE EXCEPTION 'terminating connection due to administrator command' USING ERRCODE = '57P01';
      END IF;
      RETURN NEW;
    END $$`);
  await db.$executeRawUnsafe(
    `CREATE TRIGGER ${name} BEFORE INSERT OR UPDATE ON "${table}" FOR EACH ROW EXECUTE FUNCTION ${name}()`,
  );
  return end;
}
