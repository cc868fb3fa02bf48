import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { ProblemError, request } from '../../lib/api-client.ts';

const runsKey = ['doctor-runs'] as const;
const runKey = (id: string) => [...runsKey, 'one', id] as const;

/** A run. While it is under way, and somebody looks, it is asked for again. */
export const doctorRunQuery = (id: string) =>
  queryOptions({
    queryKey: runKey(id),
    queryFn: ({ signal }) => request('GET /api/admin/doctor-runs/:id', { params: { id }, signal }),
    // A lost connection may come back by itself; what the API refused will not change by asking.
    refetchInterval: ({ state: { data, error } }) =>
      data?.state === 'running' && !(error instanceof ProblemError) ? 400 : false,
    staleTime: 0,
  });

/** これまでの診断, of everybody or of one user, kept current while one is under way. */
export const latestRunsQuery = (username: string | undefined) =>
  queryOptions({
    queryKey: [...runsKey, 'latest', username ?? null],
    queryFn: ({ signal }) => request('GET /api/admin/doctor-runs', { query: { username }, signal }),
    refetchInterval: ({ state: { data, error } }) =>
      data?.items.some(({ state }) => state === 'running') && !(error instanceof ProblemError) ? 2000 : false,
    staleTime: 0,
  });

/** Starts a run for a user, or without one (null); joins the one that is under way. */
export function useStartRun() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (username: string | null) => request('POST /api/admin/doctor-runs', { body: { username } }),
    onSuccess: (run) => {
      queryClient.setQueryData(runKey(run.id), run);
      void queryClient.invalidateQueries({ queryKey: [...runsKey, 'latest'] });
    },
  });
}
