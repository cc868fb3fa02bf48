import ipaddr from 'ipaddr.js';
import { embeddedAddresses } from './nat64.ts';

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

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Block = [Address, number];

// Blocks that no setting allows: they hand out a cloud machine's credentials. Amazon's has several such addresses.
const cloudMetadata: readonly Block[] = [
  '169.254.169.254/32',
  '168.63.129.16/32',
  '100.100.100.200/32',
  'fd00:ec2::/32',
  'fd20:ce::254/128',
].map((block) => ipaddr.parseCIDR(block));

// IANA assigns public IPv6 only from 2000::/3; ipaddr.js calls everything outside its special ranges "unicast",
// including the deprecated IPv4-compatible ::127.0.0.1.
const globalUnicast = ipaddr.parseCIDR('2000::/3');

const privateRanges: Readonly<Record<PrivateNetwork, readonly string[]>> = {
  none: [],
  loopback: ['loopback'],
  all: ['loopback', 'private', 'uniqueLocal'],
};

/**
 * The blocks that a remote site can open: private networks (RFC 1918, RFC 4193), shared address space (RFC 6598),
 * benchmarking (RFC 2544), and NAT64 prefixes for local use (RFC 8215). Everything else that is not public stays closed.
 */
const openableBlocks = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '198.18.0.0/15',
  'fc00::/7',
  '64:ff9b:1::/48',
].map((block) => ipaddr.parseCIDR(block));

/** Never reached, not even through a NAT64 prefix that a site opens. */
const neverOpened = ['loopback', 'unspecified', 'linkLocal', 'multicast', 'broadcast', 'cloudMetadata'];

function rangeOf(address: Address): string {
  if (cloudMetadata.some((block) => isWithin(address, block))) return 'cloudMetadata';
  const range = address.range();
  if (range === 'unicast' && address.kind() === 'ipv6' && !address.match(globalUnicast)) return 'reserved';
  return range;
}

function isWithin(address: Address, [start, bits]: Block): boolean {
  return address.kind() === start.kind() && address.match([start, bits] as [ipaddr.IPv4, number]);
}

function isOpenable(address: Address): boolean {
  return rangeOf(address) !== 'cloudMetadata' && openableBlocks.some((block) => isWithin(address, block));
}

/**
 * Judges one IP address in its usual text form. Public unicast passes, and an address within the site's ranges. A NAT64
 * address is judged by the IPv4 address inside. IPv4-mapped, 6to4 and Teredo addresses are always denied, since each can
 * reach an IPv4 address that was never checked.
 * @param ranges the site's allowed address ranges, in CIDR form
 */
export function judgeAddress(
  address: string,
  privateNetwork: PrivateNetwork,
  ranges: readonly string[] = [],
): AddressVerdict {
  if (!ipaddr.isValid(address)) return { allowed: false, range: 'invalid' };
  const called = ipaddr.parse(address);
  const blocks = ranges.map((range) => ipaddr.parseCIDR(range));
  const opens = (candidate: Address) => isOpenable(candidate) && blocks.some((block) => isWithin(candidate, block));
  const prefixIsOpen = opens(called);
  const embedded = embeddedAddresses(called);
  const verdicts = (embedded.length === 0 ? [called] : embedded).map((reached): AddressVerdict => {
    const range = rangeOf(reached);
    const opened = opens(reached) || (prefixIsOpen && !neverOpened.includes(range));
    return { allowed: range === 'unicast' || privateRanges[privateNetwork].includes(range) || opened, range };
  });
  return verdicts.find(({ allowed }) => !allowed) ?? verdicts[0] ?? { allowed: false, range: 'invalid' };
}

/** The IP address of a canonical URL host (without brackets), or undefined for a name. */
export function literalAddress(host: string): string | undefined {
  const bare = host.startsWith('[') ? host.slice(1, -1) : host;
  return ipaddr.IPv6.isValid(bare) || ipaddr.IPv4.isValidFourPartDecimal(bare) ? bare : undefined;
}

/** Whether an address of a URL is one that no remote site can allow: this machine, the local link, metadata, reserved. */
export function isNeverAllowed(host: string): boolean {
  const literal = literalAddress(host);
  return literal !== undefined && !readAddressRange(literal).ok;
}

export type ReadRange =
  | {
      readonly ok: true;
      /** CIDR with the first address of the range: `10.1.0.0/16`. */
      readonly range: string;
    }
  | {
      readonly ok: false;
      /** `public`: it needs no opening. `closed`: a site cannot open it. */
      readonly reason: 'malformed' | 'public' | 'closed';
    };

/** Reads one allowed address range as typed: CIDR, or a single address. */
export function readAddressRange(text: string): ReadRange {
  const isSingle = ipaddr.IPv6.isValid(text) || ipaddr.IPv4.isValidFourPartDecimal(text);
  const isCidr = ipaddr.IPv6.isValidCIDR(text) || ipaddr.IPv4.isValidCIDRFourPartDecimal(text);
  if (!isSingle && !isCidr) return { ok: false, reason: 'malformed' };
  const [typed = '', length] = text.split('/');
  const address = ipaddr.parse(typed);
  const longest = address.kind() === 'ipv4' ? 32 : 128;
  const bits = length === undefined ? longest : Number(length);
  const first = firstAddress(address, bits);
  const isInside = openableBlocks.some((block) => bits >= block[1] && isWithin(first, block));
  // A wider range may have a metadata address in it, which stays closed all the same.
  if (isInside && (bits < longest || isOpenable(first))) return { ok: true, range: `${first.toString()}/${bits}` };
  // NAT64 is judged by the address inside.
  const isPublic = rangeOf(first) === 'unicast' || (!isInside && first.range() === 'rfc6052');
  return { ok: false, reason: isPublic ? 'public' : 'closed' };
}

function firstAddress(address: Address, bits: number): Address {
  const bytes = address.toByteArray().map((byte, index) => {
    const kept = Math.min(Math.max(bits - index * 8, 0), 8);
    return byte & (0xff << (8 - kept));
  });
  return ipaddr.fromByteArray(bytes);
}
