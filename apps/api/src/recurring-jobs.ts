import { keepAlive } from './connection/jobs/keep-alive.ts';
import { secretExpiry } from './connection/jobs/secret-expiry.ts';
import { housekeeping } from './housekeeping.ts';
import type { Job } from './platform/jobs/job.ts';
import { retention } from './retention.ts';

/** Everything that recurs. */
export const recurringJobs: readonly Job[] = [housekeeping, keepAlive, secretExpiry, retention];
