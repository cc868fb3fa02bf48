import { catalogueEntry } from '@argus/contract/errors/error-catalogue';
import type { JobRun } from '../platform/jobs/job.ts';
import type { AppError } from '../platform/problems/app-error.ts';
import { newErrorId } from '../platform/problems/error-id.ts';
import { saveErrorEvent } from './records/error-events.ts';

/**
 * Stores an error that a job encountered in the error log; no screen shows it otherwise.
 * @param account whom it affects
 * @returns the error ID; null where the error is not one to log
 */
export async function reportFault(
  { services, log, runId }: Pick<JobRun, 'services' | 'log' | 'runId'>,
  stage: string,
  error: AppError,
  account?: { readonly id: string; readonly username: string },
): Promise<string | null> {
  services.metrics.error(error.code);
  if (!catalogueEntry(error.code).logged) return null;
  const errorId = newErrorId();
  log.warn({ code: error.code, errorId, suffix: error.params.suffix }, 'a job encountered an error');
  await saveErrorEvent(services.db, {
    id: errorId,
    code: error.code,
    accountId: account?.id ?? null,
    username: account?.username ?? null,
    stage: error.params.upstream?.stage ?? stage,
    params: error.params,
    requestId: runId,
    occurredAt: services.now(),
  });
  return errorId;
}
