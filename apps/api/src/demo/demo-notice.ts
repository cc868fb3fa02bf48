import { presentDemoAccounts } from '../accounts/present-demo-accounts.ts';
import type { Db } from '../platform/database/db.ts';

/** What the demo prints about signing in. */
export async function demoNotice(db: Db): Promise<string> {
  const accounts = await presentDemoAccounts(db);
  if (accounts.length === 0) {
    return 'このデータベースにデモのアカウントはありません。登録されているアカウントでサインインしてください。\nNo account of the demo is in this database: sign in with one of its own.\n';
  }
  const lines = accounts.map(({ username, password, displayName }) => `  ${username}  ${password}  (${displayName})`);
  return `デモのアカウント (Salesforceアカウント、パスワード):\n${lines.join('\n')}\n`;
}
