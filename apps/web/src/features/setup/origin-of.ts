/**
 * scheme://host[:port] of an http(s) URL, as this browser reads it; undefined where the text is none. For showing while one types:
 * the API alone decides what an entry covers.
 */
export function originOf(url: string): string | undefined {
  const parsed = URL.parse(url.trim());
  return parsed && /^https?:$/.test(parsed.protocol) && parsed.hostname !== '' ? parsed.origin : undefined;
}
