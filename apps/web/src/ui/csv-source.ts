import type { QueryOf } from '@argus/contract/endpoint-map';
import type { CsvCheck, CsvEncoding, CsvForm } from '@argus/contract/endpoints/imports/csv-exports';
import { request } from '../lib/api-client.ts';

type LinkQuery = QueryOf<'GET /api/admin/account-links/csv'>;
type UserQuery = QueryOf<'GET /api/admin/users/csv'>;
type EventQuery = QueryOf<'GET /api/admin/error-events/csv'>;
type AuditQuery = QueryOf<'GET /api/admin/audit-events/csv'>;

/** Which rows of which table to export: those that the table shows. */
export type CsvSource =
  | { readonly table: 'account_links'; readonly filter: Pick<LinkQuery, 'q' | 'state'> }
  | { readonly table: 'users'; readonly filter: Pick<UserQuery, 'q' | 'role' | 'active' | 'todo'> }
  | { readonly table: 'error_events'; readonly filter: Omit<EventQuery, 'encoding' | 'timeZone'> }
  | { readonly table: 'audit_events'; readonly filter: Omit<AuditQuery, 'encoding' | 'timeZone'> };

/** What one click exports. Only links have more than one form. */
export interface CsvChoice {
  readonly form: CsvForm;
  readonly encoding: CsvEncoding;
}

const paths = {
  account_links: '/api/admin/account-links/csv',
  users: '/api/admin/users/csv',
  error_events: '/api/admin/error-events/csv',
  audit_events: '/api/admin/audit-events/csv',
} as const;

/** Whether fewer than all rows are exported. */
export function isFiltered({ filter }: CsvSource): boolean {
  return Object.values(filter).some((value) => value !== undefined && value !== '');
}

/**
 * The address of the file.
 * @param timeZone an Intl name
 */
export function csvAddress(source: CsvSource, { form, encoding }: CsvChoice, timeZone: string): string {
  const query = new URLSearchParams(source.table === 'account_links' ? { form, encoding } : { encoding });
  query.set('timeZone', timeZone);
  for (const [name, value] of Object.entries(source.filter)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  return `${paths[source.table]}?${query}`;
}

/** The maximum number of listed characters. With more, UTF-8 is the remedy, not a longer list. */
export const missingLimit = 100;

/**
 * Searches part by part for characters that CP932 lacks, until all rows are checked or `missingLimit` characters were
 * found.
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
  // Long records are not checked beforehand: the reply itself reports what CP932 lacks.
  if (source.table === 'error_events' || source.table === 'audit_events')
    return Promise.resolve({ checked: 0, total: 0, next: null, missing: [] });
  if (source.table === 'users') {
    return request('GET /api/admin/users/csv-check', { query: { ...source.filter, ...progress }, signal });
  }
  return request('GET /api/admin/account-links/csv-check', { query: { ...source.filter, form, ...progress }, signal });
}
