import { setTimeout as sleep } from 'node:timers/promises';
import { accountKey } from '@argus/contract/account-key';
import type { FastifyRequest } from 'fastify';
import { auditFailure } from '../../audit/audit.ts';
import { AppError } from '../../platform/problems/app-error.ts';
import type { Services } from '../../platform/services.ts';
import { demoAccounts } from '../demo-accounts.ts';
import { verifyPassword } from '../password.ts';
import { type Account, findAccountByUsername } from '../records/accounts.ts';
import { signInOrigin } from '../sign-in-origin.ts';
import { type Attempt, beginAttempt, judging } from '../sign-in-throttle.ts';

/**
 * A refused attempt is answered after this time or a multiple of it, whether its password was checked or not: the time
 * must not tell. Longer than checking takes. Milliseconds.
 */
export interface RefusalStep {
  readonly refusalMs?: number | undefined;
}

/**
 * Signs in with a username and password. Unknown, inactive and passwordless accounts fail alike and take as long:
 * each runs the same statements.
 * @returns the account, and the attempt, which the caller settles when it records the sign-in
 * @throws AppError sign_in_failed, sign_in_throttled or server_busy
 */
export async function signIn(
  services: Services & RefusalStep,
  given: { username: string; password: string },
  request: FastifyRequest,
): Promise<{ account: Account; attempt: Attempt }> {
  const { config, db, now, refusalMs = 600 } = services;
  const account = await findAccountByUsername(db, given.username);
  const canSignIn = account?.active === true && account.passwordHash !== null;
  const who = { username: given.username, accountId: account?.id, canSignIn, origin: signInOrigin(request) };
  const since = performance.now();
  const refusedAt = () => sleep(refusalMs - ((performance.now() - since) % refusalMs));
  const attempt = await beginAttempt(db, who, now()).catch(async (error: unknown) => {
    if (error instanceof AppError) {
      await auditFailure(services, request, 'sign_in_blocked', account);
      await refusedAt();
    }
    throw error;
  });
  const isHidden = attempt.refusal.code === 'sign_in_throttled';
  const verified = await judging(attempt, () => verifyPassword(account?.passwordHash ?? null, given.password)).catch(
    async (error: unknown) => {
      if (!isHidden || !(error instanceof AppError)) throw error;
      // That Argus was too busy to check it would tell that there was something to check.
      await auditFailure(services, request, 'sign_in_blocked', account);
      await refusedAt();
      throw attempt.refusal;
    },
  );
  if (!account?.active || !verified || (config.mode === 'production' && isDemoAccount(given))) {
    await auditFailure(services, request, 'sign_in_failed', account);
    if (isHidden) await refusedAt();
    throw attempt.refusal;
  }
  return { account, attempt };
}

/** The demo's passwords are public: a database that once served the demo must not let them into production. */
function isDemoAccount(given: { username: string; password: string }): boolean {
  const key = accountKey(given.username);
  return demoAccounts.some(({ username, password }) => accountKey(username) === key && password === given.password);
}
