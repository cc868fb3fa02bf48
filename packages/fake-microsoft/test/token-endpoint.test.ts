import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { demoApp, demoTenant, demoUsers } from '../src/data/demo-company.ts';
import { type FakeMicrosoft, startFakeMicrosoft } from '../src/start-fake-microsoft.ts';
import {
  authorizeUrl,
  client,
  codeForm,
  getCode,
  getGraph,
  getTokens,
  newPkce,
  postToken,
  redirectUri,
  refreshForm,
  secret,
} from './demo-client.ts';

let fake: FakeMicrosoft;
let clock = Date.now();
beforeAll(async () => {
  fake = await startFakeMicrosoft({ now: () => clock });
});
afterAll(() => fake.close());
beforeEach(() => {
  clock = Date.now();
  fake.control.reset();
});

describe('v2', () => {
  it('redeems a code with the S256 vector of RFC 7636 and signs the id_token', async () => {
    const code = await getCode(fake, 2, {
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
      nonce: 'n-0S6',
    });
    const { status, headers, body } = await postToken(
      fake,
      2,
      codeForm(code, { code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' }),
    );
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store, no-cache');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 3600,
      ext_expires_in: 3600,
      scope: 'openid profile email User.Read Mail.Read',
    });
    expect(typeof body.refresh_token).toBe('string');
    const keys = createRemoteJWKSet(new URL(`${fake.loginUrl}/${demoTenant.id}/discovery/v2.0/keys`));
    const { payload, protectedHeader } = await jwtVerify(String(body.id_token), keys, {
      issuer: `${fake.loginUrl}/${demoTenant.id}/v2.0`,
      audience: demoApp.clientId,
    });
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload).toMatchObject({
      nonce: 'n-0S6',
      tid: demoTenant.id,
      oid: demoUsers.taro.oid,
      preferred_username: 'taro.yamada@contoso.example',
      name: '山田 太郎',
      ver: '2.0',
    });
  });

  it('refuses a wrong or missing verifier, and the plain method only with the right one', async () => {
    const { verifier, challenge } = newPkce();
    const asked = { code_challenge: challenge, code_challenge_method: 'S256' };
    for (const more of [{ code_verifier: newPkce().verifier }, {}]) {
      const { status, body } = await postToken(fake, 2, codeForm(await getCode(fake, 2, asked), more));
      expect([status, body.error, body.error_codes]).toEqual([400, 'invalid_grant', [501481]]);
    }
    const plain = await getCode(fake, 2, { code_challenge: verifier, code_challenge_method: 'plain' });
    expect((await postToken(fake, 2, codeForm(plain, { code_verifier: verifier }))).status).toBe(200);
  });

  it('takes the client secret in the body or as HTTP Basic', async () => {
    const basic = `Basic ${Buffer.from(`${demoApp.clientId}:${encodeURIComponent(secret)}`).toString('base64')}`;
    const form = { grant_type: 'authorization_code', code: await getCode(fake), redirect_uri: redirectUri };
    expect((await postToken(fake, 2, form, { authorization: basic })).status).toBe(200);
    expect(fake.control.requests().at(-1)).toMatchObject({
      grantType: 'authorization_code',
      clientAuth: 'basic',
      status: 200,
    });
  });

  it('redeems a code once and not after ten minutes', async () => {
    const code = await getCode(fake);
    expect((await postToken(fake, 2, codeForm(code))).status).toBe(200);
    const again = await postToken(fake, 2, codeForm(code));
    expect([again.status, again.body.error, again.body.error_codes]).toEqual([400, 'invalid_grant', [54005]]);
    const late = await getCode(fake);
    clock += 10 * 60_000;
    expect((await postToken(fake, 2, codeForm(late))).body.error_codes).toEqual([70008]);
  });

  it('compares the redirect URI with the one of the authorize request', async () => {
    const form = codeForm(await getCode(fake), { redirect_uri: 'http://localhost:3000/services/authcallback/Other' });
    const { status, body } = await postToken(fake, 2, form);
    expect([status, body.error, body.error_codes]).toEqual([401, 'invalid_client', [500112]]);
  });

  it('gives a refresh token only for offline_access and an id_token only for openid', async () => {
    const bare = await getTokens(fake, demoUsers.taro.oid, 'User.Read');
    expect(bare).not.toHaveProperty('refresh_token');
    expect(bare).not.toHaveProperty('id_token');
    fake.control.setWithholdRefreshToken(true);
    expect(await getTokens(fake)).not.toHaveProperty('refresh_token');
  });

  it('keeps old refresh tokens valid, as Entra does', async () => {
    const first = await getTokens(fake);
    const second = await postToken(fake, 2, refreshForm(first.refresh_token));
    expect(second.body.refresh_token).not.toBe(first.refresh_token);
    expect((await postToken(fake, 2, refreshForm(first.refresh_token))).status).toBe(200);
    expect((await postToken(fake, 2, refreshForm(second.body.refresh_token))).status).toBe(200);
  });

  it('revokes a used refresh token under strict rotation', async () => {
    fake.control.setStrictRotation(true);
    const first = await getTokens(fake);
    const second = await postToken(fake, 2, refreshForm(first.refresh_token));
    const replay = await postToken(fake, 2, refreshForm(first.refresh_token));
    expect([replay.status, replay.body.error, replay.body.error_codes]).toEqual([400, 'invalid_grant', [70000]]);
    expect((await postToken(fake, 2, refreshForm(second.body.refresh_token))).status).toBe(200);
  });

  it('narrows a refresh to fewer scopes without losing the grant', async () => {
    const first = await getTokens(fake);
    const narrow = await postToken(
      fake,
      2,
      refreshForm(first.refresh_token, { scope: 'https://graph.microsoft.com/User.Read' }),
    );
    expect(narrow.body.scope).toBe('User.Read');
    expect(typeof narrow.body.refresh_token).toBe('string');
    const wider = await postToken(fake, 2, refreshForm(first.refresh_token, { scope: 'Mail.ReadWrite' }));
    expect([wider.status, wider.body.error, wider.body.suberror]).toEqual([400, 'invalid_grant', 'consent_required']);
  });
});

