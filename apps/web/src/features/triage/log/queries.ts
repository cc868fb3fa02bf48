import type { QueryOf } from '@argus/contract/endpoint-map';
import type { BoardWindow } from '@argus/contract/endpoints/triage/board';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { request } from '../../../lib/api-client.ts';

/** One page of エラーログ, newest first. The last page stays visible while another one loads. */
export const errorEventsQuery = (query: QueryOf<'GET /api/admin/error-events'>) =>
  queryOptions({
    queryKey: ['error-events', query],
    queryFn: ({ signal }) => request('GET /api/admin/error-events', { query, signal }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

/** The triage board, polled while displayed. */
export const errorCausesQuery = (query: QueryOf<'GET /api/admin/error-causes'>) =>
  queryOptions({
    queryKey: ['error-causes', query],
    queryFn: ({ signal }) => request('GET /api/admin/error-causes', { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });

/** One incident, for a link to it that the board does not list. */
export const errorCauseQuery = (id: number, window: BoardWindow) =>
  queryOptions({
    queryKey: ['error-causes', id, window],
    queryFn: ({ signal }) => request('GET /api/admin/error-causes/:id', { params: { id }, query: { window }, signal }),
  });

/** One page of the users affected by an incident. */
export const affectedUsersQuery = (id: number, query: QueryOf<'GET /api/admin/error-causes/:id/users'>) =>
  queryOptions({
    queryKey: ['error-causes', id, 'users', query],
    queryFn: ({ signal }) => request('GET /api/admin/error-causes/:id/users', { params: { id }, query, signal }),
    placeholderData: keepPreviousData,
  });

/** One page of the authorized users without a success. */
export const silentUsersQuery = (query: QueryOf<'GET /api/admin/silent-users'>) =>
  queryOptions({
    queryKey: ['silent-users', query],
    queryFn: ({ signal }) => request('GET /api/admin/silent-users', { query, signal }),
    placeholderData: keepPreviousData,
  });

/** One page of 監査ログ, newest first. */
export const auditEventsQuery = (query: QueryOf<'GET /api/admin/audit-events'>) =>
  queryOptions({
    queryKey: ['audit-events', query],
    queryFn: ({ signal }) => request('GET /api/admin/audit-events', { query, signal }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
