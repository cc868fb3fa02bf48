import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { PgBoss } from 'pg-boss';
import type { JobDatabase } from '../database/job-database.ts';
import type { Metrics } from '../metrics.ts';

/** A job as the scheduler knows it. */
export interface Scheduled {
  readonly name: string;
  /** In UTC. */
  readonly cron: string;
  run(run: { readonly runId: string; readonly signal: AbortSignal }): Promise<void>;
}

export interface Scheduler {
  /** Lets a run that is under way finish for a few seconds. May be called more than once. */
  stop(): Promise<void>;
}

/** How eager the scheduler is. Seconds. */
export interface Pace {
  /** How often it looks for jobs that are due, and for jobs to run. */
  readonly lookSeconds: number;
  /** How often it looks for runs whose instance is gone. */
  readonly superviseSeconds: number;
  /** The first wait after a start that failed; it doubles, up to a minute. */
  readonly startAgainSeconds: number;
  readonly retryDelaySeconds: number;
  /** A run that has not said for so long that it is alive is another instance's to take. At least 10. */
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
/** A fault of the database meets every look; it is logged once in this time. */
const sameFaultMs = 60_000;
const daySeconds = 24 * 3600;

/**
 * Runs jobs by pg-boss, whose tables are in the schema `pgboss` of the same database: whichever instance takes a job runs it,
 * one run of a job at a time. A run that throws is tried twice more; one whose instance is gone, too. Starts in the
 * background, and tries again until the database lets it.
 */
export function startScheduler(
  database: JobDatabase,
  jobs: readonly Scheduled[],
  { log, metrics, pace = defaultPace }: { log: FastifyBaseLogger; metrics: Metrics; pace?: Pace },
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
    const started = new PgBoss({
      db: database,
      backend: database.backend,
      cronMonitorIntervalSeconds: pace.lookSeconds,
      cronWorkerIntervalSeconds: pace.lookSeconds,
      superviseIntervalSeconds: pace.superviseSeconds,
      monitorIntervalSeconds: pace.superviseSeconds,
      // Jobs that wait for other jobs, and indexes that grow for years: there are none.
      flowIntervalSeconds: daySeconds,
      reindex: false,
      monitorVacuum: false,
    });
    started.on('error', (err) => logFault(err, 'the job queue met an error; it goes on'));
    started.on('warning', ({ message }) => log.info({ warning: message }, 'the job queue warns'));
    try {
      await started.start();
      for (const job of jobs) await register(started, job);
      await forgetOthers(started);
      boss = started;
    } catch (error) {
      await started.stop({ graceful: false });
      throw error;
    }
  }

  async function register(started: PgBoss, job: Scheduled): Promise<void> {
    const { name, cron } = job;
    // `exclusive`: while one waits or runs, there is no second one.
    await started.createQueue(name, { policy: 'exclusive' });
    const retry = { retryLimit: 2, retryDelay: pace.retryDelaySeconds, retryBackoff: true };
    // An hour is the most that a run may take.
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
        // The queue stores the thrown error, which could hold a secret; so it gets a plain one.
        throw new Error('The job failed; the log says why.');
      }
    });
  }

  /** Schedules of jobs that this version does not know any more. */
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
        logFault(err, 'the job queue could not be started; it is tried again');
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
      .catch((err: unknown) => log.warn({ err }, 'the job queue could not be stopped in order'));
    // A database that does not answer would hold it for longer.
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
