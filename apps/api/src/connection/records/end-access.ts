import { forgetPlaces } from '../../accounts/records/known-places.ts';
import { forgetFailures } from '../../accounts/records/sign-in-throttles.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';

/** One thing that an account loses, and with what: with a deactivation alone, or with another role too. */
export interface Ending {
  readonly on: 'deactivation' | 'other_role_too';
  /** Deletes it for the accounts that a query selects as `id`. */
  readonly of: (accounts: Prisma.Sql) => Prisma.Sql;
}

const rowsIn =
  (table: string) =>
  (accounts: Prisma.Sql): Prisma.Sql =>
    Prisma.sql`DELETE FROM ${Prisma.raw(`"${table}"`)} WHERE "accountId" IN (${accounts})`;

/**
 * All that ends where an account is deactivated or gets another role, by form or by file; in everybody's lock order, after the account itself.
 * As in Salesforce, deactivating replaces deleting: nothing of the mailbox stays behind.
 */
export const endings: readonly Ending[] = [
  // Flows before grants: this waits for a flow that is just storing a grant. Deleting a grant cascades to its mail.
  ...['AuthorizationTransaction', 'AuthorizationTicket', 'AuthorizationOutcome', 'Grant'].map(
    (table): Ending => ({ on: 'deactivation', of: rowsIn(table) }),
  ),
  // An invitation issued for other rights must not grant these.
  ...['Session', 'Invitation'].map((table): Ending => ({ on: 'other_role_too', of: rowsIn(table) })),
  { on: 'deactivation', of: forgetPlaces },
  { on: 'deactivation', of: forgetFailures },
];

/** Ends what one account loses, in the transaction that has changed it. */
export async function endAccess(tx: Db, accountId: string, on: Ending['on']): Promise<void> {
  const account = Prisma.sql`SELECT ${accountId}::uuid AS id`;
  for (const ending of endings) {
    if (on === 'deactivation' || ending.on === on) await tx.$executeRaw(ending.of(account));
  }
}
