import { QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { request } from '../lib/api-client.ts';
import { authorizationQuery } from '../queries/authorization-query.ts';
import { microsoftKey } from '../queries/microsoft-key.ts';
import { createQueryClient } from '../queries/query-client.ts';
import { sessionQuery } from '../queries/session-query.ts';
import { followPortalSession, followPortletSession } from './follow-session.ts';
import { readSessionEnd, setSessionEnd } from './session-end.ts';

const mailKey = [...microsoftKey, 'new-arrivals'] as const;
const unreachable = 'nothing';
const ofTaro = signedInAs('taro');
const reload = vi.fn();
const otherTab = new BroadcastChannel('argus-session');
/** What Argus answers, by method and path; a list is answered one by one, its last for ever. */
let answers: Record<string, unknown[]>;
let calls: string[];
let client: ReturnType<typeof createQueryClient>;
let stop: () => void;

function signedInAs(id: string | null) {
  const user = id === null ? null : { id, username: id, displayName: id, role: 'user' as const, language: null };
  return { user, csrfToken: `of ${id}`, cookieSent: true, mode: 'production' as const, hasAccounts: true };
}
const missing = { code: 'session_missing', lines: ['x'], retry: { kind: 'no' }, occurredAt: '2026-11-21T09:00:00Z' };

beforeEach(async () => {
  calls = [];
  answers = { 'GET /api/session': [ofTaro] };
  vi.stubGlobal('fetch', async (address: string, { method = 'GET' }: RequestInit = {}) => {
    calls.push(`${method} ${address}`);
    const list = answers[`${method} ${address}`] ?? [unreachable];
    const body = list.length > 1 ? list.shift() : list[0];
    if (body === unreachable) throw new TypeError('Failed to fetch');
    return new Response(JSON.stringify(body), {
      status: body === missing ? 401 : 200,
      headers: { 'content-type': body === missing ? 'application/problem+json' : 'application/json' },
    });
  });
  vi.stubGlobal('navigator', { onLine: true });
  vi.stubGlobal('location', { reload });
  reload.mockClear();
  client = createQueryClient();
  await client.fetchQuery(sessionQuery);
  client.setQueryData(mailKey, 'mail of taro');
  calls = [];
});
afterEach(() => {
  stop();
  setSessionEnd(null);
  vi.unstubAllGlobals();
});

const mail = () => client.getQueryData(mailKey);
const notices = () => request('GET /api/admin/notices');

test('S-14: a refusal under a former id of the session ends nothing; what was refused is asked for once more', async () => {
  stop = followPortalSession(client);
  answers['GET /api/admin/notices'] = [missing, { items: [] }];
  expect(await notices()).toEqual({ items: [] });
  expect(calls).toEqual(['GET /api/admin/notices', 'GET /api/session', 'GET /api/admin/notices']);
  expect(readSessionEnd()).toBeNull();
});

test('S-14: refused again, it is not asked for a third time', async () => {
  stop = followPortalSession(client);
  answers['GET /api/admin/notices'] = [missing];
  await expect(notices()).rejects.toMatchObject({ problem: { code: 'session_missing' } });
  expect(calls).toHaveLength(3);
});

test('S-14: a session has ended where Argus names nobody, and the page begins anew where it names somebody else', async () => {
  stop = followPortalSession(client);
  answers['GET /api/admin/notices'] = [missing];
  answers['GET /api/session'] = [signedInAs('hanako'), signedInAs(null)];
  await expect(notices()).rejects.toThrow('session_missing');
  expect(reload).toHaveBeenCalledTimes(1);
  expect(readSessionEnd()).toBeNull();
  await expect(notices()).rejects.toThrow('session_missing');
  expect(readSessionEnd()).toBe('expired');
});

test('S-14: a refusal while Argus does not say who is signed in is no end, but takes mail off the screen', async () => {
  stop = followPortalSession(client);
  answers['GET /api/admin/notices'] = [missing];
  answers['GET /api/session'] = [unreachable];
  await expect(notices()).rejects.toMatchObject({ reason: 'no_answer' });
  expect(readSessionEnd()).toBeNull();
  expect(mail()).toBeUndefined();
});

test.each([
  ['portal', followPortalSession],
  ['portlet', followPortletSession],
])('S-1: in the %s mail is gone at once when another tab signs out, whatever Argus answers then', async (_, follow) => {
  stop = follow(client);
  answers['GET /api/session'] = [unreachable];
  otherTab.postMessage('signed_out');
  await vi.waitFor(() => expect(mail()).toBeUndefined());
});

test('S-1: every end drops mail again, also after another reason has been given', async () => {
  stop = followPortalSession(client);
  client.setQueryData(authorizationQuery.queryKey, { linkedAccount: 'taro@contoso.example' } as never);
  const shown = new QueryObserver(client, { ...authorizationQuery, staleTime: Number.POSITIVE_INFINITY });
  const hide = shown.subscribe(() => undefined);
  answers['GET /api/admin/notices'] = [missing];
  answers['GET /api/session'] = [signedInAs(null)];
  await expect(notices()).rejects.toThrow('session_missing');
  expect(readSessionEnd()).toBe('expired');
  expect(client.getQueryData(authorizationQuery.queryKey)).toBeDefined();
  client.setQueryData(mailKey, 'mail of whoever is signed in now');
  otherTab.postMessage('signed_out');
  await vi.waitFor(() => expect(mail()).toBeUndefined());
  expect(client.getQueryData(authorizationQuery.queryKey)).toBeUndefined();
  hide();
});

test.each([
  ['portal', followPortalSession],
  ['portlet', followPortletSession],
])(
  'S-1: in the %s, where Argus does not say who has signed in in another tab, nothing of the former user stays',
  async (_, follow) => {
    stop = follow(client);
    client.setQueryData(['something else'], 'of taro');
    answers['GET /api/session'] = [unreachable];
    otherTab.postMessage('signed_in');
    await vi.waitFor(() => expect(client.getQueryData(sessionQuery.queryKey)).toBeUndefined());
    expect([mail(), client.getQueryData(['something else']), readSessionEnd()]).toEqual([undefined, undefined, null]);
  },
);

test('S-1: the portlet is for whoever Argus names after a change in another tab', async () => {
  stop = followPortletSession(client);
  answers['GET /api/session'] = [signedInAs('hanako')];
  otherTab.postMessage('signed_in');
  await vi.waitFor(() => expect(client.getQueryData(sessionQuery.queryKey)?.user?.id).toBe('hanako'));
  expect(mail()).toBeUndefined();
});

test('mail that was on the screen is asked for again where its user is still signed in', async () => {
  stop = followPortalSession(client);
  const queryFn = vi.fn(async () => 'mail again');
  const shown = new QueryObserver(client, { queryKey: mailKey, queryFn, staleTime: 60_000 });
  const hide = shown.subscribe(() => undefined);
  expect(shown.getCurrentResult().data).toBe('mail of taro');
  answers['GET /api/admin/notices'] = [missing, { items: [] }];
  await notices();
  await vi.waitFor(() => expect(shown.getCurrentResult().data).toBe('mail again'));
  expect(queryFn).toHaveBeenCalledTimes(1);
  hide();
});
