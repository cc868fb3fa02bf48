import type { CsvRowKind } from '@argus/contract/endpoints/imports/csv-imports';
import { holdChanges } from '../../../accounts/records/account-changes-lock.ts';
import { keptTables } from '../../../connection/records/forget-kept.ts';
import type { BulkSession } from '../../../platform/database/bulk-session.ts';
import { PlanOutdated } from '../../records/csv-plan-refusals.ts';
import { inPieces, rowsOf } from '../../records/csv-row-pieces.ts';
import { lockJudgedAccounts } from '../../records/lock-judged-accounts.ts';
import {
  type ChangedSince,
  inUse,
  keepChanged,
  requireUnchanged,
  type UndoConflicts,
} from '../../records/undo-conflicts.ts';
import { namesakeKeyOf } from '../namesake-key.ts';

/** The Microsoft account that a planned row expects the link to have. */
const expected = `CASE r.kind WHEN 'unchanged' THEN r."microsoftAccount" ELSE r.before->>'microsoftAccount' END`;

/** @throws PlanOutdated */
async function verifyPlan(tx: BulkSession, importId: number, replace: boolean): Promise<void> {
  // count(*), not EXISTS: to find a first match, the planner picks plans that run endlessly where there is none.
  const [changed] = await tx.query<{ any: boolean }>(
    `SELECT count(*) > 0 AS any FROM (
       SELECT FROM "CsvImportRow" r LEFT JOIN "Account" a ON a.id = r."accountId"
       LEFT JOIN "AccountLink" l ON l."accountId" = r."accountId"
       WHERE r."importId" = $1 AND NOT r."createsAccount" AND r.kind <> 'unmatched' AND (a.username IS DISTINCT FROM r.username
         -- Matched by its name or address, an account must still be the one that was shown.
         OR r.after ? 'matchedBy' AND (NOT a.active
           OR r.after->>'matchedBy' = 'displayName' AND a."displayNameKey" IS DISTINCT FROM r.after->>'displayNameKey')
         OR l.id IS DISTINCT FROM CASE WHEN r.kind = 'added' THEN NULL ELSE r."linkId" END
         OR l."microsoftAccount" IS DISTINCT FROM ${expected})) AS differing`,
    [importId],
  );
  if (changed?.any) throw new PlanOutdated();
  const [shared] = await tx.query<{ any: boolean }>(
    `SELECT count(*) > 0 AS any FROM (
       SELECT ${namesakeKeyOf('"displayNameKey"')} AS key FROM "Account" WHERE ${namesakeKeyOf('"displayNameKey"')} IN (
         SELECT ${namesakeKeyOf(`after->>'displayNameKey'`)} FROM "CsvImportRow"
         WHERE "importId" = $1 AND kind = 'added' AND after->>'matchedBy' = 'displayName')
       GROUP BY 1 HAVING count(*) > 1) AS namesakes`,
    [importId],
  );
  if (shared?.any) throw new PlanOutdated();
  // A user who by now has the UPN or the address as username is the one who is meant.
  const [owned] = await tx.query<{ any: boolean }>(
    `SELECT count(*) > 0 AS any FROM (
       SELECT "accountId", "microsoftAccountKey" AS key FROM "CsvImportRow" WHERE "importId" = $1 AND after ? 'matchedBy'
       UNION ALL
       SELECT "accountId", after->>'mailKey' FROM "CsvImportRow" WHERE "importId" = $1 AND after ? 'matchedBy') r
     JOIN "Account" a ON a."usernameKey" = r.key AND a.id <> r."accountId"`,
    [importId],
  );
  if (owned?.any) throw new PlanOutdated();
  if (!replace) return;
  const [counted] = await tx.query<{ same: boolean }>(
    `SELECT (SELECT count(*) FROM "AccountLink") =
       (SELECT count(*) FROM "CsvImportRow" WHERE "importId" = $1 AND kind <> 'added') AS same`,
    [importId],
  );
  if (!counted?.same) throw new PlanOutdated();
}

