import type { BulkSession } from '../../platform/database/bulk-session.ts';

/** The data is no longer as it was when the plan was made. */
export class PlanOutdated extends Error {
  override readonly name = 'PlanOutdated';
}

/** The plan leaves no active administrator. */
export class NoAdminLeft extends Error {
  override readonly name = 'NoAdminLeft';
}

/** A row that stands against an undo: what it is about was changed after the import. */
export interface UndoConflict {
  readonly line: number | null;
  readonly username: string;
  /** The link's Microsoft 365 account as it is now; null where there is none. */
  readonly microsoftAccount: string | null;
  /** The portal account that the import created is in use: it has a password, an invitation or more. */
  readonly inUse: boolean;
}

/** SQL: whether the account `a`, which the row `r` created, can be signed in to, or somebody was invited to do so. */
export const inUse = `(r."createsAccount" AND (a."passwordHash" IS NOT NULL OR a."lastSignInAt" IS NOT NULL
  OR EXISTS (SELECT FROM "Invitation" i WHERE i."accountId" = a.id)))`;

/** An undo would not restore the state before: some rows were changed since. */
export class UndoRefused extends Error {
  override readonly name = 'UndoRefused';
  readonly conflicts: readonly UndoConflict[];
  readonly total: number;
  constructor(conflicts: readonly UndoConflict[], total: number) {
    super('rows were changed after the import');
    this.conflicts = conflicts;
    this.total = total;
  }
}

/** How many of the rows that stand against an undo are named. */
const namedConflicts = 100;

/**
 * Lets an undo pass where no row was changed since its import.
 * @param changedSince SQL from FROM on: the rows `r` that were
 * @param microsoftAccount SQL for the Microsoft 365 account that such a row's user is linked to now
 * @throws UndoRefused
 */
export async function requireUnchanged(
  tx: BulkSession,
  importId: number,
  changedSince: string,
  microsoftAccount: string,
): Promise<void> {
  const [against] = await tx.query<{ total: number }>(`SELECT count(*)::int AS total ${changedSince}`, [importId]);
  if (!against || against.total === 0) return;
  const conflicts = await tx.query<UndoConflict & object>(
    `SELECT r.line, r.username, ${microsoftAccount} AS "microsoftAccount", ${inUse} AS "inUse" ${changedSince}
     ORDER BY r.seq LIMIT ${namedConflicts}`,
    [importId],
  );
  throw new UndoRefused(conflicts, against.total);
}
