import { lookup } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Coverage } from '@argus/contract/endpoints/connection/setup';
import type { warningSchema } from '@argus/contract/endpoints/shared-schemas';
import { type WarningCode, warnings } from '@argus/contract/errors/field-errors';
import { fillText, type Language } from '@argus/contract/language';
import { canonicalOrigin } from '@argus/egress/canonical-origin';
import type { GuardedFetch } from '@argus/egress/guarded-fetch';
import { present } from '@argus/fields/present';
import { tenantOf } from '@argus/microsoft/entra-tenant';
import { asksForMail, asksForMailText } from '@argus/microsoft/scopes';
import type { Static } from 'typebox';
import { authorizeUrlFault } from '../oauth/authorize-url.ts';
import type { AuthProvider } from '../records/auth-providers.ts';
import type { Settings } from '../records/settings.ts';
import { originOf } from '../usable-grant.ts';
import type { FieldUrl } from './covered-origins.ts';

/** A warning about a value that is well-formed but may be wrong. */
export type Warning = Static<typeof warningSchema>;

/** Saving does not wait longer for a name: it must stay quick while DNS is down. */
const resolveTimeoutMs = 2_000;

export function warning(
  field: string,
  code: WarningCode,
  language: Language,
  values: { origin?: string; host?: string; suffixes?: string } = {},
): Warning {
  const message = fillText(warnings[code][language], values);
  return { field, code, message, ...present({ origin: values.origin }) };
}

const byStatus = {
  not_registered: 'origin_not_registered',
  inactive: 'origin_inactive',
  protocol_security: 'origin_protocol_security',
  address_denied: 'origin_address_denied',
  address_closed: 'origin_address_closed',
} as const;

/** One warning for each URL that may not be called. */
export function coverageWarnings(coverage: readonly Coverage[], language: Language): Warning[] {
  return coverage.flatMap(({ field, origin, status }) =>
    status === 'covered' || status === 'malformed' || origin === null
      ? []
      : [warning(field, byStatus[status], language, { origin })],
  );
}

const bySharedTenant = {
  common: 'tenant_common',
  organizations: 'tenant_organizations',
  consumers: 'tenant_consumers',
} as const;

/** Warnings about a provider by itself: what it lacks, which accounts it accepts, and where it sends users. */
export function providerWarnings(provider: AuthProvider, language: Language): Warning[] {
  const found: Warning[] = [];
  // v1 endpoints, which name a resource, issue a refresh token without being asked.
  if (provider.resource === null && !provider.defaultScopes.split(' ').includes('offline_access')) {
    found.push(warning('defaultScopes', 'offline_access_missing', language));
  }
  if (provider.sealedConsumerSecret === null) found.push(warning('consumerSecret', 'secret_missing', language));
  return [...found, ...endpointWarnings(provider, language)];
}

/** Warnings about which accounts a provider's endpoints accept, and where users are sent. */
function endpointWarnings(
  { authorizeEndpointUrl, tokenEndpointUrl }: Pick<AuthProvider, 'authorizeEndpointUrl' | 'tokenEndpointUrl'>,
  language: Language,
): Warning[] {
  const found: Warning[] = [];
  const asked = tenantOf(authorizeEndpointUrl);
  const given = tenantOf(tokenEndpointUrl);
  for (const [field, tenant] of [
    ['authorizeEndpointUrl', asked],
    ['tokenEndpointUrl', given],
  ] as const) {
    if (tenant?.kind === 'shared') found.push(warning(field, bySharedTenant[tenant.name], language));
  }
  // A tenant's id and its domain are equivalent: only two of the same kind can be compared.
  const differ = asked && given && asked.kind === given.kind && JSON.stringify(asked) !== JSON.stringify(given);
  if (differ) found.push(warning('authorizeEndpointUrl', 'tenants_differ', language));
  const fault = authorizeUrlFault(authorizeEndpointUrl);
  if (fault === 'plain_http') found.push(warning('authorizeEndpointUrl', 'authorize_url_plain_http', language));
  const origin = originOf(authorizeEndpointUrl);
  if (fault === null && origin !== originOf(tokenEndpointUrl)) {
    found.push(warning('authorizeEndpointUrl', 'authorize_origin_differs', language, { origin }));
  }
  return found;
}

/**
 * Whether the scopes of the provider in use fit what 基本設定 shows. A provider with a resource (v1) gets what its app
 * registration grants.
 */
export function scopeWarnings(
  field: string,
  provider: Pick<AuthProvider, 'defaultScopes' | 'resource'>,
  { previewEnabled }: Pick<Settings, 'previewEnabled'>,
  language: Language,
): Warning[] {
  if (provider.resource !== null) return [];
  const scopes = provider.defaultScopes.split(/\s+/u).filter((scope) => scope !== '');
  if (!asksForMail(scopes)) return [warning(field, 'mail_scope_missing', language)];
  return previewEnabled && !asksForMailText(scopes) ? [warning(field, 'preview_scope_missing', language)] : [];
}

/**
 * One warning for each URL whose host has no address; the outbound proxy resolves names itself. The only network access of
 * the admin menu, and only when saving.
 */
export async function resolutionWarnings(
  urls: readonly FieldUrl[],
  { tunnelsTo }: Pick<GuardedFetch, 'tunnelsTo'>,
  language: Language,
): Promise<Warning[]> {
  const found = await Promise.all(
    urls.map(async ({ field, url }) => {
      const read = canonicalOrigin(url);
      if (!read.ok || tunnelsTo(read.host, read.port) || (await resolves(read.host))) return [];
      return [warning(field, 'host_not_resolved', language, { host: read.host })];
    }),
  );
  return found.flat();
}

async function resolves(host: string): Promise<boolean> {
  // An IPv6 literal in a URL. The resolver would need it without brackets; it accepts IPv4 literals as they are.
  if (host.startsWith('[')) return true;
  const timer = new AbortController();
  try {
    return await Promise.race([
      lookup(host).then(
        () => true,
        () => false,
      ),
      sleep(resolveTimeoutMs, false, { signal: timer.signal }),
    ]);
  } finally {
    timer.abort();
  }
}
