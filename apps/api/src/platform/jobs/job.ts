import type { FastifyBaseLogger } from 'fastify';
import type { Services } from '../services.ts';

/** What one run of a job is handed. */
export interface JobRun {
  readonly services: Services;
  readonly log: FastifyBaseLogger;
  /** Stands for the request id in the error log; each line of `log` has it, too. */
  readonly runId: string;
  /** Aborts when Argus stops: what is under way is finished, nothing more is begun. */
  readonly signal: AbortSignal;
}

/** Work that recurs. One instance at a time runs it; a run that throws is tried again. */
export interface Job {
  /** Permanent: the name of its queue and its label in the metrics. */
  readonly name: string;
  /** When, as cron in UTC. */
  readonly cron: string;
  run(run: JobRun): Promise<void>;
}
