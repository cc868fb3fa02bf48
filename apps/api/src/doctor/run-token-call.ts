import { withinDeadline } from '@argus/egress/deadline';
import { AppError } from '../app-error.ts';
import type { TokenRequest } from '../vault/token-vault.ts';
import type { DoctorCase } from './doctor-case.ts';

/**
 * Runs what may refresh a grant. It has the run's budget, even when Argus stops: tokens that Microsoft has given and that
 * are not saved would be lost. The step itself does not wait for it beyond its deadline.
 * @throws AppError mail_timeout
 */
export async function runTokenCall<T>(
  { settings, budget, deadline, underWay }: DoctorCase,
  call: (request: Pick<TokenRequest, 'settings' | 'deadline'>) => Promise<T>,
): Promise<T> {
  const work = call({ settings, deadline: budget });
  underWay.add(work);
  const isOver = () => underWay.delete(work);
  work.then(isOver, isOver);
  return withinDeadline(deadline, work).catch((error: unknown) => {
    // A refresh of somebody else's, which was joined, has a budget of its own.
    if (error !== deadline.signal.reason) throw error;
    throw new AppError('mail_timeout', { suffix: settings.authProviderUrlSuffix }, { cause: error });
  });
}
