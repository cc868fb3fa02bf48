import { judgeAddress, literalAddress, type PrivateNetwork } from './address-policy.ts';
import { type CanonicalOrigin, canonicalOrigin, type OriginProblem } from './canonical-origin.ts';

/** An entry of the remote-site list (リモートサイト). */
export type RemoteSite = {
  /** リモートサイトのURL; its path is not significant. */
  readonly origin: string;
  /** プロトコルセキュリティの無効化: allows plain-text calls to an `http:` entry. */
  readonly disableProtocolSecurity: boolean;
  /** 有効 */
  readonly active: boolean;
  /** 許可するアドレス範囲, in CIDR form: addresses outside the public internet that this site may have. Default: none. */
  readonly allowedAddressRanges?: readonly string[];
};

/**
 * An entry similar to the called origin, and how it differs. A trailing dot is no difference: both spellings have one
 * canonical origin.
 */
export type NearMiss = {
  readonly origin: string;
  readonly difference: 'inactive' | 'scheme' | 'port' | 'spelling' | 'sibling_host';
};

export type RemoteSiteDecision =
  | {
      readonly allowed: true;
      readonly origin: string;
      readonly path: string;
      /** The addresses that the site may have besides public ones, in CIDR form. */
      readonly ranges: readonly string[];
    }
  | {
      readonly allowed: false;
      readonly reason: 'site_not_registered' | 'plain_http' | 'malformed' | 'address_denied';
      /** The canonical origin that was refused; empty when the text has none. */
      readonly origin: string;
      /** For `malformed`: what is wrong with the text. */
      readonly problem?: OriginProblem;
      /** For `address_denied`: the address itself. */
      readonly address?: string;
      readonly nearMisses: readonly NearMiss[];
    };

type ReadOrigin = Extract<CanonicalOrigin, { ok: true }>;

const mostNearMisses = 5;
const nearness: readonly NearMiss['difference'][] = ['inactive', 'scheme', 'port', 'spelling', 'sibling_host'];

/** Levenshtein distance; stops at the limit and returns `limit + 1` beyond it. */
function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...left].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...right].entries()) {
      const substituted = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(substituted, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? limit + 1;
}

const countrySecondLevels = new Set(['ac', 'co', 'com', 'ed', 'edu', 'go', 'gov', 'ne', 'net', 'or', 'org']);

/** The part of a name that somebody probably registered. Only a hint, so Argus carries no public-suffix list. */
function registrable(host: string): string | undefined {
  if (literalAddress(host) !== undefined) return undefined;
  const labels = host.split('.');
  const [second = '', top = ''] = labels.slice(-2);
  const length = top.length === 2 && countrySecondLevels.has(second) ? 3 : 2;
  return labels.length < length ? undefined : labels.slice(-length).join('.');
}

function differenceOf(called: ReadOrigin, entry: ReadOrigin, active: boolean): NearMiss['difference'] | undefined {
  if (called.origin === entry.origin) return active ? undefined : 'inactive';
  if (called.host === entry.host) return called.scheme === entry.scheme ? 'port' : 'scheme';
  if (editDistance(called.host, entry.host, 2) <= 2) return 'spelling';
  const parent = registrable(called.host);
  return parent !== undefined && parent === registrable(entry.host) ? 'sibling_host' : undefined;
}

function nearMissesOf(
  called: ReadOrigin,
  entries: readonly { readonly origin: ReadOrigin; readonly site: RemoteSite }[],
): readonly NearMiss[] {
  const found = new Map<string, NearMiss>();
  for (const { origin, site } of entries) {
    const difference = differenceOf(called, origin, site.active);
    if (difference !== undefined) found.set(origin.origin, { origin: origin.origin, difference });
  }
  return [...found.values()]
    .sort((left, right) => nearness.indexOf(left.difference) - nearness.indexOf(right.difference))
    .slice(0, mostNearMisses);
}

/**
 * Decides whether a URL may be called: same scheme, host and port as an active entry. No wildcards; an empty list
 * allows nothing; a malformed entry matches nothing. An `http:` URL needs an `http:` entry with protocol security
 * switched off. Does not query DNS: a name that resolves to a private address is stopped at connect, unless the entry
 * allows the address.
 */
export function decide(
  url: string,
  sites: readonly RemoteSite[],
  options: { readonly allowPrivateNetwork: PrivateNetwork },
): RemoteSiteDecision {
  const called = canonicalOrigin(url);
  if (!called.ok) {
    return { allowed: false, reason: 'malformed', origin: '', problem: called.reason, nearMisses: [] };
  }
  const entries = sites.flatMap((site) => {
    const origin = canonicalOrigin(site.origin);
    return origin.ok ? [{ origin, site }] : [];
  });
  const registered = entries.filter(({ origin }) => origin.origin === called.origin);
  const rangesOf = (found: typeof entries) => found.flatMap(({ site }) => site.allowedAddressRanges ?? []);
  const address = literalAddress(called.host);
  if (address !== undefined && !judgeAddress(address, options.allowPrivateNetwork, rangesOf(registered)).allowed) {
    return { allowed: false, reason: 'address_denied', origin: called.origin, address, nearMisses: [] };
  }
  const matches = registered.filter(({ site }) => site.active);
  if (matches.length === 0) {
    const nearMisses = nearMissesOf(called, entries);
    return { allowed: false, reason: 'site_not_registered', origin: called.origin, nearMisses };
  }
  if (called.scheme === 'http' && !matches.some(({ site }) => site.disableProtocolSecurity)) {
    return { allowed: false, reason: 'plain_http', origin: called.origin, nearMisses: [] };
  }
  return { allowed: true, origin: called.origin, path: called.path, ranges: rangesOf(matches) };
}
