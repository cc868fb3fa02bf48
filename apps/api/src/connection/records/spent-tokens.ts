import type { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';

/** The lease of a refresh, which spends the tokens that the grant had. */
export interface SpendingLease {
  readonly id: string;
  /** Whether a sealed value holds the tokens that this refresh spends. */
  readonly isSpent: (sealedTokens: string) => boolean;
}

/**
 * Stores new tokens where the refresh has the lease, or the grant still holds the tokens that were spent for them, whoever has the
 * lease by now: its holder meets a refusal, and then the new tokens. `pnpm reseal` may have put another sealed value with the same tokens
 * there, so what is there is opened, not compared. Where another has deleted the spent tokens, as Microsoft refused them, the new ones are
 * stored as long as no others have been issued since: only the new ones are of use then.
 * @param grant as it was when the refresh began
 * @returns whether they were stored
 */
export async function storeForSpent(
  db: Db,
  grant: { readonly id: string; readonly sealedTokens: string | null; readonly refreshedAt: Date },
  { id: refreshLeaseId, isSpent }: SpendingLease,
  data: Prisma.GrantUpdateManyMutationInput,
): Promise<boolean> {
  const { id, refreshedAt } = grant;
  for (let spent = grant.sealedTokens; ; ) {
    const where = { id, OR: [{ refreshLeaseId }, { sealedTokens: spent }] };
    if ((await db.grant.updateMany({ where, data })).count === 1) return true;
    const present = await db.grant.findUnique({ where: { id }, select: { sealedTokens: true } });
    if (!present) return false;
    if (present.sealedTokens === null) {
      const deleted = { id, refreshedAt, status: 'reconnect_needed' as const, sealedTokens: null };
      return (await db.grant.updateMany({ where: deleted, data })).count === 1;
    }
    if (!isSpent(present.sealedTokens)) return false;
    spent = present.sealedTokens;
  }
}
