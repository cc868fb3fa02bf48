import { createHash } from 'node:crypto';

/** The stored form of a random token: enough to recognise it, not enough to use it. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
