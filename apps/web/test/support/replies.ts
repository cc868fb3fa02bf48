import type { SessionView } from '@argus/contract/endpoints/accounts';
import type { AuthorizationState, AuthorizationView } from '@argus/contract/endpoints/connection/authorize';
import type { Arrival, NewArrivals } from '@argus/contract/endpoints/mail';
import type { Problem } from '@argus/contract/errors/problem';

/** 山田 太郎 is signed in. */
export const taroSession: SessionView = {
  user: { id: 'u1', username: 'taro.yamada@argus.example', displayName: '山田 太郎', role: 'user', language: 'ja' },
  csrfToken: 'token',
  cookieSent: true,
  mode: 'production',
  hasAccounts: true,
};

let count = 0;

export function arrival(change: Partial<Arrival> = {}): Arrival {
  count += 1;
  return {
    id: `message-${count}`,
    kind: 'message',
    subject: `件名 ${count}`,
    sender: { name: '佐藤 花子', address: 'hanako.sato@contoso.example' },
    receivedAt: new Date(Date.now() - count * 60_000).toISOString(),
    unread: true,
    importance: 'normal',
    hasAttachments: false,
    flag: 'notFlagged',
    preview: null,
    webLink: 'https://outlook.office365.com/owa/?ItemID=1',
    ...change,
  };
}

export function listOf(items: readonly Arrival[], change: Partial<NewArrivals> = {}): NewArrivals {
  return {
    items: [...items],
    unreadCount: items.filter(({ unread }) => unread).length,
    fetchedAt: new Date().toISOString(),
    refreshIntervalSeconds: 60,
    ...change,
  };
}

export function problemOf(code: string, lines: readonly string[], change: Partial<Problem> = {}): Problem {
  return {
    type: `/errors/${code}`,
    title: lines[0] ?? '',
    status: 502,
    detail: lines.join('\n'),
    code,
    lines: [...lines],
    retry: { kind: 'now' },
    occurredAt: new Date().toISOString(),
    ...change,
  };
}

const ends = { linkedAccount: 'taro.yamada@contoso.example', startUrl: '/services/auth/oauth/Microsoft365' };

export function authorizationOf(state: AuthorizationState, change: Partial<AuthorizationView> = {}): AuthorizationView {
  const authorizedAccount = {
    not_linked: null,
    not_authorized: null,
    authorized: ends.linkedAccount,
    mismatch: 'hanako.sato@contoso.example',
    reconnect_needed: ends.linkedAccount,
  }[state];
  const confirmed = true;
  return {
    state,
    confirmed,
    ...ends,
    authorizedAccount,
    authorizedAt: null,
    lastSuccessAt: null,
    lastError: null,
    ...change,
  };
}
