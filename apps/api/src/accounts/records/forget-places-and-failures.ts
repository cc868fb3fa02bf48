import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';
import { forgetPlaces } from './known-places.ts';
import { forgetFailures } from './sign-in-throttles.ts';

/** Forgets the known places and the failed sign-ins of an account. */
export async function forgetPlacesAndFailures(tx: Db, accountId: string): Promise<void> {
  const account = Prisma.sql`SELECT ${accountId}::uuid AS id`;
  await tx.$executeRaw(forgetPlaces(account));
  await tx.$executeRaw(forgetFailures(account));
}
