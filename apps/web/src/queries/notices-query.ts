import { queryOptions } from '@tanstack/react-query';
import { request } from '../lib/api-client.ts';

/** What needs an administrator, asked for again every five minutes and when the window gets the focus. It calls no one but Argus. */
export const noticesQuery = queryOptions({
  queryKey: ['notices'],
  queryFn: ({ signal }) => request('GET /api/admin/notices', { signal }),
  staleTime: 60_000,
  refetchInterval: 300_000,
});
