import type { OutcomeView as Outcome } from '@argus/contract/endpoints/connection/authorize';
import { hasTrait } from '@argus/contract/errors/screen-traits';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { fromProblem } from '../../../lib/shown-problem.ts';
import { authorizationChannel } from '../../../lib/tab-channel.ts';
import { useSecondsUntil } from '../../../lib/use-now.ts';
import { pages } from '../../../pages.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { ErrorView, ErrorViewOf } from '../../../ui/error-view.tsx';
import { Illustration } from '../../../ui/illustration.tsx';
import { SkeletonLines } from '../../../ui/skeleton.tsx';
import { outcomeQuery } from './queries.ts';

const backAfterMs = 3_000;

/**
 * The outcome of an authorization: done, and back to the portlet automatically; or the error and the one sensible
 * next step.
 */
export function OutcomeView({ id, onBack }: { id: string; onBack: () => void }) {
  const words = useText('connection/authorize').outcome;
  const { pageTitle } = useText('shell');
  const query = useQuery(outcomeQuery(id));
  const outcome = query.data;
  useEffect(() => {
    if (outcome && outcome.result !== 'pending') authorizationChannel.announce('changed');
  }, [outcome]);
  return (
    <section className="argus-panel argus-panel_flush">
      <title>{pageTitle(words.title)}</title>
      <h1 className={outcome?.result === 'failed' ? 'argus-panel__title argus-panel__bar' : 'slds-assistive-text'}>
        {outcome?.result === 'failed' ? words.failedTitle : words.title}
      </h1>
      {outcome?.result === 'pending' ? (
        <div role="status" className="argus-panel__pending">
          <p>{words.pending}</p>
          <SkeletonLines />
        </div>
      ) : outcome ? (
        outcome.display === 'popup' ? (
          <PopupOutcome outcome={outcome} receivedAt={query.dataUpdatedAt} />
        ) : (
          <PageOutcome outcome={outcome} receivedAt={query.dataUpdatedAt} onBack={onBack} />
        )
      ) : query.error ? (
        <ErrorViewOf
          error={query.error}
          actions={
            <AppLink to={pages.authorization.path} className="slds-button slds-button_brand">
              {words.toSettings}
            </AppLink>
          }
        />
      ) : (
        <SkeletonLines />
      )}
    </section>
  );
}

interface OutcomeProps {
  readonly outcome: Outcome;
  readonly receivedAt: number;
}

function PageOutcome({ outcome, receivedAt, onBack }: OutcomeProps & { onBack: () => void }) {
  const words = useText('connection/authorize').outcome;
  const authorized = outcome.result === 'authorized';
  // A hint must be read, so then only the user goes back.
  const [backAt] = useState(() => (authorized && outcome.hint === null ? Date.now() + backAfterMs : null));
  useEffect(() => {
    if (backAt === null) return;
    const timer = setTimeout(onBack, Math.max(0, backAt - Date.now()));
    return () => clearTimeout(timer);
  }, [backAt, onBack]);
  const seconds = useSecondsUntil(backAt);
  if (!authorized) return <Failure outcome={outcome} receivedAt={receivedAt} />;
  return (
    <Success outcome={outcome}>
      {backAt === null ? null : <p className="argus-quiet">{words.backSoon(Math.max(1, seconds))}</p>}
      <Button variant="brand" onClick={onBack}>
        {words.back}
      </Button>
    </Success>
  );
}

function PopupOutcome({ outcome, receivedAt }: OutcomeProps) {
  const words = useText('connection/authorize').outcome;
  const authorized = outcome.result === 'authorized';
  const [stillOpen, setStillOpen] = useState(false);
  useEffect(() => {
    if (!authorized) return;
    const close = setTimeout(() => window.close(), backAfterMs / 2);
    // A browser may refuse to close a window that visited another site.
    const giveUp = setTimeout(() => setStillOpen(true), backAfterMs);
    return () => {
      clearTimeout(close);
      clearTimeout(giveUp);
    };
  }, [authorized]);
  const closeButton = (
    <Button variant={authorized ? 'brand' : 'neutral'} onClick={() => window.close()}>
      {words.closeWindow}
    </Button>
  );
  if (!authorized) {
    return (
      <>
        <Failure outcome={outcome} receivedAt={receivedAt} inPopup />
        <div className="argus-panel__end">
          <p className="argus-quiet">{words.closeByHand}</p>
          {closeButton}
        </div>
      </>
    );
  }
  return (
    <Success outcome={outcome}>
      <p className="argus-quiet">{stillOpen ? words.closeByHand : words.closing}</p>
      {closeButton}
    </Success>
  );
}

function Success({ outcome, children }: { outcome: Outcome; children: ReactNode }) {
  const words = useText('connection/authorize').outcome;
  return (
    <div role="status">
      <Illustration drawing={done} title={words.authorized}>
        {outcome.authorizedAccount ? (
          <p>
            <span className="argus-quiet">{words.authorizedAs}</span>
            <br />
            <bdi>{outcome.authorizedAccount}</bdi>
          </p>
        ) : null}
        {outcome.hint ? <p>{outcome.hint === 'case_differs' ? words.caseDiffers : words.upnRenamed}</p> : null}
        <div className="argus-illustration__actions argus-illustration__stack">{children}</div>
      </Illustration>
    </div>
  );
}

function Failure({ outcome, receivedAt, inPopup = false }: OutcomeProps & { inPopup?: boolean }) {
  const words = useText('connection/authorize');
  const problem = useMemo(
    () => (outcome.problem ? fromProblem(outcome.problem, receivedAt) : null),
    [outcome.problem, receivedAt],
  );
  const wait = useSecondsUntil(problem?.retryAt ?? null);
  if (!problem) return <SkeletonLines />;
  // The user themselves ended it: that is no fault, and nothing has changed.
  const note = hasTrait('declinedByUser', problem) ? <p>{words.outcome.nothingConnected}</p> : null;
  if (inPopup) return <ErrorView problem={problem} facts={note} />;
  const again = hasTrait('offersOtherAccount', problem) ? words.authorizeWithOther : words.outcome.tryAgain;
  const mayTry = outcome.startUrl !== null && problem.retry !== 'no';
  return (
    <ErrorView
      problem={problem}
      facts={note}
      {...(mayTry && wait > 0 ? { onRetry: () => undefined, retryLabel: again } : {})}
      actions={
        <>
          {mayTry && wait === 0 ? (
            <LinkButton variant="brand" href={outcome.startUrl ?? ''}>
              {again}
            </LinkButton>
          ) : null}
          <AppLink
            to={pages.authorization.path}
            className={mayTry ? 'slds-button slds-button_neutral' : 'slds-button slds-button_brand'}
          >
            {words.outcome.toSettings}
          </AppLink>
        </>
      }
    />
  );
}

const done = (
  <>
    <path className="argus-draw__soft" d="M36 92h128" />
    <circle className="argus-draw__paper" cx="100" cy="54" r="32" />
    <path className="argus-draw__check" d="m85 55 11 11 20-23" />
  </>
);
