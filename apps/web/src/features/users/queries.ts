import type { BodyOf, QueryOf } from '@argus/contract/endpoint-map';
import type { UserView } from '@argus/contract/endpoints/users/users';
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { ProblemError, request } from '../../lib/api-client.ts';
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

/** A user and their link. */
export const personQuery = (id: string) =>
  queryOptions({
    queryKey: [...usersKey, 'person', id],
    queryFn: ({ signal }) => request('GET /api/admin/users/:id/overview', { params: { id }, signal }),
  });

/** The current state of one user on the server; null where it no longer exists. */
export const latestUserQuery = (user: UserView | undefined) =>
  queryOptions({
    queryKey: [...usersKey, 'latest', user?.id],
    queryFn: async ({ signal }) => {
      try {
        return (await request('GET /api/admin/users/:id/overview', { params: { id: user?.id ?? '' }, signal })).user;
      } catch (error) {
        if (error instanceof ProblemError && error.problem.code === 'not_found') return null;
        throw error;
      }
    },
  });

/** アカウント情報 also shows users' names, and the header one's own name and role. */
export function useRefreshUsers() {
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

/** Activates or deactivates a user, and returns them as they are then. */
export function setActive(user: UserView, active: boolean): Promise<UserView> {
  const { id, username, displayName, reading, role, salesforceId, version } = user;
  const body = { username, displayName, reading, role, salesforceId, active, version };
  return request('PUT /api/admin/users/:id', { params: { id }, body });
}

/** Deletes a user who was never here, and returns them as they were. */
export async function deleteUser(user: UserView): Promise<UserView> {
  await request('DELETE /api/admin/users/:id', { params: { id: user.id } });
  return user;
}

/** Whether a user may be deleted, as far as the list shows. */
export function isUnused({ hasPassword, lastSignInAt }: UserView): boolean {
  return !hasPassword && lastSignInAt === null;
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
