import { outlookUrl } from '@argus/contract/clouds';
import type { Arrival } from '@argus/contract/endpoints/mail';
import { present } from '@argus/fields/present';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { formatClock, formatCountdown } from '../../lib/format-time.ts';
import { useSecondsUntil } from '../../lib/use-now.ts';
import { useOnline } from '../../lib/use-online.ts';
import { IconButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { ErrorView, useShownError } from '../../ui/error-view.tsx';
import { latePart, useLatePart } from '../../ui/late-part.ts';
import { ReconnectButton } from '../../ui/reconnect-button.tsx';
import { ArrivalList, ArrivalSkeleton } from './arrival-list.tsx';
import { FaultBand, OfflineBand } from './fault-band.tsx';
import { type Arrivals, newArrivalsQuery, refreshedArrivalsQuery } from './queries.ts';
import { useAutoRefresh } from './use-auto-refresh.ts';
import { type MailNotification, useMailNotification } from './use-mail-notification.ts';

const refusedState = latePart(async () => (await import('../../ui/refused-state.tsx')).RefusedState);

/** The automatic retry interval after a fault without a list, when the configured interval is unknown. */
const retryIntervalSeconds = 60;

/** 新着メール. Never blank: the last list stays as long as Argus does not say otherwise, with the error above it. */
export function NewArrivalsPortlet({ headingLevel = 2 }: { headingLevel?: 1 | 2 }) {
  const words = useText('mail');
  const language = useLanguage();
  const queryClient = useQueryClient();
  const online = useOnline();
  const query = useQuery(newArrivalsQuery);
  const fault = useShownError(query.error);
  const [renewed, setRenewed] = useState(false);
  const { data } = query;
  const list = data?.kind === 'list' ? data.list : null;
  const problem = query.error ? fault : data === undefined || data.kind === 'refused' ? null : data.problem;

  const refetch = query.refetch;
  const refreshQuietly = useCallback(() => void refetch({ cancelRefetch: false }), [refetch]);
  const refresh = () => {
    setRenewed(false);
    queryClient.fetchQuery(refreshedArrivalsQuery).then(
      () => setRenewed(true),
      // The query holds the error, and the view shows it.
      () => undefined,
    );
  };

  const reload = whereToReload(data, problem, online);
  const mayRetry = problem === null || problem.retry === 'now' || problem.retry === 'later';
  const news = useNews(data);
  const notification = useMailNotification(news.arrived);
  const dueAt = useAutoRefresh({
    answeredAt: query.isFetching ? 0 : Math.max(query.dataUpdatedAt, query.errorUpdatedAt),
    intervalSeconds: list
      ? list.refreshIntervalSeconds
      : data?.kind !== 'refused' && mayRetry
        ? retryIntervalSeconds
        : 0,
    retryAt: problem?.retryAt ?? null,
    whileHidden: notification.state === 'on',
    refresh: refreshQuietly,
  });
  const waiting = useSecondsUntil(problem?.retryAt ?? null);

  return (
    <Card
      title={
        <>
          {words.title}
          {list && list.unreadCount !== null ? (
            <span className="argus-unread">{words.unreadCount(list.unreadCount)}</span>
          ) : null}
        </>
      }
      icon="utility:email"
      headingLevel={headingLevel}
      flush
      actions={
        <>
          {list ? (
            <span className={problem || !online ? 'argus-as-of argus-as-of_old' : 'argus-as-of'}>
              {words.asOf(formatClock(Date.parse(list.fetchedAt), language))}
            </span>
          ) : null}
          {reload === 'above' ? (
            <IconButton
              icon="utility:refresh"
              label={query.isFetching ? words.refreshing : words.refresh}
              busy={query.isFetching}
              disabled={waiting > 0}
              onClick={refresh}
            />
          ) : null}
        </>
      }
      // While a retry must wait, its button counts down: a second countdown beside it would differ.
      footer={
        <Footer
          dueAt={waiting > 0 ? null : dueAt}
          fetching={query.isFetching}
          paused={!online}
          notification={list ? notification : null}
        />
      }
    >
      <p className="slds-assistive-text" role="status">
        {news.arrived.length > 0 ? words.arrived(news.arrived.length) : renewed && !problem ? words.updated : ''}
      </p>
      <Body
        data={data}
        problem={problem}
        failed={query.isError || data?.kind === 'withheld'}
        online={online}
        newIds={news.ids}
        refresh={reload === 'beside_fault' ? refresh : undefined}
        refreshing={query.isFetching}
      />
    </Card>
  );
}

type Problem = ReturnType<typeof useShownError>;

function Body(props: {
  data: Arrivals | undefined;
  problem: Problem | null;
  failed: boolean;
  online: boolean;
  newIds: ReadonlySet<string>;
  /** Given where the error has the button for another try. */
  refresh: (() => void) | undefined;
  refreshing: boolean;
}) {
  const { data, problem, failed, online, newIds, refresh, refreshing } = props;
  const { afterwards } = useText('mail');
  if (data?.kind === 'refused') return <Refused problem={data.problem} afterwards={afterwards} />;
  if (data?.kind === 'list') {
    return (
      <>
        {!online ? (
          <OfflineBand />
        ) : problem ? (
          <FaultBand problem={problem} retrying={refreshing} {...present({ onRetry: refresh })} />
        ) : null}
        <ArrivalList items={data.list.items} newIds={newIds} />
      </>
    );
  }
  if (!failed || !problem) return <ArrivalSkeleton />;
  if (problem.retry === 'after_reconnect') {
    return <ErrorView problem={problem} actions={<ReconnectButton afterwards={afterwards} />} />;
  }
  return <ErrorView problem={problem} retrying={refreshing} {...present({ onRetry: refresh })} />;
}

/** Where the part cannot be fetched, the message still says why there is no list. */
function Refused(props: { problem: Problem; afterwards: string }) {
  const { Component: RefusedState, error } = useLatePart(refusedState);
  if (error) return <ErrorView problem={props.problem} onRetry={() => location.reload()} />;
  return RefusedState === undefined ? <ArrivalSkeleton /> : <RefusedState {...props} />;
}

/**
 * There is one button for another try: beside an error that another try may mend, above the list otherwise. It stays above one that
 * asks to authorize again, as an administrator who puts an endpoint back mends that, too.
 */
function whereToReload(data: Arrivals | undefined, problem: Problem | null, online: boolean): 'above' | 'beside_fault' {
  if (problem === null || data?.kind === 'refused') return 'above';
  // The band of a lost network has no button.
  const isBanded = data?.kind === 'list' && !online;
  const mayHelp = problem.retry === 'now' || problem.retry === 'later';
  return mayHelp && !isBanded ? 'beside_fault' : 'above';
}

function Footer(props: {
  dueAt: number | null;
  fetching: boolean;
  paused: boolean;
  /** null: there is no list that new mail could come to. */
  notification: MailNotification | null;
}) {
  const { dueAt, fetching, paused, notification } = props;
  const words = useText('mail');
  const common = useText('common');
  const seconds = useSecondsUntil(dueAt);
  return (
    <div className="argus-portlet-footer">
      {fetching ? (
        <span>{words.refreshing}</span>
      ) : paused ? (
        <span>{words.refreshPaused}</span>
      ) : dueAt !== null ? (
        <span>{words.nextRefresh(formatCountdown(seconds))}</span>
      ) : null}
      {notification ? <NotificationSwitch {...notification} /> : null}
      <a href={outlookUrl} target="_blank" rel="noopener noreferrer">
        {words.openOutlook} <span aria-hidden="true">↗</span>
        <span className="slds-assistive-text">({common.opensInNewTab})</span>
      </a>
    </div>
  );
}

/** Off by default; what the browser was told to refuse, only the browser can allow again. */
function NotificationSwitch({ state, toggle }: MailNotification) {
  const words = useText('mail');
  if (state === 'unavailable') return null;
  return (
    <span>
      <button type="button" className="argus-link-button" aria-pressed={state === 'on'} onClick={toggle}>
        {state === 'on' ? words.notifying : words.notify}
      </button>
      {state === 'blocked' ? (
        <span className="argus-quiet" role="status">
          {' '}
          {words.notifyBlocked}
        </span>
      ) : null}
    </span>
  );
}

const none: ReadonlySet<string> = new Set();
const nothing: readonly Arrival[] = [];

/** Which messages came with the last refresh, for highlighting; on the first load none are new. */
function useNews(data: Arrivals | undefined): { ids: ReadonlySet<string>; arrived: readonly Arrival[] } {
  const known = useRef<{ list: Arrivals; ids: ReadonlySet<string> } | null>(null);
  const [news, setNews] = useState({ ids: none, arrived: nothing });
  useEffect(() => {
    if (data?.kind !== 'list') {
      known.current = null;
      return;
    }
    const before = known.current;
    const ids = new Set(data.list.items.map(({ id }) => id));
    known.current = { list: data, ids };
    if (!before || before.list === data) return;
    const added = data.list.items.filter(({ id, unread }) => unread && !before.ids.has(id));
    setNews({ ids: new Set(added.map(({ id }) => id)), arrived: added });
  }, [data]);
  return news;
}
