import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { ProblemError, request } from '../../../lib/api-client.ts';

const selfCheckKey = (id: string) => ['self-check', id] as const;

/** One's own check. Polled while it is active and displayed. */
export const selfCheckQuery = (id: string) =>
  queryOptions({
    queryKey: selfCheckKey(id),
    queryFn: ({ signal }) => request('GET /api/authorization/self-checks/:id', { params: { id }, signal }),
    // A lost connection may recover; what the API refused stays refused.
    refetchInterval: ({ state: { data, error } }) =>
      data?.state === 'running' && !(error instanceof ProblemError) ? 400 : false,
    staleTime: 0,
    refetchOnWindowFocus: ({ state: { data } }) => data?.state === 'running',
  });

/** Starts a check of one's own connection; joins an active one. */
export function useStartSelfCheck() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => request('POST /api/authorization/self-checks'),
    onSuccess: (check) => void queryClient.setQueryData(selfCheckKey(check.id), check),
  });
}
