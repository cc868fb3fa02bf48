import { accountKey } from '@argus/contract/account-key';
import type { AccountLinkView } from '@argus/contract/endpoints/account-links';
import { catalogueEntry, isErrorCode } from '@argus/contract/error-catalogue';
import type { Language } from '@argus/contract/language';
import { authorizationState } from '../../authorization-state.ts';
import type { LinkedAccount } from '../../records/account-links.ts';

/** A row of アカウント情報, from stored facts alone. */
export function accountLinkView({ link, account, grant }: LinkedAccount, language: Language): AccountLinkView {
  const state = authorizationState(link, grant);
  // Of a mismatch that was settled by correcting the link, nothing is shown any more.
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
    hint: state === 'authorized' && authorizedAccount !== null ? hintOf(link, authorizedAccount) : null,
    lastSuccessAt: grant?.lastSuccessAt?.toISOString() ?? null,
    lastError: lastErrorOf(grant, language),
    version: link.version,
    updatedAt: link.updatedAt.toISOString(),
  };
}

/** How the account that Microsoft names differs from the link, although it is the linked one. */
function hintOf(link: LinkedAccount['link'], authorizedAccount: string): AccountLinkView['hint'] {
  if (accountKey(authorizedAccount) !== link.microsoftAccountKey) return 'upn_renamed';
  const spelling = (text: string) => text.normalize('NFKC').trim();
  return spelling(authorizedAccount) === spelling(link.microsoftAccount) ? null : 'case_differs';
}

function lastErrorOf(grant: LinkedAccount['grant'], language: Language): AccountLinkView['lastError'] {
  const { lastErrorCode: code, lastErrorAt: at } = grant ?? {};
  if (!code || !at || !isErrorCode(code)) return null;
  // What filled the other lines is in the error log, not in the grant.
  const lines = catalogueEntry(code).message[language].filter((line) => !line.includes('{'));
  return { code, message: lines.join('\n'), at: at.toISOString() };
}
