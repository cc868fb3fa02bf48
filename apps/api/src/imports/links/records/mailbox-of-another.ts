import { mailboxAuthorizations } from '../../../connection/records/mailbox-history.ts';
import { Prisma } from '../../../generated/prisma/client.ts';
import type { BulkSession, SqlValue } from '../../../platform/database/bulk-session.ts';
import type { CsvImport } from '../../records/csv-imports.ts';

/** Whether a plan, or its undo, links a portal account to a Microsoft 365 account that another has ever authorized. */
export async function linksMailboxOfAnother(
  session: BulkSession,
  { id, table }: Pick<CsvImport, 'id' | 'table'>,
  what: 'apply' | 'undo',
): Promise<boolean> {
  if (table !== 'account_links') return false;
  const [key, kinds] =
    what === 'apply'
      ? [Prisma.sql`r."microsoftAccountKey"`, Prisma.sql`('added', 'changed')`]
      : [Prisma.sql`r.before->>'microsoftAccountKey'`, Prisma.sql`('changed', 'removed')`];
  // count(*), not EXISTS: to find a first match, the planner picks plans that run endlessly where there is none.
  const { text, values } = Prisma.sql`
    SELECT count(*) > 0 AS "any" FROM "CsvImportRow" r JOIN (${mailboxAuthorizations}) h ON h.key = ${key}
    WHERE r."importId" = ${id} AND r.kind IN ${kinds} AND h."actorId" IS DISTINCT FROM r."accountId"`;
  const [found] = await session.query<{ any: boolean }>(text, values as SqlValue[]);
  return found?.any ?? false;
}
