import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { demoUsers } from '../src/data/demo-company.ts';
import { type FakeMicrosoft, startFakeMicrosoft } from '../src/start-fake-microsoft.ts';
import { getGraph, getTokens } from './demo-client.ts';

const inbox = '/v1.0/me/mailFolders/inbox/messages';
const taro = demoUsers.taro.userPrincipalName;
let fake: FakeMicrosoft;
let clock = Date.now();
let token: unknown;
beforeAll(async () => {
  fake = await startFakeMicrosoft({ now: () => clock });
});
afterAll(() => fake.close());
beforeEach(async () => {
  clock = Date.now();
  fake.control.reset();
  token = (await getTokens(fake)).access_token;
});

const list = (query: string, headers: Record<string, string> = {}) =>
  getGraph(fake, `${inbox}${query}`, token, headers);
const subjects = (values: Record<string, unknown>[]) => values.map((message) => message.subject);

it('describes the signed-in user, with $select and after a rename', async () => {
  const { body, headers } = await getGraph(fake, '/v1.0/me', token, { 'client-request-id': 'my-own-id' });
  expect(body).toMatchObject({
    id: demoUsers.taro.oid,
    userPrincipalName: taro,
    mail: taro,
    displayName: '山田 太郎',
    '@odata.context': `${fake.graphUrl}/v1.0/$metadata#users/$entity`,
  });
  expect(headers.get('client-request-id')).toBe('my-own-id');
  expect(headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
  fake.control.renameUser(taro, 'Taro.Yamada2@contoso.example');
  const renamed = await getGraph(fake, '/v1.0/me?$select=id,userPrincipalName', token);
  expect(Object.keys(renamed.body).sort()).toEqual(['@odata.context', 'id', 'userPrincipalName']);
  expect(renamed.body).toMatchObject({ id: demoUsers.taro.oid, userPrincipalName: 'Taro.Yamada2@contoso.example' });
  const own = await getGraph(fake, `/v1.0/users('${demoUsers.taro.oid}')?$select=id`, token);
  expect(own.body.id).toBe(demoUsers.taro.oid);
});

it('has users without `mail`, with upper-case letters and without a mailbox', async () => {
  const without = (await getTokens(fake, demoUsers.withoutMailAddress.oid)).access_token;
  expect((await getGraph(fake, '/v1.0/me', without)).body.mail).toBeNull();
  expect((await getGraph(fake, inbox, without)).status).toBe(200);
  const upper = (await getTokens(fake, 'ichiro.tanaka@CONTOSO.example')).access_token;
  expect((await getGraph(fake, '/v1.0/me', upper)).body.userPrincipalName).toBe('Ichiro.Tanaka@contoso.example');
  const unlicensed = (await getTokens(fake, demoUsers.withoutMailbox.oid)).access_token;
  const reply = await getGraph(fake, inbox, unlicensed);
  expect([reply.status, reply.body.error.code]).toEqual([404, 'MailboxNotEnabledForRESTAPI']);
});

it('lists ten messages by default, newest first, each with an etag', async () => {
  const { body, headers } = await list('');
  expect(body.value).toHaveLength(10);
  const times = body.value.map((message) => Date.parse(String(message.receivedDateTime)));
  expect(times).toEqual([...times].sort((a, b) => b - a));
  expect(body.value[0]?.['@odata.etag']).toMatch(/^W\/"CQAAABYAAAC/);
  expect(body.value[0]?.webLink).toMatch(/^https:\/\/outlook\.office365\.com\/owa\/\?ItemID=AAMk[^=]+%3D&/);
  expect(body['@odata.context']).toBe(
    `${fake.graphUrl}/v1.0/$metadata#users('${demoUsers.taro.oid}')/mailFolders('inbox')/messages`,
  );
  expect(headers.get('content-type')).toContain('application/json');
});

it('selects properties, always with the id', async () => {
  const { body } = await list('?$select=subject,from&$top=1');
  expect(Object.keys(body.value[0] ?? {}).sort()).toEqual(['@odata.etag', 'from', 'id', 'subject']);
  expect(body['@odata.context']).toContain('/messages(subject,from)');
  expect((await list('?$select=nonsense')).status).toBe(400);
});

it('pages through the whole folder along an absolute next link', async () => {
  const seen = new Set<unknown>();
  let next: unknown = `${inbox}?$top=7&$select=id&$count=true&$orderby=receivedDateTime desc`;
  let pages = 0;
  while (typeof next === 'string' && pages < 10) {
    const { body } = await getGraph(fake, next, token);
    expect(body['@odata.count']).toBe(26);
    for (const message of body.value) seen.add(message.id);
    next = body['@odata.nextLink'];
    if (next !== undefined) expect(String(next).startsWith(`${fake.graphUrl}${inbox}?`)).toBe(true);
    pages += 1;
  }
  expect([pages, seen.size]).toEqual([4, 26]);
  expect(await list('?$top=1000')).toMatchObject({ status: 200 });
});

it.each(['?$top=0', '?$top=1001', '?$top=ten', '?$skip=-1', '?$count=yes', '?$expand=attachments', '?$filter='])(
  'refuses %s',
  async (query) => {
    expect((await list(query)).status).toBe(400);
  },
);

it('filters by every property it knows, joined with and', async () => {
  const count = async (filter: string) => {
    const { status, body } = await list(`?$top=100&$count=true&$filter=${encodeURIComponent(filter)}`);
    expect(status).toBe(200);
    expect(body.value).toHaveLength(Number(body['@odata.count']));
    return body.value;
  };
  const unread = await count('isRead eq false');
  const read = await count('isRead eq true');
  expect(unread.every((message) => message.isRead === false)).toBe(true);
  expect(unread.length + read.length).toBe(26);
  expect((await count("importance eq 'high'")).every((message) => message.importance === 'high')).toBe(true);
  expect((await count("flag/flagStatus eq 'flagged'")).length).toBe(2);
  expect((await count("from/emailAddress/address eq 'TAKAHASHI@aozora.example'")).length).toBe(1);
  const since = new Date(clock - 24 * 3_600_000 + 60_000).toISOString();
  const recent = await count(`receivedDateTime ge ${since} and isRead eq false`);
  expect(recent.length).toBe(12);
  expect((await count(`receivedDateTime lt ${since}`)).length).toBe(26 - 13);
  fake.control.injectMail({ user: taro, subject: "rock and roll's" });
  expect((await count("subject eq 'rock and roll''s' and isRead eq false")).length).toBe(1);
});

it('refuses a sort that the filter does not lead with (InefficientFilter)', async () => {
  const order = '&$orderby=receivedDateTime%20desc';
  const inefficient = await list(`?$filter=isRead%20eq%20false${order}`);
  expect([inefficient.status, inefficient.body.error.code]).toEqual([400, 'InefficientFilter']);
  const swapped = await list(
    `?$filter=isRead%20eq%20false%20and%20receivedDateTime%20ge%201900-01-01T00:00:00Z${order}`,
  );
  expect(swapped.body.error.code).toBe('InefficientFilter');
  const efficient = await list(
    `?$filter=receivedDateTime%20ge%201900-01-01T00:00:00Z%20and%20isRead%20eq%20false${order}`,
  );
  expect(efficient.status).toBe(200);
  const unknown = await list("?$filter=nonsense%20eq%20'x'");
  expect([unknown.status, unknown.body.error.code]).toEqual([400, 'RequestBroker--ParseUri']);
  expect((await list('?$filter=isRead%20eq%20false%20or%20isRead%20eq%20true')).status).toBe(400);
});

it('sorts oldest first on demand', async () => {
  const { body } = await list('?$orderby=receivedDateTime%20asc&$top=2&$select=receivedDateTime');
  const [first, second] = body.value.map((message) => Date.parse(String(message.receivedDateTime)));
  expect(first).toBeLessThan(second ?? 0);
});

it('gives immutable ids and text bodies on request, and says so', async () => {
  const plain = await list('?$top=1&$select=body');
  expect(plain.headers.get('preference-applied')).toBeNull();
  const preferred = await list('?$top=1&$select=body', {
    prefer: 'IdType="ImmutableId", outlook.body-content-type="text"',
  });
  expect(preferred.headers.get('preference-applied')).toBe('IdType="ImmutableId", outlook.body-content-type="text"');
  expect(preferred.body.value[0]?.id).not.toBe(plain.body.value[0]?.id);
  expect(preferred.body.value[0]?.body).toMatchObject({ contentType: 'text' });
  expect(plain.body.value[0]?.body).toMatchObject({ contentType: 'html' });
  const id = encodeURIComponent(String(preferred.body.value[0]?.id));
  expect((await getGraph(fake, `/v1.0/me/messages/${id}`, token)).body.id).toBe(plain.body.value[0]?.id);
  expect((await getGraph(fake, '/v1.0/me/messages/!', token)).body.error.code).toBe('ErrorInvalidIdMalformed');
});

it('counts a folder, and finds it by name in any case or by id', async () => {
  const { body } = await getGraph(
    fake,
    '/v1.0/me/mailFolders/Inbox?$select=unreadItemCount,totalItemCount,displayName',
    token,
  );
  const unread = (await list('?$filter=isRead%20eq%20false&$count=true')).body['@odata.count'];
  expect(body).toMatchObject({ unreadItemCount: unread, totalItemCount: 26, displayName: '受信トレイ' });
  const { body: folder } = await getGraph(fake, '/v1.0/me/mailFolders/inbox', token);
  const byId = await getGraph(fake, `/v1.0/me/mailFolders('${encodeURIComponent(String(folder.id))}')/messages`, token);
  expect(byId.body.value).toHaveLength(10);
  expect((await getGraph(fake, '/v1.0/me/mailFolders', token)).body.value.length).toBeGreaterThan(3);
  const unknown = await getGraph(fake, '/v1.0/me/mailFolders/inbax/messages', token);
  expect([unknown.status, unknown.body.error.code]).toEqual([404, 'ErrorItemNotFound']);
});

it('withholds body and preview under Mail.ReadBasic, and everything without a mail scope', async () => {
  const basic = (await getTokens(fake, demoUsers.hanako.oid, 'User.Read Mail.ReadBasic')).access_token;
  const { status, body } = await getGraph(fake, `${inbox}?$select=subject,bodyPreview,body`, basic);
  expect(status).toBe(200);
  expect(Object.keys(body.value[0] ?? {}).sort()).toEqual(['@odata.etag', 'id', 'subject']);
  const none = (await getTokens(fake, demoUsers.hanako.oid, 'User.Read')).access_token;
  const denied = await getGraph(fake, inbox, none);
  expect([denied.status, denied.body.error.code]).toEqual([403, 'ErrorAccessDenied']);
  const mailOnly = (await getTokens(fake, demoUsers.hanako.oid, 'Mail.Read')).access_token;
  const profile = await getGraph(fake, '/v1.0/me', mailOnly);
  expect([profile.status, profile.body.error.code]).toEqual([403, 'Authorization_RequestDenied']);
});

it('answers 401 with a challenge to a missing, foreign, damaged or expired token', async () => {
  for (const bad of [null, 'nonsense', `${String(token).slice(0, -6)}AAAAAA`]) {
    const { status, body, headers } = await getGraph(fake, inbox, bad);
    expect([status, body.error.code]).toEqual([401, 'InvalidAuthenticationToken']);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer realm="", authorization_uri=/);
  }
  fake.control.setTokenLifetime(5);
  const short = (await getTokens(fake)).access_token;
  expect((await getGraph(fake, inbox, short)).status).toBe(200);
  clock += 6000;
  expect((await getGraph(fake, inbox, short)).body.error.message).toBe(
    'Lifetime validation failed, the token is expired.',
  );
});

it('challenges the tokens of revoked sessions (continuous access evaluation)', async () => {
  fake.control.revokeSessions(taro);
  expect((await list('')).status).toBe(200);
  fake.control.revokeSessions(taro, { accessTokens: true });
  const { status, headers } = await list('');
  expect(status).toBe(401);
  const claims = /error="insufficient_claims", claims="([^"]+)"/.exec(headers.get('www-authenticate') ?? '')?.[1] ?? '';
  expect(JSON.parse(Buffer.from(claims, 'base64').toString())).toHaveProperty('access_token.nbf');
});

