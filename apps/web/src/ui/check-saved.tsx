import type { DoctorRunView, TrialView } from '@argus/contract/endpoints/diagnosis';
import { useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useCallback, useMemo } from 'react';
import { useText } from '../i18n/text-context.tsx';
import { fromProblem } from '../lib/shown-problem.ts';
import { pages } from '../pages.ts';
import { doctorRunQuery, useStartRun } from '../queries/doctor-runs.ts';
import { AppLink } from './app-link.tsx';
import { ErrorViewOf, MessageLines } from './error-view.tsx';
import { ExactTime } from './exact-time.tsx';
import { ScopedNotification } from './scoped-notification.tsx';

/** In the state of the history entry: unlike the address, no link from elsewhere can set it. */
interface Saved {
  readonly checkedBy?: string;
}

/**
 * Checks the connection after a save that may have broken it, without a user, and shows the result where it was saved:
 * the saved values stay either way. The run is in the history entry, so that the result survives a reload and the way to
 * a page that the save leads to.
 */
export function useCheckAfterSave() {
  const navigate = useNavigate();
  const { mutate, error, reset } = useStartRun();
  const check = useCallback(
    (goOn?: (state: Saved) => void) => {
      const shown =
        goOn ??
        ((state: Saved) =>
          void navigate({ to: '.', search: true, state: state as never, replace: true, resetScroll: false }));
      // A page that the save leads to opens even where the check could not start.
      mutate(null, {
        onSuccess: ({ id }) => shown({ checkedBy: id }),
        onError: () => goOn?.({}),
      });
    },
    [mutate, navigate],
  );
  return { check, error, reset };
}

/** The result of the check after the last save. */
export function CheckSaved({ error }: { error?: unknown }) {
  const { checkedBy } = useLocation().state as Saved;
  if (error) return <ErrorViewOf error={error} />;
  return checkedBy === undefined ? null : <SavedRun key={checkedBy} id={checkedBy} />;
}

function SavedRun({ id }: { id: string }) {
  const words = useText('diagnosis/doctor');
  const { data: run } = useQuery(doctorRunQuery(id));
  // An unknown run is an old link; the check itself is not what the page is about.
  if (!run || run.username !== null) return null;
  const details = <AppLink to={`${pages.diagnosis.path}?run=${encodeURIComponent(id)}`}>{words.saved.details}</AppLink>;
  if (run.state === 'running') return <ScopedNotification kind="info">{words.saved.running}</ScopedNotification>;
  if (run.state === 'interrupted' && run.firstFailure === null) {
    return (
      <ScopedNotification kind="warning" actions={details}>
        <p>
          {words.result.interrupted} <ExactTime at={run.startedAt} />
        </p>
      </ScopedNotification>
    );
  }
  return <Found found={run} at={run.startedAt} told={words.saved} actions={details} />;
}

/** The result of trying a form that is not saved. */
export function TrialResult({ trial }: { trial: TrialView }) {
  const words = useText('diagnosis/doctor');
  return <Found found={trial} at={trial.triedAt} told={words.trial} />;
}

function Found(props: {
  found: Pick<DoctorRunView, 'steps' | 'firstFailure'>;
  at: string;
  told: { readonly well: string; readonly rest: string; readonly failed: (step: string) => string };
  actions?: ReactNode;
}) {
  const { found, at, told, actions } = props;
  const words = useText('diagnosis/doctor');
  const failed = found.steps.find(({ id }) => id === found.firstFailure);
  if (failed) {
    return (
      <ScopedNotification kind="error" actions={actions}>
        <p>
          <strong>{told.failed(words.steps[failed.id])}</strong> <ExactTime at={at} />
        </p>
        {failed.problem ? <Fault problem={failed.problem} /> : null}
      </ScopedNotification>
    );
  }
  const isPart = found.steps.some(({ state }) => state === 'cannot_check' || state === 'not_reached');
  return (
    <ScopedNotification kind="success" actions={actions}>
      <p>
        {told.well} <ExactTime at={at} />
      </p>
      {isPart ? <p>{told.rest}</p> : null}
    </ScopedNotification>
  );
}

/** What failed, and the likeliest reason. */
function Fault({ problem }: { problem: NonNullable<DoctorRunView['steps'][number]['problem']> }) {
  const shown = useMemo(() => fromProblem(problem, Date.parse(problem.occurredAt)), [problem]);
  const [reason] = shown.admin?.causes ?? [];
  return <MessageLines lines={reason ? [reason.condition, reason.remedy] : shown.lines} />;
}
