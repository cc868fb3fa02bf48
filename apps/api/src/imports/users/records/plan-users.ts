import type { BulkSession } from '../../../platform/database/bulk-session.ts';
import { checkRepetition, faultsOf, lineFault } from '../../records/csv-line-faults.ts';
import type { WritePlan } from '../../records/csv-plan.ts';
import { idOfRow } from '../../records/csv-row-ids.ts';
import { inLinePieces } from '../../records/csv-row-pieces.ts';

export const userLineColumns = ['line', 'username', 'usernameKey', 'after', 'faults'] as const;

/** SQL for an account's columns in the file, as stored in `before` and `after` of a row. */
export const stateOf = (account: string) =>
  `jsonb_build_object('username', ${account}.username, 'displayName', ${account}."displayName",
  'displayNameKey', ${account}."displayNameKey", 'reading', ${account}.reading, 'role', ${account}.role, 'active', ${account}.active)`;

/** SQL: whether an account is no longer as stored. A row that an older Argus planned does not name every column. */
export const differs = (account: string, stored: string) => `NOT (${stateOf(account)} @> ${stored})`;

/** A temporary table for the lines of a file. `after` is the file's data in the form of {@link stateOf}. */
export async function createUserLines(session: BulkSession, table: string): Promise<void> {
  await session.execute(`DROP TABLE IF EXISTS ${table}`);
  await session.execute(`CREATE TEMP TABLE ${table} (
    line int PRIMARY KEY, username text NOT NULL, "usernameKey" text COLLATE "C",
    after jsonb NOT NULL, faults jsonb)`);
}

/** Plans the lines' changes of portal accounts: a row for each. */
export async function planUsers(
  session: BulkSession,
  lines: string,
  options: {
    importId: number;
    actorId: string | null;
    providerId: string | null;
    rowsPerStatement: number;
    writePlan: WritePlan;
  },
  onPlanned: (rows: number) => Promise<void>,
): Promise<void> {
  const { importId, actorId, providerId, rowsPerStatement, writePlan } = options;
  await session.execute(`ANALYZE ${lines}`);
  const users = await checkRepetition(session, lines, 'usernameKey', {
    column: 'username',
    code: 'csv_username_repeated',
  });
  // What a line does not say stays as it is.
  const after = `(jsonb_build_object('reading', coalesce(a.reading, '')) || s.after)`;
  const { faulty, faults } = faultsOf([{ when: 's.faults IS NOT NULL', fault: 's.faults' }, ...users.checks]);
  const sql = `
    INSERT INTO "CsvImportRow" ("importId", kind, seq, line, username, "usernameKey", "accountId", "createsAccount", before,
      after, faults, disconnects)
    SELECT $1::int, p.kind::"CsvRowKind", p.line, p.line, p.username, p."usernameKey",
      CASE WHEN p.kind = 'added' THEN ${idOfRow('account', '$1', 'p.line')} ELSE p."accountId" END, p.kind = 'added',
      CASE WHEN p.kind IN ('changed', 'respelled') THEN p.before END, p.after,
      CASE WHEN p.kind = 'error' THEN p.faults END,
      p.kind = 'changed' AND p.authorized AND NOT (p.after->>'active')::boolean
    FROM (
      SELECT s.line, coalesce(a.username, s.username) AS username, s."usernameKey", a.id AS "accountId", ${after} AS after, ${faults} AS faults,
        ${stateOf('a')} AS before,
        EXISTS (SELECT FROM "Grant" g WHERE g."accountId" = a.id AND g."providerId" = $4::uuid AND g.status = 'authorized')
          AS authorized,
        CASE WHEN ${faulty} THEN 'error'
          WHEN a.id IS NULL THEN 'added'
          WHEN ${stateOf('a')} = ${after} THEN 'unchanged'
          WHEN ${stateOf('a')} - 'username' = ${after} - 'username' THEN 'respelled'
          ELSE 'changed' END AS kind
      FROM ${lines} s
      LEFT JOIN "Account" a ON a."usernameKey" = s."usernameKey"
      ${users.join}
      WHERE s.line BETWEEN $2 AND $3
    ) p`;
  await inLinePieces(session, lines, rowsPerStatement, async (from, to) =>
    onPlanned(await writePlan(sql, [importId, from, to, providerId])),
  );
  await users.drop();
  await refuseLossOfAdmins(session, writePlan, importId);
  await refuseOwnLoss(writePlan, importId, actorId);
}

/** SQL: whether a row changes the role of its account, or whether it is active. */
export const losesAccess = `kind = 'changed' AND (before->>'role' <> after->>'role' OR before->>'active' <> after->>'active')`;

/** An administrator cannot remove their own role or account by a file: a slip would lock them out at once. */
async function refuseOwnLoss(writePlan: WritePlan, importId: number, actorId: string | null): Promise<void> {
  await writePlan(
    `UPDATE "CsvImportRow" SET kind = 'error', disconnects = false,
       faults = jsonb_build_array(${lineFault(takenAway, 'csv_own_account')})
     WHERE "importId" = $1 AND "accountId" = $2::uuid AND ${losesAccess}`,
    [importId, actorId],
  );
}

/** SQL: which column of a row removes an administrator or deactivates an account. */
const takenAway = `CASE WHEN before->>'role' = after->>'role' THEN 'active' ELSE 'role' END`;

/** If the plan leaves no administrator who can sign in, the rows that remove one are errors. */
async function refuseLossOfAdmins(session: BulkSession, writePlan: WritePlan, importId: number): Promise<void> {
  const loses = `kind IN ('changed', 'respelled') AND before->>'role' = 'admin' AND (before->>'active')::boolean
    AND NOT (after->>'role' = 'admin' AND (after->>'active')::boolean)`;
  const [left] = await session.query<{ admins: number }>(
    `SELECT count(*) AS admins FROM "Account" a
       LEFT JOIN "CsvImportRow" r ON r."importId" = $1 AND r."accountId" = a.id AND r.kind IN ('changed', 'respelled')
       WHERE a."passwordHash" IS NOT NULL AND coalesce(r.after->>'role', a.role::text) = 'admin'
         AND coalesce((r.after->>'active')::boolean, a.active)`,
    [importId],
  );
  if (Number(left?.admins ?? 0) > 0) return;
  await writePlan(
    `UPDATE "CsvImportRow" SET kind = 'error', disconnects = false,
       faults = jsonb_build_array(${lineFault(takenAway, 'csv_last_admin')})
     WHERE "importId" = $1 AND ${loses}`,
    [importId],
  );
}
