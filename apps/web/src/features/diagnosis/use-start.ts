import { useCallback } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { useQueryParams } from '../../lib/query-params.ts';
import { type Diagnosed, useStartRun } from '../../queries/doctor-runs.ts';
import { useToast } from '../../ui/toast-region.tsx';
import { hasBegun } from './run-steps.ts';

/**
 * Starts a run and shows it as a new history entry, so that back leads to the previous run. If one for the same user
 * is active, it shows that one and says so.
 */
export function useStart() {
  const [, change] = useQueryParams();
  const { joined } = useText('diagnosis/doctor').start;
  const toast = useToast();
  const { mutate, isPending, variables, error, reset } = useStartRun();
  const start = useCallback(
    (whom: Diagnosed) =>
      mutate(whom, {
        onSuccess: (run) => {
          if (hasBegun(run)) toast(joined);
          change({ username: run.presentUsername ?? undefined, run: run.id });
        },
      }),
    [mutate, change, toast, joined],
  );
  return { start, isPending, startingFor: variables, error, reset };
}
