import type { AuthorizationState } from '@argus/contract/endpoints/connection/authorize';
import { catalogueEntry, type ErrorCode } from '@argus/contract/errors/error-catalogue';
import { AppError } from '../platform/problems/app-error.ts';
import { calledAt } from './from-microsoft.ts';
import { codeFor, type Purpose, toldFor } from './purpose.ts';
import type { AccountLink } from './records/account-links.ts';
import type { AuthProvider } from './records/auth-providers.ts';
import type { Grant } from './records/grants.ts';
import type { Settings } from './records/settings.ts';
import { mayBePinned } from './same-identity.ts';

/** Whether a grant fits a link. `unproven` needs fresh evidence: the link changed since the grant was verified. */
export type Fit = 'fits' | 'unproven' | 'differs';

export function fitOf(link: Pick<AccountLink, 'microsoftAccountKey' | 'pinnedObjectId'>, grant: Grant): Fit {
  if (grant.status === 'mismatch') return 'differs';
  if (!mayBePinned(link, grant)) return 'differs';
  if (grant.verifiedLinkKey === link.microsoftAccountKey) return 'fits';
  // Without tokens nothing can prove whose account it is.
  const hasEnded = grant.status === 'reconnect_needed' && grant.sealedTokens === null;
  return grant.refutedLinkKey === link.microsoftAccountKey || hasEnded ? 'differs' : 'unproven';
}

/**
 * A user's authorization state as screens show it, derived from stored facts only. A mismatch was recorded against
 * the link of its time; once the administrator corrects the link, the user is simply not authorized yet.
 */
export function authorizationState(
  link: Pick<AccountLink, 'microsoftAccountKey' | 'pinnedObjectId'> | null,
  grant: Grant | null,
): AuthorizationState {
  if (!link) return 'not_linked';
  if (!grant) return 'not_authorized';
  if (grant.status === 'mismatch') {
    return grant.refutedLinkKey === link.microsoftAccountKey ? 'mismatch' : 'not_authorized';
  }
  if (fitOf(link, grant) === 'differs') return 'mismatch';
  return grant.status;
}

/** Whether a failed refresh means that the user must authorize again. */
export function asksToReconnect(code: ErrorCode): boolean {
  return catalogueEntry(code).endsGrant === true;
}

/** Whether a refusal leaves the tokens of a grant as they are: they may work again later, without another authorization. */
export function keepsTokens(code: ErrorCode): boolean {
  return catalogueEntry(code).endsTokens !== true;
}

/** Why a grant that has ended cannot be used: Microsoft's error and the called origin, as far as they are known. */
export function reconnectNeeded(
  purpose: Purpose,
  grant: Pick<Grant, 'lastErrorCode'>,
  provider: Pick<AuthProvider, 'urlSuffix' | 'tokenEndpointUrl'>,
  { mailUrl }: Pick<Settings, 'mailUrl'>,
): AppError {
  const suffix = provider.urlSuffix;
  const last = toldFor(purpose, grant.lastErrorCode);
  const said = last !== undefined && asksToReconnect(last) ? catalogueEntry(last) : undefined;
  // Causes that Argus detects itself have no match rules, and may have been fixed since.
  if (last === undefined || !said?.match) return new AppError(codeFor(purpose, 'reconnect_needed'), { suffix });
  return new AppError(last, {
    suffix,
    ...calledAt(said.call === 'graph' ? mailUrl : provider.tokenEndpointUrl),
  });
}
