import { describe, expect, test } from 'vitest';
import { judgeAddress, literalAddress } from '../src/address-policy.ts';
import { decide, type RemoteSite } from '../src/remote-site-policy.ts';

const good: RemoteSite = { origin: 'https://good.example', disableProtocolSecurity: false, active: true };

function outcome(
  url: string,
  sites: readonly RemoteSite[] = [good],
  allowPrivateNetwork: 'none' | 'loopback' = 'none',
) {
  const decision = decide(url, sites, { allowPrivateNetwork });
  return decision.allowed ? 'allowed' : decision.reason;
}

function nearMisses(url: string, sites: readonly RemoteSite[]) {
  const decision = decide(url, sites, { allowPrivateNetwork: 'none' });
  return decision.allowed ? [] : decision.nearMisses;
}

describe('remote-site policy', () => {
  test('an active entry lets its origin through, whatever the path of either', () => {
    expect(outcome('https://good.example/v1.0/me?x=1')).toBe('allowed');
    expect(outcome('https://good.example/other', [{ ...good, origin: 'https://good.example/v1.0' }])).toBe('allowed');
  });

  test('an empty list, an inactive entry and a malformed entry let nothing out', () => {
    expect(outcome('https://good.example', [])).toBe('site_not_registered');
    expect(outcome('https://good.example', [{ ...good, active: false }])).toBe('site_not_registered');
    expect(outcome('https://good.example', [{ ...good, origin: 'good.example' }])).toBe('site_not_registered');
  });

  test('there are no wildcards and no suffix matches', () => {
    for (const origin of ['https://*.example', 'https://*', 'https://example', 'https://.example']) {
      expect(outcome('https://good.example', [{ ...good, origin }])).toBe('site_not_registered');
    }
    expect(outcome('https://sub.good.example')).toBe('site_not_registered');
    expect(outcome('https://good.example.evil.test')).toBe('site_not_registered');
  });

  test('E01: userinfo does not smuggle another host past the list', () => {
    expect(outcome('https://good.example@evil.test')).toBe('malformed');
    expect(outcome('https://evil.test@good.example')).toBe('malformed');
  });

  test('E02: every spelling of the host gets the one decision', () => {
    for (const host of ['GOOD.EXAMPLE', 'good.example.', 'good.example:443', 'ｇｏｏｄ。ｅｘａｍｐｌｅ']) {
      expect(outcome(`https://${host}/`)).toBe('allowed');
      expect(outcome('https://good.example/', [{ ...good, origin: `https://${host}` }])).toBe('allowed');
    }
  });

  test('E03: tabs and percent-encoded dots are refused', () => {
    expect(outcome('https://good.example\t.evil.test')).toBe('malformed');
    expect(outcome('https://good.example%2eevil.test')).toBe('malformed');
  });

  test('E04: another port or plain http is refused unless the list says so', () => {
    expect(outcome('https://good.example:8443')).toBe('site_not_registered');
    expect(outcome('http://good.example')).toBe('site_not_registered');
    expect(outcome('https://good.example:8443', [{ ...good, origin: 'https://good.example:8443' }])).toBe('allowed');
    const plain = { ...good, origin: 'http://good.example' };
    expect(outcome('http://good.example', [plain])).toBe('plain_http');
    expect(outcome('http://good.example', [{ ...plain, disableProtocolSecurity: true }])).toBe('allowed');
    expect(outcome('http://good.example', [{ ...good, disableProtocolSecurity: true }])).toBe('site_not_registered');
  });

  test('E06: every number form of a loopback address is denied, also when it is listed', () => {
    for (const host of ['127.1', '2130706433', '0x7f000001', '①②⑦.⓪.⓪.①', '127.0.0.1', '0', '0177.1']) {
      const url = `http://${host}`;
      expect(outcome(url, [{ origin: url, disableProtocolSecurity: true, active: true }])).toBe('address_denied');
    }
  });

  test('E07: IPv6 loopback, mapped, NAT64, 6to4, Teredo and unique-local literals are denied', () => {
    for (const address of ['::1', '::ffff:7f00:1', '64:ff9b::7f00:1', '2002:7f00:1::', '2001:0:7f00:1::', 'fd00::1']) {
      const url = `https://[${address}]`;
      expect(outcome(url, [{ ...good, origin: url }])).toBe('address_denied');
    }
  });

  test('E08: link-local, shared and cloud-internal literals are denied', () => {
    for (const address of ['169.254.169.254', '100.64.0.1', '168.63.129.16']) {
      const url = `https://${address}`;
      expect(outcome(url, [{ ...good, origin: url }])).toBe('address_denied');
    }
  });

  test('the development setting opens loopback and still asks for an entry', () => {
    const local = { origin: 'http://127.0.0.1:4001', disableProtocolSecurity: true, active: true };
    expect(outcome('http://127.0.0.1:4001/x', [local], 'loopback')).toBe('allowed');
    expect(outcome('http://127.0.0.1:4001/x', [], 'loopback')).toBe('site_not_registered');
    expect(outcome('http://10.0.0.1', [{ ...local, origin: 'http://10.0.0.1' }], 'loopback')).toBe('address_denied');
  });

  test('a refusal names the entries that come close, nearest first, and how they differ', () => {
    const sites = [
      'https://www.good.example',
      'https://god.example',
      'https://good.example:8443',
      'http://good.example',
      'https://unrelated.test',
    ].map((origin) => ({ ...good, origin }));
    expect(nearMisses('https://good.example/x', [...sites, { ...good, active: false }])).toEqual([
      { origin: 'https://good.example', difference: 'inactive' },
      { origin: 'http://good.example', difference: 'scheme' },
      { origin: 'https://good.example:8443', difference: 'port' },
      { origin: 'https://god.example', difference: 'spelling' },
      { origin: 'https://www.good.example', difference: 'sibling_host' },
    ]);
  });

  test('hosts under a country’s second level are no siblings, nor are IP addresses', () => {
    const entry = (origin: string) => [{ ...good, origin }];
    expect(nearMisses('https://alpha.co.jp', entry('https://omega.co.jp'))).toEqual([]);
    expect(nearMisses('https://login.alpha.co.jp', entry('https://graph.alpha.co.jp'))).toEqual([
      { origin: 'https://graph.alpha.co.jp', difference: 'sibling_host' },
    ]);
    expect(nearMisses('https://198.100.50.1', entry('https://27.200.50.1'))).toEqual([]);
    expect(nearMisses('https://graph.microsoft.com', entry('https://login.microsoftonline.com'))).toEqual([]);
  });
});

