import { accountKey } from '@argus/contract/account-key';
import { AppError } from '../../app-error.ts';
import { demoAccounts } from '../../demo-company.ts';
import { verifyPassword } from '../../password.ts';
import { type Account, findAccountByUsername } from '../../records/accounts.ts';
import type { Services } from '../../services.ts';
import { type Attempt, beginAttempt } from '../../sign-in-throttle.ts';

/**
 * Who signs in with a username and a password. An unknown, an inactive and a passwordless account fail alike, and take
 * as long.
 * @returns the account, and the attempt to be settled with whatever records the sign-in
 * @throws AppError sign_in_failed or sign_in_throttled
 */
export async function signIn(
  { config, db, now }: Services,
  given: { username: string; password: string },
  address: string,
): Promise<{ account: Account; attempt: Attempt }> {
  const attempt = await beginAttempt(db, given.username, address, now());
  const account = await findAccountByUsername(db, given.username);
  const verified = await verifyPassword(account?.passwordHash ?? null, given.password);
  if (!account?.active || !verified || (config.mode === 'production' && isDemoAccount(given))) {
    throw new AppError('sign_in_failed');
  }
  return { account, attempt };
}

/** The demo's passwords are public: a database that once served the demo must not let them into production. */
function isDemoAccount(given: { username: string; password: string }): boolean {
  const key = accountKey(given.username);
  return demoAccounts.some(({ username, password }) => accountKey(username) === key && password === given.password);
}
