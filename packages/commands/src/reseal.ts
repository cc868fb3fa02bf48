import { runForOperator, sayWhichDatabase } from './operator-command.ts';

/**
 * `pnpm reseal`: seals every stored value with the first key of ARGUS_VAULT_KEYS. Exit code 1 where some could not be
 * opened: their key is still needed.
 */
export async function reseal(): Promise<number> {
  return runForOperator(async (config) => {
    await sayWhichDatabase(config);
    const { resealForOperator } = await import('@argus/api/connection/reseal');
    const { kid, resealed, changed, unreadable } = await resealForOperator(config, ({ table, done }) => {
      console.error(`${table}: ${done}`);
    });
    for (const [of, count] of unreadable) {
      console.error(
        `暗号鍵 ${of} で保護された ${count} 件の値を開けませんでした。 / ${count} values protected by the vault key ${of} could not be opened.`,
      );
    }
    const others =
      changed === 0 ? '' : ` (${changed} 件は同時に変更されました / ${changed} were changed at the same time)`;
    console.log(
      `${resealed} 件の値を暗号鍵 ${kid} で保護し直しました${others}。 / Protected ${resealed} values again with the vault key ${kid}.`,
    );
    return unreadable.size === 0 ? 0 : 1;
  });
}
