import { accountKey } from '@argus/contract/account-key';

/** Blanks and invisible marks, as JavaScript and PostgreSQL both read them: each has its own idea of `\s`. */
const unseen =
  '[\\s\\u0085\\u00a0\\u00ad\\u034f\\u061c\\u115f\\u1160\\u1680\\u17b4\\u17b5\\u180b-\\u180e\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0]';
const unseenAnywhere = new RegExp(unseen, 'gu');

/** Two people with this in common have one display name to a reader. */
export function namesakeKey(displayName: string): string {
  return accountKey(displayName).replaceAll(unseenAnywhere, '');
}

/** The same of a column that has the {@link accountKey} of a display name. */
export function namesakeKeyOf(column: string): string {
  return `regexp_replace(${column}, '${unseen}', '', 'g') COLLATE "C"`;
}
