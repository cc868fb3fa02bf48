import type { ErrorCauseView } from '@argus/contract/endpoints/triage/board';
import { Fragment } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { formatQuery } from '../../../lib/query-text.ts';
import { pages } from '../../../pages.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { DataText } from '../../../ui/data-text.tsx';
import { ExactTime } from '../../../ui/exact-time.tsx';
import { AffectedUsers } from './affected-users.tsx';
import { useEventsLink } from './use-events-link.ts';

/** The details of an open incident: where to look, what to do, the facts, and the affected users. */
export function CauseDetail({ cause }: { cause: ErrorCauseView }) {
  const words = useText('triage/log').board;
  const common = useText('common');
  const { code, condition, place, remedy, suffix, origin, signature, uncatalogued } = cause;
  const log = useEventsLink();
  const facts: readonly (readonly [string, string | null])[] = [
    [words.signature, signature],
    [words.suffix, suffix],
    [words.origin, origin],
  ];
  return (
    <>
      {uncatalogued ? <p>{words.uncataloguedText}</p> : null}
      <dl className="argus-facts">
        {[
          // Otherwise the card itself shows it.
          [common.condition, uncatalogued ? condition : null],
          [common.place, place],
          [common.remedy, remedy],
        ].map(([name, text]) =>
          text ? (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </Fragment>
          ) : null,
        )}
      </dl>
      <dl className="argus-facts argus-facts_compact">
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <DataText text={value} code />
              </dd>
            </div>
          ),
        )}
        <div>
          <dt>{words.firstAt}</dt>
          <dd>
            <ExactTime at={cause.firstAt} />
          </dd>
        </div>
        <div>
          <dt>{words.sinceAt}</dt>
          <dd>
            <ExactTime at={cause.sinceAt} />
          </dd>
        </div>
        <div>
          <dt>{words.lastEvent}</dt>
          <dd>
            <ExactTime at={cause.lastAt} />{' '}
            <AppLink to={log({ errorId: cause.lastErrorId })} className="argus-code">
              {cause.lastErrorId}
            </AppLink>
          </dd>
        </div>
      </dl>
      <p className="argus-event__links">
        <AppLink to={log({ causeId: String(cause.id) })}>{words.list}</AppLink>
        <AppLink
          to={`${pages.errorCatalogue.path}/${encodeURIComponent(code)}${formatQuery({ errorId: cause.lastErrorId })}`}
        >
          {words.catalogue}
        </AppLink>
      </p>
      {cause.users > 0 ? <AffectedUsers causeId={cause.id} /> : null}
    </>
  );
}