describe('address policy', () => {
  test.each(['93.184.216.34', '8.8.8.8', '2606:4700::1111', '2a00:1450:4001::1'])('%s is public', (address) => {
    expect(judgeAddress(address, 'none')).toEqual({ allowed: true, range: 'unicast' });
  });

  test.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '168.63.129.16',
    '169.254.169.254',
    '172.16.0.1',
    '192.0.0.192',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.0.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::7f00:1',
    '::ffff:8.8.8.8',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:2::1',
    '2001:db8::1',
    '2002:808:808::1',
    '3fff::1',
    '4000::1',
    '5f00::1',
    'fc00::1',
    'fd00::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'not an address',
    '',
    '127.1',
  ])('E07, E08: %j is not public', (address) => {
    expect(judgeAddress(address, 'none').allowed).toBe(false);
  });

  test('E08: no development setting opens cloud-internal or mapped addresses', () => {
    for (const address of ['169.254.169.254', '168.63.129.16', '100.100.100.200', 'fd00:ec2::254', '::ffff:7f00:1']) {
      expect(judgeAddress(address, 'all').allowed).toBe(false);
    }
    expect(judgeAddress('10.0.0.1', 'all').allowed).toBe(true);
    expect(judgeAddress('fd12::1', 'all').allowed).toBe(true);
    expect(judgeAddress('10.0.0.1', 'loopback').allowed).toBe(false);
    expect(judgeAddress('::1', 'loopback').allowed).toBe(true);
  });

  test('a name is no literal address, not even one of digits', () => {
    expect(literalAddress('127.0.0.1')).toBe('127.0.0.1');
    expect(literalAddress('[::1]')).toBe('::1');
    expect(literalAddress('127.example')).toBeUndefined();
    expect(literalAddress('good.example')).toBeUndefined();
  });
});
