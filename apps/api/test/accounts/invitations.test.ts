import { beforeEach, describe, expect, test, vi } from 'vitest';
import { deleteExpiredInvitations } from '../../src/accounts/records/invitations.ts';
import { buildApp } from '../../src/app.ts';
import { hashToken } from '../../src/platform/vault/hash-token.ts';
import { testPassword } from '../support/build-app.ts';
import { accept, addInvitee, readStatus, tokenOf, unknownToken, visitor } from '../support/invitee.ts';
import { admin, argus, stageAdmin } from '../support/stage-argus.ts';

/** Hashing waits for this, so that a test can hold requests there. */
const hashing = vi.hoisted(() => ({ mayEnd: Promise.resolve(), begun: 0 }));
vi.mock(import('@node-rs/argon2'), async (original) => {
  const argon2 = await original();
  return {
    ...argon2,
    hash: async (...args) => {
      hashing.begun += 1;
      await hashing.mayEnd;
      return argon2.hash(...args);
    },
  };
});

const sessionCookie = '__Host-argus-session';
const day = 24 * 3600_000;

stageAdmin();
beforeEach(async () => {
  await argus.database.prisma.signInThrottle.deleteMany({});
  await argus.database.prisma.auditEvent.deleteMany({});
});

const issueFor = (id: string) => admin.call('POST /api/admin/users/:id/invitation', { params: { id } });

async function userRow(username: string) {
  const { items } = await admin.call('GET /api/admin/users', { query: { q: username } });
  return items[0];
}

function setColumns(id: string, data: { passwordHash?: string; active?: boolean }) {
  return argus.database.prisma.account.update({ where: { id }, data });
}

async function change(username: string, values: { active?: boolean; displayName?: string }) {
  const row = await userRow(username);
  if (!row) throw new Error(`${username} is not there`);
  const { id, displayName, role, salesforceId, active, version } = row;
  const body = { username, displayName, role, salesforceId, active, version, ...values };
  return admin.call('PUT /api/admin/users/:id', { params: { id }, body });
}

