import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AuditChange, saveAuditEvent } from '../audit/records/audit-events.ts';
import type { Config } from '../platform/config.ts';
import { type Database, inTransaction } from '../platform/database/db.ts';
import { openExistingDatabase } from '../platform/database/open-database.ts';
import { AppError } from '../platform/problems/app-error.ts';
import { joinAccountChanges } from './join-account-changes.ts';
import { hashPassword } from './password.ts';
import { findAccountByUsername, updateAccount } from './records/accounts.ts';
import { setPassword } from './set-password.ts';

/** The administrator could not be unlocked. `message` is one plain sentence for the operator who ran the command. */
export class UnlockFailure extends Error {
  override readonly name = 'UnlockFailure';
}

// Without letters that are easily confused: somebody will type it from a screen.
const alphabet = 'ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789';
const groups = 5;
const groupLength = 5;
const importPollMs = 200;

/**
 * Unlocks an administrator: activates the account, makes it an administrator, clears its failed sign-ins, ends its
 * sessions and sets a random password (about 140 bits), which is printed only once. Waits for a CSV取込 that is being
 * applied, which would write over it.
 * @param options how long it waits
 * @returns what to print
 * @throws UnlockFailure, or DatabaseStartFailure where the database cannot be opened
 */
export async function unlockAdmin(
  config: Config,
  username: string,
  { importPatienceMs = 20_000 }: { readonly importPatienceMs?: number } = {},
): Promise<string> {
  const database = await openExistingDatabase(config.database);
  try {
    const password = randomPassword();
    const passwordHash = await hashPassword(password);
    const unlocked = await betweenImports(importPatienceMs, () => unlock(database.prisma, username, passwordHash));
    return [
      `${unlocked} は管理者としてサインインできます。サインインしたら、パスワードを変更してください。`,
      `${unlocked} can sign in as an administrator. Change the password after signing in.`,
      `パスワード / Password: ${password}`,
    ].join('\n');
  } finally {
    await database.close();
  }
}

/** Does the work once no CSV取込 is being applied. @throws UnlockFailure where one still is after this time */
async function betweenImports<T>(patienceMs: number, work: () => Promise<T>): Promise<T> {
  const since = performance.now();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'csv_import_running') throw error;
      if (performance.now() - since > patienceMs) {
        const by = String(error.params.username ?? '');
        throw new UnlockFailure(
          `CSV取込を実行中です（${by}）。完了してから、もう一度実行してください。 / A CSV import is running (${by}). Run this again after it has finished.`,
        );
      }
      await sleep(importPollMs);
    }
  }
}

/** Makes the account an active administrator with this password, and returns its username as stored. */
async function unlock(db: Database, username: string, passwordHash: string): Promise<string> {
  return inTransaction(db, async (tx) => {
    await joinAccountChanges(tx, new Date());
    const account = await findAccountByUsername(tx, username);
    if (!account) {
      throw new UnlockFailure(
        `Salesforceアカウント ${username} は存在しません。 / The Salesforce account ${username} does not exist.`,
      );
    }
    const { id, displayName, reading, role, salesforceId, active, version } = account;
    const changes: AuditChange[] = [
      ...(role === 'admin' ? [] : [{ field: 'role', from: role, to: 'admin' }]),
      ...(active ? [] : [{ field: 'active', from: 'false', to: 'true' }]),
    ];
    const names = { username: account.username, displayName, reading };
    const change = { ...names, role: 'admin', salesforceId, active: true } as const;
    const updated = await updateAccount(tx, id, version, change);
    if (!updated) {
      throw new UnlockFailure(
        `${username} は同時に変更されました。もう一度実行してください。 / ${username} was changed at the same time. Run this again.`,
      );
    }
    await setPassword(tx, account, passwordHash);
    // Nobody is signed in: the actor is whoever controls the machine.
    const event = { actorId: null, actorUsername: null, address: null, requestId: null };
    const target = { targetKind: 'account', targetId: id, targetName: account.username };
    if (changes.length > 0) await saveAuditEvent(tx, { ...event, ...target, action: 'user_changed', changes });
    await saveAuditEvent(tx, { ...event, ...target, action: 'password_set' });
    return account.username;
  });
}

function randomPassword(): string {
  const group = () => Array.from({ length: groupLength }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
  return Array.from({ length: groups }, group).join('-');
}
