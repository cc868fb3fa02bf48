import type { NewArrivals } from '@argus/contract/endpoints/mail';
import { hasTrait } from '@argus/contract/errors/screen-traits';
import { queryOptions } from '@tanstack/react-query';
import { ProblemError, request } from '../../lib/api-client.ts';
import { fromProblem, type ShownProblem } from '../../lib/shown-problem.ts';
import { newArrivalsKey } from '../../queries/new-arrivals-key.ts';

/** The list, or that this user may not see one. Faults are errors of the query instead, with the last list kept. */
export type Arrivals =
  | { readonly kind: 'list'; readonly list: NewArrivals; readonly problem: ShownProblem | null }
  | { readonly kind: 'refused'; readonly problem: ShownProblem };

async function fetchArrivals(refresh: boolean, signal: AbortSignal): Promise<Arrivals> {
  try {
    const list = await request('GET /api/new-arrivals', { query: { refresh: refresh || undefined }, signal });
    return { kind: 'list', list, problem: list.problem ? fromProblem(list.problem, Date.now()) : null };
  } catch (error) {
    // The last list may no longer be this user's mail: as the query's data, this replaces it in memory at once.
    if (error instanceof ProblemError && hasTrait('hidesKeptData', error.problem)) {
      return { kind: 'refused', problem: fromProblem(error.problem, error.receivedAt) };
    }
    throw error;
  }
}

/** The new mail. Stored only in this tab's memory, never in browser storage. */
export const newArrivalsQuery = queryOptions({
  queryKey: newArrivalsKey,
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
