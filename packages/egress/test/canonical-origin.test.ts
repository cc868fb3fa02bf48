import { describe, expect, test } from 'vitest';
import { canonicalOrigin } from '../src/canonical-origin.ts';

function originOf(text: string): string {
  const result = canonicalOrigin(text);
  return result.ok ? result.origin : `refused: ${result.reason}`;
}

describe('canonical origin', () => {
  test('E01: userinfo is refused, whichever host it pretends to be', () => {
    expect(originOf('https://good.example@evil.test')).toBe('refused: userinfo');
    expect(originOf('https://good.example:pw@evil.test/x')).toBe('refused: userinfo');
    expect(originOf('https://@good.example')).toBe('refused: userinfo');
    expect(originOf('https://good.example＠evil.test')).toBe('refused: malformed');
    expect(originOf('https://good.example/path@evil.test')).toBe('https://good.example');
  });

  test.each([
    'https://GOOD.EXAMPLE',
    'HTTPS://good.example',
    'https://good.example.',
    'https://good.example:443',
    'https://good.example:443/path?query#fragment',
    'https://good.example:',
    'https://ｇｏｏｄ.example',
    'https://good。example',
    'https://good．example',
    'https://good｡example。',
  ])('E02: %s has the one canonical spelling', (text) => {
    expect(originOf(text)).toBe('https://good.example');
  });

  test('E02: port 443 is dropped for https alone, and port 80 for http', () => {
    expect(originOf('http://good.example:443')).toBe('http://good.example:443');
    expect(originOf('http://good.example:80')).toBe('http://good.example');
    expect(originOf('https://good.example:8443')).toBe('https://good.example:8443');
  });

  test.each([
    ['https://good.example\t.evil.test', 'control_characters'],
    ['https://good.example\n.evil.test', 'control_characters'],
    ['https://good.example/a\rb', 'control_characters'],
    ['\u0000https://good.example', 'control_characters'],
    ['https://good\u00ad.example', 'control_characters'],
    ['https://good\u200b.example', 'control_characters'],
    ['https://\u202egood.example', 'control_characters'],
    ['https://%2eevil.test', 'percent_encoded_host'],
    ['https://good.example%2eevil.test', 'percent_encoded_host'],
    ['https://good%E3%80%82example', 'percent_encoded_host'],
    ['https://good.example％2eevil.test', 'malformed'],
    ['https://good.example\\.evil.test', 'backslash'],
    ['https:\\\\good.example', 'backslash'],
    ['https://good.example/a\\b', 'backslash'],
    ['https://good.example／evil.test', 'malformed'],
    [' https://good.example', 'whitespace'],
    ['https://good.example ', 'whitespace'],
    ['https://good.example　', 'whitespace'],
    ['https://good example', 'whitespace'],
    ['https:good.example', 'malformed'],
    ['https:///good.example', 'malformed'],
    ['https://', 'malformed'],
    ['https://.good.example', 'malformed'],
    ['https://good..example', 'malformed'],
    ['https://good.example..', 'malformed'],
    [`https://${'a'.repeat(64)}.example`, 'malformed'],
    ['https://good.example:0', 'malformed'],
    ['https://good.example:65536', 'malformed'],
    ['https://good.example:x', 'malformed'],
    ['https://[::1', 'malformed'],
    ['good.example', 'scheme'],
    ['//good.example', 'scheme'],
    ['ftp://good.example', 'scheme'],
    ['javascript:alert(1)', 'scheme'],
    ['', 'scheme'],
  ])('E03: %j is refused, not repaired', (text, reason) => {
    expect(originOf(text)).toBe(`refused: ${reason}`);
  });

  test('an overlong text is refused before it is parsed', () => {
    expect(originOf(`https://good.example/${'a'.repeat(10_000)}`)).toBe('refused: too_long');
  });

  test('E05: an internationalised name is shown as punycode, followed by its Unicode form', () => {
    expect(canonicalOrigin('https://例え.テスト')).toMatchObject({
      origin: 'https://xn--r8jz45g.xn--zckzah',
      display: 'https://xn--r8jz45g.xn--zckzah (例え.テスト)',
    });
    // Cyrillic о: looks like the real one, but is not.
    expect(originOf('https://gооd.example')).toBe('https://xn--gd-fmca.example');
    expect(canonicalOrigin('https://good.example')).toMatchObject({ display: 'https://good.example' });
  });

  test.each([
    ['http://127.1', 'http://127.0.0.1'],
    ['http://2130706433', 'http://127.0.0.1'],
    ['http://0x7f000001', 'http://127.0.0.1'],
    ['http://0177.0.0.1', 'http://127.0.0.1'],
    ['http://127.0.0.1.', 'http://127.0.0.1'],
    ['http://①②⑦.⓪.⓪.①', 'http://127.0.0.1'],
    ['http://[0:0:0:0:0:ffff:127.0.0.1]', 'http://[::ffff:7f00:1]'],
  ])('E06: %s is read as the address it is', (text, origin) => {
    expect(originOf(text)).toBe(origin);
  });

  test('the path and query are kept as they go on the wire, the fragment is not', () => {
    expect(canonicalOrigin("https://good.example/a b?$filter=isRead eq false&x='y'#z")).toMatchObject({
      path: '/a%20b?$filter=isRead%20eq%20false&x=%27y%27',
    });
    expect(canonicalOrigin('https://good.example')).toMatchObject({ path: '/', port: 443, scheme: 'https' });
  });
});
