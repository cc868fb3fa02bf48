import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, buildArgus, type Reply, type TestArgus, testPassword } from '../support/build-app.ts';
import { cookieHeader } from '../support/cookie-header.ts';
import { addInvitee, tokenOf, unknownToken, visitor } from '../support/invitee.ts';
import { unknownId } from '../support/probe-endpoint.ts';
import { sendRaw } from '../support/send-raw.ts';

const sessionCookie = '__Host-argus-session';
let argus: TestArgus;
let admin: Browser;
let csrfToken: string;
let cookie: string;

beforeAll(async () => {
  argus = await buildArgus();
  for (const name of ['taro', 'hanako']) await argus.addAccount(`${name}@argus.example`);
});
afterAll(() => argus?.close());
beforeEach(async () => {
  await argus.database.prisma.signInThrottle.deleteMany({});
  await argus.database.prisma.remoteSite.deleteMany({});
  admin = await argus.signedIn('admin@argus.example', 'admin');
  ({ csrfToken } = await admin.call('GET /api/session'));
  cookie = cookieHeader(admin);
});

const site = { name: 'A', url: 'https://a.example', disableProtocolSecurity: false, active: true, description: '' };
const sites = () => argus.database.prisma.remoteSite.count();

/** What a page in the administrator's browser can send, with exactly these headers and the cookies. */
function post(
  headers: Readonly<Record<string, string>>,
  { target = '/api/admin/remote-sites', body = JSON.stringify(site) }: { target?: string; body?: string } = {},
) {
  const all = { cookie, origin: argus.url, 'content-type': 'application/json', ...headers };
  return sendRaw(argus.url, { method: 'POST', target, headers: all, body });
}

describe('S-held: requests forged by another site', () => {
  test('S-held: the request of our own page, which all of these imitate, is accepted', async () => {
    expect((await post({ 'x-csrf-token': csrfToken })).status).toBe(201);
    expect(await sites()).toBe(1);
  });

  test('S-held: an origin that only resembles ours is refused, even with the right token', async () => {
    const { host, port } = new URL(argus.url);
    const origins = [
      'null',
      '',
      '*',
      'https://evil.example',
      `https://${host}`,
      `http://localhost`,
      `http://localhost:${port}0`,
      `http://127.0.0.1:${port}`,
      `http://[::1]:${port}`,
      `HTTP://LOCALHOST:${port}`,
      `http://Localhost:${port}`,
      `${argus.url}/`,
      `${argus.url}.evil.example`,
      `http://localhost.:${port}`,
      `http://user@localhost:${port}`,
      `${argus.url}, https://evil.example`,
      `${argus.url} https://evil.example`,
      `https://evil.example/${argus.url}`,
    ];
    for (const origin of origins) {
      const reply = await post({ origin, 'x-csrf-token': csrfToken });
      const own = URL.canParse(origin) && new URL(origin).host === host;
      const code = own ? 'origin_mismatch' : 'csrf_token_invalid';
      expect([reply.status, /"code":"(\w+)"/.exec(reply.text)?.[1]], origin).toEqual([403, code]);
      expect(
        Object.keys(reply.headers).filter((name) => name.startsWith('access-control-')),
        origin,
      ).toEqual([]);
    }
    expect(await sites()).toBe(0);
  });

  test('S-held: the token counts only in its header, complete and unaltered', async () => {
    const attempts: readonly [string, Record<string, string>, Parameters<typeof post>[1]?][] = [
      ['nowhere', {}],
      ['empty', { 'x-csrf-token': '' }],
      ['in the query', {}, { target: `/api/admin/remote-sites?_csrf=${encodeURIComponent(csrfToken)}` }],
      [
        'in the query by its header',
        {},
        { target: `/api/admin/remote-sites?x-csrf-token=${encodeURIComponent(csrfToken)}` },
      ],
      ['in the body', {}, { body: JSON.stringify({ ...site, _csrf: csrfToken }) }],
      ...['csrf-token', 'xsrf-token', 'x-xsrf-token', '_csrf'].map(
        (name) => [`in ${name}`, { [name]: csrfToken }] as [string, Record<string, string>],
      ),
      ['in a cookie', { cookie: `${cookie}; x-csrf-token=${csrfToken}; _csrf=${csrfToken}` }],
      ['cut', { 'x-csrf-token': csrfToken.slice(0, -1) }],
      ['longer', { 'x-csrf-token': `${csrfToken}x` }],
      ['in another case', { 'x-csrf-token': csrfToken.toUpperCase() }],
      ['twice', { 'x-csrf-token': `${csrfToken}, ${csrfToken}` }],
      ['as a cookie of a session', { 'x-csrf-token': admin.cookies.get(sessionCookie) ?? '' }],
    ];
    for (const [name, headers, request] of attempts) {
      expect((await post(headers, request)).status, name).toBe(403);
    }
    expect(await sites()).toBe(0);
  });

  test('S-held: a token belongs to its session: not to one before the sign-in, nor to one that has ended, nor to a neighbour', async () => {
    const browser = argus.browser();
    const { csrfToken: before } = await browser.call('GET /api/session');
    await browser.signIn('admin@argus.example');
    const { csrfToken: first } = await browser.call('GET /api/session');
    await browser.signIn('admin@argus.example');
    const neighbour = await argus.signedIn('taro@argus.example');
    const tokens = { before, first, neighbour: (await neighbour.call('GET /api/session')).csrfToken };
    for (const [name, token] of Object.entries(tokens)) {
      const reply = await post({ cookie: cookieHeader(browser), 'x-csrf-token': token });
      expect(reply.status, name).toBe(403);
    }
    expect(await sites()).toBe(0);
  });

  test('S-held: a form of another site is refused, even if its origin and token were right', async () => {
    const right = { 'x-csrf-token': csrfToken };
    const types = [
      'text/plain',
      'text/plain; application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json, text/plain',
      'text/json',
      'text/plain;application/json',
    ];
    for (const type of types) expect((await post({ ...right, 'content-type': type })).status, type).toBe(415);
    expect(await sites()).toBe(0);
  });
});

