import { mailboxAuthorizations } from '../../../connection/records/mailbox-history.ts';
import { Prisma } from '../../../generated/prisma/client.ts';
import type { Db } from '../../../platform/database/db.ts';
import type { CsvImport } from '../../records/csv-imports.ts';

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
  // count(*), not EXISTS: to find a first match, the planner picks plans that run endlessly where there is none.
  const [found] = await db.$queryRaw<{ any: boolean }[]>`
    SELECT count(*) > 0 AS "any" FROM "CsvImportRow" r JOIN (${mailboxAuthorizations}) h ON h.key = ${key}
    WHERE r."importId" = ${id} AND r.kind IN ${kinds} AND h."actorId" IS DISTINCT FROM r."accountId"`;
  return found?.any ?? false;
}
