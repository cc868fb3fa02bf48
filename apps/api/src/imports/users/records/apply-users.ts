import type { CsvRowKind } from '@argus/contract/endpoints/imports/csv-imports';
import { holdChanges } from '../../../accounts/records/account-changes-lock.ts';
import { endings } from '../../../connection/records/end-access.ts';
import { Prisma } from '../../../generated/prisma/client.ts';
import type { BulkSession, SqlValue } from '../../../platform/database/bulk-session.ts';
import { NoAdminLeft, OwnLoss, PlanOutdated } from '../../records/csv-plan-refusals.ts';
import { inPieces, rowsOf } from '../../records/csv-row-pieces.ts';
import { lockJudgedAccounts } from '../../records/lock-judged-accounts.ts';
import {
  type ChangedSince,
  inUse,
  keepChanged,
  requireUnchanged,
  type UndoConflicts,
} from '../../records/undo-conflicts.ts';
import { differs, losesAccess } from './plan-users.ts';

interface Plan {
  readonly importId: number;
  readonly rowsPerStatement: number;
  /** The administrator who executes it, who need not have uploaded the file. */
  readonly byAccountId: string;
}

/** SQL: an administrator who can sign in. */
const usableAdmin = `role = 'admin' AND active AND "passwordHash" IS NOT NULL`;

async function takeLocks(tx: BulkSession, plan: Plan, written: readonly CsvRowKind[]): Promise<void> {
  await holdChanges(tx);
  // Serializes changes of administrators, so that each sees who is left.
  await tx.query(`SELECT id FROM "Account" WHERE ${usableAdmin} ORDER BY id FOR NO KEY UPDATE`);
  await lockJudgedAccounts(tx, plan, written);
}

/** @throws NoAdminLeft */
async function requireAdmin(tx: BulkSession): Promise<void> {
  const [left] = await tx.query<{ any: boolean }>(`SELECT EXISTS (SELECT FROM "Account" WHERE ${usableAdmin}) AS any`);
  if (!left?.any) throw new NoAdminLeft();
}

/** @throws OwnLoss */
async function requireNoOwnLoss(tx: BulkSession, { importId, byAccountId }: Plan): Promise<void> {
  const [own] = await tx.query<{ any: boolean }>(
    `SELECT EXISTS (SELECT FROM "CsvImportRow" WHERE "importId" = $1 AND "accountId" = $2::uuid AND NOT kept AND ${losesAccess}) AS any`,
    [importId, byAccountId],
  );
  if (own?.any) throw new OwnLoss();
}

/** What of an account a file may change. */
const columnTypes = {
  username: 'text',
  displayName: 'text',
  displayNameKey: 'text',
  reading: 'text',
  role: '"Role"',
  active: 'boolean',
};

/** SQL: a column of the account `a`, as the row has it; what a row does not change is not written. */
const columnOf = (column: string, source: 'before' | 'after', type: string) =>
  `CASE WHEN r.before->>'${column}' <> r.after->>'${column}' THEN (r.${source}->>'${column}')::${type} ELSE a."${column}" END`;

/** Sets the accounts of one kind of rows to `source`, with the consequences that a change by form has. */
async function setAccounts(
  tx: BulkSession,
  plan: Plan,
  kind: 'changed' | 'respelled',
  source: 'before' | 'after',
  onDone: (rows: number) => Promise<void>,
): Promise<void> {
  const pieces = (work: (from: number, to: number) => Promise<void>) =>
    inPieces(tx, plan.importId, kind, plan.rowsPerStatement, work);
  // Lock order: all accounts first, then table by table what belongs to them.
  const columns = Object.entries(columnTypes).map(
    ([column, type]) => `"${column}" = ${columnOf(column, source, type)}`,
  );
  const changed = `UPDATE "Account" a SET ${columns.join(', ')}, version = a.version + 1, "updatedAt" = now()
       FROM "CsvImportRow" r WHERE a.id = r."accountId" AND ${rowsOf(kind)}`;
  await pieces(async (from, to) => onDone(await tx.execute(changed, [plan.importId, from, to])));
  for (const { on, of } of endings) {
    const isEnded = `NOT (r.${source}->>'active')::boolean`;
    const loses = on === 'deactivation' ? isEnded : `(${isEnded} OR r.before->>'role' <> r.after->>'role')`;
    await pieces(async (from, to) => {
      const { text, values } = of(Prisma.sql`
        SELECT r."accountId" AS id FROM "CsvImportRow" r WHERE r."importId" = ${plan.importId}
          AND r.kind = ${kind}::"CsvRowKind" AND r.seq BETWEEN ${from} AND ${to} AND NOT r.kept AND ${Prisma.raw(loses)}`);
      await tx.execute(text, values as SqlValue[]);
    });
  }
}

