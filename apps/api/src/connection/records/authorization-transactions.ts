import type { ErrorCode } from '@argus/contract/errors/error-catalogue';
import { holdAccount } from '../../accounts/records/accounts.ts';
import { storableText } from '../../error-log/records/error-cause-key.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Db } from '../../platform/database/db.ts';
import { deleteUnlocked } from '../../platform/database/delete-unlocked.ts';
import type { ErrorParams } from '../../platform/problems/app-error.ts';
import { type AccountLink, lockLinkOf } from './account-links.ts';

/** How many flows, tickets and outcomes are stored per account: enough for a few tabs. One more replaces the oldest. */
const mostPerAccount = 5;

/** One run of the authorization-code flow. */
export interface AuthorizationTransaction {
  readonly stateHash: string;
  readonly accountId: string;
  readonly providerId: string;
  readonly nonce: string;
  readonly display: string;
  /** The id of its outcome, known from the start. */
  readonly outcomeId: string;
  /** Hash of the secret with which its browser reads the outcome. */
  readonly browserHash: string;
  readonly expiresAt: Date;
  readonly consumedAt: Date | null;
}

/**
 * Stores a new flow. The caller must hold the right that the flow starts by, or whatever ends that right would miss
 * it.
 */
export async function saveTransaction(
  db: Db,
  transaction: Omit<AuthorizationTransaction, 'consumedAt'> & { readonly createdAt: Date },
): Promise<void> {
  await db.authorizationTransaction.create({ data: transaction });
  // Those that have come back are counted separately: flows that start meanwhile must not end one that is about to
  // store its tokens.
  await db.$executeRaw`
    DELETE FROM "AuthorizationTransaction" WHERE "stateHash" IN (
      SELECT "stateHash" FROM (
        SELECT "stateHash", row_number() OVER (PARTITION BY "consumedAt" IS NULL ORDER BY "createdAt" DESC, "stateHash") AS place
        FROM "AuthorizationTransaction" WHERE "accountId" = ${transaction.accountId}::uuid
      ) AS flows WHERE place > ${mostPerAccount})`;
}

/**
 * Holds a flow that is about to store its outcome; false where it was ended meanwhile, along with the user's access.
 * Anything that ends it later waits for this transaction.
 * @param judgedSo whether a link still leads to the same judgement of the account that signed in
 */
