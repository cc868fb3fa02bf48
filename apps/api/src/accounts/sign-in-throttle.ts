import { accountKey } from '@argus/contract/account-key';
import type { Db } from '../platform/database/db.ts';
import { AppError } from '../platform/problems/app-error.ts';
import { hashToken } from '../platform/vault/hash-token.ts';
import { findKnownPlaces, type Place } from './records/known-places.ts';
import {
  type AttemptLimit,
  clearThrottle,
  refundAttempt,
  takeAttempt,
  throttleKeys,
} from './records/sign-in-throttles.ts';
import type { SignInOrigin } from './sign-in-origin.ts';

const perAccount: AttemptLimit = {
  failures: 5,
  windowSeconds: 15 * 60,
  firstBlockSeconds: 60,
  longestBlockSeconds: 15 * 60,
};
/** An office shares one address, so the limit is higher, and a success refunds its own attempt. */
const perAddress: AttemptLimit = { ...perAccount, failures: 30 };
const daySeconds = 24 * 3600;
/** From any blocked address, for each account: whoever knows the password needs no second guess. */
const spareGuess: AttemptLimit = {
  failures: 1,
  windowSeconds: daySeconds,
  firstBlockSeconds: daySeconds,
  longestBlockSeconds: daySeconds,
};

/** An id that no account has. Queried in place of an unknown one, it makes every attempt run the same queries. */
const nobody = '00000000-0000-0000-0000-000000000000';

type ThrottleCode = 'sign_in_throttled' | 'too_many_requests';

/** An attempt, counted as a failure before it is made. */
export interface CountedAttempt {
  /** The password was right: failures are cleared, and shared counters refund this attempt. */
  succeeded(db: Db): Promise<void>;
  /** The attempt could not be judged, so it does not count. */
  withdraw(): Promise<void>;
}

/** An attempt to sign in. */
export interface Attempt extends CountedAttempt {
  /** What a wrong password is answered with. */
  readonly refusal: AppError;
}

/**
 * Counts a sign-in attempt in the database that all instances share: by address, by account, and by account and known
 * place.
 *
 * A place from which the account signed in before bypasses the account's block, so that other people's guesses cannot
 * lock the owner out. It has its own counter with the same limit, and also counts for the account until that is
 * blocked. A known browser bypasses the block of its address too, which it may share with the attacker.
 *
 * At a blocked address, each account that can sign in has one guess a day left, whatever the address: a company behind
 * one address can still sign in while somebody there guesses, and nobody gets more than one guess more. A wrong one is
 * answered as if it had not been checked, and a name without an account stores nothing. Nothing else changes: a guesser
 * without a known place cannot tell whether any exist, nor which accounts exist.
 * @throws AppError sign_in_throttled with the seconds to wait
 */
export async function beginAttempt(
  db: Db,
  who: {
    readonly username: string;
    readonly accountId: string | undefined;
    /** Whether any password could be right. */
    readonly canSignIn: boolean;
    readonly origin: SignInOrigin;
  },
  now: Date,
): Promise<Attempt> {
  const { username, accountId = nobody, canSignIn, origin } = who;
  const attempt = countedAttempt(db, now, 'sign_in_throttled');
  const byAccount = accountThrottleKey(username, who.accountId);
  // The browser first: it is stronger evidence than an address, which others share.
  const places = origin.browser ? [origin.browser, origin.address] : [origin.address];
  const [known, ...alsoKnown] = await findKnownPlaces(db, accountId, places, now);

  // The address is checked first: a blocked address cannot block accounts.
  const addressBlockedUntil = await attempt.count(`address:${origin.address.key}`, perAddress);
  const bySpare = throttleKeys.spare(accountId);
  const usesSpare = addressBlockedUntil !== undefined && known?.kind !== 'browser';
  let refusal = new AppError('sign_in_failed');
  if (usesSpare) {
    const isSpent = !canSignIn || (await attempt.count(bySpare, spareGuess)) !== undefined;
    if (isSpent) await attempt.refuseUntil(addressBlockedUntil);
    refusal = attempt.refusedUntil(addressBlockedUntil);
  }
  // Whoever needs the spare guess is always told the address's own end: another time would tell that the account exists.
  const refuseUntil = (blockedUntil: Date | undefined) =>
    attempt.refuseUntil(blockedUntil && usesSpare ? addressBlockedUntil : blockedUntil);
  if (known) {
    await refuseUntil(await attempt.count(placeThrottleKey(accountId, known), perAccount));
    // Otherwise deleting its cookie would give a browser a second counter at its known address.
    for (const place of alsoKnown) await attempt.count(placeThrottleKey(accountId, place), perAccount);
  }
  const accountBlockedUntil = await attempt.count(byAccount, perAccount);
  if (!known || usesSpare) await refuseUntil(accountBlockedUntil);
  return {
    refusal,
    withdraw: attempt.withdraw,
    // A bypassed block stays: lifting it would give the attacker five more guesses for each sign-in of the owner.
    succeeded: (tx) => attempt.settle(tx, [byAccount, bySpare, ...(known ? [placeThrottleKey(accountId, known)] : [])]),
  };
}

