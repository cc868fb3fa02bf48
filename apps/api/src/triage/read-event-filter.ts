import type { QueryOf } from '@argus/contract/endpoint-map';
import { findErrorId } from '@argus/contract/errors/find-error-id';
import type { ErrorEventFilter } from '../error-log/records/error-events.ts';
import { type FieldError, invalidFields } from '../platform/problems/app-error.ts';

/**
 * The filter of エラーログ; undefined for a text without an error ID in it, which finds nothing rather than everything.
 *
 * @throws request_invalid at a time that is none
 */
export function readEventFilter(query: QueryOf<'GET /api/admin/error-events'>): ErrorEventFilter | undefined {
  const filter = { username: query.username, code: query.code, causeId: query.causeId, ...readSpan(query) };
  if (!query.errorId?.trim()) return filter;
  const errorId = findErrorId(query.errorId);
  return errorId === undefined ? undefined : { ...filter, errorId };
}

/**
 * The time span of a query. Its texts passed the schema, yet not every such text is a time that a database knows.
 *
 * @throws request_invalid at a time that is none
 */
export function readSpan(query: { from?: string; to?: string }): { from: Date | undefined; to: Date | undefined } {
  const faults: FieldError[] = [];
  const read = (field: 'from' | 'to') => {
    const text = query[field];
    if (text === undefined) return undefined;
    const time = new Date(text);
    const year = time.getUTCFullYear();
    // Not a number where it is no time at all.
    if (!(year >= 1 && year <= 9999)) faults.push({ field, code: 'type_wrong' });
    return time;
  };
  const span = { from: read('from'), to: read('to') };
  if (faults.length > 0) throw invalidFields(faults);
  return span;
}
