import { catalogueEntry } from '@argus/contract/errors/error-catalogue';
import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toldFor } from '../../src/connection/purpose.ts';
import { type Browser, buildArgus, type TestArgus } from '../support/build-app.ts';

describe('a stored code', () => {
  it.each([
    ['of the purpose itself', 'mail_grant_revoked', 'mail_grant_revoked'],
    ['of another purpose is worded for this one', 'authorization_grant_revoked', 'mail_grant_revoked'],
    ['of a cause that this purpose lacks', 'authorization_code_expired', 'authorization_code_expired'],
    ['without a purpose', 'sealed_value_unreadable', 'sealed_value_unreadable'],
    ['that this version does not know', 'mail_of_the_future', undefined],
    ['that is missing', null, undefined],
  ])('%s: %s', (_, stored, told) => {
    expect(toldFor('mail', stored)).toBe(told);
  });
});

describe('what another purpose left on the grant', () => {
  let argus: TestArgus;
  let user: Browser;
  const refresh = { query: { refresh: true } };

  beforeAll(async () => {
    argus = await buildArgus();
    const admin = await argus.connect();
    user = await argus.signedIn('taro@argus.example');
    const microsoftAccount = demoUsers.taro.userPrincipalName;
    await admin.call('POST /api/admin/account-links', { body: { username: 'taro@argus.example', microsoftAccount } });
  });
  afterAll(() => argus.close());
  beforeEach(() => user.authorize(demoUsers.taro.userPrincipalName));

  const lines = (code: Parameters<typeof catalogueEntry>[0]) => catalogueEntry(code).message.ja;

  it('explains in the words of the asking purpose why the grant has ended', async () => {
    await argus.services.db.grant.updateMany({
      data: { status: 'reconnect_needed', sealedTokens: null, lastErrorCode: 'authorization_mfa_required' },
    });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({
      code: 'mail_mfa_required',
      lines: lines('mail_mfa_required'),
    });
  });

  it('explains in the words of the asking purpose why the token endpoint is not called', async () => {
    const refreshNotBefore = new Date(argus.services.now().getTime() + 60_000);
    await argus.services.db.grant.updateMany({
      data: {
        accessExpiresAt: new Date(0),
        refreshNotBefore,
        lastErrorCode: 'authorization_sign_in_service_unavailable',
      },
    });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({
      code: 'mail_sign_in_service_unavailable',
      lines: lines('mail_sign_in_service_unavailable'),
    });
  });
});