/**
 * Counts an attempt to prove one's own password within a session. Each session has its own counter: neither guesses
 * by people who are not signed in, nor guesses in a hijacked session, lock the owner out. A new session asks for the
 * password anyway.
 * @throws AppError sign_in_throttled with the seconds to wait
 */
export async function beginOwnPasswordAttempt(db: Db, sessionId: string, now: Date): Promise<CountedAttempt> {
  const key = `own-password:${hashToken(sessionId)}`;
  const attempt = countedAttempt(db, now, 'sign_in_throttled');
  await attempt.refuseUntil(await attempt.count(key, perAccount));
  return {
    withdraw: attempt.withdraw,
    succeeded: (tx) => attempt.settle(tx, [key]),
  };
}

/**
 * Counts a link that invites nobody, by address. Sign-ins are counted separately: someone who tries old links must
 * still be able to sign in. A link that works is never refused, whatever others do at its address: nobody guesses its
 * 256 bits.
 * @throws AppError too_many_requests with the seconds to wait
 */
export async function countUselessInvitation(db: Db, origin: SignInOrigin, now: Date): Promise<void> {
  const attempt = countedAttempt(db, now, 'too_many_requests');
  await attempt.refuseUntil(await attempt.count(`invitation-address:${origin.address.key}`, perAddress));
}

/**
 * Counts a password that is about to be hashed for an invitation link.
 * @throws AppError too_many_requests with the seconds to wait
 */
export async function beginInvitationAttempt(db: Db, tokenHash: string, now: Date): Promise<CountedAttempt> {
  const byLink = `invitation:${tokenHash}`;
  const attempt = countedAttempt(db, now, 'too_many_requests');
  await attempt.refuseUntil(await attempt.count(byLink, perAccount));
  return { withdraw: attempt.withdraw, succeeded: (tx) => attempt.settle(tx, [byLink]) };
}

/**
 * Runs the judgement of an attempt, or what follows a right password. If it throws, no password was found wrong, and the attempt is
 * withdrawn.
 */
export async function judging<T>(attempt: CountedAttempt, judge: () => Promise<T>): Promise<T> {
  try {
    return await judge();
  } catch (error) {
    await attempt.withdraw();
    throw error;
  }
}

/** The counters that have counted one attempt. */
function countedAttempt(db: Db, now: Date, code: ThrottleCode) {
  const counted: string[] = [];

  // One statement per counter: locking two at once could deadlock.
  async function withdraw(): Promise<void> {
    for (const key of counted.splice(0)) await refundAttempt(db, key);
  }

  function refusedUntil(blockedUntil: Date): AppError {
    const seconds = Math.max(1, Math.ceil((blockedUntil.getTime() - now.getTime()) / 1000));
    return new AppError(code, { retryAfterSeconds: seconds });
  }

  return {
    /** Returns until when the key is blocked; a blocked key counts nothing. */
    async count(key: string, limit: AttemptLimit): Promise<Date | undefined> {
      const blockedUntil = await takeAttempt(db, key, now, limit);
      if (blockedUntil === undefined) counted.push(key);
      return blockedUntil;
    },
    async refuseUntil(blockedUntil: Date | undefined): Promise<void> {
      if (!blockedUntil) return;
      await withdraw();
      throw refusedUntil(blockedUntil);
    },
    refusedUntil,
    withdraw,
    /** Clears all failures of the caller's own keys that counted this attempt; the other keys are refunded it. */
    async settle(tx: Db, own: readonly string[]): Promise<void> {
      for (const key of counted.toReversed()) {
        if (own.includes(key)) await clearThrottle(tx, key);
        else await refundAttempt(tx, key);
      }
    },
  };
}

/**
 * A known account by its id, as its name may change; any other name hashed, as people type passwords into that field.
 */
function accountThrottleKey(username: string, accountId: string | undefined): string {
  return accountId === undefined ? `account:${hashToken(accountKey(username))}` : throttleKeys.account(accountId);
}

function placeThrottleKey(accountId: string, { kind, key }: Place): string {
  return throttleKeys.place(accountId, kind, key);
}
