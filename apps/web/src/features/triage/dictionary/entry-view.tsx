import type { CatalogueEntryView } from '@argus/contract/endpoints/triage/dictionary';
import type { ErrorEventView } from '@argus/contract/endpoints/triage/log';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useId } from 'react';
import { useLanguage, useText } from '../../../i18n/text-context.tsx';
import { useQueryParams } from '../../../lib/query-params.ts';
import { pages } from '../../../pages.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { Badge } from '../../../ui/badge.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { MessageLines } from '../../../ui/error-view.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { inTurn } from '../../../ui/in-turn.ts';
import { PageHeader } from '../../../ui/page-header.tsx';
import { QueryPage } from '../../../ui/query-page.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { SkeletonLines } from '../../../ui/skeleton.tsx';
import '../../../styles/error-catalogue.css';
import { stageOf } from './catalogue-columns.tsx';
import { entryPath, listPath } from './entry-path.ts';
import { EventRecord } from './event-record.tsx';
import { UnknownErrorId } from './found-event.tsx';
import { headlineOf } from './headline-of.ts';
import { MatchCodes } from './match-codes.tsx';
import { catalogueEntryQuery } from './queries.ts';
import { useMessageLines } from './use-message-lines.ts';

/** One entry of エラー辞典, at its permanent address. */
export function EntryView() {
  const { code = '' } = useParams({ strict: false });
  const words = useText('triage/dictionary');
  const { back } = useText('controls');
  const [from] = useQueryParams();
  const found = useQuery(catalogueEntryQuery(code, from.errorId));
  const linesOf = useMessageLines();
  const { entry, event } = found.data ?? {};
  const title = entry && headlineOf(event?.problem.lines ?? linesOf(entry.message));
  return (
    <>
      <PageHeader
        title={title ?? words.title}
        icon={pages.errorCatalogueEntry.icon}
        note={<AppLink to={listPath(from)}>{back(words.title)}</AppLink>}
        actions={<CopyButton text={new URL(entryPath(code), location.origin).href} label={words.copyLink} />}
      />
      <QueryPage query={found} skeleton={<SkeletonLines lines={8} />}>
        {(data) => <Entry {...data} errorId={from.errorId} />}
      </QueryPage>
    </>
  );
}

/** `errorId`: of the error that led here; `event` is its record, if the log still has it. */
function Entry(props: { entry: CatalogueEntryView; event: ErrorEventView | null; errorId: string | undefined }) {
  const { entry, event, errorId } = props;
  const words = useText('triage/dictionary');
  const linesOf = useMessageLines();
  const onMicrosoftPage = entry.kind === 'sign_in_page';
  return (
    <div className="argus-sheet argus-entry">
      {event ? (
        <Part title={words.thisEvent}>
          <EventRecord event={event} />
        </Part>
      ) : errorId === undefined ? null : (
        <UnknownErrorId errorId={errorId} />
      )}
      <Part title={onMicrosoftPage ? words.shownOnMicrosoftPage : words.shown}>
        {onMicrosoftPage ? (
          <p className="argus-entry__kind">
            <Badge kind="warning">{words.onMicrosoftPage}</Badge> {words.onMicrosoftPageText}
          </p>
        ) : null}
        <div className="argus-entry__message">
          <Icon name="utility:warning" tone="warning" size="small" />
          <MessageLines lines={event?.problem.lines ?? linesOf(entry.message)} />
        </div>
      </Part>
      <Part title={words.causes}>
        {entry.causes.map((cause, index) => (
          <EntryCause key={cause.condition} cause={cause} position={entry.causes.length > 1 ? index + 1 : undefined} />
        ))}
      </Part>
      <Part title={words.facts}>
        <Facts entry={entry} />
      </Part>
      <Part title={words.matches}>
        {entry.matches.length === 0 ? (
          <p>{words.noMatches}</p>
        ) : (
          <>
            {onMicrosoftPage ? null : <p className="argus-quiet">{words.matchesHelp}</p>}
            <MatchCodes matches={entry.matches} />
          </>
        )}
      </Part>
      {onMicrosoftPage ? null : (
        <Part title={words.seenTitle}>
          <Seen code={entry.code} seen={entry.seen} />
        </Part>
      )}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className="argus-entry__part" aria-labelledby={id}>
      <h2 id={id} className="argus-sheet__title">
        {title}
      </h2>
      {children}
    </section>
  );
}

function EntryCause({
  cause,
  position,
}: {
  cause: CatalogueEntryView['causes'][number];
  position: number | undefined;
}) {
  const words = useText('triage/dictionary');
  const common = useText('common');
  const { row, condition, place, remedy, mendAt, menders } = cause;
  return (
    <div className="argus-entry__cause">
      {position === undefined ? null : (
        <h3 className="argus-strong">
          {words.causeOf(position)}
          {row === null ? '' : ` (${row})`}
        </h3>
      )}
      <dl className="argus-facts">
        <dt>{common.condition}</dt>
        <dd>{condition}</dd>
        {place === null ? null : (
          <>
            <dt>{common.place}</dt>
            <dd>{place}</dd>
          </>
        )}
        <dt>{common.remedy}</dt>
        <dd>
          {remedy}{' '}
          {mendAt === null ? null : (
            <AppLink to={mendAt} className="argus-admin__link">
              {common.openSetting} →
            </AppLink>
          )}
        </dd>
        <dt>{common.mender}</dt>
        <dd>{inTurn(menders, common.menders)}</dd>
      </dl>
    </div>
  );
}

function Facts({ entry }: { entry: CatalogueEntryView }) {
  const words = useText('triage/dictionary');
  const { stages } = useText('common');
  const { code, row, area, stage, status, retry, kind } = entry;
  return (
    <dl className="argus-facts">
      <dt>{words.code}</dt>
      <dd className="argus-code">{code}</dd>
      {row === null ? null : (
        <>
          <dt>{words.row}</dt>
          <dd>{row}</dd>
        </>
      )}
      <dt>{words.area}</dt>
      <dd>{stageOf(area, words.areas)}</dd>
      <dt>{words.stage}</dt>
      <dd>{stageOf(stage, stages)}</dd>
      {status === null ? null : (
        <>
          <dt>{words.status}</dt>
          <dd>{status}</dd>
        </>
      )}
      {kind === 'sign_in_page' ? null : (
        <>
          <dt>{words.retry}</dt>
          <dd>{stageOf(retry, words.retries)}</dd>
        </>
      )}
    </dl>
  );
}

function Seen({ code, seen }: Pick<CatalogueEntryView, 'code' | 'seen'>) {
  const words = useText('triage/dictionary');
  const language = useLanguage();
  if (seen === null) return <p className="argus-quiet">{words.neverSeen}</p>;
  const events = seen.events.toLocaleString(language);
  return (
    <p>
      {seen.users > 0 ? words.seenCounts(events, seen.users.toLocaleString(language)) : words.seenEvents(events)} ·{' '}
      {words.lastSeen} <RelativeTime at={seen.lastAt} />{' '}
      <AppLink to={`${pages.errorEvents.path}?${new URLSearchParams({ code })}`} className="argus-admin__link">
        {words.openEvents} →
      </AppLink>
    </p>
  );
}
