import type { BulkSession } from '../../../platform/database/bulk-session.ts';
import { checkRepetition, lineFault } from '../../records/csv-line-faults.ts';
import { idOfRow } from '../../records/csv-row-ids.ts';
import { inLinePieces } from '../../records/csv-row-pieces.ts';
import { namesakeKeyOf } from '../namesake-key.ts';
import type { LinkPlanOptions } from './plan-links.ts';

/** The columns of the temporary table for the lines of Microsoft 365's list of users. */
export const userLineColumns = [
  'line',
  'microsoftAccount',
  'microsoftAccountKey',
  'mailKey',
  'nameKey',
  'faults',
] as const;

export async function createUserLines(session: BulkSession, table: string): Promise<void> {
  await session.execute(`DROP TABLE IF EXISTS ${table}`);
  await session.execute(`CREATE TEMP TABLE ${table} (
    line int PRIMARY KEY, "microsoftAccount" text NOT NULL, "microsoftAccountKey" text COLLATE "C",
    "mailKey" text COLLATE "C", "nameKey" text COLLATE "C", faults jsonb)`);
}

/**
 * Plans the links that the lines make certain: to the active account whose username is the UPN or the mail address, else to the
 * only account of that display name, if no other line has the name and none names the account by its username.
 * Links that exist are kept, in their spelling. Every other line is `unmatched`, with the reason.
 * @param onPlanned receives the number of planned lines; throws to stop the work
 */
