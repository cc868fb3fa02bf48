import { accountKey } from '@argus/contract/account-key';
import type { Db } from '../platform/database/db.ts';
import { AppError } from '../platform/problems/app-error.ts';
import { hashToken } from '../platform/vault/hash-token.ts';
import { deleteKnownPlacesOf, findKnownPlaces, type Place } from './records/known-places.ts';
import { type AttemptLimit, clearThrottle, refundAttempt, takeAttempt } from './records/sign-in-throttles.ts';
import type { SignInOrigin } from './sign-in-origin.ts';

const perAccount: AttemptLimit = {
  failures: 5,
  windowSeconds: 15 * 60,
  firstBlockSeconds: 60,
  longestBlockSeconds: 15 * 60,
};
/** An office shares one address: more failures are needed, and a success takes its own attempt back. */
const perAddress: AttemptLimit = { ...perAccount, failures: 30 };

/** The id of no account. Asked for in its place, it makes every attempt the same queries. */
const nobody = '00000000-0000-0000-0000-000000000000';

type ThrottleCode = 'sign_in_throttled' | 'too_many_requests';

/** An attempt that was counted beforehand, as a failure. */
export interface Attempt {
  /** The password was right: the failures are forgotten, and shared counters get this attempt back. */
  succeeded(db: Db): Promise<void>;
  /** The attempt could not be judged: it was none. */
  withdraw(): Promise<void>;
}

/**
 * Counts an attempt to sign in, in the database that all instances share: by address, by account, and by account and
 * known place.
 *
 * A place from which the account signed in before passes the account's block, so that the guesses of others lock nobody out.
 * It has a counter of its own with the same limit, and counts for the account as long as that is not blocked. A known
 * browser also passes the block of its address, which it may share with the attacker. Elsewhere nothing changes: who
 * guesses without a known place cannot tell that there are any, nor which accounts exist.
 * @throws AppError sign_in_throttled with the seconds to wait
 */
export async function beginAttempt(
  db: Db,
  who: { readonly username: string; readonly accountId: string | undefined; readonly origin: SignInOrigin },
  now: Date,
): Promise<Attempt> {
  const { username, accountId = nobody, origin } = who;
  const attempt = countedAttempt(db, now, 'sign_in_throttled');
  const byAccount = accountThrottleKey(username, who.accountId);
  // The browser first: it says more than an address, which others share.
  const places = origin.browser ? [origin.browser, origin.address] : [origin.address];
  const [known, ...alsoKnown] = await findKnownPlaces(db, accountId, places, now);

  // The address is checked first: a blocked address cannot block accounts.
  const addressBlockedUntil = await attempt.count(`address:${origin.address.key}`, perAddress);
  if (known?.kind !== 'browser') await attempt.refuseUntil(addressBlockedUntil);
  if (known) {
    await attempt.refuseUntil(await attempt.count(placeThrottleKey(accountId, known), perAccount));
    // Without its cookie, a browser has no second counter at its known address.
    for (const place of alsoKnown) await attempt.count(placeThrottleKey(accountId, place), perAccount);
  }
  const accountBlockedUntil = await attempt.count(byAccount, perAccount);
  if (!known) await attempt.refuseUntil(accountBlockedUntil);
  return {
    withdraw: attempt.withdraw,
    // A block that was passed stays: its end would give the attacker five more guesses for every sign-in of the owner.
    succeeded: (tx) => attempt.settle(tx, [byAccount, ...(known ? [placeThrottleKey(accountId, known)] : [])]),
  };
}

/**
 * Counts an attempt to prove the own password within a session. Each session has a counter of its own: neither guesses of others,
 * who are not signed in, nor those in a session that was taken over keep the owner from it. New sessions ask for the password.
 * @throws AppError sign_in_throttled with the seconds to wait
 */
