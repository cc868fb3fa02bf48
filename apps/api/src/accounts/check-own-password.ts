import type { FastifyRequest } from 'fastify';
import { auditFailure } from '../audit/audit.ts';
import { viewerOf } from '../platform/http/viewer.ts';
import { AppError } from '../platform/problems/app-error.ts';
import type { Services } from '../platform/services.ts';
import { verifyPassword } from './password.ts';
import { type Account, findAccount } from './records/accounts.ts';
import { beginOwnPasswordAttempt, type CountedAttempt, judging } from './sign-in-throttle.ts';

/**
 * Checks the password of the session's own account. Attempts are counted per session; a wrong password goes to the
 * audit log.
 * @param field where the form takes the password
 * @returns the account, and the attempt, which the caller settles with the work that follows
 * @throws AppError password_wrong at the field, sign_in_throttled or server_busy
 */
export async function checkOwnPassword(
  services: Services,
  request: FastifyRequest,
  password: string,
  field: string,
): Promise<{ account: Account; attempt: CountedAttempt }> {
  const { db, now } = services;
  const viewer = viewerOf(request);
  const attempt = await beginOwnPasswordAttempt(db, request.session.sessionId, now()).catch(async (error: unknown) => {
    if (error instanceof AppError) await auditFailure(services, request, 'password_check_failed', viewer);
    throw error;
  });
  const account = await findAccount(db, viewer.id);
  const fits = await judging(attempt, () => verifyPassword(account?.passwordHash ?? null, password));
  if (account && fits) return { account, attempt };
  await auditFailure(services, request, 'password_check_failed', viewer);
  throw new AppError('password_wrong', {}, { fields: [{ field, code: 'password_wrong' }] });
}