describe('an invitation link', () => {
  test('sets the first password, once, and signs in under a new session', async () => {
    const id = await addInvitee(argus, 'taro@argus.example', { displayName: '山田 太郎' });
    const issued = await issueFor(id);
    expect(issued).toMatchObject({ username: 'taro@argus.example', displayName: '山田 太郎' });
    expect(issued.url).toMatch(new RegExp(`^${argus.url}/invitation#token=[\\w-]{43}$`));
    const lasts = Date.parse(issued.expiresAt) - argus.services.now().getTime();
    expect(lasts).toBeGreaterThan(7 * day - 60_000);
    expect(lasts).toBeLessThanOrEqual(7 * day);
    expect(await userRow('taro@argus.example')).toMatchObject({ hasPassword: false, invitedUntil: issued.expiresAt });

    const token = tokenOf(issued.url);
    const browser = await visitor(argus);
    const before = browser.cookies.get(sessionCookie);
    expect(await browser.call('POST /api/invitation/read', { body: { token } })).toEqual({
      username: 'taro@argus.example',
      displayName: '山田 太郎',
      expiresAt: issued.expiresAt,
    });
    const session = await browser.call('POST /api/invitation/accept', { body: { token, password: testPassword } });
    expect(session.user).toMatchObject({ username: 'taro@argus.example', role: 'user' });
    expect(browser.cookies.get(sessionCookie)).not.toBe(before);
    expect((await browser.call('GET /api/session')).user?.id).toBe(id);

    expect(await userRow('taro@argus.example')).toMatchObject({
      hasPassword: true,
      invitedUntil: null,
      lastSignInAt: expect.any(String),
    });
    for (const path of ['POST /api/invitation/read', 'POST /api/invitation/accept'] as const) {
      const body = { token, password: 'another good password' };
      const sent = path.endsWith('read') ? { token } : body;
      expect(
        await browser.send('POST', path.slice(5), {
          body: sent,
          headers: { 'x-csrf-token': (await browser.call('GET /api/session')).csrfToken },
        }),
      ).toMatchObject({
        status: 410,
        body: { code: 'invitation_expired' },
      });
    }
    await argus.browser().signIn('taro@argus.example');
  });

  test('works for only one of two people who use it at the same time', async () => {
    const { url } = await issueFor(await addInvitee(argus, 'twice@argus.example'));
    const browsers = await Promise.all([visitor(argus), visitor(argus)]);
    const passwords = ['the first of two passwords', 'the second of two passwords'];
    const replies = await Promise.all(browsers.map((each, i) => accept(each, tokenOf(url), passwords[i])));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 410]);
    const winner = replies[0]?.status === 200 ? 0 : 1;
    await argus.browser().signIn('twice@argus.example', passwords[winner]);
    const loser = { username: 'twice@argus.example', password: passwords[1 - winner] ?? '' };
    expect(await argus.browser().fails('POST /api/session', { body: loser })).toMatchObject({ code: 'sign_in_failed' });
  });

  test('says whom to ask for a new one when it does not work', async () => {
    const browser = argus.browser();
    expect(await browser.fails('POST /api/invitation/read', { body: { token: unknownToken } })).toMatchObject({
      status: 410,
      code: 'invitation_expired',
      lines: [
        'この招待リンクは使えません。',
        '既に使われたか、有効期限が切れたか、新しいリンクが発行されています。管理者に新しい招待リンクを依頼してください。',
      ],
    });
    for (const token of ['', 'x', unknownToken]) {
      expect((await accept(browser, token)).body).toMatchObject({ status: 410, code: 'invitation_expired' });
    }
    // Without a link, nobody learns whether a password is acceptable.
    expect((await accept(browser, unknownToken, 'short')).status).toBe(410);
  });

  test('works for seven days and is deleted afterwards', async () => {
    const { url } = await issueFor(await addInvitee(argus, 'late@argus.example'));
    const token = tokenOf(url);
    const { prisma } = argus.database;
    try {
      argus.advance(7 * day - 60_000);
      expect(await readStatus(await visitor(argus), token)).toBe(200);
      argus.advance(60_000);
      const fresh = await visitor(argus);
      expect(await readStatus(fresh, token)).toBe(410);
      expect((await accept(fresh, token)).status).toBe(410);
      expect(await prisma.invitation.count({ where: { tokenHash: hashToken(token) } })).toBe(1);
      await deleteExpiredInvitations(prisma, argus.services.now());
      expect(await prisma.invitation.count({ where: { tokenHash: hashToken(token) } })).toBe(0);
    } finally {
      argus.advance(-7 * day);
    }
    expect(await userRow('late@argus.example')).toMatchObject({ invitedUntil: null });
  });

  test('is replaced by the next one', async () => {
    const id = await addInvitee(argus, 'again@argus.example');
    const [first, second] = [await issueFor(id), await issueFor(id)];
    const browser = await visitor(argus);
    expect(await readStatus(browser, tokenOf(first.url))).toBe(410);
    expect(await readStatus(browser, tokenOf(second.url))).toBe(200);
  });

  test('ends when its account is deactivated, and stays ended when the account is reactivated', async () => {
    const { url } = await issueFor(await addInvitee(argus, 'left@argus.example'));
    await change('left@argus.example', { displayName: 'Left' });
    const browser = await visitor(argus);
    expect(await readStatus(browser, tokenOf(url))).toBe(200);
    expect(await change('left@argus.example', { active: false })).toMatchObject({ invitedUntil: null });
    expect(await readStatus(browser, tokenOf(url))).toBe(410);
    await change('left@argus.example', { active: true });
    expect(await readStatus(browser, tokenOf(url))).toBe(410);
    expect((await accept(browser, tokenOf(url))).status).toBe(410);
  });

  test('ends when an administrator sets the password, or the account is deactivated or has one', async () => {
    const id = await addInvitee(argus, 'set@argus.example');
    const { url } = await issueFor(id);
    await admin.call('PUT /api/admin/users/:id/password', { params: { id }, body: { password: testPassword } });
    const browser = await visitor(argus);
    expect((await accept(browser, tokenOf(url), 'somebody else chose this')).status).toBe(410);
    expect(await argus.database.prisma.invitation.count({ where: { accountId: id } })).toBe(0);
    await argus.browser().signIn('set@argus.example');

    const other = await addInvitee(argus, 'unseen@argus.example');
    const link = tokenOf((await issueFor(other)).url);
    for (const data of [{ active: false }, { active: true, passwordHash: 'x' }]) {
      await argus.database.prisma.account.update({ where: { id: other }, data });
      expect(await readStatus(browser, link)).toBe(410);
      expect((await accept(browser, link)).status).toBe(410);
    }
  });

  test.each([
    ['a newer link is issued', (id: string) => issueFor(id)],
    ['a password is set', (id: string) => setColumns(id, { passwordHash: 'of another' })],
    ['its account is deactivated', (id: string) => setColumns(id, { active: false })],
  ])('is refused when %s after it was opened and before it is used', async (event, happen) => {
    const id = await addInvitee(argus, `race-${event.replaceAll(' ', '-')}@argus.example`);
    const token = tokenOf((await issueFor(id)).url);
    const browser = await visitor(argus);
    const { invitation } = argus.database.prisma;
    const { findUnique } = invitation;
    const late = async (args: Parameters<typeof findUnique>[0]) => {
      const found = await findUnique.call(invitation, args);
      await happen(id);
      return found;
    };
    Object.assign(invitation, { findUnique: late });
    try {
      expect(await accept(browser, token)).toMatchObject({ status: 410, body: { code: 'invitation_expired' } });
    } finally {
      Object.assign(invitation, { findUnique });
    }
    const { passwordHash } = await argus.database.prisma.account.findUniqueOrThrow({ where: { id } });
    expect(passwordHash).toBe(event === 'a password is set' ? 'of another' : null);
    expect((await browser.call('GET /api/session')).user).toBeNull();
  });

  test('applies the usual password rules, and a refused password leaves it usable', async () => {
    const { url } = await issueFor(await addInvitee(argus, 'careful@argus.example'));
    const token = tokenOf(url);
    const browser = await visitor(argus);
    for (const [password, code] of [
      ['', 'required'],
      ['short', 'password_too_short'],
      ['careful@argus.example', 'password_like_username'],
    ] as const) {
      expect((await accept(browser, token, password)).body).toMatchObject({
        status: 400,
        code: 'request_invalid',
        fields: [{ field: 'password', code }],
      });
    }
    expect((await accept(browser, token)).status).toBe(200);
  });

  test('signs its user in as the invited account, even if another account was signed in', async () => {
    const { url } = await issueFor(await addInvitee(argus, 'newcomer@argus.example'));
    const browser = await argus.signedIn('colleague@argus.example');
    await browser.call('POST /api/invitation/accept', { body: { token: tokenOf(url), password: testPassword } });
    expect((await browser.call('GET /api/session')).user?.username).toBe('newcomer@argus.example');
  });

  test('ops T6: thirty dead links throttle an address, and whoever has a good one there opens it, or signs in', async () => {
    const { url } = await issueFor(await addInvitee(argus, 'patient@argus.example'));
    const browser = await visitor(argus);
    for (let i = 0; i < 29; i++) await readStatus(browser, unknownToken);
    const reply = await browser.send('POST', '/api/invitation/read', { body: { token: unknownToken } });
    expect(reply).toMatchObject({ status: 429, body: { code: 'too_many_requests', retry: { kind: 'later' } } });
    await argus.signedIn('colleague@argus.example');
    expect(await readStatus(browser, tokenOf(url))).toBe(200);
    argus.advance(61_000);
    try {
      expect(await readStatus(browser, unknownToken)).toBe(410);
    } finally {
      argus.advance(-61_000);
    }
  });

  test('an office behind one address opens any number of good links', async () => {
    const { url } = await issueFor(await addInvitee(argus, 'office@argus.example'));
    const browser = await visitor(argus);
    for (let i = 0; i < 40; i++) expect(await readStatus(browser, tokenOf(url))).toBe(200);
  });

  test('its holder cannot make Argus hash passwords without limit', async () => {
    const { url } = await issueFor(await addInvitee(argus, 'flood@argus.example'));
    const browsers = await Promise.all(Array.from({ length: 12 }, () => visitor(argus)));
    const held = Promise.withResolvers<void>();
    hashing.mayEnd = held.promise;
    hashing.begun = 0;
    const replied: number[] = [];
    const replies = browsers.map(async (each) => replied.push((await accept(each, tokenOf(url))).status));
    try {
      // A request that is not refused waits at the hashing.
      await vi.waitFor(() => expect(replied).toHaveLength(7), { timeout: 10_000 });
      expect(new Set(replied)).toEqual(new Set([429]));
      expect(hashing.begun).toBe(5);
    } finally {
      held.resolve();
      hashing.mayEnd = Promise.resolve();
      await Promise.all(replies);
    }
    expect(replied.filter((status) => status === 200)).toHaveLength(1);
    expect(hashing.begun).toBe(5);
  });
});

