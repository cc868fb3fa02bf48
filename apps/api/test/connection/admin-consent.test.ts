import { demoApp, demoTenant, demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Browser, suffix } from '../support/build-app.ts';
import { tokenCalls } from '../support/calm-microsoft.ts';
import { taroUpn } from '../support/linked-taro.ts';
import { outcomeOf } from '../support/read-outcome.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';

stageLinkedTaro();
beforeEach(async () => {
  await argus.services.db.errorEvent.deleteMany();
  await argus.services.db.authorizationOutcome.deleteMany();
  argus.fake.control.clearRequests();
  argus.fake.control.dropConsent();
});

const callback = (query: string) => `/services/authcallback/${suffix}?${query}`;
const tenant = `tenant=${demoTenant.id}`;
const urlNow = async () => {
  const { items } = await admin.call('GET /api/admin/auth-providers');
  return items.find((item) => item.urlSuffix === suffix)?.adminConsentUrl ?? null;
};
const stored = async () => {
  const { db } = argus.services;
  return [await db.errorEvent.count(), await db.authorizationOutcome.count(), await db.grant.count()];
};

/** An Entra administrator opens the URL and decides; gives where Microsoft leads the browser. */
async function decide(url: string, decision: 'accept' | 'cancel'): Promise<string> {
  const { pathname, search } = new URL(url);
  expect((await fetch(url)).status).toBe(200);
  const reply = await fetch(`${argus.fake.loginUrl}/adminconsent`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ request: pathname + search, decision }),
  });
  return reply.headers.get('location') ?? '';
}

describe('field D5: the consent of an administrator for everybody', () => {
  it('field D5: the provider’s page has the URL, of its own cloud and tenant, with a state of its own', async () => {
    const url = new URL((await urlNow()) ?? '');
    expect(url.origin + url.pathname).toBe(`${argus.fake.loginUrl}/${demoTenant.id}/v2.0/adminconsent`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: demoApp.clientId,
      redirect_uri: `${argus.url}/services/authcallback/${suffix}`,
      state: expect.stringMatching(/^admin-consent\.[\w-]{22}$/),
      scope: 'openid profile email offline_access User.Read Mail.Read',
    });
    try {
      await change.provider({ authorizeEndpointUrl: 'https://login.microsoftonline.us/common/oauth2/v2.0/authorize' });
      expect(await urlNow()).toMatch(/^https:\/\/login\.microsoftonline\.us\/organizations\/v2\.0\/adminconsent\?/);
      await change.provider({ authorizeEndpointUrl: 'https://idp.example/authorize' });
      expect(await urlNow()).toBeNull();
    } finally {
      await change.restore();
    }
  });

  it('field D5: after consent at Microsoft a page opens, nothing is stored, and no user is asked any more', async () => {
    const before = await stored();
    const back = await argus.browser().send('GET', await decide((await urlNow()) ?? '', 'accept'));
    expect([back.status, back.headers.get('location')]).toEqual([303, '/authorization/admin-consent?result=granted']);
    expect(await stored()).toEqual(before);
    expect(tokenCalls()).toEqual([]);
    const start = await user.send('GET', `/services/auth/oauth/${suffix}`);
    const { searchParams, pathname } = new URL(start.headers.get('location') ?? '');
    const picked = await fetch(`${argus.fake.loginUrl}/login`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({
        request: `${pathname}?${searchParams}`,
        step: 'account',
        account: demoUsers.taro.oid,
      }),
    });
    expect(picked.headers.get('location')).toContain('code=');
  });

  it('field D5: a declined consent is reported as declined', async () => {
    const back = await argus.browser().send('GET', await decide((await urlNow()) ?? '', 'cancel'));
    expect(back.headers.get('location')).toBe('/authorization/admin-consent?result=declined');
  });

  it.each([
    ['no state', `admin_consent=True&${tenant}`, 'result=granted'],
    ['a foreign state', `admin_consent=True&${tenant}&state=12345`, 'result=granted'],
    ['scopes', `admin_consent=True&${tenant}&scope=openid+Mail.Read&state=x`, 'result=granted'],
    [
      'an error and no state',
      'admin_consent=True&error=access_denied&error_description=AADSTS65004%3A+declined',
      'result=declined',
    ],
    [
      'an error and a foreign state',
      'admin_consent=True&error=access_denied&error_subcode=cancel&state=1',
      'result=declined',
    ],
    [
      'the documented error',
      'admin_consent=True&error=permission_denied&error_description=The+admin+canceled+the+request',
      'result=declined',
    ],
    [
      'another error',
      'admin_consent=True&error=invalid_client&error_description=AADSTS650051%3A+%3Cb%3E&state=1',
      'result=failed&number=650051',
    ],
    ['an error with only a state of ours', 'error=server_error&state=admin-consent.x', 'result=failed'],
  ])('field D5: a return with %s is reported to anybody, without an error in the log', async (_what, query, shown) => {
    const before = await stored();
    const readers: Browser[] = [argus.browser(), user, admin];
    for (const reader of readers) {
      const reply = await reader.send('GET', callback(query));
      expect([reply.status, reply.headers.get('location')]).toEqual([303, `/authorization/admin-consent?${shown}`]);
    }
    expect(await stored()).toEqual(before);
    expect(tokenCalls()).toEqual([]);
  });

  it('field D5: a user’s own flow completes as usual, even if an administrator consented during it', async () => {
    const declined = (await user.consent(taroUpn, false)).concat('&admin_consent=True');
    expect(await outcomeOf(user, await user.send('GET', declined))).toMatchObject({
      problem: { code: 'authorization_declined' },
    });
    const consented = (await user.consent(taroUpn)).concat(`&admin_consent=True&${tenant}`);
    expect(await outcomeOf(user, await user.send('GET', consented))).toMatchObject({ result: 'authorized' });
    // A code of nobody's flow is none.
    const foreign = await user.send('GET', callback(`code=x&state=y&admin_consent=True&${tenant}`));
    expect(foreign.status).toBe(400);
  });
});
