import { queryOptions } from '@tanstack/react-query';
import { request } from '../lib/api-client.ts';

/** What needs an administrator's attention, refetched every five minutes and on window focus. It calls only Argus. */
export const noticesQuery = queryOptions({
  queryKey: ['notices'],
  queryFn: ({ signal }) => request('GET /api/admin/notices', { signal }),
  staleTime: 60_000,
  refetchInterval: 300_000,
});
