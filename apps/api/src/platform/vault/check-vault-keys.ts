import type { VaultKeyConfig } from '../config.ts';
import type { Database } from '../database/db.ts';
import { countSealedBy, readVaultKeyChecks, saveVaultKeyCheck } from './records/vault-keys.ts';
import { createVault, UnsealError, type Vault } from './seal.ts';

/** A required key is missing or differs. `message` is one plain sentence for the operator. */
export class VaultKeyError extends Error {
  override readonly name = 'VaultKeyError';
}

const knownText = 'argus vault key check';
const placeOf = (kid: string) => `VaultKey/${kid}/check`;

/**
 * Checks each configured key against what it sealed before, so that a wrong key is noticed at start and not by a
 * user.
 * @throws VaultKeyError
 */
export async function checkVaultKeys(db: Database, vault: Vault, keys: readonly VaultKeyConfig[]): Promise<void> {
  const checks = await readVaultKeyChecks(db);
  for (const [kid, sealedCheck] of checks) {
    if (vault.kids.includes(kid)) {
      try {
        vault.open(sealedCheck, placeOf(kid));
      } catch (cause) {
        if (!(cause instanceof UnsealError)) throw cause;
        throw new VaultKeyError(
          `暗号鍵 ${kid} は、データベースの値を保護した鍵と異なります。ARGUS_VAULT_KEYS を確認してください。 / The vault key ${kid} is not the one that sealed the stored values.`,
        );
      }
    } else {
      const count = await countSealedBy(db, kid);
      if (count > 0) {
        throw new VaultKeyError(
          `${count} 件の値を保護した暗号鍵 ${kid} が ARGUS_VAULT_KEYS にありません。 / The vault key ${kid}, which sealed ${count} stored values, is missing.`,
        );
      }
    }
  }
  for (const key of keys) {
    if (!checks.has(key.kid)) {
      await saveVaultKeyCheck(db, key.kid, createVault([key]).seal(knownText, placeOf(key.kid)));
    }
  }
}
