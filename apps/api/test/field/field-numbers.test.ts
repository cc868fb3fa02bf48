import type { UpstreamFact } from '@argus/microsoft/fact';
import { afterEach, describe, expect, it } from 'vitest';
import { matchFact } from '../../src/connection/match-fact.ts';
import { authorizeAnew, calmMicrosoft } from '../support/calm-microsoft.ts';
import { taroUpn } from '../support/linked-taro.ts';
import { outcomeOf } from '../support/read-outcome.ts';
import { argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';
import { told } from '../support/told-causes.ts';

stageLinkedTaro();
afterEach(async () => {
  calmMicrosoft();
  await change.restore();
});

const usual = 'openid profile email offline_access User.Read';

const refuse = (number: number) =>
  argus.fake.control.addFault({
    target: 'token',
    kind: 'status',
    status: 401,
    body: { error: 'invalid_client', error_codes: [number] },
  });

describe('field A2: AADSTS650053, a scope that does not exist', () => {
  it('field A2: on the redirect it is reported as デフォルトの範囲, with a link to the field', async () => {
    await change.provider({ defaultScopes: `${usual} Mail.ReadBsic` });
    const { problem } = await outcomeOf(user, await user.authorize(taroUpn));
    expect(problem).toMatchObject({
      code: 'authorization_scope_invalid',
      lines: ['承認コード取得に失敗しました。', 'システム管理者に連絡してください。'],
    });
    const [first] = await told(problem);
    expect(first).toMatchObject({
      condition: '認証プロバイダの「デフォルトの範囲」に誤りがある場合（つづりの誤りなど）。',
      mendAt: '/admin/auth-providers?field=defaultScopes',
      menders: ['portal_admin'],
    });
  });

  it('field A2: at the token endpoint it is reported as the scopes, not as the secret', async () => {
    await change.provider({ defaultScopes: `${usual} Mail.Raed Mail.Read` });
    refuse(650053);
    expect(await user.fails('GET /api/new-arrivals')).toMatchObject({ code: 'mail_not_authorized' });
    await change.provider({});
    const path = await user.consent(taroUpn);
    const { problem } = await outcomeOf(user, await user.send('GET', path));
    expect(problem).toMatchObject({ code: 'authorization_scope_refused' });
    expect(problem?.lines.at(-1)).toBe('エラー：アクセスの範囲（スコープ）に誤りがあります。');
  });

  it('field A2: a name that is spelt as Microsoft documents it is not reported as misspelt', async () => {
    refuse(650053);
    const { problem } = await outcomeOf(user, await user.authorize(taroUpn));
    const causes = await told(problem);
    expect(causes.map(({ mendAt }) => mendAt)).toEqual(['/admin/auth-providers?field=tokenEndpointUrl']);
  });

  it('field A2: a refresh reports the same', async () => {
    await authorizeAnew();
    const past = new Date(argus.services.now().getTime() - 1000);
    await argus.services.db.grant.updateMany({ data: { accessExpiresAt: past } });
    refuse(650053);
    const problem = await user.fails('GET /api/new-arrivals', { query: { refresh: true } });
    expect(problem).toMatchObject({ code: 'mail_scope_refused' });
  });
});

const token = (fact: Partial<UpstreamFact>): UpstreamFact => ({ call: 'token', kind: 'http', status: 400, ...fact });

describe('field A3: numbers of Microsoft’s list', () => {
  it.each([
    // The ones that were met.
    [650051, 'app_not_added'],
    [650054, 'resource_unknown'],
    [500014, 'service_missing'],
    [90072, 'account_of_another_tenant'],
    [500571, 'account_disabled'],
    [70046, 'sign_in_frequency'],
    [50085, 'reconnect_needed'],
    [50177, 'account_of_another_tenant'],
    [50178, 'account_of_another_tenant'],
    [53009, 'access_blocked'],
    [530031, 'access_blocked'],
    [530034, 'risk_blocked'],
    // And their like.
    [650053, 'scope_refused'],
    [70044, 'sign_in_frequency'],
    [50139, 'reconnect_needed'],
    [700020, 'reconnect_needed'],
    [16003, 'account_of_another_tenant'],
    [500208, 'account_of_another_tenant'],
    [53002, 'access_blocked'],
    [530084, 'access_blocked'],
    [50155, 'device_not_accepted'],
    [50135, 'risk_blocked'],
    [53008, 'device_not_accepted'],
    [50127, 'device_not_accepted'],
    [50125, 'mfa_required'],
    [50142, 'password_expired'],
    [500121, 'mfa_required'],
    [90093, 'admin_consent_needed'],
    [900941, 'admin_consent_needed'],
    [530021, 'access_blocked'],
    [53010, 'access_blocked'],
    [5000225, 'tenant_blocked'],
    [500213, 'cross_tenant_blocked'],
    [65002, 'permission_missing'],
    [7000229, 'client_unknown'],
    [1000031, 'client_disabled'],
    [50128, 'tenant_not_found'],
    [90043, 'cloud_wrong'],
    [90130, 'tenant_url_required'],
    [90091, 'sign_in_service_unavailable'],
  ])('field A3: %d at the token endpoint is %s, whatever error it comes with', (number, cause) => {
    for (const oauthError of ['invalid_grant', 'invalid_client', 'interaction_required', 'unauthorized_client']) {
      const matched = matchFact(token({ oauthError, errorCodes: [number] }), 'mail');
      expect(matched).toMatchObject({ code: `mail_${cause}`, uncatalogued: false });
    }
  });

  it.each([
    [650053, 'scope_invalid'],
    [650051, 'redirect_app_not_added'],
    [650054, 'scope_invalid'],
    [500014, 'redirect_service_missing'],
    [90072, 'redirect_account_of_another_tenant'],
    [500571, 'redirect_account_disabled'],
    [50178, 'redirect_account_of_another_tenant'],
    [53009, 'redirect_access_blocked'],
    [530031, 'redirect_access_blocked'],
    [530034, 'redirect_risk_blocked'],
    [50053, 'redirect_account_locked'],
    [50055, 'redirect_password_expired'],
    [90094, 'redirect_admin_consent_needed'],
    [900941, 'redirect_admin_consent_needed'],
    [530021, 'redirect_access_blocked'],
    [160021, 'redirect_several_sessions'],
    [50140, 'login_required'],
    [50199, 'login_required'],
    [65001, 'consent_required'],
  ])('field A3: %d on the redirect is %s, whatever error it comes with', (number, cause) => {
    for (const oauthError of ['access_denied', 'invalid_client', 'interaction_required', 'invalid_request']) {
      const matched = matchFact(token({ call: 'authorize', oauthError, errorCodes: [number] }), 'authorization');
      expect(matched).toMatchObject({ code: `authorization_${cause}`, uncatalogued: false });
    }
  });

  it('field A3: a number that the browser may have forged does not override a service fault', () => {
    const fact = token({ call: 'authorize', oauthError: 'server_error', errorCodes: [50105] });
    expect(matchFact(fact, 'authorization').code).toBe('authorization_server_error');
  });
});
