import { type QueryKey, queryOptions } from '@tanstack/react-query';
import { request } from '../lib/api-client.ts';

/**
 * Who is signed in, if anybody. Changed by signing in and out, and refetched when the session turns out to have
 * ended.
 */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => request('GET /api/session', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
});

/** Separates the queries that hold what the signed-in user may see from the one that says who that is. */
export const isNotSession = ({ queryKey }: { readonly queryKey: QueryKey }) => queryKey[0] !== sessionQuery.queryKey[0];
