import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';

/**
 * Who has ever authorized which Microsoft 365 account, under the name that it had then: its key, and the portal account. From the
 * audit log, which stays for good: a grant goes with a revocation.
 */
export const mailboxAuthorizations = Prisma.sql`
  SELECT lower(trim(normalize("targetName", NFKC))) COLLATE "C" AS key, "actorId" FROM "AuditEvent"
  WHERE action = 'authorization_granted'`;

/** Whether another portal account than this one has ever authorized a Microsoft 365 account. */
export async function isMailboxOfAnother(
  db: Db,
  { accountId, microsoftAccountKey }: { readonly accountId: string; readonly microsoftAccountKey: string },
): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 AS found FROM (${mailboxAuthorizations}) h
    WHERE h.key = ${microsoftAccountKey} AND h."actorId" IS DISTINCT FROM ${accountId}::uuid LIMIT 1`;
  return rows.length > 0;
}
