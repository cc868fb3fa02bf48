import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { saveFirstAdminInvitation } from '../../src/accounts/records/first-admin-invitations.ts';
import { hashToken } from '../../src/platform/vault/hash-token.ts';
import { type Browser, buildArgus, providerOf, testPassword } from '../support/build-app.ts';
import { cookieHeader, csrfTokenOf } from '../support/cookie-header.ts';
import { upload } from '../support/csv-upload.ts';
import { accept, addInvitee, tokenOf, visitor } from '../support/invitee.ts';
import { sendAtOnce } from '../support/send-raw.ts';
import { admin, argus, stageLinkedTaro, user } from '../support/stage-argus.ts';
import { startAnotherInstance } from '../support/start-another-instance.ts';

// Another site may embed the portlet here, so that pop-ups need tickets.
stageLinkedTaro({ config: { frameAncestors: ['https://portal.example'] } });
beforeEach(async () => {
  await argus.database.prisma.signInThrottle.deleteMany({});
});

const prisma = () => argus.database.prisma;
const statusesOf = (replies: readonly { status: number }[]) => replies.map(({ status }) => status).toSorted();
const times = <T>(count: number, make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

describe('S-held: of the last two administrators, one stays', () => {
  const rival = 'rival@argus.example';
  const rights = { role: 'admin', active: true } as const;
  let ids: { own: string; rival: string };

  /** The two, both signed-in administrators, and nobody else. */
  async function theTwo(): Promise<readonly [Browser, Browser]> {
    await prisma().account.updateMany({
      where: { usernameKey: { in: ['admin@argus.example', rival] } },
      data: rights,
    });
    await admin.signIn('admin@argus.example');
    return [admin, await argus.signedIn(rival, 'admin')];
  }
  beforeAll(async () => {
    await argus.signedIn(rival, 'admin');
    const find = (usernameKey: string) => prisma().account.findFirstOrThrow({ where: { usernameKey } });
    ids = { own: (await find('admin@argus.example')).id, rival: (await find(rival)).id };
  });
  afterAll(async () => {
    await theTwo();
    await prisma().account.delete({ where: { id: ids.rival } });
  });

  const activeAdmins = () => prisma().account.findMany({ where: { role: 'admin', active: true } });

  test.each([
    ['demoted', 'demoted', { role: 'user' }, { role: 'user' }],
    ['deactivated', 'deactivated', { active: false }, { active: false }],
    ['demoted', 'deactivated', { role: 'user' }, { active: false }],
  ] as const)('S-held: when each is %s and %s by the other, in two processes', async (_, __, mine, theirs) => {
    const instance = await startAnotherInstance(argus);
    try {
      for (let round = 0; round < 3; round += 1) {
        const [one, two] = await theTwo();
        const attempts = await Promise.all(
          (
            [
              [one, ids.rival, mine, argus.url],
              [two, ids.own, theirs, instance.url],
            ] as const
          ).map(async ([by, id, change, url]) => {
            const account = await prisma().account.findUniqueOrThrow({ where: { id } });
            const { username, displayName, salesforceId, version } = account;
            const body = { username, displayName, salesforceId, version, ...rights, ...change };
            const headers = { 'x-csrf-token': await csrfTokenOf(by) };
            return () => by.send('PUT', `${url}/api/admin/users/${id}`, { body, headers });
          }),
        );
        const replies = await Promise.all(attempts.map((attempt) => attempt()));
        expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
        for (const { status } of replies) expect([200, 401, 403, 409]).toContain(status);
        expect(await activeAdmins()).toHaveLength(1);
      }
    } finally {
      await instance.close();
    }
  });

  test('S-held: when each imports a file that removes the other', async () => {
    const header = 'ユーザ名,Salesforceアカウント,役割,有効';
    for (let round = 0; round < 3; round += 1) {
      const [one, two] = await theTwo();
      const options = { table: 'users' } as const;
      const files = [
        await upload(one, `${header}\r\nrival,${rival},ユーザ,TRUE`, options),
        await upload(two, `${header}\r\nadmin,admin@argus.example,管理者,FALSE`, options),
      ];
      expect(files.map(({ state }) => state)).toEqual(['ready', 'ready']);
      await Promise.all(
        [one, two].map((by, i) =>
          by.send('POST', `/api/admin/csv-imports/${files[i]?.id}/apply`, {
            body: { planVersion: files[i]?.planVersion, removals: null },
          }),
        ),
      );
      // Not over the API: the test is to find out whose session ends meanwhile.
      const states = async () => {
        const found = await prisma().csvImport.findMany({ where: { id: { in: files.map(({ id }) => id) } } });
        return found.map(({ state }) => state).toSorted();
      };
      await vi.waitFor(async () => expect(await states()).not.toContain('applying'), { timeout: 10_000, interval: 20 });
      expect(await states()).toEqual(['applied', 'ready']);
      expect(await activeAdmins()).toHaveLength(1);
    }
  });
});

describe('S-held: what works once works for one of many at once', () => {
  test('S-held: a ticket opened eight times begins one flow', async () => {
    for (let round = 0; round < 3; round += 1) {
      await prisma().authorizationTransaction.deleteMany({});
      const { startUrl } = await user.call('POST /api/authorization/tickets');
      const { pathname, search, host } = new URL(startUrl);
      const request = `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      const replies = await sendAtOnce(argus.url, Array(8).fill(request));
      const locations = replies.map((reply) => /^location: (.*)$/im.exec(reply)?.[1]?.trim());
      const authorize = providerOf(argus.fake).authorizeEndpointUrl;
      const left = locations.filter((location) => location?.startsWith(authorize));
      expect(left.length).toBeLessThanOrEqual(1);
      expect(await prisma().authorizationTransaction.count()).toBe(left.length);
      // The others are asked to sign in; somebody is served.
      expect(locations.every((location) => location === '/authorization')).toBe(false);
    }
  });

  test('S-held: a callback sent eight times, through two processes, is redeemed once', async () => {
    const instance = await startAnotherInstance(argus);
    try {
      for (let round = 0; round < 3; round += 1) {
        await user.call('DELETE /api/authorization');
        const path = await user.consent('taro.yamada@contoso.example');
        argus.fake.control.clearRequests();
        const headers = { cookie: cookieHeader(user) };
        const replies = await times(8, (i) =>
          argus.browser().send('GET', `${i % 2 ? argus.url : instance.url}${path}`, { headers }),
        );
        expect(statusesOf(replies)).toEqual(Array(8).fill(303));
        expect(new Set(replies.map(({ headers }) => headers.get('location'))).size).toBe(1);
        const redeemed = argus.fake.control.requests().filter((request) => request.path.endsWith('/token'));
        expect(redeemed).toHaveLength(1);
        expect(await user.call('GET /api/authorization')).toMatchObject({ state: 'authorized' });
      }
      expect(await prisma().grant.count()).toBe(1);
    } finally {
      await instance.close();
    }
  });

  test('S-held: an invitation taken six times sets one password', async () => {
    const id = await addInvitee(argus, 'invited@argus.example');
    await admin.proveSelf();
    const { url } = await admin.call('POST /api/admin/users/:id/invitation', { params: { id } });
    const browsers = await times(6, () => visitor(argus));
    const passwords = browsers.map((_, i) => `${testPassword} ${i}`);
    const replies = await times(6, (i) => accept(browsers[i] ?? argus.browser(), tokenOf(url), passwords[i]));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    // Gone for the others, or throttled: only a few passwords are hashed at a time for one link.
    for (const { status } of replies) expect([200, 410, 429]).toContain(status);
    const winner = replies.findIndex(({ status }) => status === 200);
    // The winner signs in first: after five wrong passwords the account's name would be throttled.
    await argus.browser().signIn('invited@argus.example', passwords[winner] ?? '');
    for (const password of passwords.filter((_, i) => i !== winner)) {
      await expect(argus.browser().signIn('invited@argus.example', password)).rejects.toThrow('sign_in_failed');
    }
  });

  test('S-held: the link of the first administrator, followed five times, creates one', async () => {
    const fresh = await buildArgus();
    try {
      const token = 'a token of the right length, printed at start';
      const expiresAt = new Date(fresh.services.now().getTime() + 3600_000);
      await saveFirstAdminInvitation(fresh.database.prisma, hashToken(token), expiresAt);
      const browsers = await times(5, async () => {
        const browser = fresh.browser();
        return { browser, csrfToken: await csrfTokenOf(browser) };
      });
      const replies = await Promise.all(
        browsers.map(({ browser, csrfToken }, i) =>
          browser.send('POST', '/api/first-admin', {
            body: { username: `first${i}@argus.example`, displayName: '最初', password: testPassword, token },
            headers: { 'x-csrf-token': csrfToken },
          }),
        ),
      );
      expect(statusesOf(replies)).toEqual([201, 410, 410, 410, 410]);
      expect(await fresh.database.prisma.account.findMany()).toMatchObject([{ role: 'admin' }]);
      expect(await fresh.database.prisma.auditEvent.count({ where: { action: 'first_admin_created' } })).toBe(1);
    } finally {
      await fresh.close();
    }
  });
});

describe('S-held: a sign-out is final', () => {
  test('S-held: fifteen at once stay signed out, whatever else their browsers request at that moment', async () => {
    const browsers: Browser[] = [];
    // Sequentially: so many attempts at once would be throttled.
    for (let i = 0; i < 15; i += 1) browsers.push(await argus.signedIn('taro@argus.example'));
    const sessions = await Promise.all(
      browsers.map(async (browser) => ({
        cookie: cookieHeader(browser),
        csrfToken: await csrfTokenOf(browser),
      })),
    );
    const ask = (method: string, path: string, { cookie, csrfToken }: { cookie: string; csrfToken: string }) =>
      argus.browser().send(method, path, { headers: { cookie, 'x-csrf-token': csrfToken } });
    const outs = await Promise.all(
      sessions.flatMap((session) => [
        ask('GET', '/api/session', session).then(() => 0),
        ask('DELETE', '/api/session', session).then(({ status }) => status),
        ask('GET', '/api/session', session).then(() => 0),
        ask('GET', '/api/authorization', session).then(() => 0),
      ]),
    );
    expect(outs.filter((status) => status !== 0)).toEqual(Array(15).fill(204));
    const after = await Promise.all(sessions.map((session) => ask('GET', '/api/authorization', session)));
    expect(statusesOf(after)).toEqual(Array(15).fill(401));
    expect(await prisma().session.count({ where: { account: { usernameKey: 'taro@argus.example' } } })).toBe(1);
  });

  test('S-held: one session signed out fifteen times at once stays signed out', async () => {
    const browser = await argus.signedIn('taro@argus.example');
    const headers = { cookie: cookieHeader(browser), 'x-csrf-token': await csrfTokenOf(browser) };
    const replies = await times(15, () => argus.browser().send('DELETE', '/api/session', { headers }));
    expect(replies.some(({ status }) => status === 204)).toBe(true);
    for (const { status } of replies) expect([204, 401, 403]).toContain(status);
    const again = await argus.browser().send('GET', '/api/authorization', { headers });
    expect(again.status).toBe(401);
  });
});
