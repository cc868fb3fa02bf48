/**
 * Whether a host can only be this machine: an address of 127.0.0.0/8, ::1 (bare or in brackets), or a name that the standards reserve for
 * it (RFC 6761, 6.3). `127.example.com` is anybody's.
 * @param host without a port
 */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase();
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1' || name === '[::1]') return true;
  return /^127(\.\d{1,3}){3}$/.test(name);
}

/** As `isLoopbackHost`, for the value of a Host header, which may name a port. */
export function isLoopbackAuthority(authority: string): boolean {
  return isLoopbackHost(authority.replace(/:\d+$/, ''));
}
