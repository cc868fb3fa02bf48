import { expect, test } from 'vitest';
import { entraEndpoints, tenantOf } from './entra-endpoints.ts';

test('the endpoints are built from a directory ID', () => {
  expect(entraEndpoints(' 6731DE76-14a6-49ae-97bc-6eba6914391e ')).toEqual({
    authorizeEndpointUrl:
      'https://login.microsoftonline.com/6731de76-14a6-49ae-97bc-6eba6914391e/oauth2/v2.0/authorize',
    tokenEndpointUrl: 'https://login.microsoftonline.com/6731de76-14a6-49ae-97bc-6eba6914391e/oauth2/v2.0/token',
  });
});

test('a verified domain names a tenant too, in any width', () => {
  expect(entraEndpoints('ｃｏｎｔｏｓｏ.onmicrosoft.com')?.tokenEndpointUrl).toBe(
    'https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token',
  );
});

test.each([
  [''],
  ['common'],
  ['contoso'],
  ['../evil.example'],
  ['contoso.com/x'],
  ['contoso.com?x=1'],
  ['a@b.com'],
  ['契約.jp'],
])('%j names no tenant', (text) => {
  expect(entraEndpoints(text)).toBeUndefined();
});

test.each([
  ['https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/tokens', 'contoso.onmicrosoft.com'],
  [' https://login.microsoftonline.com/6731de76-14a6-49ae-97bc-6eba6914391e', '6731de76-14a6-49ae-97bc-6eba6914391e'],
  ['https://login.microsoftonline.com/common/oauth2/v2.0/token', ''],
  ['https://login.example/contoso.onmicrosoft.com/oauth2/v2.0/token', ''],
  ['https://login.microsoftonline.com', ''],
  ['login', ''],
])('the tenant in %j is %j', (url, tenant) => {
  expect(tenantOf(url)).toBe(tenant);
});
