import type { BulkSession } from '../../platform/database/bulk-session.ts';
import type { Db } from '../../platform/database/db.ts';

/** A change of one account or link holds it shared, an applied file exclusively, until the transaction ends. */
const lock = 4_177_201;

/** Blocks other changes of accounts and links while a file is applied, and waits for those under way. */
export async function holdChanges(tx: BulkSession): Promise<void> {
  await tx.execute(`SET LOCAL lock_timeout = '5s'`);
  await tx.query('SELECT pg_advisory_xact_lock($1::bigint)', [lock]);
}

/** The import that is being applied or undone, and who began it. */
export interface RunningImport {
  readonly id: number;
  readonly actorUsername: string;
}

/** Who is applying or undoing an import of any table, where somebody is. */
export async function findRunningImport(db: Db, now: Date): Promise<RunningImport | null> {
  return db.csvImport.findFirst({
    select: { id: true, actorUsername: true },
    where: { state: { in: ['applying', 'undoing'] }, leaseUntil: { gt: now } },
  });
}

/** Takes part in changing accounts and links; false while a file is being applied. */
export async function joinChanges(tx: Db): Promise<boolean> {
  const [taken] = await tx.$queryRaw<{ taken: boolean }[]>`
    SELECT pg_try_advisory_xact_lock_shared(${lock}::bigint) AS taken`;
  return taken?.taken === true;
}
