import { accountKey } from '@argus/contract/account-key';
import type { Db } from '../../platform/database/db.ts';

/** A portal account (Salesforceアカウント). */
export interface Account {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  /** フリガナ, by which names are sorted; empty where there is none. */
  readonly reading: string;
  readonly role: 'user' | 'admin';
  readonly salesforceId: string | null;
  readonly passwordHash: string | null;
  readonly active: boolean;
  readonly language: string | null;
  readonly lastSignInAt: Date | null;
  readonly version: number;
  readonly updatedAt: Date;
}

export interface NewAccount {
  readonly username: string;
  readonly displayName: string;
  readonly reading?: string;
  readonly role: 'user' | 'admin';
  readonly salesforceId: string | null;
  readonly passwordHash: string | null;
}

/** What an administrator may change in an account. */
export type AccountChange = Pick<Account, 'username' | 'displayName' | 'reading' | 'role' | 'salesforceId' | 'active'>;

export async function countAccounts(db: Db): Promise<number> {
  return db.account.count();
}

export async function hasAccounts(db: Db): Promise<boolean> {
  return (await db.account.findFirst({ select: { id: true } })) !== null;
}

export async function findAccount(db: Db, id: string): Promise<Account | null> {
  return db.account.findUnique({ where: { id } });
}

/** Finds an account by its username; NFKC and case folding decide equality. */
export async function findAccountByUsername(db: Db, username: string): Promise<Account | null> {
  return db.account.findUnique({ where: { usernameKey: accountKey(username) } });
}

/** @throws a unique violation of usernameKey or salesforceId */
export async function createAccount(db: Db, account: NewAccount): Promise<Account> {
  return db.account.create({ data: { ...account, ...keysOf(account) } });
}

/**
 * Changes an account that is still at `version`; null where somebody else changed it first.
 * @throws a unique violation of usernameKey or salesforceId
 */
export async function updateAccount(
  db: Db,
  id: string,
  version: number,
  change: AccountChange,
): Promise<Account | null> {
  const { count } = await db.account.updateMany({
    where: { id, version },
    data: { ...change, ...keysOf(change), version: { increment: 1 } },
  });
  return count === 0 ? null : findAccount(db, id);
}

export async function setPasswordHash(db: Db, id: string, passwordHash: string): Promise<void> {
  await db.account.update({ where: { id }, data: { passwordHash } });
}

export async function setLanguage(db: Db, id: string, language: string | null): Promise<void> {
  await db.account.update({ where: { id }, data: { language } });
}

/**
 * Locks an account until the transaction ends, and returns its current state; null where it does not exist. Code that
 * ends an account's rights, or judges the account and acts on that, locks it before anything that belongs to it, so
 * that no two transactions deadlock. References to the account take KEY SHARE locks and do not wait.
 */
export async function lockAccount(tx: Db, id: string): Promise<Account | null> {
  await tx.$queryRaw`SELECT 1 FROM "Account" WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  return findAccount(tx, id);
}

/** As `lockAccount`, but shared: for code that starts something on behalf of an account. */
export async function holdAccount(tx: Db, id: string): Promise<Account | null> {
  await tx.$queryRaw`SELECT 1 FROM "Account" WHERE id = ${id}::uuid FOR SHARE`;
  return findAccount(tx, id);
}

/** As `lockAccount`, but against references too: the account is about to be deleted. */
export async function lockForDeletion(tx: Db, id: string): Promise<Account | null> {
  await tx.$queryRaw`SELECT 1 FROM "Account" WHERE id = ${id}::uuid FOR UPDATE`;
  return findAccount(tx, id);
}

export async function deleteAccount(tx: Db, id: string): Promise<void> {
  await tx.account.delete({ where: { id } });
}

export async function recordSignIn(db: Db, id: string, at: Date): Promise<void> {
  await db.account.update({ where: { id }, data: { lastSignInAt: at } });
}

/**
 * Locks the administrators who can sign in (active, with a password) against concurrent change until the transaction
 * ends, and returns their ids.
 */
export async function lockUsableAdmins(tx: Db): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text AS id FROM "Account" WHERE role = 'admin' AND active AND "passwordHash" IS NOT NULL ORDER BY id FOR NO KEY UPDATE`;
  return rows.map((row) => row.id);
}

export async function listAccountsNamed(db: Db, usernames: readonly string[]): Promise<readonly Account[]> {
  return db.account.findMany({ where: { usernameKey: { in: usernames.map(accountKey) } } });
}

/** Administrators who can sign in: active, with a password. */
export async function listUsableAdmins(db: Db, take: number): Promise<readonly Account[]> {
  return db.account.findMany({ where: { role: 'admin', active: true, passwordHash: { not: null } }, take });
}

function keysOf(names: { username: string; displayName: string }) {
  return { usernameKey: accountKey(names.username), displayNameKey: accountKey(names.displayName) };
}
