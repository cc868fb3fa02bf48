import { canonicalOrigin } from '@argus/egress/canonical-origin';
import { isLoopbackHost } from '../../platform/loopback-host.ts';

/**
 * Why no user may be sent to an authorize endpoint: it is not a URL, or it would send a sign-in over plain http. Only
 * loopback may use http. The remote-site list does not apply: a browser goes there, not Argus.
 */
export function authorizeUrlFault(url: string): 'malformed' | 'plain_http' | null {
  const read = canonicalOrigin(url);
  if (!read.ok) return 'malformed';
  return read.scheme === 'https' || isLoopbackHost(read.host) ? null : 'plain_http';
}