/** Parks the keys of changed links, so that two links can swap theirs. No real key starts with a blank. */
const parkChanged = `UPDATE "AccountLink" l SET "microsoftAccountKey" = ' ' || l.id FROM "CsvImportRow" r
  WHERE l.id = r."linkId" AND ${rowsOf('changed')}`;

/**
 * Pins set after planning do not change the plan, but an undo has to restore them. Locks the links: a flow that is
 * just pinning one is waited for.
 */
const keepPins = (kind: CsvRowKind) => `UPDATE "CsvImportRow" r SET before = to_jsonb(l) FROM (
    SELECT l.* FROM "AccountLink" l JOIN "CsvImportRow" r ON l.id = r."linkId" WHERE ${rowsOf(kind)} FOR NO KEY UPDATE OF l) l
  WHERE l.id = r."linkId" AND ${rowsOf(kind)} AND (l."pinnedTenantId", l."pinnedObjectId")
    IS DISTINCT FROM (r.before->>'pinnedTenantId', r.before->>'pinnedObjectId')`;

/** Statements on the rows of a kind. Each row is counted once: by the statement that writes its link. */
function stepsOf(
  tx: BulkSession,
  { importId, rowsPerStatement }: { importId: number; rowsPerStatement: number },
  onDone: (rows: number) => Promise<void>,
) {
  const step = (count: (rows: number) => Promise<void>) => (kind: CsvRowKind, sql: string) =>
    inPieces(tx, importId, kind, rowsPerStatement, async (from, to) =>
      count(await tx.execute(sql, [importId, from, to])),
    );
  return { each: step(onDone), silently: step(async () => {}) };
}

/**
 * Executes a plan in the transaction: exactly its rows, or none.
 * @param onDone receives the number of rows of each statement
 * @throws PlanOutdated, and a unique violation where somebody took an account meanwhile
 */
export async function applyLinkPlan(
  tx: BulkSession,
  plan: { importId: number; replace: boolean; rowsPerStatement: number },
  onDone: (rows: number) => Promise<void>,
): Promise<void> {
  const { importId, replace } = plan;
  await holdChanges(tx);
  await verifyPlan(tx, importId, replace);
  const { each, silently } = stepsOf(tx, plan, onDone);

  await silently('removed', keepPins('removed'));
  await silently('changed', keepPins('changed'));
  await each(
    'removed',
    `DELETE FROM "AccountLink" l USING "CsvImportRow" r WHERE l.id = r."linkId" AND ${rowsOf('removed')}`,
  );
  const [crossed] = await tx.query<{ any: boolean }>(
    `SELECT count(*) > 0 AS any FROM "CsvImportRow" r
       JOIN "AccountLink" l ON l."microsoftAccountKey" = r."microsoftAccountKey"
       WHERE r."importId" = $1 AND r.kind IN ('added', 'changed')`,
    [importId],
  );
  if (crossed?.any) await silently('changed', parkChanged);
  // Another account clears the pins; another spelling of the same account keeps them.
  await each(
    'changed',
    `UPDATE "AccountLink" l SET "microsoftAccount" = r."microsoftAccount", "microsoftAccountKey" = r."microsoftAccountKey",
       "pinnedTenantId" = NULL, "pinnedObjectId" = NULL, version = l.version + 1, "updatedAt" = now()
     FROM "CsvImportRow" r WHERE l.id = r."linkId" AND ${rowsOf('changed')}`,
  );
  await each(
    'respelled',
    `UPDATE "AccountLink" l SET "microsoftAccount" = r."microsoftAccount", version = l.version + 1, "updatedAt" = now()
     FROM "CsvImportRow" r WHERE l.id = r."linkId" AND ${rowsOf('respelled')}`,
  );
  await silently(
    'added',
    `INSERT INTO "Account" (id, username, "usernameKey", "displayName", "displayNameKey", "updatedAt")
     SELECT r."accountId", r.username, r."usernameKey", r.username, r."usernameKey", now()
     FROM "CsvImportRow" r WHERE r."createsAccount" AND ${rowsOf('added')}`,
  );
  await each(
    'added',
    `INSERT INTO "AccountLink" (id, "accountId", "microsoftAccount", "microsoftAccountKey", "updatedAt")
     SELECT r."linkId", r."accountId", r."microsoftAccount", r."microsoftAccountKey", now()
     FROM "CsvImportRow" r WHERE ${rowsOf('added')} ORDER BY r.seq`,
  );
  await pinByGrants(tx, importId);
  await endFlowsOfFormerLinks(tx, importId);
  await forgetKeptOf(tx, importId);
}

