import type { VaultKeyConfig } from '../config.ts';
import type { Database } from '../database/db.ts';
import { countSealedValues } from './records/sealed-values.ts';
import { deleteVaultKeyChecks, readVaultKeyChecks, saveVaultKeyCheck } from './records/vault-keys.ts';
import { createVault, UnsealError, type Vault } from './seal.ts';
import type { SealedColumn } from './sealed-column.ts';

/** A required key is missing or differs. `message` is one plain sentence for the operator. */
export class VaultKeyError extends Error {
  override readonly name = 'VaultKeyError';
}

const knownText = 'argus vault key check';
const placeOf = (kid: string) => `VaultKey/${kid}/check`;

/**
 * Checks each configured key against what it sealed before.
 * @returns the ids of all keys that any Argus has started with
 * @throws VaultKeyError
 */
export async function checkKnownKeys(db: Database, vault: Vault): Promise<ReadonlySet<string>> {
  const checks = await readVaultKeyChecks(db);
  for (const [kid, sealedCheck] of checks) {
    if (!vault.kids.includes(kid)) continue;
    try {
      vault.open(sealedCheck, placeOf(kid));
    } catch (cause) {
      if (!(cause instanceof UnsealError)) throw cause;
      throw new VaultKeyError(
        `暗号鍵 ${kid} は、データベースの値を保護した鍵と異なります。ARGUS_VAULT_KEYS を確認してください。 / The vault key ${kid} is not the one that protected the values in the database. Check ARGUS_VAULT_KEYS.`,
      );
    }
  }
  return new Set(checks.keys());
}

/** Everything that is sealed, and when it is asked. */
interface Sealed {
  readonly columns: readonly SealedColumn[];
  readonly now: Date;
}

/**
 * Judges the keys, and writes nothing. A key without any row is found by the values themselves.
 * @returns the ids of all keys that any Argus has started with
 * @throws VaultKeyError
 */
export async function judgeVaultKeys(
  db: Database,
  vault: Vault,
  { columns, now }: Sealed,
): Promise<ReadonlySet<string>> {
  const known = await checkKnownKeys(db, vault);
  for (const [kid, count] of await countSealedValues(db, columns, now)) {
    if (vault.kids.includes(kid)) continue;
    throw new VaultKeyError(
      `${count} 件の値を保護した暗号鍵 ${kid} が ARGUS_VAULT_KEYS にありません。${kid} を末尾に加えて起動し、npx --yes pnpm reseal を実行してから外してください。 / The vault key ${kid}, which protects ${count} stored values, is not in ARGUS_VAULT_KEYS. Add ${kid} at the end, start Argus, and run npx --yes pnpm reseal before you remove it.`,
    );
  }
  return known;
}

/**
 * Checks the keys, so that a wrong or missing one is noticed at start and not by a user. Remembers new keys, and forgets
 * those that have gone from the configuration and seal nothing any more.
 * @throws VaultKeyError
 */
export async function checkVaultKeys(
  db: Database,
  vault: Vault,
  keys: readonly VaultKeyConfig[],
  sealed: Sealed,
): Promise<void> {
  const known = await judgeVaultKeys(db, vault, sealed);
  const gone = [...known].filter((kid) => !vault.kids.includes(kid));
  if (gone.length > 0) await deleteVaultKeyChecks(db, gone);
  for (const key of keys) {
    if (!known.has(key.kid)) {
      await saveVaultKeyCheck(db, key.kid, createVault([key]).seal(knownText, placeOf(key.kid)));
    }
  }
}
