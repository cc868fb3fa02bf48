import type { BodyOf, QueryOf } from '@argus/contract/endpoint-map';
import type { AccountLinkView } from '@argus/contract/endpoints/connection/links';
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/api-client.ts';
import { connectionChanged } from '../../../queries/connection-changed.ts';

const linksKey = ['account-links'] as const;

/** One page of アカウント情報. The last page stays visible while another one loads. */
export const accountLinksQuery = (query: QueryOf<'GET /api/admin/account-links'>) =>
  queryOptions({
    queryKey: [...linksKey, query],
    queryFn: ({ signal }) => request('GET /api/admin/account-links', { query, signal }),
    placeholderData: keepPreviousData,
  });

/** The current state of one link on the server; null where it was deleted. */
export const latestLinkQuery = (link: AccountLinkView | undefined) =>
  queryOptions({
    queryKey: [...linksKey, 'latest', link?.id],
    queryFn: async ({ signal }) => {
      const query = { q: link?.username ?? '', pageSize: 200 };
      const { items } = await request('GET /api/admin/account-links', { query, signal });
      return items.find(({ id }) => id === link?.id) ?? null;
    },
  });

/** The link may be the administrator's own. */
export function useRefreshLinks() {
  const queryClient = useQueryClient();
  return () => {
    void queryClient.invalidateQueries({ queryKey: linksKey });
    // A user's page shows the link, too.
    void queryClient.invalidateQueries({ queryKey: ['users'] });
    void connectionChanged(queryClient);
  };
}

export function useCreateAccountLink() {
  return useMutation({
    mutationFn: (body: BodyOf<'POST /api/admin/account-links'>) => request('POST /api/admin/account-links', { body }),
    onSettled: useRefreshLinks(),
  });
}

export function useChangeAccountLink() {
  return useMutation({
    mutationFn: ({ id, body }: { id: string; body: BodyOf<'PUT /api/admin/account-links/:id'> }) =>
      request('PUT /api/admin/account-links/:id', { params: { id }, body }),
    onSettled: useRefreshLinks(),
  });
}

export function useDeleteAccountLink() {
  return useMutation({
    mutationFn: (id: string) => request('DELETE /api/admin/account-links/:id', { params: { id } }),
    onSettled: useRefreshLinks(),
  });
}

/** Deletes one of several links. */
export async function deleteLink(link: AccountLinkView): Promise<AccountLinkView> {
  await request('DELETE /api/admin/account-links/:id', { params: { id: link.id } });
  return link;
}

/** Makes a deleted link anew. An authorization that was made under it fits again. */
export function restoreLink({ username, accountId, microsoftAccount }: AccountLinkView): Promise<AccountLinkView> {
  return request('POST /api/admin/account-links', { body: { username, accountId, microsoftAccount } });
}

/** このアカウントとして認め直す */
export function useAcceptAccount() {
  return useMutation({
    mutationFn: (id: string) => request('DELETE /api/admin/account-links/:id/pinned-identity', { params: { id } }),
    onSettled: useRefreshLinks(),
  });
}

/** 認証の取消 by an administrator. */
export function useRevokeAuthorization() {
  return useMutation({
    mutationFn: (id: string) => request('DELETE /api/admin/account-links/:id/authorization', { params: { id } }),
    onSettled: useRefreshLinks(),
  });
}