/** As `pinsOf` of connection/records/account-links.ts, for links that begin to name an account, or do so again. */
async function pinByGrants(tx: BulkSession, importId: number): Promise<void> {
  await tx.execute(
    `UPDATE "AccountLink" l SET "pinnedTenantId" = g."tenantId", "pinnedObjectId" = g."objectId"
     FROM "CsvImportRow" r, (
       SELECT DISTINCT ON ("accountId", "verifiedLinkKey") "accountId", "verifiedLinkKey", "tenantId", "objectId" FROM "Grant"
       WHERE "objectId" IS NOT NULL AND "verifiedLinkKey" IS NOT NULL
       ORDER BY "accountId", "verifiedLinkKey", "authorizedAt" DESC) g
     WHERE r."importId" = $1 AND r.kind IN ('added', 'changed', 'removed') AND NOT r.kept AND l.id = r."linkId" AND l."pinnedObjectId" IS NULL
       AND g."accountId" = l."accountId" AND g."verifiedLinkKey" = l."microsoftAccountKey"`,
    [importId],
  );
  // As `pinIdentity`: an undo may restore the pin of another account than the one that has authorized since.
  await tx.execute(
    `UPDATE "Grant" g SET "verifiedLinkKey" = NULL FROM "CsvImportRow" r, "AccountLink" l
     WHERE r."importId" = $1 AND r.kind IN ('added', 'changed', 'removed') AND NOT r.kept AND l.id = r."linkId"
       AND g."accountId" = l."accountId" AND lower(g."objectId" COLLATE "C") <> lower(l."pinnedObjectId" COLLATE "C")`,
    [importId],
  );
}

/**
 * Ends flows that started under the former link. After the links, in everybody's lock order: a flow that is just
 * starting or storing its grant holds its link, and was waited for there.
 */
async function endFlowsOfFormerLinks(tx: BulkSession, importId: number): Promise<void> {
  for (const begun of ['AuthorizationTransaction', 'AuthorizationTicket', 'AuthorizationOutcome']) {
    await tx.execute(
      `DELETE FROM "${begun}" b USING "CsvImportRow" r WHERE b."accountId" = r."accountId" AND r."importId" = $1
         AND r.kind IN ('added', 'changed', 'removed') AND NOT r.kept`,
      [importId],
    );
  }
}

/** As `forgetKept`, for every account whose link changes: what was stored under the former link must not be shown. */
async function forgetKeptOf(tx: BulkSession, importId: number): Promise<void> {
  for (const table of keptTables) {
    await tx.execute(
      `DELETE FROM "${table}" k USING "CsvImportRow" r WHERE k."accountId" = r."accountId" AND r."importId" = $1
         AND r.kind IN ('added', 'changed', 'removed') AND NOT r.kept`,
      [importId],
    );
  }
}

/** SQL: whether the link of a row `r` is not as the import left it. */
const isElsewhere = `(a.id IS NULL OR CASE WHEN r.kind = 'removed' THEN l.id IS NOT NULL
  ELSE l.id IS DISTINCT FROM r."linkId" OR l."microsoftAccount" IS DISTINCT FROM r."microsoftAccount" END)`;
