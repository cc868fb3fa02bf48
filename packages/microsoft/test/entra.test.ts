import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { aadstsCodes, fromTokenEndpointError, parseTokenResponse, rotatedRefreshToken } from '../src/entra.ts';
import { MicrosoftFailure } from '../src/fact.ts';
import { parseRetryAfter } from '../src/parse-retry-after.ts';
import { parseRedirectError } from '../src/redirect-error.ts';

const trace = '255d1aef-8c98-452f-ac51-23d051240864';
const correlation = 'fb3d2015-bc17-4bb9-bb85-30c5cf1aaaa7';

// In the form that Microsoft documents for the token endpoint.
const documented = {
  error: 'invalid_client',
  error_description: `AADSTS7000215: Invalid client secret provided.\r\nTrace ID: ${trace}\r\nCorrelation ID: ${correlation}\r\nTimestamp: 2021-05-16 05:21:44Z`,
  error_codes: [7000215],
  timestamp: '2021-05-16 05:21:44Z',
  trace_id: trace,
  correlation_id: correlation,
  error_uri: 'https://login.microsoftonline.com/error?code=7000215',
};

/** A list too deep to serialize. */
const deep: unknown = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);

describe('errors of the token endpoint', () => {
  test('the documented form', () => {
    const cause = new Error('Boom');
    const failure = fromTokenEndpointError({ status: 401, payload: documented, cause });
    expect(failure.cause).toBe(cause);
    expect(failure.fact).toEqual({
      call: 'token',
      kind: 'http',
      status: 401,
      oauthError: 'invalid_client',
      errorCodes: [7000215],
      traceId: trace,
      correlationId: correlation,
      timestamp: '2021-05-16 05:21:44Z',
    });
  });

  test.each([
    ['the list alone', { error_codes: [65001] }, [65001]],
    ['a list of strings', { error_codes: ['65001', 'x', null] }, [65001]],
    [
      'a list with items that are not numbers',
      { error_codes: [{ toString: 1, valueOf: 1 }, deep, [65002], 65001] },
      [65001],
    ],
    ['the description alone', { error_description: 'AADSTS700016: Application …' }, [700016]],
    ['the link alone', { error_uri: 'https://login.microsoftonline.com/error?code=90002' }, [90002]],
    [
      'the wording of 2015, two codes in the text and the list',
      {
        error_description: 'AADSTS70002: Error validating credentials. AADSTS50012: Client assertion is invalid.',
        error_codes: [70002, 50012],
      },
      [70002, 50012],
    ],
    [
      'the wording of 2015, the specific one in the text alone',
      { error_description: 'AADSTS70002: Error. AADSTS50064: Credential validation failed.', error_codes: [70002] },
      [70002, 50064],
    ],
    [
      'the wording of 2015, the general one in the text alone',
      { error_description: 'AADSTS70002: Error. AADSTS50012: Invalid.', error_codes: [50012] },
      [70002, 50012],
    ],
    [
      'the specific one in the list alone',
      { error_description: 'AADSTS70002: x', error_codes: [70002, 50012] },
      [70002, 50012],
    ],
    ['different ones', { error_description: 'AADSTS50012: x', error_codes: [70002] }, [70002, 50012]],
    [
      'a link that names the general one',
      { error_description: 'AADSTS50012: x', error_uri: 'https://l.example/error?code=70002' },
      [70002, 50012],
    ],
    ['a code repeated', { error_description: 'AADSTS65001: a AADSTS65001: b', error_codes: [65001, 65001] }, [65001]],
    ['a text without codes', { error_description: 'Something happened 12345' }, []],
    ['fields of wrong types', { error_description: { AADSTS1: 1 }, error_codes: 'AADSTS7000215', error_uri: 7 }, []],
    ['no object', 'AADSTS7000215', []],
    ['nothing', undefined, []],
  ])('AADSTS numbers from %s', (_name, payload, codes) => {
    expect(aadstsCodes(payload)).toEqual(codes);
  });

  test('a flood of codes is bounded', () => {
    const error_description = Array.from({ length: 50_000 }, (_, index) => `AADSTS${10_000 + index}`).join(' ');
    expect(aadstsCodes({ error_description, error_codes: Array.from({ length: 9999 }, (_, i) => i + 1) })).toHaveLength(
      20,
    );
  });

  test('ids and time are read from the text where the fields are missing, separated by CR LF or spaces', () => {
    for (const separator of ['\r\n', ' ', '\n']) {
      const parts = [
        'AADSTS70002: x',
        `Trace ID: ${trace}`,
        `Correlation ID: ${correlation}`,
        'Timestamp: 2015-01-01 00:00:00Z',
      ];
      const payload = { error: 'invalid_client', error_description: parts.join(separator) };
      expect(fromTokenEndpointError({ status: 401, payload }).fact).toMatchObject({
        traceId: trace,
        correlationId: correlation,
        timestamp: '2015-01-01 00:00:00Z',
      });
    }
  });

  test.each([
    ['text', JSON.stringify(documented)],
    ['bytes', Buffer.from(JSON.stringify(documented))],
  ])('a payload given as %s is parsed', (_name, payload) => {
    expect(fromTokenEndpointError({ status: 401, payload }).fact).toMatchObject({ oauthError: 'invalid_client' });
  });

  test.each(['<html>Service unavailable</html>', '', '{', '[1]', 'null', undefined, null, 7, []])(
    'U05: the payload %j leaves the status',
    (payload) => {
      expect(fromTokenEndpointError({ status: 503, payload }).fact).toEqual({
        call: 'token',
        kind: 'http',
        status: 503,
      });
    },
  );

  test('U05: a success that is not JSON is malformed', () => {
    const { fact } = fromTokenEndpointError({ status: 200, payload: Buffer.from('{"access_token":') });
    expect(fact).toEqual({ call: 'token', kind: 'malformed', status: 200 });
  });

  test('suberror, claims challenge, Retry-After and request id come along', () => {
    const headers = { 'retry-after': '120', 'x-ms-request-id': trace };
    const payload = { error: 'interaction_required', suberror: 'basic_action', claims: '{"access_token":{}}' };
    expect(fromTokenEndpointError({ status: 400, payload, headers, clientRequestId: correlation }).fact).toEqual({
      call: 'token',
      kind: 'http',
      status: 400,
      oauthError: 'interaction_required',
      suberror: 'basic_action',
      hasClaimsChallenge: true,
      retryAfterMs: 120_000,
      requestId: trace,
      clientRequestId: correlation,
    });
  });

  test('O11, S02: prose and markup of the reply are in no field and no message', () => {
    const canary = '<img src=x onerror=canary>';
    const payload = {
      error: canary,
      error_description: `AADSTS65001: ${canary} Trace ID: canary`,
      suberror: canary,
      trace_id: canary,
      correlation_id: canary,
      timestamp: canary,
      error_uri: canary,
      claims: 'canary',
    };
    const failure = fromTokenEndpointError({ status: 400, payload, headers: { 'x-ms-request-id': canary } });
    expect(failure.fact).toEqual({
      call: 'token',
      kind: 'http',
      status: 400,
      errorCodes: [65001],
      hasClaimsChallenge: true,
    });
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain('canary');
  });
});

