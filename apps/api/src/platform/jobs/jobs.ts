import fp from 'fastify-plugin';
import type { JobDatabase } from '../database/job-database.ts';
import type { AppError } from '../problems/app-error.ts';
import { toAppError } from '../problems/to-app-error.ts';
import type { Services } from '../services.ts';
import type { Job, JobRun } from './job.ts';
import { type Pace, type Scheduler, startScheduler } from './start-scheduler.ts';

export interface JobsOptions extends Services {
  readonly jobs: readonly Job[];
  /** The database of the queue. */
  readonly database: JobDatabase;
  /** How often the queue polls; by default as often as production needs. */
  readonly pace?: Pace;
  /** Reports why a run failed; the run is retried whether or not the report succeeds. */
  readonly onFault: (run: JobRun, jobName: string, error: AppError) => Promise<unknown>;
}

/** Runs the recurring jobs while Argus listens. */
export const jobs = fp<JobsOptions>(async (app, { jobs, database, onFault, pace, ...services }) => {
  let scheduler: Scheduler | undefined;

  function scheduled(job: Job) {
    return {
      name: job.name,
      cron: job.cron,
      async run({ runId, signal }: { runId: string; signal: AbortSignal }) {
        const log = app.log.child({ job: job.name, reqId: runId });
        const run: JobRun = { services, log, runId, signal };
        try {
          await job.run(run);
        } catch (error) {
          await onFault(run, job.name, toAppError(error)).catch((err: unknown) =>
            log.error({ err }, 'cannot store an error in the error log'),
          );
          throw error;
        }
      },
    };
  }

  app.addHook('onListen', async () => {
    const { metrics, surroundings } = services;
    const onQueue = (isUp: boolean) => {
      metrics.jobQueue(isUp);
      surroundings.jobQueueIsUp = isUp;
    };
    const given = { log: app.log, metrics, onQueue };
    scheduler = startScheduler(database, jobs.map(scheduled), { ...given, ...(pace ? { pace } : {}) });
  });
  // A run finishes while requests in flight do.
  app.addHook('preClose', async () => {
    void scheduler?.stop();
  });
  app.addHook('onClose', async () => {
    await scheduler?.stop();
  });
});
