import { afterEach, beforeEach, expect, test, vi } from 'vitest';

interface Call {
  readonly address: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: unknown;
}

const problem = (code: string) => ({
  status: 400,
  type: 'application/problem+json',
  body: { code, lines: ['x'], retry: { kind: 'no' }, occurredAt: '2026-11-21T09:00:00Z' },
});
const session = (csrfToken: string) => ({ status: 200, type: 'application/json', body: { user: null, csrfToken } });
type Reply = ReturnType<typeof problem> | ReturnType<typeof session> | { status: number; type: string; body: unknown };

let calls: Call[];
let replies: (Reply | Error)[];
let client: typeof import('./api-client.ts');

beforeEach(async () => {
  calls = [];
  replies = [];
  vi.stubGlobal('fetch', async (address: string, init: RequestInit) => {
    calls.push({ address, method: init.method ?? '', headers: new Headers(init.headers), body: init.body });
    const reply = replies.shift();
    if (!reply || reply instanceof Error) throw reply ?? new Error('no more replies');
    const body = reply.status === 204 ? null : typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
    return new Response(body, { status: reply.status, headers: { 'content-type': reply.type } });
  });
  vi.stubGlobal('navigator', { onLine: true });
  // A fresh module for each test, as it remembers the token.
  vi.resetModules();
  client = await import('./api-client.ts');
});
afterEach(() => vi.unstubAllGlobals());

test('path parameters are escaped, absent query values left out', async () => {
  replies = [
    { status: 200, type: 'application/json', body: {} },
    { status: 200, type: 'application/json', body: {} },
  ];
  await client.request('GET /api/authorization/outcomes/:id', { params: { id: 'a/b?c' } });
  await client.request('GET /api/new-arrivals', { query: { refresh: undefined } });
  expect(calls.map(({ address }) => address)).toEqual(['/api/authorization/outcomes/a%2Fb%3Fc', '/api/new-arrivals']);
});

test('the first request that changes something fetches the token of the session', async () => {
  replies = [session('t1'), { status: 204, type: '', body: null }];
  expect(await client.request('DELETE /api/session')).toBeNull();
  expect(calls.map(({ method, address }) => `${method} ${address}`)).toEqual([
    'GET /api/session',
    'DELETE /api/session',
  ]);
  expect(calls[1]?.headers.get('x-csrf-token')).toBe('t1');
});

test('a token that is no longer valid is fetched again once, and only once', async () => {
  replies = [session('t1'), problem('csrf_token_invalid'), session('t2'), { status: 204, type: '', body: null }];
  await client.request('DELETE /api/session');
  expect(calls[3]?.headers.get('x-csrf-token')).toBe('t2');

  replies = [problem('csrf_token_invalid'), session('t3'), problem('csrf_token_invalid')];
  await expect(client.request('DELETE /api/session')).rejects.toMatchObject({
    problem: { code: 'csrf_token_invalid' },
  });
  expect(replies).toHaveLength(0);
});

test('S-12: a change that one user meant is not sent in the session of another who has signed in in another tab', async () => {
  const ofUser = (id: string) => ({ ...session(`of ${id}`), body: { user: { id }, csrfToken: `of ${id}` } });
  replies = [ofUser('taro'), problem('csrf_token_invalid'), ofUser('hanako')];
  await client.request('GET /api/session');
  await expect(client.request('DELETE /api/authorization')).rejects.toMatchObject({
    problem: { code: 'csrf_token_invalid' },
  });
  // Nor is the next one: the page is still the former user's, whatever Argus was asked meanwhile.
  replies = [problem('csrf_token_invalid'), ofUser('hanako')];
  await expect(client.request('DELETE /api/authorization')).rejects.toThrow('csrf_token_invalid');
  expect(calls.map(({ method }) => method)).toEqual(['GET', 'DELETE', 'GET', 'DELETE', 'GET']);
  expect(calls[3]?.headers.get('x-csrf-token')).toBe('of taro');
});

test('S-12: it is sent in a new session of the same user, and signing in in that of anybody', async () => {
  const ofUser = (id: string, token = id) => ({ ...session(token), body: { user: { id }, csrfToken: token } });
  replies = [
    ofUser('taro'),
    problem('csrf_token_invalid'),
    ofUser('taro', 'anew'),
    { status: 204, type: '', body: null },
  ];
  await client.request('GET /api/session');
  await client.request('DELETE /api/authorization');
  expect(calls[3]?.headers.get('x-csrf-token')).toBe('anew');
  replies = [problem('csrf_token_invalid'), ofUser('hanako'), ofUser('jiro')];
  const body = { username: 'jiro', password: 'x' };
  expect(await client.request('POST /api/session', { body, byWhoever: true })).toMatchObject({ user: { id: 'jiro' } });
});

