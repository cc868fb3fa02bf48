import { accountKey } from '@argus/contract/account-key';
import { hash, verify } from '@node-rs/argon2';
import type { Form } from '../platform/http/read-form.ts';
import { AppError } from '../platform/problems/app-error.ts';

/** OWASP's Argon2id parameters for m = 19 MiB: two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Minimum password length (NIST SP 800-63B asks for 8; there is no second factor here). */
export const shortestPassword = 12;

/** Full-width and half-width spellings of a password are equal, as a Japanese keyboard may produce either. */
function canonicalPassword(password: string): string {
  return password.normalize('NFKC');
}

/**
 * How many passwords a process hashes or verifies at a time. Node computes four at once and queues the rest, so the
 * last waits some 0.2 s; a higher limit would only make everybody wait longer.
 */
export const mostPasswordsAtOnce = 20;
let atOnce = 0;

/** @throws AppError server_busy, regardless of password and account */
async function limited<T>(work: () => Promise<T>): Promise<T> {
  if (atOnce >= mostPasswordsAtOnce) throw new AppError('server_busy');
  atOnce += 1;
  try {
    return await work();
  } finally {
    atOnce -= 1;
  }
}

/**
 * A PHC string of Argon2id.
 * @throws AppError server_busy
 */
export function hashPassword(password: string): Promise<string> {
  return limited(() => hash(canonicalPassword(password), cost));
}

let standIn: Promise<string> | undefined;

/**
 * Whether a password matches the hash. Without a hash it takes as long and returns false, so that timing does not
 * reveal which accounts exist.
 * @throws AppError server_busy
 */
export function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  return limited(async () => {
    standIn ??= hash('a password that nobody has', cost);
    const fits = await verify(passwordHash ?? (await standIn), canonicalPassword(password));
    return fits && passwordHash !== null;
  });
}

/** Validates a new password for the account with this username. */
export function judgePassword(form: Form, field: string, password: string, username: string): string {
  if (canonicalPassword(password).trim() === '') form.refuse(field, 'required');
  else if ([...canonicalPassword(password)].length < shortestPassword) {
    form.refuse(field, 'password_too_short', { min: shortestPassword });
  }
  const name = accountKey(username);
  if (name !== '' && accountKey(password).includes(name)) form.refuse(field, 'password_like_username');
  return password;
}
