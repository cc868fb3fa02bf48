import type { BodyOf, QueryOf } from '@argus/contract/endpoint-map';
import type { UserView } from '@argus/contract/endpoints/users/users';
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../lib/api-client.ts';
import { download } from '../../lib/download.ts';
import { sessionQuery } from '../../queries/session-query.ts';

const usersKey = ['users'] as const;

/** One page of 利用者. The last page stays visible while another one loads. */
export const usersQuery = (query: QueryOf<'GET /api/admin/users'>) =>
  queryOptions({
    queryKey: [...usersKey, query],
    queryFn: ({ signal }) => request('GET /api/admin/users', { query, signal }),
    placeholderData: keepPreviousData,
  });

/** The current state of one user on the server; null where it no longer exists. */
export const latestUserQuery = (user: UserView | undefined) =>
  queryOptions({
    queryKey: [...usersKey, 'latest', user?.id],
    queryFn: async ({ signal }) => {
      const query = { q: user?.username ?? '', pageSize: 200 };
      const { items } = await request('GET /api/admin/users', { query, signal });
      return items.find(({ id }) => id === user?.id) ?? null;
    },
  });

/** アカウント情報 also shows users' names, and the header one's own name and role. */
function useRefreshUsers() {
  const queryClient = useQueryClient();
  return () => {
    void queryClient.invalidateQueries({ queryKey: usersKey });
    void queryClient.invalidateQueries({ queryKey: ['account-links'] });
  };
}

export function useCreateUser() {
  return useMutation({
    mutationFn: (body: BodyOf<'POST /api/admin/users'>) => request('POST /api/admin/users', { body }),
    onSettled: useRefreshUsers(),
  });
}

export function useChangeUser() {
  const refresh = useRefreshUsers();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, body }: { id: string; body: BodyOf<'PUT /api/admin/users/:id'> }) =>
      request('PUT /api/admin/users/:id', { params: { id }, body }),
    onSettled: refresh,
    onSuccess: (user) => {
      if (queryClient.getQueryData(sessionQuery.queryKey)?.user?.id === user.id) {
        void queryClient.invalidateQueries(sessionQuery);
      }
    },
  });
}

export function useSetPassword() {
  return useMutation({
    mutationFn: ({ id, password }: { id: string; password: string }) =>
      request('PUT /api/admin/users/:id/password', { params: { id }, body: { password } }),
    onSettled: useRefreshUsers(),
  });
}

/** For whom links would be issued; fetched each time the dialog opens. */
export const invitationPlanQuery = (query: QueryOf<'GET /api/admin/invitations'>) =>
  queryOptions({
    queryKey: [...usersKey, 'invitations', query],
    queryFn: ({ signal }) => request('GET /api/admin/invitations', { query, signal }),
    staleTime: 0,
    gcTime: 0,
  });

export function useIssueInvitation() {
  return useMutation({
    mutationFn: (id: string) => request('POST /api/admin/users/:id/invitation', { params: { id } }),
    onSettled: useRefreshUsers(),
    gcTime: 0,
  });
}

/** Issues many links into one CSV file; returns their number. */
export function useIssueInvitations() {
  return useMutation({
    mutationFn: async ({ signal, ...body }: BodyOf<'POST /api/admin/invitations'> & { signal: AbortSignal }) => {
      const { lines } = await download('/api/admin/invitations', { method: 'POST', body, signal });
      return { issued: lines - 1 };
    },
    onSettled: useRefreshUsers(),
  });
}
