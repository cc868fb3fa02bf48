import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';
import { countOrEstimate, type RowCount } from '../../platform/database/estimate-rows.ts';

/** Active users with a link. */
export async function countLinkedUsers(db: Db): Promise<RowCount> {
  return countOrEstimate(db, Prisma.sql`"AccountLink" l JOIN "Account" a ON a.id = l."accountId" AND a.active`);
}
