import type { UndoReason } from '@argus/contract/endpoints/imports/csv-imports';
import type { BulkSession } from '../../platform/database/bulk-session.ts';

/** A row that an undo cannot take back, as its data was changed after the import. */
export interface UndoConflict {
  readonly line: number | null;
  readonly username: string;
  /** The link's current Microsoft 365 account; null where there is none. */
  readonly microsoftAccount: string | null;
  readonly reason: UndoReason;
}

/** Such rows: the first of them, how many there are, and how many for each reason. */
export interface UndoConflicts {
  readonly conflicts: readonly UndoConflict[];
  readonly total: number;
  readonly reasons: readonly { readonly reason: UndoReason; readonly rows: number }[];
}

/** An undo would not restore the former state: some rows were changed since. */
export class UndoRefused extends Error {
  override readonly name = 'UndoRefused';
  readonly found: UndoConflicts;
  constructor(found: UndoConflicts) {
    super('rows were changed after the import');
    this.found = found;
  }
}

/** SQL: whether the account `a`, created by the row `r`, has a password or an invitation, or was signed in to. */
export const inUse = `(r."createsAccount" AND (a."passwordHash" IS NOT NULL OR a."lastSignInAt" IS NOT NULL
  OR EXISTS (SELECT FROM "Invitation" i WHERE i."accountId" = a.id)))`;

/** How a table finds the rows that were changed since an import `$1`, and says what has become of them. */
export interface ChangedSince {
  /** SQL from FROM to the last condition but one: the rows `r`, and what they are compared with. */
  readonly from: string;
  /** SQL: whether a row was changed since. */
  readonly isChanged: string;
  /** SQL: the Microsoft 365 account that the user of a row is linked to now. */
  readonly microsoftAccount: string;
  /** SQL: whether a row itself is as the import left it, but what it had before belongs to another by now. */
  readonly isTaken: string;
}

/** How many of the rows are named. */
const namedConflicts = 100;
/** How often a row that stays may make another one stay. */
const mostRounds = 50;

/**
 * Allows an undo only if no row was changed since its import.
 * @throws UndoRefused
 */
export async function requireUnchanged(tx: BulkSession, importId: number, changed: ChangedSince): Promise<void> {
  const found = await readConflicts(tx, importId, changed, changed.isChanged);
  if (found.total > 0) throw new UndoRefused(found);
}

/**
 * Marks the rows that were changed since an import, so that its undo leaves them as they are; and those whose former
 * account such a row has.
 * @throws UndoRefused where they come to no end, or nothing else is left
 */
export async function keepChanged(tx: BulkSession, importId: number, changed: ChangedSince): Promise<UndoConflicts> {
  for (let round = 0; ; round += 1) {
    const rows = await tx.execute(
      `UPDATE "CsvImportRow" marked SET kept = true FROM (SELECT r.kind, r.seq ${changed.from} AND ${changed.isChanged}) found
       WHERE marked."importId" = $1 AND marked.kind = found.kind AND marked.seq = found.seq AND NOT marked.kept`,
      [importId],
    );
    if (rows === 0) break;
    if (round === mostRounds) throw new UndoRefused(await readConflicts(tx, importId, changed, 'r.kept'));
  }
  const found = await readConflicts(tx, importId, changed, 'r.kept');
  const [left] = await tx.query<{ any: boolean }>(
    `SELECT count(*) > 0 AS any FROM "CsvImportRow" r
     WHERE r."importId" = $1 AND r.kind IN ('added', 'changed', 'respelled', 'removed') AND NOT r.kept`,
    [importId],
  );
  if (!left?.any) throw new UndoRefused(found);
  return found;
}

async function readConflicts(
  tx: BulkSession,
  importId: number,
  { from, isTaken, microsoftAccount }: ChangedSince,
  condition: string,
): Promise<UndoConflicts> {
  const reason = `CASE WHEN ${inUse} THEN 'in_use' WHEN ${isTaken} THEN 'taken'
    WHEN ${microsoftAccount} IS NULL THEN 'gone' ELSE 'changed' END`;
  const reasons = await tx.query<{ reason: UndoReason; rows: number }>(
    `SELECT ${reason} AS reason, count(*)::int AS rows ${from} AND ${condition} GROUP BY 1 ORDER BY 2 DESC, 1`,
    [importId],
  );
  const total = reasons.reduce((sum, { rows }) => sum + rows, 0);
  if (total === 0) return { conflicts: [], total, reasons };
  const conflicts = await tx.query<UndoConflict & object>(
    `SELECT r.line, r.username, ${microsoftAccount} AS "microsoftAccount", ${reason} AS reason ${from} AND ${condition}
     ORDER BY r.seq LIMIT ${namedConflicts}`,
    [importId],
  );
  return { conflicts, total, reasons };
}
