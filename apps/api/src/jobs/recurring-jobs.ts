import type { Job } from '../platform/jobs/job.ts';
import { housekeeping } from './housekeeping.ts';
import { keepAlive } from './keep-alive.ts';
import { retention } from './retention.ts';
import { secretExpiry } from './secret-expiry.ts';

/** Everything that recurs. */
export const recurringJobs: readonly Job[] = [housekeeping, keepAlive, secretExpiry, retention];
