import { adminConsentUrl, readAdminConsent } from '@argus/microsoft/admin-consent';
import { parseRedirectError } from '@argus/microsoft/redirect-error';
import { hashToken } from '../../platform/vault/hash-token.ts';
import type { AuthProvider } from '../records/auth-providers.ts';
import { scopesOf } from './authorization-request.ts';
import { callbackUrl } from './flow-addresses.ts';

/** Begins the state of every admin consent that starts here; no flow's state has a dot. */
const statePrefix = 'admin-consent.';

/**
 * The URL for 管理者の同意, null where the provider is not Entra. It comes back to the callback, the only redirect URI that
 * is registered.
 *
 * The state only distinguishes this return from that of a flow. It is no secret and the same each time, so that a
 * copied URL stays valid: nothing is stored or changed when it comes back, so there is nothing that a forged return
 * could do.
 */
export function adminConsentUrlOf(provider: AuthProvider, publicUrl: string): string | null {
  const url = adminConsentUrl(provider.authorizeEndpointUrl, {
    clientId: provider.consumerKey,
    redirectUri: callbackUrl(publicUrl, provider.urlSuffix),
    scopes: scopesOf(provider),
    state: `${statePrefix}${hashToken(provider.id).slice(0, 22)}`,
  });
  return url ?? null;
}

/**
 * Where a return from the admin consent is redirected; null for any other callback. An administrator of Entra may have
 * begun it anywhere, such as in the Entra admin center: there may be no state, or one that is unknown here. A return
 * with a code, or of a flow of this browser, is that flow's.
 */
export function adminConsentPage(
  query: Readonly<Record<string, unknown>>,
  begun: readonly { readonly state: string }[],
): string | null {
  const { state, code } = query;
  if (code !== undefined || begun.some((flow) => flow.state === state)) return null;
  const isOurs = typeof state === 'string' && state.startsWith(statePrefix);
  if (query.admin_consent === undefined && !isOurs) return null;
  const result = readAdminConsent(query);
  const [number] = result === 'failed' ? (parseRedirectError(query).errorCodes ?? []) : [];
  const shown = new URLSearchParams({ result, ...(number === undefined ? {} : { number: String(number) }) });
  return `/authorization/admin-consent?${shown}`;
}
