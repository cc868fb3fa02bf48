import { runForOperator, sayWhichDatabase } from './operator-command.ts';

/** `pnpm unlock-admin USERNAME`: unlocks an administrator, and prints the new password once. */
export async function unlockAdmin(args: readonly string[]): Promise<number> {
  const [username, ...rest] = args;
  if (username === undefined || rest.length > 0) {
    console.error('使い方 / Usage: npx --yes pnpm unlock-admin USERNAME');
    return 1;
  }
  return runForOperator(async (config) => {
    await sayWhichDatabase(config);
    const { unlockAdmin: unlock } = await import('@argus/api/accounts/unlock-admin');
    console.log(await unlock(config, username));
    return 0;
  });
}
