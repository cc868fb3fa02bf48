import { canonicalOrigin } from '@argus/egress/canonical-origin';
import type { Deadline } from '@argus/egress/deadline';
import { EgressFailure } from '@argus/egress/egress-failure';
import { probeConnection } from '@argus/egress/probe-host';
import { tenantOf } from '@argus/microsoft/entra-tenant';
import { fromEgressFact } from '@argus/microsoft/fact';
import { LRUCache } from 'lru-cache';
import { AppError } from '../platform/problems/app-error.ts';
import type { Services } from '../platform/services.ts';
import { reconnectNeeded } from './connection-state.ts';
import { calledAt, fromMicrosoft } from './from-microsoft.ts';
import { codeFor, type Purpose } from './purpose.ts';
import type { AuthProvider } from './records/auth-providers.ts';
import type { BoundOrigins, BoundPlace, Grant } from './records/grants.ts';
import type { Settings } from './records/settings.ts';
import { whatIsKnown } from './what-is-known.ts';

export type Endpoints = {
  readonly provider: Pick<AuthProvider, 'tokenEndpointUrl'>;
  readonly settings: Pick<Settings, 'mailUrl'>;
};

/** The origins of the last URLs: a few, which every request asks about. */
const origins = new LRUCache<string, string>({ max: 64 });

/** The canonical origin of a URL. An invalid URL is returned as it is, which equals no origin. */
export function originOf(url: string): string {
  const known = origins.get(url);
  if (known !== undefined) return known;
  const read = canonicalOrigin(url);
  const origin = read.ok ? read.origin : url;
  origins.set(url, origin);
  return origin;
}

/**
 * Where the tokens of a new grant may be sent: the refresh token to `tokenOrigin`, the access token to `mailOrigin`.
 */
export function boundOrigins({ provider, settings }: Endpoints): BoundOrigins {
  return { tokenOrigin: originOf(provider.tokenEndpointUrl), mailOrigin: originOf(settings.mailUrl) };
}

/**
 * The same with the tenant, as all tenants of a cloud share one origin. Undefined where the token endpoint names no tenant by its id:
 * only Microsoft knows which one a domain is, and a shared name stands for all.
 */
export function boundPlace(endpoints: Endpoints): BoundPlace {
  const tenant = tenantOf(endpoints.provider.tokenEndpointUrl);
  return { ...boundOrigins(endpoints), tenantId: tenant?.kind === 'id' ? tenant.id : undefined };
}

/** The first segment of a path of several, which names the tenant at Entra. */
function tenantNameIn(url: string): string {
  const [, first = '', ...more] = URL.canParse(url) ? new URL(url).pathname.split('/') : [];
  return more.length > 0 ? first.toLowerCase() : '';
}

/** Where an endpoint is, in words: its origin with the name of the tenant, as all tenants of a cloud share one origin. */
export function placeInWords(url: string): string {
  const tenant = tenantNameIn(url);
  return tenant === '' ? originOf(url) : `${originOf(url)}/${tenant}`;
}

/**
 * How an endpoint has moved, in words: to another origin, or to another name of a tenant at the same; null where it has not. A domain or
 * a shared name in place of the tenant's id may stand for the same tenant, but whoever goes to another tenant may go by way of one. So each
 * step counts, and each grant is compared with the place itself. A corrected path behind the name leads to the same server.
 */
export function moveOf(fromUrl: string, toUrl: string): { readonly from: string; readonly to: string } | null {
  const [from, to] = [placeInWords(fromUrl), placeInWords(toUrl)];
  return from === to ? null : { from, to };
}

/** Whether an endpoint has moved to another origin or tenant. */
export function isMoved(from: Endpoints, to: Endpoints): boolean {
  return JSON.stringify(boundPlace(from)) !== JSON.stringify(boundPlace(to));
}

/** Whether the tokens of a grant may be sent to both endpoints as currently configured. */
export function isBoundTo(
  grant: Pick<Grant, 'tokenOrigin' | 'mailOrigin' | 'tenantId'>,
  endpoints: Endpoints,
): boolean {
  const { tokenOrigin, mailOrigin, tenantId } = boundPlace(endpoints);
  if (grant.tokenOrigin !== tokenOrigin || grant.mailOrigin !== mailOrigin) return false;
  return tenantId === undefined || grant.tenantId === null || grant.tenantId.toLowerCase() === tenantId;
}

/** Whether another app of Microsoft's issued the tokens than the one that a provider names now: its refusal says nothing about them. */
export function isOfOtherClient({ clientId }: Pick<Grant, 'clientId'>, provider: Pick<AuthProvider, 'consumerKey'>) {
  return clientId !== null && clientId !== provider.consumerKey;
}

/**
 * Whether a grant can be used now: it is authorized for exactly these endpoints. Stored status and origins must
 * agree, so that neither a settings change nor an edit of the database sends tokens elsewhere.
 */
export function isUsable(
  grant: Pick<Grant, 'status' | 'tokenOrigin' | 'mailOrigin' | 'tenantId'>,
  provider: Endpoints['provider'],
  settings: Endpoints['settings'],
): boolean {
  return grant.status === 'authorized' && isBoundTo(grant, { provider, settings });
}

/**
 * Whether Microsoft refused a grant for a reason that may pass: it kept its tokens, as the refusal was not about them. A suspended
 * grant keeps its tokens too, but is bound to other endpoints.
 */
export function isRefused(grant: Grant, provider: AuthProvider, settings: Settings): boolean {
  return grant.status === 'reconnect_needed' && grant.sealedTokens !== null && isBoundTo(grant, { provider, settings });
}

/** Whether a refused grant may be tried again: the pause since the refusal is over. */
export function mayTryAgain(grant: Grant, provider: AuthProvider, settings: Settings, now: Date): boolean {
  const { refreshNotBefore } = grant;
  return isRefused(grant, provider, settings) && (refreshNotBefore === null || refreshNotBefore <= now);
}

/**
 * Why an unusable grant cannot be used. Where an endpoint was moved to another origin, a fault of the new one is
 * reported first (B5 to B6b): an administrator fixes it, and nobody has to authorize again. Nothing of the grant is
 * sent there.
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
  const isTokenMoved = !isBoundTo({ ...grant, mailOrigin: now.mailOrigin }, request);
  const moved = [
    ...(isTokenMoved ? [{ call: 'token', url: tokenEndpointUrl } as const] : []),
    ...(grant.mailOrigin === now.mailOrigin ? [] : [{ call: 'messages', url: settings.mailUrl } as const]),
  ];
  for (const { call, url } of moved) {
    try {
      await probeConnection(egress, { url, deadline, connectTimeoutMs: settings.connectTimeoutSeconds * 1000 });
    } catch (error) {
      if (!(error instanceof EgressFailure)) throw error;
      return fromMicrosoft(fromEgressFact(call, error.fact, error), purpose, {
        called: url,
        suffix,
        known: whatIsKnown(request),
      });
    }
  }
  return new AppError(codeFor(purpose, 'connection_moved'), { suffix, ...calledAt(moved[0]?.url ?? settings.mailUrl) });
}
