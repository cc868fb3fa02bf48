import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Browser, suffix } from '../support/build-app.ts';
import { calmMicrosoft, tokenCalls } from '../support/calm-microsoft.ts';
import { failWrites } from '../support/failing-writes.ts';
import { taroUpn } from '../support/linked-taro.ts';
import { outcomeOf } from '../support/read-outcome.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';
import { untilCalled } from '../support/wait-for.ts';

const jiroUpn = demoUsers.jiro.userPrincipalName;

stageLinkedTaro({ config: { frameAncestors: ['https://portal.example'] } });
beforeEach(async () => {
  await user.call('DELETE /api/authorization');
  for (const name of [...user.cookies.keys()]) if (/flow|outcome/.test(name)) user.cookies.delete(name);
  await argus.services.db.errorEvent.deleteMany();
  argus.fake.control.clearRequests();
});
afterEach(calmMicrosoft);

const logged = () => argus.services.db.errorEvent.count();

/** A pop-up of the embedded portlet, which is to authorize as `upn`. */
async function openPopup(upn: string): Promise<{ popup: Browser; callback: string; outcomeId: string }> {
  const { startUrl, outcomeId } = await user.call('POST /api/authorization/tickets');
  const popup = argus.browser();
  const start = await popup.send('GET', startUrl);
  const ticket = start.headers.get('location')?.split('#')[1] ?? '';
  const { authorizeUrl } = await popup.call('POST /api/authorization/tickets/take', { body: { ticket } });
  const { redirectUrl } = await argus.fake.control.signIn({ authorizeUrl, user: upn });
  return { popup, callback: redirectUrl, outcomeId: outcomeId ?? '' };
}
/** What the embedding page learns of it. */
const learned = (id: string) => user.call('GET /api/authorization/outcomes/:id', { params: { id } });

