import type { MigrationState } from '@argus/api/platform/database/migrate';
import { runForOperator, sayWhichDatabase } from './operator-command.ts';

const usage =
  '使い方 / Usage: npx --yes pnpm migrations | npx --yes pnpm migrations resolve NAME --as applied | not-applied';

const words: Record<MigrationState['state'], string> = {
  applied: '適用済み / applied',
  changed: '適用済み、ファイルは変更されています / applied; its file has changed since',
  undone: '適用されていないと記録されています / recorded as not applied: Argus will apply it at its next start',
  pending: '未適用 / pending: Argus applies it at its next start',
  unfinished: '途中で切れています / unfinished',
  unknown: 'この版より新しい Argus のものです / from a newer version of Argus',
};

/**
 * `pnpm migrations`: shows the migrations of the database, and resolves one that was cut off. Exit code 0 where
 * Argus can start.
 */
export async function migrations(args: readonly string[]): Promise<number> {
  const [verb, name, flag, as, ...rest] = args;
  const isShow = verb === undefined;
  const isResolve =
    verb === 'resolve' && name !== undefined && flag === '--as' && (as === 'applied' || as === 'not-applied');
  if ((!isShow && !isResolve) || rest.length > 0) {
    console.error(usage);
    return 1;
  }
  return runForOperator(async (config) => {
    await sayWhichDatabase(config);
    const { showMigrations, resolveUnfinished } = await import('@argus/api/platform/database/operate-migrations');
    if (isResolve) await resolveUnfinished(config.database, name, as);
    const states = await showMigrations(config.database);
    for (const { name: migration, state } of states) console.log(`${migration}  ${words[state]}`);
    const unfinished = states.filter(({ state }) => state === 'unfinished');
    for (const { name: migration } of unfinished) console.log(`\n${advice(migration)}`);
    return unfinished.length > 0 || states.some(({ state }) => state === 'unknown') ? 1 : 0;
  });
}

function advice(name: string): string {
  return [
    `${name} の実行中に Argus が停止しました。マイグレーションは全体が1つのトランザクションなので、すべて適用されたか、まったく適用されていないかのどちらかです。`,
    `prisma/migrations/${name}/migration.sql の最初の変更がデータベースにあるか確認し、ある場合は --as applied、ない場合は --as not-applied を実行してください。`,
    '誤って not-applied とした場合は、次の起動が「既に存在します」という理由で失敗します。そのときは --as applied を実行してください。',
    `Argus stopped while ${name} was running. A migration is one transaction, so it was applied either completely or not at all.`,
    `Check whether the first change in prisma/migrations/${name}/migration.sql is in the database. If it is, run --as applied; if not, run --as not-applied:`,
    'If you chose not-applied but it had been applied, the next start fails because something already exists. In that case, run --as applied.',
    `  npx --yes pnpm migrations resolve ${name} --as applied`,
    `  npx --yes pnpm migrations resolve ${name} --as not-applied`,
  ].join('\n');
}
