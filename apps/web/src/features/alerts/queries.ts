import type { BodyOf } from '@argus/contract/endpoint-map';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../lib/api-client.ts';

const alertsKey = ['alert-channels'] as const;

export const alertChannelsQuery = queryOptions({
  queryKey: alertsKey,
  queryFn: ({ signal }) => request('GET /api/admin/alert-channels', { signal }),
});

export const alertChannelQuery = (id: string) =>
  queryOptions({
    queryKey: [...alertsKey, id],
    queryFn: ({ signal }) => request('GET /api/admin/alert-channels/:id', { params: { id }, signal }),
  });

function useRefresh() {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: alertsKey });
}

type AlertForm = BodyOf<'POST /api/admin/alert-channels'>;

/** Adds a destination, or changes the one with this id. */
export function useSaveAlertChannel() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (save: { body: AlertForm } | { id: string; body: AlertForm & { version: number } }) =>
      'id' in save
        ? request('PUT /api/admin/alert-channels/:id', { params: { id: save.id }, body: save.body })
        : request('POST /api/admin/alert-channels', { body: save.body }),
    onSuccess: () => void refresh(),
  });
}

export function useDeleteAlertChannel() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (id: string) => request('DELETE /api/admin/alert-channels/:id', { params: { id } }),
    onSuccess: () => void refresh(),
  });
}

/** Its outcome is stored either way, so the list is asked anew also where it failed. */
export function useTestAlertChannel() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (id: string) => request('POST /api/admin/alert-channels/:id/test', { params: { id } }),
    onSettled: () => void refresh(),
  });
}
