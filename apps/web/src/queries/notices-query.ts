import { queryOptions } from '@tanstack/react-query';
import { request } from '../lib/api-client.ts';

/** What needs an administrator's attention, refetched every five minutes, on window focus and with each page. It calls only Argus. */
export const noticesQuery = queryOptions({
  queryKey: ['notices'],
  queryFn: ({ signal }) => request('GET /api/admin/notices', { signal }),
  refetchInterval: 300_000,
});
