import type { QueryOf } from '@argus/contract/endpoint-map';
import { findErrorId } from '@argus/contract/errors/find-error-id';
import type { ErrorEventFilter } from '../error-log/records/error-events.ts';
import { type FieldError, invalidFields } from '../platform/problems/app-error.ts';

/**
 * The filter of エラーログ; undefined for a text without an error ID, which finds nothing rather than everything.
 *
 * @throws request_invalid for an invalid time
 */
export function readEventFilter(query: QueryOf<'GET /api/admin/error-events'>): ErrorEventFilter | undefined {
  const { username, accountId, code, causeId } = query;
  const filter = { username, accountId, code, causeId, ...readSpan(query) };
  if (!query.errorId?.trim()) return filter;
  const errorId = findErrorId(query.errorId);
  return errorId === undefined ? undefined : { ...filter, errorId };
}

/**
 * The time span of a query. Its texts passed the schema, but some of them are not times that a database accepts.
 *
 * @throws request_invalid for an invalid time
 */
export function readSpan(query: { from?: string; to?: string }): { from: Date | undefined; to: Date | undefined } {
  const faults: FieldError[] = [];
  const read = (field: 'from' | 'to') => {
    const text = query[field];
    if (text === undefined) return undefined;
    const time = new Date(text);
    const year = time.getUTCFullYear();
    // NaN where it is not a time.
    if (!(year >= 1 && year <= 9999)) faults.push({ field, code: 'type_wrong' });
    return time;
  };
  const span = { from: read('from'), to: read('to') };
  if (faults.length > 0) throw invalidFields(faults);
  return span;
}
