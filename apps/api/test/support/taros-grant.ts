import { expect, vi } from 'vitest';
import { argus } from './stage-argus.ts';

/** The only grant of the stage. */
export const grant = () => argus.services.db.grant.findFirstOrThrow();

/** Its access token has expired, and nothing keeps it from being refreshed. */
export const expire = () =>
  argus.services.db.grant.updateMany({
    data: { accessExpiresAt: new Date(0), throttledUntil: null, refreshNotBefore: null, tokenWaitUntil: null },
  });

/** Waits until no process refreshes it. */
export const settled = () =>
  vi.waitFor(async () => expect((await grant()).refreshLeaseId).toBeNull(), { timeout: 10_000, interval: 20 });
