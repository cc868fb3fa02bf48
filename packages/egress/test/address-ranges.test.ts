import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { judgeAddress, readAddressRange } from '../src/address-policy.ts';
import { startDeadline } from '../src/deadline.ts';
import { addressesIn, call, closeAll, factOf, guarded, resolveTo, serve, site } from './local-server.ts';

afterEach(closeAll);

const allowed = (address: string, ...ranges: readonly string[]) => judgeAddress(address, 'none', ranges).allowed;

/** Ranges that a careless or malicious administrator could wish for; only the first five can be stored. */
const widest = ['10.0.0.0/8', '100.64.0.0/10', '198.18.0.0/15', 'fc00::/7', '64:ff9b:1::/48', '0.0.0.0/0', '::/0'];

describe('ops T31: addresses outside the public internet', () => {
  test.each([
    ['10.1.2.3', '10.1.0.0/16'],
    ['100.64.0.7', '100.64.0.0/10'],
    ['198.18.0.1', '198.18.0.0/15'],
    ['172.16.5.4', '172.16.5.4/32'],
    ['192.168.1.1', '192.168.0.0/16'],
    ['fd12::1', 'fd12::/16'],
  ])('ops T31: %s may be called where its site allows %s, and nowhere else', (address, range) => {
    expect(allowed(address)).toBe(false);
    expect(allowed(address, range)).toBe(true);
    expect(allowed(address, '10.99.0.0/16', 'fd99::/16')).toBe(false);
  });

  test.each([
    ['64:ff9b::142f:6001', true],
    ['64:ff9b:1::142f:6001', true],
    ['64:ff9b::a01:203', false],
    ['64:ff9b:1::a01:203', false],
    ['64:ff9b::7f00:1', false],
    ['64:ff9b::a9fe:a9fe', false],
    ['64:ff9b::', false],
    ['64:ff9b:1::', false],
    // 10.1.2.3 behind a prefix of 48, 56 and 64 bits, each with a public address in the last bits.
    ['64:ff9b:1:a01:2:300:808:808', false],
    ['64:ff9b:1:a:1:203:808:808', false],
    ['64:ff9b:1:0:a:102:308:808', false],
  ])('ops T31: NAT64 %s is judged by the IPv4 address inside: %s', (address, expected) => {
    expect(allowed(address)).toBe(expected);
  });

  test('ops T31: a private IPv4 address behind NAT64 is allowed as that IPv4 address is', () => {
    expect(allowed('64:ff9b::a01:203', '10.1.0.0/16')).toBe(true);
    expect(allowed('64:ff9b::a01:203', '10.2.0.0/16')).toBe(false);
    expect(allowed('64:ff9b::a01:203', '64:ff9b::/96')).toBe(false);
  });

  test('ops T31: a NAT64 prefix of the own network is allowed by its range', () => {
    const address = '64:ff9b:1:fffe::142f:6001';
    expect(allowed(address)).toBe(false);
    expect(allowed(address, '64:ff9b:1:fffe::/96')).toBe(true);
    expect(allowed('64:ff9b:1:fffe::a9fe:a9fe', '64:ff9b:1:fffe::/96')).toBe(false);
    expect(allowed('64:ff9b:1:fffe::7f00:1', '64:ff9b:1:fffe::/96')).toBe(false);
  });

  test.each([
    '127.0.0.1',
    '::1',
    '0.0.0.0',
    '::',
    '169.254.169.254',
    '169.254.1.1',
    'fe80::1',
    '168.63.129.16',
    '100.100.100.200',
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd20:ce::254',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b::6464:64c8',
    '::ffff:10.0.0.5',
    '::ffff:127.0.0.1',
    '2002:a00:5::1',
    '224.0.0.1',
    '255.255.255.255',
    '240.0.0.1',
  ])('ops T31: %s is never called in production, whatever the ranges', (address) => {
    expect(allowed(address, ...widest)).toBe(false);
  });
});

