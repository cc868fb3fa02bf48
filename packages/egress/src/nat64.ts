import ipaddr from 'ipaddr.js';

/** The well-known prefix (RFC 6052, 2.1). */
const wellKnown = ipaddr.IPv6.parseCIDR('64:ff9b::/96');
/** Prefixes for local use (RFC 8215): each network chooses its own within this block. */
const localUse = ipaddr.IPv6.parseCIDR('64:ff9b:1::/48');

/** Where the IPv4 address is, by the length of the prefix; octet 8 is reserved (RFC 6052, 2.2). */
const octetsAfter48 = [
  [6, 7, 9, 10],
  [7, 9, 10, 11],
  [9, 10, 11, 12],
  [12, 13, 14, 15],
] as const;

/**
 * The IPv4 addresses that a NAT64 translator could call for an address; none where it is not a NAT64 address. Of a
 * prefix for local use nobody but its network knows the length, so there are several.
 */
export function embeddedAddresses(address: ipaddr.IPv4 | ipaddr.IPv6): readonly ipaddr.IPv4[] {
  if (!(address instanceof ipaddr.IPv6)) return [];
  const octets = address.toByteArray();
  const read = (places: readonly number[]) => new ipaddr.IPv4(places.map((place) => octets[place] ?? 0));
  const last = read(octetsAfter48[3]);
  if (address.match(wellKnown)) return [last];
  if (!address.match(localUse)) return [];
  // Bits that are zero are no address: 0.0.0.0/8 is never a destination (RFC 1122, 3.2.1.3).
  const possible = octetsAfter48.map(read).filter(({ octets: [first] }) => first !== 0);
  return possible.length > 0 ? possible : [last];
}
