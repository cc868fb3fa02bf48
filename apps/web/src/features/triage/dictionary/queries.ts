import type { QueryOf } from '@argus/contract/endpoint-map';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { request } from '../../../lib/api-client.ts';

/** エラー辞典, best match of a search first. The last list stays visible while another one loads. */
export const catalogueQuery = (query: QueryOf<'GET /api/admin/error-catalogue'>) =>
  queryOptions({
    queryKey: ['error-catalogue', query],
    queryFn: ({ signal }) => request('GET /api/admin/error-catalogue', { query, signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

/** One entry by its code, for the error that it was opened from. */
export const catalogueEntryQuery = (code: string, errorId: string | undefined) =>
  queryOptions({
    queryKey: ['error-catalogue', 'entry', code, errorId ?? null],
    queryFn: ({ signal }) =>
      request('GET /api/admin/error-catalogue/:code', { params: { code }, query: { errorId }, signal }),
    staleTime: 60_000,
  });
