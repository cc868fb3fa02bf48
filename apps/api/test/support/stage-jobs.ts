import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { JobDatabase } from '../../src/platform/database/job-database.ts';
import { type Scheduled, type Scheduler, startScheduler } from '../../src/platform/jobs/start-scheduler.ts';
import { createMetrics, type Metrics } from '../../src/platform/metrics.ts';
import { buildDatabase, type TestDatabase } from './build-database.ts';

export const pace = {
  lookSeconds: 1,
  superviseSeconds: 1,
  startAgainSeconds: 0.2,
  retryDelaySeconds: 1,
  heartbeatSeconds: 10,
};
/** With seconds, it is due as soon as the scheduler polls. */
export const atOnce = '* * * * * *';
/** Never during a test. */
export const rarely = '0 0 29 2 *';

interface Logged {
  readonly level: string;
  readonly fields: Record<string, unknown>;
  readonly message: string;
}

/** A test's own database and log: tests mostly wait, so they run concurrently. */
interface Stage {
  readonly database: TestDatabase;
  readonly logged: readonly Logged[];
  start(jobs: readonly Scheduled[], on?: JobDatabase, metrics?: Metrics): Scheduler;
  /** The job database of one instance, which can be cut off. */
  cuttable(): JobDatabase & { cut: boolean };
}

async function withStage(play: (stage: Stage) => Promise<void>): Promise<void> {
  const database = await buildDatabase();
  const schedulers: Scheduler[] = [];
  const logged: Logged[] = [];
  const at = (level: string) => (fields: Record<string, unknown>, message: string) => {
    logged.push({ level, fields, message });
  };
  const log = { info: at('info'), warn: at('warn'), error: at('error') } as unknown as FastifyBaseLogger;
  try {
    await play({
      database,
      logged,
      start(jobs, on = database.jobs, metrics = createMetrics()) {
        const scheduler = startScheduler(on, jobs, { log, metrics, pace });
        schedulers.push(scheduler);
        return scheduler;
      },
      cuttable: () => cuttable(database),
    });
  } finally {
    await Promise.all(schedulers.map((scheduler) => scheduler.stop()));
    await database.close();
  }
}

/** Several PGlites in one process would only wait for each other. */
export const sideBySide = { concurrent: Boolean(process.env.TEST_DATABASE_URL), timeout: 60_000 };

/** A scenario on its own stage. */
export const plays = (play: (stage: Stage) => Promise<void>) => () => withStage(play);

export async function until(holds: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('it did not come about in time');
    await sleep(50);
  }
}

function cuttable(database: TestDatabase): JobDatabase & { cut: boolean } {
  const instance = {
    cut: false,
    backend: database.jobs.backend,
    async executeSql(text: string, values?: unknown[]) {
      if (instance.cut) throw new Error('the database cannot be reached');
      return database.jobs.executeSql(text, values);
    },
  };
  return instance;
}
