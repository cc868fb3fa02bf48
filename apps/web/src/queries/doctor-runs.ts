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

/** Whose connection to diagnose: an account that an error or a run was about, or whoever has a name; null = nobody’s. */
export type Diagnosed = { readonly accountId: string } | string | null;

/** Whom a link of an error names, under the present name. */
export const diagnosedAccountQuery = (id: string) =>
  queryOptions({
    queryKey: ['diagnosed-account', id],
    queryFn: ({ signal }) => request('GET /api/admin/diagnosed-accounts/:id', { params: { id }, signal }),
  });

/** Starts a run for a user, or without one; joins an active one. */
export function useStartRun() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (whom: Diagnosed) =>
      request('POST /api/admin/doctor-runs', {
        body: whom === null || typeof whom === 'string' ? { username: whom } : { username: null, ...whom },
      }),
    onSuccess: (run) => {
      queryClient.setQueryData(runKey(run.id), run);
      void queryClient.invalidateQueries({ queryKey: latestRunsKey });
    },
  });
}
