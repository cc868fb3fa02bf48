import type { DoctorRunView, DoctorStepId } from '@argus/contract/endpoints/diagnosis';
import { hasTrait } from '@argus/contract/errors/screen-traits';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { pages } from '../../pages.ts';
import { doctorRunQuery } from '../../queries/doctor-runs.ts';
import { useStandingError } from '../../queries/use-standing-error.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorViewOf } from '../../ui/error-view.tsx';
import { ExactTime } from '../../ui/exact-time.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { QueryPage } from '../../ui/query-page.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { countSteps, groupSteps } from './run-steps.ts';
import { runText } from './run-text.ts';
import { StepRow, stepElementId } from './step-row.tsx';
import { useStart } from './use-start.ts';

/**
 * One run, updated live while active.
 * @param focused whether its heading takes the focus: it was opened from this page, where the focus would otherwise
 * stay behind
 */
export function RunView({ id, focused }: { id: string; focused: boolean }) {
  const query = useQuery(doctorRunQuery(id));
  return (
    <div className="argus-run">
      <QueryPage query={query} skeleton={<SkeletonLines lines={8} />}>
        {(run) => <Run run={run} focused={focused} />}
      </QueryPage>
      <Announcement run={query.data} />
    </div>
  );
}

function Run({ run, focused }: { run: DoctorRunView; focused: boolean }) {
  const words = useText('diagnosis/doctor');
  const title = useRef<HTMLHeadingElement>(null);
  const [past] = useState(run.state !== 'running');
  useEffect(() => {
    // A user who starts a run stays at the button, unless it disappeared with the previous run; the end is announced.
    if (focused && (past || document.activeElement === document.body)) title.current?.focus();
  }, [focused, past]);
  let number = 0;
  return (
    <section className="argus-sheet" aria-labelledby="run-title" data-run-state={run.state}>
      <div className="argus-run__head">
        <div>
          <h2 id="run-title" className="argus-run__title" ref={title} tabIndex={-1}>
            {words.result.title}
          </h2>
          <p>
            <bdi className="argus-data">
              {run.username === null ? words.result.configuration : words.result.of(run.username)}
            </bdi>
          </p>
          <p className="argus-quiet">
            <ExactTime at={run.startedAt} /> · {words.result.startedBy}{' '}
            <bdi className="argus-data">{run.startedBy}</bdi>
          </p>
        </div>
        {run.state === 'running' ? null : <Actions run={run} />}
      </div>
      <div className="argus-sheet__notices">
        <Summary run={run} />
      </div>
      {groupSteps(run.steps).map(({ group, steps }) => (
        <section key={group} className="argus-run__group" aria-labelledby={`group-${group}`}>
          <h3 id={`group-${group}`} className="argus-run__group-title">
            {words.groups[group]}
          </h3>
          <ol className="argus-run__steps">
            {steps.map((step) => {
              number += 1;
              return (
                <StepRow
                  key={step.id}
                  run={run.state}
                  step={step}
                  number={number}
                  opened={run.firstFailure === step.id}
                />
              );
            })}
          </ol>
        </section>
      ))}
      {run.username === null ? null : (
        <p className="argus-event__links argus-run__links">
          <AppLink to={`${pages.errorEvents.path}?${new URLSearchParams({ username: run.username })}`}>
            {words.result.errorLog}
          </AppLink>
          <AppLink to={`${pages.accountLinks.path}?${new URLSearchParams({ q: run.presentUsername ?? run.username })}`}>
            {words.result.openLink}
          </AppLink>
        </p>
      )}
    </section>
  );
}

function Actions({ run }: { run: DoctorRunView }) {
  const words = useText('diagnosis/doctor');
  const language = useLanguage();
  const { start, isPending, error } = useStart();
  const fault = useStandingError(error);
  return (
    <div className="argus-run__actions">
      <Button
        icon="utility:refresh"
        busy={isPending}
        onClick={() => start(run.accountId === null ? null : { accountId: run.accountId })}
      >
        {isPending ? words.start.starting : words.result.again}
      </Button>
      <CopyButton text={runText(run, words, language)} label={words.result.copy} />
      {fault ? <ErrorViewOf error={fault} /> : null}
    </div>
  );
}

