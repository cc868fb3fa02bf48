import { type Candidate, isAnyOfAnother, othersCandidates } from '../../../connection/records/mailbox-history.ts';
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
  const { text, values } = othersCandidates(Prisma.sql`
    SELECT r."accountId", ${key} AS key FROM "CsvImportRow" r WHERE r."importId" = ${id} AND r.kind IN ${kinds} AND NOT r.kept`);
  return isAnyOfAnother(await session.query<Candidate>(text, values as SqlValue[]));
}
