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
