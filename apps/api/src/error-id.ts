import { randomInt } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A new error ID: eight characters of Crockford's base 32 in two groups, as in 7F3K-29QD. */
export function newErrorId(): string {
  let id = '';
  for (let i = 0; i < 8; i++) {
    if (i === 4) id += '-';
    id += alphabet.charAt(randomInt(32));
  }
  return id;
}

/**
 * The first error ID in a text that a user typed or pasted, or undefined. Case, and the letters that Crockford's alphabet
 * takes for digits (O, I, L), are forgiven.
 */
export function findErrorId(text: string): string | undefined {
  for (const match of text
    .normalize('NFKC')
    .toUpperCase()
    .matchAll(/(?<![0-9A-Z])([0-9A-Z]{4})[-‐–−]?([0-9A-Z]{4})(?![0-9A-Z])/g)) {
    const id = `${match[1]}-${match[2]}`.replaceAll('O', '0').replaceAll(/[IL]/g, '1');
    if (/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/.test(id) && /\d/.test(id)) return id;
  }
  return undefined;
}
