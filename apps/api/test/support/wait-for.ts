import { setTimeout as sleep } from 'node:timers/promises';
import type { TestArgus } from './build-app.ts';

/** Waits until the fake has been called at a path, whatever the outcome. */
export async function untilCalled({ fake }: TestArgus, part: string, times = 1): Promise<void> {
  while (fake.control.requests().filter(({ path }) => path.includes(part)).length < times) await sleep(5);
}
