import type { ErrorEventView } from '@argus/contract/endpoints/logs';
import { findErrorId } from '@argus/contract/find-error-id';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { DataText } from '../../ui/data-text.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ExactTime } from '../../ui/exact-time.tsx';
import { FilterInput, FilterTime } from '../../ui/filter-input.tsx';
import { fromLocalTime } from '../../ui/local-time.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { Pagination } from '../../ui/pagination.tsx';
import { TableFault } from '../../ui/table-fault.tsx';
import { type TablePage, useTablePage } from '../../ui/use-table-page.ts';
import { ErrorEventDetail } from './error-event-detail.tsx';
import { errorEventsQuery } from './queries.ts';

/** In the address: nothing is open, although a single event was looked for. */
const closed = '-';
const noFilters = { errorId: undefined, username: undefined, code: undefined, from: undefined, to: undefined };

/** エラーログ: filters, page and the opened event live in the address. */
export function ErrorEventsView() {
  const words = useText('logs').errors;
  const controls = useText('controls');
  const table = useTablePage();
  const { params, filter } = table;
  const errorId = findErrorId(params.errorId ?? '');
  const from = fromLocalTime(params.from ?? '');
  const to = fromLocalTime(params.to ?? '');
  const events = useQuery(
    errorEventsQuery({
      page: table.page,
      pageSize: table.pageSize,
      ...(errorId ? { errorId } : {}),
      ...(params.username ? { username: params.username } : {}),
      ...(params.code ? { code: params.code } : {}),
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
    }),
  );
  const columns = useErrorColumns();
  const items = events.data?.items;
  // Who looks for one error wants to read it.
  const opened = params.open ?? (errorId && items?.length === 1 ? items[0]?.errorId : undefined);
  const filtered = Object.keys(noFilters).some((name) => params[name] !== undefined);
  const clear = () => filter({ ...noFilters, open: undefined });
  return (
    <>
      <PageHeader title={words.title} icon="utility:warning" note={words.note} />
      <div className="argus-sheet">
        <ErrorFilters table={table} codes={[...new Set(items?.map(({ code }) => code))].sort()} />
        <TableFault query={events} />
        {events.data || !events.error ? (
          <DataTable
            caption={words.caption}
            columns={columns}
            rows={items}
            rowKey={({ errorId: id }) => id}
            rowName={({ errorId: id }) => id}
            stale={events.isPlaceholderData}
            detail={{
              label: words.show,
              opened,
              onOpen: (id) => table.onOpen(id ?? closed),
              render: (event) => <ErrorEventDetail event={event} />,
            }}
            empty={
              filtered ? (
                <EmptyState
                  icon="utility:search"
                  title={controls.noMatch}
                  action={<Button onClick={clear}>{controls.clearFilters}</Button>}
                />
              ) : (
                <EmptyState icon="utility:success" title={words.empty} text={words.emptyText} />
              )
            }
          />
        ) : null}
        {events.data ? <Pagination table={table} total={events.data.total} stale={events.isPlaceholderData} /> : null}
      </div>
    </>
  );
}

function ErrorFilters({ table, codes }: { table: TablePage; codes: readonly string[] }) {
  const words = useText('logs').errors;
  const controls = useText('controls');
  const { params, filter } = table;
  const [notFound, setNotFound] = useState(false);
  const byId = (pasted: string) => {
    const errorId = pasted.trim() === '' ? undefined : findErrorId(pasted);
    setNotFound(pasted.trim() !== '' && errorId === undefined);
    if (pasted.trim() === '' || errorId) filter({ errorId, open: undefined });
  };
  return (
    <search className="argus-filters" aria-label={controls.filters}>
      <FilterInput
        label={words.errorId}
        wide
        value={params.errorId ?? ''}
        onFilter={byId}
        placeholder="7F3K-29QD"
        note={words.errorIdHelp}
        error={notFound ? words.errorIdNotFound : undefined}
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
      <FilterTime
        label={controls.from}
        value={params.from ?? ''}
        onFilter={(from) => filter({ from }, { replace: true })}
      />
      <FilterTime label={controls.to} value={params.to ?? ''} onFilter={(to) => filter({ to }, { replace: true })} />
    </search>
  );
}

function useErrorColumns(): Column<ErrorEventView>[] {
  const words = useText('logs').errors;
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
      cell: ({ username }) =>
        username === null ? <span className="argus-quiet">{words.nobody}</span> : <DataText text={username} />,
    },
  ];
}