describe('S-held: session fixation', () => {
  const whoIs = async (given: string) => {
    const reply = await sendRaw(argus.url, { target: '/api/session', headers: { cookie: given } });
    return (JSON.parse(reply.text) as { user: { username: string } | null }).user?.username ?? null;
  };

  test('S-held: an id that a client chose, or one of an ended session, is never accepted as a session', async () => {
    const ended = await argus.signedIn('taro@argus.example');
    const endedCookie = ended.cookies.get(sessionCookie) ?? '';
    await ended.call('DELETE /api/session');
    const live = decodeURIComponent(admin.cookies.get(sessionCookie) ?? '');
    const [id = ''] = live.split('.');
    const chosen = [
      'chosen',
      'x'.repeat(32),
      `${'x'.repeat(32)}.${'y'.repeat(43)}`,
      endedCookie,
      // The id of a session without its signature, or with a forged one.
      id,
      `${id}.`,
      `${id}.${'A'.repeat(43)}`,
      `${'x'.repeat(id.length)}.${live.split('.')[1]}`,
      '',
      '%00',
      '[object Object]',
    ];
    for (const value of chosen) {
      expect(await whoIs(`${sessionCookie}=${value}`), value).toBe(null);
      const browser = argus.browser();
      browser.cookies.set(sessionCookie, value);
      await browser.signIn('taro@argus.example');
      expect(browser.cookies.get(sessionCookie), value).not.toBe(value);
      expect(await whoIs(`${sessionCookie}=${value}`), value).toBe(null);
      expect(await whoIs(cookieHeader(browser)), value).toBe('taro@argus.example');
    }
  });

  test('S-held: a cookie that somebody planted before the sign-in identifies nobody after it', async () => {
    const planted = argus.browser();
    await planted.call('GET /api/session');
    const victim = argus.browser();
    for (const [name, value] of planted.cookies) victim.cookies.set(name, value);
    const seen = cookieHeader(planted);
    await victim.signIn('taro@argus.example');
    expect(await whoIs(seen)).toBe(null);
    expect(await whoIs(cookieHeader(victim))).toBe('taro@argus.example');
  });

  test('S-held: a second cookie of the same or a similar name identifies nobody', async () => {
    const live = admin.cookies.get(sessionCookie) ?? '';
    for (const name of ['argus-session', '__host-argus-session', '__Secure-argus-session', 'sessionId', 'session']) {
      expect(await whoIs(`${name}=${live}`), name).toBe(null);
    }
    // Of two, the first counts: it has the longer path, which nobody can set for a __Host- name.
    expect(await whoIs(`${sessionCookie}=chosen; ${sessionCookie}=${live}`)).toBe(null);
  });

  test('S-held: a session id in a URL is not accepted', async () => {
    const live = admin.cookies.get(sessionCookie) ?? '';
    for (const name of [sessionCookie, 'sessionId', 'sid', 'jsessionid']) {
      for (const target of [`/api/authorization?${name}=${live}`, `/api/authorization;${name}=${live}`]) {
        expect([400, 401, 404]).toContain((await sendRaw(argus.url, { target })).status);
      }
    }
  });
});