describe('who gets a link', () => {
  test('nobody who is inactive', async () => {
    const id = await addInvitee(argus, 'off@argus.example');
    await argus.database.prisma.account.update({ where: { id }, data: { active: false } });
    expect(await admin.fails('POST /api/admin/users/:id/invitation', { params: { id } })).toMatchObject({
      status: 409,
      code: 'invitation_account_inactive',
      lines: [
        'この利用者は無効のため、招待リンクを発行できません。',
        '利用者を有効にしてから、もう一度発行してください。',
      ],
    });
  });

  test('nobody who has a password', async () => {
    const id = await argus.addAccount('has@argus.example');
    expect(await admin.fails('POST /api/admin/users/:id/invitation', { params: { id } })).toMatchObject({
      status: 409,
      code: 'invitation_password_set',
      lines: [
        'この利用者には既にパスワードがあるため、招待リンクを発行できません。',
        '「パスワードの設定」で新しいパスワードを設定してください。',
      ],
    });
    expect(await argus.database.prisma.invitation.count({ where: { accountId: id } })).toBe(0);
  });
});

describe('the token of a link', () => {
  test('is in no log, no error and no table', async () => {
    const lines: string[] = [];
    const logger = { level: 'trace', stream: { write: (line: string) => void lines.push(line) } };
    const app = await buildApp(argus.services, {
      logger,
      readiness: async () => 'ok' as const,
      webRoot: 'no-web-in-api-tests',
    });
    const cookies = new Map<string, string>();
    let csrfToken = '';
    const send = async (method: 'GET' | 'POST', url: string, payload?: object) => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const headers = { origin: argus.url, 'x-csrf-token': csrfToken, cookie };
      const reply = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) });
      for (const { name, value } of reply.cookies) cookies.set(name, value);
      if (reply.body.includes('csrfToken')) csrfToken = (reply.json() as { csrfToken: string }).csrfToken;
      return reply;
    };
    try {
      const id = await addInvitee(argus, 'canary@argus.example');
      await send('GET', '/api/session');
      await send('POST', '/api/session', { username: 'admin@argus.example', password: testPassword });
      await send('POST', '/api/session/reauthentication', { password: testPassword });
      const { url } = (await send('POST', `/api/admin/users/${id}/invitation`)).json() as { url: string };
      const bulk = await send('POST', '/api/admin/invitations', { q: 'canary', role: null, timeZone: 'UTC' });
      const tokens = [tokenOf(url), /#token=([\w-]+)/.exec(bulk.body)?.[1] ?? ''];
      expect(tokens.every((token) => token.length === 43)).toBe(true);
      const secret = 'a password that is a canary';
      const replies = [];
      for (const token of tokens) {
        replies.push(await send('POST', '/api/invitation/read', { token }));
        replies.push(await send('POST', '/api/invitation/accept', { token, password: 'short' }));
        replies.push(await send('POST', '/api/invitation/accept', { token, password: secret, extra: token }));
        replies.push(await send('POST', '/api/invitation/accept', { token, password: secret }));
      }
      expect(replies.map(({ statusCode }) => statusCode)).toEqual([410, 410, 400, 410, 200, 400, 400, 200]);
      const tables = await Promise.all(
        (['account', 'auditEvent', 'errorEvent', 'invitation', 'session', 'signInThrottle'] as const).map((table) =>
          (argus.database.prisma[table] as unknown as { findMany(): Promise<unknown> }).findMany(),
        ),
      );
      expect(lines.length).toBeGreaterThan(10);
      const seen = [...lines, ...replies.map(({ body }) => body), JSON.stringify(tables)].join('\n');
      for (const canary of [...tokens, secret]) expect(seen).not.toContain(canary);
    } finally {
      await app.close();
    }
  });

  test('leaves in the audit log who issued it and who used it', async () => {
    const { url } = await issueFor(await addInvitee(argus, 'audited@argus.example'));
    await accept(await visitor(argus), tokenOf(url));
    const { items } = await admin.call('GET /api/admin/audit-events', { query: { username: 'audited' } });
    expect(items.map(({ action, actorUsername, targetName }) => [action, actorUsername, targetName])).toEqual([
      ['invitation_accepted', 'audited@argus.example', 'audited@argus.example'],
      ['invitation_issued', 'admin@argus.example', 'audited@argus.example'],
    ]);
  });
});
