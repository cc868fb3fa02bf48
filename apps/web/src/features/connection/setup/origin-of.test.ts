import { expect, test } from 'vitest';
import { hostOf, originOf, withOrigin } from './origin-of.ts';

test('a URL keeps its path and query at another origin', () => {
  expect(withOrigin('https://graph.micorsoft.com/v1.0/me/messages?x=1', 'https://graph.microsoft.com')).toBe(
    'https://graph.microsoft.com/v1.0/me/messages?x=1',
  );
  expect(withOrigin('graph', 'https://graph.microsoft.com')).toBeUndefined();
});

test('only http and https have an origin here', () => {
  expect(originOf(' https://GOOD.example:443/a ')).toBe('https://good.example');
  expect(originOf('ftp://good.example')).toBeUndefined();
  expect(hostOf('http://127.0.0.1:8080/x')).toBe('127.0.0.1');
  expect(hostOf(undefined)).toBe('');
});
