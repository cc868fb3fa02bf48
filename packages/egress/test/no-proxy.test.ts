import { describe, expect, test } from 'vitest';
import { readNoProxy } from '../src/no-proxy.ts';

const direct = (list: string, host: string, port = 443) => readNoProxy(list).goesDirectly(host, port);

describe('ops T30: ARGUS_NO_PROXY', () => {
  test.each([
    ['', 'good.example', false],
    ['*', 'good.example', true],
    ['*', '[2001:db8::1]', true],
    ['good.example', 'good.example', true],
    ['GOOD.Example', 'good.example', true],
    ['good.example', 'sub.good.example', true],
    ['good.example', 'notgood.example', false],
    ['good.example', 'good.example.test', false],
    ['.good.example', 'sub.good.example', true],
    ['*.good.example', 'sub.good.example', true],
    ['.good.example', 'good.example', false],
    ['.good.example', 'notgood.example', false],
    ['10.0.0.5', '10.0.0.5', true],
    ['10.0.0.5', '10.0.0.50', false],
    ['10.0.0.0/8', '10.200.3.4', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', '[fd00::1]', false],
    ['fd00::/8', '[fd00::1]', true],
    ['fd00::1', '[fd00::1]', true],
    ['[fd00::1]', '[fd00::1]', true],
    ['other.example, good.example', 'good.example', true],
    ['other.example good.example', 'good.example', true],
  ])('ops T30: %j: %s goes directly: %s', (list, host, expected) => {
    expect(readNoProxy(list).faults).toEqual([]);
    expect(direct(list, host)).toBe(expected);
  });

  test('ops T30: an entry with a port is for that port alone', () => {
    expect(direct('good.example:8443', 'good.example', 8443)).toBe(true);
    expect(direct('good.example:8443', 'good.example')).toBe(false);
    expect(direct('[fd00::1]:8443', '[fd00::1]', 8443)).toBe(true);
    expect(direct('10.0.0.0/8:8443', '10.0.0.1', 8443)).toBe(true);
    expect(direct('10.0.0.0/8:8443', '10.0.0.1')).toBe(false);
  });

  test('ops T30: what is none of these is named', () => {
    const { faults } = readNoProxy('good.example, http://good.example/, 10.0.0.0/33, a..b, good.example:0, a*b');
    expect(faults).toEqual(['http://good.example/', '10.0.0.0/33', 'a..b', 'good.example:0', 'a*b']);
  });
});