/**
 * Executes a plan of portal accounts in the transaction: exactly its rows, or none.
 * @throws PlanOutdated, NoAdminLeft, OwnLoss, and a unique violation where somebody took a username meanwhile
 */
export async function applyUserPlan(
  tx: BulkSession,
  plan: Plan,
  onDone: (rows: number) => Promise<void>,
): Promise<void> {
  const { importId, rowsPerStatement } = plan;
  await takeLocks(tx, plan, ['changed', 'respelled']);
  const [changed] = await tx.query<{ any: boolean }>(
    `SELECT count(*) > 0 AS any FROM "CsvImportRow" r LEFT JOIN "Account" a ON a.id = r."accountId"
       WHERE r."importId" = $1 AND r.kind <> 'added'
         AND (a.id IS NULL OR ${differs('a', "CASE r.kind WHEN 'unchanged' THEN r.after ELSE r.before END")})`,
    [importId],
  );
  if (changed?.any) throw new PlanOutdated();
  await setAccounts(tx, plan, 'changed', 'after', onDone);
  await setAccounts(tx, plan, 'respelled', 'after', onDone);
  await inPieces(tx, importId, 'added', rowsPerStatement, async (from, to) =>
    onDone(
      await tx.execute(
        `INSERT INTO "Account" (id, username, "usernameKey", "displayName", "displayNameKey", reading, role, active, "updatedAt")
         SELECT r."accountId", r.username, r."usernameKey", r.after->>'displayName',
           r.after->>'displayNameKey', coalesce(r.after->>'reading', ''), (r.after->>'role')::"Role", (r.after->>'active')::boolean, now()
         FROM "CsvImportRow" r WHERE ${rowsOf('added')} ORDER BY r.seq`,
        [importId, from, to],
      ),
    ),
  );
  await requireAdmin(tx);
  await requireNoOwnLoss(tx, plan);
}

/** Changed since the import: accounts that differ, are gone, or were created by it and are in use. */
const changedSince: ChangedSince = {
  from: `FROM "CsvImportRow" r LEFT JOIN "Account" a ON a.id = r."accountId"
  LEFT JOIN "AccountLink" l ON l."accountId" = a.id
  WHERE r."importId" = $1 AND r.kind IN ('added', 'changed', 'respelled')`,
  isChanged: `(a.id IS NULL OR ${differs('a', 'r.after')}
    OR ${inUse} OR (r.kind = 'added' AND (a."salesforceId" IS NOT NULL OR l.id IS NOT NULL)))`,
  microsoftAccount: 'NULL::text',
  isTaken: 'false',
};

/**
 * Restores the portal accounts as they were before an import, in the transaction.
 * @param plan.rest whether to leave the accounts that were changed since, and undo the rest; they are returned
 * @throws UndoRefused, NoAdminLeft, OwnLoss
 */
export async function undoUserPlan(
  tx: BulkSession,
  plan: Plan & { readonly rest: boolean },
  onDone: (rows: number) => Promise<void>,
): Promise<UndoConflicts | null> {
  const { importId, rowsPerStatement } = plan;
  await takeLocks(tx, plan, ['added', 'changed', 'respelled']);
  const kept = plan.rest ? await keepChanged(tx, importId, changedSince) : null;
  if (!plan.rest) await requireUnchanged(tx, importId, changedSince);
  await inPieces(tx, importId, 'added', rowsPerStatement, async (from, to) =>
    onDone(
      await tx.execute(
        `DELETE FROM "Account" a USING "CsvImportRow" r WHERE a.id = r."accountId" AND ${rowsOf('added')}`,
        [importId, from, to],
      ),
    ),
  );
  await setAccounts(tx, plan, 'changed', 'before', onDone);
  await setAccounts(tx, plan, 'respelled', 'before', onDone);
  await requireAdmin(tx);
  await requireNoOwnLoss(tx, plan);
  return kept;
}
