import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../lib/api-client.ts';
import { authorizationQuery } from '../../lib/authorization-query.ts';
import { newArrivalsKey } from '../../lib/new-arrivals-key.ts';
import { authorizationChannel } from '../../lib/tab-channel.ts';

/** What a callback ended with; it does not change any more. */
export function outcomeQuery(id: string) {
  return queryOptions({
    queryKey: ['authorization-outcome', id],
    queryFn: ({ signal }) => request('GET /api/authorization/outcomes/:id', { params: { id }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
}

/** 認証の取消: the own one. The mail leaves this tab's memory at once, and other tabs look again. */
export function useRevokeAuthorization() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => request('DELETE /api/authorization'),
    onSuccess: async () => {
      queryClient.removeQueries({ queryKey: newArrivalsKey });
      authorizationChannel.announce('changed');
      await queryClient.invalidateQueries({ queryKey: authorizationQuery.queryKey });
    },
  });
}
