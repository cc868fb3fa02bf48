import type { BulkSession } from '../../platform/database/bulk-session.ts';

// SQL for the faults of the lines `s` of a file, judged against the whole file and the database.

/** One check of a line: the condition of the fault, and the fault, or an array of them, as JSON. */
export interface LineCheck {
  readonly when: string;
  readonly fault: string;
}

/** One fault as JSON; `column` and `values` are SQL expressions. */
export const lineFault = (column: string, code: string, values = `'{}'::jsonb`) =>
  `jsonb_build_object('column', ${column}, 'code', '${code}', 'values', ${values})`;

/** Whether a line fails one of the checks, and its faults as an array; the JSON is built only for failing lines. */
export function faultsOf(checks: readonly LineCheck[]): { readonly faulty: string; readonly faults: string } {
  const faulty = checks.map(({ when }) => `(${when})`).join(' OR ');
  const all = checks.map(({ when, fault }) => `CASE WHEN ${when} THEN ${fault} ELSE '[]'::jsonb END`).join(' || ');
  return { faulty, faults: `CASE WHEN ${faulty} THEN ${all} END` };
}

/** The check for a key that several lines share, and how it is joined to the lines `s`. */
export interface RepetitionCheck {
  readonly checks: readonly LineCheck[];
  readonly join: string;
  drop(): Promise<void>;
}

/** Finds keys that several lines of a file share; names the first five lines. */
export async function checkRepetition(
  session: BulkSession,
  lines: string,
  keyColumn: string,
  told: { readonly column: string; readonly code: string },
): Promise<RepetitionCheck> {
  const found = `${lines}_${told.column}`.toLowerCase();
  await session.execute(`DROP TABLE IF EXISTS ${found}`);
  await session.execute(`CREATE TEMP TABLE ${found} AS
    SELECT key, (array_agg(line ORDER BY line))[1:5] AS first, count(*) AS total FROM (
      SELECT "${keyColumn}" AS key, line FROM ${lines} WHERE "${keyColumn}" IN (
        SELECT "${keyColumn}" FROM ${lines} WHERE "${keyColumn}" IS NOT NULL GROUP BY 1 HAVING count(*) > 1)
    ) repeated GROUP BY key`);
  const [repeated] = await session.query<{ any: boolean }>(`SELECT EXISTS (SELECT FROM ${found}) AS any`);
  const drop = async () => {
    await session.execute(`DROP TABLE IF EXISTS ${found}`);
  };
  if (!repeated?.any) return { checks: [], join: '', drop };
  await session.execute(`CREATE INDEX ON ${found} (key)`);
  await session.execute(`ANALYZE ${found}`);
  // 「3, 8, 12」, with 「…」 where there are more.
  const values = `jsonb_build_object('lines',
    array_to_string(${found}.first, ', ') || CASE WHEN ${found}.total > 5 THEN ' …' ELSE '' END)`;
  return {
    checks: [{ when: `${found}.key IS NOT NULL`, fault: lineFault(`'${told.column}'`, told.code, values) }],
    join: `LEFT JOIN ${found} ON ${found}.key = s."${keyColumn}"`,
    drop,
  };
}
