import { QueryObserver } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { askAnew } from '../lib/ask-anew.ts';
import { connectionChanged, followConnection } from './connection-changed.ts';
import { microsoftKey } from './microsoft-key.ts';
import { createQueryClient } from './query-client.ts';
import { sessionQuery } from './session-query.ts';

/** Data of any feature: its key begins with the prefix. */
const dataKey = [...microsoftKey, 'data of some feature'] as const;

function signedInAs(id: string | null) {
  const user = id === null ? null : { id, username: id, displayName: id, role: 'user' as const, language: null };
  return { user, csrfToken: 'x', cookieSent: true, mode: 'production' as const, hasAccounts: true };
}

/** A displayed query whose answers the test controls. */
function watch(client: ReturnType<typeof createQueryClient>, queryKey: readonly unknown[]) {
  const answers: ((answer: string) => void)[] = [];
  const queryFn = () => new Promise<string>((answer) => answers.push(answer));
  const observer = new QueryObserver(client, { queryKey, queryFn });
  const stop = observer.subscribe(() => undefined);
  return { answers, data: () => observer.getCurrentResult().data, stop };
}

test('what was fetched for one user, or is being fetched, is dropped once another is signed in', async () => {
  const client = createQueryClient();
  client.setQueryData(sessionQuery.queryKey, signedInAs('taro'));
  client.setQueryData(['authorization'], 'of taro');
  const mail = watch(client, dataKey);
  mail.answers[0]?.('mail of taro');
  await vi.waitFor(() => expect(mail.data()).toBe('mail of taro'));
  void client.refetchQueries({ queryKey: dataKey });
  expect(mail.answers).toHaveLength(2);

  client.setQueryData(sessionQuery.queryKey, signedInAs('hanako'));
  expect(client.getQueryData(['authorization'])).toBeUndefined();
  expect(client.getQueryData(dataKey)).toBeUndefined();
  mail.answers[1]?.('late mail of taro');
  mail.answers[2]?.('mail of hanako');
  await vi.waitFor(() => expect(mail.data()).toBe('mail of hanako'));
  expect(mail.answers).toHaveLength(3);
  mail.stop();
});

test('after signing out no data of the user is left, and nothing is requested', async () => {
  const client = createQueryClient();
  client.setQueryData(sessionQuery.queryKey, signedInAs('taro'));
  const mail = watch(client, dataKey);
  mail.answers[0]?.('mail of taro');
  await vi.waitFor(() => expect(mail.data()).toBe('mail of taro'));
  client.setQueryData(sessionQuery.queryKey, signedInAs(null));
  expect(mail.data()).toBeUndefined();
  expect(mail.answers).toHaveLength(1);
  expect(client.getQueryData(sessionQuery.queryKey)).toEqual(signedInAs(null));
  mail.stop();
});

test('everything stays if the session still belongs to the same user', () => {
  const client = createQueryClient();
  client.setQueryData(['new'], 'before anybody is known');
  client.setQueryData(sessionQuery.queryKey, signedInAs('taro'));
  client.setQueryData(sessionQuery.queryKey, { ...signedInAs('taro'), csrfToken: 'y' });
  expect(client.getQueryData(['new'])).toBe('before anybody is known');
});

test('S-1: a fetch that began before a change is not joined, not even the first one', async () => {
  const client = createQueryClient();
  const mail = watch(client, dataKey);
  void askAnew(client, dataKey);
  await vi.waitFor(() => expect(mail.answers).toHaveLength(2));
  mail.answers[0]?.('from before');
  mail.answers[1]?.('from after');
  await vi.waitFor(() => expect(mail.data()).toBe('from after'));
  mail.stop();
});

test('S-1: a change in this tab drops its cached mail, one in another tab only mail that is not on the screen', async () => {
  const here = createQueryClient();
  here.setQueryData(dataKey, 'former mailbox');
  await connectionChanged(here);
  expect(here.getQueryData(dataKey)).toBeUndefined();

  const there = createQueryClient();
  there.setQueryData(dataKey, 'former mailbox');
  const stop = followConnection(there);
  const otherTab = new BroadcastChannel('argus-authorization');
  otherTab.postMessage('changed');
  await vi.waitFor(() => expect(there.getQueryData(dataKey)).toBeUndefined());
  const shown = watch(there, dataKey);
  shown.answers[0]?.('shown');
  await vi.waitFor(() => expect(shown.data()).toBe('shown'));
  otherTab.postMessage('changed');
  await vi.waitFor(() => expect(shown.answers).toHaveLength(2));
  expect(shown.data()).toBe('shown');
  otherTab.close();
  shown.stop();
  stop();
});
