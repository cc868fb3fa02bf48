/**
 * scheme://host[:port] of an http(s) URL, as parsed by this browser; undefined for any other text. Only for display
 * while typing: the API decides what an entry covers.
 */
export function originOf(url: string): string | undefined {
  const parsed = URL.parse(url.trim());
  return parsed && /^https?:$/.test(parsed.protocol) && parsed.hostname !== '' ? parsed.origin : undefined;
}

/** The same URL at another origin; undefined where the text is not an http(s) URL. */
export function withOrigin(url: string, origin: string): string | undefined {
  const parsed = URL.parse(url.trim());
  return parsed && originOf(url) !== undefined ? `${origin}${parsed.pathname}${parsed.search}` : undefined;
}

/** The host of a URL; '' where the text has none. */
export function hostOf(url: string | undefined): string {
  const origin = url === undefined ? undefined : originOf(url);
  return origin === undefined ? '' : new URL(origin).hostname;
}
