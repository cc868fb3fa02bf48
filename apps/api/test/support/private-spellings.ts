import { hostname, networkInterfaces } from 'node:os';

/** This machine's own addresses in its network, as another machine would call them. */
const ownAddresses = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal, family }) => !internal && family === 'IPv4')
  .map(({ address }) => address)
  .filter((address) => /^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(address));

/** Hosts that could reach something private, in every spelling that a parser may understand. */
export const privateSpellings: Readonly<Record<string, readonly string[]>> = {
  'decimal, octal, hexadecimal, short': [
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '127.255.255.254',
    '2130706433',
    '0177.0.0.1',
    '0177.1',
    '017700000001',
    '0x7f.0.0.1',
    '0x7f.1',
    '0x7f000001',
    '0X7F000001',
    '127.000.000.001',
    '0.0.0.0',
    '0',
    '0x0',
  ],
  'full-width and other digits, dots and letters': [
    '１２７.０.０.１',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    '127．0．0．1',
    'ＬＯＣＡＬＨＯＳＴ',
    'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
    'lo\u00adcalhost',
    'lo\u200bcalhost',
  ],
  'names of this machine': ['localhost', 'LOCALHOST', 'localhost.', 'a.localhost', hostname(), ...ownAddresses],
  'trailing dots': ['127.0.0.1.', '127.1.', '0x7f000001.'],
  'IPv6 with an IPv4 address inside': [
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:127.0.0.1]',
    '[::127.0.0.1]',
    '[::ffff:0:127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::1]',
    '[2001:0:4136:e378:8000:63bf:80ff:fffe]',
  ],
  'IPv6 of this machine and its network': [
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::]',
    '[fe80::1]',
    '[fe80::1%25lo]',
    '[fc00::1]',
    '[fd00::1]',
    '[fec0::1]',
    '[ff02::1]',
    '[100::1]',
  ],
  'metadata of cloud machines': [
    '169.254.169.254',
    '2852039166',
    '[::ffff:169.254.169.254]',
    '[fd00:ec2::254]',
    '168.63.129.16',
    '100.100.100.200',
    '192.0.0.192',
  ],
  'other networks that are not public': [
    '10.0.0.1',
    '172.16.0.1',
    '192.168.0.1',
    '100.64.0.1',
    '169.254.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
  ],
  'userinfo and other disguises': [
    'user@127.0.0.1',
    'graph.microsoft.com@127.0.0.1',
    'graph.microsoft.com:443@127.0.0.1',
    'graph.microsoft.com\\@127.0.0.1',
    'graph.microsoft.com%40127.0.0.1',
    '127.0.0.1%2f.graph.microsoft.com',
    '127.0.0.1%00.graph.microsoft.com',
    '127.0.0.1\\.graph.microsoft.com',
    '127.0.0.1#.graph.microsoft.com',
    '127.0.0.1?.graph.microsoft.com',
    '127.0.0\t.1',
    '%31%32%37.0.0.1',
  ],
};
