/**
 * Addresses that lead elsewhere if code parses them differently than the browser: combinations of what parsers
 * disagree about (WHATWG URL, RFC 3986, routers, proxies). Each names a host under `.evil.test`, or this machine by
 * an odd name.
 */
const schemes = [
  '',
  'http:',
  'https:',
  'HtTpS:',
  'javascript:',
  'data:text/html,',
  'ftp:',
  'x:',
  '\thttps:',
  'https\t:',
];
const slashes = [
  '',
  '/',
  '//',
  '///',
  '\\\\',
  '/\\',
  '\\/',
  '/%2f',
  '%2f%2f',
  '/%5c',
  '%5c%5c',
  '/\t/',
  '/\n/',
  '/\r\n/',
  '/%09/',
  '/%0a/',
  '/%0d%0a/',
  '/./',
  '/.//',
  '/..//',
  '/x/..//',
  '/%2e%2e//',
  '/;//',
  '/%00//',
  '／／',
  '⁄⁄',
  '∕∕',
  '\u200b//',
  '\u00ad//',
];
const userinfos = [
  '',
  'localhost@',
  'localhost:3650@',
  'a:b@',
  'localhost%40',
  'localhost%2f@',
  'localhost\\@',
  'localhost#@',
];
const hosts = [
  'a.evil.test',
  'a。evil。test',
  'a．evil．test',
  'a%2eevil%2etest',
  'a.evil.test.',
  'ａ.ｅｖｉｌ.test',
  'a.evil.test:443',
  'a.evil.test:80:80',
  'a.evil.test:@',
  'localhost.evil.test',
  '2130706433',
  '[::ffff:7f00:1]',
];
const ends = [
  '',
  '/',
  '/..',
  '/%2e%2e/',
  '?localhost',
  '#localhost',
  '/\\..',
  '%00',
  '%0d%0aLocation:%20//b.evil.test',
];

/** Every scheme with every kind of slashes; userinfo, host and end rotate, so that all of them get combined. */
export function hostileTargets(): readonly string[] {
  const targets: string[] = [];
  let turn = 0;
  const next = (parts: readonly string[], pace: number) => parts[Math.floor(turn / pace) % parts.length] ?? '';
  for (const scheme of schemes) {
    for (const slash of slashes) {
      for (let variant = 0; variant < 2; variant += 1) {
        targets.push(scheme + slash + next(userinfos, 1) + next(hosts, 3) + next(ends, 2));
        turn += 1;
      }
    }
  }
  return targets;
}

/** The target as a request path: encodes only what no HTTP client could send. */
export function asPath(target: string): string {
  const sendable = [...target].map((c) => (/[!-~]/.test(c) ? c : encodeURIComponent(c))).join('');
  return sendable.startsWith('/') ? sendable : `/${sendable}`;
}
