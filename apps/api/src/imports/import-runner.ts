import { catalogueEntry, type ErrorCode } from '@argus/contract/errors/error-catalogue';
import type { FastifyBaseLogger } from 'fastify';
import { holdChanges } from '../accounts/records/account-changes-lock.ts';
import { type Access, isStandingInBulk } from '../accounts/standing-access.ts';
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
import { importTables, tableOf } from './import-tables.ts';
import { createLineLoader } from './line-loader.ts';
import { linksMailboxOfAnother } from './links/records/mailbox-of-another.ts';
import { deleteFailedPlan } from './records/csv-import-data.ts';
import { endImport, toldOf } from './records/csv-import-end.ts';
import { auditFailedImport, type FailedFor } from './records/csv-import-failure.ts';
import { readParts } from './records/csv-import-parts.ts';
import { refreshStatistics } from './records/csv-import-rows.ts';
import {
  type CsvImport,
  type ImportCounts,
  type ImportRefusal,
  reportProgress,
  settleImport,
} from './records/csv-imports.ts';
import { countPlan, deletePlan, planWriter, requireWholePlan } from './records/csv-plan.ts';
import { ImportStopped, NoAdminLeft, OwnLoss, PlanOutdated } from './records/csv-plan-refusals.ts';
import { UndoRefused } from './records/undo-conflicts.ts';

/** How long a process may be silent before its work counts as interrupted. Milliseconds. */
export const leaseMs = 15_000;
const reportEveryMs = 400;

/** By what right an import is applied, and whether its administrator has proved the password. */
export interface ProvedAccess extends Access {
  readonly hasProved: boolean;
}

export interface ImportRunner {
  /** Reads the file of an import that is `reading`, and plans its changes; `by` is the requester. */
  read(working: CsvImport, by: FailedFor): void;
  /**
   * Executes the plan of an import that is `applying`, unless the requester's right ended first; stores `event` when
   * done.
   */
  apply(working: CsvImport, event: NewAuditEvent, access: ProvedAccess): void;
  /** Restores the state before an import that is `undoing`; otherwise as `apply`. */
  undo(working: CsvImport, event: NewAuditEvent, access: ProvedAccess): void;
  /** The same, but leaves the rows that were changed since. */
  undoRest(working: CsvImport, event: NewAuditEvent, access: ProvedAccess): void;
  /** The progress of an import that this process works on: fresher than the stored one. */
  progressOf(id: number): { readonly rowsDone: number } | undefined;
  /** Interrupts imports in progress, and waits for them. */
  close(): Promise<void>;
}

