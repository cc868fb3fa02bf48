import type { AuthorizationState } from '@argus/contract/endpoints/connection/authorize';
import { catalogueEntry, type ErrorCode } from '@argus/contract/errors/error-catalogue';
import { AppError } from '../platform/problems/app-error.ts';
import { calledAt } from './from-microsoft.ts';
import { codeFor, type Purpose, toldFor } from './purpose.ts';
import type { AccountLink } from './records/account-links.ts';
import type { AuthProvider } from './records/auth-providers.ts';
import type { Grant } from './records/grants.ts';
import type { Settings } from './records/settings.ts';

/** Whether a grant fits a link: `unproven` asks for fresh evidence, as the link changed since the grant was verified. */
export type Fit = 'fits' | 'unproven' | 'differs';

export function fitOf(link: Pick<AccountLink, 'microsoftAccountKey'>, grant: Grant): Fit {
  if (grant.status === 'mismatch') return 'differs';
  if (grant.verifiedLinkKey === link.microsoftAccountKey) return 'fits';
  return grant.refutedLinkKey === link.microsoftAccountKey || grant.status === 'reconnect_needed'
    ? 'differs'
    : 'unproven';
}

/**
 * The state of a user's authorization as screens show it, from stored facts alone. A mismatch was recorded against the
 * link of its time; once the administrator corrects the link, the user is simply not authorized yet.
 */
export function authorizationState(
  link: Pick<AccountLink, 'microsoftAccountKey'> | null,
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

/** Whether a failed refresh says that only the user can go on, by authorizing again. */
export function asksToReconnect(code: ErrorCode): boolean {
  return catalogueEntry(code).endsGrant === true;
}

/** Why a grant that has ended cannot be used: what Microsoft said when it ended, and where, as long as that is known. */
export function reconnectNeeded(
  purpose: Purpose,
  grant: Pick<Grant, 'lastErrorCode'>,
  provider: Pick<AuthProvider, 'urlSuffix' | 'tokenEndpointUrl'>,
  { mailUrl }: Pick<Settings, 'mailUrl'>,
): AppError {
  const suffix = provider.urlSuffix;
  const last = toldFor(purpose, grant.lastErrorCode);
  const said = last !== undefined && asksToReconnect(last) ? catalogueEntry(last) : undefined;
  // What Argus found by itself has no rules, and may have been mended since.
  if (last === undefined || !said?.match) return new AppError(codeFor(purpose, 'reconnect_needed'), { suffix });
  return new AppError(last, {
    suffix,
    ...calledAt(said.call === 'graph' ? mailUrl : provider.tokenEndpointUrl),
  });
}