export async function holdTransaction(
  tx: Db,
  { accountId, stateHash, providerId }: Pick<AuthorizationTransaction, 'accountId' | 'stateHash' | 'providerId'>,
  judgedSo: (link: AccountLink) => boolean,
): Promise<boolean> {
  const account = await holdAccount(tx, accountId);
  const link = await lockLinkOf(tx, accountId);
  // A grant refers to the provider. Locking it later could deadlock with a transaction that changes the suffix and
  // ends flows.
  await tx.$queryRaw`SELECT 1 FROM "AuthProvider" WHERE id = ${providerId}::uuid FOR KEY SHARE`;
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 AS holds FROM "AuthorizationTransaction" WHERE "stateHash" = ${stateHash} FOR NO KEY UPDATE`;
  return account?.active === true && link !== null && judgedSo(link) && rows.length > 0;
}

/** Notes in the storing transaction which grant or mismatch the flow stored, for a retry after a lost COMMIT. */
export async function noteStoredEnd(
  tx: Db,
  { stateHash }: Pick<AuthorizationTransaction, 'stateHash'>,
  endId: string,
): Promise<void> {
  await tx.authorizationTransaction.updateMany({ where: { stateHash }, data: { storedEndId: endId } });
}

/** Whether the flow has stored this grant or mismatch, also where it was replaced or revoked since. */
export async function hasStoredEnd(
  db: Db,
  { stateHash }: Pick<AuthorizationTransaction, 'stateHash'>,
  endId: string,
): Promise<boolean> {
  const isNoted = await db.authorizationTransaction.count({ where: { stateHash, storedEndId: endId } });
  return isNoted > 0 || (await db.grant.count({ where: { id: endId } })) > 0;
}

/** Ends every flow at one provider, or at all: their outcome would no longer match what their users agreed to. */
export async function endAllFlows(tx: Db, providerId?: string): Promise<void> {
  await tx.authorizationTransaction.deleteMany({ where: providerId === undefined ? {} : { providerId } });
}

export async function findTransaction(db: Db, stateHash: string): Promise<AuthorizationTransaction | null> {
  return db.authorizationTransaction.findUnique({ where: { stateHash } });
}

/** Whether any of these flows has started and not come back yet. */
export async function hasOpenTransaction(db: Db, stateHashes: readonly string[]): Promise<boolean> {
  if (stateHashes.length === 0) return false;
  const where = { stateHash: { in: [...stateHashes] }, consumedAt: null };
  return (await db.authorizationTransaction.findFirst({ where, select: { stateHash: true } })) !== null;
}

/** Marks a transaction as used. Exactly one of any number of concurrent callers gets true. */
export async function consumeTransaction(db: Db, stateHash: string, at: Date): Promise<boolean> {
  const { count } = await db.authorizationTransaction.updateMany({
    where: { stateHash, consumedAt: null },
    data: { consumedAt: at },
  });
  return count === 1;
}

/** A callback takes two minutes at most. One that has not ended after this never will: its process died. Milliseconds. */
const callbackLifeMs = 150_000;

/** A flow or ticket that is to end in an outcome and can still do so: it has not come back, or is just being ended. */
export interface OpenEnd {
  readonly accountId: string;
  readonly display: string;
  /** Null for a ticket: no browser has started its flow. */
  readonly browserHash: string | null;
}

export async function findOpenEnd(db: Db, outcomeId: string, now: Date): Promise<OpenEnd | null> {
  const flow = await db.authorizationTransaction.findUnique({ where: { outcomeId } });
  if (flow) {
    const until = flow.consumedAt === null ? flow.expiresAt.getTime() : flow.consumedAt.getTime() + callbackLifeMs;
    return until > now.getTime() ? flow : null;
  }
  const ticket = await db.authorizationTicket.findUnique({ where: { outcomeId } });
  return ticket && ticket.expiresAt > now ? { accountId: ticket.accountId, display: 'popup', browserHash: null } : null;
}

/** Stores a ticket. The caller must hold the right that it starts by, as for a flow. */
export async function saveTicket(
  db: Db,
  ticket: {
    readonly tokenHash: string;
    readonly accountId: string;
    readonly urlSuffix: string;
    readonly outcomeId: string;
    readonly createdAt: Date;
    readonly expiresAt: Date;
  },
): Promise<void> {
  await db.authorizationTicket.create({ data: ticket });
  await db.$executeRaw`
    DELETE FROM "AuthorizationTicket" WHERE "accountId" = ${ticket.accountId}::uuid AND "tokenHash" NOT IN (
      SELECT "tokenHash" FROM "AuthorizationTicket" WHERE "accountId" = ${ticket.accountId}::uuid
      ORDER BY "createdAt" DESC, "tokenHash" LIMIT ${mostPerAccount})`;
}

/** A ticket to start a flow: for whom, and at which provider. */
export interface AuthorizationTicket {
  readonly tokenHash: string;
  readonly account: { readonly id: string; readonly username: string; readonly displayName: string };
  readonly urlSuffix: string;
  /** The id of the outcome that its flow will have: the embedding page waits for it. */
  readonly outcomeId: string;
}

/** A ticket that can still be taken, of an active account. */
export async function findTicket(db: Db, tokenHash: string, now: Date): Promise<AuthorizationTicket | null> {
  const found = await db.authorizationTicket.findFirst({
    where: { tokenHash, expiresAt: { gt: now }, account: { active: true } },
    include: { account: { select: { id: true, username: true, displayName: true } } },
  });
  return found;
}

/** Takes a ticket: it is deleted, and only one of any number of concurrent callers gets it. */
export async function takeTicket(db: Db, { tokenHash }: AuthorizationTicket): Promise<boolean> {
  const { count } = await db.authorizationTicket.deleteMany({ where: { tokenHash } });
  return count === 1;
}

/** The outcome of a kick-off or callback. */
export interface AuthorizationOutcome {
  readonly id: string;
  readonly accountId: string | null;
  readonly browserHash: string;
  readonly display: string;
  readonly result: 'authorized' | 'failed';
  /** The error; null = authorized. */
  readonly failure: { readonly code: string; readonly params: ErrorParams } | null;
  /** The failure's id in the error log; null where it is not logged. */
  readonly errorId: string | null;
  readonly hint: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export type NewOutcome = Omit<AuthorizationOutcome, 'failure'> & {
  readonly failure: { readonly code: ErrorCode; readonly params: ErrorParams } | null;
};

export async function saveOutcome(db: Db, { failure, ...outcome }: NewOutcome): Promise<void> {
  const { code = null, params = null } = failure ?? {};
  const data = { ...outcome, code, ...(params === null ? {} : { params: storableJson(params) }) };
  // Safe to repeat after a connection was cut behind the write.
  await db.authorizationOutcome.createMany({ data: [data], skipDuplicates: true });
  const { accountId } = outcome;
  if (accountId === null) return;
  await db.$executeRaw`
    DELETE FROM "AuthorizationOutcome" WHERE "accountId" = ${accountId}::uuid AND id NOT IN (
      SELECT id FROM "AuthorizationOutcome" WHERE "accountId" = ${accountId}::uuid
      ORDER BY "createdAt" DESC, id LIMIT ${mostPerAccount})`;
}

/** Parameters without characters that the database cannot store: a remote server wrote some of them. */
function storableJson(params: ErrorParams): Prisma.InputJsonObject {
  const text = JSON.stringify(params, (_key, value: unknown) =>
    typeof value === 'string' ? storableText(value) : value,
  );
  return JSON.parse(text) as Prisma.InputJsonObject;
}

export async function findOutcome(db: Db, id: string, now: Date): Promise<AuthorizationOutcome | null> {
  const row = await db.authorizationOutcome.findUnique({ where: { id } });
  if (!row || row.expiresAt <= now) return null;
  const { code, params, result, ...outcome } = row;
  return {
    ...outcome,
    result: result === 'authorized' ? 'authorized' : 'failed',
    failure: code === null ? null : { code, params: (params ?? {}) as ErrorParams },
  };
}

/** Deletes expired transactions, tickets and outcomes. */
export async function deleteExpiredAuthorizationRecords(db: Db, now: Date): Promise<void> {
  // An expired transaction stays for a day, so that a late callback gets "expired" instead of "unknown".
  const dayAgo = new Date(now.getTime() - 24 * 3600_000);
  await deleteUnlocked(db, 'AuthorizationTransaction', Prisma.sql`"expiresAt" <= ${dayAgo}`);
  await deleteUnlocked(db, 'AuthorizationTicket', Prisma.sql`"expiresAt" <= ${now}`);
  await deleteUnlocked(db, 'AuthorizationOutcome', Prisma.sql`"expiresAt" <= ${now}`);
}
