import type { SelfCheckView } from '@argus/contract/endpoints/diagnosis';
import { hasTrait } from '@argus/contract/errors/screen-traits';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { fromProblem, type ShownProblem } from '../../../lib/shown-problem.ts';
import { useSecondsUntil } from '../../../lib/use-now.ts';
import { authorizationQuery } from '../../../queries/authorization-query.ts';
import { useStandingError } from '../../../queries/use-standing-error.ts';
import { Card } from '../../../ui/card.tsx';
import { CheckIcon } from '../../../ui/check-state.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { ErrorView, MessageLines, RetryButton, useShownError } from '../../../ui/error-view.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { ScopedNotification } from '../../../ui/scoped-notification.tsx';
import { type PartResult, resultsOf } from './check-parts.ts';
import { selfCheckQuery, useStartSelfCheck } from './queries.ts';

/** 「接続を確認」: where one's own connection fails, in four plain parts, and what to tell the help desk. */
export function SelfCheck() {
  const words = useText('diagnosis/self-check');
  const queryClient = useQueryClient();
  const start = useStartSelfCheck();
  // The last check stays visible until the next one has started.
  const [id, setId] = useState<string | null>(null);
  const query = useQuery({ ...selfCheckQuery(id ?? ''), enabled: id !== null });
  const check = query.data;
  const ended = check !== undefined && check.state !== 'running';
  const receivedAt = query.dataUpdatedAt;
  const problem = useMemo(
    () => (ended && check.problem ? fromProblem(check.problem, receivedAt) : null),
    [ended, check?.problem, receivedAt],
  );
  useEffect(() => {
    // A check may find that the user must authorize again.
    if (ended) void queryClient.invalidateQueries({ queryKey: authorizationQuery.queryKey });
  }, [ended, queryClient]);
  const error = useStandingError(start.error) ?? (ended ? null : query.error);
  const fault = useShownError(error);
  const busy = start.isPending || (check?.state === 'running' && !error);
  const run = () => start.mutate(undefined, { onSuccess: (begun) => setId(begun.id) });
  return (
    <Card title={words.title}>
      <p>{words.text}</p>
      {error ? <ErrorView problem={fault} /> : null}
      {check ? <Parts check={check} /> : null}
      <p role="status" className="slds-assistive-text">
        {busy ? words.running : null}
      </p>
      {ended ? <Result check={check} problem={problem} /> : null}
      <div className="argus-actions argus-check__actions">
        <RetryButton
          retryAt={error ? fault.retryAt : (problem?.retryAt ?? null)}
          onRetry={run}
          busy={busy}
          label={busy ? words.running : ended ? words.again : words.start}
        />
        <HelpDesk check={ended ? check : undefined} />
      </div>
    </Card>
  );
}

function HelpDesk({ check }: { check: SelfCheckView | undefined }) {
  const { copyForHelpDesk } = useText('common');
  return check?.helpDeskText ? <CopyButton text={check.helpDeskText} label={copyForHelpDesk} /> : null;
}

function Parts({ check }: { check: SelfCheckView }) {
  const words = useText('diagnosis/self-check');
  const wordOf = ({ state, partly }: PartResult) => (partly ? words.partly : words.states[state]);
  return (
    <ul className="argus-check">
      {resultsOf(check).map((result) => (
        <li key={result.part} className="argus-check__part" data-part={result.part} data-state={result.state}>
          <CheckIcon state={result.state} />
          <span className="argus-check__name">{words.parts[result.part]}</span>
          <span className="argus-check__state">{wordOf(result)}</span>
        </li>
      ))}
    </ul>
  );
}

/** The result in a sentence, announced when it is known. */
function Result({ check, problem }: { check: SelfCheckView; problem: ShownProblem | null }) {
  const words = useText('diagnosis/self-check');
  if (check.state === 'interrupted') {
    return (
      <ScopedNotification kind="warning">
        <p>{words.interrupted}</p>
      </ScopedNotification>
    );
  }
  if (problem) return <Trouble problem={problem} />;
  const good = resultsOf(check).every(({ state, partly }) => state === 'ok' && !partly);
  const mail = check.steps.find(({ id }) => id === 'messages')?.state === 'ok';
  return (
    <ScopedNotification kind={mail ? 'success' : 'info'}>
      <p>{good || mail ? words.allGood : words.goodSoFar}</p>
    </ScopedNotification>
  );
}

function Trouble({ problem }: { problem: ShownProblem }) {
  const words = useText('diagnosis/self-check');
  const { errorId, kinds } = useText('common');
  const wait = useSecondsUntil(problem.retryAt);
  // After the wait, another try is sensible at once.
  const advice = problem.retry === 'later' && problem.retryAt !== null && wait === 0 ? 'now' : problem.retry;
  return (
    <div className="argus-check__trouble" role="status" data-code={problem.code}>
      <div className="argus-error__message">
        <Icon name="utility:warning" tone="warning" size="small" label={kinds.warning} />
        <MessageLines lines={problem.lines} />
      </div>
      <p className="argus-check__advice">
        {hasTrait('isWithoutGrant', problem) ? words.authorizeFirst : words.advice[advice]}
      </p>
      {problem.errorId ? (
        <p className="argus-quiet">
          {errorId} <span className="argus-code">{problem.errorId}</span>
        </p>
      ) : null}
    </div>
  );
}
