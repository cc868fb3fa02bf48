import type { DoctorRunView, DoctorStep } from '@argus/contract/endpoints/diagnosis';
import { type ReactNode, useMemo } from 'react';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { formatClock } from '../../lib/format-time.ts';
import { fromProblem } from '../../lib/shown-problem.ts';
import { AdminDetails } from '../../ui/admin-details.tsx';
import { CheckIcon } from '../../ui/check-state.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { MessageLines } from '../../ui/error-view.tsx';
import { ExactTime } from '../../ui/exact-time.tsx';
import { Icon } from '../../ui/icon.tsx';
import { shownState } from './run-steps.ts';
import { factText, isMoment, latencyText, stateText } from './run-text.ts';

/** The id of a step's element, the target of the summary's link. */
export const stepElementId = (id: string) => `step-${id}`;

/** One step: its state as an icon and a word, its duration, and folded below it what it found. */
export function StepRow(props: { run: DoctorRunView['state']; step: DoctorStep; number: number; opened: boolean }) {
  const { run, step, number, opened } = props;
  const words = useText('diagnosis/doctor');
  const language = useLanguage();
  const state = shownState(run, step.state);
  const known = step.state !== 'waiting' && step.state !== 'running';
  return (
    <li className="argus-step-row" data-step={step.id} data-state={state}>
      <details id={stepElementId(step.id)} className="argus-step-row__fold" open={opened}>
        <summary className="argus-step-row__line">
          <CheckIcon state={state} />
          <span className="argus-step-row__name">
            {number}. {words.steps[step.id]}
          </span>
          <span className="argus-step-row__state">{stateText(run, step, words)}</span>
          <span className="argus-step-row__latency">
            {step.latencyMs === null ? null : (
              <>
                <span className="slds-assistive-text">{words.result.latency} </span>
                {latencyText(step.latencyMs, words, language)}
              </>
            )}
          </span>
          <span className="argus-step-row__sign">
            <Icon name="utility:chevrondown" size="xx-small" tone="current" />
          </span>
        </summary>
        <div className="argus-step-row__body">
          {known && step.problem ? <StepFault problem={step.problem} /> : null}
          <dl className="argus-facts">
            <dt>{words.result.checks}</dt>
            <dd>{words.checks[step.id]}</dd>
            {step.facts.map(({ name, value }) => (
              <Fact key={`${name} ${value}`} name={words.facts[name]}>
                {isMoment(name) ? (
                  <ExactTime at={value} />
                ) : (
                  <bdi className={name === 'evidence' || name === 'provider' ? 'argus-data' : 'argus-code'}>
                    {factText(name, value, words, language)}
                  </bdi>
                )}
              </Fact>
            ))}
          </dl>
        </div>
      </details>
      {step.reason === null ? null : <p className="argus-step-row__reason">{words.reasons[step.reason]}</p>}
    </li>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/**
 * What a user would have seen, and for the administrator why and what to do. Unlike the error view, it is not
 * announced: the run's end is announced once, for all of it.
 */
function StepFault({ problem }: { problem: NonNullable<DoctorStep['problem']> }) {
  const common = useText('common');
  const language = useLanguage();
  const shown = useMemo(() => fromProblem(problem, Date.parse(problem.occurredAt)), [problem]);
  return (
    <div className="argus-step-row__fault" data-code={shown.code}>
      <div className="argus-error__message">
        <Icon name="utility:warning" tone="warning" size="small" label={common.kinds.warning} />
        <MessageLines lines={shown.lines} />
      </div>
      {shown.admin ? <AdminDetails code={shown.code} detail={shown.admin} errorId={shown.errorId} open /> : null}
      {shown.helpDeskText || shown.errorId ? (
        <div className="argus-error__actions">
          {shown.helpDeskText ? <CopyButton text={shown.helpDeskText} label={common.copyForHelpDesk} /> : null}
          {shown.errorId ? (
            <p className="argus-error__id">
              {common.errorId} <span className="argus-code">{shown.errorId}</span> ·{' '}
              {formatClock(shown.occurredAt, language, { seconds: true })}
            </p>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
