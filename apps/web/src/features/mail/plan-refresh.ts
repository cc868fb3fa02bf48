/**
 * The share of the interval by which automatic refreshes are spread, so that thousands of open tabs do not ask at
 * once.
 */
const jitterShare = 0.1;

/**
 * When the next automatic refresh is due, in milliseconds since the epoch; null = never.
 * @param from when the last answer came, ms since the epoch
 * @param intervalSeconds the administrator's setting; 0 = off
 * @param retryAt before this moment another try is not sensible, ms since the epoch
 * @param random 0 ≤ random < 1
 */
export function planRefresh(
  from: number,
  intervalSeconds: number,
  retryAt: number | null,
  random: number,
): number | null {
  if (intervalSeconds <= 0) return null;
  const interval = intervalSeconds * 1000;
  // The jitter only ever delays: never more often than the administrator wants, never before the server allows.
  return Math.max(from + interval, retryAt ?? 0) + Math.round(interval * jitterShare * random);
}