/**
 * Whether all that the administrator sets up works, and only the user's own authorization is missing. After a mend that is what there is
 * to find: the user could not authorize before.
 */
function awaitsUser(run: DoctorRunView): boolean {
  const [failure, ...others] = run.steps.filter(({ state }) => state === 'failed');
  if (failure?.id !== 'grant' || others.length > 0 || failure.problem === undefined) return false;
  const isSetUp = run.steps.some(({ id, state }) => id === 'client_secret' && state === 'ok');
  return isSetUp && (failure.problem.retry.kind === 'after_reconnect' || hasTrait('isWithoutGrant', failure.problem));
}

/** The result of the whole run, in a sentence. */
function useSummary(run: DoctorRunView): string {
  const words = useText('diagnosis/doctor');
  const { unchecked } = countSteps(run.steps);
  if (run.state === 'interrupted') return words.result.interrupted;
  if (awaitsUser(run)) return words.result.awaitsUser(run.presentUsername ?? run.username ?? '');
  if (run.firstFailure !== null) return words.result.failedAt(words.steps[run.firstFailure]);
  return unchecked === 0 ? words.result.allOk : words.result.noFailure(unchecked);
}

function Summary({ run }: { run: DoctorRunView }) {
  const words = useText('diagnosis/doctor').result;
  const summary = useSummary(run);
  const { failed, unchecked } = countSteps(run.steps);
  if (run.state === 'running') return <Progress run={run} />;
  if (run.state === 'interrupted') {
    return (
      <ScopedNotification kind="warning">
        <p className="argus-strong">{summary}</p>
        <p>{words.interruptedText}</p>
      </ScopedNotification>
    );
  }
  if (run.firstFailure === null) {
    return (
      <ScopedNotification kind={unchecked === 0 ? 'success' : 'info'}>
        <p>{summary}</p>
      </ScopedNotification>
    );
  }
  const first = run.firstFailure;
  return (
    <ScopedNotification
      kind={awaitsUser(run) ? 'success' : 'warning'}
      actions={<Button onClick={() => goTo(first)}>{awaitsUser(run) ? words.toStep : words.toFailure}</Button>}
    >
      <p className="argus-strong">{summary}</p>
      {failed > 1 ? <p>{words.moreFailures(failed - 1)}</p> : null}
    </ScopedNotification>
  );
}

function goTo(id: DoctorStepId): void {
  const step = document.getElementById(stepElementId(id));
  if (!(step instanceof HTMLDetailsElement)) return;
  step.open = true;
  const line = step.querySelector('summary');
  line?.focus({ preventScroll: true });
  line?.scrollIntoView({ block: 'start' });
}

function Progress({ run }: { run: DoctorRunView }) {
  const words = useText('diagnosis/doctor');
  const { total, done } = countSteps(run.steps);
  const now = run.steps.find(({ state }) => state === 'running');
  return (
    <ProgressBar
      label={words.result.progressLabel}
      done={done}
      total={total}
      detail={
        <>
          {words.result.progress(done, total)} {now ? words.result.now(words.steps[now.id]) : null}
        </>
      }
    />
  );
}

/** Announces to screen readers, without interrupting, that a watched run has ended, and its result. */
function Announcement({ run }: { run: DoctorRunView | undefined }) {
  return (
    <p role="status" className="slds-assistive-text">
      {run ? <Said run={run} /> : null}
    </p>
  );
}

function Said({ run }: { run: DoctorRunView }) {
  const words = useText('diagnosis/doctor').result;
  const summary = useSummary(run);
  const [watched, setWatched] = useState(false);
  useEffect(() => {
    if (run.state === 'running') setWatched(true);
  }, [run.state]);
  if (run.state === 'running') return words.started;
  return watched ? words.ended(summary) : null;
}
