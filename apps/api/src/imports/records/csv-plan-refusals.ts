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
