import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { request } from '../lib/api-client.ts';

/** Portal accounts to choose from while a name or username is typed. */
export const accountSuggestionsQuery = (q: string) =>
  queryOptions({
    queryKey: ['account-suggestions', q],
    queryFn: async ({ signal }) => {
      const { items } = await request('GET /api/admin/users', { query: { q, active: true, pageSize: 10 }, signal });
      return items.map(({ username, displayName }) => ({ value: username, label: displayName }));
    },
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
