import type { FastifyBaseLogger } from 'fastify';
import type { Services } from '../services.ts';

/** What one run of a job receives. */
export interface JobRun {
  readonly services: Services;
  readonly log: FastifyBaseLogger;
  /** Replaces the request id in the error log; each line of `log` has it, too. */
  readonly runId: string;
  /** Aborts when Argus stops: finish what is in progress, start nothing more. */
  readonly signal: AbortSignal;
}

/** Recurring work. Only one instance at a time runs it; a run that throws is retried. */
export interface Job {
  /** Permanent: it names the queue and the metrics label. */
  readonly name: string;
  /** The schedule, as cron in UTC. */
  readonly cron: string;
  run(run: JobRun): Promise<void>;
}
