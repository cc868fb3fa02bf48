import type {
  CsvImportMode,
  CsvImportState,
  CsvRowKind,
  CsvTable,
} from '@argus/contract/endpoints/imports/csv-imports';
import { findRunningImport, type RunningImport } from '../../accounts/records/account-changes-lock.ts';
import { type Access, requireStanding } from '../../accounts/standing-access.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import { type Database, type Db, inTransaction } from '../../platform/database/db.ts';
import type { UndoConflicts } from './undo-conflicts.ts';

/** Why an import was refused, failed or cannot be undone as a whole. */
export interface ImportRefusal {
  /** A code of the error catalogue; absent where the rest was undone. */
  readonly code?: string;
  /** Of C1: the reason, and the values for its text. */
  readonly reason?: string;
  readonly values?: Readonly<Record<string, string | number>>;
  /** Set if the error is in the error log. */
  readonly errorId?: string;
  readonly conflicts?: UndoConflicts['conflicts'];
  readonly conflictsTotal?: number;
  readonly conflictReasons?: UndoConflicts['reasons'];
}

/** Rows by kind, portal accounts that will be created, and authorized users who will be disconnected. */
export type ImportCounts = Readonly<Record<CsvRowKind | 'accountsCreated' | 'disconnected', number>>;

export interface CsvImport {
  readonly id: number;
  readonly table: CsvTable;
  readonly state: CsvImportState;
  readonly fileName: string;
  readonly fileBytes: number;
  readonly mode: CsvImportMode;
  readonly createAccounts: boolean;
  readonly dropDisplayOnly: boolean;
  /** The file is Microsoft 365's list of users. */
  readonly matchUsers: boolean;
  readonly actorId: string | null;
  readonly actorUsername: string;
  readonly encoding: string | null;
  readonly separator: string | null;
  readonly bytesRead: number;
  readonly rowsRead: number;
  readonly rowsDone: number;
  readonly rowsTotal: number;
  readonly counts: ImportCounts | null;
  readonly refusal: ImportRefusal | null;
  readonly planVersion: number;
  readonly leaseUntil: Date | null;
  readonly createdAt: Date;
  readonly appliedAt: Date | null;
  readonly endedAt: Date | null;
}

/** States in which a process is working and renews the lease. */
export const atWork: CsvImportState[] = ['reading', 'applying', 'undoing'];
/** States from which an import may be read, any number of times. */
export const readableStates: CsvImportState[] = ['receiving', 'refused', 'ready', 'failed'];
/** States in which an import still has its file, and can be cancelled. */
export const unfinishedStates: CsvImportState[] = [...readableStates, 'reading'];

const fromRow = (row: Prisma.CsvImportGetPayload<object>): CsvImport => ({
  ...row,
  // Imports of earlier versions have not counted this kind.
  counts: row.counts === null ? null : ({ unmatched: 0, ...(row.counts as object) } as ImportCounts),
  refusal: row.refusal as ImportRefusal | null,
});
const json = (value: object | null) => (value === null ? Prisma.DbNull : (value as Prisma.InputJsonObject));

export async function createImport(
  db: Db,
  given: Pick<CsvImport, 'table' | 'fileName' | 'fileBytes' | 'actorId' | 'actorUsername' | 'createdAt'>,
): Promise<CsvImport> {
  return fromRow(await db.csvImport.create({ data: given }));
}

export async function findImport(db: Db, id: number): Promise<CsvImport | null> {
  const row = await db.csvImport.findUnique({ where: { id } });
  return row ? fromRow(row) : null;
}

/** The latest imports of a table, newest first. */
export async function listImports(db: Db, table: CsvTable, take: number): Promise<readonly CsvImport[]> {
  return (await db.csvImport.findMany({ where: { table }, orderBy: { id: 'desc' }, take })).map(fromRow);
}

/** The imports of an account that were neither applied nor cancelled, newest first, without the newest `kept`. */
export async function listLeftImports(db: Db, actorId: string, kept: number): Promise<readonly CsvImport[]> {
  const where = { actorId, state: { in: unfinishedStates } };
  return (await db.csvImport.findMany({ where, orderBy: { id: 'desc' }, skip: kept })).map(fromRow);
}

