/** The charset of bytes that begin with a byte order mark. */
function charsetOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/**
 * Reads JSON by its form alone: gateways label it as text or as a page, and put byte order marks or blanks before it.
 * @returns undefined where it is no JSON
 */
export function parseJson(body: Uint8Array | string): { readonly json: unknown } | undefined {
  try {
    const text = typeof body === 'string' ? body : new TextDecoder(charsetOf(body), { fatal: true }).decode(body);
    return { json: JSON.parse(text.replace(/^[\ufeff\s]+/u, '')) };
  } catch {
    return undefined;
  }
}
