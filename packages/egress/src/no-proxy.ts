import ipaddr from 'ipaddr.js';
import { literalAddress } from './address-policy.ts';

/** Whether a host (canonical, an IPv6 address with brackets) and port are called without the proxy. */
export type GoesDirectly = (host: string, port: number) => boolean;

type Entry = { readonly matches: (host: string) => boolean; readonly port: number | undefined };

const hostName = /^\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;

/**
 * Reads a list in the usual form of NO_PROXY, separated by commas or spaces: `*`, a name (with everything below it),
 * `.name` (only what is below it), an address or a range in CIDR form (of URLs with an address: no name is resolved for it),
 * each with an optional `:port`.
 * @returns also the entries that are none of these
 */
export function readNoProxy(text: string): { readonly goesDirectly: GoesDirectly; readonly faults: readonly string[] } {
  const faults: string[] = [];
  const entries: Entry[] = [];
  for (const item of text.split(/[\s,]+/).filter((each) => each !== '')) {
    const entry = readEntry(item.toLowerCase());
    if (entry === undefined) faults.push(item);
    else entries.push(entry);
  }
  const goesDirectly: GoesDirectly = (host, port) =>
    entries.some((entry) => (entry.port === undefined || entry.port === port) && entry.matches(host));
  return { goesDirectly, faults };
}

function readEntry(item: string): Entry | undefined {
  const withoutPort = matcherOf(item);
  if (withoutPort !== undefined) return { matches: withoutPort, port: undefined };
  const [, host = '', digits = ''] = /^(.+):(\d{1,5})$/.exec(item) ?? [];
  const port = Number(digits);
  const matches = matcherOf(host);
  return matches !== undefined && port >= 1 && port <= 65_535 ? { matches, port } : undefined;
}

function matcherOf(item: string): Entry['matches'] | undefined {
  if (item === '*') return () => true;
  const address = literalAddress(item);
  const block = address === undefined ? item : `${address}/${ipaddr.parse(address).kind() === 'ipv4' ? 32 : 128}`;
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(block) || ipaddr.IPv6.isValidCIDR(block)) {
    const [start, bits] = ipaddr.parseCIDR(block);
    return (host) => {
      const called = literalAddress(host);
      if (called === undefined) return false;
      const parsed = ipaddr.parse(called);
      return parsed.kind() === start.kind() && parsed.match([start, bits] as [ipaddr.IPv4, number]);
    };
  }
  // Both spellings are common for "everything below".
  const name = item.replace(/^\*\./, '.').replace(/\.$/, '');
  if (!hostName.test(name)) return undefined;
  return (host) => host.endsWith(name.startsWith('.') ? name : `.${name}`) || host === name;
}
