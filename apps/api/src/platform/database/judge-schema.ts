import type pg from 'pg';
import { DatabaseStartFailure } from './database-start-failure.ts';
import type { MigrationState } from './migrate.ts';

/** Where Argus's tables are, or would be. */
export interface Place {
  /** The database, without a password. */
  readonly place: string;
  readonly schema: string;
  /** Whether DATABASE_URL names the schema. */
  readonly isNamed: boolean;
  readonly pooledByTransaction: boolean;
  readonly migrations: readonly MigrationState[];
}

interface Row {
  tables: string[];
  others: string[];
  booked: boolean;
  chosen: boolean;
}

/** More names than these are left out. */
const namedAtMost = 3;

/**
 * Why Argus must not make its tables in a schema where it has none yet: they belong to an Argus in another schema, whose
 * name was forgotten, or the schema has tables of somebody else, which Prisma's engine refuses with advice for developers.
 * Its tables of extensions (PostGIS) count for the engine, too.
 */
export async function refusalOfSchema(client: pg.Client, given: Place): Promise<DatabaseStartFailure | undefined> {
  const isNew = given.migrations.every(({ state }) => state === 'pending' || state === 'unknown');
  if (!isNew) return undefined;
  const { rows } = await client.query<Row>(
    `SELECT
       ARRAY(SELECT relname::text FROM pg_class WHERE relnamespace = s.oid AND relkind IN ('r', 'p')
         AND NOT relispartition AND relname <> '_prisma_migrations' ORDER BY 1) AS tables,
       ARRAY(SELECT n.nspname::text FROM pg_class v JOIN pg_namespace n ON n.oid = v.relnamespace
         JOIN pg_class m ON m.relnamespace = n.oid AND m.relname = '_prisma_migrations'
         WHERE v.relname = 'VaultKey' AND v.relkind = 'r' AND n.oid <> s.oid
         AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(v.oid, 'INSERT') ORDER BY 1) AS others,
       to_regclass(format('%I._prisma_migrations', s.nspname)) IS NOT NULL AS booked,
       EXISTS(SELECT FROM pg_settings WHERE name = 'search_path' AND source = 'client')
         OR EXISTS(SELECT FROM pg_db_role_setting, unnest(setconfig) AS setting WHERE setting LIKE 'search_path=%'
           AND setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = current_user))
           AND setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))) AS chosen
     FROM pg_namespace AS s WHERE s.nspname = $1`,
    [given.schema],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  if (row.others.length > 0 && !given.isNamed && !row.chosen) return argusElsewhere(given, row.others);
  // Of a table of migrations that is empty, the engine itself says what is wrong.
  const isTheirs = !row.booked || given.migrations.some(({ state }) => state === 'unknown');
  return row.tables.length > 0 && isTheirs ? tablesOfOthers(given, row.tables) : undefined;
}

function argusElsewhere({ place, schema, pooledByTransaction }: Place, others: readonly string[]) {
  const names = others.slice(0, namedAtMost).join(', ');
  // Behind such a pooler the schema of the URL would be lost.
  const way = (name: string) =>
    pooledByTransaction ? `ALTER ROLE … SET search_path = "${name}"` : `?schema=${encodeURIComponent(name)}`;
  const [there, here] = [way(others[0] ?? ''), way(schema)];
  return new DatabaseStartFailure('schema_elsewhere', {
    ja: `データベース ${place} のスキーマ ${names} に Argus があります。スキーマ ${schema} に空の Argus を新しく作ることはしません。ある Argus を使用するには DATABASE_URL の末尾などで ${there} を、新しく作るには ${here} を指定してください。`,
    en: `The database at ${place} has an Argus in the schema ${names}. Argus does not create a new, empty one in the schema ${schema}. To use the existing one, specify ${there} (for example at the end of DATABASE_URL). To create a new one, specify ${here}.`,
  });
}

function tablesOfOthers({ place, schema }: Place, tables: readonly string[]) {
  const more = tables.length - namedAtMost;
  const names = tables.slice(0, namedAtMost).join(', ');
  return new DatabaseStartFailure('schema_of_others', {
    ja: `データベース ${place} のスキーマ ${schema} に、Argus のものではないテーブルがあります (${names}${more > 0 ? `、ほか ${more}` : ''})。空のデータベースか、Argus だけのスキーマ (CREATE SCHEMA … AUTHORIZATION …、DATABASE_URL の ?schema=…) を使用してください。`,
    en: `The schema ${schema} of the database at ${place} has tables that do not belong to Argus (${names}${more > 0 ? ` and ${more} more` : ''}). Use an empty database, or a schema only for Argus (CREATE SCHEMA … AUTHORIZATION …, and ?schema=… in DATABASE_URL).`,
  });
}
