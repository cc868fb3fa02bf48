import type { ErrorEventView } from '@argus/contract/endpoints/triage/log';
import { findErrorId } from '@argus/contract/errors/find-error-id';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { ProblemError } from '../../../lib/api-client.ts';
import { IconButton } from '../../../ui/button.tsx';
import { CsvExport } from '../../../ui/csv-export.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { DataText } from '../../../ui/data-text.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ExactTime } from '../../../ui/exact-time.tsx';
import { FilterInput } from '../../../ui/filter-input.tsx';
import { FilterPeriod } from '../../../ui/filter-period.tsx';
import { KeysetTable } from '../../../ui/keyset-table.tsx';
import { NoMatch } from '../../../ui/no-match.tsx';
import { type TablePage, useTablePage } from '../../../ui/use-table-page.ts';
import { WhoseError } from '../whose-error.tsx';
import { type ErrorLogParams, noEventFilters } from './board-params.ts';
import { ErrorEventDetail } from './error-event-detail.tsx';
import { errorCauseQuery, errorEventsQuery } from './queries.ts';
import { useArrival } from './use-arrival.ts';

/** In the address: no event is open, although a single one was searched for. */
const closed = '-';

/**
 * The errors themselves, newest first: filters, page and the open event are in the address. `settled`: everything
 * above has its final height.
 */
export function ErrorEvents(props: { filter: ErrorLogParams['events']; settled: boolean }) {
  const { filter: events, settled } = props;
  const words = useText('triage/log').errors;
  const table = useTablePage();
  const { params, filter } = table;
  const query = useQuery(errorEventsQuery({ ...table.cursor, pageSize: table.pageSize, ...events }));
  const columns = useErrorColumns();
  const items = query.data?.items;
  // A search for a single error opens it.
  const opened = params.open ?? (events.errorId && items?.length === 1 ? items[0]?.errorId : undefined);
  const filtered = Object.keys(noEventFilters).some((name) => params[name] !== undefined);
  const [notAnId, setNotAnId] = useState<string>();
  const clear = () => {
    setNotAnId(undefined);
    filter({ ...noEventFilters, open: undefined });
  };
  useArrival(params.open ?? events.errorId, openedRow, settled && items !== undefined);
  return (
    <section className="argus-sheet" aria-labelledby="error-events">
      <header className="argus-sheet__head">
        <div>
          <h2 id="error-events" className="argus-sheet__title">
            {words.eventsTitle}
          </h2>
          <p className="argus-quiet">{words.eventsNote}</p>
        </div>
        <CsvExport source={{ table: 'error_events', filter: events }} />
      </header>
      <ErrorFilters
        table={table}
        codes={[...new Set(items?.map(({ code }) => code))].sort()}
        notAnId={notAnId}
        onNotAnId={setNotAnId}
      />
      {events.causeId === undefined ? null : (
        <CauseFilter id={events.causeId} onClear={() => filter({ causeId: undefined, open: undefined })} />
      )}
      <KeysetTable
        table={table}
        query={query}
        caption={words.caption}
        columns={columns}
        rowKey={({ errorId: id }) => id}
        rowName={({ errorId: id }) => id}
        detail={{
          label: words.show,
          opened,
          onOpen: (id) => table.onOpen(id ?? closed),
          render: (event) => <ErrorEventDetail event={event} />,
        }}
        empty={
          filtered ? (
            <NoMatch onClear={clear} />
          ) : (
            <EmptyState icon="utility:success" title={words.empty} text={words.emptyText} />
          )
        }
      />
    </section>
  );
}

function openedRow(errorId: string): Element | null {
  return document.getElementById(`detail-${errorId}`)?.previousElementSibling ?? null;
}

/** The incident whose errors are listed, and a way back to all. */
function CauseFilter({ id, onClear }: { id: number; onClear: () => void }) {
  const words = useText('triage/log').errors;
  const { colon } = useText('controls');
  const cause = useQuery(errorCauseQuery(id, '30d'));
  const gone = cause.error instanceof ProblemError && cause.error.problem.code === 'not_found';
  return (
    <p className="argus-pill-line">
      <span className="argus-pill">
        {words.cause}
        {colon}
        {gone ? words.causeGone : (cause.data?.title ?? '…')}
        {cause.data?.signature ? <span className="argus-code"> {cause.data.signature}</span> : null}
        <IconButton icon="utility:close" label={words.clearCause} onClick={onClear} />
      </span>
    </p>
  );
}

function ErrorFilters(props: {
  table: TablePage;
  codes: readonly string[];
  /** Input in the error ID field that contains none: it is shown, but filters nothing. */
  notAnId: string | undefined;
  onNotAnId: (text: string | undefined) => void;
}) {
  const { table, codes, notAnId, onNotAnId } = props;
  const words = useText('triage/log').errors;
  const controls = useText('controls');
  const { params, filter } = table;
  const idText = params.errorId ?? notAnId ?? '';
  const byId = (pasted: string) => {
    const errorId = findErrorId(pasted);
    onNotAnId(errorId === undefined && pasted.trim() !== '' ? pasted.replace(/\s+/g, ' ').trim() : undefined);
    filter({ errorId, open: undefined });
  };
  return (
    <search className="argus-filters argus-event-filters" aria-label={controls.filters}>
      <FilterInput
        label={words.errorId}
        wide
        value={idText}
        onFilter={byId}
        placeholder="7F3K-29QD"
        note={words.errorIdHelp}
        error={idText !== '' && findErrorId(idText) === undefined ? words.errorIdNotFound : undefined}
      />
      <FilterInput
        label={words.username}
        value={params.username ?? ''}
        onFilter={(username) => filter({ username: username.trim(), open: undefined })}
        placeholder={words.usernameHelp}
        maxLength={320}
      />
      <FilterInput
        label={words.code}
        value={params.code ?? ''}
        onFilter={(code) => filter({ code: code.trim(), open: undefined })}
        suggestions={codes}
        maxLength={100}
      />
      <FilterPeriod table={table} />
    </search>
  );
}

export function useErrorColumns(): Column<ErrorEventView>[] {
  const words = useText('triage/log').errors;
  return [
    {
      key: 'errorId',
      header: words.errorId,
      width: 14,
      cell: ({ errorId }) => <span className="argus-code argus-nowrap">{errorId}</span>,
    },
    { key: 'occurredAt', header: words.occurredAt, width: 18, cell: ({ occurredAt }) => <ExactTime at={occurredAt} /> },
    {
      key: 'message',
      header: words.message,
      width: 34,
      cell: ({ problem, code, row }) => (
        <>
          <DataText text={problem.title} />
          <span className="argus-cell-note">
            {row ? `${row} · ` : ''}
            <span className="argus-code">{code}</span>
          </span>
        </>
      ),
    },
    {
      key: 'username',
      header: words.username,
      cell: ({ username, accountId, presentUsername }) =>
        username === null ? (
          <span className="argus-quiet">{words.nobody}</span>
        ) : (
          <WhoseError username={username} accountId={accountId} presentUsername={presentUsername} />
        ),
    },
  ];
}
