import { sendAlerts } from '../alerts/send-alerts.ts';
import type { TokenVault } from '../connection/grant-tokens.ts';
import { keepAlive } from '../connection/jobs/keep-alive.ts';
import { secretExpiry } from '../connection/jobs/secret-expiry.ts';
import type { Job } from '../platform/jobs/job.ts';
import { housekeeping } from './housekeeping.ts';
import { retention } from './retention.ts';

/** All recurring jobs. */
export function recurringJobs(tokens: TokenVault): readonly Job[] {
  return [housekeeping, keepAlive(tokens), secretExpiry, retention, sendAlerts];
}
