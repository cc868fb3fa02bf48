import { catalogueEntry, type ErrorCode } from '@argus/contract/errors/error-catalogue';
import type { FastifyBaseLogger } from 'fastify';
import { holdChanges } from '../accounts/records/account-changes-lock.ts';
import { hasStandingSession } from '../accounts/records/sessions.ts';
import type { Access } from '../accounts/standing-access.ts';
import type { NewAuditEvent } from '../audit/records/audit-events.ts';
import { currentProviderId } from '../connection/records/connector.ts';
import { saveErrorEvent } from '../error-log/records/error-events.ts';
import { CsvRefused } from '../platform/csv/csv-refused.ts';
import { readCsv } from '../platform/csv/read-csv.ts';
import type { BulkSession } from '../platform/database/bulk-session.ts';
import { DatabaseUnavailable } from '../platform/database/database-unavailable.ts';
import { inTransaction } from '../platform/database/db.ts';
import { newErrorId } from '../platform/problems/error-id.ts';
import type { Services } from '../platform/services.ts';
import { importTables } from './import-tables.ts';
import { createLineLoader } from './line-loader.ts';
import { endImport } from './records/csv-import-end.ts';
import { auditFailedImport, type FailedFor } from './records/csv-import-failure.ts';
import { readParts } from './records/csv-import-parts.ts';
import { countPlan, deletePlan, refreshStatistics } from './records/csv-import-rows.ts';
import {
  type CsvImport,
  deleteImportRows,
  findImport,
  type ImportCounts,
  type ImportRefusal,
  reportProgress,
  settleImport,
} from './records/csv-imports.ts';
import { NoAdminLeft, PlanOutdated, UndoRefused } from './records/csv-plan-refusals.ts';

/** How long a process may be silent before its work counts as interrupted. Milliseconds. */
export const leaseMs = 15_000;
const reportEveryMs = 400;

/** The import was cancelled, taken over, is to stop with the process, or who asked for it may not any more. */
class Stopped extends Error {
  override readonly name = 'Stopped';
}

export interface ImportRunner {
  /** Reads the file of an import that is `reading`, and plans what it changes; `by` is who asked for it. */
  read(working: CsvImport, by: FailedFor): void;
  /** Executes the plan of an import that is `applying`, unless the right of who asked ended first; the event says so once it is done. */
  apply(working: CsvImport, event: NewAuditEvent, access: Access): void;
  /** Restores what was before an import that is `undoing`, likewise. */
  undo(working: CsvImport, event: NewAuditEvent, access: Access): void;
  /** How far this process is, of imports that it works on: fresher than what is stored. */
  progressOf(id: number): { readonly rowsDone: number } | undefined;
  /** Stops what is at work, as interrupted, and waits for it. */
  close(): Promise<void>;
}

