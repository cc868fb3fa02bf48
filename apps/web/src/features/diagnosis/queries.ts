import { queryOptions } from '@tanstack/react-query';
import { ProblemError, request } from '../../lib/api-client.ts';
import { latestRunsKey } from '../../queries/doctor-runs.ts';

/** これまでの診断, of everybody or of one user, polled while one is active. */
export const latestRunsQuery = (username: string | undefined) =>
  queryOptions({
    queryKey: [...latestRunsKey, username ?? null],
    queryFn: ({ signal }) => request('GET /api/admin/doctor-runs', { query: { username }, signal }),
    refetchInterval: ({ state: { data, error } }) =>
      data?.items.some(({ state }) => state === 'running') && !(error instanceof ProblemError) ? 2000 : false,
    staleTime: 0,
  });