it('lets nobody into somebody else’s mailbox', async () => {
  const path = (user: string) => `/v1.0/users/${encodeURIComponent(user)}/mailFolders/inbox/messages`;
  expect((await getGraph(fake, path(taro), token)).status).toBe(200);
  const other = await getGraph(fake, path(demoUsers.hanako.userPrincipalName), token);
  expect([other.status, other.body.error.code]).toEqual([403, 'ErrorAccessDenied']);
  const unknown = await getGraph(fake, path('nobody@contoso.example'), token);
  expect([unknown.status, unknown.body.error.code]).toEqual([404, 'ErrorInvalidUser']);
});

it.each([
  ['/v1.0/me/mailFolder/inbox/messages', 400, "Resource not found for the segment 'mailFolder'."],
  ['/v1.0/me/mailFolders/inbox/message', 400, "Resource not found for the segment 'message'."],
  ['/v1.0/mee', 400, "Resource not found for the segment 'mee'."],
  ['/v2.0/me/messages', 400, 'Invalid version.'],
  ['/me/messages', 400, 'Invalid version.'],
])('answers the path %s as Graph does', async (path, status, message) => {
  const reply = await getGraph(fake, path, token);
  expect([reply.status, reply.body.error.code, reply.body.error.message]).toEqual([status, 'BadRequest', message]);
  expect(Object.keys(reply.body.error.innerError).sort()).toEqual(['client-request-id', 'date', 'request-id']);
});

