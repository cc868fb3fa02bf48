/** What can be wrong with the database when Argus starts. */
export type DatabaseStartCode =
  | 'data_folder_not_writable'
  | 'database_locked'
  | 'database_unreachable'
  | 'database_unusable'
  | 'disk_full'
  | 'database_read_only'
  | 'database_ahead'
  | 'database_behind'
  | 'database_missing'
  | 'schema_missing'
  | 'schema_elsewhere'
  | 'schema_of_others'
  | 'migration_unfinished'
  | 'migration_failed';

/**
 * Argus cannot start on this database. `ja` and `en` are one plain sentence each, printed before exit code 1; the
 * message holds both. `cause` is the underlying error, for the log.
 */
export class DatabaseStartFailure extends Error {
  readonly code: DatabaseStartCode;
  readonly ja: string;
  readonly en: string;

  constructor(code: DatabaseStartCode, sentence: { ja: string; en: string }, cause?: unknown) {
    super(`${sentence.ja} / ${sentence.en}`, { cause });
    this.name = 'DatabaseStartFailure';
    this.code = code;
    this.ja = sentence.ja;
    this.en = sentence.en;
  }

  /** Whether there is no embedded database yet. */
  get isOfMissing(): boolean {
    const missing: DatabaseStartCode = 'database_missing';
    return this.code === missing;
  }

  /** Whether a migration of this start has failed. */
  get isOfMigration(): boolean {
    const failed: DatabaseStartCode = 'migration_failed';
    return this.code === failed;
  }
}
