import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { previewMove, suspendMovedGrants } from '../../src/connection/records/moved-grants.ts';
import { authorizeAnew, tokenCalls } from '../support/calm-microsoft.ts';
import { argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';
import { expire, grant, settled } from '../support/taros-grant.ts';
import { untilCalled } from '../support/wait-for.ts';

const refresh = { query: { refresh: true } };
/** Graph wants another sign-in (continuous access evaluation). */
const challenge = {
  target: 'messages',
  kind: 'status',
  status: 401,
  body: { code: 'InvalidAuthenticationToken' },
  headers: {
    'www-authenticate': 'Bearer realm="", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="',
  },
} as const;
const wait = { totalTimeoutSeconds: 2, connectTimeoutSeconds: 1 };

stageLinkedTaro();
beforeAll(() => change.settings(wait));
beforeEach(async () => {
  await authorizeAnew();
  argus.fake.control.setStrictRotation(true);
});
afterEach(() => {
  argus.fake.control.clearFaults();
  argus.fake.control.setStrictRotation(false);
});

describe('S-7: a refusal that says nothing about the token', () => {
  const refusing = (error: string, number: number) =>
    argus.fake.control.addFault({
      target: 'token',
      kind: 'status',
      status: 400,
      body: { error, error_codes: [number] },
    });

  const endPause = () => argus.services.db.grant.updateMany({ data: { refreshNotBefore: argus.services.now() } });
  const refreshes = () => argus.fake.control.requests().filter(({ grantType }) => grantType === 'refresh_token');
  async function checked() {
    const { id } = await user.call('POST /api/authorization/self-checks');
    return vi.waitFor(
      async () => {
        const check = await user.call('GET /api/authorization/self-checks/:id', { params: { id } });
        expect(check.state).toBe('ended');
        return check;
      },
      { timeout: 15_000, interval: 50 },
    );
  }

  it.each([
    ['account_disabled', 'invalid_grant', 50057],
    ['account_locked', 'invalid_grant', 50053],
    ['access_blocked', 'interaction_required', 53003],
    ['mfa_required', 'interaction_required', 50076],
    ['consent_missing', 'invalid_grant', 65001],
  ])('S-7: %s (%s, AADSTS%d) keeps the grant, which works again once it is fixed', async (cause, error, number) => {
    await expire();
    refusing(error, number);
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({
      code: `mail_${cause}`,
      retry: { kind: 'after_reconnect' },
    });
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'reconnect_needed' });
    argus.fake.control.clearFaults();
    argus.fake.control.clearRequests();
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: `mail_${cause}` });
    expect(argus.fake.control.requests()).toEqual([]);
    const until = (await grant()).refreshNotBefore?.getTime() ?? 0;
    expect(until - argus.services.now().getTime()).toBeGreaterThan(14 * 60_000);
    await endPause();
    expect((await user.call('GET /api/new-arrivals', refresh)).problem).toBeUndefined();
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'authorized', lastError: null });
  });

  it.each([
    ['interaction_required alone', { error: 'interaction_required' }],
    ['an app that is not approved', { error: 'interaction_required', error_codes: [53002] }],
    ['the suberror additional_action', { error: 'invalid_grant', suberror: 'additional_action' }],
    ['a number that is in no rule', { error: 'invalid_grant', error_codes: [530099] }],
    ['a refusal without a reason, as from other providers', { error: 'invalid_grant' }],
  ])('S-7: %s keeps the grant as well', async (_, body) => {
    await expire();
    const { db, now } = argus.services;
    await db.grant.updateMany({ data: { refusedOnceAt: new Date(now().getTime() - 120_000) } });
    argus.fake.control.addFault({ target: 'token', kind: 'status', status: 400, body, times: 1 });
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ retry: { kind: 'after_reconnect' } });
    await endPause();
    expect((await user.call('GET /api/new-arrivals', refresh)).problem).toBeUndefined();
  });

  it('S-7: the check of one’s own connection tries a refused grant at once, and reports Microsoft’s answer', async () => {
    await expire();
    refusing('invalid_grant', 50057);
    await user.fails('GET /api/new-arrivals', refresh);
    argus.fake.control.clearRequests();
    expect(await checked()).toMatchObject({ problem: { code: 'mail_account_disabled' } });
    expect(refreshes()).toHaveLength(1);
    expect((await grant()).lastErrorCode).toBe('mail_account_disabled');
    // The portlet still waits.
    argus.fake.control.clearRequests();
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_account_disabled' });
    expect(argus.fake.control.requests()).toEqual([]);
    argus.fake.control.clearFaults();
    argus.advance(6_000);
    expect((await checked()).problem).toBeUndefined();
    expect((await user.call('GET /api/new-arrivals', refresh)).problem).toBeUndefined();
  });

  it('S-7: a refused grant that fails for another reason waits as long as before', async () => {
    await expire();
    refusing('invalid_grant', 50057);
    await user.fails('GET /api/new-arrivals', refresh);
    argus.fake.control.clearFaults();
    argus.fake.control.setSecretState('expired');
    try {
      await endPause();
      await user.fails('GET /api/new-arrivals', refresh);
      argus.fake.control.clearRequests();
      await user.fails('GET /api/new-arrivals', refresh);
      expect(refreshes()).toEqual([]);
    } finally {
      argus.fake.control.setSecretState('valid');
    }
    await endPause();
    expect((await user.call('GET /api/new-arrivals', refresh)).problem).toBeUndefined();
  });

  it('S-7: a refused grant whose link changes is verified again, and is not reported as another account', async () => {
    await expire();
    refusing('invalid_grant', 50057);
    await user.fails('GET /api/new-arrivals', refresh);
    argus.fake.control.clearFaults();
    await argus.services.db.grant.updateMany({ data: { verifiedLinkKey: 'former@contoso.example' } });
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'reconnect_needed', confirmed: false });
    await endPause();
    expect((await user.call('GET /api/new-arrivals', refresh)).problem).toBeUndefined();
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'authorized', confirmed: true });
  });

  it('S-7: a refused grant is not treated as suspended when an endpoint moves away and back', async () => {
    await expire();
    refusing('invalid_grant', 50057);
    await user.fails('GET /api/new-arrivals', refresh);
    const { db } = argus.services;
    const { mailOrigin, tokenOrigin, providerId } = await grant();
    const present = { providerId, tokenOrigin: tokenOrigin ?? '', mailOrigin: mailOrigin ?? '', tenantId: undefined };
    const elsewhere = { field: 'mailUrl', to: { mailOrigin: 'https://graph.example' } } as const;
    expect(await previewMove(db, elsewhere, 5)).toMatchObject({ suspends: 1, restores: 0 });
    await suspendMovedGrants(db, argus.services.now(), { ...present, mailOrigin: 'https://graph.example' });
    expect(await previewMove(db, { field: 'mailUrl', to: present }, 5)).toMatchObject({ restores: 0 });
    await suspendMovedGrants(db, argus.services.now(), present);
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'reconnect_needed' });
    argus.fake.control.clearFaults();
    await endPause();
    expect((await user.call('GET /api/new-arrivals', refresh)).problem).toBeUndefined();
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'authorized' });
  });

  it('S-7: a refused grant whose endpoint moves while it is tried again is not restored by its new token', async () => {
    await expire();
    refusing('invalid_grant', 50057);
    await user.fails('GET /api/new-arrivals', refresh);
    argus.fake.control.clearFaults();
    await endPause();
    argus.fake.control.clearRequests();
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 20_000, times: 1 });
    const trying = user.send('GET', '/api/new-arrivals?refresh=true');
    await untilCalled(argus, '/token');
    await change.settings({ mailUrl: `${argus.fake.loginUrl}/v1.0/me/messages` });
    argus.fake.control.answerNow();
    await trying;
    await settled();
    expect(await grant()).toMatchObject({ status: 'reconnect_needed' });
    await change.settings(wait);
    expect(await grant()).toMatchObject({ status: 'authorized' });
    await expire();
    expect((await user.call('GET /api/new-arrivals', refresh)).problem).toBeUndefined();
  });

  it('S-7: a busy token endpoint neither hides why a grant is refused nor shortens its wait', async () => {
    await expire();
    refusing('invalid_grant', 50057);
    await user.fails('GET /api/new-arrivals', refresh);
    argus.fake.control.clearFaults();
    await endPause();
    argus.fake.control.addFault({ target: 'token', kind: 'status', status: 503, times: 1 });
    await user.fails('GET /api/new-arrivals', refresh);
    const until = (await grant()).refreshNotBefore?.getTime() ?? 0;
    expect(until - argus.services.now().getTime()).toBeGreaterThan(14 * 60_000);
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_account_disabled' });
  });

  it('S-7: a refused grant whose seal cannot be opened for a while is still refused, wherever its endpoints move', async () => {
    await expire();
    refusing('invalid_grant', 50057);
    await user.fails('GET /api/new-arrivals', refresh);
    await endPause();
    const { sealedTokens } = await grant();
    await argus.services.db.grant.updateMany({ data: { sealedTokens: 'k9.unreadable' } });
    await user.send('GET', '/api/new-arrivals?refresh=true');
    await argus.services.db.grant.updateMany({ data: { sealedTokens } });
    expect((await grant()).refreshNotBefore).not.toBeNull();
  });

  it.each([
    ['a claims challenge of Graph', () => argus.fake.control.addFault(challenge)],
    [
      'a disabled account',
      async () => {
        await expire();
        refusing('invalid_grant', 50057);
      },
    ],
  ])('S-7: after %s, one refusal without a reason does not end the grant either', async (_, end) => {
    await end();
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ retry: { kind: 'after_reconnect' } });
    argus.fake.control.clearFaults();
    await endPause();
    const body = { error: 'invalid_grant', error_codes: [70000] };
    argus.fake.control.addFault({ target: 'token', kind: 'status', status: 400, body, times: 1 });
    await user.fails('GET /api/new-arrivals', refresh);
    expect((await grant()).sealedTokens).not.toBeNull();
    await endPause();
    expect((await user.call('GET /api/new-arrivals', refresh)).problem).toBeUndefined();
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'authorized' });
  });

  it('S-7: a refusal of one token says nothing about the next, even if that came in an unusable reply', async () => {
    const noReason = { error: 'invalid_grant', error_codes: [70000] };
    const load = async (meet: () => void) => {
      await expire();
      meet();
      await user.send('GET', '/api/new-arrivals?refresh=true');
      await settled();
      argus.fake.control.clearFaults();
      argus.advance(61_000);
    };
    const refuse = () =>
      argus.fake.control.addFault({ target: 'token', kind: 'status', status: 400, body: noReason, times: 1 });
    await load(refuse);
    await load(() =>
      argus.fake.control.addFault({ target: 'token', kind: 'altered', fields: { access_token: null }, times: 1 }),
    );
    await load(refuse);
    expect(await grant()).toMatchObject({ status: 'authorized', sealedTokens: expect.any(String) });
    await expire();
    expect((await user.call('GET /api/new-arrivals', refresh)).problem).toBeUndefined();
  });

  it('S-7: a refusal by one token endpoint says nothing about the next one', async () => {
    await argus.services.db.grant.updateMany({ data: { refusedOnceAt: new Date(0) } });
    const { defaultScopes } = await argus.services.db.authProvider.findFirstOrThrow();
    await change.provider({ defaultScopes });
    expect(await grant()).toMatchObject({ refusedOnceAt: null });
  });

  /** A refresh that the token endpoint will answer so, once `answerNow` lets it. */
  async function waitingForAnswer(answer: { status: number; retryAfter: string }) {
    await expire();
    argus.fake.control.clearRequests();
    argus.fake.control.addFault({ target: 'token', kind: 'status', ...answer, ms: 20_000, times: 1 });
    const trying = user.send('GET', '/api/new-arrivals?refresh=true');
    await untilCalled(argus, '/token');
    return { trying };
  }

  it('field B1: a late answer of a token endpoint causes no wait for the next one', async () => {
    const { trying } = await waitingForAnswer({ status: 429, retryAfter: '900' });
    const { tokenEndpointUrl } = await argus.services.db.authProvider.findFirstOrThrow();
    await change.provider({ tokenEndpointUrl: tokenEndpointUrl.replace('/oauth2/v2.0/', '/oauth2/V2.0/') });
    argus.fake.control.answerNow();
    await trying;
    await settled();
    expect(await grant()).toMatchObject({ refreshNotBefore: null, tokenWaitUntil: null });
    await change.provider({});
  });

  it('field B1: after a refusal that also asks to wait, nobody tries again before the wait is over', async () => {
    await expire();
    const body = { error: 'invalid_grant', error_codes: [50057] };
    argus.fake.control.addFault({ target: 'token', kind: 'status', status: 400, body, retryAfter: '1200' });
    await user.send('GET', '/api/new-arrivals?refresh=true');
    const { tokenWaitUntil } = await grant();
    expect((tokenWaitUntil?.getTime() ?? 0) - argus.services.now().getTime()).toBeGreaterThan(1_100_000);
    argus.fake.control.clearRequests();
    await checked();
    expect(tokenCalls()).toEqual([]);
  });

  it('S-2: a late answer of an endpoint that is moved meanwhile does not prevent a restoration', async () => {
    const { trying } = await waitingForAnswer({ status: 503, retryAfter: '200' });
    await change.settings({ mailUrl: `${argus.fake.loginUrl}/v1.0/me/messages` });
    argus.fake.control.answerNow();
    await trying;
    await settled();
    expect(await grant()).toMatchObject({ status: 'reconnect_needed', refreshNotBefore: null, tokenWaitUntil: null });
    await change.settings(wait);
    expect(await grant()).toMatchObject({ status: 'authorized' });
    expect((await user.call('GET /api/new-arrivals', refresh)).problem).toBeUndefined();
  });

  it.each([
    [
      'of a refused grant',
      async () => {
        await expire();
        refusing('invalid_grant', 50057);
        await user.fails('GET /api/new-arrivals', refresh);
        argus.fake.control.clearFaults();
      },
    ],
    ['of one that works', () => {}],
  ])(
    'field B1: the check of one’s own connection keeps the wait that the token endpoint asked for: %s',
    async (_, begin) => {
      await begin();
      argus.fake.control.addFault({ target: 'token', kind: 'retryAfter', retryAfter: '240' });
      const first = (await checked()).problem;
      expect(first?.retry).toMatchObject({ kind: 'later', afterSeconds: 240 });
      argus.fake.control.clearRequests();
      argus.advance(6_000);
      expect((await checked()).problem).toMatchObject({
        code: first?.code,
        retry: { kind: 'later', afterSeconds: 234 },
      });
      expect(tokenCalls()).toEqual([]);
    },
  );

  it('S-3: the check of one’s own connection repeats no result of a former connection', async () => {
    expect((await checked()).problem).toBeUndefined();
    await user.call('DELETE /api/authorization');
    expect((await checked()).problem).toMatchObject({ code: 'mail_not_authorized' });
  });

  it('S-7: a refusal about the token itself deletes the token', async () => {
    await expire();
    refusing('invalid_grant', 50173);
    expect(await user.fails('GET /api/new-arrivals', refresh)).toMatchObject({ code: 'mail_grant_revoked' });
    expect(await grant()).toMatchObject({ status: 'reconnect_needed', sealedTokens: null });
  });
});
