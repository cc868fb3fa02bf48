import type { DoctorFactName, DoctorReason, DoctorStepId, DoctorStepState } from '@argus/contract/endpoints/diagnosis';
import { storableText } from '../../error-log/records/error-cause-key.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';
import type { ErrorParams } from '../../platform/problems/app-error.ts';

/** One displayable fact of a step. Never a token, code, secret or any part of a mail. */
export interface DoctorFact {
  readonly name: DoctorFactName;
  readonly value: string;
}

/** A step as stored: an error is its code and the values of its texts, rendered for each reader. */
export interface DoctorStep {
  readonly id: DoctorStepId;
  readonly state: DoctorStepState;
  readonly latencyMs: number | null;
  readonly reason: DoctorReason | null;
  readonly facts: readonly DoctorFact[];
  /** Of a failed step: its code in the error catalogue. */
  readonly code?: string;
  readonly params?: ErrorParams;
  /** Of a failed step: when. ISO 8601. */
  readonly failedAt?: string;
}

/** One run of 接続診断. */
export interface DoctorRun {
  readonly id: string;
  /** Prevents a second run for the same user; null once the run has ended. */
  readonly activeKey: string | null;
  /** What was diagnosed, as that key says it; null for runs of earlier versions. */
  readonly basis: string | null;
  readonly accountId: string | null;
  readonly username: string | null;
  readonly startedBy: string;
  readonly steps: readonly DoctorStep[];
  /** The error ID of the first failure; `reportClaim` while somebody is logging it. */
  readonly errorId: string | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  /** After this time, the process that ran it is considered dead. */
  readonly leaseUntil: Date;
}

/** A placeholder while the error ID is being made. No error ID looks like this. */
export const reportClaim = '?';

const fromRow = (row: Prisma.DoctorRunGetPayload<object>): DoctorRun => ({
  ...row,
  steps: row.steps as unknown as readonly DoctorStep[],
});
/** An endpoint may reply with a name of any length, and with characters that the database cannot store. */
const longestText = 10_000;
const stepsJson = (steps: readonly DoctorStep[]): Prisma.InputJsonArray =>
  JSON.parse(JSON.stringify(steps), (_key, value: unknown) =>
    typeof value === 'string' ? storableText(value.slice(0, longestText)) : value,
  );

/**
 * Starts a run, or returns the active one under the same key, whichever process runs it. A run whose lease has
 * expired loses the key and counts as interrupted.
 */
export async function beginDoctorRun(
  db: Db,
  run: Pick<DoctorRun, 'accountId' | 'username' | 'startedBy' | 'steps' | 'startedAt' | 'leaseUntil'> & {
    readonly activeKey: string;
  },
): Promise<{ readonly run: DoctorRun; readonly isNew: boolean }> {
  const { activeKey, startedAt } = run;
  for (;;) {
    await db.doctorRun.updateMany({
      where: { activeKey, leaseUntil: { lte: startedAt } },
      data: { activeKey: null },
    });
    const [begun] = await db.doctorRun.createManyAndReturn({
      data: [{ ...run, basis: activeKey, steps: stepsJson(run.steps) }],
      skipDuplicates: true,
    });
    if (begun) {
      await deleteFormerRuns(db, run.accountId);
      return { run: fromRow(begun), isNew: true };
    }
    const running = await db.doctorRun.findUnique({ where: { activeKey } });
    // It may have ended in between.
    if (running) return { run: fromRow(running), isNew: false };
  }
}

/** How many runs are stored per account, and for the configuration alone. One more replaces the oldest. */
const mostPerAccount = 50;

async function deleteFormerRuns(db: Db, accountId: string | null): Promise<void> {
  await db.$executeRaw`
    DELETE FROM "DoctorRun" WHERE "activeKey" IS NULL AND id IN (
      SELECT id FROM "DoctorRun" WHERE "accountId" IS NOT DISTINCT FROM ${accountId}::uuid
      ORDER BY "startedAt" DESC, id OFFSET ${mostPerAccount})`;
}

/** Stores the progress of a run; false where another run has taken its key, or its account is gone. */
export async function saveDoctorSteps(
  db: Db,
  { id, activeKey }: Pick<DoctorRun, 'id' | 'activeKey'>,
  steps: readonly DoctorStep[],
): Promise<boolean> {
  const { count } = await db.doctorRun.updateMany({ where: { id, activeKey }, data: { steps: stepsJson(steps) } });
  return count === 1;
}

/** Ends a run: as ended, or without `endedAt` as interrupted. */
export async function endDoctorRun(
  db: Db,
  { id, activeKey }: Pick<DoctorRun, 'id' | 'activeKey'>,
  outcome: { readonly steps: readonly DoctorStep[]; readonly endedAt: Date | null },
): Promise<void> {
  const { steps, endedAt } = outcome;
  await db.doctorRun.updateMany({
    where: { id, activeKey },
    data: { activeKey: null, steps: stepsJson(steps), endedAt },
  });
}

export async function findDoctorRun(db: Db, id: string): Promise<DoctorRun | null> {
  const row = await db.doctorRun.findUnique({ where: { id } });
  return row && fromRow(row);
}

/** The latest runs of everybody or of one account, newest first. */
export async function listDoctorRuns(
  db: Db,
  filter: { readonly accountId: string | undefined },
  take: number,
): Promise<readonly (DoctorRun & { readonly presentUsername: string | null })[]> {
  const { accountId } = filter;
  const rows = await db.doctorRun.findMany({
    where: accountId === undefined ? {} : { accountId },
    orderBy: [{ startedAt: 'desc' }, { id: 'asc' }],
    take,
    include: { account: { select: { username: true } } },
  });
  return rows.map(({ account, ...row }) => ({ ...fromRow(row), presentUsername: account?.username ?? null }));
}

/** Claims the logging of a run's first failure; false where somebody else has. */
export async function claimReport(db: Db, id: string): Promise<boolean> {
  const { count } = await db.doctorRun.updateMany({ where: { id, errorId: null }, data: { errorId: reportClaim } });
  return count === 1;
}

/** Stores the error ID of the failure; null if it could not be logged. */
export async function saveReport(db: Db, id: string, errorId: string | null): Promise<void> {
  await db.doctorRun.updateMany({ where: { id, errorId: reportClaim }, data: { errorId } });
}

/**
 * Whether an account has ever authorized, at any provider: its next errors are then mail errors, not authorization
 * errors.
 */
export async function hasAuthorizedBefore(db: Db, accountId: string): Promise<boolean> {
  return (await db.grant.count({ where: { accountId }, take: 1 })) > 0;
}

export async function deleteOldDoctorRuns(db: Db, before: Date): Promise<void> {
  await db.doctorRun.deleteMany({ where: { startedAt: { lt: before } } });
}

/** Forgets the error IDs whose events are deleted. The claim stays in their place: the failure is not logged again. */
export async function forgetReports(db: Db): Promise<void> {
  await db.$executeRaw`
    UPDATE "DoctorRun" AS d SET "errorId" = ${reportClaim} WHERE d."errorId" IS NOT NULL AND d."errorId" <> ${reportClaim}
      AND NOT EXISTS (SELECT FROM "ErrorEvent" AS e WHERE e.id = d."errorId")`;
}