export async function planMatches(
  session: BulkSession,
  lines: string,
  { importId, rowsPerStatement, writePlan }: Pick<LinkPlanOptions, 'importId' | 'rowsPerStatement' | 'writePlan'>,
  onPlanned: (rows: number) => Promise<void>,
): Promise<void> {
  await session.execute(`ANALYZE ${lines}`);
  const upns = await checkRepetition(session, lines, 'microsoftAccountKey', {
    column: 'microsoftAccount',
    code: 'csv_upn_repeated',
  });
  const temporary: string[] = [];
  const create = async (name: string, query: string): Promise<string> => {
    const table = `${lines}_${name}`;
    temporary.push(table);
    await session.execute(`DROP TABLE IF EXISTS ${table}`);
    await session.execute(`CREATE TEMP TABLE ${table} AS ${query}`);
    await session.execute(`ANALYZE ${table}`);
    return table;
  };
  const namesakes = await create(
    'namesakes',
    `SELECT key, count(*) AS total FROM (SELECT "nameKey" AS key FROM ${lines}) l WHERE key IS NOT NULL GROUP BY key`,
  );
  // Any one of several: where the total is not 1, it is not used.
  const named = await create(
    'named',
    `SELECT key, (array_agg(id))[1] AS id, count(*) AS total
     FROM (SELECT id, ${namesakeKeyOf('"displayNameKey"')} AS key FROM "Account") a
     WHERE key IN (SELECT key FROM ${namesakes}) GROUP BY key`,
  );
  const known = await create(
    'known',
    `SELECT s.line, u.id IS NOT NULL AND m.id IS NOT NULL AND u.id <> m.id AS torn,
       CASE WHEN s.faults IS NULL AND (u.id IS NULL OR m.id IS NULL OR u.id = m.id) THEN coalesce(u.id, m.id) END AS id,
       u.id IS NULL AS "byMail", u.id AS "byUsername", m.id AS "ofMail"
     FROM ${lines} s
     LEFT JOIN "Account" u ON u."usernameKey" = s."microsoftAccountKey"
     LEFT JOIN "Account" m ON m."usernameKey" = s."mailKey"`,
  );
  // An unusable line still says that an account belongs to somebody.
  const claimed = await create(
    'claimed',
    `SELECT id, count(DISTINCT line) AS lines FROM (
       SELECT line, "byUsername" AS id FROM ${known} UNION ALL SELECT line, "ofMail" FROM ${known}) c
     WHERE id IS NOT NULL GROUP BY id`,
  );
  const matched = await create(
    'matched',
    `SELECT k.line, coalesce(k.id, n.id) AS id,
       CASE WHEN k.id IS NULL THEN 'displayName' WHEN k."byMail" THEN 'mail' ELSE 'username' END AS by,
       k.torn OR (k.id IS NULL AND n.id IS NOT NULL AND
         (n.total > 1 OR f.total > 1 OR n.id IN (SELECT id FROM ${claimed}))) AS ambiguous
     FROM ${known} k JOIN ${lines} s ON s.line = k.line
     LEFT JOIN ${namesakes} f ON f.key = s."nameKey"
     LEFT JOIN ${named} n ON n.key = s."nameKey" AND s.faults IS NULL AND NOT k.torn`,
  );
  const shared = await create(
    'shared',
    `SELECT id FROM ${matched} WHERE id IS NOT NULL AND NOT ambiguous GROUP BY id HAVING count(*) > 1
     UNION SELECT id FROM ${claimed} WHERE lines > 1`,
  );

  const fault = (column: string | null, code: string, values?: string) =>
    `jsonb_build_array(${lineFault(column === null ? 'NULL::text' : `'${column}'`, code, values)})`;
  const planned = `
    INSERT INTO "CsvImportRow" ("importId", kind, seq, line, username, "usernameKey", "accountId", "createsAccount",
      "linkId", "microsoftAccount", "microsoftAccountKey", after, faults, disconnects)
    SELECT $1::int, p.kind::"CsvRowKind", p.line, p.line, coalesce(p.username, ''), p."usernameKey", p.id, false,
      CASE WHEN p.kind = 'added' THEN ${idOfRow('link', '$1', 'p.line')} ELSE p."linkId" END,
      CASE WHEN p.kind = 'unchanged' THEN p.linked ELSE p."microsoftAccount" END, p."microsoftAccountKey",
      CASE WHEN p.id IS NOT NULL THEN jsonb_build_object('matchedBy', p.by, 'displayNameKey', p."displayNameKey", 'mailKey', p."mailKey") END,
      p.faults, false
    FROM (
      SELECT f.*, CASE WHEN f.faults IS NOT NULL THEN 'unmatched' WHEN f."linkId" IS NOT NULL THEN 'unchanged' ELSE 'added' END AS kind
      FROM (
        SELECT s.line, s."microsoftAccount", s."microsoftAccountKey", s."mailKey", a.id, a.username, a."usernameKey", a."displayNameKey", m.by,
          l.id AS "linkId", l."microsoftAccount" AS linked,
          CASE WHEN s.faults IS NOT NULL THEN s.faults
            ${upns.checks.map((check) => `WHEN ${check.when} THEN jsonb_build_array(${check.fault})`).join(' ')}
            WHEN NOT a.active THEN ${fault('username', 'csv_match_inactive')}
            WHEN m.ambiguous OR d.id IS NOT NULL THEN ${fault(null, 'csv_match_ambiguous')}
            WHEN a.id IS NULL THEN ${fault(null, 'csv_match_none')}
            WHEN l.id IS NOT NULL AND l."microsoftAccountKey" <> s."microsoftAccountKey"
              THEN ${fault('username', 'account_linked', `jsonb_build_object('other', l."microsoftAccount")`)}
            WHEN ha.id IS NOT NULL AND ha.id <> a.id
              THEN ${fault('microsoftAccount', 'upn_linked', `jsonb_build_object('other', ha.username)`)}
          END AS faults
        FROM ${lines} s
        JOIN ${matched} m ON m.line = s.line
        LEFT JOIN ${shared} d ON d.id = m.id
        LEFT JOIN "Account" a ON a.id = m.id AND NOT m.ambiguous
        LEFT JOIN "AccountLink" l ON l."accountId" = a.id
        LEFT JOIN "AccountLink" h ON h."microsoftAccountKey" = s."microsoftAccountKey"
        LEFT JOIN "Account" ha ON ha.id = h."accountId"
        ${upns.join}
        WHERE s.line BETWEEN $2 AND $3
      ) f
    ) p`;
  await inLinePieces(session, lines, rowsPerStatement, async (from, to) =>
    onPlanned(await writePlan(planned, [importId, from, to])),
  );
  for (const table of temporary) await session.execute(`DROP TABLE IF EXISTS ${table}`);
  await upns.drop();
}