/** How many parts are stored, and their total size in bytes. */
export async function measureParts(db: Db, importId: number): Promise<{ parts: number; bytes: number }> {
  const [found] = await db.$queryRaw<{ parts: number; bytes: number }[]>`
    SELECT count(*)::int AS parts, coalesce(sum(length(bytes)), 0)::int AS bytes
    FROM "CsvImportPart" WHERE "importId" = ${importId}`;
  return found ?? { parts: 0, bytes: 0 };
}

/** Which of these imports still have their file. */
export async function importsWithFile(db: Db, ids: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await db.csvImportPart.findMany({
    where: { importId: { in: [...ids] }, index: 0 },
    select: { importId: true },
  });
  return new Set(rows.map(({ importId }) => importId));
}

/** Starts reading the file again; null if the state of the import does not allow it. */
export async function beginReading(
  db: Db,
  id: number,
  options: Pick<CsvImport, 'mode' | 'createAccounts' | 'dropDisplayOnly' | 'matchUsers'>,
  leaseUntil: Date,
): Promise<CsvImport | null> {
  const { count } = await db.csvImport.updateMany({
    where: { id, state: { in: readableStates } },
    data: {
      ...options,
      state: 'reading',
      planVersion: { increment: 1 },
      bytesRead: 0,
      rowsRead: 0,
      rowsDone: 0,
      rowsTotal: 0,
      counts: Prisma.DbNull,
      refusal: Prisma.DbNull,
      encoding: null,
      separator: null,
      endedAt: null,
      leaseUntil,
    },
  });
  return count === 1 ? findImport(db, id) : null;
}

/** Serializes the starts of applying and undoing, so that no two start at once. */
const beginLock = 4_177_202;

/**
 * Starts to apply or undo an import: only one at a time in all of Argus. Returns the active import where there is
 * one, and null where this one is no longer in the state it was seen in.
 * @throws AppError session_missing
 */
export async function beginWriting(
  db: Database,
  seen: CsvImport,
  next: 'applying' | 'undoing',
  rowsTotal: number,
  { now, leaseUntil, access }: { now: Date; leaseUntil: Date; access: Access },
): Promise<{ begun: CsvImport } | { running: RunningImport } | null> {
  return inTransaction(db, async (tx) => {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(${beginLock}::bigint)::text`;
    await requireStanding(tx, access);
    const running = await findRunningImport(tx, now);
    if (running) return { running };
    const { count } = await tx.csvImport.updateMany({
      where: { id: seen.id, state: seen.state, planVersion: seen.planVersion },
      data: { state: next, rowsDone: 0, rowsTotal, refusal: Prisma.DbNull, leaseUntil },
    });
    if (count === 0) return null;
    const begun = await findImport(tx, seen.id);
    return begun ? { begun } : null;
  });
}

/** Stores the progress of a working process; false if it no longer owns the import. */
export async function reportProgress(
  db: Db,
  working: Pick<CsvImport, 'id' | 'state' | 'planVersion'>,
  progress: Partial<Pick<CsvImport, 'bytesRead' | 'rowsRead' | 'rowsDone' | 'encoding' | 'separator'>> & {
    leaseUntil: Date;
  },
): Promise<boolean> {
  const { id, state, planVersion } = working;
  const { count } = await db.csvImport.updateMany({ where: { id, state, planVersion }, data: progress });
  return count === 1;
}

/** Ends the work on an import; false where this process no longer owns it. */
export async function settleImport(
  db: Db,
  working: Pick<CsvImport, 'id' | 'state' | 'planVersion'>,
  outcome: {
    state: CsvImportState;
    counts?: ImportCounts;
    refusal?: ImportRefusal | null;
    rowsRead?: number;
    bytesRead?: number;
    endedAt?: Date;
  },
): Promise<boolean> {
  const { id, state, planVersion } = working;
  const { counts, refusal, ...rest } = outcome;
  const { count } = await db.csvImport.updateMany({
    where: { id, state, planVersion },
    data: {
      ...rest,
      leaseUntil: null,
      ...(counts === undefined ? {} : { counts: json(counts) }),
      ...(refusal === undefined ? {} : { refusal: json(refusal) }),
    },
  });
  return count === 1;
}
