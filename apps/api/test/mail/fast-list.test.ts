import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Browser, type Reply, testPassword } from '../support/build-app.ts';
import { callsTo } from '../support/calm-microsoft.ts';
import { changeLink, linkOf } from '../support/change-link.ts';
import { statementsOf } from '../support/count-statements.ts';
import { taroUpn, username } from '../support/linked-taro.ts';
import { admin, argus, change, stageLinkedTaro } from '../support/stage-argus.ts';
import { startAnotherInstance } from '../support/start-another-instance.ts';

const path = '/api/new-arrivals';
const former = 'SECRET of the former list';

let other: Awaited<ReturnType<typeof startAnotherInstance>>;
let taro: Browser;
/** The cookies of the session, also after the browser has lost them. */
let cookie: string;
let accountId: string;

stageLinkedTaro();
beforeAll(async () => {
  other = await startAnotherInstance(argus);
  accountId = (await argus.services.db.account.findFirstOrThrow({ where: { username } })).id;
  argus.fake.control.injectMail({ user: taroUpn, subject: former });
});
afterAll(() => other?.close());
beforeEach(async () => {
  taro = await argus.signedIn(username);
  await taro.authorize(taroUpn);
  cookie = [...taro.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
});

const ask = (where: 'here' | 'there' = 'here', headers: Record<string, string> = {}): Promise<Reply> =>
  argus
    .browser()
    .send('GET', `${where === 'here' ? argus.url : other.url}${path}`, { headers: { cookie, ...headers } });

/** Fetches the list, and has both instances answer it once from what is stored. */
async function warmed(): Promise<Reply> {
  for (const where of ['here', 'there', 'here', 'there'] as const) await ask(where);
  argus.fake.control.clearRequests();
  const reply = await ask('there');
  expect(reply.text).toContain(former);
  expect(callsTo('/messages')).toHaveLength(0);
  return reply;
}

describe('F1: a warm list', () => {
  it('F1: a warm portlet request is one statement, at once and also on the instance that did not fetch it', async () => {
    await ask('here');
    for (const where of ['here', 'there', 'here', 'there'] as const) {
      const sent = await statementsOf(async () => expect((await ask(where)).status).toBe(200));
      expect(sent).toHaveLength(1);
    }
  });

  it('F1: whoever is not signed in, or says so with a forged cookie, costs no statement', async () => {
    expect(await statementsOf(() => argus.browser().send('GET', path))).toHaveLength(0);
    const forged = `__Host-argus-session=${encodeURIComponent('a'.repeat(32))}.${'b'.repeat(43)}`;
    expect(await statementsOf(() => ask('here', { cookie: forged }))).toHaveLength(0);
  });

  it('F1: is the same reply as the one that was fetched, with the same headers', async () => {
    const fetched = await ask();
    const warm = await ask();
    expect(warm.text).toBe(fetched.text);
    const named = ({ headers }: Reply) =>
      Object.fromEntries([...headers].filter(([name]) => !/^(date|x-request-id)$/.test(name)));
    expect(named(warm)).toEqual(named(fetched));
    expect(named(warm)).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect(warm.headers.get('x-request-id')).not.toBe(fetched.headers.get('x-request-id'));
  });

  it('F1: many at once are each answered, everyone with their own list', async () => {
    await warmed();
    const hanako = await argus.signedIn('hanako@argus.example');
    const replies = await Promise.all([
      ...Array.from({ length: 30 }, () => ask('there')),
      hanako.send('GET', `${other.url}${path}`),
      argus.browser().send('GET', `${other.url}${path}`),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([...Array.from({ length: 30 }, () => 200), 409, 401]);
    expect(replies.at(-2)?.text).not.toContain(former);
  });

  it('F1: counts as a request and as a hit', async () => {
    await warmed();
    const count = async (name: string, label: string) => {
      const line = new RegExp(`^${name}\\{[^}]*"${label}"[^}]*\\} (\\d+)$`, 'm');
      return Number(line.exec(await argus.services.metrics.registry.metrics())?.[1] ?? 0);
    };
    const counts = async () => [
      await count('argus_portlet_requests_total', 'ok'),
      await count('argus_mail_cache_total', 'hit'),
    ];
    const [ok = 0, hits = 0] = await counts();
    await ask();
    expect(await counts()).toEqual([ok + 1, hits + 1]);
  });
});

describe('F1b: an unchanged list', () => {
  it('F1b: asked for by its entity tag is a 304 without a body, and one statement', async () => {
    const list = await warmed();
    const etag = list.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const given of [etag, `W/${etag}`, `"other", ${etag}`]) {
      let reply: Reply | undefined;
      const sent = await statementsOf(async () => {
        reply = await ask('there', { 'if-none-match': given });
      });
      expect(reply?.status).toBe(304);
      expect(reply?.text).toBe('');
      expect(reply?.headers.get('etag')).toBe(etag);
      expect(sent).toHaveLength(1);
    }
    expect((await ask('there', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('F1b: is no 304 for another user, nor after a sign-out', async () => {
    const etag = (await warmed()).headers.get('etag') ?? '';
    const hanako = await argus.signedIn('hanako@argus.example');
    expect((await hanako.send('GET', path, { headers: { 'if-none-match': etag } })).status).toBe(409);
    await taro.call('DELETE /api/session');
    expect((await ask('there', { 'if-none-match': etag })).status).toBe(401);
  });
});

describe('F1: a change on another instance shows at the very next request', () => {
  const userForm = async () => {
    const found = await argus.services.db.account.findUniqueOrThrow({ where: { id: accountId } });
    const { displayName, role, salesforceId, active, version } = found;
    return { username, displayName, role, salesforceId, active, version };
  };
  const changeUser = async (changed: object) =>
    admin.call('PUT /api/admin/users/:id', { params: { id: accountId }, body: { ...(await userForm()), ...changed } });
  afterEach(async () => {
    await changeUser({ active: true, role: 'user' });
    await change.settings({});
    await change.provider({});
    const { items } = await admin.call('GET /api/admin/account-links', { query: { q: username } });
    if (items.length === 0)
      await admin.call('POST /api/admin/account-links', { body: { username, microsoftAccount: taroUpn } });
    await changeLink(admin, username, taroUpn);
  });

  const ended: [what: string, work: () => Promise<unknown>, code: string][] = [
    ['the user signs out', () => taro.call('DELETE /api/session'), 'session_missing'],
    ['an administrator deactivates the account', () => changeUser({ active: false }), 'session_missing'],
    ['an administrator changes the role', () => changeUser({ role: 'admin' }), 'session_missing'],
    [
      'an administrator sets the password',
      () =>
        admin.call('PUT /api/admin/users/:id/password', {
          params: { id: accountId },
          body: { password: testPassword },
        }),
      'session_missing',
    ],
    [
      'the session expires',
      () => argus.services.db.session.updateMany({ where: { accountId }, data: { expiresAt: new Date(0) } }),
      'session_missing',
    ],
    [
      'the account is deactivated in the database itself',
      () => argus.services.db.account.update({ where: { id: accountId }, data: { active: false } }),
      'session_missing',
    ],
    ['the user revokes', () => taro.call('DELETE /api/authorization'), 'mail_not_authorized'],
    [
      'an administrator revokes',
      async () => {
        const { id } = await linkOf(admin, username);
        return admin.call('DELETE /api/admin/account-links/:id/authorization', { params: { id } });
      },
      'mail_not_authorized',
    ],
    [
      'the link is changed',
      () => changeLink(admin, username, demoUsers.jiro.userPrincipalName),
      'mail_account_mismatch',
    ],
    [
      'the link is deleted',
      async () => {
        const { id, version } = await linkOf(admin, username);
        return admin.call('DELETE /api/admin/account-links/:id', { params: { id }, query: { version } });
      },
      'mail_not_linked',
    ],
    [
      'the link is pinned to another account',
      () =>
        argus.services.db.accountLink.update({ where: { accountId }, data: { pinnedObjectId: demoUsers.jiro.oid } }),
      'mail_account_mismatch',
    ],
    [
      '基本設定 names another provider',
      () => change.settings({ authProviderUrlSuffix: 'nobody' }),
      'mail_provider_not_found',
    ],
    [
      'the provider in use moves to another site',
      async () => change.provider({ tokenEndpointUrl: `${await change.closedSite()}/token`, consumerSecret: 'x' }),
      'mail_token_endpoint_unreachable',
    ],
  ];
  it.each(ended)('F1: %s', async (_what, work, code) => {
    const etag = (await warmed()).headers.get('etag') ?? '';
    await work();
    for (const headers of [{}, { 'if-none-match': etag }]) {
      const reply = await ask('there', headers);
      expect(reply.status).toBeGreaterThanOrEqual(400);
      expect.soft((reply.body as { code: string }).code).toBe(code);
      expect(reply.text).not.toContain(former);
    }
    // Whatever was stored in the database alone is put right by the next authorization.
    await argus.services.db.account.update({ where: { id: accountId }, data: { active: true } });
    await argus.services.db.accountLink.updateMany({ where: { accountId }, data: { pinnedObjectId: null } });
  });

  it('F1: the grant has ended: the last list is shown with the reason', async () => {
    const etag = (await warmed()).headers.get('etag') ?? '';
    const data = { status: 'reconnect_needed', sealedTokens: null } as const;
    await argus.services.db.grant.updateMany({ where: { accountId }, data });
    const reply = await ask('there', { 'if-none-match': etag });
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ problem: { code: 'mail_reconnect_needed' } });
    expect(reply.headers.get('etag')).toBeNull();
  });

  const asked: [what: string, work: () => Promise<unknown>][] = [
    ['基本設定 lists fewer messages', () => change.settings({ mailCount: 1 })],
    ['基本設定 shows no preview', () => change.settings({ previewEnabled: false })],
    [
      '基本設定 names another folder',
      () => change.settings({ mailUrl: `${argus.fake.graphUrl}/v1.0/me/mailFolders/sentitems/messages` }),
    ],
    ['the list is not fresh any more', async () => argus.advance(15_001)],
    [
      'the list is not kept any more',
      () => argus.services.db.mailCache.updateMany({ where: { accountId }, data: { expiresAt: new Date() } }),
    ],
    ['the list is deleted', () => argus.services.db.mailCache.deleteMany({ where: { accountId } })],
    [
      'what is stored was tampered with',
      () => argus.services.db.mailCache.updateMany({ where: { accountId }, data: { sealed: 'v1.k1.a.b.c' } }),
    ],
  ];
  it.each(asked)('F1: %s', async (_what, work) => {
    const etag = (await warmed()).headers.get('etag') ?? '';
    await work();
    argus.fake.control.clearRequests();
    expect((await ask('there', { 'if-none-match': etag })).status).toBe(200);
    expect(callsTo('/messages')).toHaveLength(1);
  });
});
