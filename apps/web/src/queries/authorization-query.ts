import { queryOptions } from '@tanstack/react-query';
import { request } from '../lib/api-client.ts';

/** The state of one's own authorization with Microsoft 365. */
export const authorizationQuery = queryOptions({
  queryKey: ['authorization'],
  queryFn: ({ signal }) => request('GET /api/authorization', { signal }),
});
