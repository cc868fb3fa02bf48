import { queryOptions } from '@tanstack/react-query';
import { request } from '../../../lib/api-client.ts';

/** 概要, refetched every minute while it is shown. It calls only Argus. */
export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => request('GET /api/admin/overview', { signal }),
  staleTime: 0,
  refetchInterval: 60_000,
});
