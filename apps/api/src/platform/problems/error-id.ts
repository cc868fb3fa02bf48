import { randomInt } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A new error ID: eight characters of Crockford's base 32 in two groups, such as 7F3K-29QD. */
export function newErrorId(): string {
  let id = '';
  for (let i = 0; i < 8; i++) {
    if (i === 4) id += '-';
    id += alphabet.charAt(randomInt(32));
  }
  return id;
}
