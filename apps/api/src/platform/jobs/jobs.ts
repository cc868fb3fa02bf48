import fp from 'fastify-plugin';
import type { TokenVault } from '../../connection/grant-tokens.ts';
import { toAppError } from '../../error-log/problems.ts';
import { reportFault } from '../../error-log/report-fault.ts';
import { recurringJobs } from '../../recurring-jobs.ts';
import type { JobDatabase } from '../database/job-database.ts';
import type { Services } from '../services.ts';
import type { Job } from './job.ts';
import { type Scheduler, startScheduler } from './start-scheduler.ts';

export interface JobsOptions extends Services {
  readonly tokens: TokenVault;
  readonly database: JobDatabase;
}

/** Runs the jobs that recur from when Argus listens until it closes. */
export const jobs = fp<JobsOptions>(async (app, { tokens, database, ...services }) => {
  let scheduler: Scheduler | undefined;

  function scheduled(job: Job) {
    return {
      name: job.name,
      cron: job.cron,
      async run({ runId, signal }: { runId: string; signal: AbortSignal }) {
        const log = app.log.child({ job: job.name, reqId: runId });
        try {
          await job.run({ services, tokens, log, runId, signal });
        } catch (error) {
          await reportFault({ services, log, runId }, job.name, toAppError(error)).catch((err: unknown) =>
            log.error({ err }, 'the error could not be kept in the error log'),
          );
          throw error;
        }
      },
    };
  }

  app.addHook('onListen', async () => {
    const { metrics } = services;
    scheduler = startScheduler(database, recurringJobs.map(scheduled), { log: app.log, metrics });
  });
  // While requests in flight finish, so does a run.
  app.addHook('preClose', async () => {
    void scheduler?.stop();
  });
  app.addHook('onClose', async () => {
    await scheduler?.stop();
  });
});
