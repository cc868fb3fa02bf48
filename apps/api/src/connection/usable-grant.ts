import { canonicalOrigin } from '@argus/egress/canonical-origin';
import type { Deadline } from '@argus/egress/deadline';
import { EgressFailure } from '@argus/egress/egress-failure';
import { probeConnection } from '@argus/egress/probe-host';
import { fromEgressFact } from '@argus/microsoft/fact';
import { AppError } from '../platform/problems/app-error.ts';
import type { Services } from '../platform/services.ts';
import { reconnectNeeded } from './connection-state.ts';
import { calledAt, fromMicrosoft } from './from-microsoft.ts';
import { codeFor, type Purpose } from './purpose.ts';
import type { AuthProvider } from './records/auth-providers.ts';
import type { BoundOrigins, Grant } from './records/grants.ts';
import type { Settings } from './records/settings.ts';

type Endpoints = {
  readonly provider: Pick<AuthProvider, 'tokenEndpointUrl'>;
  readonly settings: Pick<Settings, 'mailUrl'>;
};

/** The origin of a URL in its canonical spelling; of a text that is no URL the text itself, which equals no origin. */
export function originOf(url: string): string {
  const read = canonicalOrigin(url);
  return read.ok ? read.origin : url;
}

/** Where what a user grants now may be sent: the refresh token to the one, the access token to the other. */
export function boundOrigins({ provider, settings }: Endpoints): BoundOrigins {
  return { tokenOrigin: originOf(provider.tokenEndpointUrl), mailOrigin: originOf(settings.mailUrl) };
}

/** Whether the tokens of a grant may be sent to both endpoints as they are set now. */
function isBoundTo(grant: Grant, endpoints: Endpoints): boolean {
  const { tokenOrigin, mailOrigin } = boundOrigins(endpoints);
  return grant.tokenOrigin === tokenOrigin && grant.mailOrigin === mailOrigin;
}

/**
 * Whether a grant can be used now: authorized, and for these very endpoints. Stored status and origins must agree, so that
 * neither a change of settings nor one of the database alone sends anybody's tokens elsewhere.
 */
export function isUsable(grant: Grant, provider: AuthProvider, settings: Settings): boolean {
  return grant.status === 'authorized' && isBoundTo(grant, { provider, settings });
}

/**
 * Why a grant that is not usable cannot be used. Where an endpoint was moved to another origin, a fault of the new one comes
 * first (B5 to B6b): an administrator mends that, and nobody has to authorize again. Nothing of the grant is sent there.
 */
export async function whyUnusable(
  { egress }: Pick<Services, 'egress'>,
  request: {
    readonly purpose: Purpose;
    readonly grant: Grant;
    readonly provider: AuthProvider;
    readonly settings: Settings;
    readonly deadline: Deadline;
  },
): Promise<AppError> {
  const { purpose, grant, provider, settings, deadline } = request;
  const { urlSuffix: suffix, tokenEndpointUrl } = provider;
  if (grant.sealedTokens === null || isBoundTo(grant, request))
    return reconnectNeeded(purpose, grant, provider, settings);
  const now = boundOrigins(request);
  const moved = [
    ...(grant.tokenOrigin === now.tokenOrigin ? [] : [{ call: 'token', url: tokenEndpointUrl } as const]),
    ...(grant.mailOrigin === now.mailOrigin ? [] : [{ call: 'messages', url: settings.mailUrl } as const]),
  ];
  for (const { call, url } of moved) {
    try {
      await probeConnection(egress, { url, deadline, connectTimeoutMs: settings.connectTimeoutSeconds * 1000 });
    } catch (error) {
      if (!(error instanceof EgressFailure)) throw error;
      return fromMicrosoft(fromEgressFact(call, error.fact, error), purpose, { called: url, suffix });
    }
  }
  return new AppError(codeFor(purpose, 'connection_moved'), { suffix, ...calledAt(moved[0]?.url ?? settings.mailUrl) });
}
