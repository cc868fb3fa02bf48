import type { Db } from '../../database/db.ts';

/** The known text as sealed by every key of the vault, by key id. */
export async function readVaultKeyChecks(db: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await db.vaultKey.findMany();
  return new Map(rows.map((row) => [row.kid, row.sealedCheck]));
}

export async function saveVaultKeyCheck(db: Db, kid: string, sealedCheck: string): Promise<void> {
  // Two instances may start at once; either one's check is valid.
  await db.vaultKey.createMany({ data: [{ kid, sealedCheck }], skipDuplicates: true });
}

export async function deleteVaultKeyChecks(db: Db, kids: readonly string[]): Promise<void> {
  await db.vaultKey.deleteMany({ where: { kid: { in: [...kids] } } });
}
