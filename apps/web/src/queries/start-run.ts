import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../lib/api-client.ts';

const runsKey = ['doctor-runs'] as const;
export const runKey = (id: string) => [...runsKey, 'one', id] as const;
export const latestRunsKey = [...runsKey, 'latest'] as const;

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
