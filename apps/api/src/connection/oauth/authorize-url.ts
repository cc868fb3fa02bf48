import { canonicalOrigin } from '@argus/egress/canonical-origin';

const loopbackHost = /^(localhost|[^.]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Why no user may be sent to an authorize endpoint: its text is no URL, or it would carry a sign-in over plain http. Only
 * this machine itself may be http. The remote-site list does not bind it: a browser goes there, not Argus.
 */
export function authorizeUrlFault(url: string): 'malformed' | 'plain_http' | null {
  const read = canonicalOrigin(url);
  if (!read.ok) return 'malformed';
  return read.scheme === 'https' || loopbackHost.test(read.host) ? null : 'plain_http';
}
