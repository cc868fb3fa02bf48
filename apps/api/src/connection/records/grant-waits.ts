import type { Db } from '../../platform/database/db.ts';
import { forgetTokenPause } from './token-pauses.ts';

/** A wait that Graph asked for, with the error that brought it: requests during the wait report the same error. */
export interface Throttling {
  readonly until: Date;
  readonly code: string;
  /** The HTTP status of the reply. */
  readonly status: number | undefined;
}

export const noThrottling = { throttledUntil: null, throttledBy: null, throttledStatus: null };

export function throttlingData({ until, code, status }: Throttling) {
  return { throttledUntil: until, throttledBy: code, throttledStatus: status ?? null };
}

/** Records a wait, or its end, and nothing of how the call ended. */
export async function recordThrottling(db: Db, grantId: string, throttling: Throttling | null): Promise<void> {
  await db.grant.updateMany({ where: { id: grantId }, data: throttling ? throttlingData(throttling) : noThrottling });
}

/** Clears throttling: another address asked for it than the one now configured. */
export async function forgetThrottling(db: Db): Promise<void> {
  await db.grant.updateMany({ where: { throttledUntil: { not: null } }, data: noThrottling });
}

/** A wait that the token endpoint asked for, with the error that brought it. */
export interface TokenWait {
  readonly until: Date;
  readonly code: string;
}

export function tokenWaitData({ until, code }: TokenWait) {
  return { tokenWaitUntil: until, tokenWaitBy: code };
}

export const noTokenWait = { tokenWaitUntil: null, tokenWaitBy: null };

/** Keeps a wait that a token endpoint asked for in another call than a refresh, if it is still the one in use. */
export async function recordTokenWait(
  db: Db,
  { id }: { readonly id: string },
  { tokenEndpointUrl }: { readonly tokenEndpointUrl: string },
  wait: TokenWait,
): Promise<void> {
  await db.grant.updateMany({ where: { id, provider: { tokenEndpointUrl } }, data: tokenWaitData(wait) });
}

/** Forgets the waits that a token endpoint asked for: another is called from now on. The pause of a refused grant stays. */
export async function forgetTokenWaits(tx: Db, providerId: string): Promise<void> {
  await tx.grant.updateMany({
    where: { providerId, status: 'authorized', refreshNotBefore: { not: null } },
    data: { refreshNotBefore: null },
  });
  const concerned = { OR: [{ tokenWaitUntil: { not: null } }, { refusedOnceAt: { not: null } }] };
  await tx.grant.updateMany({ where: { providerId, ...concerned }, data: { ...noTokenWait, refusedOnceAt: null } });
  await forgetTokenPause(tx, providerId);
}