describe('v1', () => {
  it('grants for a resource, with every number as a string', async () => {
    const { verifier, challenge } = newPkce();
    const code = await getCode(fake, 1, {
      scope: 'openid',
      nonce: 'n1',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    const { status, body } = await postToken(
      fake,
      1,
      codeForm(code, { resource: 'https://graph.microsoft.com', code_verifier: verifier }),
    );
    expect(status).toBe(200);
    const now = Math.floor(clock / 1000);
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: '3600',
      ext_expires_in: '3600',
      expires_on: String(now + 3600),
      not_before: String(now - 300),
      resource: 'https://graph.microsoft.com',
      scope: 'User.Read Mail.Read',
    });
    const keys = createRemoteJWKSet(new URL(`${fake.loginUrl}/${demoTenant.id}/discovery/keys`));
    const { payload } = await jwtVerify(String(body.id_token), keys, {
      issuer: `https://sts.windows.net/${demoTenant.id}/`,
      audience: demoApp.clientId,
    });
    expect(payload).toMatchObject({
      upn: 'taro.yamada@contoso.example',
      unique_name: 'taro.yamada@contoso.example',
      nonce: 'n1',
      ver: '1.0',
    });
    expect((await getGraph(fake, '/v1.0/me', body.access_token)).status).toBe(200);
    const refreshed = await postToken(
      fake,
      1,
      refreshForm(body.refresh_token, { resource: 'https://graph.microsoft.com' }),
    );
    expect([refreshed.status, refreshed.body.expires_in]).toEqual([200, '3600']);
  });

  it('issues a token for another resource, which Graph rejects', async () => {
    const code = await getCode(fake, 1, { resource: 'https://outlook.office365.com' });
    const { body } = await postToken(fake, 1, codeForm(code));
    const reply = await getGraph(fake, '/v1.0/me', body.access_token);
    expect([reply.status, reply.body.error.message]).toEqual([
      401,
      'Access token validation failure. Invalid audience.',
    ]);
    const unknown = await postToken(fake, 1, codeForm(await getCode(fake, 1), { resource: 'https://nobody.example' }));
    expect([unknown.status, unknown.body.error]).toEqual([400, 'invalid_resource']);
  });
});

