import { Prisma } from '../../generated/prisma/client.ts';
import type { ExportRows } from '../../platform/csv/export-rows.ts';
import type { Db } from '../../platform/database/db.ts';
import { countOrEstimate } from '../../platform/database/estimate-rows.ts';
import { type AccountFilter, accountConditions } from './account-filter.ts';

/** A portal account as exported. */
export interface ExportedAccount {
  /** The sort key of an export, and where its next page starts. */
  readonly usernameKey: string;
  readonly displayName: string;
  readonly username: string;
  readonly reading: string;
  readonly role: 'user' | 'admin';
  readonly active: boolean;
}

/** The portal accounts that the table lists under a filter. */
export function exportedAccounts(db: Db, filter: AccountFilter, now: Date): ExportRows<ExportedAccount> {
  const conditions = accountConditions(db, filter, now);
  const rows = async () => Prisma.sql`"Account" a WHERE ${(await conditions).where}`;
  return {
    page: async (after, take) =>
      db.$queryRaw<ExportedAccount[]>`
        SELECT a."usernameKey", a."displayName", a.username, a.reading, a.role::text AS role, a.active FROM ${await rows()}
          AND a."usernameKey" > ${after} ORDER BY a."usernameKey" LIMIT ${take}`,
    keyOf: ({ usernameKey }) => usernameKey,
    count: async () => (await countOrEstimate(db, await rows())).count,
  };
}

/** Whether any account has a reading. */
export async function anyReading(db: Db): Promise<boolean> {
  return (await db.account.findFirst({ where: { reading: { not: '' } }, select: { id: true } })) !== null;
}
