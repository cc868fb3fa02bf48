import { setTimeout as sleep } from 'node:timers/promises';
import type { Deadline } from '@argus/egress/deadline';
import { isDatabaseUnavailable } from './database-unavailable.ts';

const firstWaitMs = 50;
const longestWaitMs = 1_000;

/**
 * Runs a write, and repeats it while the database is unavailable and the budget lasts: for data that would otherwise
 * be lost, such as tokens that Microsoft issues once. A connection may be cut after the commit, so `work` must be
 * safe to repeat.
 * @throws the last DatabaseUnavailable once the budget is used up; any other error at once
 */
export async function untilAvailable<T>(deadline: Deadline, work: () => Promise<T>): Promise<T> {
  for (let wait = firstWaitMs; ; wait = Math.min(wait * 2, longestWaitMs)) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseUnavailable(error) || deadline.remainingMs() <= wait) throw error;
      await sleep(wait);
    }
  }
}
