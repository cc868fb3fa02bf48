import type { BulkSession } from '../../platform/database/bulk-session.ts';

/** The data has changed since the plan was made. */
export class PlanOutdated extends Error {
  override readonly name = 'PlanOutdated';
}

/**
 * The work ends without an effect: the import was cancelled or taken over, this process is stopping, the requester's right has ended, or
 * what was worked on is not what the import said it was.
 */
export class ImportStopped extends Error {
  override readonly name = 'ImportStopped';
}

/** The plan leaves no active administrator. */
export class NoAdminLeft extends Error {
  override readonly name = 'NoAdminLeft';
}

/** The plan takes away the role or the access of the administrator who would execute it. */
export class OwnLoss extends Error {
  override readonly name = 'OwnLoss';
}

/** A row that blocks an undo: its data was changed after the import. */
export interface UndoConflict {
  readonly line: number | null;
  readonly username: string;
  /** The link's current Microsoft 365 account; null where there is none. */
  readonly microsoftAccount: string | null;
  /**
   * The portal account that the import created is in use: somebody signed in, or it has a password or an invitation.
   */
  readonly inUse: boolean;
}

/** SQL: whether the account `a`, created by the row `r`, has a password or an invitation, or was signed in to. */
export const inUse = `(r."createsAccount" AND (a."passwordHash" IS NOT NULL OR a."lastSignInAt" IS NOT NULL
  OR EXISTS (SELECT FROM "Invitation" i WHERE i."accountId" = a.id)))`;

/** An undo would not restore the former state: some rows were changed since. */
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

/** How many of the blocking rows are named. */
const namedConflicts = 100;

/**
 * Allows an undo only if no row was changed since its import.
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
