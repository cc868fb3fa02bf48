import type { MendAt } from './entry.ts';

/** What an error is about, as far as it is known: it leads to the very record that failed. */
export interface MendEvidence {
  /** 認証プロバイダURL接尾辞 of the provider that failed, which need not be the one in use. */
  readonly suffix?: string | null | undefined;
  /** The origin that was called or blocked. */
  readonly origin?: string | null | undefined;
  /** Whose error it is: the account as it is now, as its name at that time may belong to another. Absent where it is gone. */
  readonly account?: Affected | null | undefined;
}

/** An account that an error affected, under its present name. */
export interface Affected {
  readonly id: string;
  readonly username: string;
}

/**
 * The address of the screen where a cause is fixed, for the record that failed. The one rule for this. `for` names whose
 * error it was: the screen offers to check, for this user, whether the fix helped.
 */
export function mendPath(mendAt: MendAt, { suffix, origin, account }: MendEvidence): string {
  const [path = mendAt, query] = mendAt.split('?');
  const params = new URLSearchParams(query);
  if (path === '/admin/auth-providers' && suffix) params.set('suffix', suffix);
  if (path === '/admin/remote-sites' && origin) params.set('add', origin);
  if (account) {
    // Lists are searched by what they show.
    if (path === '/admin/account-links' || path === '/admin/users') params.set('q', account.username);
    else params.set('for', account.id);
  }
  const text = params.toString();
  return text === '' ? path : `${path}?${text}`;
}
