import { performance } from 'node:perf_hooks';

/** One time budget, handed through every layer that works on one request. */
export type Deadline = {
  readonly totalMs: number;
  /** Milliseconds left, never negative. */
  remainingMs(): number;
  /** Aborts when the budget is used up, with a `TimeoutError` as its reason. */
  readonly signal: AbortSignal;
  readonly expired: boolean;
};

// The longest delay a Node timer takes; beyond it the timer would fire at once.
const longestTimer = 2 ** 31 - 1;

/** Starts the clock on a budget of `totalMs` milliseconds. Needs no clean-up: its timer keeps no process alive. */
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

/** Settles as the promise does, or rejects with the signal's reason once the budget is used up. */
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