describe('errors', () => {
  it('answers a wrong secret with 401 and the full body', async () => {
    const { status, headers, body } = await postToken(
      fake,
      2,
      codeForm(await getCode(fake), { client_secret: 'wrong' }),
      {
        'client-request-id': '0f0e0d0c-1111-2222-3333-444455556666',
      },
    );
    expect(status).toBe(401);
    expect(body).toMatchObject({
      error: 'invalid_client',
      error_codes: [7000215],
      correlation_id: '0f0e0d0c-1111-2222-3333-444455556666',
      error_uri: 'https://login.microsoftonline.com/error?code=7000215',
    });
    expect(body.trace_id).toBe(headers.get('x-ms-request-id'));
    expect(body.timestamp).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/);
    expect(body.error_description).toMatch(/^AADSTS7000215: Invalid client secret provided\..*\r\nTrace ID: /);
  });

  it('distinguishes a wrong, an expired and a rotated secret', async () => {
    fake.control.setSecretState('wrong');
    expect((await postToken(fake, 2, codeForm(await getCode(fake)))).body.error_codes).toEqual([7000215]);
    fake.control.setSecretState('expired');
    const expired = await postToken(fake, 2, codeForm(await getCode(fake)));
    expect([expired.status, expired.body.error, expired.body.error_codes]).toEqual([401, 'invalid_client', [7000222]]);
    fake.control.setSecretState('valid');
    const kept = fake.control.rotateSecret({ keepOld: true });
    expect((await postToken(fake, 2, codeForm(await getCode(fake)))).status).toBe(200);
    expect((await postToken(fake, 2, codeForm(await getCode(fake), { client_secret: kept.secret }))).status).toBe(200);
    fake.control.rotateSecret();
    expect(
      (await postToken(fake, 2, codeForm(await getCode(fake), { client_secret: kept.secret }))).body.error_codes,
    ).toEqual([7000215]);
  });

  it('uses the 2015 wording on demand', async () => {
    fake.control.setLegacyMessages(true);
    const secretReply = await postToken(fake, 2, codeForm(await getCode(fake), { client_secret: 'wrong' }));
    expect(secretReply.body.error_codes).toEqual([70002, 50012]);
    expect(secretReply.body.error_description).toContain('AADSTS50012: Invalid client secret is provided.');
    const app = await postToken(fake, 2, { ...codeForm('x'), client_id: '00000000-0000-0000-0000-000000000001' });
    expect(app.body.error_codes).toEqual([70001]);
    const tenant = await postToken(fake, 2, codeForm('x'), {}, 'nobody.example');
    expect([tenant.body.error, tenant.body.error_codes]).toEqual(['invalid_request', [90002]]);
    expect(tenant.body.error_description).toContain("No service namespace named 'nobody.example'");
  });

  const wellFormed = `1.A${'x'.repeat(40)}`;
  it.each([
    ['an unknown tenant', {}, 'nobody.example', 400, 'invalid_tenant', 90002],
    ['a tenant that is not a name', {}, '{tenant}', 400, 'invalid_request', 900023],
    [
      'an unknown client',
      { client_id: '00000000-0000-0000-0000-000000000001' },
      demoTenant.id,
      400,
      'unauthorized_client',
      700016,
    ],
    ['the common tenant', {}, 'common', 400, 'invalid_request', 50194],
    ['no client', { client_id: '' }, demoTenant.id, 400, 'invalid_request', 900144],
    ['an unknown grant type', { grant_type: 'password' }, demoTenant.id, 400, 'unsupported_grant_type', 70003],
    ['no grant type', { grant_type: '' }, demoTenant.id, 400, 'invalid_request', 900144],
    ['a v1 body', { resource: 'https://graph.microsoft.com' }, demoTenant.id, 400, 'invalid_request', 900144],
    [
      'a resource together with scopes',
      { resource: 'https://graph.microsoft.com', scope: 'openid' },
      demoTenant.id,
      400,
      'invalid_request',
      901002,
    ],
    [
      'a malformed code, whatever the secret',
      { code: 'abc', client_secret: 'wrong' },
      demoTenant.id,
      400,
      'invalid_grant',
      9002313,
    ],
    ['an unknown code', {}, demoTenant.id, 400, 'invalid_grant', 70000],
  ])('refuses %s', async (_what, more, tenant, status, error, code) => {
    const reply = await postToken(fake, 2, codeForm(wellFormed, more), {}, tenant);
    expect([reply.status, reply.body.error, reply.body.error_codes]).toEqual([status, error, [code]]);
  });

  it('refuses a missing credential, an unknown certificate, an Origin and another verb', async () => {
    const { client_secret: _, ...withoutSecret } = codeForm(wellFormed);
    expect((await postToken(fake, 2, withoutSecret)).body).toMatchObject({
      error: 'invalid_client',
      error_codes: [7000218],
    });
    const header = Buffer.from(
      JSON.stringify({ alg: 'RS256', x5t: Buffer.from('ab12', 'hex').toString('base64url') }),
    ).toString('base64url');
    const assertion = await postToken(fake, 2, { ...withoutSecret, client_assertion: `${header}.e30.x` });
    expect([assertion.status, assertion.body.error_codes]).toEqual([401, [700027]]);
    expect(assertion.body.error_description).toContain("'AB12'");
    expect(
      (await postToken(fake, 2, codeForm(wellFormed), { origin: 'http://localhost:3000' })).body.error_codes,
    ).toEqual([9002326]);
    const get = await fetch(`${fake.loginUrl}/${demoTenant.id}/oauth2/v2.0/token`);
    expect([get.status, ((await get.json()) as { error_codes: number[] }).error_codes]).toEqual([400, [900561]]);
  });

  it('reports why a grant has ended: revoked, unused, disabled, deleted, consent withdrawn', async () => {
    const codes = async (act: (token: unknown) => void) => {
      fake.control.reset();
      const { refresh_token } = await getTokens(fake);
      act(refresh_token);
      const { status, body } = await postToken(fake, 2, refreshForm(refresh_token));
      return [status, body.error, body.error_codes, body.suberror];
    };
    const taro = demoUsers.taro.userPrincipalName;
    expect(await codes(() => fake.control.revokeSessions(taro))).toEqual([400, 'invalid_grant', [50173], 'bad_token']);
    expect(await codes(() => fake.control.expireRefreshTokens(taro))).toEqual([
      400,
      'invalid_grant',
      [700082],
      undefined,
    ]);
    expect(await codes(() => fake.control.setUserEnabled(taro, false))).toEqual([
      400,
      'invalid_grant',
      [50057],
      undefined,
    ]);
    expect(await codes(() => fake.control.deleteUser(taro))).toEqual([400, 'invalid_grant', [50034], undefined]);
    expect(await codes(() => fake.control.dropConsent(taro))).toEqual([
      400,
      'invalid_grant',
      [65001],
      'consent_required',
    ]);
    expect(await codes(() => (clock += 91 * 86_400_000))).toEqual([400, 'invalid_grant', [700082], undefined]);
  });

  it.each([{}, { accessTokens: true }])(
    'accepts what is issued right after a revocation, even in the same millisecond: %j',
    async (options) => {
      await getTokens(fake);
      fake.control.revokeSessions(demoUsers.taro.oid, options);
      const fresh = await getTokens(fake);
      expect((await postToken(fake, 2, refreshForm(fresh.refresh_token))).status).toBe(200);
      expect((await getGraph(fake, '/v1.0/me', fresh.access_token)).status).toBe(200);
    },
  );
});

