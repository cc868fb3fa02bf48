import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { consumeTransaction } from '../../src/connection/records/authorization-transactions.ts';
import { providerOf, suffix } from '../support/build-app.ts';
import { calmMicrosoft, tokenCalls } from '../support/calm-microsoft.ts';
import { cookieHeader } from '../support/cookie-header.ts';
import { taroUpn } from '../support/linked-taro.ts';
import { outcomeOf } from '../support/read-outcome.ts';
import { admin, argus, change, stageLinkedTaro, user } from '../support/stage-argus.ts';

const jiroUpn = demoUsers.jiro.userPrincipalName;

// Another site may embed the portlet here, so that pop-ups need tickets.
stageLinkedTaro({ config: { frameAncestors: ['https://portal.example'] } });
beforeEach(async () => {
  await user.call('DELETE /api/authorization');
  // As ten minutes later: no cookies of earlier flows remain.
  for (const name of flowCookies()) user.cookies.delete(name);
  argus.fake.control.clearRequests();
});
afterEach(calmMicrosoft);

/** Writes the same GET to many open connections in one go, so that all have arrived before the first is answered. */
async function sendAtOnce(path: string, count: number): Promise<number[]> {
  const { hostname, port } = new URL(argus.url);
  const cookie = cookieHeader(user);
  const sockets = await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect(Number(port), hostname);
      await once(socket, 'connect');
      return socket;
    }),
  );
  for (const socket of sockets) {
    socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncookie: ${cookie}\r\nconnection: close\r\n\r\n`);
  }
  return Promise.all(
    sockets.map(async (socket) => {
      let reply = '';
      for await (const chunk of socket) reply += chunk;
      return Number(/^HTTP\/1\.1 (\d{3})/.exec(reply)?.[1]);
    }),
  );
}

const flowCookies = () => [...user.cookies.keys()].filter((name) => name.startsWith('__Host-argus-flow-'));

describe('the code flow', () => {
  it('O01: starts with an S256 challenge, a fresh state of at least 128 bits, a nonce and the login hint', async () => {
    const first = new URL((await user.send('GET', `/services/auth/oauth/${suffix}`)).headers.get('location') ?? '');
    const second = new URL((await user.send('GET', `/services/auth/oauth/${suffix}`)).headers.get('location') ?? '');
    const parameters = first.searchParams;
    expect(first.origin).toBe(argus.fake.loginUrl);
    expect(parameters.get('code_challenge_method')).toBe('S256');
    expect(parameters.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    expect(Buffer.from(parameters.get('state') ?? '', 'base64url').length).toBeGreaterThanOrEqual(16);
    expect(parameters.get('state')).not.toBe(second.searchParams.get('state'));
    expect(parameters.get('nonce')).toMatch(/^[\w-]{20,}$/);
    expect(parameters.get('prompt')).toBe('select_account');
    expect(parameters.get('login_hint')).toBe(taroUpn);
    expect(parameters.get('scope')).toBe(providerOf(argus.fake).defaultScopes);
    expect(parameters.get('redirect_uri')).toBe(`${argus.url}/services/authcallback/${suffix}`);
    const stateHash = createHash('sha256')
      .update(parameters.get('state') ?? '')
      .digest('base64url');
    const row = await argus.services.db.authorizationTransaction.findUniqueOrThrow({ where: { stateHash } });
    expect(row.expiresAt.getTime() - row.createdAt.getTime()).toBeLessThanOrEqual(10 * 60_000 + 1000);
  });

  it('ends with the account that the administrator linked, on a clean URL', async () => {
    const reply = await user.authorize(taroUpn);
    expect(reply.status).toBe(303);
    expect(reply.headers.get('location')).toMatch(/^\/authorization\/outcome\/[\w-]+$/);
    expect(await outcomeOf(user, reply)).toMatchObject({ result: 'authorized', hint: null });
    expect(await user.call('GET /api/authorization')).toMatchObject({
      state: 'authorized',
      authorizedAccount: taroUpn,
    });
  });

  it('O02: a callback without state, or with an altered one, is refused before any token call', async () => {
    const path = await user.consent(taroUpn);
    const without = new URL(path, argus.url);
    without.searchParams.delete('state');
    expect((await user.send('GET', without.pathname + without.search)).status).toBe(400);
    const altered = new URL(path, argus.url);
    altered.searchParams.set('state', `${altered.searchParams.get('state')}x`);
    expect((await user.send('GET', altered.pathname + altered.search)).status).toBe(400);
    expect(tokenCalls()).toHaveLength(0);
  });

  it('O03: a reused state leads to its first outcome and does not change the authorization', async () => {
    const path = await user.consent(taroUpn);
    const cookies = new Map(user.cookies);
    const first = await user.send('GET', path);
    expect(first.status).toBe(303);
    for (const [name, value] of cookies) user.cookies.set(name, value);
    const again = await user.send('GET', path);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(tokenCalls()).toHaveLength(1);
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'authorized' });
  });

  it('O04: a transaction is consumed once, by the first callback', async () => {
    const { db } = argus.services;
    await user.consent(taroUpn);
    const { stateHash } = await db.authorizationTransaction.findFirstOrThrow({ where: { consumedAt: null } });
    expect(await consumeTransaction(db, stateHash, new Date())).toBe(true);
    expect(await consumeTransaction(db, stateHash, new Date())).toBe(false);
  });

  it('O04: one callback sent 20 times in parallel makes exactly one token call', async () => {
    const path = await user.consent(taroUpn);
    const before = argus.services.now();
    const statuses = await sendAtOnce(path, 20);
    expect(statuses.filter((status) => status === 303)).toHaveLength(20);
    expect(await argus.services.db.authorizationOutcome.count({ where: { createdAt: { gte: before } } })).toBe(1);
    expect(tokenCalls()).toHaveLength(1);
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'authorized' });
  });

  it("O05: a state of user A in user B's browser is refused, with and without A's cookies", async () => {
    const other = await argus.signedIn('other@argus.example');
    const path = await user.consent(taroUpn);
    expect((await other.send('GET', path)).status).toBe(400);
    for (const [name, value] of user.cookies) if (!name.includes('session')) other.cookies.set(name, value);
    expect((await other.send('GET', path)).status).toBe(400);
    expect(tokenCalls()).toHaveLength(0);
  });

  it("O06: a state of provider A at B's callback is refused without a call to either", async () => {
    await admin.call('POST /api/admin/auth-providers', {
      body: { ...providerOf(argus.fake), name: 'Second', urlSuffix: 'Second' },
    });
    const path = (await user.consent(taroUpn)).replace(`/${suffix}?`, '/Second?');
    expect((await user.send('GET', path)).status).toBe(400);
    expect(tokenCalls()).toHaveLength(0);
  });

  it('O07: with 発行者 set, a wrong or absent iss is refused', async () => {
    await change.provider({ issuer: 'https://issuer.example' });
    try {
      const absent = await user.authorize(taroUpn);
      expect(absent.status).toBe(400);
      expect(await outcomeOf(user, absent)).toMatchObject({ problem: { code: 'authorization_issuer_mismatch' } });
      const wrong = await user.send('GET', `${await user.consent(taroUpn)}&iss=https%3A%2F%2Fevil.example`);
      expect(wrong.status).toBe(400);
      expect(tokenCalls()).toHaveLength(0);
    } finally {
      await change.restore();
    }
  });

  it('O08: a lost verifier fails closed', async () => {
    const path = await user.consent(taroUpn);
    for (const name of user.cookies.keys()) if (name.includes('flow')) user.cookies.delete(name);
    expect((await user.send('GET', path)).status).toBe(400);
    expect(tokenCalls()).toHaveLength(0);
  });

  it('O09: a state older than ten minutes ends on "expired", with a way to start again', async () => {
    const path = await user.consent(taroUpn);
    argus.advance(10 * 60_000 + 1000);
    const reply = await user.send('GET', path);
    expect(reply.status).toBe(400);
    expect(await outcomeOf(user, reply)).toMatchObject({
      problem: { code: 'authorization_state_expired' },
      startUrl: `${argus.url}/services/auth/oauth/${suffix}`,
    });
    expect(tokenCalls()).toHaveLength(0);
  });

  it('O10: A2 — a refused consent shows A2, and the transaction is used up', async () => {
    const path = await user.consent(taroUpn, false);
    const reply = await user.send('GET', path);
    expect(reply.status).toBe(303);
    expect((await outcomeOf(user, reply)).problem).toMatchObject({
      code: 'authorization_declined',
      lines: ['承認コード取得に失敗しました。', 'システム管理者に連絡してください。'],
    });
    const accepted = path.replace(/error=[^&]+/, 'code=x');
    expect((await user.send('GET', accepted)).headers.get('location')).toBe(reply.headers.get('location'));
    expect(tokenCalls()).toHaveLength(0);
    // Decline, then accept.
    expect(await outcomeOf(user, await user.authorize(taroUpn))).toMatchObject({ result: 'authorized' });
  });

  it('O11: HTML in error_description is neither shown nor branched on', async () => {
    const path = new URL(await user.consent(taroUpn, false), argus.url);
    path.searchParams.set('error', 'server_error');
    path.searchParams.set('error_description', '<img src=x onerror=alert(1)> access_denied AADSTS65004');
    const reply = await user.send('GET', path.pathname + path.search);
    const outcome = await outcomeOf(user, reply);
    expect(outcome.problem?.code).toBe('authorization_server_error');
    expect(reply.text + JSON.stringify(outcome)).not.toContain('onerror');
  });

  it('O12: duplicate code or state parameters are refused', async () => {
    const path = await user.consent(taroUpn);
    expect((await user.send('GET', `${path}&code=other`)).status).toBe(400);
    expect((await user.send('GET', `${path}&state=other`)).status).toBe(400);
    expect(tokenCalls()).toHaveLength(0);
  });

  it('O13: a hostile return target stays on our origin', async () => {
    for (const target of ['https://evil.test', '//evil.test', '/\\evil.test']) {
      const start = await user.send('GET', `/services/auth/oauth/${suffix}?retURL=${encodeURIComponent(target)}`);
      const { redirectUrl } = await argus.fake.control.signIn({
        authorizeUrl: start.headers.get('location') ?? '',
        user: taroUpn,
      });
      const { pathname, search } = new URL(redirectUrl);
      const end = await user.send('GET', `${pathname}${search}&retURL=${encodeURIComponent(target)}`);
      expect(end.headers.get('location')).toMatch(/^\/authorization\/outcome\//);
    }
  });

  it('O14: another account leads to a mismatch, B2 in the portlet and no stored token; revoking clears it', async () => {
    await user.authorize(taroUpn);
    const outcome = await outcomeOf(user, await user.authorize(jiroUpn));
    expect(outcome.problem).toMatchObject({
      code: 'authorization_mismatch',
      accounts: { linked: taroUpn, authorized: jiroUpn },
    });
    expect(await user.fails('GET /api/new-arrivals')).toMatchObject({
      code: 'mail_account_mismatch',
      lines: [
        'メールの取得に失敗しました。',
        'Argusで設定されているアカウントと異なるアカウントが認証されています。',
        'システム管理者に問い合わせ、認証の取消を実行してください。',
      ],
      accounts: { linked: taroUpn, authorized: jiroUpn },
    });
    const grants = await argus.services.db.grant.findMany();
    expect(grants).toHaveLength(1);
    expect(grants[0]).toMatchObject({ status: 'mismatch', sealedTokens: null, microsoftAccount: jiroUpn });
    await user.call('DELETE /api/authorization');
    expect(await user.fails('GET /api/new-arrivals')).toMatchObject({ code: 'mail_not_authorized' });
  });

  it("O15: a stranger's start link in a victim's browser gives nobody access", async () => {
    const stranger = await argus.signedIn('stranger@argus.example');
    await admin.call('POST /api/admin/account-links', {
      body: { username: 'stranger@argus.example', microsoftAccount: jiroUpn },
    });
    const { startUrl } = await stranger.call('POST /api/authorization/tickets');
    const start = await user.send('GET', startUrl);
    // The victim sees whose account it is before leaving, and nothing has started.
    expect(start.headers.get('location')).toMatch(/^\/authorization\/confirm#[\w-]+$/);
    expect(await argus.services.db.authorizationTransaction.count()).toBe(0);
    const body = { ticket: new URL(startUrl).searchParams.get('ticket') ?? '' };
    expect(await user.call('POST /api/authorization/tickets/read', { body })).toMatchObject({
      username: 'stranger@argus.example',
    });
    const { authorizeUrl } = await user.call('POST /api/authorization/tickets/take', { body });
    const { redirectUrl } = await argus.fake.control.signIn({ authorizeUrl, user: jiroUpn });
    expect((await user.send('GET', redirectUrl)).status).toBe(400);
    expect(await argus.services.db.grant.count()).toBe(0);
    // A ticket works once.
    expect(await user.fails('POST /api/authorization/tickets/take', { body })).toMatchObject({ status: 410 });
    expect(await user.fails('POST /api/authorization/tickets/read', { body })).toMatchObject({ status: 410 });
  });

  it('an embedded portlet hands its pop-up a ticket; the pop-up finishes without a session', async () => {
    const { startUrl } = await user.call('POST /api/authorization/tickets');
    const popup = argus.browser();
    const start = await popup.send('GET', startUrl);
    const ticket = start.headers.get('location')?.split('#')[1] ?? '';
    const { authorizeUrl } = await popup.call('POST /api/authorization/tickets/take', { body: { ticket } });
    const { redirectUrl } = await argus.fake.control.signIn({ authorizeUrl, user: taroUpn });
    const reply = await popup.send('GET', redirectUrl);
    expect(reply.status).toBe(303);
    expect(await outcomeOf(popup, reply)).toMatchObject({ result: 'authorized', display: 'popup' });
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'authorized' });
    // The audit log names the user, although the pop-up has no session.
    const { db } = argus.services;
    const [event] = await db.auditEvent.findMany({
      where: { action: 'authorization_granted' },
      orderBy: { id: 'desc' },
    });
    expect(event).toMatchObject({ actorUsername: 'taro@argus.example', targetName: taroUpn });
    // Somebody who only knows the URL of the outcome does not get it.
    const id = reply.headers.get('location')?.split('/').at(-1) ?? '';
    const stranger = argus.browser();
    expect(await stranger.fails('GET /api/authorization/outcomes/:id', { params: { id } })).toMatchObject({
      status: 404,
    });
    // Nor does somebody with the cookie of another outcome.
    await stranger.signIn('stranger@argus.example');
    await stranger.send('GET', '/services/auth/oauth/NoSuchSuffix');
    for (const name of stranger.cookies.keys()) if (name.includes('session')) stranger.cookies.delete(name);
    expect([...stranger.cookies.keys()].some((name) => name.includes('outcome'))).toBe(true);
    expect(await stranger.fails('GET /api/authorization/outcomes/:id', { params: { id } })).toMatchObject({
      status: 404,
    });
  });

  it('a callback without a user or a flow is refused and stores nothing', async () => {
    const { db } = argus.services;
    const before = [await db.errorEvent.count(), await db.authorizationOutcome.count()];
    const reply = await argus.browser().send('GET', `/services/authcallback/${suffix}?state=x&code=y`);
    expect(reply.status).toBe(400);
    expect(reply.text).toContain('この認証の手続きは無効です。');
    // A forged cookie is not a flow; nor is one that has ended.
    const stranger = argus.browser();
    const invented = `__Host-argus-flow-${createHash('sha256').update('x').digest('base64url').slice(0, 16)}`;
    stranger.cookies.set(invented, 'x.y');
    expect((await stranger.send('GET', `/services/authcallback/${suffix}?state=x&code=y`)).status).toBe(400);
    expect([...stranger.cookies.keys()]).toEqual([invented]);
    const path = await user.consent(taroUpn);
    const ended = argus.browser();
    for (const [name, value] of user.cookies) if (!name.includes('session')) ended.cookies.set(name, value);
    expect((await user.send('GET', path)).status).toBe(303);
    before[1] = await db.authorizationOutcome.count();
    expect((await ended.send('GET', path)).status).toBe(400);
    expect([await db.errorEvent.count(), await db.authorizationOutcome.count()]).toEqual(before);
  });

  it('O17: A1 — an unknown suffix shows A1, and no request is sent', async () => {
    const reply = await user.send('GET', '/services/auth/oauth/NoSuchSuffix');
    const outcome = await outcomeOf(user, reply);
    expect(outcome.problem).toMatchObject({
      code: 'authorization_provider_not_found',
      lines: ['認証プロバイダ情報の取得に失敗しました。', 'システム管理者に連絡してください。'],
    });
    expect(argus.fake.control.requests()).toHaveLength(0);
  });

  it.each([302, 307])(
    'O18: a token endpoint that answers %d fails, and the secret is not sent again',
    async (status) => {
      argus.fake.control.addFault({
        target: 'token',
        kind: 'redirect',
        status,
        location: `${argus.fake.loginUrl}/elsewhere/token`,
      });
      const outcome = await outcomeOf(user, await user.authorize(taroUpn));
      expect(outcome.problem?.code).toBe('authorization_reply_malformed');
      expect(tokenCalls()).toHaveLength(1);
    },
  );

  it('O20: a grant without a refresh token is refused with its own code', async () => {
    argus.fake.control.setWithholdRefreshToken(true);
    const outcome = await outcomeOf(user, await user.authorize(taroUpn));
    expect(outcome.problem?.code).toBe('authorization_refresh_token_missing');
    expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'not_authorized' });
  });
});

describe('the account that signed in', () => {
  it('a link that differs in case only is accepted, with a hint', async () => {
    const { items } = await admin.call('GET /api/admin/account-links');
    const link = items.find((item) => item.username === 'taro@argus.example');
    if (!link) throw new Error('no link');
    const put = (microsoftAccount: string, version: number) =>
      admin.call('PUT /api/admin/account-links/:id', { params: { id: link.id }, body: { microsoftAccount, version } });
    const changed = await put(taroUpn.toUpperCase(), link.version);
    expect(await outcomeOf(user, await user.authorize(taroUpn))).toMatchObject({
      result: 'authorized',
      hint: 'case_differs',
    });
    await put(taroUpn, changed.version);
  });

  it('a renamed UPN with the same object id works, with a hint', async () => {
    await user.authorize(taroUpn);
    argus.fake.control.renameUser(taroUpn, 'taro.renamed@contoso.example');
    try {
      expect(await outcomeOf(user, await user.authorize('taro.renamed@contoso.example'))).toMatchObject({
        result: 'authorized',
        hint: 'upn_renamed',
      });
    } finally {
      argus.fake.control.renameUser('taro.renamed@contoso.example', taroUpn);
    }
  });
});
