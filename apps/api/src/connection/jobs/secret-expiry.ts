import { reportFault } from '../../error-log/report-fault.ts';
import type { Job } from '../../platform/jobs/job.ts';
import { AppError } from '../../platform/problems/app-error.ts';
import { type ExpiringSecret, listExpiringSecrets, noteSecretWarned } from '../records/expiring-secrets.ts';

const dayMs = 24 * 3600_000;
/** Days before expiry at which the administrator is warned. */
const thresholds = [1, 7, 14, 30, 60] as const;

export interface SecretWarning {
  /** The threshold reached; 0 = expired. */
  readonly threshold: number;
  /** Days left; 0 on the secret's last day, negative once it has expired. */
  readonly days: number;
}

/**
 * The warning for a secret that expires on a day (its UTC midnight), by the current UTC day; null where it is too
 * early. Of skipped thresholds only the nearest counts.
 */
export function secretWarning(expiresOn: Date, now: Date): SecretWarning | null {
  const today = Math.floor(now.getTime() / dayMs);
  const days = Math.floor(expiresOn.getTime() / dayMs) - today;
  if (days < 0) return { threshold: 0, days };
  const threshold = thresholds.find((ahead) => days <= ahead);
  return threshold === undefined ? null : { threshold, days };
}

/** Warns once per threshold, in the error log and the log, that a provider's consumer secret is about to expire. */
export const secretExpiry: Job = {
  name: 'secret-expiry',
  cron: '27 * * * *',
  async run(run) {
    const { db, now } = run.services;
    for (const secret of await listExpiringSecrets(db)) {
      const warning = secretWarning(secret.expiresOn, now());
      if (warning === null || !isNews(secret, warning)) continue;
      const params = {
        suffix: secret.urlSuffix,
        expiresOn: secret.expiresOn.toISOString().slice(0, 10),
        days: Math.abs(warning.days),
      };
      const code = warning.threshold === 0 ? 'provider_secret_expired' : 'provider_secret_expiring';
      run.log.warn({ ...params, code }, 'consumer secret expires soon or has expired');
      // The warning comes first: a crash in between repeats it rather than losing it.
      await reportFault(run, 'secret-expiry', new AppError(code, params));
      await noteSecretWarned(db, secret, warning.threshold);
    }
  },
};

function isNews({ warnedDays }: ExpiringSecret, { threshold }: SecretWarning): boolean {
  return warnedDays === null || threshold < warnedDays;
}
