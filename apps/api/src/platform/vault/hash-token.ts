import { hash } from 'node:crypto';

/** The stored form of a random token: enough to recognise it, not enough to use it. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'base64url');
}
