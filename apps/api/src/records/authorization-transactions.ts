import type { Db } from './db.ts';

/** One run of the authorization-code flow. */
export interface AuthorizationTransaction {
  readonly stateHash: string;
  readonly accountId: string;
  readonly providerId: string;
  readonly nonce: string;
  readonly display: string;
  readonly expiresAt: Date;
  readonly consumedAt: Date | null;
}

export async function saveTransaction(
  db: Db,
  transaction: Omit<AuthorizationTransaction, 'consumedAt'>,
): Promise<void> {
  await db.authorizationTransaction.create({ data: transaction });
}

export async function findTransaction(db: Db, stateHash: string): Promise<AuthorizationTransaction | null> {
  return db.authorizationTransaction.findUnique({ where: { stateHash } });
}

/** Marks a transaction as used. Exactly one of any number of concurrent callers gets true. */
export async function consumeTransaction(db: Db, stateHash: string, at: Date): Promise<boolean> {
  const { count } = await db.authorizationTransaction.updateMany({
    where: { stateHash, consumedAt: null },
    data: { consumedAt: at },
  });
  return count === 1;
}

export async function saveTicket(
  db: Db,
  ticket: { tokenHash: string; accountId: string; urlSuffix: string; expiresAt: Date },
): Promise<void> {
  await db.authorizationTicket.create({ data: ticket });
}

/** Takes a ticket: it is gone afterwards, and only one of any number of concurrent callers gets it. */
export async function takeTicket(
  db: Db,
  tokenHash: string,
  now: Date,
): Promise<{ accountId: string; urlSuffix: string } | null> {
  const ticket = await db.authorizationTicket.findUnique({ where: { tokenHash } });
  const { count } = await db.authorizationTicket.deleteMany({ where: { tokenHash } });
  return ticket && count === 1 && ticket.expiresAt > now ? ticket : null;
}

/** What a callback ended with. */
export interface AuthorizationOutcome {
  readonly id: string;
  readonly accountId: string | null;
  readonly browserHash: string;
  readonly display: string;
  /** null = authorized. */
  readonly errorId: string | null;
  readonly hint: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export async function saveOutcome(db: Db, outcome: Omit<AuthorizationOutcome, 'createdAt'>): Promise<void> {
  await db.authorizationOutcome.create({ data: outcome });
}

export async function findOutcome(db: Db, id: string, now: Date): Promise<AuthorizationOutcome | null> {
  const outcome = await db.authorizationOutcome.findUnique({ where: { id } });
  return outcome && outcome.expiresAt > now ? outcome : null;
}

/** Deletes transactions, tickets and outcomes whose time is over. */
export async function deleteExpiredAuthorizationRecords(db: Db, now: Date): Promise<void> {
  const where = { expiresAt: { lte: now } };
  // An expired transaction is kept for a day, so that a late callback is told "expired" and not "unknown".
  const dayAgo = new Date(now.getTime() - 24 * 3600_000);
  await db.authorizationTransaction.deleteMany({ where: { expiresAt: { lte: dayAgo } } });
  await db.authorizationTicket.deleteMany({ where });
  await db.authorizationOutcome.deleteMany({ where });
}
