import type { BodyOf } from '@argus/contract/endpoint-map';
import type { AuthProviderView, RemoteSiteView } from '@argus/contract/endpoints/connection/setup';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../../lib/api-client.ts';
import { connectionChanged } from '../../../queries/connection-changed.ts';

/** Parts of this key describe each other (usage, coverage), so any change refreshes all of them. */
const setupKey = ['setup'] as const;

export const settingsQuery = queryOptions({
  queryKey: [...setupKey, 'settings'],
  queryFn: ({ signal }) => request('GET /api/admin/settings', { signal }),
});

export const authProvidersQuery = queryOptions({
  queryKey: [...setupKey, 'auth-providers'],
  queryFn: ({ signal }) => request('GET /api/admin/auth-providers', { signal }),
});

export const authProviderQuery = (id: string) =>
  queryOptions({
    queryKey: [...setupKey, 'auth-providers', id],
    queryFn: ({ signal }) => request('GET /api/admin/auth-providers/:id', { params: { id }, signal }),
  });

export const remoteSitesQuery = queryOptions({
  queryKey: [...setupKey, 'remote-sites'],
  queryFn: ({ signal }) => request('GET /api/admin/remote-sites', { signal }),
});

export const remoteSiteQuery = (id: string) =>
  queryOptions({
    queryKey: [...setupKey, 'remote-sites', id],
    queryFn: ({ signal }) => request('GET /api/admin/remote-sites/:id', { params: { id }, signal }),
  });

/** Which origin a URL calls, and whether the remote sites cover it. Nothing is called. */
export const coverageQuery = (field: string, url: string) =>
  queryOptions({
    queryKey: [...setupKey, 'coverage', field, url],
    queryFn: async ({ signal }) => {
      const { coverage } = await request('POST /api/admin/covered-origins', {
        body: { urls: [{ field, url }] },
        signal,
      });
      return coverage[0] ?? null;
    },
    // Somebody may have registered the site in another tab meanwhile.
    staleTime: 0,
  });

/**
 * Who is affected if a remote site goes. Fetched each time, as users authorize meanwhile; but not once the site is
 * gone.
 */
export const siteImpactQuery = (id: string) =>
  queryOptions({
    queryKey: ['site-impact', id],
    queryFn: ({ signal }) => request('GET /api/admin/remote-sites/:id/impact', { params: { id }, signal }),
    staleTime: 0,
    gcTime: 0,
  });

/** Who is affected if an auth. provider goes. */
export const providerImpactQuery = (id: string) =>
  queryOptions({
    queryKey: ['provider-impact', id],
    queryFn: ({ signal }) => request('GET /api/admin/auth-providers/:id/impact', { params: { id }, signal }),
    staleTime: 0,
    gcTime: 0,
  });

/** Long enough for the dialog to show what opening it has just fetched. */
const moveFreshMs = 5_000;

/** The consequences of moving URL to another origin, shown before it is saved. Fetched for each save. */
export const mailUrlMoveQuery = (mailUrl: string) =>
  queryOptions({
    queryKey: ['origin-move', 'settings', mailUrl],
    queryFn: ({ signal }) => request('POST /api/admin/settings/origin-move', { body: { mailUrl }, signal }),
    staleTime: moveFreshMs,
  });

/** The same for a provider's token endpoint. */
export const tokenEndpointMoveQuery = (id: string, tokenEndpointUrl: string) =>
  queryOptions({
    queryKey: ['origin-move', id, tokenEndpointUrl],
    queryFn: ({ signal }) =>
      request('POST /api/admin/auth-providers/:id/origin-move', { params: { id }, body: { tokenEndpointUrl }, signal }),
    staleTime: moveFreshMs,
  });

/** How many errors occurred until then. Counted each time. */
export const eventsUntilQuery = (to: string) =>
  queryOptions({
    queryKey: ['error-events', 'until', to],
    queryFn: ({ signal }) => request('GET /api/admin/error-events', { query: { to, pageSize: 20 }, signal }),
    staleTime: 0,
    gcTime: 0,
  });

