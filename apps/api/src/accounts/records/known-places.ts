import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';
import { deleteUnlocked } from '../../platform/database/delete-unlocked.ts';

/** Where somebody signs in from: a browser, identified by the SHA-256 of its device cookie, or an address block. */
export interface Place {
  readonly kind: 'browser' | 'address';
  readonly key: string;
}

const dayMs = 24 * 3600_000;
/** How long a place stays known without a sign-in from it: the life of the device cookie. */
export const placeLifeMs = 180 * dayMs;
/** Per kind, so that a phone's changing addresses do not displace the browsers. */
const mostOfAKind = 10;

/**
 * Which of the places the account has signed in from, in the given order. Without an account, pass an id that no
 * account has: the query is the same, so its timing does not reveal which accounts exist.
 */
export async function findKnownPlaces(
  db: Db,
  accountId: string,
  places: readonly Place[],
  now: Date,
): Promise<readonly Place[]> {
  const rows = await db.knownPlace.findMany({
    where: { accountId, key: { in: places.map(({ key }) => key) }, usedAt: { gt: usedSince(now) } },
    select: { kind: true, key: true },
  });
  return places.filter(({ kind, key }) => rows.some((row) => row.kind === kind && row.key === key));
}

/**
 * Whether any account has signed in from this browser. Waits for a transaction that is just forgetting it: a cookie
 * that may be stolen must not become known again.
 */
export async function isKnownBrowser(tx: Db, key: string, now: Date): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 AS known FROM "KnownPlace" WHERE "kind" = 'browser' AND "key" = ${key} AND "usedAt" > ${usedSince(now)}
    ORDER BY "accountId" FOR SHARE`;
  return rows.length > 0;
}

/**
 * Stores the places from which an account has just signed in, and drops the least recently used. Nothing is stored
 * where the account was deactivated or got another password meanwhile, which forgets all places.
 */
export async function saveKnownPlaces(
  tx: Db,
  account: { readonly id: string; readonly passwordHash: string | null },
  places: readonly Place[],
  now: Date,
): Promise<void> {
  const { id, passwordHash } = account;
  // The lock waits for a password change in progress, whose outcome decides.
  await tx.$executeRaw`
    INSERT INTO "KnownPlace" ("accountId", "kind", "key", "usedAt")
    SELECT a.id, p.kind, p.key, ${now}
    FROM (SELECT id FROM "Account" WHERE id = ${id}::uuid AND active AND "passwordHash" = ${passwordHash}
          FOR NO KEY UPDATE) AS a
    CROSS JOIN unnest(
      ${places.map(({ kind }) => kind)}::text[], ${places.map(({ key }) => key)}::text[]
    ) AS p (kind, key)
    ON CONFLICT ("accountId", "kind", "key") DO UPDATE SET "usedAt" = EXCLUDED."usedAt"`;
  await tx.$executeRaw`
    DELETE FROM "KnownPlace" WHERE ("accountId", "kind", "key") IN (
      SELECT "accountId", "kind", "key" FROM (
        SELECT *, row_number() OVER (PARTITION BY "kind" ORDER BY "usedAt" DESC, "key") AS n
        FROM "KnownPlace" WHERE "accountId" = ${id}::uuid
      ) AS ranked WHERE n > ${mostOfAKind}::int)`;
}

/**
 * Forgets every place of the accounts that a query selects as `id`, and their browsers for every other account too, so that a copied device
 * cookie becomes worthless.
 */
export function forgetPlaces(accounts: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    WITH own AS (SELECT "accountId", "kind", "key" FROM "KnownPlace" WHERE "accountId" IN (${accounts}))
    DELETE FROM "KnownPlace" AS p USING (
      SELECT * FROM own UNION
      SELECT o."accountId", o."kind", o."key" FROM own JOIN "KnownPlace" AS o ON o."key" = own."key" AND o."kind" = own."kind"
      WHERE own."kind" = 'browser') AS gone
    WHERE p."accountId" = gone."accountId" AND p."kind" = gone."kind" AND p."key" = gone."key"`;
}

export async function deleteUnusedPlaces(db: Db, now: Date): Promise<void> {
  await deleteUnlocked(db, 'KnownPlace', Prisma.sql`"usedAt" <= ${usedSince(now)}`);
}

function usedSince(now: Date): Date {
  return new Date(now.getTime() - placeLifeMs);
}
