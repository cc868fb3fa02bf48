import { accountKey } from '@argus/contract/account-key';
import { AppError } from './app-error.ts';
import { hashToken } from './hash-token.ts';
import type { Db } from './records/db.ts';
import { type AttemptLimit, clearThrottle, refundAttempt, takeAttempt } from './records/sign-in-throttles.ts';

const perAccount: AttemptLimit = {
  failures: 5,
  windowSeconds: 15 * 60,
  firstBlockSeconds: 60,
  longestBlockSeconds: 15 * 60,
};
/** An office shares one address: more failures are needed, and a success takes its own attempt back. */
const perAddress: AttemptLimit = { ...perAccount, failures: 30 };

/** An attempt to sign in that was counted beforehand. */
export interface Attempt {
  /** The password was right: the account's failures are forgotten, the address gets this attempt back. */
  succeeded(db: Db): Promise<void>;
}

/**
 * Counts an attempt to sign in, by account and by address, in the database that all instances share.
 * @throws AppError sign_in_throttled with the seconds to wait
 */
export async function beginAttempt(db: Db, username: string, address: string, now: Date): Promise<Attempt> {
  const accountThrottle = accountThrottleKey(username);
  const addressThrottle = `address:${addressBlock(address)}`;
  // The address first: from a blocked one, nobody can block accounts.
  refuseUntil(await takeAttempt(db, addressThrottle, now, perAddress), now);
  const blockedUntil = await takeAttempt(db, accountThrottle, now, perAccount);
  if (blockedUntil) await refundAttempt(db, addressThrottle, perAddress);
  refuseUntil(blockedUntil, now);
  return {
    async succeeded(tx) {
      await clearThrottle(tx, accountThrottle);
      await refundAttempt(tx, addressThrottle, perAddress);
    },
  };
}

/** A use of an invitation link that was counted beforehand. */
export interface InvitationAttempt {
  /** The link works: the address gets this attempt back. */
  found(): Promise<void>;
  /**
   * Counts a password that is about to be hashed for this link.
   * @throws AppError too_many_requests with the seconds to wait
   */
  hashes(): Promise<void>;
  /** The link was taken. */
  succeeded(db: Db): Promise<void>;
}

/**
 * Counts a use of an invitation link by address. Apart from sign-ins: whoever tries old links must be able to sign in.
 * @throws AppError too_many_requests with the seconds to wait
 */
export async function beginInvitationAttempt(
  db: Db,
  tokenHash: string,
  address: string,
  now: Date,
): Promise<InvitationAttempt> {
  const byAddress = `invitation-address:${addressBlock(address)}`;
  const byLink = `invitation:${tokenHash}`;
  refuseUntil(await takeAttempt(db, byAddress, now, perAddress), now, 'too_many_requests');
  return {
    found: () => refundAttempt(db, byAddress, perAddress),
    async hashes() {
      refuseUntil(await takeAttempt(db, byLink, now, perAccount), now, 'too_many_requests');
    },
    succeeded: (tx) => clearThrottle(tx, byLink),
  };
}

/** Forgets the failures of an account. */
export async function forgetFailures(db: Db, username: string): Promise<void> {
  await clearThrottle(db, accountThrottleKey(username));
}

function refuseUntil(
  blockedUntil: Date | undefined,
  now: Date,
  code: 'sign_in_throttled' | 'too_many_requests' = 'sign_in_throttled',
): void {
  if (!blockedUntil) return;
  const seconds = Math.max(1, Math.ceil((blockedUntil.getTime() - now.getTime()) / 1000));
  throw new AppError(code, { retryAfterSeconds: seconds });
}

/** Hashed: people type passwords into the username field. */
function accountThrottleKey(username: string): string {
  return `account:${hashToken(accountKey(username))}`;
}

/** The address as it is counted: an IPv4 address, or the /64 that one IPv6 customer has to itself. */
export function addressBlock(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const bare = address.split('%', 1)[0] ?? '';
  if (!bare.includes(':') || !URL.canParse(`http://[${bare}]`)) return address;
  const [head = '', tail] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