/** SQL: whether the account that a row `r` had before belongs to a link that the undo leaves. */
const isOfAnother = '(other.id IS NOT NULL AND own."linkId" IS NULL)';

/**
 * Links that are no longer as the import left them: added or changed ones that differ or are gone, removed ones whose
 * account is linked again, accounts created by the import that are in use, and keys taken by others.
 */
const changedSince: ChangedSince = {
  from: `FROM "CsvImportRow" r
  LEFT JOIN "Account" a ON a.id = r."accountId"
  LEFT JOIN "AccountLink" l ON l."accountId" = r."accountId"
  LEFT JOIN "AccountLink" other ON r.kind IN ('changed', 'removed')
    AND other."microsoftAccountKey" = r.before->>'microsoftAccountKey' AND other."accountId" <> r."accountId"
  LEFT JOIN "CsvImportRow" own ON own."importId" = r."importId" AND own."linkId" = other.id
    AND own.kind IN ('added', 'changed') AND NOT own.kept
  WHERE r."importId" = $1 AND r.kind IN ('added', 'changed', 'respelled', 'removed')`,
  isChanged: `(${isElsewhere} OR ${isOfAnother} OR ${inUse}
    OR (r."createsAccount" AND ((a.username, a."displayName", a.role, a.active) <> (r.username, r.username, 'user'::"Role", true)
      OR a."salesforceId" IS NOT NULL)))`,
  microsoftAccount: 'l."microsoftAccount"',
  isTaken: `(${isOfAnother} AND NOT ${isElsewhere})`,
};

/**
 * Restores the state before an import in the transaction, row by row: names, pins and ids.
 * @param plan.rest whether to leave the rows that were changed since, and undo the rest; they are returned
 * @throws UndoRefused
 */
export async function undoLinkPlan(
  tx: BulkSession,
  plan: { importId: number; rowsPerStatement: number; rest: boolean },
  onDone: (rows: number) => Promise<void>,
): Promise<UndoConflicts | null> {
  const { importId } = plan;
  await holdChanges(tx);
  await lockJudgedAccounts(tx, plan, ['added']);
  const kept = plan.rest ? await keepChanged(tx, importId, changedSince) : null;
  if (!plan.rest) await requireUnchanged(tx, importId, changedSince);
  const { each, silently } = stepsOf(tx, plan, onDone);
  await each(
    'added',
    `DELETE FROM "AccountLink" l USING "CsvImportRow" r WHERE l.id = r."linkId" AND ${rowsOf('added')}`,
  );
  await silently(
    'added',
    `DELETE FROM "Account" a USING "CsvImportRow" r WHERE a.id = r."accountId" AND r."createsAccount" AND ${rowsOf('added')}`,
  );
  await silently('changed', parkChanged);
  const restore = (kind: CsvRowKind) =>
    `UPDATE "AccountLink" l SET "microsoftAccount" = b."microsoftAccount", "microsoftAccountKey" = b."microsoftAccountKey",
       "pinnedTenantId" = ${kind === 'changed' ? 'b' : 'l'}."pinnedTenantId",
       "pinnedObjectId" = ${kind === 'changed' ? 'b' : 'l'}."pinnedObjectId",
       version = l.version + 1, "updatedAt" = now()
     FROM "CsvImportRow" r, jsonb_populate_record(NULL::"AccountLink", r.before) b
     WHERE l.id = r."linkId" AND ${rowsOf(kind)}`;
  await each('changed', restore('changed'));
  await each('respelled', restore('respelled'));
  await each(
    'removed',
    `INSERT INTO "AccountLink" SELECT b.* FROM "CsvImportRow" r, jsonb_populate_record(NULL::"AccountLink", r.before) b
     WHERE ${rowsOf('removed')} ORDER BY r.seq`,
  );
  await pinByGrants(tx, importId);
  await endFlowsOfFormerLinks(tx, importId);
  await forgetKeptOf(tx, importId);
  return kept;
}
