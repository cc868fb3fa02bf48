import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';

/**
 * Which portal account ever authorized which Microsoft 365 account, by the key of its name at the time. Read from the
 * audit log, which is never deleted: a revocation deletes the grant.
 */
export const mailboxAuthorizations = Prisma.sql`
  SELECT lower(trim(normalize("targetName", NFKC))) COLLATE "C" AS key, "actorId" FROM "AuditEvent"
  WHERE action = 'authorization_granted'`;

/** Whether another portal account has ever authorized this Microsoft 365 account. */
export async function isMailboxOfAnother(
  db: Db,
  { accountId, microsoftAccountKey }: { readonly accountId: string; readonly microsoftAccountKey: string },
): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 AS found FROM (${mailboxAuthorizations}) h
    WHERE h.key = ${microsoftAccountKey} AND h."actorId" IS DISTINCT FROM ${accountId}::uuid LIMIT 1`;
  return rows.length > 0;
}
