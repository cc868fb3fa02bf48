import type { BulkSession } from '../../../platform/database/bulk-session.ts';
import { checkRepetition, faultsOf, lineFault } from '../../records/csv-line-faults.ts';
import type { WritePlan } from '../../records/csv-plan.ts';
import { idOfRow } from '../../records/csv-row-ids.ts';
import { inLinePieces } from '../../records/csv-row-pieces.ts';

/** What a plan of account links depends on besides the file. */
export interface LinkPlanOptions {
  readonly importId: number;
  readonly replace: boolean;
  readonly createAccounts: boolean;
  /** The provider whose grants are affected; null where there is none. */
  readonly providerId: string | null;
  readonly rowsPerStatement: number;
  readonly writePlan: WritePlan;
}

/** The columns of the temporary table for a file's lines. */
export const linkLineColumns = [
  'line',
  'username',
  'usernameKey',
  'microsoftAccount',
  'microsoftAccountKey',
  'faults',
] as const;

export async function createLinkLines(session: BulkSession, table: string): Promise<void> {
  await session.execute(`DROP TABLE IF EXISTS ${table}`);
  await session.execute(`CREATE TEMP TABLE ${table} (
    line int PRIMARY KEY, username text NOT NULL, "usernameKey" text COLLATE "C",
    "microsoftAccount" text NOT NULL, "microsoftAccountKey" text COLLATE "C", faults jsonb)`);
}

/**
 * Plans the changes of the lines: a row for each, and in replace mode one for each link that no line names. Reads and
 * writes in batches of `rowsPerStatement`.
 * @param onPlanned receives the number of planned lines; throws to stop the work
 */
export async function planLinks(
  session: BulkSession,
  lines: string,
  options: LinkPlanOptions,
  onPlanned: (rows: number) => Promise<void>,
): Promise<void> {
  const { importId, replace, createAccounts, providerId, rowsPerStatement, writePlan } = options;
  await session.execute(`ANALYZE ${lines}`);
  const users = await checkRepetition(session, lines, 'usernameKey', {
    column: 'username',
    code: 'csv_username_repeated',
  });
  const upns = await checkRepetition(session, lines, 'microsoftAccountKey', {
    column: 'microsoftAccount',
    code: 'csv_upn_repeated',
  });
  // count(*), not EXISTS: to find a first match, the planner picks plans that run endlessly where there is none.
  const [held] = await session.query<{ any: boolean }>(`SELECT count(*) > 0 AS any
    FROM ${lines} s JOIN "AccountLink" h ON h."microsoftAccountKey" = s."microsoftAccountKey"
    JOIN "Account" ha ON ha.id = h."accountId" WHERE ha."usernameKey" IS DISTINCT FROM s."usernameKey"`);
  // In replace mode the holder loses the account, unless another line gives it back to them: then it is a repetition.
  const checkHolders = held?.any === true && !replace;
  if (checkHolders) {
    await session.execute(`CREATE INDEX ON ${lines} ("usernameKey")`);
    await session.execute(`ANALYZE ${lines}`);
  }

  const { faulty, faults } = faultsOf([
    { when: 's.faults IS NOT NULL', fault: 's.faults' },
    ...users.checks,
    ...upns.checks,
    ...(createAccounts
      ? []
      : [
          {
            when: 'a.id IS NULL AND s."usernameKey" IS NOT NULL',
            fault: lineFault(`'username'`, 'csv_account_unknown'),
          },
        ]),
    ...(checkHolders
      ? [
          {
            when: `ha.id IS NOT NULL AND NOT EXISTS (SELECT FROM ${lines} o WHERE o."usernameKey" = ha."usernameKey"
              AND o."microsoftAccountKey" <> s."microsoftAccountKey")`,
            fault: lineFault(`'microsoftAccount'`, 'upn_linked', `jsonb_build_object('other', ha.username)`),
          },
        ]
      : []),
  ]);
  const grants = `LEFT JOIN "Grant" g ON g."accountId" = l."accountId" AND g."providerId" = $4::uuid
    AND g.status = 'authorized' AND g."verifiedLinkKey" = l."microsoftAccountKey"`;
  const planned = `
    INSERT INTO "CsvImportRow" ("importId", kind, seq, line, username, "usernameKey", "accountId", "createsAccount",
      "linkId", "microsoftAccount", "microsoftAccountKey", before, faults, disconnects)
    SELECT $1::int, p.kind::"CsvRowKind", p.line, p.line, p.username, p."usernameKey",
      CASE WHEN p.kind = 'added' AND p."accountId" IS NULL THEN ${idOfRow('account', '$1', 'p.line')} ELSE p."accountId" END,
      p.kind = 'added' AND p."accountId" IS NULL,
      CASE WHEN p.kind = 'added' THEN ${idOfRow('link', '$1', 'p.line')} ELSE p."linkId" END,
      p."microsoftAccount", p."microsoftAccountKey",
      CASE WHEN p.kind IN ('changed', 'respelled') THEN p.before END,
      CASE WHEN p.kind = 'error' THEN p.faults END,
      p.kind = 'changed' AND p.authorized
    FROM (
      SELECT s.line, coalesce(a.username, s.username) AS username, s."usernameKey", s."microsoftAccount",
        s."microsoftAccountKey", a.id AS "accountId", l.id AS "linkId", ${faults} AS faults, g.id IS NOT NULL AS authorized,
        to_jsonb(l) AS before,
        CASE WHEN ${faulty} THEN 'error'
          WHEN l.id IS NULL THEN 'added'
          WHEN l."microsoftAccount" = s."microsoftAccount" THEN 'unchanged'
          WHEN l."microsoftAccountKey" = s."microsoftAccountKey" THEN 'respelled'
          ELSE 'changed' END AS kind
      FROM ${lines} s
      LEFT JOIN "Account" a ON a."usernameKey" = s."usernameKey"
      LEFT JOIN "AccountLink" l ON l."accountId" = a.id
      ${users.join}
      ${upns.join}
      ${
        checkHolders
          ? `LEFT JOIN "AccountLink" h ON h."microsoftAccountKey" = s."microsoftAccountKey" AND h."accountId" IS DISTINCT FROM a.id
             LEFT JOIN "Account" ha ON ha.id = h."accountId"`
          : ''
      }
      ${grants}
      WHERE s.line BETWEEN $2 AND $3
    ) p`;
  const last = await inLinePieces(session, lines, rowsPerStatement, async (from, to) =>
    onPlanned(await writePlan(planned, [importId, from, to, providerId])),
  );
  if (replace) {
    await writePlan(
      `INSERT INTO "CsvImportRow" ("importId", kind, seq, username, "usernameKey", "accountId", "linkId", before, disconnects)
       SELECT $1::int, 'removed', $2::int + row_number() OVER (ORDER BY a."usernameKey"), a.username, a."usernameKey", a.id,
         l.id, to_jsonb(l), g.id IS NOT NULL
       FROM "AccountLink" l JOIN "Account" a ON a.id = l."accountId"
       LEFT JOIN ${lines} s ON s."usernameKey" = a."usernameKey"
       LEFT JOIN "Grant" g ON g."accountId" = l."accountId" AND g."providerId" = $3::uuid
         AND g.status = 'authorized' AND g."verifiedLinkKey" = l."microsoftAccountKey"
       WHERE s.line IS NULL`,
      [importId, last, providerId],
    );
  }
  await users.drop();
  await upns.drop();
}