/** Stores the API's answer in the cache, and refetches everything else about the setup. */
function useRefreshSetup() {
  const queryClient = useQueryClient();
  return (key: readonly unknown[], record: unknown) => {
    queryClient.setQueryData(key, record);
    return queryClient.invalidateQueries({
      queryKey: setupKey,
      predicate: ({ queryKey }) => JSON.stringify(queryKey) !== JSON.stringify(key),
    });
  };
}

export function useSaveSettings() {
  const refresh = useRefreshSetup();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<'PUT /api/admin/settings'>) => request('PUT /api/admin/settings', { body }),
    onSuccess: (settings) => {
      void refresh(settingsQuery.queryKey, settings);
      void connectionChanged(queryClient);
    },
  });
}

/** Creates a provider, or changes the one named by `id`. */
export function useSaveAuthProvider() {
  const refresh = useRefreshSetup();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (save: SaveAuthProvider): Promise<AuthProviderView> =>
      save.id === undefined
        ? request('POST /api/admin/auth-providers', { body: save.body })
        : request('PUT /api/admin/auth-providers/:id', { params: { id: save.id }, body: save.body }),
    onSuccess: (provider) => {
      void refresh(authProviderQuery(provider.id).queryKey, provider);
      void connectionChanged(queryClient);
    },
  });
}
type SaveAuthProvider =
  | { id?: undefined; body: BodyOf<'POST /api/admin/auth-providers'> }
  | { id: string; body: BodyOf<'PUT /api/admin/auth-providers/:id'> };

/** 保存前に確認 of 基本設定. */
export function useTrySettings() {
  return useMutation({
    mutationFn: (body: BodyOf<'PUT /api/admin/settings'>) => request('POST /api/admin/trials/settings', { body }),
  });
}

/** 保存前に確認 of a provider, as if it were in use. */
export function useTryAuthProvider() {
  return useMutation({
    mutationFn: (save: SaveAuthProvider) =>
      save.id === undefined
        ? request('POST /api/admin/trials/auth-providers', { body: save.body })
        : request('POST /api/admin/trials/auth-providers/:id', { params: { id: save.id }, body: save.body }),
  });
}

export function useDeleteAuthProvider() {
  const forget = useForget();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request('DELETE /api/admin/auth-providers/:id', { params: { id } }),
    onSuccess: (_, id) => {
      forget(authProviderQuery(id).queryKey);
      void connectionChanged(queryClient);
    },
  });
}

/** Registers a site, or changes the one named by `id`. */
export function useSaveRemoteSite() {
  const refresh = useRefreshSetup();
  return useMutation({
    mutationFn: (save: SaveRemoteSite): Promise<RemoteSiteView> =>
      save.id === undefined
        ? request('POST /api/admin/remote-sites', { body: save.body })
        : request('PUT /api/admin/remote-sites/:id', { params: { id: save.id }, body: save.body }),
    onSuccess: (site) => void refresh(remoteSiteQuery(site.id).queryKey, site),
  });
}
type SaveRemoteSite =
  | { id?: undefined; body: BodyOf<'POST /api/admin/remote-sites'> }
  | { id: string; body: BodyOf<'PUT /api/admin/remote-sites/:id'> };

export function useDeleteRemoteSite() {
  const forget = useForget();
  return useMutation({
    mutationFn: (id: string) => request('DELETE /api/admin/remote-sites/:id', { params: { id } }),
    onSuccess: (_, id) => forget(remoteSiteQuery(id).queryKey),
  });
}

/** A deleted record: its page must not fetch it again while being left. */
function useForget() {
  const queryClient = useQueryClient();
  return (key: readonly unknown[]) => {
    void queryClient.invalidateQueries({
      queryKey: setupKey,
      predicate: ({ queryKey }) => JSON.stringify(queryKey) !== JSON.stringify(key),
    });
  };
}
