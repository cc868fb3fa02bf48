import { type QueryKey, type UseQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

/** Reloads a record, bypassing the cache. */
export interface LoadLatest {
  readonly load: () => void;
  readonly loading: boolean;
  readonly error: unknown;
}

/** @param onLoaded receives the record as it is now on the server */
export function useLoadLatest<T, Key extends QueryKey>(
  options: Pick<UseQueryOptions<T, Error, T, Key>, 'queryKey' | 'queryFn'>,
  onLoaded: (record: T) => void,
): LoadLatest {
  const queryClient = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => queryClient.fetchQuery({ ...options, staleTime: 0 }),
    onSuccess: onLoaded,
  });
  return { load: () => mutate(), loading: isPending, error };
}
