import { randomBytes } from 'node:crypto';
import { hashToken } from '../../platform/vault/hash-token.ts';

/** How long an outcome is shown. Milliseconds. */
export const outcomeLifeMs = 10 * 60_000;

export function newOutcomeId(): string {
  return randomBytes(16).toString('base64url');
}

/**
 * The secret with which the browser of a flow proves itself when it reads the outcome. Derived from the verifier, so
 * that each load of the callback in this browser gets the same one, even while the first is under way.
 */
export function outcomeSecretOf(verifier: string): string {
  return hashToken(`outcome of ${verifier}`);
}