describe('ops T31: the ranges of a remote site', () => {
  test.each([
    ['10.1.2.3/16', '10.1.0.0/16'],
    ['10.1.2.3', '10.1.2.3/32'],
    ['100.64.0.0/10', '100.64.0.0/10'],
    ['198.18.0.0/15', '198.18.0.0/15'],
    ['FD12:0:0::5/16', 'fd12::/16'],
    ['fd12::5', 'fd12::5/128'],
    ['64:ff9b:1:2::/96', '64:ff9b:1:2::/96'],
  ])('ops T31: %s is stored as %s', (typed, range) => {
    expect(readAddressRange(typed)).toEqual({ ok: true, range });
  });

  test.each([
    ['10.0.0.0/33', 'malformed'],
    ['10.0.0.0-10.0.0.9', 'malformed'],
    ['10.1', 'malformed'],
    ['10.1/16', 'malformed'],
    ['0x0a.0.0.0/8', 'malformed'],
    ['[fd12::]/16', 'malformed'],
    ['gateway.example', 'malformed'],
    ['20.47.96.0/24', 'public'],
    ['2603:1000::/24', 'public'],
    ['64:ff9b::/96', 'public'],
    ['0.0.0.0/0', 'closed'],
    ['::/0', 'closed'],
    ['10.0.0.0/7', 'closed'],
    ['127.0.0.0/8', 'closed'],
    ['169.254.0.0/16', 'closed'],
    ['169.254.169.254', 'closed'],
    ['100.100.100.200', 'closed'],
    ['fd00:ec2::254/128', 'closed'],
    ['fe80::/10', 'closed'],
    ['::1', 'closed'],
    ['::ffff:10.0.0.0/104', 'closed'],
    ['224.0.0.0/4', 'closed'],
  ])('ops T31: %s is refused: %s', (typed, reason) => {
    expect(readAddressRange(typed)).toEqual({ ok: false, reason });
  });
});

describe('ops T31: the guarded fetch', () => {
  const url = 'http://gateway.example:9';

  test('ops T31: refuses a name with an address that its site does not allow, also among allowed ones', async () => {
    const ranges = { allowedAddressRanges: ['10.1.0.0/16'] };
    const outcome = (sites: Parameters<typeof guarded>[0], ...addresses: readonly string[]) => {
      const resolve = resolveTo(...addresses);
      return factOf(call(guarded(sites, { resolve, privateNetwork: 'none', connectTimeoutMs: 100 }), url));
    };
    expect(await outcome([site(url)], '10.1.2.3')).toMatchObject({ kind: 'address_denied', address: '10.1.2.3' });
    const open = { ...site(url), ...ranges };
    expect(await outcome([open], '10.1.2.3', '10.2.2.3')).toMatchObject({
      kind: 'address_denied',
      address: '10.2.2.3',
    });
    expect(await outcome([open], '169.254.169.254')).toMatchObject({ kind: 'address_denied' });
    const other = { ...site('http://other.example'), ...ranges };
    expect(await outcome([site(url), other], '10.1.2.3')).toMatchObject({ kind: 'address_denied' });
    const literal = 'https://10.1.2.3';
    const check = (entry: Parameters<typeof guarded>[0][number]) =>
      guarded([entry], { privateNetwork: 'none' }).check(literal);
    expect(await check(site(literal))).toMatchObject({ reason: 'address_denied' });
    expect(await check({ ...site(literal), ...ranges })).toMatchObject({ allowed: true });
    const foreign = guarded([site(literal), other], { privateNetwork: 'none' });
    expect(await foreign.check(literal)).toMatchObject({ reason: 'address_denied' });
    expect(await check({ ...site(literal), ...ranges, active: false })).toMatchObject({
      reason: 'site_not_registered',
    });
  });

  test('ops T31: a name with addresses that its site allows may be called', async () => {
    const addresses = ['10.1.2.3', '20.47.96.1', '64:ff9b::142f:6001'];
    const entry = { ...site(url), allowedAddressRanges: ['10.1.0.0/16'] };
    const guardedFetch = guarded([entry], { resolve: resolveTo(...addresses), privateNetwork: 'none' });
    expect(await addressesIn(guardedFetch, { url, deadline: startDeadline(1000) })).toEqual(addresses);
  });

  test('ops T31: once ranges are taken away, a connection that they allowed serves no further call', async () => {
    const server = await serve((_request, response) => response.end());
    const origin = `http://gateway.example:${server.port}`;
    let ranges = ['10.1.0.0/16'];
    const guardedFetch = guarded([], {
      sites: async () => [{ ...site(origin), allowedAddressRanges: ranges }],
      resolve: resolveTo('127.0.0.1'),
    });
    await call(guardedFetch, origin);
    await sleep(30);
    await call(guardedFetch, origin);
    expect(server.connections()).toBe(1);
    await sleep(30);
    ranges = [];
    await call(guardedFetch, origin);
    expect(server.connections()).toBe(2);
  });
});
