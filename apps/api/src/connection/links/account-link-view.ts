import { accountKey } from '@argus/contract/account-key';
import type { AccountLinkView } from '@argus/contract/endpoints/connection/links';
import { catalogueEntry, isErrorCode } from '@argus/contract/errors/error-catalogue';
import type { Language } from '@argus/contract/language';
import { authorizationState, fitOf } from '../connection-state.ts';
import type { LinkedAccount } from '../records/account-links.ts';
import type { Grant } from '../records/grants.ts';

/** A row of アカウント情報, derived from stored facts only. */
export function accountLinkView({ link, account, grant }: LinkedAccount, language: Language): AccountLinkView {
  const state = authorizationState(link, grant);
  // A mismatch that was settled by correcting the link is no longer shown.
  const authorizedAccount = state === 'not_authorized' ? null : (grant?.microsoftAccount ?? null);
  return {
    id: link.id,
    accountId: account.id,
    displayName: account.displayName,
    username: account.username,
    accountActive: account.active,
    microsoftAccount: link.microsoftAccount,
    state,
    authorizedAccount,
    hint: grant ? hintOf(link, grant, state) : null,
    lastSuccessAt: grant?.lastSuccessAt?.toISOString() ?? null,
    lastError: lastErrorOf(grant, language),
    version: link.version,
    updatedAt: link.updatedAt.toISOString(),
  };
}

/** How the account that Microsoft names differs from the link, although it is, or may yet be, the linked one. */
function hintOf(link: LinkedAccount['link'], grant: Grant, state: AccountLinkView['state']): AccountLinkView['hint'] {
  const { microsoftAccount } = grant;
  const isSameName = accountKey(microsoftAccount) === link.microsoftAccountKey;
  if (grant.status === 'mismatch' && state === 'mismatch' && isSameName) return 'account_recreated';
  if (state !== 'authorized') return null;
  if (!isSameName) {
    return fitOf(link, grant) === 'unproven' ? 'link_changed' : 'upn_renamed';
  }
  const spelling = (text: string) => text.normalize('NFKC').trim();
  return spelling(microsoftAccount) === spelling(link.microsoftAccount) ? null : 'case_differs';
}

function lastErrorOf(grant: LinkedAccount['grant'], language: Language): AccountLinkView['lastError'] {
  const { lastErrorCode: code, lastErrorAt: at } = grant ?? {};
  if (!code || !at || !isErrorCode(code)) return null;
  // The values for the other lines are in the error log, not in the grant.
  const lines = catalogueEntry(code).message[language].filter((line) => !line.includes('{'));
  return { code, message: lines.join('\n'), at: at.toISOString() };
}
