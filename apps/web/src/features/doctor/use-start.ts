import { useCallback } from 'react';
import { useQueryParams } from '../../lib/query-params.ts';
import { useStartRun } from './queries.ts';

/** Starts a run and shows it: a step in the history, so that back leads to the run before. */
export function useStart() {
  const [, change] = useQueryParams();
  const { mutate, isPending, error, reset } = useStartRun();
  const start = useCallback(
    (username: string | null) =>
      mutate(username, {
        onSuccess: (run) => change({ username: run.username ?? undefined, run: run.id }),
      }),
    [mutate, change],
  );
  return { start, isPending, error, reset };
}
