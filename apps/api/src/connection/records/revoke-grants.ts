import { endFlowsOf } from '../../accounts/records/begun-flows.ts';
import type { Db } from '../../platform/database/db.ts';
import { deleteGrantsOf } from './grants.ts';

/**
 * 認証の取消, also what a deactivation does: takes from an account what it was granted and what that brought, at every
 * provider. Flows that have begun are ended first, so that none stores a grant behind it.
 * @returns whether there was anything to take
 */
export async function revokeGrants(tx: Db, accountId: string): Promise<boolean> {
  await endFlowsOf(tx, accountId);
  return (await deleteGrantsOf(tx, accountId)) > 0;
}
