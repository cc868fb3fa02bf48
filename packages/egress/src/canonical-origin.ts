import { domainToUnicode } from 'node:url';

/** Why a URL text is refused. The text is never repaired: what an administrator reads is what would be called. */
export type OriginProblem =
  | 'malformed'
  | 'too_long'
  | 'scheme'
  | 'userinfo'
  | 'control_characters'
  | 'whitespace'
  | 'backslash'
  | 'percent_encoded_host';

export type CanonicalOrigin =
  | {
      readonly ok: true;
      /** `scheme://host[:port]`: lower case, punycode, no trailing dot, the scheme's default port dropped. */
      readonly origin: string;
      readonly scheme: 'http' | 'https';
      /** Host without port; an IPv6 address keeps its brackets. */
      readonly host: string;
      readonly port: number;
      /** Path and query as sent, starting with `/`; the fragment is dropped. */
      readonly path: string;
      /** For display: the origin, followed by the Unicode form of an internationalised name. */
      readonly display: string;
    }
  | { readonly ok: false; readonly reason: OriginProblem };

const longestUrl = 8192;
const longestHost = 253;

// C0, C1, and invisible or direction-changing characters: zero-width, soft hyphen, bidi controls.
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

function refuse(reason: OriginProblem): CanonicalOrigin {
  return { ok: false, reason };
}

/** Judges, on the text as typed, the parts that the WHATWG parser would silently repair. */
function problemInText(text: string): OriginProblem | undefined {
  if (text.length > longestUrl) return 'too_long';
  if (invisible.test(text)) return 'control_characters';
  if (text !== text.trim()) return 'whitespace';
  const parts = /^([a-z][a-z0-9+.-]*):(.*)$/iu.exec(text);
  const scheme = parts?.[1]?.toLowerCase();
  if (scheme !== 'https' && scheme !== 'http') return 'scheme';
  const rest = parts?.[2] ?? '';
  if (/^[^?#]*\\/u.test(rest)) return 'backslash';
  const authority = /^\/\/([^/?#]+)/u.exec(rest)?.[1];
  if (authority === undefined) return 'malformed';
  if (authority.includes('@')) return 'userinfo';
  if (authority.includes('%')) return 'percent_encoded_host';
  if (/\s/u.test(authority)) return 'whitespace';
  return undefined;
}

/**
 * Reads a URL text and returns its origin in the one canonical spelling that policy decisions compare.
 *
 * Full-width letters, ideographic dots, upper case, a trailing dot, `:443` and the number forms of an IPv4 address
 * all become one spelling (WHATWG URL, UTS #46). Userinfo, control or invisible characters, backslashes and
 * percent-encoded hosts are refused: the parser accepts them, but the reader would see another host than the caller.
 */
export function canonicalOrigin(text: string): CanonicalOrigin {
  const problem = problemInText(text);
  if (problem !== undefined) return refuse(problem);
  if (!URL.canParse(text)) return refuse('malformed');
  const url = new URL(text);
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const host = url.hostname.endsWith('.') ? url.hostname.slice(0, -1) : url.hostname;
  if (host === '' || host.length > longestHost) return refuse('malformed');
  if (!host.startsWith('[') && host.split('.').some((label) => label === '' || label.length > 63)) {
    return refuse('malformed');
  }
  if (url.port === '0') return refuse('malformed');
  const port = url.port === '' ? (scheme === 'https' ? 443 : 80) : Number(url.port);
  const origin = `${scheme}://${host}${url.port === '' ? '' : `:${url.port}`}`;
  const unicode = host.startsWith('[') ? host : domainToUnicode(host);
  const display = unicode === '' || unicode === host ? origin : `${origin} (${unicode})`;
  return { ok: true, origin, scheme, host, port, path: `${url.pathname}${url.search}`, display };
}
