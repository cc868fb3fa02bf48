import type { Language } from '@argus/contract/language';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/api-client.ts';
import { connectionChanged } from '../../../queries/connection-changed.ts';

const pendingEveryMs = 1_000;

/** The outcome of a callback; once the callback has ended, it never changes. */
export function outcomeQuery(id: string) {
  return queryOptions({
    queryKey: ['authorization-outcome', id],
    queryFn: ({ signal }) => request('GET /api/authorization/outcomes/:id', { params: { id }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchInterval: ({ state }) => (state.data?.result === 'pending' ? pendingEveryMs : false),
  });
}

/** For whom a ticket starts an authorization; for an invalid one, the API answers in this language. */
export const ticketQuery = (ticket: string, language: Language) =>
  queryOptions({
    queryKey: ['authorization-ticket', ticket, language],
    queryFn: ({ signal }) => request('POST /api/authorization/tickets/read', { body: { ticket }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });

/** Starts the flow of a ticket and continues to Microsoft. */
export function useTakeTicket() {
  return useMutation({
    mutationFn: (ticket: string) => request('POST /api/authorization/tickets/take', { body: { ticket } }),
    onSuccess: ({ authorizeUrl }) => location.assign(authorizeUrl),
  });
}

/** 認証の取消 of one's own authorization. The mail leaves this tab's memory at once, and other tabs ask again. */
export function useRevokeAuthorization() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => request('DELETE /api/authorization'),
    onSuccess: () => connectionChanged(queryClient),
  });
}
