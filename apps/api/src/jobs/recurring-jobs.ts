import { housekeeping } from './housekeeping.ts';
import type { Job } from './job.ts';
import { keepAlive } from './keep-alive.ts';
import { retention } from './retention.ts';
import { secretExpiry } from './secret-expiry.ts';

/** Everything that recurs. */
export const recurringJobs: readonly Job[] = [housekeeping, keepAlive, secretExpiry, retention];
