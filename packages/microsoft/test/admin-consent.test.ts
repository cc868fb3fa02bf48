import { describe, expect, test } from 'vitest';
import { adminConsentUrl, readAdminConsent } from '../src/admin-consent.ts';

const id = '3f9c1a52-0d6e-4b7a-9c1d-5e2f8a7b6c40';
const request = {
  clientId: 'c1',
  redirectUri: 'https://argus.example/services/authcallback/M',
  scopes: ['openid', 'Mail.Read'],
  state: 's1',
};
const query = 'client_id=c1&redirect_uri=https%3A%2F%2Fargus.example%2Fservices%2Fauthcallback%2FM&state=s1';
const global = 'https://login.microsoftonline.com';

describe('field D5: the URL of the admin consent follows the authorize endpoint', () => {
  test.each([
    [
      `${global}/${id.toUpperCase()}/oauth2/v2.0/authorize`,
      `${global}/${id}/v2.0/adminconsent?${query}&scope=openid+Mail.Read`,
    ],
    [
      `${global}/contoso.example/oauth2/v2.0/authorize?domain_hint=x`,
      `${global}/contoso.example/v2.0/adminconsent?${query}&scope=openid+Mail.Read`,
    ],
    [
      `${global}/common/oauth2/v2.0/authorize`,
      `${global}/organizations/v2.0/adminconsent?${query}&scope=openid+Mail.Read`,
    ],
    [
      `${global}/Organizations/oauth2/v2.0/authorize/`,
      `${global}/organizations/v2.0/adminconsent?${query}&scope=openid+Mail.Read`,
    ],
    [`${global}/${id}/oauth2/authorize`, `${global}/${id}/adminconsent?${query}`],
    [
      `https://login.partner.microsoftonline.cn/${id}/oauth2/v2.0/authorize`,
      `https://login.partner.microsoftonline.cn/${id}/v2.0/adminconsent?${query}&scope=openid+Mail.Read`,
    ],
    [
      `https://login.microsoftonline.us/${id}/oauth2/v2.0/authorize`,
      `https://login.microsoftonline.us/${id}/v2.0/adminconsent?${query}&scope=openid+Mail.Read`,
    ],
    [
      `http://localhost:3651/${id}/oauth2/v2.0/authorize`,
      `http://localhost:3651/${id}/v2.0/adminconsent?${query}&scope=openid+Mail.Read`,
    ],
    [`${global}/consumers/oauth2/v2.0/authorize`, undefined],
    [`${global}/9188040d-6c67-4c5b-b112-36a304b66dad/oauth2/v2.0/authorize`, undefined],
    ['https://fs.contoso.example/adfs/oauth2/authorize', undefined],
    ['https://idp.example/realms/x/protocol/openid-connect/auth', undefined],
    ['no URL', undefined],
  ])('%s', (authorizeEndpointUrl, url) => {
    expect(adminConsentUrl(authorizeEndpointUrl, request)).toBe(url);
  });
});

test.each([
  [{ admin_consent: 'True', tenant: id }, 'granted'],
  [{ admin_consent: 'true' }, 'granted'],
  [{ error: 'access_denied', admin_consent: 'True' }, 'declined'],
  [{ error: 'permission_denied' }, 'declined'],
  [{ error: 'invalid_client', admin_consent: 'True' }, 'failed'],
  [{ error: ['access_denied', 'x'], admin_consent: 'True' }, 'failed'],
  [{ admin_consent: 'False' }, 'failed'],
  [{}, 'failed'],
] as const)('field D5: %j says: %s', (query, result) => {
  expect(readAdminConsent(query)).toBe(result);
});
