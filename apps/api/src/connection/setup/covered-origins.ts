import type { Coverage } from '@argus/contract/endpoints/connection/setup';
import type { Language } from '@argus/contract/language';
import { isNeverAllowed } from '@argus/egress/address-policy';
import { decide } from '@argus/egress/remote-site-policy';
import { nearMissLabel } from '../../platform/problems/problem-json.ts';
import type { Services } from '../../platform/services.ts';
import { type RemoteSite, toPolicySite } from '../records/remote-sites.ts';

/** A URL, and its form field. */
export interface FieldUrl {
  readonly field: string;
  readonly url: string;
}

const statusByReason = {
  site_not_registered: 'not_registered',
  plain_http: 'protocol_security',
  address_denied: 'address_denied',
  malformed: 'malformed',
} as const;

/** Which origins these URLs call, and whether the remote sites cover them. No network access. */
export function coveredOrigins(
  urls: readonly FieldUrl[],
  sites: readonly RemoteSite[],
  config: Services['config'],
  language: Language,
): Coverage[] {
  return urls.map(({ field, url }) => {
    const decision = decide(url.trim(), sites.map(toPolicySite), { allowPrivateNetwork: config.egress.privateNetwork });
    if (decision.allowed) {
      const siteName = sites.find((site) => site.origin === decision.origin)?.name ?? null;
      return { field, url, origin: decision.origin, status: 'covered', siteName, nearMisses: [] };
    }
    // The exact site is registered, but inactive.
    const isClosed = decision.reason === 'address_denied' && isNeverAllowed(decision.address ?? '');
    const inactive = decision.nearMisses.some(({ difference }) => difference === 'inactive');
    return {
      field,
      url,
      origin: decision.origin === '' ? null : decision.origin,
      status: inactive ? 'inactive' : isClosed ? 'address_closed' : statusByReason[decision.reason],
      siteName: null,
      nearMisses: decision.nearMisses.map(({ origin, difference }) => ({
        origin,
        difference,
        label: nearMissLabel(difference, language),
      })),
    };
  });
}