test('S-12: what waited for a password proof is not sent once somebody else has signed in', async () => {
  const ofUser = (id: string) => ({ ...session(`of ${id}`), body: { user: { id }, csrfToken: `of ${id}` } });
  const { setPasswordGate } = await import('./ask-for-password.ts');
  replies = [ofUser('taro'), problem('reauthentication_needed'), ofUser('hanako')];
  await client.request('GET /api/session');
  setPasswordGate(async () => {
    await client.request('GET /api/session');
    return true;
  });
  await expect(client.request('DELETE /api/authorization')).rejects.toThrow('reauthentication_needed');
  expect(calls).toHaveLength(3);
});

test('one proof of the password is asked for, for all the requests that wait for it', async () => {
  const { setPasswordGate } = await import('./ask-for-password.ts');
  const gate = vi.fn(() => new Promise<boolean>((resolve) => setTimeout(resolve, 20, true)));
  setPasswordGate(gate);
  replies = [session('t1')];
  await client.request('GET /api/session');
  const done = { status: 204, type: '', body: null };
  replies = [problem('reauthentication_needed'), problem('reauthentication_needed'), done, done];
  const both = [client.request('DELETE /api/authorization'), client.request('DELETE /api/authorization')];
  expect(await Promise.all(both)).toEqual([null, null]);
  expect(gate).toHaveBeenCalledTimes(1);
});

test('S-14: nobody asks who is signed in while the session is getting another id', async () => {
  const locks = new Map<string, Promise<unknown>>();
  const inTurn = async (name: string, _: unknown, call: () => Promise<unknown>) => {
    const before = locks.get(name);
    const turn = Promise.resolve(before).then(call);
    locks.set(name, turn);
    return turn;
  };
  vi.stubGlobal('navigator', { onLine: true, locks: { request: inTurn } });
  replies = [session('t1')];
  await client.request('GET /api/session');
  let prove = () => {};
  const plain = globalThis.fetch;
  vi.stubGlobal('fetch', async (address: string, init: RequestInit) => {
    if (address.endsWith('/reauthentication')) await new Promise<void>((resolve) => (prove = resolve));
    return plain(address, init);
  });
  replies = [{ status: 200, type: 'application/json', body: { until: 'x', csrfToken: 't2' } }, session('t2')];
  const proof = client.request('POST /api/session/reauthentication', { body: { password: 'x' } });
  const asked = client.readSession();
  await new Promise((resolve) => setTimeout(resolve, 20));
  prove();
  await Promise.all([proof, asked]);
  expect(calls.slice(1).map(({ address }) => address)).toEqual(['/api/session/reauthentication', '/api/session']);
});

test('a problem reply becomes a ProblemError with its code', async () => {
  replies = [problem('access_denied')];
  const error: unknown = await client.request('GET /api/authorization').catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(client.ProblemError);
  expect(error).toMatchObject({ problem: { code: 'access_denied' } });
});

test('an answer that is not from Argus is distinguished from no answer', async () => {
  replies = [{ status: 502, type: 'text/html', body: '<h1>Bad gateway</h1>' }];
  await expect(client.request('GET /api/authorization')).rejects.toMatchObject({ reason: 'foreign_answer' });
  replies = [{ status: 500, type: 'application/json', body: { error: 'oops' } }];
  await expect(client.request('GET /api/authorization')).rejects.toMatchObject({ reason: 'foreign_answer' });
  replies = [{ status: 200, type: 'application/json', body: '{"cut' }];
  await expect(client.request('GET /api/authorization')).rejects.toMatchObject({ reason: 'foreign_answer' });
  replies = [new TypeError('Failed to fetch')];
  await expect(client.request('GET /api/authorization')).rejects.toMatchObject({ reason: 'no_answer' });
  vi.stubGlobal('navigator', { onLine: false });
  replies = [new TypeError('Failed to fetch')];
  await expect(client.request('GET /api/authorization')).rejects.toMatchObject({ reason: 'offline' });
});

