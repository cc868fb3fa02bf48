import type { ErrorEventView } from '@argus/contract/endpoints/triage/log';
import { useText } from '../../../i18n/text-context.tsx';
import { fromProblem } from '../../../lib/shown-problem.ts';
import { pages } from '../../../pages.ts';
import { AdminDetails, StageText } from '../../../ui/admin-details.tsx';
import { AppLink } from '../../../ui/app-link.tsx';
import { CheckMended } from '../../../ui/check-mended.tsx';
import { ErrorView } from '../../../ui/error-view.tsx';
import { ExactTime } from '../../../ui/exact-time.tsx';
import { affectedAccount } from '../whose-error.tsx';

/** One error: what the user saw, in the same view, and what only administrators see. */
export function ErrorEventDetail({ event }: { event: ErrorEventView }) {
  const words = useText('triage/log').errors;
  const { code, username, stage, requestId, problem } = event;
  const account = affectedAccount(event);
  const { admin, ...seen } = fromProblem(problem, Date.parse(event.occurredAt));
  const log = (query: Record<string, string>) => `${pages.errorEvents.path}?${new URLSearchParams(query)}`;
  return (
    <div className="argus-event">
      <h2 className="argus-event__title">{words.shown}</h2>
      <div className="argus-event__seen">
        <ErrorView problem={seen} />
      </div>
      {admin ? <AdminDetails code={code} detail={admin} errorId={event.errorId} open /> : null}
      <h2 className="argus-event__title">{words.facts}</h2>
      <dl className="argus-facts">
        <dt>{words.occurredAt}</dt>
        <dd>
          <ExactTime at={event.occurredAt} />
        </dd>
        {admin?.upstream ? null : (
          <>
            <dt>{words.stage}</dt>
            <dd>
              <StageText stage={admin?.stage} met={stage} />
            </dd>
          </>
        )}
        <dt>{words.requestId}</dt>
        <dd className="argus-code">{requestId}</dd>
      </dl>
      <p className="argus-event__links">
        <AppLink to={log({ code })}>{words.sameCode}</AppLink>
        {username === null ? null : <AppLink to={log({ username })}>{words.sameUser}</AppLink>}
        {account === null ? null : (
          <>
            <AppLink to={`${pages.diagnosis.path}?${new URLSearchParams({ username: account.username })}`}>
              {words.diagnose}
            </AppLink>
            <AppLink to={`${pages.accountLinks.path}?${new URLSearchParams({ q: account.username })}`}>
              {words.openLink}
            </AppLink>
          </>
        )}
      </p>
      {account === null ? null : (
        <div className="argus-event__check">
          <CheckMended account={account} />
        </div>
      )}
    </div>
  );
}
