import ipaddr from 'ipaddr.js';

/**
 * Which non-public addresses may be called. `none` is the only value for production; `loopback` allows the fake
 * Microsoft 365 of a development machine, `all` also RFC 1918 and unique-local (RFC 4193) addresses.
 */
export type PrivateNetwork = 'none' | 'loopback' | 'all';

export type AddressVerdict = {
  readonly allowed: boolean;
  /** The class of the address: `unicast` (public), or why it is not public, such as `private` or `linkLocal`. */
  readonly range: string;
};

// Addresses that no development setting allows: they hand out a cloud machine's credentials.
const cloudMetadata = ['169.254.169.254', '168.63.129.16', '100.100.100.200', 'fd00:ec2::254'].map((address) =>
  ipaddr.parse(address).toNormalizedString(),
);

// IANA assigns public IPv6 only from 2000::/3; ipaddr.js calls everything outside its special ranges "unicast",
// including the deprecated IPv4-compatible ::127.0.0.1.
const globalUnicast = ipaddr.parseCIDR('2000::/3');

const privateRanges: Readonly<Record<PrivateNetwork, readonly string[]>> = {
  none: [],
  loopback: ['loopback'],
  all: ['loopback', 'private', 'uniqueLocal'],
};

function rangeOf(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  if (cloudMetadata.includes(address.toNormalizedString())) return 'cloudMetadata';
  const range = address.range();
  if (range === 'unicast' && address.kind() === 'ipv6' && !address.match(globalUnicast)) return 'reserved';
  return range;
}

/**
 * Judges one IP address in its usual text form. Only public unicast passes: IPv4-mapped, NAT64, 6to4 and Teredo
 * addresses are always denied, since each can reach an IPv4 address that was never checked.
 */
export function judgeAddress(address: string, privateNetwork: PrivateNetwork): AddressVerdict {
  if (!ipaddr.isValid(address)) return { allowed: false, range: 'invalid' };
  const range = rangeOf(ipaddr.parse(address));
  return { allowed: range === 'unicast' || privateRanges[privateNetwork].includes(range), range };
}

/** The IP address of a canonical URL host (without brackets), or undefined for a name. */
export function literalAddress(host: string): string | undefined {
  const bare = host.startsWith('[') ? host.slice(1, -1) : host;
  return ipaddr.IPv6.isValid(bare) || ipaddr.IPv4.isValidFourPartDecimal(bare) ? bare : undefined;
}