describe('errors on the redirect', () => {
  test('identifiers are kept, prose is not', () => {
    const query = {
      error: 'access_denied',
      error_subcode: 'cancel',
      error_description: `AADSTS65004: <b>canary</b>\r\nTrace ID: ${trace}\r\nCorrelation ID: ${correlation}`,
      error_uri: 'https://login.microsoftonline.com/error?code=65004',
      state: 'canary',
    };
    const fact = parseRedirectError(query);
    expect(fact).toEqual({
      call: 'authorize',
      kind: 'http',
      oauthError: 'access_denied',
      suberror: 'cancel',
      errorCodes: [65004],
      traceId: trace,
      correlationId: correlation,
    });
  });

  test('O11: HTML, repeated and odd parameters leave nothing behind', () => {
    const fact = { call: 'authorize', kind: 'http' };
    expect(parseRedirectError({ error: '<script>', error_description: '<img onerror=x>' })).toEqual(fact);
    expect(parseRedirectError({ error: ['a', 'b'], error_description: { a: 'AADSTS65004' } })).toEqual(fact);
    expect(parseRedirectError({})).toEqual(fact);
  });
});

describe('token replies', () => {
  const now = Date.UTC(2026, 0, 1);
  const minimal = { token_type: 'Bearer', access_token: 'a' };

  test('the documented v2 form, unknown fields ignored', () => {
    const payload = {
      ...minimal,
      scope: 'openid profile https://graph.microsoft.com/Mail.Read',
      expires_in: 4712,
      ext_expires_in: 4712,
      refresh_token: 'r',
      id_token: 'i',
      client_info: 'x',
      foci: '1',
    };
    expect(parseTokenResponse(payload, now)).toEqual({
      accessToken: 'a',
      refreshToken: 'r',
      idToken: 'i',
      expiresInSeconds: 4712,
      scope: 'openid profile https://graph.microsoft.com/Mail.Read',
      tokenType: 'Bearer',
    });
  });

  test('the v1 form, all numbers as strings', () => {
    const payload = {
      ...minimal,
      expires_in: '3599',
      expires_on: '1767229199',
      not_before: '1767225299',
      resource: 'x',
    };
    expect(parseTokenResponse(payload, now).expiresInSeconds).toBe(3599);
  });

  test.each(['bearer', 'BEARER', 'Bearer'])('token_type %s is a bearer', (token_type) => {
    expect(parseTokenResponse({ ...minimal, token_type }, now)).toMatchObject({ tokenType: 'Bearer' });
  });

  test.each([
    ['nothing', {}, 3600],
    ['null', { expires_in: null }, 3600],
    ['text', { expires_in: 'soon' }, 3600],
    ['zero', { expires_in: 0 }, 3600],
    ['a negative number', { expires_in: -5 }, 3600],
    ['no number at all', { expires_in: Number.NaN }, 3600],
    ['for ever', { expires_in: 1e300 }, 7 * 24 * 3600],
    ['a part of a second', { expires_in: 0.2 }, 1],
    ['expires_on', { expires_on: now / 1000 + 900 }, 900],
    ['expires_on as text', { expires_on: String(now / 1000 + 900) }, 900],
    ['expires_on in the past', { expires_on: now / 1000 - 900 }, 3600],
    ['both', { expires_in: 100, expires_on: now / 1000 + 900 }, 100],
  ])('V13: a life of %s', (_name, fields, seconds) => {
    expect(parseTokenResponse({ ...minimal, ...fields }, now).expiresInSeconds).toBe(seconds);
  });

  test('V13: a refresh token that is missing or of a wrong type counts as absent', () => {
    expect(parseTokenResponse(minimal, now)).not.toHaveProperty('refreshToken');
    for (const refresh_token of ['', 'a\0', 'あ', 'a'.repeat(16_385)]) {
      expect(parseTokenResponse({ ...minimal, refresh_token }, now)).not.toHaveProperty('refreshToken');
    }
    expect(parseTokenResponse({ ...minimal, refresh_token: 7, id_token: null, scope: [] }, now)).toEqual({
      accessToken: 'a',
      expiresInSeconds: 3600,
      tokenType: 'Bearer',
    });
  });

  test.each([
    { token_type: 'Bearer' },
    { token_type: 'Bearer', access_token: '' },
    { token_type: 'Bearer', access_token: 7 },
    ...['a\r\nx-evil: 1', 'あ', 'a b', '\ufffd', '='].map((access_token) => ({
      token_type: 'Bearer',
      access_token,
    })),
    { access_token: 'a' },
    { token_type: 'DPoP', access_token: 'a' },
    'access_token=a&token_type=Bearer',
    [],
    null,
    undefined,
  ])('U05: %j is malformed', (payload) => {
    const parse = () => parseTokenResponse(payload, now);
    expect(parse).toThrow(MicrosoftFailure);
    expect(parse).toThrow(expect.objectContaining({ fact: { call: 'token', kind: 'malformed' } }));
  });

  test('an access token longer than any header can be is malformed', () => {
    expect(() => parseTokenResponse({ ...minimal, access_token: 'a'.repeat(16_385) }, now)).toThrow(MicrosoftFailure);
    expect(parseTokenResponse({ ...minimal, access_token: 'a'.repeat(16_384) }, now).accessToken).toHaveLength(16_384);
  });

  test('an OAuth error under a 200 is an error reply', () => {
    const parse = () => parseTokenResponse({ error: 'invalid_grant', error_codes: [70008] }, now);
    expect(parse).toThrow(
      expect.objectContaining({
        fact: { call: 'token', kind: 'http', status: 200, oauthError: 'invalid_grant', errorCodes: [70008] },
      }),
    );
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 1, 0, 0, 0);

  test.each([
    ['120', 120_000],
    [' 5 ', 5000],
    ['0', 0],
    ['2.128', 2128],
    ['1e9', 1e12],
    ['1000000000', 1e12],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Thursday, 01-Jan-26 00:01:00 GMT', 60_000],
    ['Thu, 01 Jan 2025 00:00:00 GMT', 0],
    ['-1', undefined],
    ['soon', undefined],
    ['', undefined],
    ['12 apples', undefined],
    ['NaN', undefined],
    ['Infinity', undefined],
    ['2026-01-01', undefined],
    ['Thu, nonsense', undefined],
    [undefined, undefined],
  ])('U04: %j', (value, expected) => {
    expect(parseRetryAfter(value, { now })).toBe(expected);
  });

  test('U04: a date counts from the reply’s own clock', () => {
    const replyDate = 'Thu, 01 Jan 2026 01:00:00 GMT';
    expect(parseRetryAfter('Thu, 01 Jan 2026 01:00:30 GMT', { now, replyDate })).toBe(30_000);
    expect(parseRetryAfter('Thu, 01 Jan 2026 00:00:30 GMT', { now, replyDate: 'garbage' })).toBe(30_000);
  });
});

describe('field A6: the JSON of a token endpoint is judged by its form', () => {
  const error = '{"error":"invalid_grant","error_codes":[700082]}';
  test.each([
    ['a BOM', `\ufeff${error}`],
    ['two BOMs', `\ufeff\ufeff${error}`],
    ['the bytes of a BOM', Buffer.from(`\ufeff${error}`)],
    ['UTF-16', Buffer.from(`\ufeff${error}`, 'utf16le')],
  ])('%s hides no number', (_, payload) => {
    expect(fromTokenEndpointError({ status: 400, payload }).fact.errorCodes).toEqual([700082]);
  });
});

describe('field A7: a rotated refresh token', () => {
  test('is taken from an otherwise unusable reply, and shown nowhere', () => {
    const reply = { access_token: 'two words', refresh_token: 'canary-refresh' };
    expect(rotatedRefreshToken(Buffer.from(`\ufeff${JSON.stringify(reply)}`))).toBe('canary-refresh');
    expect(rotatedRefreshToken('<html>')).toBeUndefined();
    const failure = new MicrosoftFailure({ call: 'token', kind: 'malformed' }, { refreshToken: 'canary-refresh' });
    expect(failure.refreshToken).toBe('canary-refresh');
    expect(inspect(failure, { depth: 10, showHidden: true }) + JSON.stringify(failure)).not.toContain('canary');
  });
});
