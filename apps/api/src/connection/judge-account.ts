import { accountKey } from '@argus/contract/account-key';
import type { AccountLink } from './records/account-links.ts';
import { isSameId } from './same-identity.ts';

/** Who signed in at Microsoft, according to the id_token or Graph's /me; never according to the browser. */
export interface SignedIn {
  readonly tenantId?: string | undefined;
  readonly objectId?: string | undefined;
  readonly userPrincipalName?: string | undefined;
}

export type Judgement =
  | { readonly verdict: 'linked'; readonly hint: 'case_differs' | 'upn_renamed' | null }
  | { readonly verdict: 'other' }
  | { readonly verdict: 'unknown' };

/**
 * Whether the account that signed in is the linked one.
 *
 * Once tenant and object id are pinned, they alone decide: a renamed UPN with the same ids is the same account, and
 * the same UPN with other ids is another account. Before that the UPN decides, after NFKC, trim and case folding.
 * `mail` never counts: a user can change it.
 */
export function judgeAccount(
  link: Pick<AccountLink, 'microsoftAccount' | 'microsoftAccountKey' | 'pinnedTenantId' | 'pinnedObjectId'>,
  signedIn: SignedIn,
): Judgement {
  const { tenantId, objectId, userPrincipalName } = signedIn;
  const sameName = userPrincipalName !== undefined && accountKey(userPrincipalName) === link.microsoftAccountKey;
  const hint = () => {
    if (userPrincipalName === undefined) return null;
    if (!sameName) return 'upn_renamed';
    return userPrincipalName.normalize('NFKC').trim() === link.microsoftAccount.normalize('NFKC').trim()
      ? null
      : 'case_differs';
  };
  if (link.pinnedObjectId !== null) {
    if (objectId === undefined) return { verdict: 'unknown' };
    const sameTenant =
      link.pinnedTenantId === null || tenantId === undefined || isSameId(tenantId, link.pinnedTenantId);
    return isSameId(objectId, link.pinnedObjectId) && sameTenant
      ? { verdict: 'linked', hint: hint() }
      : { verdict: 'other' };
  }
  if (userPrincipalName === undefined) return { verdict: 'unknown' };
  return sameName ? { verdict: 'linked', hint: hint() } : { verdict: 'other' };
}
