import { describe, expect, test } from 'vitest';
import { readIdToken } from '../src/read-id-token.ts';

const now = Date.UTC(2026, 0, 1);
const seconds = now / 1000;

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: unknown, header: object = { typ: 'JWT', alg: 'RS256' }) =>
  `${encode(header)}.${encode(claims)}.sig`;

const claims = {
  aud: 'client',
  iss: 'https://login.microsoftonline.com/tenant/v2.0',
  exp: seconds + 3600,
  nonce: 'n',
  oid: 'object',
  tid: 'tenant',
  name: '花子 Adele',
  preferred_username: 'AdeleV@contoso.OnMicrosoft.com',
};
const expected = { audience: 'client', nonce: 'n', now, tokenEndpointUrl: 'https://sts.other.example/token' };

const reason = (changed: object, expectation: object = {}) => {
  const reading = readIdToken(jwt({ ...claims, ...changed }), { ...expected, ...expectation });
  return reading.ok ? 'ok' : reading.reason;
};
const principal = (changed: object) => {
  const reading = readIdToken(jwt({ ...claims, preferred_username: undefined, ...changed }), expected);
  return reading.ok ? reading.account.userPrincipalName : reading.reason;
};

describe('id_token', () => {
  test('the documented v2 form', () => {
    expect(readIdToken(jwt(claims), expected)).toEqual({
      ok: true,
      account: {
        tenantId: 'tenant',
        objectId: 'object',
        userPrincipalName: 'AdeleV@contoso.OnMicrosoft.com',
        name: '花子 Adele',
        issuer: 'https://login.microsoftonline.com/tenant/v2.0',
      },
    });
  });

  test('upn comes before preferred_username, and that before unique_name', () => {
    const all = { upn: 'a@b.example', preferred_username: 'c@d.example', unique_name: 'e@f.example' };
    expect(principal(all)).toBe('a@b.example');
    expect(principal({ ...all, upn: undefined })).toBe('c@d.example');
    expect(principal({ unique_name: 'e@f.example' })).toBe('e@f.example');
  });

  test.each([
    '+81 90 0000 0000',
    'someone',
    'a@b',
    'a b@c.example',
    'live.com#a@outlook.com',
    7,
    null,
    '@c.example',
    'a\0@c.example',
    'a\u202e@c.example',
    '\ud800a@c.example',
  ])('the name %j does not have the form of a UPN', (value) => {
    expect(principal({ preferred_username: value, unique_name: value, upn: value })).toBeUndefined();
  });

  test('a malformed id counts as absent', () => {
    for (const id of ['', 'a\0', 'a\u202eb', 'a b', 'x'.repeat(65), 7, null]) {
      const reading = readIdToken(jwt({ ...claims, oid: id, tid: id }), expected);
      expect(reading.ok && [reading.account.objectId, reading.account.tenantId]).toEqual([undefined, undefined]);
    }
  });

  test('a guest’s UPN has the form of one', () => {
    expect(principal({ upn: 'a_b.example#EXT#@contoso.onmicrosoft.com' })).toContain('#EXT#');
  });

  test('the audience must be ours, alone or in a list', () => {
    expect(reason({ aud: 'other' })).toBe('audience');
    expect(reason({ aud: ['other', 'client'] })).toBe('ok');
    expect(reason({ aud: ['other'] })).toBe('audience');
    expect(reason({ aud: undefined })).toBe('audience');
    expect(reason({ aud: { client: 'client' } })).toBe('audience');
    expect(reason({ azp: 'other' })).toBe('audience');
    expect(reason({ azp: 'client' })).toBe('ok');
  });

  test('V12: five minutes of clock skew are allowed, no more', () => {
    expect(reason({ exp: seconds - 299 })).toBe('ok');
    expect(reason({ exp: seconds - 300 })).toBe('expired');
    expect(reason({ exp: String(seconds + 60) })).toBe('ok');
    for (const exp of [undefined, null, 'never', {}, true]) expect(reason({ exp })).toBe('expired');
  });

  test('the nonce must be the one that was sent; if none was sent, none is required', () => {
    expect(reason({ nonce: 'other' })).toBe('nonce');
    expect(reason({ nonce: undefined })).toBe('nonce');
    expect(reason({ nonce: ['n'] })).toBe('nonce');
    expect(reason({ nonce: 'other' }, { nonce: undefined })).toBe('ok');
  });

  test('S-4: tid and iss are checked against the endpoint that issued the token', () => {
    const id = '3f9c1a52-0d6e-4b7a-9c1d-5e2f8a7b6c40';
    const tokenEndpointUrl = `https://login.microsoftonline.com/${id}/oauth2/v2.0/token`;
    const iss = `https://login.microsoftonline.com/${id}/v2.0`;
    expect(reason({ tid: id, iss }, { tokenEndpointUrl })).toBe('ok');
    expect(reason({ tid: '99999999-0d6e-4b7a-9c1d-5e2f8a7b6c40', iss }, { tokenEndpointUrl })).toBe('tenant');
    expect(reason({ tid: id, iss: 'https://evil.example/v2.0' }, { tokenEndpointUrl })).toBe('issuer');
  });

  test.each([
    '',
    'a',
    'a.b',
    'a.b.c.d',
    `x.${encode('text')}.y`,
    `x.${encode([])}.y`,
    `x.${encode(null)}.y`,
    'x.!!!.y',
  ])('U05: %j is malformed', (text) => {
    expect(readIdToken(text, expected)).toEqual({ ok: false, reason: 'malformed' });
  });

  test('an unsigned v1 token is read, since no signature is checked', () => {
    const unsigned = jwt({ ...claims, preferred_username: undefined, upn: 'a@b.example' }, { typ: 'JWT', alg: 'none' });
    expect(readIdToken(unsigned.replace(/sig$/u, ''), expected)).toMatchObject({ ok: true });
  });
});

describe('field C1 and C3: ids have one form', () => {
  const clientId = '3f9a4c1e-5d62-4b0f-8e17-a2c6d9b04571';

  test('field C1: a client id in capitals is the audience that Entra sends in lower case', () => {
    const capitals = { audience: clientId.toUpperCase() };
    expect(reason({ aud: clientId }, capitals)).toBe('ok');
    expect(reason({ aud: [clientId, 'other'], azp: clientId }, capitals)).toBe('ok');
    expect(reason({ aud: clientId.toUpperCase() }, { audience: clientId })).toBe('ok');
    expect(reason({ aud: '3f9a4c1e-5d62-4b0f-8e17-a2c6d9b04572' }, capitals)).toBe('audience');
  });

  test('field C1: an id that is not a GUID is compared character by character', () => {
    expect(reason({ aud: 'client' }, { audience: 'Client' })).toBe('audience');
  });

  test.each([
    ['00000000-0000-0000-48d3-1887ad55a21a', '48d31887ad55a21a'],
    ['48D31887AD55A21A', '48d31887ad55a21a'],
    ['8d31887ad55a21a', '08d31887ad55a21a'],
    ['A1F0C0DE-0001-4A6B-9C11-0D5A6E1F0001', 'a1f0c0de-0001-4a6b-9c11-0d5a6e1f0001'],
  ])('field C3: the oid %s is %s', (oid, id) => {
    const reading = readIdToken(jwt({ ...claims, oid }), expected);
    expect(reading.ok && reading.account.objectId).toBe(id);
  });
});
