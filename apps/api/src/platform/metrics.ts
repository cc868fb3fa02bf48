import { catalogueEntry, type ErrorCode } from '@argus/contract/errors/error-catalogue';
import { EgressFailure, type EgressKind } from '@argus/egress/egress-failure';
import { MicrosoftFailure } from '@argus/microsoft/fact';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { UnavailableReason } from './database/database-unavailable.ts';
import { AppError } from './problems/app-error.ts';
import { version } from './version.ts';

/** How a portlet request ended. `kept`: the last good list was shown; `user`: the user must act. */
type PortletOutcome = 'ok' | 'kept' | 'user' | 'failed';

/**
 * The contents of `/metrics`. Labels are few and fixed: never a user, a suffix or a whole URL. All times are in
 * seconds, as Prometheus expects.
 */
export interface Metrics {
  readonly registry: Registry;
  portletRequest(outcome: PortletOutcome): void;
  /** `hit`: cached a moment ago; `miss`: fetched; `shared`: joined a fetch in progress. */
  mailCache(result: 'hit' | 'miss' | 'shared'): void;
  /** Times a call that the remote sites allow. `statusOf` reads the HTTP status from its result. */
  upstream<T>(host: string, call: () => Promise<T>, statusOf?: (reply: T) => number): Promise<T>;
  error(code: ErrorCode): void;
  tokenRefresh(outcome: 'ok' | ErrorCode): void;
  leaseWaited(seconds: number): void;
  connectionWaited(seconds: number): void;
  /** A reply failed for want of the database. */
  databaseUnavailable(reason: UnavailableReason): void;
  /** Whether this process has a job queue. */
  jobQueue(isUp: boolean): void;
  /** Read on each scrape; call once per process. */
  watchConnections(read: () => { total: number; idle: number; waiting: number }): void;
  jobStarted(job: string, waitedSeconds: number): void;
  jobEnded(job: string, outcome: 'ok' | 'failed', seconds: number): void;
}

const waits = [0.001, 0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10];
const calls = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60];
const runs = [0.01, 0.1, 1, 5, 30, 120, 600, 1800];

/** Kinds of calls refused before sending: there is nothing to time, and their hosts are arbitrary. */
const neverSent: ReadonlySet<EgressKind> = new Set([
  'malformed_url',
  'site_not_registered',
  'plain_http',
  'address_denied',
  'origin_mismatch',
]);

/** The metrics of one app, in their own registry. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Counter({ name, help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, buckets: number[], ...labelNames: L[]) =>
    new Histogram({ name, help, buckets, labelNames, registers });

  const portletRequests = counter('argus_portlet_requests_total', 'Requests of the portlet for new mail.', 'outcome');
  const mailCache = counter('argus_mail_cache_total', 'How lists of new mail were come by.', 'result');
  const upstream = histogram(
    'argus_upstream_request_duration_seconds',
    'Calls to the token endpoint and to the mail API. outcome: class of the HTTP status, or why there was no reply.',
    calls,
    'host',
    'outcome',
  );
  const errors = counter('argus_errors_total', 'Errors by their code of the catalogue.', 'code');
  const refreshes = counter(
    'argus_token_refreshes_total',
    'Refreshes of access tokens: ok or the error code.',
    'outcome',
  );
  const leases = histogram('argus_refresh_lease_wait_seconds', 'Waiting for the lease to refresh a grant.', waits);
  const connections = histogram('argus_database_wait_seconds', 'Waiting for a connection to PostgreSQL.', waits);
  const unavailable = counter(
    'argus_database_unavailable_total',
    'Replies that failed for want of the database.',
    'reason',
  );
  const queue = new Gauge({ name: 'argus_job_queue_up', help: 'Whether this process can run jobs.', registers });
  new Gauge({
    name: 'argus_build_info',
    help: 'The version of Argus, as a label; the value is always 1.',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);
  const jobWaits = histogram('argus_job_wait_seconds', 'From the time a job was due until it ran.', runs, 'job');
  const jobRuns = histogram('argus_job_duration_seconds', 'Runs of jobs that recur.', runs, 'job', 'outcome');
  const jobSuccess = new Gauge({
    name: 'argus_job_last_success_timestamp_seconds',
    help: 'When this process last ran a job to its end.',
    labelNames: ['job'],
    registers,
  });

  return {
    registry,
    portletRequest: (outcome) => portletRequests.inc({ outcome }),
    mailCache: (result) => mailCache.inc({ result }),
    async upstream(host, call, statusOf = () => 200) {
      const since = performance.now();
      const observe = (outcome: string) => upstream.observe({ host, outcome }, (performance.now() - since) / 1000);
      try {
        const reply = await call();
        observe(statusClass(statusOf(reply)));
        return reply;
      } catch (error) {
        const outcome = failedOutcome(error);
        if (outcome !== undefined) observe(outcome);
        throw error;
      }
    },
    error: (code) => errors.inc({ code }),
    tokenRefresh: (outcome) => refreshes.inc({ outcome }),
    leaseWaited: (seconds) => leases.observe(seconds),
    connectionWaited: (seconds) => connections.observe(seconds),
    databaseUnavailable: (reason) => unavailable.inc({ reason }),
    jobQueue: (isUp) => queue.set(isUp ? 1 : 0),
    watchConnections(read) {
      new Gauge({
        name: 'argus_database_connections',
        help: 'Connections to PostgreSQL, and statements that wait for one.',
        labelNames: ['state'],
        registers,
        collect() {
          const { total, idle, waiting } = read();
          this.set({ state: 'busy' }, total - idle);
          this.set({ state: 'idle' }, idle);
          this.set({ state: 'waiting' }, waiting);
        },
      });
    },
    jobStarted: (job, waitedSeconds) => jobWaits.observe({ job }, waitedSeconds),
    jobEnded(job, outcome, seconds) {
      jobRuns.observe({ job, outcome }, seconds);
      if (outcome === 'ok') jobSuccess.set({ job }, Date.now() / 1000);
    },
  };
}

/** How a failed portlet request ended: expected states, and what only the user can fix, are not faults. */
export function portletOutcome(error: unknown): PortletOutcome {
  if (!(error instanceof AppError)) return 'failed';
  const { logged, endsGrant } = catalogueEntry(error.code);
  return !logged || endsGrant ? 'user' : 'failed';
}

function statusClass(status: number): string {
  return `${Math.floor(status / 100)}xx`;
}

/** How a failed call ended, from the facts of packages/egress and packages/microsoft; undefined: nothing was sent. */
function failedOutcome(error: unknown): string | undefined {
  const fact = error instanceof MicrosoftFailure ? error.fact : undefined;
  if (fact?.kind === 'http' && fact.status !== undefined) return statusClass(fact.status);
  if (fact?.kind === 'malformed') return 'malformed';
  const network = fact?.egress ?? (error instanceof EgressFailure ? error.fact : undefined);
  if (network === undefined) return 'error';
  return neverSent.has(network.kind) ? undefined : network.kind;
}
