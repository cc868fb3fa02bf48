import type { QueryOf } from '@argus/contract/endpoint-map';
import type { CsvCheck, CsvEncoding, CsvForm } from '@argus/contract/endpoints/imports/csv-exports';
import { request } from '../lib/api-client.ts';

type LinkQuery = QueryOf<'GET /api/admin/account-links/csv'>;
type UserQuery = QueryOf<'GET /api/admin/users/csv'>;
type EventQuery = QueryOf<'GET /api/admin/error-events/csv'>;

/** Which rows of which table are exported: those that the table shows. */
export type CsvSource =
  | { readonly table: 'account_links'; readonly filter: Pick<LinkQuery, 'q' | 'state'> }
  | { readonly table: 'users'; readonly filter: Pick<UserQuery, 'q' | 'role' | 'active'> }
  | { readonly table: 'error_events'; readonly filter: Omit<EventQuery, 'encoding' | 'timeZone'> };

/** What one click exports. Links alone have more than one form. */
export interface CsvChoice {
  readonly form: CsvForm;
  readonly encoding: CsvEncoding;
}

const paths = {
  account_links: '/api/admin/account-links/csv',
  users: '/api/admin/users/csv',
  error_events: '/api/admin/error-events/csv',
} as const;

/** Whether fewer than all rows are exported. */
export function isFiltered({ filter }: CsvSource): boolean {
  return Object.values(filter).some((value) => value !== undefined && value !== '');
}

/** The address of the file. @param timeZone as Intl names it */
export function csvAddress(source: CsvSource, { form, encoding }: CsvChoice, timeZone: string): string {
  const query = new URLSearchParams(source.table === 'account_links' ? { form, encoding } : { encoding });
  query.set('timeZone', timeZone);
  for (const [name, value] of Object.entries(source.filter)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  return `${paths[source.table]}?${query}`;
}

/** How many characters are listed at most. Who has more needs UTF-8, not a longer list. */
export const missingLimit = 100;

/**
 * Looks part by part for characters that CP932 lacks, until all rows have been looked at or `missingLimit` were found.
 * @returns those that were found; `more` where rows were left
 * @throws as `request` does
 */
export async function findMissingCharacters(
  source: CsvSource,
  form: CsvForm,
  signal: AbortSignal,
  onProgress: (checked: number, total: number) => void,
  check: typeof checkPart = checkPart,
): Promise<{ missing: CsvCheck['missing']; more: boolean }> {
  const missing: CsvCheck['missing'] = [];
  let after: string | undefined;
  let checked = 0;
  for (;;) {
    const part = await check(source, form, { after, checked }, signal);
    missing.push(...part.missing);
    checked = part.checked;
    onProgress(part.checked, part.total);
    const more = part.next !== null || missing.length > missingLimit;
    if (part.next === null || missing.length >= missingLimit) return { missing: missing.slice(0, missingLimit), more };
    after = part.next;
  }
}

function checkPart(
  source: CsvSource,
  form: CsvForm,
  progress: { after: string | undefined; checked: number },
  signal: AbortSignal,
): Promise<CsvCheck> {
  // Nobody looks through a million errors beforehand: what CP932 lacks is said by the reply itself.
  if (source.table === 'error_events') return Promise.resolve({ checked: 0, total: 0, next: null, missing: [] });
  if (source.table === 'users') {
    return request('GET /api/admin/users/csv-check', { query: { ...source.filter, ...progress }, signal });
  }
  return request('GET /api/admin/account-links/csv-check', { query: { ...source.filter, form, ...progress }, signal });
}
