import { formatQuery } from '../../../lib/query-params.ts';
import { pages } from '../../../pages.ts';

/** What the list was searched for and narrowed to, by the names of the address. */
export interface ListSearch {
  readonly q?: string | undefined;
  readonly area?: string | undefined;
  readonly mender?: string | undefined;
}

const list = pages.errorCatalogue.path;

/** The address of an entry, stable as its code is. What comes after it says from where it was opened, and whose error it is. */
export function entryPath(code: string, from: ListSearch & { readonly username?: string | undefined } = {}): string {
  const { username, q, area, mender } = from;
  return `${list}/${encodeURIComponent(code)}${formatQuery({ username, q, area, mender })}`;
}

/** Back to the list as it was. */
export function listPath({ q, area, mender }: ListSearch): string {
  return `${list}${formatQuery({ q, area, mender })}`;
}
