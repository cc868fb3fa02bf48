import type { NewArrivals } from '@argus/contract/endpoints/mail';
import { queryOptions } from '@tanstack/react-query';
import { request } from '../../lib/api-client.ts';
import { dataOrRefused, type Refused } from '../../lib/data-or-refused.ts';
import { fromProblem, type ShownProblem } from '../../lib/shown-problem.ts';
import { microsoftKey } from '../../queries/microsoft-key.ts';

interface List {
  readonly kind: 'list';
  readonly list: NewArrivals;
  /** Why it could not be renewed; the list is then the last good one. */
  readonly problem: ShownProblem | null;
}

/** The list, or that there is none to show. Faults of Argus itself are errors of the query, with the last list kept. */
export type Arrivals = List | Refused;

function fetchArrivals(refresh: boolean, signal: AbortSignal): Promise<Arrivals> {
  return dataOrRefused(async (): Promise<List> => {
    const list = await request('GET /api/new-arrivals', { query: { refresh: refresh || undefined }, signal });
    return { kind: 'list', list, problem: list.problem ? fromProblem(list.problem, Date.now()) : null };
  });
}

/** The new mail. Stored only in this tab's memory, never in browser storage. */
export const newArrivalsQuery = queryOptions({
  queryKey: [...microsoftKey, 'new-arrivals'] as const,
  queryFn: ({ signal }) => fetchArrivals(false, signal),
  gcTime: Number.POSITIVE_INFINITY,
  refetchOnWindowFocus: true,
});

/** 再読み込み: asks Microsoft 365 again instead of using the server's stored list. */
export const refreshedArrivalsQuery = queryOptions({
  ...newArrivalsQuery,
  queryFn: ({ signal }) => fetchArrivals(true, signal),
  staleTime: 0,
});
