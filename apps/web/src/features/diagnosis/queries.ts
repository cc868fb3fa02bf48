import { queryOptions } from '@tanstack/react-query';
import { ProblemError, request } from '../../lib/api-client.ts';
import { latestRunsKey, runKey } from '../../queries/start-run.ts';

/** A run. Polled while it is active and displayed. */
export const doctorRunQuery = (id: string) =>
  queryOptions({
    queryKey: runKey(id),
    queryFn: ({ signal }) => request('GET /api/admin/doctor-runs/:id', { params: { id }, signal }),
    // A lost connection may recover; what the API refused stays refused.
    refetchInterval: ({ state: { data, error } }) =>
      data?.state === 'running' && !(error instanceof ProblemError) ? 400 : false,
    staleTime: 0,
  });

/** これまでの診断, of everybody or of one user, polled while one is active. */
export const latestRunsQuery = (username: string | undefined) =>
  queryOptions({
    queryKey: [...latestRunsKey, username ?? null],
    queryFn: ({ signal }) => request('GET /api/admin/doctor-runs', { query: { username }, signal }),
    refetchInterval: ({ state: { data, error } }) =>
      data?.items.some(({ state }) => state === 'running') && !(error instanceof ProblemError) ? 2000 : false,
    staleTime: 0,
  });
