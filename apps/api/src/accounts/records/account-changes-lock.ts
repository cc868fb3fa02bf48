import type { BulkSession } from '../../platform/database/bulk-session.ts';
import type { Db } from '../../platform/database/db.ts';

/** A change of one account or link holds it shared, an import exclusively, until the transaction ends. */
const lock = 4_177_201;

/** Blocks other changes of accounts and links while an import is applied, and waits for those in progress. */
export async function holdChanges(tx: BulkSession): Promise<void> {
  await tx.execute(`SET LOCAL lock_timeout = '5s'`);
  await tx.query('SELECT pg_advisory_xact_lock($1::bigint)', [lock]);
}

/** The import being applied or undone, and who started it. */
export interface RunningImport {
  readonly id: number;
  readonly actorUsername: string;
}

/** The import of any table being applied or undone, if there is one. */
export async function findRunningImport(db: Db, now: Date): Promise<RunningImport | null> {
  return db.csvImport.findFirst({
    select: { id: true, actorUsername: true },
    where: { state: { in: ['applying', 'undoing'] }, leaseUntil: { gt: now } },
  });
}

/** Joins the concurrent changes of accounts and links; false while an import is being applied. */
export async function joinChanges(tx: Db): Promise<boolean> {
  const [taken] = await tx.$queryRaw<{ taken: boolean }[]>`
    SELECT pg_try_advisory_xact_lock_shared(${lock}::bigint) AS taken`;
  return taken?.taken === true;
}
