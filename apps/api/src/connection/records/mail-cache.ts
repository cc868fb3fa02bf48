import { Prisma } from '../../generated/prisma/client.ts';
import type { Database, Db } from '../../platform/database/db.ts';
import { deleteUnlocked } from '../../platform/database/delete-unlocked.ts';
import { type Entitlement, entitledTo, writeWhileEntitled } from './entitlement.ts';

/** The last successfully fetched list of a user's mail, sealed. */
export interface KeptMail {
  readonly entitlement: Entitlement;
  /** Digest of the settings it was fetched with. */
  readonly fingerprint: string;
  readonly sealed: string;
  readonly fetchedAt: Date;
}

/** The place that a user's mail is sealed to. */
export function keptMailPlace({ accountId, grantId, linkKey }: Entitlement): string {
  return `MailCache/account:${accountId}/grant:${grantId}/link:${linkKey}`;
}

/** The stored list of a user, if it was fetched by the current grant under the current link. */
export async function readKeptMail(db: Db, accountId: string, now: Date): Promise<KeptMail | null> {
  const kept = {
    accountId: Prisma.sql`m."accountId"`,
    grantId: Prisma.sql`m."grantId"`,
    linkKey: Prisma.sql`m."linkKey"`,
  };
  const [row] = await db.$queryRaw<(Entitlement & Omit<KeptMail, 'entitlement'>)[]>`
    SELECT m."accountId", m."grantId", m."linkKey", m.fingerprint, m.sealed, m."fetchedAt"
    FROM "MailCache" AS m
    WHERE m."accountId" = ${accountId}::uuid AND m."expiresAt" > ${now} AND EXISTS (SELECT FROM ${entitledTo(kept)})`;
  if (!row) return null;
  const { grantId, linkKey, ...rest } = row;
  return { ...rest, entitlement: { accountId, grantId, linkKey } };
}

/** Stores a list; false if the grant or the link has changed since it was fetched. */
export async function keepMail(db: Database, mail: KeptMail & { readonly expiresAt: Date }): Promise<boolean> {
  const { entitlement, ...columns } = mail;
  const { accountId, ...facts } = entitlement;
  const row = { ...facts, ...columns };
  return writeWhileEntitled(db, entitlement, async (tx) => {
    // Not an upsert: two concurrent first lists would conflict on the grant, which is unique as well.
    await tx.mailCache.createMany({ data: [{ accountId, ...row }], skipDuplicates: true });
    await tx.mailCache.updateMany({ where: { accountId }, data: row });
  });
}

/** Deletes the stored mail of a user. */
export async function deleteKeptMail(db: Db, accountId: string): Promise<void> {
  await db.mailCache.deleteMany({ where: { accountId } });
}

export async function deleteExpiredMail(db: Db, now: Date): Promise<void> {
  await deleteUnlocked(db, 'MailCache', Prisma.sql`"expiresAt" <= ${now}`);
}