describe('the callback in a browser', () => {
  it('field D2: two tabs both succeed, and so does a second start before the first has ended', async () => {
    const first = await user.consent(taroUpn);
    const second = await user.consent(taroUpn);
    for (const path of [first, second]) {
      expect(await outcomeOf(user, await user.send('GET', path))).toMatchObject({ result: 'authorized' });
    }
    expect(await logged()).toBe(0);
  });

  it('field D3: a reload after its end leads to the outcome of the first load, and the code is sent once', async () => {
    const path = await user.consent(taroUpn);
    const first = await user.send('GET', path);
    for (const again of [path, `${path}&code=another`, path.replace(/code=[^&]+/, 'error=server_error')]) {
      const reply = await user.send('GET', again);
      expect([reply.status, reply.headers.get('location')]).toEqual([303, first.headers.get('location')]);
    }
    expect(await outcomeOf(user, first)).toMatchObject({ result: 'authorized' });
    expect(tokenCalls()).toHaveLength(1);
    expect(await logged()).toBe(0);
  });

  it('field D3: a reload of a slow callback leads to the same outcome, which is pending until the first load ends', async () => {
    const path = await user.consent(taroUpn);
    argus.fake.control.addFault({ target: 'token', kind: 'delay', ms: 60_000 });
    const first = user.send('GET', path);
    await untilCalled(argus, '/token');
    const again = await user.send('GET', path);
    expect(again.status).toBe(303);
    expect(await outcomeOf(user, again)).toMatchObject({ result: 'pending', display: 'page', authorizedAccount: null });
    // Once more, as the browser has dropped the cookie of the flow by now.
    expect((await user.send('GET', path)).headers.get('location')).toBe(again.headers.get('location'));
    argus.fake.control.answerNow();
    expect((await first).headers.get('location')).toBe(again.headers.get('location'));
    expect(await outcomeOf(user, again)).toMatchObject({ result: 'authorized', authorizedAccount: taroUpn });
    expect(tokenCalls()).toHaveLength(1);
    expect(await logged()).toBe(0);
  });

  it('field D3: the same applies in a pop-up without a session, and to nobody else', async () => {
    const { popup, callback } = await openPopup(taroUpn);
    const cookies = new Map(popup.cookies);
    const first = await popup.send('GET', callback);
    const again = await popup.send('GET', callback);
    expect([again.status, again.headers.get('location')]).toEqual([303, first.headers.get('location')]);
    expect(await outcomeOf(popup, again)).toMatchObject({ result: 'authorized', display: 'popup' });
    // A reload whose first reply never arrived still has the cookie of the flow.
    const reloaded = argus.browser();
    for (const [name, value] of cookies) reloaded.cookies.set(name, value);
    expect(await outcomeOf(reloaded, await reloaded.send('GET', callback))).toMatchObject({ result: 'authorized' });
    // Who only knows the address, or invents a verifier for it, took no part.
    const state = new URL(callback).searchParams.get('state') ?? '';
    const name = [...cookies.keys()].find((each) => each.includes('flow')) ?? '';
    const stranger = argus.browser();
    expect((await stranger.send('GET', callback)).status).toBe(400);
    stranger.cookies.set(name, `${state}.invented`);
    expect((await stranger.send('GET', callback)).status).toBe(400);
    const other = await argus.signedIn('other@argus.example');
    for (const [each, value] of cookies) if (each.includes('flow')) other.cookies.set(each, value);
    expect((await other.send('GET', callback)).status).toBe(400);
    expect(tokenCalls()).toHaveLength(1);
  });

  it('field D3: a failure is shown again as it was; once its outcome is gone, the state is shown', async () => {
    const path = await user.consent(taroUpn, false);
    const first = await user.send('GET', path);
    const again = await user.send('GET', path);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(await outcomeOf(user, again)).toMatchObject({ problem: { code: 'authorization_declined' } });
    expect(await logged()).toBe(1);
    await argus.services.db.authorizationOutcome.deleteMany();
    argus.advance(150_000);
    expect((await user.send('GET', path)).headers.get('location')).toBe('/authorization');
  });

  it('field D3: the wait ends for an outcome that never comes because its process has died', async () => {
    const path = await user.consent(taroUpn);
    await argus.services.db.authorizationTransaction.updateMany({ data: { consumedAt: argus.services.now() } });
    const reply = await user.send('GET', path);
    expect(await outcomeOf(user, reply)).toMatchObject({ result: 'pending' });
    argus.advance(150_000);
    const id = reply.headers.get('location')?.split('/').at(-1) ?? '';
    expect(await user.fails('GET /api/authorization/outcomes/:id', { params: { id } })).toMatchObject({
      code: 'outcome_expired',
    });
  });

  it('field D4: HEAD and a prefetch send no code; the navigation after them does', async () => {
    const path = await user.consent(taroUpn);
    expect((await user.send('HEAD', path)).status).toBe(404);
    expect((await user.send('GET', path, { headers: { 'sec-purpose': 'prefetch' } })).status).toBe(503);
    expect(tokenCalls()).toHaveLength(0);
    expect(await outcomeOf(user, await user.send('GET', path))).toMatchObject({ result: 'authorized' });
  });

  it('field D7: a grant that could not be stored is a failure, even if its error could not be logged', async () => {
    const ends = [
      await failWrites(argus, 'Grant', { times: 1_000_000 }),
      await failWrites(argus, 'ErrorEvent', { times: 1_000_000 }),
    ];
    try {
      const outcome = await outcomeOf(user, await user.authorize(taroUpn));
      expect(outcome).toMatchObject({ result: 'failed', problem: { code: 'database_unavailable' } });
      expect(outcome.problem?.errorId).toBeUndefined();
    } finally {
      for (const end of ends) await end();
    }
  });
});

