import { randomUUID } from 'node:crypto';
import type { Services } from '../platform/services.ts';
import { extendRefreshLease, type Grant, takeRefreshLease } from './records/grants.ts';

/** Where obtaining a lease took longer than this, it is extended before anything is sent. */
const mostLateMs = 1_000;

/**
 * Takes the lease to refresh a grant for `ms` from when it is obtained: the statement that takes it may wait for somebody else's lock
 * of the row, for longer than the lease.
 * @returns the id of the lease; null where another holds it, or the grant changed
 */
export async function obtainLease(
  { db, now }: Pick<Services, 'db' | 'now'>,
  grant: Grant,
  ms: number,
): Promise<string | null> {
  const id = randomUUID();
  const inTime = async (write: (at: Date) => Promise<boolean>) => {
    const since = performance.now();
    if (!(await write(now()))) return null;
    return performance.now() - since <= mostLateMs;
  };
  const until = (at: Date) => new Date(at.getTime() + ms);
  let isInTime = await inTime((at) => takeRefreshLease(db, grant, { id, now: at, until: until(at) }));
  while (isInTime === false) isInTime = await inTime((at) => extendRefreshLease(db, grant, { id, until: until(at) }));
  return isInTime === null ? null : id;
}
