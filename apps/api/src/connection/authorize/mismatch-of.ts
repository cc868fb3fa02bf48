import { accountKey } from '@argus/contract/account-key';
import type { ErrorCode } from '@argus/contract/errors/error-catalogue';
import type { AccountLink } from '../records/account-links.ts';

/** Which kind of mismatch it is when an account other than the linked one has authorized. */
export function mismatchOf({ microsoftAccountKey }: AccountLink, authorizedAccount: string): ErrorCode {
  // Only the ids differ: Entra created another account of that name.
  if (accountKey(authorizedAccount) === microsoftAccountKey) return 'authorization_account_recreated';
  return isPersonalAlias(authorizedAccount) ? 'authorization_alias_account' : 'authorization_mismatch';
}

/** The internal name of a personal account whose sign-in name is an address outside Microsoft. */
function isPersonalAlias(microsoftAccount: string): boolean {
  return /^outlook_[\da-f]+@outlook\.com$/i.test(microsoftAccount);
}