describe('S-held: replies do not reveal what exists', () => {
  /** A problem without the parts that differ between requests. */
  const shapeOf = ({ status, headers, body }: Reply) => {
    const { occurredAt: _occurredAt, retry: _retry, ...problem } = body as Record<string, unknown>;
    return { status, names: [...headers.keys()].toSorted(), problem };
  };

  test('S-held: a sign-in fails in the same words for every reason, and is blocked after the same number of attempts', async () => {
    await addInvitee(argus, 'passwordless@argus.example');
    const inactive = await argus.addAccount('inactive@argus.example');
    await argus.database.prisma.account.update({ where: { id: inactive }, data: { active: false } });
    const told = [];
    for (const name of ['nobody', 'taro', 'passwordless', 'inactive']) {
      await argus.database.prisma.signInThrottle.deleteMany({});
      const browser = argus.browser();
      const { csrfToken: token } = await browser.call('GET /api/session');
      const replies: Reply[] = [];
      for (let attempt = 0; attempt < 6; attempt += 1) {
        const body = { username: `${name}@argus.example`, password: `not the password ${attempt}` };
        replies.push(await browser.send('POST', '/api/session', { body, headers: { 'x-csrf-token': token } }));
      }
      told.push(replies.map(shapeOf));
    }
    for (const each of told) expect(each).toEqual(told[0]);
    expect(told[0]?.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
  });

  test('S-held: an invitation that never existed, an expired one and a used one get the same reply', async () => {
    const id = await addInvitee(argus, 'invited@argus.example');
    const issue = async () =>
      tokenOf((await admin.call('POST /api/admin/users/:id/invitation', { params: { id } })).url);
    const replaced = await issue();
    const taken = await issue();
    const holder = await visitor(argus);
    await holder.call('POST /api/invitation/accept', { body: { token: taken, password: testPassword } });
    const shapes = [];
    for (const token of [unknownToken, replaced, taken]) {
      shapes.push(shapeOf(await (await visitor(argus)).send('POST', '/api/invitation/read', { body: { token } })));
    }
    expect(shapes[0]).toMatchObject({ status: 410 });
    expect(shapes.slice(1)).toEqual([shapes[0], shapes[0]]);
  });

  test('S-held: what belongs to another user is not found', async () => {
    const taro = await argus.signedIn('taro@argus.example');
    const hanako = await argus.signedIn('hanako@argus.example');
    const { id } = await taro.call('POST /api/authorization/self-checks');
    const outcome = {
      id: 'A'.repeat(22),
      browserHash: 'x',
      display: 'page',
      result: 'authorized',
      expiresAt: new Date(Date.now() + 60_000),
    };
    const owner = await argus.database.prisma.account.findFirstOrThrow({
      where: { usernameKey: 'taro@argus.example' },
    });
    await argus.database.prisma.authorizationOutcome.create({ data: { ...outcome, accountId: owner.id } });
    for (const [own, unknown] of [
      [`/api/authorization/self-checks/${id}`, `/api/authorization/self-checks/${unknownId}`],
      [`/api/authorization/outcomes/${outcome.id}`, `/api/authorization/outcomes/${'B'.repeat(22)}`],
    ] as const) {
      expect((await taro.send('GET', own)).status, own).toBe(200);
      const foreign = shapeOf(await hanako.send('GET', own));
      expect(foreign, own).toEqual(shapeOf(await hanako.send('GET', unknown)));
      expect(foreign.status, own).toBeGreaterThanOrEqual(400);
      expect((await argus.browser().send('GET', own)).status, own).toBeGreaterThanOrEqual(400);
    }
  });
});