it('is a web server with a 404 page elsewhere, and refuses other verbs', async () => {
  const lost = await getGraph(fake, '/api/mail', token);
  expect([lost.status, lost.text.includes('<h1>404')]).toEqual([404, true]);
  const post = await fetch(`${fake.graphUrl}${inbox}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: '{',
  });
  expect(post.status).toBe(405);
  expect((await fetch(`${fake.graphUrl}/v1.0/me/%zz`)).status).toBe(400);
});

it('has mail of every kind that a list must handle', async () => {
  const { body } = await list('?$top=100');
  const all = body.value;
  expect(subjects(all)).toContain(null);
  expect(subjects(all)).toContain('');
  expect(subjects(all)).toContain('<img src=x onerror=alert(1)>');
  expect(all.some((message) => String(message.subject).length === 10_000)).toBe(true);
  expect(all.some((message) => message.from === null)).toBe(true);
  expect(all.some((message) => String(message.subject).includes('\u202E'))).toBe(true);
  expect(all.some((message) => /\p{Emoji_Presentation}/u.test(String(message.subject)))).toBe(true);
  expect(all.some((message) => message.hasAttachments === true)).toBe(true);
  expect(all.some((message) => clock - Date.parse(String(message.receivedDateTime)) > 9 * 365 * 86_400_000)).toBe(true);
  expect(all.every((message) => String(message.bodyPreview).length <= 255)).toBe(true);
});

it('answers userinfo for the sign-in of other tools', async () => {
  const { body } = await getGraph(fake, '/oidc/userinfo', token);
  expect(body).toMatchObject({ sub: demoUsers.taro.oid, name: '山田 太郎', email: taro });
});

it('field E2: an event message states its type whatever is selected; a list cannot select meetingMessageType', async () => {
  const event = { type: 'eventMessageRequest', meetingMessageType: 'meetingRequest', folder: 'archive' };
  fake.control.injectMail({ user: taro, ...event });
  fake.control.injectMail({ user: taro, subject: 'plain', folder: 'archive' });
  const folder = '/v1.0/me/mailFolders/archive/messages';
  const { body } = await getGraph(fake, `${folder}?$select=subject`, token);
  expect(body.value.map((message) => message['@odata.type'] ?? null).sort()).toEqual([
    '#microsoft.graph.eventMessageRequest',
    null,
  ]);
  expect(body.value.some((message) => 'meetingMessageType' in message)).toBe(false);
  expect((await getGraph(fake, `${folder}?$select=meetingMessageType`, token)).status).toBe(400);
});
