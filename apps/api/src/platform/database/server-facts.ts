import type pg from 'pg';

/** What Argus knows of its PostgreSQL server, asked once at start. */
export interface ServerFacts {
  /** Such as 16.4. */
  readonly version: string;
  /** Where Argus's tables are, or will be; null where the role has no schema to create them in. */
  readonly schema: string | null;
  /** Whether the role may create tables there. */
  readonly mayCreate: boolean;
  readonly readOnly: boolean;
  /** Whether what Argus sends to the server is encrypted. Behind a pooler: to the pooler. */
  readonly encrypted: boolean;
  /** How far the server's clock is ahead of this machine's. Milliseconds. */
  readonly clockAheadMs: number;
}

/** The oldest major version that Argus's tests run on. */
export const oldestServer = 13;

interface Row {
  version: string;
  schema: string | null;
  may_create: boolean | null;
  read_only: boolean;
  now: Date;
}

/**
 * Asks the server.
 * @param wanted the schema that the URL names. Without one, Argus goes on where its tables are, or else uses the
 * first schema of the search path, as PostgreSQL itself would.
 */
export async function readServerFacts(client: pg.Client, wanted: string | undefined): Promise<ServerFacts> {
  const sentAt = Date.now();
  const { rows } = await client.query<Row>(
    `SELECT current_setting('server_version') AS version, s.name AS schema,
       has_schema_privilege(s.oid, 'CREATE') AS may_create,
       pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS read_only, clock_timestamp() AS now
     FROM (SELECT) AS one LEFT JOIN (
       SELECT oid, nspname AS name FROM pg_namespace WHERE nspname = coalesce($1,
         (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.oid = to_regclass('_prisma_migrations')),
         current_schema())) AS s ON true`,
    [wanted ?? null],
  );
  const answeredAt = Date.now();
  const [row] = rows;
  if (!row) throw new Error('The server answers no row to a SELECT without a condition.');
  return {
    version: row.version,
    schema: row.schema,
    mayCreate: row.may_create ?? false,
    readOnly: row.read_only,
    encrypted: streamOf(client).encrypted === true,
    clockAheadMs: Math.round(row.now.getTime() - (sentAt + answeredAt) / 2),
  };
}

/** What carries a connection; node-postgres hides it. */
export function streamOf(client: pg.Client): { readonly encrypted?: boolean; destroy(): void } {
  return (client as unknown as { connection: { stream: { encrypted?: boolean; destroy(): void } } }).connection.stream;
}

/**
 * Whether a pooler lends the client another connection for each transaction: then settings of the session get lost.
 * `other` takes the connection that the client has just used, if it can.
 */
export async function isPooledByTransaction(client: pg.Client, other: pg.Client): Promise<boolean> {
  const own = async () => (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
  const before = await own();
  await other.query('BEGIN');
  try {
    return before !== (await own());
  } finally {
    await other.query('ROLLBACK');
  }
}
