import { endFlowsOf } from '../../accounts/records/begun-flows.ts';
import type { Db } from '../../platform/database/db.ts';
import { deleteGrantsOf } from './grants.ts';

/**
 * 認証の取消, which a deactivation does too: deletes an account's grants at every provider, and everything fetched by
 * them. Flows in progress are ended first, so that none stores a grant afterwards.
 * @returns whether there was any grant
 */
export async function revokeGrants(tx: Db, accountId: string): Promise<boolean> {
  await endFlowsOf(tx, accountId);
  return (await deleteGrantsOf(tx, accountId)) > 0;
}
