import { queryOptions } from '@tanstack/react-query';
import { request } from '../../lib/api-client.ts';

export const embeddingQuery = queryOptions({
  queryKey: ['embedding'],
  queryFn: ({ signal }) => request('GET /api/admin/embedding', { signal }),
});