export async function beginOwnPasswordAttempt(db: Db, sessionId: string, now: Date): Promise<Attempt> {
  const key = `own-password:${hashToken(sessionId)}`;
  const attempt = countedAttempt(db, now, 'sign_in_throttled');
  await attempt.refuseUntil(await attempt.count(key, perAccount));
  return { withdraw: attempt.withdraw, succeeded: (tx) => attempt.settle(tx, [key]) };
}

/** A use of an invitation link that was counted beforehand. */
export interface InvitationAttempt {
  /** The link works: the address gets this attempt back. */
  found(): Promise<void>;
  /**
   * Counts a password that is about to be hashed for this link.
   * @throws AppError too_many_requests with the seconds to wait
   */
  hashes(): Promise<Attempt>;
}

/**
 * Counts a use of an invitation link by address. Apart from sign-ins: whoever tries old links must be able to sign in.
 * @throws AppError too_many_requests with the seconds to wait
 */
export async function beginInvitationAttempt(
  db: Db,
  tokenHash: string,
  origin: SignInOrigin,
  now: Date,
): Promise<InvitationAttempt> {
  const byLink = `invitation:${tokenHash}`;
  const attempt = countedAttempt(db, now, 'too_many_requests');
  await attempt.refuseUntil(await attempt.count(`invitation-address:${origin.address.key}`, perAddress));
  return {
    found: attempt.withdraw,
    async hashes() {
      const hashing = countedAttempt(db, now, 'too_many_requests');
      await hashing.refuseUntil(await hashing.count(byLink, perAccount));
      return { withdraw: hashing.withdraw, succeeded: (tx) => hashing.settle(tx, [byLink]) };
    },
  };
}

/** Runs what judges an attempt. Where it fails, nothing was judged, and the attempt was none. */
export async function judging<T>(attempt: Attempt, judge: () => Promise<T>): Promise<T> {
  try {
    return await judge();
  } catch (error) {
    await attempt.withdraw();
    throw error;
  }
}

/** Forgets the failures of an account, and every place that it is known to sign in from. */
export async function forgetPlacesAndFailures(
  tx: Db,
  account: { readonly id: string; readonly username: string },
): Promise<void> {
  const places = await deleteKnownPlacesOf(tx, account.id);
  const keys = [
    accountThrottleKey(account.username, account.id),
    ...places.map((place) => placeThrottleKey(account.id, place)),
  ];
  for (const key of keys) await clearThrottle(tx, key);
}

/** The counters that one attempt has been counted by. */
function countedAttempt(db: Db, now: Date, code: ThrottleCode) {
  const counted: string[] = [];

  // One statement per counter: two that are locked together could wait for each other.
  async function withdraw(): Promise<void> {
    for (const key of counted.splice(0)) await refundAttempt(db, key);
  }

  return {
    /** Gives the time until which the key is blocked, in which case nothing was counted. */
    async count(key: string, limit: AttemptLimit): Promise<Date | undefined> {
      const blockedUntil = await takeAttempt(db, key, now, limit);
      if (blockedUntil === undefined) counted.push(key);
      return blockedUntil;
    },
    async refuseUntil(blockedUntil: Date | undefined): Promise<void> {
      if (!blockedUntil) return;
      await withdraw();
      const seconds = Math.max(1, Math.ceil((blockedUntil.getTime() - now.getTime()) / 1000));
      throw new AppError(code, { retryAfterSeconds: seconds });
    },
    withdraw,
    /** Forgets all failures of the own keys that counted this attempt; the others get this attempt back. */
    async settle(tx: Db, own: readonly string[]): Promise<void> {
      for (const key of counted.toReversed()) {
        if (own.includes(key)) await clearThrottle(tx, key);
        else await refundAttempt(tx, key);
      }
    },
  };
}

/** A known account by its id, as its name may change; any other name hashed: people type passwords into that field. */
function accountThrottleKey(username: string, accountId: string | undefined): string {
  return accountId === undefined ? `account:${hashToken(accountKey(username))}` : `account:${accountId}`;
}

function placeThrottleKey(accountId: string, { kind, key }: Place): string {
  return `place:${accountId}:${kind}:${key}`;
}
