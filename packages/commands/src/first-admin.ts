import { runForOperator, sayWhichDatabase } from './operator-command.ts';

/** `pnpm first-admin`: prints a new link that creates the first administrator, and voids earlier ones. */
export async function firstAdmin(): Promise<number> {
  return runForOperator(async (config) => {
    await sayWhichDatabase(config);
    const { makeFirstAdminLink } = await import('@argus/api/accounts/first-admin');
    console.log(await makeFirstAdminLink(config));
    return 0;
  });
}
