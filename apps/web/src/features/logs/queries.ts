import type { QueryOf } from '@argus/contract/endpoint-map';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { request } from '../../lib/api-client.ts';

/** One page of エラーログ, newest first. The last page stays in sight while another one loads. */
export const errorEventsQuery = (query: QueryOf<'GET /api/admin/error-events'>) =>
  queryOptions({
    queryKey: ['error-events', query],
    queryFn: ({ signal }) => request('GET /api/admin/error-events', { query, signal }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

/** One page of 監査ログ, newest first. */
export const auditEventsQuery = (query: QueryOf<'GET /api/admin/audit-events'>) =>
  queryOptions({
    queryKey: ['audit-events', query],
    queryFn: ({ signal }) => request('GET /api/admin/audit-events', { query, signal }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
