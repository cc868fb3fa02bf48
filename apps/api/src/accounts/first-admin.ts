import { randomBytes } from 'node:crypto';
import type { Config } from '../platform/config.ts';
import { type Database, inTransaction } from '../platform/database/db.ts';
import { openExistingDatabase } from '../platform/database/open-database.ts';
import { hashToken } from '../platform/vault/hash-token.ts';
import { demoAccounts } from './demo-accounts.ts';
import { verifyPassword } from './password.ts';
import { countAccounts, listUsableAdmins } from './records/accounts.ts';
import {
  firstAdminInvitationUntil,
  lockFirstAdminInvitations,
  saveFirstAdminInvitation,
} from './records/first-admin-invitations.ts';

const invitationLifeMs = 24 * 3600_000;

/** There is nobody to invite: accounts exist. `message` is one plain sentence for the operator. */
export class FirstAdminFailure extends Error {
  override readonly name = 'FirstAdminFailure';
}

const howToMake = {
  ja: 'npx --yes pnpm first-admin を実行すると、最初の管理者を作成するリンクが表示されます。',
  en: 'npx --yes pnpm first-admin prints the link that creates the first administrator.',
};

/**
 * What production prints at start about its first administrator; '' where there are accounts. A link is printed only
 * on a terminal, as everything else that Argus writes goes into a log that many can read. A link that is still valid
 * stays so, at a second start and in a second instance.
 */
export async function offerFirstAdmin(
  db: Database,
  { publicUrl }: Config['http'],
  { now, isTerminal }: { readonly now: Date; readonly isTerminal: boolean },
): Promise<string> {
  return inTransaction(db, async (tx) => {
    await lockFirstAdminInvitations(tx);
    if ((await countAccounts(tx)) > 0) return '';
    const until = await firstAdminInvitationUntil(tx, now);
    if (until !== null) {
      const at = until.toISOString();
      return [
        `最初の管理者を作成するリンクは ${at} まで有効です。見当たらない場合は、${howToMake.ja}`,
        `The link that creates the first administrator is valid until ${at}. If you do not have it: ${howToMake.en}`,
        '',
      ].join('\n');
    }
    if (!isTerminal) return `管理者がまだいません。${howToMake.ja}\nThere is no administrator yet. ${howToMake.en}\n`;
    const token = newToken();
    await saveFirstAdminInvitation(tx, hashToken(token), new Date(now.getTime() + invitationLifeMs));
    return linkText(publicUrl, token);
  });
}

/**
 * Makes a link for the first administrator, and voids earlier ones.
 * @returns what to print
 * @throws FirstAdminFailure, or DatabaseStartFailure where the database cannot be opened
 */
export async function makeFirstAdminLink(config: Config): Promise<string> {
  const database = await openExistingDatabase(config.database);
  try {
    return await inTransaction(database.prisma, async (tx) => {
      await lockFirstAdminInvitations(tx);
      if ((await countAccounts(tx)) > 0) {
        throw new FirstAdminFailure(
          'アカウントは既にあります。管理者がサインインできない場合は npx --yes pnpm unlock-admin USERNAME を使用してください。 / There are accounts already. If no administrator can sign in, use npx --yes pnpm unlock-admin USERNAME.',
        );
      }
      const token = newToken();
      await saveFirstAdminInvitation(tx, hashToken(token), new Date(Date.now() + invitationLifeMs));
      return linkText(config.http.publicUrl, token);
    });
  } finally {
    await database.close();
  }
}

function newToken(): string {
  return randomBytes(32).toString('base64url');
}

function linkText(publicUrl: string, token: string): string {
  return [
    '最初の管理者を作成してください (24時間有効、1回限り): / Create the first administrator (valid for 24 hours, once):',
    `  ${publicUrl}/first-admin#token=${token}`,
    '',
  ].join('\n');
}

/**
 * What production prints where only accounts of the demo, with the demo's passwords, could administer it: production
 * refuses those. '' otherwise.
 */
export async function tellDemoAccountsOnly(db: Database): Promise<string> {
  const admins = await listUsableAdmins(db, demoAccounts.length + 1);
  if (admins.length === 0) return '';
  for (const { username, passwordHash } of admins) {
    const demo = demoAccounts.find((each) => each.username === username);
    if (!demo || !(await verifyPassword(passwordHash, demo.password))) return '';
  }
  return [
    'このデータベースの管理者はデモのアカウントだけです。デモのパスワードでは本番にサインインできません。npx --yes pnpm unlock-admin USERNAME で新しいパスワードを設定してください。',
    'The only administrators in this database are accounts of the demo, whose passwords production refuses. Set a new one by npx --yes pnpm unlock-admin USERNAME.',
    '',
  ].join('\n');
}
