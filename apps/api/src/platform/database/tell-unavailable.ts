import type { Metrics } from '../metrics.ts';
import { DatabaseUnavailable, isDatabaseUnavailable, type UnavailableReason } from './database-unavailable.ts';
import { serverSentence } from './server-sentence.ts';

const sameReasonMs = 60_000;

/**
 * Counts every reply that failed for want of the database, and logs why: each reason once a minute, as an outage
 * concerns every request alike.
 */
export function createUnavailableTeller(
  log: { warn(details: object, message: string): void },
  metrics: Pick<Metrics, 'databaseUnavailable'>,
): (cause: unknown) => void {
  const loggedAt = new Map<UnavailableReason, number>();
  return (cause) => {
    if (!isDatabaseUnavailable(cause)) return;
    // Prisma's own error for a transaction that did not get a connection in time.
    const reason = cause instanceof DatabaseUnavailable ? cause.reason : 'busy';
    metrics.databaseUnavailable(reason);
    const now = performance.now();
    if (now - (loggedAt.get(reason) ?? Number.NEGATIVE_INFINITY) < sameReasonMs) return;
    loggedAt.set(reason, now);
    log.warn({ reason, said: serverSentence(cause) }, 'the database is unavailable');
  };
}
