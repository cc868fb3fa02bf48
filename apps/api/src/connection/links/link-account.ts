import type { Acting } from '../../accounts/acting.ts';
import { requireProof } from '../../accounts/reauthentication.ts';
import type { Account } from '../../accounts/records/accounts.ts';
import { audit } from '../../audit/audit.ts';
import type { Db } from '../../platform/database/db.ts';
import { type AccountLink, createAccountLink } from '../records/account-links.ts';
import { forgetKept } from '../records/forget-kept.ts';
import { isMailboxOfAnother } from '../records/mailbox-history.ts';

/**
 * Links a portal account that has no link to a Microsoft 365 account.
 * @throws AppError reauthentication_needed, and a unique violation where either has a link
 */
export async function linkAccount(
  tx: Db,
  by: Acting,
  { id, username }: Pick<Account, 'id' | 'username'>,
  microsoftAccount: string,
): Promise<AccountLink> {
  const link = await createAccountLink(tx, id, microsoftAccount);
  await requireMayLink(tx, by, link);
  await forgetKept(tx, id);
  await audit(tx, by, 'account_link_created', {
    kind: 'account_link',
    id: link.id,
    name: username,
    changes: [{ field: 'microsoftAccount', from: null, to: microsoftAccount }],
  });
  return link;
}

/**
 * Requires a password proof where a mailbox moves to another portal account: a hijacked session could otherwise link a
 * namesake and lead its user to authorize for that one.
 * @throws AppError reauthentication_needed, which rolls the change back
 */
export async function requireMayLink(tx: Db, by: Acting, link: AccountLink): Promise<void> {
  if (await isMailboxOfAnother(tx, link)) requireProof(by.hasProved);
}