describe('client credentials', () => {
  const form = { grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default', ...client };

  it('gives an app-only token without refresh token, whose roles decide at Graph', async () => {
    const bare = await postToken(fake, 2, form);
    expect(bare.body).not.toHaveProperty('refresh_token');
    expect(bare.body).not.toHaveProperty('scope');
    const path = `/v1.0/users/${demoUsers.hanako.userPrincipalName}/mailFolders/inbox/messages`;
    expect((await getGraph(fake, path, bare.body.access_token)).body.error.code).toBe('ErrorAccessDenied');
    fake.control.setApp({ applicationPermissions: ['Mail.Read'] });
    const granted = await postToken(fake, 2, form);
    expect((await getGraph(fake, path, granted.body.access_token)).status).toBe(200);
    expect((await getGraph(fake, '/v1.0/me', granted.body.access_token)).body.error.message).toContain(
      'delegated authentication flow',
    );
  });

  it('wants .default, and a tenant of its own', async () => {
    expect((await postToken(fake, 2, { ...form, scope: 'Mail.Read' })).body.error).toBe('invalid_scope');
    fake.control.setApp({ multiTenant: true });
    expect((await postToken(fake, 2, form, {}, 'common')).body.error_codes).toEqual([9001023]);
    expect(
      (
        await postToken(fake, 1, {
          grant_type: 'client_credentials',
          resource: 'https://graph.microsoft.com',
          ...client,
        })
      ).body.expires_in,
    ).toBe('3600');
  });
});

it('lets an app that is made multi-tenant use /common', async () => {
  fake.control.setApp({ multiTenant: true });
  const { redirectUrl } = await fake.control.signIn({
    authorizeUrl: authorizeUrl(fake, 2, {}, 'common'),
    user: demoUsers.taro.oid,
  });
  const code = new URL(redirectUrl).searchParams.get('code') ?? '';
  expect((await postToken(fake, 2, codeForm(code), {}, 'organizations')).status).toBe(200);
});
