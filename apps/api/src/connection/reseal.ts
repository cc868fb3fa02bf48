import { type Config, withDemoKey } from '../platform/config.ts';
import type { Database } from '../platform/database/db.ts';
import { openExistingDatabase } from '../platform/database/open-database.ts';
import { checkKnownKeys, VaultKeyError } from '../platform/vault/check-vault-keys.ts';
import { listSealedByOthers, replaceSealedValue } from '../platform/vault/records/sealed-values.ts';
import { createVault, UnsealError, type Vault } from '../platform/vault/seal.ts';
import { sealedColumns } from './records/sealed-columns.ts';

/** What a run of `reseal` found. */
export interface Resealed {
  /** The key that now seals. */
  readonly kid: string;
  readonly resealed: number;
  /** How many values others changed meanwhile, by whichever key their Argus has first. */
  readonly changed: number;
  /** How many values could not be opened, by the id of their key. */
  readonly unreadable: ReadonlyMap<string, number>;
}

export interface Progress {
  readonly table: string;
  readonly done: number;
}

const rowsAtOnce = 200;
/** A value that an Argus sealed with its former first key during one pass is met by the next. */
const mostPasses = 3;

/**
 * Seals with the first key what other keys seal, while Argus runs. It writes row by row, and only where the value is
 * still the same, so it may be killed and repeated at any time.
 */
export async function resealValues(
  db: Database,
  vault: Vault,
  tell: (progress: Progress) => void = () => {},
): Promise<Resealed> {
  const kid = vault.activeKid;
  let resealed = 0;
  let changed = 0;
  let unreadable = new Map<string, number>();
  for (let pass = 0; pass < mostPasses; pass += 1) {
    const found = await resealOnce(db, vault, tell);
    resealed += found.resealed;
    changed += found.changed;
    unreadable = found.unreadable;
    if (found.resealed + found.changed === 0) break;
  }
  return { kid, resealed, changed, unreadable };
}

async function resealOnce(db: Database, vault: Vault, tell: (progress: Progress) => void) {
  const unreadable = new Map<string, number>();
  let resealed = 0;
  let changed = 0;
  for (const column of sealedColumns) {
    let done = 0;
    for (let after: string | null = null; ; ) {
      const page = { kid: vault.activeKid, after, take: rowsAtOnce, now: new Date() };
      const rows = await listSealedByOthers(db, column, page);
      for (const row of rows) {
        const value = reseal(vault, row.sealed, column.placeOf(row));
        if (value === null) {
          const kid = row.sealed.split('.')[1] ?? '';
          unreadable.set(kid, (unreadable.get(kid) ?? 0) + 1);
        } else if (await replaceSealedValue(db, column, row, value)) resealed += 1;
        else changed += 1;
      }
      const last = rows.at(-1);
      if (!last) break;
      after = last.key;
      done += rows.length;
      tell({ table: column.table, done });
    }
  }
  return { resealed, changed, unreadable };
}

/** The value sealed anew in its place; null where it does not open. */
function reseal(vault: Vault, sealed: string, place: string): string | null {
  try {
    return vault.seal(vault.open(sealed, place), place);
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error;
    return null;
  }
}

/**
 * `pnpm reseal`.
 * @throws VaultKeyError where a key is a wrong one, or no Argus has started with the first one yet: those that run
 * could not open what it seals. DatabaseStartFailure
 */
export async function resealForOperator(given: Config, tell: (progress: Progress) => void): Promise<Resealed> {
  const database = await openExistingDatabase(given.database);
  try {
    const vault = createVault(withDemoKey(given).vaultKeys);
    const kid = vault.activeKid;
    if (!(await checkKnownKeys(database.prisma, vault)).has(kid)) {
      throw new VaultKeyError(
        `暗号鍵 ${kid} で起動した Argus はまだありません。先に、すべての Argus を ${kid} を加えた ARGUS_VAULT_KEYS で起動してください。 / No Argus has started with the vault key ${kid} yet. First start every Argus with ${kid} added to ARGUS_VAULT_KEYS.`,
      );
    }
    return await resealValues(database.prisma, vault, tell);
  } finally {
    await database.close();
  }
}
