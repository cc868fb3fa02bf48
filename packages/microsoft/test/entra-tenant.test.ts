import { describe, expect, test } from 'vitest';
import { judgeIssuer, tenantOf } from '../src/entra-tenant.ts';

const id = '3f9c1a52-0d6e-4b7a-9c1d-5e2f8a7b6c40';
const other = '99999999-0d6e-4b7a-9c1d-5e2f8a7b6c40';
const personal = '9188040d-6c67-4c5b-b112-36a304b66dad';
const v2 = (host: string, tenant: string) => `https://${host}/${tenant}/oauth2/v2.0/token`;
const v1 = (host: string, tenant: string) => `https://${host}/${tenant}/oauth2/token`;

describe('the tenant of an endpoint', () => {
  test.each([
    [v2('login.microsoftonline.com', id.toUpperCase()), { kind: 'id', id }],
    [v1('login.microsoftonline.com', 'Contoso.onmicrosoft.com'), { kind: 'domain', domain: 'contoso.onmicrosoft.com' }],
    [v2('login.microsoftonline.com', 'Common'), { kind: 'shared', name: 'common' }],
    [
      'https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize',
      { kind: 'shared', name: 'organizations' },
    ],
    ['https://idp.example/idp/acme/sts/token', undefined],
    ['no URL', undefined],
  ])('of %s', (url, tenant) => {
    expect(tenantOf(url)).toEqual(tenant);
  });
});

describe('S-4: the issuer of an id_token', () => {
  test.each([
    ['global, v2', v2('login.microsoftonline.com', id), `https://login.microsoftonline.com/${id}/v2.0`],
    ['global, v1', v1('login.microsoftonline.com', id), `https://sts.windows.net/${id}/`],
    ['an alias of the global host', v2('login.windows.net', id), `https://login.microsoftonline.com/${id}/v2.0`],
    [
      'a tenant by its domain',
      v2('login.microsoftonline.com', 'contoso.com'),
      `https://login.microsoftonline.com/${id}/v2.0`,
    ],
    [
      'any organization',
      v2('login.microsoftonline.com', 'organizations'),
      `https://login.microsoftonline.com/${id}/v2.0`,
    ],
    ['US government, v2', v2('login.microsoftonline.us', id), `https://login.microsoftonline.us/${id}/v2.0`],
    ['China, v2', v2('login.partner.microsoftonline.cn', id), `https://login.partner.microsoftonline.cn/${id}/v2.0`],
    ['China, the older host', v2('login.chinacloudapi.cn', id), `https://login.partner.microsoftonline.cn/${id}/v2.0`],
    ['China, v1', v1('login.chinacloudapi.cn', id), `https://sts.chinacloudapi.cn/${id}/`],
    ['a host outside the clouds', `http://localhost:3651/${id}/oauth2/v2.0/token`, `http://localhost:3651/${id}/v2.0`],
    ['a gateway before Entra', v2('login-gw.contoso.example', id), `https://login.microsoftonline.com/${id}/v2.0`],
  ])('fits: %s', (_name, url, iss) => {
    expect(judgeIssuer({ iss, tid: id }, url)).toBe('fits');
    // The ids in a path and in a claim may differ in case.
    expect(judgeIssuer({ iss, tid: id.toUpperCase() }, url)).toBe('fits');
  });

  test.each([
    ['another tenant than the endpoint names', v2('login.microsoftonline.com', id), other, 'tenant'],
    ['a personal account at a company’s domain', v2('login.microsoftonline.com', 'contoso.com'), personal, 'tenant'],
    [
      'a personal account where organizations are expected',
      v2('login.microsoftonline.com', 'organizations'),
      personal,
      'tenant',
    ],
    [
      'a company’s account where personal ones are expected',
      v2('login.microsoftonline.com', 'consumers'),
      id,
      'tenant',
    ],
    ['a personal account at common', v2('login.microsoftonline.com', 'common'), personal, 'fits'],
    ['a personal account at consumers', v2('login.microsoftonline.com', 'consumers'), personal, 'fits'],
  ])('%s', (_name, url, tid, verdict) => {
    expect(judgeIssuer({ iss: `https://login.microsoftonline.com/${tid}/v2.0`, tid }, url)).toBe(verdict);
  });

  test.each([
    ['that names another tenant than the token itself', `https://login.microsoftonline.com/${other}/v2.0`],
    ['of another cloud', `https://login.partner.microsoftonline.cn/${id}/v2.0`],
    ['that only begins the same', `https://login.microsoftonline.com/${id}/v2.0/x`],
    ['over plain http', `http://login.microsoftonline.com/${id}/v2.0`],
    ['of a similar host', `https://login.microsoftonline.com.evil.example/${id}/v2.0`],
    ['that is missing', undefined],
  ])('an issuer %s is refused', (_name, iss) => {
    expect(judgeIssuer({ iss, tid: id }, v2('login.microsoftonline.com', id))).toBe('issuer');
  });

  test('without tid nothing proves the tenant', () => {
    expect(
      judgeIssuer({ iss: `https://login.microsoftonline.com/${id}/v2.0` }, v2('login.microsoftonline.com', id)),
    ).toBe('issuer');
  });

  test('an endpoint that is not Entra’s is not judged', () => {
    expect(judgeIssuer({ iss: 'https://sts.other.example/' }, 'https://idp.example/idp/acme/sts/token')).toBe('fits');
  });
});