test('an aborted request stays an abort', async () => {
  const aborted = new DOMException('aborted', 'AbortError');
  replies = [aborted];
  const promise = client.request('GET /api/authorization', { signal: AbortSignal.abort(aborted) });
  await expect(promise).rejects.toBe(aborted);
});

test('requests ask for the language of the page', async () => {
  client.setRequestLanguage('en');
  replies = [{ status: 200, type: 'application/json', body: {} }];
  await client.request('GET /api/authorization');
  expect(calls[0]?.headers.get('accept-language')).toBe('en');
});

test('a file is returned unread; a problem and a foreign page are still errors', async () => {
  replies = [session('t1'), { status: 200, type: 'text/csv; charset=utf-8', body: 'a,b' }];
  const response = await client.requestFile('/api/x', 'text/csv', { method: 'POST', body: { q: 'a' } });
  expect(await response.text()).toBe('a,b');
  expect(calls[1]?.headers.get('x-csrf-token')).toBe('t1');
  expect(calls[1]?.headers.get('accept')).toContain('text/csv');
  replies = [problem('access_denied')];
  await expect(client.requestFile('/api/x', 'text/csv')).rejects.toMatchObject({ problem: { code: 'access_denied' } });
  replies = [{ status: 200, type: 'text/html', body: '<h1>Hotel</h1>' }];
  await expect(client.requestFile('/api/x', 'text/csv')).rejects.toMatchObject({ reason: 'foreign_answer' });
  replies = [problem('csrf_token_invalid'), session('t2'), { status: 200, type: 'text/csv', body: 'a' }];
  await client.requestFile('/api/x', 'text/csv', { method: 'POST' });
  expect(calls.at(-1)?.headers.get('x-csrf-token')).toBe('t2');
});

test('F7: the first that asks gets what the page has begun to read, once, and in its language only', async () => {
  vi.resetModules();
  const { beginRequest } = await import('./begin-request.ts');
  replies = [session('begun'), { status: 200, type: 'application/json', body: { begun: true } }, session('asked')];
  globalThis.argusBegun = undefined;
  beginRequest('/api/session', 'ja');
  beginRequest('/api/new-arrivals', 'en');
  expect(calls.map(({ address }) => address)).toEqual(['/api/session', '/api/new-arrivals']);
  const late = await import('./api-client.ts');
  expect(await late.request('GET /api/session')).toMatchObject({ csrfToken: 'begun' });
  expect(calls).toHaveLength(2);
  expect(await late.request('GET /api/session')).toMatchObject({ csrfToken: 'asked' });
  expect(calls).toHaveLength(3);
  replies = [{ status: 200, type: 'application/json', body: { begun: false } }];
  expect(await late.request('GET /api/new-arrivals')).toEqual({ begun: false });
  // Too late: what nobody takes must not be taken for an answer of later.
  beginRequest('/api/new-arrivals', 'ja');
  expect(calls).toHaveLength(4);
});

test('F7: what was begun and broke is reported as any request that broke', async () => {
  vi.resetModules();
  const { beginRequest } = await import('./begin-request.ts');
  globalThis.argusBegun = undefined;
  replies = [new TypeError('Failed to fetch')];
  beginRequest('/api/session', 'ja');
  const late = await import('./api-client.ts');
  await expect(late.request('GET /api/session')).rejects.toMatchObject({ reason: 'no_answer' });
});

test.each([
  ['argus-session', 'signed_out'],
  ['argus-session', 'signed_in'],
  ['argus-authorization', 'changed'],
])('S-1: what was begun is asked for again once another tab says on %s: %s', async (name, message) => {
  vi.stubGlobal('navigator', { onLine: true, languages: ['ja'] });
  vi.resetModules();
  globalThis.argusBegun = undefined;
  replies = [session('of the former user'), { status: 200, type: 'application/json', body: { former: true } }];
  await import('../portlet-early.ts');
  expect(calls.map(({ address }) => address)).toEqual(['/api/session', '/api/new-arrivals']);
  const otherTab = new BroadcastChannel(name);
  otherTab.postMessage(message);
  await vi.waitFor(() => expect(globalThis.argusBegun?.size).toBe(0));
  otherTab.close();
  const late = await import('./api-client.ts');
  replies = [session('of now'), { status: 200, type: 'application/json', body: { former: false } }];
  expect(await late.request('GET /api/session')).toMatchObject({ csrfToken: 'of now' });
  expect(await late.request('GET /api/new-arrivals')).toEqual({ former: false });
});
