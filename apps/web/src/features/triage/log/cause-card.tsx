import type { BoardWindow, ErrorCauseView } from '@argus/contract/endpoints/triage/board';
import { type ReactNode, useId } from 'react';
import { useLanguage, useText } from '../../../i18n/text-context.tsx';
import { formatExact, formatMoment } from '../../../lib/format-time.ts';
import { useNow } from '../../../lib/use-now.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { DataText } from '../../../ui/data-text.tsx';
import { inTurn } from '../../../ui/in-turn.ts';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import type { Distinction } from './tell-apart.ts';
import { TrendBars } from './trend-bars.tsx';

/** One incident: what it is, whom it affects since when, and where to fix it. When open, everything known about it. */
export function CauseCard(props: {
  cause: ErrorCauseView;
  window: BoardWindow;
  /** How it differs from incidents that look the same. */
  apart?: readonly Distinction[] | undefined;
  /** The content of the open card; null: it is closed. */
  detail: ReactNode;
  onToggle: () => void;
}) {
  const { cause, window, apart, detail, onToggle } = props;
  const words = useText('triage/log').board;
  const { otherCauses } = useText('triage/dictionary');
  const { mender, menders } = useText('common');
  const { colon } = useText('controls');
  const language = useLanguage();
  const id = useId();
  const open = detail !== null;
  const count = (value: number) => value.toLocaleString(language);
  return (
    <li className="argus-cause" data-cause={cause.id} data-open={open || undefined}>
      <article aria-labelledby={`${id}-title`}>
        <div className="argus-cause__head">
          <div className="argus-cause__what">
            <h3 className="argus-cause__title" id={`${id}-title`}>
              {cause.title}
            </h3>
            <p className="argus-cause__code">
              {cause.uncatalogued ? <Badge kind="warning">{words.uncatalogued}</Badge> : null}
              {cause.row === null ? null : <span>{cause.row}</span>}
              <span className="argus-code">{cause.code}</span>
            </p>
            {apart ? <Apart cause={cause} by={apart} /> : null}
          </div>
          <Reach cause={cause} />
        </div>
        <div className="argus-cause__body">
          <p className="argus-cause__condition">
            {cause.uncatalogued && cause.signature !== null ? (
              <>
                {words.signature}
                {colon}
                <span className="argus-code">{cause.signature}</span>
              </>
            ) : (
              <>
                {cause.condition}
                {cause.otherCauses > 0 ? (
                  <span className="argus-cell-note">{otherCauses(cause.otherCauses)}</span>
                ) : null}
              </>
            )}
          </p>
          <TrendBars trend={cause.trend} window={window} events={cause.events} />
        </div>
        <div className="argus-cause__foot">
          <p className="argus-cause__facts">
            <span>{words.events(count(cause.events))}</span>
            <span>
              {words.last} <RelativeTime at={cause.lastAt} />
            </span>
            {cause.menders.length === 0 ? null : (
              <span>
                {mender}
                {colon}
                {inTurn(cause.menders, menders)}
              </span>
            )}
            <Recovered cause={cause} />
          </p>
          <p className="argus-cause__actions">
            <Button
              icon={open ? 'utility:chevrondown' : 'utility:chevronright'}
              aria-expanded={open}
              aria-controls={open ? `${id}-detail` : undefined}
              aria-describedby={`${id}-title`}
              onClick={onToggle}
            >
              {cause.users > 0 ? words.details : words.detailsOnly}
            </Button>
            {cause.mendAt === null ? null : (
              <AppLink
                to={cause.mendAt}
                className="slds-button slds-button_outline-brand"
                aria-describedby={`${id}-title`}
              >
                {words.mend} →
              </AppLink>
            )}
          </p>
        </div>
        {open ? (
          <div id={`${id}-detail`} className="argus-cause__detail">
            {detail}
          </div>
        ) : null}
      </article>
    </li>
  );
}

function Apart({ cause, by }: { cause: ErrorCauseView; by: readonly Distinction[] }) {
  const words = useText('triage/log').board;
  const { colon } = useText('controls');
  const facts = by.flatMap((name) => (cause[name] === null ? [] : [[name, cause[name]] as const]));
  if (facts.length === 0) return null;
  return (
    <p className="argus-cause__facts">
      {facts.map(([name, value]) => (
        <span key={name}>
          {words[name]}
          {colon}
          <DataText text={value} code />
        </span>
      ))}
    </p>
  );
}

/** 「214人 · 9:12から」; for errors without users, how often. */
function Reach({ cause: { users, events, sinceAt } }: { cause: ErrorCauseView }) {
  const words = useText('triage/log').board;
  const language = useLanguage();
  const now = useNow(60_000);
  const since = Date.parse(sinceAt);
  return (
    <p className="argus-cause__reach">
      <strong>
        {users > 0 ? words.users(users.toLocaleString(language)) : words.events(events.toLocaleString(language))}
      </strong>
      <span className="argus-cause__since">
        {' · '}
        <time dateTime={sinceAt} title={formatExact(since, language)}>
          {words.since(formatMoment(since, now, language))}
        </time>
      </span>
    </p>
  );
}

function Recovered({ cause: { users, recoveredUsers } }: { cause: ErrorCauseView }) {
  const words = useText('triage/log').board;
  const language = useLanguage();
  if (recoveredUsers === 0) return null;
  if (recoveredUsers >= users) return <Badge kind="success">{words.allRecovered}</Badge>;
  return <span>{words.recovered(recoveredUsers.toLocaleString(language))}</span>;
}
