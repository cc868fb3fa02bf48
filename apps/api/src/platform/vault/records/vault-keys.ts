import type { Db } from '../../database/db.ts';
import { escapeLike } from '../../database/escape-like.ts';

/** The known text as sealed by every key of the vault, by key id. */
export async function readVaultKeyChecks(db: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await db.vaultKey.findMany();
  return new Map(rows.map((row) => [row.kid, row.sealedCheck]));
}

export async function saveVaultKeyCheck(db: Db, kid: string, sealedCheck: string): Promise<void> {
  // Two instances may start at once; either one's check is valid.
  await db.vaultKey.createMany({ data: [{ kid, sealedCheck }], skipDuplicates: true });
}

/** How many stored values only this key can open. */
export async function countSealedBy(db: Db, kid: string): Promise<number> {
  const startsWith = escapeLike(`v1.${kid}.`);
  const counts = await Promise.all([
    db.authProvider.count({ where: { sealedConsumerSecret: { startsWith } } }),
    db.grant.count({ where: { sealedTokens: { startsWith } } }),
  ]);
  return counts.reduce((sum, count) => sum + count, 0);
}
