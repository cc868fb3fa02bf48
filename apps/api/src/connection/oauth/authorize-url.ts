import { canonicalOrigin } from '@argus/egress/canonical-origin';

const loopbackHost = /^(localhost|[^.]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Why no user may be sent to an authorize endpoint: it is not a URL, or it would send a sign-in over plain http. Only
 * loopback may use http. The remote-site list does not apply: a browser goes there, not Argus.
 */
export function authorizeUrlFault(url: string): 'malformed' | 'plain_http' | null {
  const read = canonicalOrigin(url);
  if (!read.ok) return 'malformed';
  return read.scheme === 'https' || loopbackHost.test(read.host) ? null : 'plain_http';
}
