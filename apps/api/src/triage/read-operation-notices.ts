import type { Notice } from '@argus/contract/endpoints/triage/board';
import { clockAheadMs, tellingClockMs } from '../platform/database/clock.ts';
import type { Services } from '../platform/services.ts';

/** How long the notice of a page at another address stays. Milliseconds. */
const foreignOriginMs = 24 * 3600_000;

type OperationNotice = Pick<Notice, 'kind'> & Partial<Pick<Notice, 'seconds'>>;

/** What is wrong around this process: only whoever operates Argus can mend it. */
export async function readOperationNotices({
  db,
  now,
  surroundings,
}: Pick<Services, 'db' | 'now' | 'surroundings'>): Promise<readonly OperationNotice[]> {
  const { databaseIsPlain, jobQueueIsUp, foreignOriginAt } = surroundings;
  const isRecent = foreignOriginAt && now().getTime() - foreignOriginAt.getTime() < foreignOriginMs;
  const aheadMs = await clockAheadMs(db, now);
  return [
    ...(jobQueueIsUp === false ? [{ kind: 'jobs_down' as const }] : []),
    ...(isRecent ? [{ kind: 'public_url_differs' as const }] : []),
    ...(Math.abs(aheadMs) > tellingClockMs
      ? [{ kind: 'clock_differs' as const, seconds: Math.round(aheadMs / 1000) }]
      : []),
    ...(databaseIsPlain ? [{ kind: 'database_plain_text' as const }] : []),
  ];
}
