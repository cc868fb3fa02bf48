import { Prisma } from '../../generated/prisma/client.ts';
import type { Database, Db } from '../../platform/database/db.ts';
import { deleteUnlocked } from '../../platform/database/delete-unlocked.ts';
import { type Entitlement, isEntitled, writeWhileEntitled } from './entitlement.ts';
import type { Settings } from './settings.ts';

/** The last successfully fetched list of a user's mail, sealed. */
export interface KeptMail {
  readonly entitlement: Entitlement;
  /** Of the settings it was fetched with. */
  readonly fingerprint: string;
  readonly sealed: string;
  readonly fetchedAt: Date;
}

/** The place that a user's mail is sealed to. */
export function keptMailPlace({ accountId, grantId, linkKey }: Entitlement): string {
  return `MailCache/account:${accountId}/grant:${grantId}/link:${linkKey}`;
}

/** The stored list of a user, while they are entitled to it. */
export async function readKeptMail(db: Db, accountId: string, now: Date): Promise<KeptMail | null> {
  const row = await db.mailCache.findFirst({ where: { accountId, expiresAt: { gt: now } } });
  if (!row) return null;
  const { grantId, linkKey, fingerprint, sealed, fetchedAt } = row;
  const entitlement = { accountId, grantId, linkKey };
  // After reading: a change in between counts.
  return (await isEntitled(db, entitlement)) ? { entitlement, fingerprint, sealed, fetchedAt } : null;
}

/**
 * Stores a list, unless the user lost the entitlement since it was fetched, or 基本設定 are not those that it was fetched by: then
 * another process may have stored a newer one already.
 */
export async function keepMail(
  db: Database,
  mail: KeptMail & { readonly expiresAt: Date },
  settings: Pick<Settings, 'version'>,
): Promise<void> {
  const { entitlement, fingerprint, sealed, fetchedAt, expiresAt } = mail;
  const { accountId, grantId, linkKey } = entitlement;
  // Of two concurrent first lists, which would conflict on the grant as well, one waits for the other's lock of the link.
  await writeWhileEntitled(db, entitlement, async (tx) => {
    await tx.$executeRaw`
      INSERT INTO "MailCache" ("accountId", "grantId", "linkKey", fingerprint, sealed, "fetchedAt", "expiresAt")
      SELECT ${accountId}::uuid, ${grantId}::uuid, ${linkKey}, ${fingerprint}, ${sealed}, ${fetchedAt}::timestamptz, ${expiresAt}::timestamptz
      FROM "Settings" WHERE id = 1 AND version = ${settings.version}
      ON CONFLICT ("accountId") DO UPDATE SET "grantId" = EXCLUDED."grantId", "linkKey" = EXCLUDED."linkKey",
        fingerprint = EXCLUDED.fingerprint, sealed = EXCLUDED.sealed, "fetchedAt" = EXCLUDED."fetchedAt",
        "expiresAt" = EXCLUDED."expiresAt"`;
  });
}

/** Deletes the stored mail of a user. */
export async function deleteKeptMail(db: Db, accountId: string): Promise<void> {
  await db.mailCache.deleteMany({ where: { accountId } });
}

export async function deleteExpiredMail(db: Db, now: Date): Promise<void> {
  await deleteUnlocked(db, 'MailCache', Prisma.sql`"expiresAt" <= ${now}`);
}