/** Runs imports in the background of this process. What they are and how far is in the database, for every instance. */
export function createImportRunner(
  { db, bulk, now }: Pick<Services, 'db' | 'bulk' | 'now'>,
  log: FastifyBaseLogger,
): ImportRunner {
  const running = new Map<number, { rowsDone: number; readonly work: Promise<void> }>();
  let closing = false;
  const leaseUntil = () => new Date(now().getTime() + leaseMs);

  function start(
    working: CsvImport,
    by: FailedFor,
    run: (onRows: (rows: number) => Promise<void>) => Promise<void>,
  ): void {
    const { id } = working;
    const state = { rowsDone: 0 };
    const onRows = async (rows: number) => {
      state.rowsDone += rows;
      if (closing) throw new Stopped();
    };
    const work = run(onRows)
      .catch((error: unknown) => fail(working, by, error))
      .catch((error: unknown) => log.error({ err: error, importId: id }, 'an import could not be settled'))
      .finally(() => {
        if (running.get(id)?.work === work) running.delete(id);
      });
    running.set(id, Object.assign(state, { work }));
  }

  /** Settles an import whose work ended badly, with an event in the audit log. */
  async function fail(working: CsvImport, by: FailedFor, error: unknown): Promise<void> {
    const refusal = await explain(working, error);
    const refused = error instanceof CsvRefused;
    // What could not be written was not written: the plan stands, and so does what was applied before.
    const state =
      working.state === 'undoing'
        ? 'applied'
        : refused
          ? 'refused'
          : error instanceof PlanOutdated || isUniqueViolation(error) || error instanceof NoAdminLeft
            ? 'ready'
            : 'failed';
    const own = await inTransaction(db, async (tx) => {
      const settled = await settleImport(tx, working, {
        state,
        refusal,
        ...(state === 'failed' ? { endedAt: now() } : {}),
      });
      if (settled) await auditFailedImport(tx, working, refusal, by);
      return settled;
    });
    // Deletes the rows of an import that was cancelled or failed; a new reading has rows of its own.
    const planless = own || (await findImport(db, working.id))?.state === 'cancelled';
    if (working.state === 'reading' && planless) await deleteImportRows(db, working.id);
  }

  /** An unforeseen error is stored in the error log, as everywhere. */
  async function explain(working: CsvImport, error: unknown): Promise<ImportRefusal> {
    const refusal = refusalOf(error);
    if (!catalogueEntry(refusal.code).unforeseen) return refusal;
    const errorId = newErrorId();
    log.error({ err: error, importId: working.id, errorId }, 'an import failed');
    await saveErrorEvent(db, {
      id: errorId,
      code: refusal.code,
      accountId: working.actorId,
      username: working.actorUsername,
      stage: `csv_import_${working.state}`,
      params: {},
      requestId: `csv-import-${working.id}`,
      occurredAt: now(),
    });
    return { ...refusal, errorId };
  }

  async function readFile(working: CsvImport, session: BulkSession): Promise<void> {
    const table = importTables[working.table];
    const lines = `csv_lines_${working.id}`;
    let rowsRead = 0;
    let bytesRead = 0;
    let reportedAt = 0;
    const report = async (shape: { encoding?: string; separator?: string } = {}) => {
      if (closing) throw new Stopped();
      const at = Date.now();
      if (at - reportedAt < reportEveryMs) return;
      reportedAt = at;
      const own = await reportProgress(db, working, { bytesRead, rowsRead, ...shape, leaseUntil: leaseUntil() });
      if (!own) throw new Stopped();
    };
    await table.createLines(session, lines);
    try {
      const { dropDisplayOnly } = working;
      const loader = createLineLoader(session, lines, table.lineColumns);
      let shape = {};
      for await (const batch of readCsv(() => readParts(session, working.id), table.layout, { dropDisplayOnly })) {
        for (const row of batch.rows) loader.add(table.judge(row));
        await loader.drain();
        rowsRead += batch.rows.length;
        bytesRead = batch.bytesRead;
        shape = batch.shape;
        await report(shape);
      }
      await loader.end();
      reportedAt = 0;
      await report(shape);
      // PGlite has no autovacuum, and with outdated statistics a plan over many rows may take minutes.
      if (bulk.exclusive) await refreshStatistics(session);
      await deletePlan(session, working.id);
      const work = { session, import: working, rowsPerStatement: bulk.rowsPerScan, onRows: () => report() };
      await table.plan(work, lines, await currentProviderId(db));
      const counts = await countPlan(session, working.id);
      const own = await settleImport(db, working, { state: 'ready', counts, rowsRead, bytesRead: working.fileBytes });
      // Given up in the meantime: its rows must not stay.
      if (!own) throw new Stopped();
    } finally {
      // A session that broke has lost its temporary tables by itself.
      await session.execute(`DROP TABLE IF EXISTS ${lines}`).catch(() => {});
    }
  }

  /** Applies or undoes in one transaction, which also says that it was done, by whom, and ends the import. */
  async function write(
    working: CsvImport,
    onRows: (rows: number) => Promise<void>,
    what: 'apply' | 'undo',
    event: NewAuditEvent,
    access: Access,
  ): Promise<void> {
    await bulk.session((session) =>
      session.transaction(async (tx) => {
        // Whoever was just ending the right to it is waited for.
        await holdChanges(tx);
        if (!(await hasStandingSession(tx, access))) throw new Stopped();
        const work = { session: tx, import: working, rowsPerStatement: bulk.rowsPerStatement, onRows };
        await importTables[working.table][what](work);
        await refreshStatistics(tx);
        // Where somebody took this process for dead, what it did must not stand.
        if (!(await endImport(tx, working, what === 'apply' ? 'applied' : 'undone', now(), event))) throw new Stopped();
      }),
    );
  }

  /** Renews the lease while the work waits for a connection or for a statement over very many rows. */
  async function keepingLease(working: CsvImport, work: () => Promise<void>): Promise<void> {
    // On PGlite no other process can look meanwhile.
    if (bulk.exclusive) return work();
    const timer = setInterval(() => {
      const rowsDone = running.get(working.id)?.rowsDone ?? 0;
      reportProgress(db, working, { rowsDone, leaseUntil: leaseUntil() }).catch((error: unknown) =>
        log.warn({ err: error }, 'the progress of an import could not be stored'),
      );
    }, reportEveryMs);
    try {
      await work();
    } finally {
      clearInterval(timer);
    }
  }

  return {
    read: (working, by) =>
      start(working, by, () => keepingLease(working, () => bulk.session((session) => readFile(working, session)))),
    apply: (working, event, access) =>
      start(working, event, (onRows) => keepingLease(working, () => write(working, onRows, 'apply', event, access))),
    undo: (working, event, access) =>
      start(working, event, (onRows) => keepingLease(working, () => write(working, onRows, 'undo', event, access))),
    progressOf: (id) => running.get(id),
    async close() {
      closing = true;
      await Promise.all([...running.values()].map(({ work }) => work));
    },
  };
}

/** How many rows an import writes. */
export function rowsToWrite(counts: ImportCounts | null): number {
  if (!counts) return 0;
  return counts.added + counts.changed + counts.respelled + counts.removed;
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}

function refusalOf(error: unknown): ImportRefusal & { readonly code: ErrorCode } {
  if (error instanceof CsvRefused) {
    return { code: 'csv_file_invalid', reason: error.reason, values: error.values };
  }
  if (error instanceof UndoRefused) {
    return { code: 'csv_undo_refused', conflicts: error.conflicts, conflictsTotal: error.total };
  }
  if (error instanceof NoAdminLeft) return { code: 'csv_last_admin' };
  if (error instanceof PlanOutdated || isUniqueViolation(error)) return { code: 'csv_import_outdated' };
  if (error instanceof Stopped) return { code: 'csv_import_interrupted' };
  if (error instanceof DatabaseUnavailable) return { code: 'csv_import_interrupted' };
  return { code: 'internal_error' };
}