/** Runs imports in the background of this process. Their state and progress are in the database, for every instance. */
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
      if (closing) throw new ImportStopped();
    };
    const work = run(onRows)
      .catch((error: unknown) => fail(working, by, error))
      .catch((error: unknown) => log.error({ err: error, importId: id }, 'cannot settle an import'))
      .finally(() => {
        if (running.get(id)?.work === work) running.delete(id);
      });
    running.set(id, Object.assign(state, { work }));
  }

  /** Settles an import whose work failed, with an event in the audit log. */
  async function fail(working: CsvImport, by: FailedFor, error: unknown): Promise<void> {
    const refusal = await explain(working, error);
    const refused = error instanceof CsvRefused;
    // The transaction rolled back; plan and earlier state are unchanged.
    const state =
      working.state === 'undoing' ? 'applied' : refused ? 'refused' : isRefusedPlan(error) ? 'ready' : 'failed';
    await inTransaction(db, async (tx) => {
      const settled = await settleImport(tx, working, {
        state,
        refusal,
        ...(state === 'failed' ? { endedAt: now() } : {}),
      });
      if (settled) await auditFailedImport(tx, working, refusal, by);
    });
    if (working.state === 'reading') await deleteFailedPlan(db, working);
  }

  /** Logs an unforeseen error in the error log. */
  async function explain(working: CsvImport, error: unknown): Promise<ImportRefusal & { readonly code: string }> {
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
    const table = tableOf(working);
    const lines = `csv_lines_${working.id}`;
    let rowsRead = 0;
    let bytesRead = 0;
    let reportedAt = 0;
    const report = async (shape: { encoding?: string; separator?: string } = {}) => {
      if (closing) throw new ImportStopped();
      const at = Date.now();
      if (at - reportedAt < reportEveryMs) return;
      reportedAt = at;
      const own = await reportProgress(db, working, { bytesRead, rowsRead, ...shape, leaseUntil: leaseUntil() });
      if (!own) throw new ImportStopped();
    };
    await table.createLines(session, lines);
    try {
      const { dropDisplayOnly } = working;
      const loader = createLineLoader(session, lines, table.lineColumns);
      let shape = {};
      for await (const batch of readCsv(() => readParts(session, working), table.layout, { dropDisplayOnly })) {
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
      // PGlite has no autovacuum, and outdated statistics can make a query over many rows take minutes.
      if (bulk.exclusive) await refreshStatistics(session);
      const writePlan = planWriter(session, working);
      await deletePlan(writePlan, working.id);
      const onRows = () => report();
      const work = { session, import: working, rowsPerStatement: bulk.rowsPerScan, writePlan, onRows };
      await table.plan(work, lines, await currentProviderId(db));
      const counts = await countPlan(session, working.id, rowsRead);
      const own = await settleImport(db, working, { state: 'ready', counts, rowsRead, bytesRead: working.fileBytes });
      if (!own) throw new ImportStopped();
    } finally {
      // A broken session has already lost its temporary tables.
      await session.execute(`DROP TABLE IF EXISTS ${lines}`).catch(() => {});
    }
  }

  /** Applies or undoes in one transaction, which also writes the audit event and ends the import. */
  async function write(
    working: CsvImport,
    onRows: (rows: number) => Promise<void>,
    what: 'apply' | 'undo' | 'undoRest',
    event: NewAuditEvent,
    access: ProvedAccess,
  ): Promise<void> {
    await bulk.session((session) =>
      session.transaction(async (tx) => {
        // Waits for a transaction that is just ending the right.
        await holdChanges(tx);
        if (!(await isStandingInBulk(tx, access))) throw new ImportStopped();
        await requireWholePlan(tx, working);
        let rowsWritten = 0;
        const counting = (rows: number) => {
          rowsWritten += rows;
          return onRows(rows);
        };
        const { rowsPerStatement } = bulk;
        const work = {
          session: tx,
          import: working,
          rowsPerStatement,
          onRows: counting,
          byAccountId: access.accountId,
        };
        const table = importTables[working.table];
        const kept = what === 'apply' ? null : await table.undo(work, what === 'undoRest');
        if (what === 'apply') await table.apply(work);
        // A user may have authorized one of these mailboxes since the request was judged; from here on the links are locked.
        const direction = what === 'apply' ? 'apply' : 'undo';
        if (!access.hasProved && (await linksMailboxOfAnother(tx, working, direction))) throw new PlanOutdated();
        await refreshStatistics(tx);
        // If another process has declared this one dead, its changes must not stand.
        const state = what === 'apply' ? 'applied' : 'undone';
        await endImport(tx, working, event, { state, at: now(), rowsWritten, kept });
      }),
    );
  }

  /** Renews the lease while the work waits for a connection or a long statement. */
  async function keepingLease(working: CsvImport, work: () => Promise<void>): Promise<void> {
    // On PGlite no other process can look meanwhile.
    if (bulk.exclusive) return work();
    const timer = setInterval(() => {
      const rowsDone = running.get(working.id)?.rowsDone ?? 0;
      reportProgress(db, working, { rowsDone, leaseUntil: leaseUntil() }).catch((error: unknown) =>
        log.warn({ err: error }, 'cannot store the progress of an import'),
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
    undoRest: (working, event, access) =>
      start(working, event, (onRows) => keepingLease(working, () => write(working, onRows, 'undoRest', event, access))),
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

/** Whether the plan cannot be executed as things are, or by this administrator: it stays as it is. */
function isRefusedPlan(error: unknown): boolean {
  const refusals = [PlanOutdated, NoAdminLeft, OwnLoss];
  return isUniqueViolation(error) || refusals.some((refusal) => error instanceof refusal);
}

function refusalOf(error: unknown): ImportRefusal & { readonly code: ErrorCode } {
  if (error instanceof CsvRefused) {
    return { code: 'csv_file_invalid', reason: error.reason, values: error.values };
  }
  if (error instanceof UndoRefused) {
    return { code: 'csv_undo_refused', ...toldOf(error.found) };
  }
  if (error instanceof NoAdminLeft) return { code: 'csv_last_admin' };
  if (error instanceof OwnLoss) return { code: 'csv_own_account' };
  if (error instanceof PlanOutdated || isUniqueViolation(error)) return { code: 'csv_import_outdated' };
  if (error instanceof ImportStopped) return { code: 'csv_import_interrupted' };
  if (error instanceof DatabaseUnavailable) return { code: 'csv_import_interrupted' };
  return { code: 'internal_error' };
}
