import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { PgBoss } from 'pg-boss';
import type { JobDatabase } from '../database/job-database.ts';
import type { Metrics } from '../metrics.ts';

/** A job, as the scheduler needs it. */
export interface Scheduled {
  readonly name: string;
  /** In UTC. */
  readonly cron: string;
  run(run: { readonly runId: string; readonly signal: AbortSignal }): Promise<void>;
}

export interface Scheduler {
  /** Gives a run in progress a few seconds to finish. May be called more than once. */
  stop(): Promise<void>;
}

/** The scheduler's intervals. Seconds. */
export interface Pace {
  /** How often it polls for due jobs. */
  readonly lookSeconds: number;
  /** How often it looks for runs whose instance has died. */
  readonly superviseSeconds: number;
  /** The first wait after a failed start; it doubles, up to a minute. */
  readonly startAgainSeconds: number;
  readonly retryDelaySeconds: number;
  /** A run without a heartbeat for this long may be taken by another instance. At least 10. */
  readonly heartbeatSeconds: number;
}

const defaultPace: Pace = {
  lookSeconds: 30,
  superviseSeconds: 60,
  startAgainSeconds: 5,
  retryDelaySeconds: 60,
  heartbeatSeconds: 60,
};
const longestStartWaitSeconds = 60;
const stopWithinMs = 3_000;
/** A database fault recurs at every poll; it is logged once in this time. */
const sameFaultMs = 60_000;
const daySeconds = 24 * 3600;

/**
 * Runs jobs by pg-boss, whose tables are in the schema `pgboss` of the same database. Any instance may run a job, but
 * only one run of a job at a time. A run that throws, or whose instance dies, is retried twice. Starts in the
 * background, and retries until the database is available.
 */
export function startScheduler(
  database: JobDatabase,
  jobs: readonly Scheduled[],
  {
    log,
    metrics,
    onQueue = () => {},
    pace = defaultPace,
  }: { log: FastifyBaseLogger; metrics: Metrics; onQueue?: (isUp: boolean) => void; pace?: Pace },
): Scheduler {
  const stopping = new AbortController();
  let boss: PgBoss | undefined;
  let faultLoggedAt = Number.NEGATIVE_INFINITY;

  function logFault(err: unknown, message: string): void {
    if (performance.now() - faultLoggedAt < sameFaultMs) return;
    faultLoggedAt = performance.now();
    log.warn({ err }, message);
  }

  async function startOnce(): Promise<void> {
    // Jobs begin behind everything else: a start need not wait for their library to be read.
    const { PgBoss: Boss } = await import('pg-boss');
    const started = new Boss({
      db: database,
      backend: database.backend,
      cronMonitorIntervalSeconds: pace.lookSeconds,
      cronWorkerIntervalSeconds: pace.lookSeconds,
      superviseIntervalSeconds: pace.superviseSeconds,
      monitorIntervalSeconds: pace.superviseSeconds,
      // No job depends on another, and no index needs years of maintenance.
      flowIntervalSeconds: daySeconds,
      reindex: false,
      monitorVacuum: false,
    });
    started.on('error', (err) => logFault(err, 'the job queue encountered an error and continues'));
    started.on('warning', ({ message }) => log.info({ warning: message }, 'job queue warning'));
    try {
      await started.start();
      for (const job of jobs) await register(started, job);
      await forgetOthers(started);
      boss = started;
      onQueue(true);
    } catch (error) {
      await started.stop({ graceful: false });
      throw error;
    }
  }

  async function register(started: PgBoss, job: Scheduled): Promise<void> {
    const { name, cron } = job;
    // `exclusive`: no second run while one waits or runs.
    await started.createQueue(name, { policy: 'exclusive' });
    const retry = { retryLimit: 2, retryDelay: pace.retryDelaySeconds, retryBackoff: true };
    // A run may take an hour at most.
    const life = { heartbeatSeconds: pace.heartbeatSeconds, expireInSeconds: 3600, deleteAfterSeconds: daySeconds };
    await started.schedule(name, cron, null, { tz: 'UTC', missed: 'once', ...retry, ...life });
    await started.work(name, { pollingIntervalSeconds: pace.lookSeconds, includeMetadata: true }, async ([due]) => {
      if (!due) return;
      const dueAt = Math.max(due.startAfter.getTime(), due.createdOn.getTime());
      metrics.jobStarted(name, Math.max(0, (Date.now() - dueAt) / 1000));
      const since = performance.now();
      const seconds = () => (performance.now() - since) / 1000;
      try {
        await job.run({ runId: due.id, signal: AbortSignal.any([stopping.signal, due.signal]) });
        metrics.jobEnded(name, 'ok', seconds());
      } catch (err) {
        metrics.jobEnded(name, 'failed', seconds());
        log.error({ err, job: name, reqId: due.id, attempt: due.retryCount + 1 }, 'a job failed');
        // The queue stores the thrown error, which could hold a secret; so it gets a generic one.
        throw new Error('The job failed; the log says why.');
      }
    });
  }

  /** Removes schedules of jobs that this version no longer has. */
  async function forgetOthers(started: PgBoss): Promise<void> {
    for (const { name } of await started.getSchedules()) {
      if (!jobs.some((job) => job.name === name)) await started.unschedule(name);
    }
  }

  async function startUntilStarted(): Promise<void> {
    for (let wait = pace.startAgainSeconds; !stopping.signal.aborted; wait *= 2) {
      try {
        return await startOnce();
      } catch (err) {
        onQueue(false);
        logFault(err, 'cannot start the job queue; retrying');
      }
      const seconds = Math.min(wait, longestStartWaitSeconds);
      await sleep(seconds * 1000, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
    }
  }

  const started = startUntilStarted();
  let stopped: Promise<void> | undefined;
  async function stopNow(): Promise<void> {
    stopping.abort();
    const graceful = started
      .then(() => boss?.stop({ timeout: stopWithinMs }))
      .catch((err: unknown) => log.warn({ err }, 'cannot stop the job queue gracefully'));
    // A database that does not answer would delay the stop further.
    const timer = new AbortController();
    const late = sleep(stopWithinMs + 500, undefined, { signal: timer.signal }).catch(() => {});
    await Promise.race([graceful, late]);
    timer.abort();
  }
  return {
    stop() {
      stopped ??= stopNow();
      return stopped;
    },
  };
}