describe('what the page that opened a pop-up learns', () => {
  it('field D6: that the same wrong account signed in again, although the state has not changed', async () => {
    await user.authorize(jiroUpn);
    const before = await user.call('GET /api/authorization');
    const { popup, callback, outcomeId } = await openPopup(jiroUpn);
    expect(await learned(outcomeId)).toMatchObject({ result: 'pending', display: 'popup' });
    await popup.send('GET', callback);
    expect(await learned(outcomeId)).toMatchObject({
      result: 'failed',
      problem: { code: 'authorization_mismatch', accounts: { linked: taroUpn, authorized: jiroUpn } },
    });
    expect(await user.call('GET /api/authorization')).toMatchObject({
      state: before.state,
      authorizedAccount: before.authorizedAccount,
    });
  });

  it.each([
    [
      'authorization_declined',
      (callback: string) => callback.replace(/code=[^&]+/, 'error=access_denied&error_subcode=cancel'),
    ],
    ['authorization_server_error', (callback: string) => callback.replace(/code=[^&]+/, 'error=server_error')],
  ] as const)('field D6: %s', async (code, changed) => {
    const { popup, callback, outcomeId } = await openPopup(taroUpn);
    await popup.send('GET', changed(callback));
    expect(await learned(outcomeId)).toMatchObject({ result: 'failed', display: 'popup', problem: { code } });
  });

  it('field D6: that the time ran out, and that it succeeded', async () => {
    const late = await openPopup(taroUpn);
    argus.advance(10 * 60_000 + 1_000);
    await late.popup.send('GET', late.callback);
    expect(await learned(late.outcomeId)).toMatchObject({ problem: { code: 'authorization_state_expired' } });
    const good = await openPopup(taroUpn);
    await good.popup.send('GET', good.callback);
    expect(await learned(good.outcomeId)).toMatchObject({ result: 'authorized', authorizedAccount: taroUpn });
  });

  it('field D6: that the pop-up could not even begin; its ticket is used up', async () => {
    const { startUrl, outcomeId } = await user.call('POST /api/authorization/tickets');
    const ticket = new URL(startUrl).searchParams.get('ticket') ?? '';
    await change.site('login', false);
    try {
      const problem = await argus.browser().fails('POST /api/authorization/tickets/take', { body: { ticket } });
      expect(problem).toMatchObject({ code: 'authorization_site_not_registered' });
    } finally {
      await change.restore();
    }
    expect(await learned(outcomeId ?? '')).toMatchObject({
      result: 'failed',
      problem: { code: 'authorization_site_not_registered' },
    });
    expect(await argus.browser().fails('POST /api/authorization/tickets/take', { body: { ticket } })).toMatchObject({
      code: 'authorization_ticket_invalid',
    });
  });

  it('field D6: only its user may wait for the outcome, and only as long as it can still come', async () => {
    const { outcomeId } = await user.call('POST /api/authorization/tickets');
    const params = { id: outcomeId ?? '' };
    expect(await learned(params.id)).toMatchObject({ result: 'pending' });
    for (const reader of [argus.browser(), await argus.signedIn('other@argus.example'), admin]) {
      expect(await reader.fails('GET /api/authorization/outcomes/:id', { params })).toMatchObject({ status: 404 });
    }
    argus.advance(61_000);
    expect(await user.fails('GET /api/authorization/outcomes/:id', { params })).toMatchObject({
      code: 'outcome_expired',
    });
    const { popup, callback, outcomeId: other } = await openPopup(taroUpn);
    await admin.proveSelf();
    // Whatever ends the flow ends the waiting.
    await user.call('DELETE /api/authorization');
    await popup.send('GET', callback);
    expect(await user.fails('GET /api/authorization/outcomes/:id', { params: { id: other } })).toMatchObject({
      code: 'outcome_expired',
    });
  });

  it(`field D6: the failure of the kick-off itself, if the pop-up shares the session`, async () => {
    const { startUrl, outcomeId } = await user.call('POST /api/authorization/tickets');
    await change.site('login', false);
    try {
      expect((await user.send('GET', startUrl)).status).toBe(303);
    } finally {
      await change.restore();
    }
    expect(await learned(outcomeId ?? '')).toMatchObject({
      problem: { code: 'authorization_site_not_registered' },
    });
    expect(suffix).toBe('Microsoft365');
  });
});
