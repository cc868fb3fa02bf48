import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Config } from '../platform/config.ts';
import { DatabaseStartFailure } from '../platform/database/database-start-failure.ts';
import { type Database, inTransaction } from '../platform/database/db.ts';
import {
  databasePlace,
  type Database as OpenedDatabase,
  openDatabase,
  openExistingDatabase,
} from '../platform/database/open-database.ts';
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
  postgres: {
    ja: 'npx --yes pnpm first-admin を実行すると、最初の管理者を作成するリンクが表示されます。',
    en: 'Run npx --yes pnpm first-admin to get the link for creating the first administrator.',
  },
  // One process holds the folder.
  pglite: {
    ja: 'Argus を停止して npx --yes pnpm first-admin を実行すると、最初の管理者を作成するリンクが表示されます。そのあと Argus を起動してリンクを開いてください。',
    en: 'Stop Argus and run npx --yes pnpm first-admin to get the link for creating the first administrator. Then start Argus and open the link.',
  },
};

/**
 * What production prints at start about its first administrator; '' where there are accounts. A link is printed only
 * on a terminal, as everything else that Argus writes goes into a log that many can read. A link that is still valid
 * stays so, at a second start and in a second instance.
 */
export async function offerFirstAdmin(
  db: Database,
  { http: { publicUrl }, database: { kind } }: Pick<Config, 'http' | 'database'>,
  { now, isTerminal }: { readonly now: Date; readonly isTerminal: boolean },
): Promise<string> {
  return inTransaction(db, async (tx) => {
    await lockFirstAdminInvitations(tx);
    if ((await countAccounts(tx)) > 0) return '';
    const how = howToMake[kind];
    const until = await firstAdminInvitationUntil(tx, now);
    if (until !== null) {
      const at = until.toISOString();
      return [
        `最初の管理者を作成するリンクは ${at} まで有効です。見当たらない場合は、${how.ja}`,
        `The link that creates the first administrator is valid until ${at}. If you do not have it: ${how.en}`,
        '',
      ].join('\n');
    }
    if (!isTerminal) return `管理者がまだいません。${how.ja}\nThere is no administrator yet. ${how.en}\n`;
    const token = newToken();
    await saveFirstAdminInvitation(tx, hashToken(token), new Date(now.getTime() + invitationLifeMs));
    return linkText(publicUrl, token);
  });
}

/**
 * Makes a link for the first administrator, and voids earlier ones. Before the first start of a production on the embedded
 * database it makes that, too: once Argus runs, nobody else can open it.
 * @returns what to print
 * @throws FirstAdminFailure, or DatabaseStartFailure where the database cannot be opened
 */
export async function makeFirstAdminLink(config: Config): Promise<string> {
  const place = databasePlace(config.database);
  const isFirst = config.mode === 'production' && config.database.kind === 'pglite' && !existsSync(place);
  const made = `データベース ${place} を新しく作成しました。 / Made a new database: ${place}\n`;
  const database = await (isFirst ? openDatabase(config.database) : openStopped(config));
  try {
    const link = await inTransaction(database.prisma, async (tx) => {
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
    return isFirst ? `${made}${link}` : link;
  } finally {
    await database.close();
  }
}

/** The refusal while Argus runs on the embedded database names the whole way. */
async function openStopped({ database }: Config): Promise<OpenedDatabase> {
  try {
    return await openExistingDatabase(database);
  } catch (error) {
    if (!(error instanceof DatabaseStartFailure) || error.code !== 'database_locked') throw error;
    const { code, ja, en } = error;
    const then = {
      ja: 'そのあと Argus を起動し、表示されたリンクを開いてください。',
      en: 'Then start Argus and open the link that is shown.',
    };
    throw new DatabaseStartFailure(code, { ja: `${ja}${then.ja}`, en: `${en} ${then.en}` }, error);
  }
}

function newToken(): string {
  return randomBytes(32).toString('base64url');
}

function linkText(publicUrl: string, token: string): string {
  return [
    '最初の管理者を作成してください (24時間有効、1回限り): / Create the first administrator (valid for 24 hours, works only once):',
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
    'The only administrators in this database are demo accounts, and demo passwords cannot be used to sign in to production. Set a new password with npx --yes pnpm unlock-admin USERNAME.',
    '',
  ].join('\n');
}
