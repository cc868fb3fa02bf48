import { Prisma } from '../../generated/prisma/client.ts';
import type { CsvImport } from '../../imports/records/csv-imports.ts';
import type { Db } from '../../platform/database/db.ts';

/**
 * Who has ever authorized which Microsoft 365 account, under the name that it had then: its key, and the portal account. From the
 * audit log, which stays for good: a grant goes with a revocation.
 */
const authorizations = Prisma.sql`
  SELECT lower(trim(normalize("targetName", NFKC))) COLLATE "C" AS key, "actorId" FROM "AuditEvent"
  WHERE action = 'authorization_granted'`;

/** Whether another portal account than this one has ever authorized a Microsoft 365 account. */
export async function isMailboxOfAnother(
  db: Db,
  { accountId, microsoftAccountKey }: { readonly accountId: string; readonly microsoftAccountKey: string },
): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 AS found FROM (${authorizations}) h
    WHERE h.key = ${microsoftAccountKey} AND h."actorId" IS DISTINCT FROM ${accountId}::uuid LIMIT 1`;
  return rows.length > 0;
}

/** Whether a plan, or its undo, links a portal account to a Microsoft 365 account that another has ever authorized. */
export async function linksMailboxOfAnother(
  db: Db,
  { id, table }: Pick<CsvImport, 'id' | 'table'>,
  what: 'apply' | 'undo',
): Promise<boolean> {
  if (table !== 'account_links') return false;
  const [key, kinds] =
    what === 'apply'
      ? [Prisma.sql`r."microsoftAccountKey"`, Prisma.sql`('added', 'changed')`]
      : [Prisma.sql`r.before->>'microsoftAccountKey'`, Prisma.sql`('changed', 'removed')`];
  // Counted, not EXISTS: for a first match, the planner takes plans that never end where there is none.
  const [found] = await db.$queryRaw<{ any: boolean }[]>`
    SELECT count(*) > 0 AS "any" FROM "CsvImportRow" r JOIN (${authorizations}) h ON h.key = ${key}
    WHERE r."importId" = ${id} AND r.kind IN ${kinds} AND h."actorId" IS DISTINCT FROM r."accountId"`;
  return found?.any ?? false;
}
