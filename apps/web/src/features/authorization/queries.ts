import type { Language } from '@argus/contract/language';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { ProblemError, request } from '../../lib/api-client.ts';
import { connectionChanged } from '../../lib/connection-changed.ts';

/** What a callback ended with; it does not change any more. */
export function outcomeQuery(id: string) {
  return queryOptions({
    queryKey: ['authorization-outcome', id],
    queryFn: ({ signal }) => request('GET /api/authorization/outcomes/:id', { params: { id }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
}

/** For whom a ticket begins an authorization; where it is none, the API says so in this language. */
export const ticketQuery = (ticket: string, language: Language) =>
  queryOptions({
    queryKey: ['authorization-ticket', ticket, language],
    queryFn: ({ signal }) => request('POST /api/authorization/tickets/read', { body: { ticket }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });

/** Begins the flow of a ticket and goes on to Microsoft. */
export function useTakeTicket() {
  return useMutation({
    mutationFn: (ticket: string) => request('POST /api/authorization/tickets/take', { body: { ticket } }),
    onSuccess: ({ authorizeUrl }) => location.assign(authorizeUrl),
  });
}

/** 認証の取消: the own one. The mail leaves this tab's memory at once, and other tabs look again. */
export function useRevokeAuthorization() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => request('DELETE /api/authorization'),
    onSuccess: () => connectionChanged(queryClient),
  });
}

const selfCheckKey = (id: string) => ['self-check', id] as const;

/** One's own check. While it is under way, and somebody looks, it is asked for again. */
export const selfCheckQuery = (id: string) =>
  queryOptions({
    queryKey: selfCheckKey(id),
    queryFn: ({ signal }) => request('GET /api/authorization/self-checks/:id', { params: { id }, signal }),
    // A lost connection may come back by itself; what the API refused will not change by asking.
    refetchInterval: ({ state: { data, error } }) =>
      data?.state === 'running' && !(error instanceof ProblemError) ? 400 : false,
    staleTime: 0,
    refetchOnWindowFocus: ({ state: { data } }) => data?.state === 'running',
  });

/** Starts a check of one's own connection; joins the one that is under way. */
export function useStartSelfCheck() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => request('POST /api/authorization/self-checks'),
    onSuccess: (check) => void queryClient.setQueryData(selfCheckKey(check.id), check),
  });
}
