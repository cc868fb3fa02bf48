import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { ProblemError, request } from '../lib/api-client.ts';

const runsKey = ['doctor-runs'] as const;
const runKey = (id: string) => [...runsKey, 'one', id] as const;
export const latestRunsKey = [...runsKey, 'latest'] as const;

/** A run. Polled while it is active and displayed. */
export const doctorRunQuery = (id: string) =>
  queryOptions({
    queryKey: runKey(id),
    queryFn: ({ signal }) => request('GET /api/admin/doctor-runs/:id', { params: { id }, signal }),
    // A lost connection may recover; what the API refused stays refused.
    refetchInterval: ({ state: { data, error } }) =>
      data?.state === 'running' && !(error instanceof ProblemError) ? 400 : false,
    staleTime: 0,
  });

/** Starts a run for a user, or without one (null); joins an active one. */
export function useStartRun() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (username: string | null) => request('POST /api/admin/doctor-runs', { body: { username } }),
    onSuccess: (run) => {
      queryClient.setQueryData(runKey(run.id), run);
      void queryClient.invalidateQueries({ queryKey: latestRunsKey });
    },
  });
}
