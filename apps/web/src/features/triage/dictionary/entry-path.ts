import { formatQuery } from '../../../lib/query-text.ts';
import { pages } from '../../../pages.ts';

/** The search and filters of the list, by their names in the address. */
export interface ListSearch {
  readonly q?: string | undefined;
  readonly area?: string | undefined;
  readonly mender?: string | undefined;
}

const list = pages.errorCatalogue.path;

/**
 * The permanent address of an entry, as codes are permanent. Its query says where it was opened from, and by which
 * error.
 */
export function entryPath(code: string, from: ListSearch & { readonly errorId?: string | undefined } = {}): string {
  const { errorId, q, area, mender } = from;
  return `${list}/${encodeURIComponent(code)}${formatQuery({ errorId, q, area, mender })}`;
}

/** Back to the list as it was. */
export function listPath({ q, area, mender }: ListSearch): string {
  return `${list}${formatQuery({ q, area, mender })}`;
}
