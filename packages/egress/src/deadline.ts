import { performance } from 'node:perf_hooks';

/** One time budget, passed through every layer that works on one request. */
export type Deadline = {
  readonly totalMs: number;
  /** Milliseconds left, never negative. */
  remainingMs(): number;
  /** Aborts when the budget is used up, with a `TimeoutError` as its reason. */
  readonly signal: AbortSignal;
  readonly expired: boolean;
};

// The longest delay of a Node timer; a longer one would fire at once.
const longestTimer = 2 ** 31 - 1;

/** Starts a budget of `totalMs` milliseconds. Needs no clean-up: its timer does not keep the process alive. */
export function startDeadline(totalMs: number): Deadline {
  const budget = Math.min(Math.max(Math.ceil(totalMs), 0), longestTimer);
  const end = performance.now() + budget;
  const signal = AbortSignal.timeout(budget);
  const remainingMs = () => (signal.aborted ? 0 : Math.max(0, end - performance.now()));
  return {
    totalMs: budget,
    signal,
    remainingMs,
    get expired() {
      return remainingMs() === 0;
    },
  };
}

/** Settles like the promise, or rejects with the signal's reason once the budget is used up. */
export async function withinDeadline<T>(deadline: Deadline, promise: Promise<T>): Promise<T> {
  const { signal } = deadline;
  const { promise: late, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([promise, late]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
